"""Ultralytics' ``predictions.json``: COCO results whose images are numbers where a file's stem is one, else stems."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reportgen.inputs.formats.coco import read_results
from reportgen.inputs.formats.given import GivenObjects, Source


def is_ultralytics(data: object) -> bool:
    """Whether a list of results is from Ultralytics, as far as it shows: images by stem, or beside a file name."""
    return isinstance(data, list) and any(
        isinstance(one, dict) and (isinstance(one.get("image_id"), str) or "file_name" in one) for one in data[:1000]
    )


def read(data: Sequence[Any], source: Source, content: str) -> GivenObjects:
    """The detections; an image called 139 may be the file ``000000000139.jpg``."""
    return read_results(data, source, content, "Ultralytics predictions")
