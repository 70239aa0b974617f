"""Which columns of a file without a manifest say that its samples are frames of sequences."""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

import polars as pl

from reportgen.inputs.tables import Table
from reportgen.inputs.values import read_labels, several

_SEQUENCES = re.compile(
    r"(sequence|seq|video|clip|drive|track|scene|recording|session|stream|camera_run)(_?(id|name|key|token|no|number))?",
    re.IGNORECASE,
)
_FRAMES = re.compile(
    r"(frame|frames|time|timestamp|seconds|t)(_?(id|no|nr|num|number|index|idx|s|sec|seconds))?", re.IGNORECASE
)
LEAST_FRAMES = 3
"""A column is taken for sequences where they have so many frames on average, or more."""


def guess_frames(samples: Table, names: Sequence[str], taken: AbstractSet[str]) -> tuple[str, str] | None:
    """The columns of sequences and frames, where both are named like that and their values fit; else None.

    They fit where every sample of a sequence has a number, no two of one sequence have the same, and a sequence has
    ``LEAST_FRAMES`` samples or more on average.
    """
    free = [name for name in names if name not in taken and not samples.frame.schema[name].is_nested()]
    for sequence in (name for name in free if _SEQUENCES.fullmatch(name)):
        for frame in (name for name in free if name != sequence and _FRAMES.fullmatch(name)):
            if _fits(samples, sequence, frame):
                return sequence, frame
    return None


def told_frames(samples: Table, frames: tuple[str, str] | None) -> list[str]:
    """What is said of the columns that ``guess_frames`` found."""
    if frames is None:
        return []
    sequence, frame = frames
    n = read_labels(samples.frame[sequence], tokens=samples.null_tokens).drop_nulls().n_unique()
    alike = "the frames of one are alike, so each is a group"
    return [f'frames: columns "{sequence}" and "{frame}" ({several(n, "sequence")}; {alike})']


def _fits(samples: Table, sequence: str, frame: str) -> bool:
    if samples.frame.schema[frame].is_temporal():
        return False
    labels = read_labels(samples.frame[sequence], tokens=samples.null_tokens)
    numbers = read_labels(samples.frame[frame], tokens=samples.null_tokens).cast(pl.Float64, strict=False)
    inside = pl.DataFrame([labels.alias("sequence"), numbers.fill_nan(None).alias("frame")]).drop_nulls("sequence")
    n = inside["sequence"].n_unique()
    if not n or inside.height < LEAST_FRAMES * n or inside["frame"].null_count():
        return False
    return bool(inside["frame"].is_finite().all()) and inside.n_unique() == inside.height
