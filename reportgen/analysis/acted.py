"""What earlier lists led to: each report keeps who was on them, and the next one looks what became of these samples."""

from __future__ import annotations

import base64
import math
from collections.abc import Iterator, Sequence
from typing import get_args

import numpy as np
import numpy.typing as npt

from reportgen import columns
from reportgen.inspection import Inspection, Part
from reportgen.model import KEPT_BYTES, Acted, Outcomes, Parts, PastReport, PastSet
from reportgen.stats.hashing import Hashes, hash_ids
from reportgen.tasks.objects import BOX

MOST_A_SET = 2_000
"""So many samples of a list are kept, the first ones."""
MOST = 30_000
"""So many are kept of all lists of a report: with them its file has less than half of what is read."""
MOST_REPORTS = 20
"""So many of the newest past reports have their lists followed."""

_ID = 6
_LABEL = KEPT_BYTES - _ID
"""Bytes of a sample's id and of its label, hashed.

The odds that hashes err: of a list of 2,000 of which every sample was left out, among a million other samples, that one
or more seems to be there still: 2,000 · 10⁶ / 2⁴⁸, 1 in 140,000. That one of 2,000 samples whose labels changed seems
to have its old one: 2,000 / 2³², 1 in 2 million.
"""


def looked_at(inspection: Inspection) -> tuple[str, ...]:
    """The parts that could be looked at: of these, a set that is not there is empty."""
    return tuple(part for part in get_args(Part) if getattr(inspection, part) is not None)


def keep_sets(outcomes: Outcomes, inspection: Inspection) -> tuple[PastSet, ...]:
    """What the history keeps of every set: its size, and its first samples with their labels, as hashes."""
    left = MOST
    found = []
    for one in inspection.sets:
        rows = one.rows[: min(MOST_A_SET, left)]
        left -= len(rows)
        found.append(PastSet(one.key, one.name, one.part, one.action, one.n, _pack(outcomes, rows)))
    return tuple(found)


def follow_lists(outcomes: Outcomes, inspection: Inspection, past: Sequence[PastReport]) -> tuple[Acted, ...]:
    """What became of the lists of past reports, the newest report first, in the order of their page."""
    with_lists = [one for one in reversed(past) if one.sets][:MOST_REPORTS]
    if not with_lists:
        return ()
    ids = _short(hash_ids(outcomes.frame[columns.ID].to_list()), _ID)
    order = np.argsort(ids, kind="stable")
    inside = {one.key: one.rows for one in inspection.sets}
    looked = looked_at(inspection)
    return tuple(
        acted
        for report in with_lists
        for past_set in report.sets or ()
        for acted in _follow(outcomes, ids, order, report, past_set, inside, looked)
    )


def _follow(
    outcomes: Outcomes,
    ids: Hashes,
    order: npt.NDArray[np.int64],
    report: PastReport,
    then: PastSet,
    inside: dict[str, npt.NDArray[np.int64]],
    looked: Sequence[str],
) -> Iterator[Acted]:
    """What became of one list; nothing where none of its samples is kept."""
    listed, labels = unpack(then.kept)
    if not len(listed):
        return
    places = np.searchsorted(ids, listed, sorter=order)
    rows = order[np.minimum(places, len(order) - 1)]
    here = ids[rows] == listed
    rows, labels = rows[here], labels[here]
    same = _labels(outcomes, rows) == labels
    still = None
    if then.part in looked:
        still = int(np.isin(rows[same], inside.get(then.key, np.empty(0, np.int64))).sum())
    yield Acted(
        created=report.created,
        key=then.key,
        name=then.name,
        action=then.action,
        n=then.n,
        n_kept=len(listed),
        n_relabelled=int(np.count_nonzero(~same)),
        n_excluded=int(np.count_nonzero(~here)),
        n_same=int(np.count_nonzero(same)),
        n_still=still,
    )


def unpack(kept: str) -> tuple[Hashes, Hashes]:
    """The hashes of ids and labels that a text holds, which ``inputs.history`` checked."""
    table = np.frombuffer(base64.b64decode(kept), np.uint8).reshape(-1, KEPT_BYTES)
    return _joined(table[:, :_ID]), _joined(table[:, _ID:])


def _pack(outcomes: Outcomes, rows: npt.NDArray[np.int64]) -> str:
    """Hashes of ids and labels as base64, ten bytes a sample, in the order of the list."""
    ids = _short(hash_ids(outcomes.frame[columns.ID].gather(rows).to_list()), _ID)
    table = np.hstack([_bytes(ids, _ID), _bytes(_labels(outcomes, rows), _LABEL)])
    return base64.b64encode(table.tobytes()).decode()


def _labels(outcomes: Outcomes, rows: npt.NDArray[np.int64]) -> Hashes:
    """Hashes of labels, each with its sample's id: equal labels of two samples are not seen to be equal."""
    ids = outcomes.frame[columns.ID].gather(rows).to_list()
    told = _objects(outcomes.parts, rows) or _pixels(outcomes.parts, rows)
    if told is None:
        told = [_said(outcomes, one) for one in outcomes.frame[columns.TARGET].gather(rows).to_list()]
    return _short(hash_ids([f"{label}\0{name}" for name, label in zip(ids, told, strict=True)]), _LABEL)


def _objects(parts: Parts | None, rows: npt.NDArray[np.int64]) -> list[str] | None:
    """What is annotated on each sample, boxes and masks, whatever their order; none where no objects are."""
    if parts is None or parts.truths is None:
        return None
    truths = parts.truths
    begins, ends = (np.searchsorted(truths["sample"].to_numpy(), rows, side=side) for side in ("left", "right"))
    return [
        "\n".join(
            sorted(
                f"{parts.classes[klass]} {crowd} {' '.join(f'{side:.12g}' for side in box)} {mask or ''}".rstrip()
                for klass, crowd, mask, *box in truths[begin:end].select("class", "crowd", "mask", *BOX).iter_rows()
            )
        )
        for begin, end in zip(begins.tolist(), ends.tolist(), strict=True)
    ]


def _pixels(parts: Parts | None, rows: npt.NDArray[np.int64]) -> list[str] | None:
    """What stands for the true mask of each sample; none where no masks are."""
    if parts is None or parts.mask_hashes is None:
        return None
    return [f"{one:016x}" for one in parts.mask_hashes[rows].tolist()]


def _said(outcomes: Outcomes, target: float | None) -> str:
    """A label as the user has it, whatever code it has in a report; of values 12 digits."""
    if target is None or math.isnan(target):
        return ""
    if not outcomes.classes:
        return f"{target:.12g}"
    return outcomes.classes[int(target)] if target >= 0 else ""


def _short(hashes: Hashes, size: int) -> Hashes:
    """The upper bytes of 64-bit hashes."""
    return hashes >> np.uint64(64 - 8 * size)


def _bytes(hashes: Hashes, size: int) -> npt.NDArray[np.uint8]:
    return hashes.astype(">u8").view(np.uint8).reshape(-1, 8)[:, 8 - size :]


def _joined(table: npt.NDArray[np.uint8]) -> Hashes:
    whole = np.zeros((len(table), 8), np.uint8)
    whole[:, 8 - table.shape[1] :] = table
    return whole.view(">u8").reshape(-1).astype(np.uint64)
