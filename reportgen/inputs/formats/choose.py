"""Which format a file or folder of objects is of, by its content, and its objects."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from reportgen.errors import InputError, Problem, stop
from reportgen.inputs.formats import boxes_table, coco, fiftyone, huggingface, ultralytics, voc, yolo
from reportgen.inputs.formats.given import GivenObjects, Source, digest
from reportgen.inputs.formats.json_text import parse
from reportgen.inputs.paths import kind_of, nearest_entry
from reportgen.inputs.tables import read_table

NAMES = (
    "COCO (truth or results), Ultralytics predictions.json, a YOLO folder or data.yaml, Pascal VOC XML, FiftyOne, a "
    "Hugging Face `objects` column, or a table of boxes"
)
MOST_JSON = 2_000_000_000
TABLES = {".csv", ".tsv", ".jsonl", ".ndjson", ".parquet", ".pq", ".arrow", ".feather", ".ipc"}
_IN_FOLDERS = ("samples.json", "labels.json", "metadata.jsonl", "metadata.csv", "metadata.parquet")


def read_given(source: Source, *, format: str | None = None, version: str = "", id_column: str = "id") -> GivenObjects:
    """The objects in a file or folder.

    Args:
        source: where they are.
        format: coco, yolo, voc, fiftyone or table, where it is not to be told from the content.
        version: whose detections they are; empty for the true objects.
        id_column: what the samples' ids are called.

    Raises:
        InputError: the file cannot be read, is of no known format (RG371), or holds nothing that can be read.
    """
    path = source.path
    if not path.exists():
        mend = nearest_entry(path.parent, path.name)
        raise stop(Problem("RG200", "file of objects not found", source.place(), mend=mend))
    if path.is_dir():
        return _folder(source, format, version, id_column)
    if not path.is_file():
        raise stop(Problem("RG212", f"is {kind_of(path)}", source.place(), expected="a regular file"))
    before = os.stat(path)
    found = _file(source, format, version, id_column)
    after = os.stat(path)
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise stop(Problem("RG213", "the file changed during the build", source.place(), mend="build again"))
    return found


def _folder(source: Source, format: str | None, version: str, id_column: str) -> GivenObjects:
    for name in _IN_FOLDERS:
        if (source.path / name).is_file() and format in (None, "fiftyone", "table"):
            inner = Source(source.path / name, f"{source.shown.rstrip('/')}/{name}", source.truth)
            return _file(inner, format, version, id_column)
    if format == "voc" or (format is None and voc.is_voc(source.path)):
        return voc.read(source)
    if format == "yolo" or (format is None and (yolo.is_yolo(source.path) or not source.truth)):
        return yolo.read(source)  # a folder without files is of a version that found nothing
    raise _unknown(source, "the folder holds none of the known files")


def _file(source: Source, format: str | None, version: str, id_column: str) -> GivenObjects:
    ending = source.path.suffix.lower()
    if format == "voc" or (format is None and ending == ".xml"):
        return voc.read(source)
    if format == "yolo" or (format is None and ending in {".yaml", ".yml"}):
        return yolo.read(source)
    if ending not in TABLES:
        return _json(source, format, version, id_column)
    if ending in {".parquet", ".pq"} and huggingface.in_parquet(source.path):
        return _guarded(lambda: huggingface.read_parquet(source, digest(source.path.read_bytes())), source)
    role = f"predictions of {version}" if version else "objects"
    if ending in {".jsonl", ".ndjson"} and (rows := _rows(source)) is not None:
        return huggingface.read_rows(rows, source, digest(source.path.read_bytes()))
    table = read_table(source.path, role, source.shown)
    if not boxes_table.is_boxes(table.frame.columns):
        columns = ", ".join(f'"{name}"' for name in table.frame.columns[:12])
        raise _unknown(source, f"no columns of boxes among {columns}")
    return boxes_table.read(table, source, id_column)


def _rows(source: Source) -> list[Any] | None:
    """The rows of JSON lines with an ``objects`` key; None where they have none."""
    content = source.path.read_bytes()
    first = content.lstrip().split(b"\n", 1)[0]
    if b'"objects"' not in first:
        return None
    rows = [parse(line, source.shown) for line in content.splitlines() if line.strip()]
    return rows if huggingface.is_rows(rows) else None


def _json(source: Source, format: str | None, version: str, id_column: str) -> GivenObjects:
    size = source.path.stat().st_size
    if size > MOST_JSON:
        expected = f"at most {MOST_JSON:,} bytes"
        raise stop(Problem("RG371", f"{size:,} bytes", source.place(), expected=expected))
    try:
        content = source.path.read_bytes()
    except OSError as error:
        raise stop(Problem("RG200", f"cannot be read: {error.strerror}", source.place())) from None
    if content[:1] not in (b"[", b"{") and content.strip()[:1] not in (b"[", b"{", b"\xef"):
        raise _unknown(source, "the file is empty" if not content.strip() else "the content is no JSON")
    data, sha = parse(content, source.shown), digest(content)
    reader = _reader(data, format, version)
    if reader is not None:
        return reader(data, source, sha)
    if isinstance(data, list) and boxes_table.is_boxes(
        [key for one in data[:1] if isinstance(one, dict) for key in one]
    ):
        role = f"predictions of {version}" if version else "objects"
        return boxes_table.read(read_table(source.path, role, source.shown), source, id_column)
    raise _unknown(source, _describe(data))


def _reader(data: Any, format: str | None, version: str) -> Callable[[Any, Source, str], GivenObjects] | None:
    if format in (None, "coco"):
        if coco.is_truth(data):
            return coco.read_truth
        if coco.is_results(data):
            return ultralytics.read if ultralytics.is_ultralytics(data) else coco.read_results
    if format in (None, "fiftyone"):
        if fiftyone.is_samples(data):
            return lambda data, source, sha: fiftyone.read_samples(data, source, sha, version)
        if fiftyone.is_labels(data):
            return fiftyone.read_labels
    if format in (None, "table") and huggingface.is_rows(data):
        return huggingface.read_rows
    return None


def _guarded(read: Callable[[], GivenObjects], source: Source) -> GivenObjects:
    """What ``read`` gives; a damaged file ends in RG209."""
    try:
        return read()
    except InputError:
        raise
    except Exception as error:  # damaged files raise whatever the decoder meets
        reason = " ".join(str(error).split())[:200]
        raise stop(
            Problem("RG209", f"not a valid Parquet file ({reason})", source.place(), mend="write it again")
        ) from None


def _describe(data: object) -> str:
    if isinstance(data, dict):
        keys = ", ".join(f'"{str(key)[:30]}"' for key in list(data)[:8])
        return f"a JSON object with the keys {keys}" if data else "an empty JSON object"
    if isinstance(data, list):
        first = data[0] if data else None
        keys = ", ".join(f'"{str(key)[:30]}"' for key in list(first)[:8]) if isinstance(first, dict) else ""
        return f"a JSON list of objects with the keys {keys}" if keys else "a JSON list of something else"
    return "a JSON value alone"


def _unknown(source: Source, what: str) -> InputError:
    return stop(Problem("RG371", f"no format of objects is like this: {what}", source.place(), expected=NAMES))
