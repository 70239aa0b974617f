"""Whether two sets of samples hold the same mix of values: how far apart they are, and whether chance would do it.

The sets are independent samples: what a version was trained on and what it is evaluated on, or two splits. ``there`` is
the one to hold against (training), ``here`` the one in question.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from reportgen.stats.distributions import chi_squared_tail, regularised_beta, two_sided_z
from reportgen.stats.statistic import Array, Floats, Ints
from reportgen.stats.tally import Tally

LEAST_EXPECTED = 5
"""Values of which either set would have fewer samples than this, were there no drift, are one: "rarer values"."""

MOST_LEVELS = 12
"""Of each attribute of a pair, the most frequent values that stand for themselves."""

_MOST_ROUNDS = 200


@dataclass(frozen=True, eq=False)
class Drift:
    """How far two sets lie apart.

    ``psi`` is the population stability index less ``chance``, what it comes to on average where nothing has moved, and
    0 at the least; ``plain_psi`` is the index as other tools print it. ``p`` is NaN where nothing could be tested.
    ``parts`` is what each value (as given, before rare ones are merged) adds to the index.
    """

    psi: float
    low: float
    high: float
    plain_psi: float
    chance: float
    jensen_shannon: float  # base 2, 0 to 1; NaN where one of the sets is empty
    statistic: float  # χ², or the distance of Kolmogorov and Smirnov
    df: int
    p: float
    n_merged: int  # values that were too rare to stand for themselves
    n_there: float  # effective: independent samples that these are worth
    n_here: float
    parts: Floats
    expected: Floats | None = None  # of a mix: each cell's share here, were there no drift; NaN where none is told


def compare_shares(there: Tally, here: Tally, *, level: float = 0.95) -> Drift:
    """The drift of one attribute's values from ``there`` to ``here``.

    Population stability index: Σ (q − p) · ln(q ÷ p) over the values, symmetric in the two sets (Lewis, An Introduction
    to Credit Scoring, 1994; it is Jeffreys' divergence). A value that one set lacks counts half a sample there. Without
    drift it is (1/n + 1/n′) times a χ² of k − 1 degrees of freedom (Yurdakul, Naranjo, J Risk Model Validation 14:4,
    2020), whose mean is ``chance``; the interval adds its variance to that of the linearised index.
    Test: Pearson's χ² of homogeneity. Jensen-Shannon divergence in base 2, of the plain shares (Lin, IEEE Trans Inf
    Theory 37:145, 1991).
    Values of which either set would have fewer than ``LEAST_EXPECTED`` are merged into one for index and test; where
    that one is still too rare, the next rarest joins it.
    Groups and weights: n is divided by the design effect of the merged values (Rao, Scott, JASA 76:221, 1981), and with
    groups the test is F with as many degrees of freedom as they leave. A set without groups beside one that has them
    takes the other's design effect: what comes in groups here is likely to have come in groups there.
    """
    parts = _parts(there, here)
    place, n_values, n_merged = _merge_rare(there, here)
    divergence = jensen_shannon(there.share, here.share)
    if n_values < 2:
        return _untold(divergence, n_merged, parts)
    coarse = there.merged(place, n_values), here.merged(place, n_values)
    sizes = effective_sizes(*coarse)
    shares = np.stack([coarse[0].share, coarse[1].share])
    pooled = (shares * sizes[:, None]).sum(axis=0) / sizes.sum()
    expected = pooled * sizes[:, None]
    statistic = float(((shares * sizes[:, None] - expected) ** 2 / expected).sum())
    df = n_values - 1
    index = _index(shares, sizes, df, level)
    p = _tail(statistic, df, *coarse)
    return Drift(*index, divergence, statistic, df, p, n_merged, float(sizes[0]), float(sizes[1]), parts)


def compare_numbers(there: Array, here: Array, sizes: Floats, weights: tuple[Array | None, Array | None]) -> Drift:
    """The test of Kolmogorov and Smirnov of two sets of numbers; the index is the bins', so its fields are NaN.

    p by the limit distribution, with Stephens' correction for few samples (JRSS B 32:115, 1970). Equal numbers make it
    too large, never too small.

    Args:
        there: the finite numbers of one set.
        here: those of the other.
        sizes: of how many independent samples each is worth (``effective_sizes``, ordered).
        weights: of each set's samples; None: each counts once.
    """
    if not len(there) or not len(here):
        return _untold(math.nan, 0, np.zeros(0))
    values = np.concatenate([there, here])
    order = np.argsort(values, kind="stable")
    each = [np.ones(len(part)) if w is None else w for part, w in zip((there, here), weights, strict=True)]
    signed = np.concatenate([each[0] / each[0].sum(), -each[1] / each[1].sum()])[order]
    ordered = values[order]
    last = np.append(ordered[1:] != ordered[:-1], True)
    distance = float(np.abs(np.cumsum(signed)[last]).max())
    root = math.sqrt(float(sizes[0] * sizes[1] / sizes.sum()))
    p = kolmogorov_tail((root + 0.12 + 0.11 / root) * distance)
    untold = _untold(math.nan, 0, np.zeros(0))
    return replace(untold, statistic=distance, p=p, n_there=float(sizes[0]), n_here=float(sizes[1]))


def compare_mix(there: Tally, here: Tally, shape: tuple[int, int], *, level: float = 0.95) -> Drift:
    """How far the mix of two attributes moved beyond what the two alone explain.

    Two questions that have one answer where there is no drift. Test: Pearson's χ² of the log-linear model in which the
    two attributes hang together alike in both sets (no interaction of three; Bishop, Fienberg, Holland, Discrete
    Multivariate Analysis, 1975, ch. 3), fitted by proportional fitting; cells that both sets lack are no cells. Index:
    ``there`` is first raked to the two attributes' shares of ``here``, so that what is left of the index is the mix;
    a cell that was small there varies as little as it was, however large raking makes it, and chance grows with that.
    Values that one set lacks are left out, since each attribute alone tells them. Of each attribute the
    ``MOST_LEVELS`` most frequent stand for themselves; then values are merged, the rarest first, until either set would
    have at least one sample of every cell, did nothing but the two attributes move, and ``LEAST_EXPECTED`` of four in
    five (Cochran, Biometrics 10:417, 1954).

    Args:
        there: over the cells, the second attribute's values running fastest.
        here: likewise.
        shape: how many values each attribute has.
        level: of the interval.
    """
    rough = effective_sizes(there, here)
    tables = np.stack([there.share.reshape(shape) * rough[0], here.share.reshape(shape) * rough[1]])
    levels = _levels(tables)
    parts = np.zeros(shape[0] * shape[1])
    if levels is None:
        return _untold(math.nan, 0, parts)
    first, second = levels
    coarse_shape = (int(first.max()) + 1, int(second.max()) + 1)
    both = np.where((first[:, None] >= 0) & (second >= 0), first[:, None] * coarse_shape[1] + second, -1).ravel()
    coarse = [one.merged(both, coarse_shape[0] * coarse_shape[1]) for one in (there, here)]
    sizes = effective_sizes(*coarse)
    counts = np.stack([one.share.reshape(coarse_shape) * n for one, n in zip(coarse, sizes, strict=True)])
    fitted = _fit_without_interaction(counts)
    cells = fitted > 0
    statistic = float(((counts - fitted)[cells] ** 2 / fitted[cells]).sum())
    df = int((counts.sum(axis=0) > 0).sum()) - sum(coarse_shape) + 1
    if df < 1:
        return _untold(math.nan, 0, parts)
    filled = [one.reshape(coarse_shape) for one in _filled((counts / sizes[:, None, None]).reshape(2, -1), sizes)]
    shares = np.stack([_rake(filled[0], filled[1]).ravel(), filled[1].ravel()])
    index = _index(shares, sizes, df, level, np.maximum(fitted.reshape(2, -1), 0.5))
    each = _index_parts(*shares)
    n_in_cell = np.bincount(both[both >= 0], minlength=len(each))
    alone = (both >= 0) & (n_in_cell[both] == 1)
    parts[alone] = each[both[alone]]
    expected = np.full(len(parts), np.nan)
    # among all samples of ``here``, whose values are known, not among those of the values that both sets have
    expected[alone] = shares[0][both[alone]] * here.share[both >= 0].sum()
    n_merged = int((first >= 0).sum() + (second >= 0).sum()) - sum(coarse_shape)
    p = _tail(statistic, df, *coarse)
    return Drift(*index, math.nan, statistic, df, p, n_merged, float(sizes[0]), float(sizes[1]), parts, expected)


def effective_sizes(there: Tally, here: Tally, *, ordered: bool = False) -> Floats:
    """Of how many independent samples each set is worth; one without groups takes the design effect of the other.

    Ordered: for a test of cumulative shares, whose design effect is that of the worst of them. Of numbers that lie
    close within groups it is well above that of single bins, with which 11 in 100 of equal sets would be called drift.
    """
    effects = [one.ordered_design_effect() if ordered else one.design_effect() for one in (there, here)]
    for i, one in enumerate((there, here)):
        other = (here, there)[i]
        if one.n_groups is None and other.n_groups is not None:
            effects[i] *= effects[1 - i]
    return np.array([there.n_total / effects[0], here.n_total / effects[1]])


def jensen_shannon(p: Floats, q: Floats) -> float:
    """The Jensen-Shannon divergence of two distributions, base 2: 0 alike, 1 without a value in common."""
    if not p.sum() or not q.sum():
        return math.nan
    middle = (p + q) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = [np.where(one > 0, one * np.log2(one / middle), 0.0).sum() for one in (p, q)]
    return float(min(1.0, max(0.0, sum(terms) / 2)))


def kolmogorov_tail(x: float) -> float:
    """P(X > x) of Kolmogorov's limit distribution; both series of DLMF 20.7(viii)'s theta function."""
    if x <= 0:
        return 1.0
    k = np.arange(1, 21)
    if x < 1.18:
        return float(1 - math.sqrt(2 * math.pi) / x * np.exp(-((2 * k - 1) ** 2) * math.pi**2 / (8 * x**2)).sum())
    return float(min(1.0, 2 * ((-1.0) ** (k - 1) * np.exp(-2 * k**2 * x**2)).sum()))


def _untold(divergence: float, n_merged: int, parts: Floats) -> Drift:
    nan = math.nan
    return Drift(nan, nan, nan, nan, nan, divergence, nan, 0, nan, n_merged, nan, nan, parts)


def _tail(statistic: float, df: int, *sets: Tally) -> float:
    """The p of a χ² of effective counts: χ², or F where groups leave few degrees of freedom."""
    groups = [one.n_groups for one in sets if one.n_groups is not None]
    if not groups:
        return chi_squared_tail(statistic, df)
    rest = df * (min(groups) - 1)
    if rest < 1:
        return math.nan
    of = rest + statistic
    return float(regularised_beta(rest / 2, df / 2, rest / of, statistic / of))


def _filled(shares: Floats, sizes: Floats) -> tuple[Floats, Floats]:
    """The shares with half a sample where a set has none of a value that the other has."""
    some = shares.sum(axis=0) > 0
    counts = np.where(some & (shares == 0), 0.5, shares * sizes[:, None])
    filled = counts / counts.sum(axis=1, keepdims=True)
    return filled[0], filled[1]


def _index_parts(p: Floats, q: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where((p > 0) & (q > 0), (q - p) * np.log(q / p), 0.0)


def _index(
    shares: Floats, sizes: Floats, df: int, level: float, counts: Floats | None = None
) -> tuple[float, float, float, float, float]:
    """The index less chance, its interval, the plain index and chance.

    ``counts`` are those that the logarithms of the shares vary like, where they are others than share times size.
    """
    p, q = _filled(shares, sizes)
    plain = float(_index_parts(p, q).sum())
    some = p > 0
    own_counts = np.stack([p, q]) * sizes[:, None] if counts is None else counts
    p, q, (of_p, of_q) = p[some], q[some], own_counts[:, some]
    chance = df * float((1 / sizes).sum() if counts is None else (q / of_p + q / of_q).mean())
    log = np.log(q / p)
    variance = 2 * chance**2 / df
    for share, slope, n, size in ((p, 1 - log - q / p, of_p, sizes[0]), (q, 1 + log - p / q, of_q, sizes[1])):
        variance += max(0.0, float((share**2 * slope**2 / n).sum() - (share * slope).sum() ** 2 / size))
    value, reach = max(0.0, plain - chance), two_sided_z(level) * math.sqrt(variance)
    return value, max(0.0, plain - chance - reach), value + reach, plain, chance


def _parts(there: Tally, here: Tally) -> Floats:
    sizes = np.array([max(there.n_total, 1), max(here.n_total, 1)], dtype=np.float64)
    shares = np.stack([there.share, here.share])
    return _index_parts(*_filled(shares, sizes)) if there.n_total and here.n_total else np.zeros(len(there.n))


def _merge_rare(there: Tally, here: Tally) -> tuple[Ints, int, int]:
    """Where each value goes, how many there are then, and how many were too rare; values that nobody has go nowhere."""
    place = np.full(len(there.n), -1, np.int64)
    if not there.n_total or not here.n_total:
        return place, 0, 0
    sizes = effective_sizes(there, here)
    pooled = (there.share * sizes[0] + here.share * sizes[1]) / sizes.sum()
    expected = pooled * sizes.min()
    order = np.flatnonzero(pooled > 0)
    order = order[np.argsort(expected[order], kind="stable")]
    n_rare = int((expected[order] < LEAST_EXPECTED).sum())
    if n_rare:
        together = np.cumsum(expected[order])
        n_rare = max(n_rare, min(len(order), int((together < LEAST_EXPECTED).sum()) + 1))
    kept = np.sort(order[n_rare:])
    place[kept] = np.arange(len(kept))
    place[order[:n_rare]] = len(kept)
    return place, len(kept) + bool(n_rare), n_rare


def _levels(tables: Floats) -> tuple[Ints, Ints] | None:
    """Where the values of each attribute go, -1 out; None where no table of two by two is full enough."""
    places = []
    for axis in (0, 1):
        margins = tables.sum(axis=2 - axis)
        kept = np.flatnonzero((margins > 0).all(axis=0))
        if len(kept) < 2:
            return None
        most = margins.sum(axis=0)[kept]
        order = kept[np.lexsort((kept, -most))]
        place = np.full(margins.shape[1], -1, np.int64)
        place[order] = np.minimum(np.arange(len(order)), MOST_LEVELS - 1)
        places.append(place)
    first, second = places
    while True:
        pooled = _collapse(tables, first, second)
        expected = _fit_without_interaction(pooled, within=0.01).ravel()
        expected = expected[expected > 0]
        if not len(expected) or (expected.min() >= 1 and (expected < LEAST_EXPECTED).mean() <= 0.2):
            return (first, second) if len(expected) else None
        margins = [pooled.sum(axis=2).min(axis=0), pooled.sum(axis=1).min(axis=0)]
        rarest = [float(m.min()) if len(m) > 2 else math.inf for m in margins]
        if min(rarest) == math.inf:
            return None
        axis = int(np.argmin(rarest))
        places = [first, second]
        places[axis] = _join_rarest(places[axis], margins[axis])
        first, second = places


def _collapse(tables: Floats, first: Ints, second: Ints) -> Floats:
    pooled = np.zeros((2, int(first.max()) + 1, int(second.max()) + 1))
    rows, columns = np.flatnonzero(first >= 0), np.flatnonzero(second >= 0)
    for s in (0, 1):
        np.add.at(pooled[s], (first[rows][:, None], second[columns][None, :]), tables[s][np.ix_(rows, columns)])
    return pooled


def _join_rarest(place: Ints, margin: Floats) -> Ints:
    """The places with the two rarest levels as one."""
    gone, into = np.argsort(margin, kind="stable")[:2]
    joined = np.where(place == gone, into, place)
    return np.where(joined > gone, joined - 1, joined)


def _fit_without_interaction(counts: Floats, within: float = 1e-6) -> Floats:
    """Expected counts with the pair's own table, and each attribute's in each set, as observed: no more than that."""
    fitted: Floats = (counts.sum(axis=0) > 0).astype(np.float64)[None].repeat(2, axis=0)
    targets = [(axis, counts.sum(axis=axis, keepdims=True)) for axis in (0, 1, 2)]
    for _ in range(_MOST_ROUNDS):
        before = fitted
        for axis, target in targets:
            now = fitted.sum(axis=axis, keepdims=True)
            fitted = fitted * np.divide(target, now, out=np.zeros_like(target), where=now > 0)
        if np.abs(fitted - before).max() < within:
            break
    return fitted


def _rake(table: Floats, to: Floats) -> Floats:
    """The table fitted to the margins of another, which has the same empty cells."""
    rows, columns = to.sum(axis=1, keepdims=True), to.sum(axis=0, keepdims=True)
    raked = table
    for _ in range(_MOST_ROUNDS):
        for axis, target in ((1, rows), (0, columns)):
            raked = raked * target / raked.sum(axis=axis, keepdims=True)
        if np.abs(raked.sum(axis=1, keepdims=True) - rows).max() < 1e-9:
            break
    return raked
