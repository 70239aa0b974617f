"""Boxes and scores that cannot be, and those that look like something else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from reportgen.errors import Problem
from reportgen.inputs.formats.given import Array, GivenObjects
from reportgen.model import Note

BEYOND = 1.0
"""Pixels that a box may reach beyond its image: what rounding and an inclusive last pixel make."""

_SIDES = ("left", "top", "width", "height")
_LEAST = 5  # boxes that are asked for before all of them can look like something else


def check_boxes(given: GivenObjects, box: Array, sizes: Array, whose: str) -> tuple[list[Problem], list[Note]]:
    """What is wrong with the boxes of one file: as errors, and as notes.

    Args:
        given: the objects as the file gives them, for the names of places.
        box: their boxes in pixels.
        sizes: width and height of each one's image; NaN where not known.
        whose: "true objects", or "detections of NAME".
    """
    problems: list[Problem] = []
    notes: list[Note] = []
    raw = given.frame.select(_SIDES).to_numpy()
    broken = np.flatnonzero(~np.isfinite(raw).all(axis=1))
    if len(broken):
        problems.append(_broken(given, raw, broken))
    fine = np.isfinite(raw).all(axis=1) & (np.abs(raw) < 1e9).all(axis=1)
    huge = np.flatnonzero(np.isfinite(raw).all(axis=1) & ~fine)
    if len(huge):
        at = int(huge[0])
        what = f"{given.named(huge.tolist())}: a box too large for any image"
        problems.append(Problem("RG374", what, given.place(at, "bbox", _told(raw[at]))))
    negative = np.flatnonzero(fine & (raw[:, 2:] < 0).any(axis=1))
    if len(negative):
        problems.append(_negative(given, raw, negative))
    if mistaken := _mistaken(given, raw, box, sizes, fine):
        return [*problems, mistaken], notes
    flat = np.flatnonzero(fine & (raw[:, 2:] == 0).any(axis=1))
    if len(flat):
        message = (
            f"{len(flat):,} of the {whose} have a box without area ({given.named(flat.tolist())}): it overlaps nothing"
        )
        notes.append(_note(given, "RG375", message, flat))
    over = np.flatnonzero(_beyond(box, sizes) & fine)
    if len(over):
        hint = "; they look like two corners (xyxy)" if _corners(raw[over]).all() and not given.corners else ""
        named = given.named(over.tolist())
        message = f"{len(over):,} of the {whose} reach beyond their image ({named}): used as they are{hint}"
        notes.append(_note(given, "RG376", message, over))
    return problems, notes


def _note(given: GivenObjects, code: str, message: str, rows: npt.NDArray[np.int64]) -> Note:
    first = tuple(given.frame["mark"][at] or given.frame["image"][at] for at in rows[:5].tolist())
    return Note(code, "degraded", message, given.files[given.frame["file"][int(rows[0])]], "bbox", len(rows), first)


def _told(box: Array) -> str:
    return "[" + ", ".join(f"{value:.6g}" for value in box.tolist()) + "]"


def _broken(given: GivenObjects, raw: Array, rows: npt.NDArray[np.int64]) -> Problem:
    at = int(rows[0])
    what = f"{given.named(rows.tolist())}: a coordinate is missing, no number or infinite"
    mend = "leave the object out, or write its box"
    return Problem("RG374", what, given.place(at, "bbox", _told(raw[at])), mend=mend)


def _negative(given: GivenObjects, raw: Array, rows: npt.NDArray[np.int64]) -> Problem:
    at = int(rows[0])
    named = given.named(rows.tolist())
    if not given.corners:
        what, expected = f"{named}: a width or height below 0", "x, y, width, height"
        return Problem("RG374", what, given.place(at, "bbox", _told(raw[at])), expected=expected)
    what = f"{named}: the second corner lies before the first"
    mend = ""
    if len(rows) * 2 >= len(raw) and len(raw) >= _LEAST:
        mend = "they look like x, y, width, height: name the columns so, or swap the corners"
    told = np.concatenate([raw[at, :2], raw[at, :2] + raw[at, 2:]])
    return Problem("RG374", what, given.place(at, "bbox", _told(told)), expected="xmin, ymin, xmax, ymax", mend=mend)


def _corners(raw: Array) -> npt.NDArray[np.bool_]:
    """Where width and height could be a second corner."""
    return np.asarray((raw[:, 2:] > raw[:, :2]).all(axis=1))


def _beyond(box: Array, sizes: Array) -> npt.NDArray[np.bool_]:
    ends = box[:, :2] + box[:, 2:]
    return np.asarray(((box[:, :2] < -BEYOND) | (ends > sizes + BEYOND)).any(axis=1))


def _mistaken(given: GivenObjects, raw: Array, box: Array, sizes: Array, fine: npt.NDArray[np.bool_]) -> Problem | None:
    """The problem of boxes that are all something else: corners, pixels for shares, or shares for pixels."""
    rows = np.flatnonzero(fine)
    n = len(rows)
    if not n:
        return None
    if given.relative:
        far = rows[(np.abs(raw[rows]) > 2).any(axis=1)]
        if len(far):
            at = int(far[0])
            what = f"{given.named(far.tolist())}: coordinates far above 1, which look like pixels"
            expected = "shares of the image's width and height, 0 to 1"
            return Problem("RG377", what, given.place(at, "bbox", _told(raw[at])), expected=expected)
    known = rows[np.isfinite(sizes[rows]).all(axis=1)]
    if n < _LEAST:
        return None
    if not given.relative and (np.abs(raw[rows]) <= 1).all() and len(known) and sizes[known].min() > 4:
        what = f"all {n:,} boxes lie within one pixel, and look like shares of the image"
        expected = "pixels, as the format has them"
        return Problem("RG377", what, given.place(int(rows[0]), "bbox", _told(raw[rows[0]])), expected=expected)
    if given.corners or len(known) < _LEAST:
        return None
    as_corners = np.concatenate([box[known, :2], box[known, 2:] - box[known, :2]], axis=1)
    over, otherwise = _beyond(box[known], sizes[known]), _beyond(as_corners, sizes[known])
    if over.mean() >= 0.2 and _corners(box[known]).mean() >= 0.99 and otherwise.mean() <= 0.01:
        at = int(known[over][0])
        what = (
            f"looks like xyxy: {int(over.sum()):,} of {len(known):,} boxes reach beyond their image, none when the "
            "last two numbers are taken as a second corner"
        )
        mend = "write x, y, width, height: width = x2 - x1, height = y2 - y1"
        return Problem(
            "RG377", what, given.place(at, "bbox", _told(raw[at])), expected="x, y, width, height", mend=mend
        )
    return None


def check_scores(given: GivenObjects, version: str) -> Iterator[Problem]:
    """What is wrong with the scores of detections: missing, no number, or outside 0 to 1 (RG378)."""
    score = given.frame["score"]
    lost = (score.is_null() | score.is_nan()).fill_null(value=True).arg_true().to_list()
    if lost:
        every = f"none of the {len(score):,} detections of {version}" if len(lost) == len(score) else ""
        what = f"{every} has a score" if every else f"{given.named(lost)}: no score"
        mend = "write each detection's confidence, 0 to 1: average precision goes by their order"
        yield Problem("RG378", what, given.place(lost[0], "score"), mend=mend)
    score = score.fill_nan(None)
    wrong = ((score < 0) | (score > 1)).fill_null(value=False).arg_true().to_list()
    if wrong:
        yield _outside(given, score.drop_nulls().to_list(), wrong)


def _outside(given: GivenObjects, known: Sequence[float], rows: Sequence[int]) -> Problem:
    low, high = min(known), max(known)
    if low >= 0 and high <= 100:
        mend = "they look like percent: divide them by 100"
    else:
        mend = "they look like logits: write the confidence, 1 / (1 + exp(-score))"
    what = f"{given.named(list(rows))}: a score outside 0 to 1"
    return Problem("RG378", what, given.place(rows[0], "score", given.frame["score"][rows[0]]), mend=mend)
