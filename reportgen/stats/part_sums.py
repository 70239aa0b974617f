"""Sums of the shares that parts are of wholes, where most samples have none of most parts: no zero is held."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reportgen.stats.statistic import Array, Floats, Ints, PairSums, Sums, total


@dataclass(frozen=True, eq=False)
class Amounts:
    """How much of each part each sample has, of what is not 0 alone: one entry a sample and part.

    A part is coded as its whole × ``size`` + its place in it, so that a whole is the sum of its parts.
    """

    sample: Ints
    part: Ints
    amount: Ints
    size: int


@dataclass(frozen=True, eq=False)
class _Cells:
    """Values by (code, unit), of what is not 0 alone, ascending."""

    code: Ints
    unit: Ints
    value: Floats

    def at(self, code: Ints, unit: Ints) -> Floats:
        """The value of each (code, unit); 0 where there is none."""
        width = int(max(self.unit.max(initial=0), unit.max(initial=0))) + 1
        known, wanted = self.code * width + self.unit, code * width + unit
        place = np.minimum(np.searchsorted(known, wanted), max(len(known) - 1, 0))
        return np.where(known[place] == wanted, self.value[place], 0.0) if len(known) else np.zeros(len(wanted))


def sum_parts(amounts: Amounts, parts: Ints, *, group: Array | None = None, weight: Array | None = None) -> Sums:
    """Σ part ÷ Σ whole over samples, an entry a part, as ``statistic.sum_ratio`` has it of x and w a sample.

    Args:
        amounts: of the samples that count.
        parts: the parts that are asked for, ascending, each once.
        group: integer code of each sample's group; the moments are then taken over groups.
        weight: weight of each sample.
    """
    x, w, n = _sides(amounts, group, weight)
    return _moments(x, w, n, parts, amounts.size, weighted=weight is not None, grouped=group is not None)


def sum_part_pair(
    baseline: Amounts, candidate: Amounts, parts: Ints, *, group: Array | None = None, weight: Array | None = None
) -> PairSums:
    """The same of two versions over the same samples, as ``statistic.sum_pair`` has it; arguments as above."""
    size = baseline.size
    sides = [_sides(one, group, weight) for one in (baseline, candidate)]
    own = [_moments(*side, parts, size, weighted=weight is not None, grouped=group is not None) for side in sides]
    (x0, w0, _), (x1, w1, _) = sides
    code, unit = _union(x0, x1)
    kept = np.isin(code, parts)
    code, unit = code[kept], unit[kept]
    at, n_parts = np.searchsorted(parts, code), len(parts)
    a, c = (x.at(code, unit) for x in (x0, x1))
    b, d = (w.at(code // size, unit) for w in (w0, w1))
    whole, whole_unit = _union(w0, w1)
    of, wholes = parts // size, int(max(whole.max(initial=0), parts.max(initial=0) // size)) + 1
    ww = total(whole, w0.at(whole, whole_unit) * w1.at(whole, whole_unit), wholes)
    units = np.bincount(whole, minlength=wholes)
    return PairSums(
        baseline=own[0],
        candidate=own[1],
        n=_samples(np.r_[baseline.sample, candidate.sample], np.r_[baseline.part, candidate.part] // size, wholes)[of],
        units=units[of],
        xx=total(at, a * c, n_parts),
        xw=total(at, a * d, n_parts),
        wx=total(at, b * c, n_parts),
        ww=ww[of],
    )


def _sides(amounts: Amounts, group: Array | None, weight: Array | None) -> tuple[_Cells, _Cells, Ints]:
    """Parts by unit, wholes by unit, and how many samples have any of each whole."""
    whole = amounts.part // amounts.size
    value = amounts.amount.astype(np.float64)
    if weight is not None:
        value = value * weight[amounts.sample]
    unit = amounts.sample if group is None else group[amounts.sample].astype(np.int64)
    n = _samples(amounts.sample, whole, int(whole.max(initial=-1)) + 1)
    return _gather(amounts.part, unit, value), _gather(whole, unit, value), n


def _gather(code: Ints, unit: Ints, value: Floats) -> _Cells:
    width = int(unit.max(initial=0)) + 1
    cells, at = np.unique(code * width + unit, return_inverse=True)
    return _Cells(cells // width, cells % width, total(at, value, len(cells)))


def _samples(sample: Ints, whole: Ints, n_wholes: int) -> Ints:
    """How many samples have any of each whole."""
    width = int(sample.max(initial=0)) + 1
    return np.bincount(np.unique(whole * width + sample) // width, minlength=n_wholes)


def _union(first: _Cells, second: _Cells) -> tuple[Ints, Ints]:
    """The (code, unit) that either has, ascending."""
    width = int(max(first.unit.max(initial=0), second.unit.max(initial=0))) + 1
    cells = np.union1d(first.code * width + first.unit, second.code * width + second.unit)
    return cells // width, cells % width


def _moments(x: _Cells, w: _Cells, n: Ints, parts: Ints, size: int, *, weighted: bool, grouped: bool) -> Sums:
    n_parts, wholes = len(parts), max(len(n), int(parts.max(initial=-1)) // size + 1)
    kept = np.isin(x.code, parts)
    code, unit, value = x.code[kept], x.unit[kept], x.value[kept]
    at, of = np.searchsorted(parts, code), parts // size

    def of_whole(values: Floats) -> Floats:
        return total(w.code, values, wholes)[of]

    return Sums(
        n=np.pad(n, (0, wholes - len(n)))[of],
        units=np.bincount(w.code, minlength=wholes)[of],
        w=of_whole(w.value),
        x=total(at, value, n_parts),
        ww=of_whole(w.value * w.value),
        xw=total(at, value * w.at(code // size, unit), n_parts),
        xx=total(at, value * value, n_parts),
        weighted=weighted,
        grouped=grouped,
    )
