"""What the browser needs to compute average precision and recall of any selection: every detection, in its order.

A detection is the sample that it is in, and its kind: what it is in each range of areas at each overlap. Whether it is
right does not follow from a least overlap: a surer detection may take its object at 0.5 and leave it at 0.75. But of
all that it could be few things occur, so that a kind is a code, and what it means stands once: three bytes a detection.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen import columns
from reportgen.analysis.measure import SEED
from reportgen.analysis.object_ranks import READS
from reportgen.analysis.ranks import DRAWS
from reportgen.model import Judged, Outcomes
from reportgen.site.packing import Chunk, pack_codes, pack_json, pack_words
from reportgen.stats.bootstrap import seed_hashes
from reportgen.stats.hashing import hash_ids
from reportgen.stats.matching import THRESHOLDS
from reportgen.stats.object_precision import FEWER
from reportgen.tasks.objects import STEPS

Ints = npt.NDArray[np.int64]


def judged_of(outcomes: Outcomes) -> tuple[Judged, ...]:
    """Every version's detections, of several trainings those of the first; none where no sample consists of objects."""
    return () if outcomes.parts is None else outcomes.parts.judged[: len(outcomes.versions)]


def object_chunks(outcomes: Outcomes) -> dict[str, Chunk]:
    """``objects`` (what codes mean), ``truth-sample`` and ``truth-kind``, of each version its own, and the draws.

    ``truths`` says where each class begins among the true objects, and the end; ``versions`` the same of each one's
    detections, the surest of a class first, and its ``kinds``: how many detections of its class and sample must count
    for it to count (a place in ``FEWER``), then by range of areas the overlaps at which it is right, as bits, and
    those at which it is ignored. The kind of a true object is the ranges in which it counts, as bits.
    """
    judged = judged_of(outcomes)
    if not judged:
        return {}
    n = outcomes.frame.height
    first = judged[0]  # the true objects are the same for all
    order = np.argsort(first.truth_class, kind="stable")
    kinds = [_kinds(one) for one in judged]
    chunks = {
        "objects": pack_json(
            {
                "reads": {name: [r.area, r.first, r.stop, r.most] for name, r in READS.items()},
                "overlaps": len(THRESHOLDS),
                "draws": DRAWS,
                "truths": np.searchsorted(first.truth_class[order], np.arange(first.n_classes + 1)).tolist(),
                "versions": [
                    {"begins": one.begins.tolist(), "kinds": own.tolist()}
                    for one, (own, _) in zip(judged, kinds, strict=True)
                ],
            }
        ),
        "truth-sample": _packed(first.truth_sample[order], n),
        "truth-kind": _packed(_bits(~first.truth_ignored)[order], 1 << len(first.truth_ignored)),
        "draws": pack_words(seed_hashes(hash_ids(_units(outcomes), SEED), SEED)),
    }
    for v, (one, (own, codes)) in enumerate(zip(judged, kinds, strict=True)):
        chunks |= {f"object-sample-{v}": _packed(one.sample, n), f"object-kind-{v}": _packed(codes, len(own))}
    return chunks


def cutoff_chunks(outcomes: Outcomes) -> dict[str, Chunk]:
    """What is right from any score on: ``object-cutoffs``, and of each version ``sure-{sample,right,class}-{v}``.

    The detections that count, by steps of a hundredth, the highest first; in a step those from the version's own
    cut-off on, then by class and sample, which packs well. ``ends`` says of each version how many are from each
    hundredth on, ``own`` how many from its own cut-off on.
    """
    if outcomes.parts is None or not outcomes.parts.cutoffs:
        return {}
    ends, own, chunks = [], [], {}
    grid = np.arange(STEPS + 1) / STEPS
    for v in range(len(outcomes.versions)):
        frame, cutoff = outcomes.parts.detections[v], outcomes.parts.cutoffs[v]
        kept = frame.filter("weighs")
        score, sample, klass = (kept[name].to_numpy() for name in ("score", "sample", "class"))
        step = np.searchsorted(grid, score, side="right") - 1
        order = np.lexsort((sample, klass, score < cutoff, -step))
        ends.append([int((step >= one).sum()) for one in range(STEPS + 1)])
        own.append(int((score >= cutoff).sum()))
        chunks[f"sure-sample-{v}"] = _packed(sample[order], outcomes.frame.height)
        chunks[f"sure-right-{v}"] = _packed(kept["finds"].to_numpy().astype(np.int64)[order], 2)
        chunks[f"sure-class-{v}"] = _packed(klass[order], len(outcomes.parts.classes))
    return {"object-cutoffs": pack_json({"steps": STEPS, "ends": ends, "own": own}), **chunks}


def _units(outcomes: Outcomes) -> Sequence[str]:
    """What is drawn together: groups by their code, or else samples."""
    if columns.GROUP in outcomes.frame.columns:
        return outcomes.group_names
    return outcomes.frame[columns.ID].to_list()


def _kinds(judged: Judged) -> tuple[Ints, Ints]:
    """What detections can be, a line each, the commonest first, and the line of each detection."""
    fewest = np.searchsorted(FEWER, judged.rank, side="right")
    by_overlap = [_bits(one.swapaxes(0, 1)) for one in (judged.right, judged.ignored)]
    table = np.concatenate([fewest[None], *by_overlap]).T
    lines, at, counts = np.unique(table, axis=0, return_inverse=True, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    return lines[order], place[at.ravel()]


def _bits(flags: npt.NDArray[np.bool_]) -> Ints:
    """Flags along the first axis as one whole number each, the first one the lowest bit."""
    return np.tensordot(1 << np.arange(len(flags)), flags, axes=1)


def _packed(codes: Ints, n_values: int) -> Chunk:
    return pack_codes(pl.Series(codes), n_values)
