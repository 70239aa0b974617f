"""Which class pixels are taken for, as shares of the true pixels, with intervals over samples."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen import columns
from reportgen.analysis.measure import Measure
from reportgen.analysis.versions import both_scored
from reportgen.model import Parts, PixelCells, Support
from reportgen.stats import intervals
from reportgen.stats.intervals import UNIT
from reportgen.stats.part_sums import Amounts, sum_part_pair, sum_parts
from reportgen.stats.significance import benjamini_hochberg
from reportgen.stats.support import support, verdict
from reportgen.tasks.metric import Flags

Ints = npt.NDArray[np.int64]


def pixel_names(parts: Parts) -> tuple[str, ...]:
    """What pixels are by code: the classes, then background, then what a version ignores; none has another's name."""
    found = list(parts.classes)
    for word in ("background", "ignored"):
        name = word
        while name in found:
            name += " (no class)"
        found.append(name)
    return tuple(found)


def count_pixel_confusions(measure: Measure) -> pl.DataFrame:
    """The confusion of each version's pixels over all samples that it scored (``columns.PIXEL_CONFUSIONS``).

    The share of a class's true pixels is a ratio of sums over samples, whose interval is linearised: pixels of one
    sample are not independent of each other. A cell that another version alone fills has none, with its interval.
    """
    parts = measure.outcomes.parts
    if parts is None or not parts.cells:
        return columns.PIXEL_CONFUSIONS.to_frame()
    names = np.array(pixel_names(parts), dtype=object)
    tables = []
    cells = [(side.cells, side.scored) for side in measure.sides]
    held = [_amounts(own, scored, len(names)) for own, scored in cells if own is not None]
    filled = np.unique(np.concatenate([one.part for one in held]))
    for version, amounts in zip(measure.outcomes.versions, held, strict=True):
        keys = filled[np.isin(filled // len(names), amounts.part // len(names))]
        if not len(keys):
            continue
        sums = sum_parts(amounts, keys, group=measure.group, weight=measure.weight)
        found = intervals.ratio_intervals(sums, binary=False, level=measure.limits.level, bounds=UNIT)
        tables.append(
            pl.DataFrame(
                {
                    "version": [version] * len(keys),
                    "target": names[keys // len(names)].tolist(),
                    "prediction": names[keys % len(names)].tolist(),
                    "n": _pixels(amounts, keys),
                    "n_of": _true_pixels(amounts, keys),
                    "share": found.value,
                    "low": found.low,
                    "high": found.high,
                    "n_samples": sums.n,
                },
                schema=columns.PIXEL_CONFUSIONS,
            )
        )
    return pl.concat([columns.PIXEL_CONFUSIONS.to_frame(), *tables]).with_columns(
        pl.col("share", "low", "high").fill_nan(None)
    )


def samples_of_cells(measured: PixelCells, scored: Flags) -> dict[tuple[int, int], int]:
    """By true code and what it is called, in how many of the samples that a version scored any pixel is called so.

    Of mistakes alone.
    """
    kept = scored[measured.sample] & (measured.target != measured.prediction) & (measured.n > 0)
    codes, counts = np.unique(np.stack([measured.target, measured.prediction])[:, kept], axis=1, return_counts=True)
    return {(int(is_), int(called)): int(n) for is_, called, n in zip(*codes, counts, strict=True)}


def compare_pixel_confusions(measure: Measure, baseline: int) -> pl.DataFrame:
    """The change of every cell that either version fills (``columns.PIXEL_CHANGES``), over samples that both scored.

    All cells of a pair of versions are one family.
    """
    parts = measure.outcomes.parts
    if parts is None or not parts.cells:
        return columns.PIXEL_CHANGES.to_frame()
    others = (other for other in range(len(measure.sides)) if other != baseline)
    tables = [_changes(measure, parts, baseline, other) for other in others]
    return pl.concat([columns.PIXEL_CHANGES.to_frame(), *tables])


def _changes(measure: Measure, parts: Parts, baseline: int, other: int) -> pl.DataFrame:
    names = np.array(pixel_names(parts), dtype=object)
    both = both_scored(measure, (baseline, other))
    cells = [measure.sides[v].cells for v in (baseline, other)]
    old, new = (_amounts(one, both, len(names)) for one in cells if one is not None)
    wanted = np.union1d(old.part, new.part)
    if not len(wanted):
        return columns.PIXEL_CHANGES.to_frame()
    sums = sum_part_pair(old, new, wanted, group=measure.group, weight=measure.weight)
    found = intervals.difference_intervals(sums, binary=False, level=measure.limits.level, bounds=UNIT)
    units = [None] * len(wanted) if measure.group is None else sums.units.tolist()
    states: list[Support] = [support(n, u, measure.limits) for n, u in zip(sums.n.tolist(), units, strict=True)]
    tested = np.isin(states, ("test", "decide"))
    q = benjamini_hochberg(np.where(tested, found.p, np.nan))
    target, prediction = wanted // len(names), wanted % len(names)
    words = [
        verdict(float(delta), float(own), state, higher_is_better=bool(t == p))
        for delta, own, state, t, p in zip(found.delta, q, states, target, prediction, strict=True)
    ]
    k = len(wanted)
    return pl.DataFrame(
        {
            "target": names[target].tolist(),
            "prediction": names[prediction].tolist(),
            "baseline": [measure.outcomes.versions[baseline]] * k,
            "candidate": [measure.outcomes.versions[other]] * k,
            "n_baseline": _pixels(old, wanted),
            "n_candidate": _pixels(new, wanted),
            "n_of": _true_pixels(old, wanted),
            "share_baseline": found.value_baseline,
            "share_candidate": found.value_candidate,
            "delta": found.delta,
            "low": found.low,
            "high": found.high,
            "q": q,
            "n_samples": sums.n,
            "verdict": words,
        },
        schema=columns.PIXEL_CHANGES,
    ).with_columns(pl.col("share_baseline", "share_candidate", "delta", "low", "high", "q").fill_nan(None))


def _amounts(cells: PixelCells, keep: Flags, k: int) -> Amounts:
    """Pixels of each cell in kept samples: a part of its target's pixels, coded as target × k + prediction."""
    own = keep[cells.sample]
    return Amounts(cells.sample[own], cells.target[own] * k + cells.prediction[own], cells.n[own], k)


def _pixels(amounts: Amounts, keys: Ints) -> Ints:
    """Pixels of each cell."""
    kept = np.isin(amounts.part, keys)
    return _count(np.searchsorted(keys, amounts.part[kept]), amounts.amount[kept], len(keys))


def _true_pixels(amounts: Amounts, keys: Ints) -> Ints:
    """Pixels of each cell's target."""
    of = keys // amounts.size
    return _count(amounts.part // amounts.size, amounts.amount, int(of.max()) + 1)[of]


def _count(at: Ints, n: Ints, size: int) -> Ints:
    """The sums of whole numbers, which floats hold up to 2**53."""
    return np.bincount(at, n, size).astype(np.int64)
