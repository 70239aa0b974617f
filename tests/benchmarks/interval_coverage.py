"""Print how often the intervals hold the truth, beside how often they should: 95 times in 100.

    python tests/benchmarks/interval_coverage.py [--repetitions 1000] [--only MAE] [--write docs/intervals.md]

Draws evaluations of known truth, of 50, 500 and 5,000 samples, with and without groups; asks the functions that the
report asks for each one's interval and for its mark; and counts. ``docs/intervals.md`` says what stands in the table,
and what is demanded of it; exits 1 where a demand is missed. Seeds are fixed: the same numbers come out each time.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from reportgen.model import Limits
from reportgen.stats import influence
from reportgen.stats.calibration import Draws, calibration_error
from reportgen.stats.hashing import hash_ids
from reportgen.stats.intervals import Bounds, difference_intervals, mean_intervals, ratio_intervals, rests_on
from reportgen.stats.ranking import auroc_interval
from reportgen.stats.statistic import Sums, sum_pair, sum_ratio
from reportgen.stats.support import support

Array = NDArray[Any]
Floats = NDArray[np.float64]

SIZES = (50, 500, 5000)
N_GROUPS = {50: 10, 500: 50, 5000: 250}
CORRELATION = 0.2
"""Of two samples of one group, on the normal scale that everything is drawn on."""
SEED = 20_261_128
BATCH_CELLS = 2_000_000
LIMITS = Limits()

TOO_SURE = "debiased ECE, too sure"
"""Beside what is demanded: in the table, and among the weak spots."""
CALIBRATED = "debiased ECE, calibrated"
"""Its truth is 0, below which no limit is: where only one end can miss, 97.5 of 100 are promised, and more."""
MEANS = {500: (0.925, 0.975), 5000: (0.94, 0.965)}
"""Between these the coverage must lie, averaged over the truths of a metric."""
LEAST = 0.9
"""A cell that covers less often must bear the mark for few ..."""
MARKED = 0.95
"""... in at least so many of its intervals."""
START, STOP = "<!-- what interval_coverage.py prints -->\n", "<!-- end -->\n"


@dataclass(frozen=True, eq=False)
class Draw:
    """Repetitions of one evaluation: the repetition and the group of every sample, and where its numbers come from."""

    rng: np.random.Generator
    repetition: Array
    group: Array | None
    n_repetitions: int
    n: int

    def uniform(self) -> Floats:
        """A uniform number a sample; those of one group are alike."""
        return np.asarray(special.ndtr(self.normal()))

    def normal(self) -> Floats:
        """A normal number a sample; those of one group are alike."""
        own = self.rng.standard_normal(len(self.repetition))
        if self.group is None:
            return own
        shared = self.rng.standard_normal((self.n_repetitions, N_GROUPS[self.n]))[self.repetition, self.group]
        return np.asarray(np.sqrt(CORRELATION) * shared + np.sqrt(1 - CORRELATION) * own)

    def parts(self, *columns: Array) -> Iterator[tuple[Array, ...]]:
        """The columns, and the groups last, of one repetition after the other."""
        group = self.group if self.group is not None else np.zeros(len(self.repetition), int)
        for i in range(self.n_repetitions):
            own = slice(i * self.n, (i + 1) * self.n)
            yield (*(column[own] for column in columns), group[own])


@dataclass(frozen=True, eq=False)
class Found:
    """The intervals of all repetitions, and what ``Measure.supports`` makes their marks of."""

    low: Floats
    high: Floats
    n: Array
    units: Array
    trials: Floats
    rest: Floats


@dataclass(frozen=True)
class World:
    """A metric and a truth: what is drawn, and the value that the interval is to hold."""

    metric: str
    truth: str
    value: float
    draw: Callable[[Draw], Found]
    speed: float = 1.0  # of the repetitions, the part that is run


@dataclass(frozen=True)
class Cell:
    """What came of one world at one size. Shares are of the intervals that are defined."""

    metric: str
    truth: str
    n: int
    grouped: bool
    n_repetitions: int
    covered: float
    below: float  # the whole interval lies below the truth
    above: float
    width: float  # the median
    least_width: float
    undefined: float  # the share without an interval, of all
    marked: float  # the share that bears the mark for few

    @property
    def error(self) -> float:
        """The standard error of the coverage."""
        return float(np.sqrt(self.covered * (1 - self.covered) / self.n_repetitions))


def group_codes(n: int) -> Array:
    """The group of each of n samples: sizes from 0.4 to 1.6 times the mean."""
    m = N_GROUPS[n]
    share = np.tile([0.4, 0.7, 1.0, 1.3, 1.6], m // 5)
    ends = np.round(np.cumsum(share) * n / m).astype(int)
    return np.searchsorted(ends, np.arange(n), side="right")


def _sums(draw: Draw, x: Array, w: Array) -> Sums:
    return sum_ratio(draw.repetition, x, w, draw.n_repetitions, group=draw.group)


def _ratio(draw: Draw, x: Array, w: Array, *, binary: bool, bounds: Bounds = (-np.inf, np.inf)) -> Found:
    sums = _sums(draw, x, w)
    found = ratio_intervals(sums, binary=binary, bounds=bounds)
    return Found(found.low, found.high, sums.n, sums.units, _all(draw), _all(draw) if binary else rests_on(sums))


def _all(draw: Draw) -> Floats:
    return np.full(draw.n_repetitions, np.inf)


def accuracy(p: float) -> World:
    """The share right of all samples."""

    def draw(d: Draw) -> Found:
        return _ratio(d, d.uniform() < p, np.ones(len(d.repetition)), binary=True)

    return World("accuracy", f"{p:g}", p, draw)


def accuracy_difference(before: float, after: float, alike: float) -> World:
    """Candidate − baseline; ``alike`` is the correlation of the two versions' fates, on the normal scale."""

    def draw(d: Draw) -> Found:
        first, other = d.normal(), d.normal()
        second = alike * first + np.sqrt(1 - alike**2) * other
        right = [special.ndtr(z) < p for z, p in ((first, before), (second, after))]
        ones = np.ones(len(first))
        pair = sum_pair(d.repetition, right[0], ones, right[1], ones, d.n_repetitions, group=d.group)
        found = difference_intervals(pair, binary=True)
        return Found(found.low, found.high, pair.n, pair.units, _all(d), _all(d))

    return World("accuracy, difference", f"{before:g} → {after:g}, alike {alike:g}", after - before, draw)


def precision(p: float, share: float) -> World:
    """The share right of the samples that are called a class, which is a small share of all."""

    def draw(d: Draw) -> Found:
        called = d.uniform() < share
        return _ratio(d, called & (d.uniform() < p), called, binary=True)

    return World("precision, few predictions", f"{p:g} of {share:.0%}", p, draw)


def mae(name: str, law: Any) -> World:
    """The mean of absolute errors with the given law."""

    def draw(d: Draw) -> Found:
        return _ratio(d, law.ppf(d.uniform()), np.ones(len(d.repetition)), binary=False, bounds=(0.0, np.inf))

    return World("MAE, heavy tails", name, float(law.mean()), draw)


def macro_f1(metric: str, name: str, shares: Sequence[float], recalls: Sequence[float]) -> World:
    """Classes of given shares; wrong predictions go to the other classes by their shares."""
    share, recall = np.array(shares), np.array(recalls)
    k = len(share)
    table = np.tile(share, (k, 1)) * (1 - np.eye(k))
    table = np.diag(recall) + (1 - recall)[:, None] * table / table.sum(axis=1, keepdims=True)
    joint = share[:, None] * table
    value = float((2 * np.diag(joint) / (joint.sum(axis=0) + joint.sum(axis=1))).mean())

    def draw(d: Draw) -> Found:
        target = np.minimum(np.searchsorted(np.cumsum(share), d.uniform()), k - 1)
        prediction = np.minimum((np.cumsum(table, axis=1)[target] < d.uniform()[:, None]).sum(axis=1), k - 1)
        values, trials, influences = [], [], []
        for one, other, _ in d.parts(target, prediction):
            found = influence.influence("macro_f1", one, other, n_classes=k)
            values.append(found.value)
            trials.append(found.trials)
            influences.append(found.influence)
        sums = _sums(d, np.concatenate(influences), np.ones(len(target)))
        limits = mean_intervals(values, sums, bounds=influence.BOUNDS["macro_f1"], trials=trials, capped=True)
        return Found(limits.low, limits.high, sums.n, sums.units, np.array(trials), _all(d))

    return World(metric, name, value, draw, speed=0.5)


def auroc(value: float, share: float, spread: float) -> World:
    """Normal scores of two classes; the positives are a given share and spread so many times as wide."""
    shift = float(np.sqrt(1 + spread**2) * special.ndtri(value))

    def draw(d: Draw) -> Found:
        positive = d.uniform() < share
        own = d.normal()
        score = np.where(positive, shift + spread * own, own)
        limits = np.array(
            [auroc_interval(y, s, group=None if d.group is None else g)[1:] for y, s, g in d.parts(positive, score)]
        )
        n = np.full(d.n_repetitions, d.n)
        return Found(*limits.T, n, n if d.group is None else np.full(d.n_repetitions, N_GROUPS[d.n]), _all(d), _all(d))

    told = f"{value:g}, {share:.0%} positive" + ("" if spread == 1 else f", {spread:g} times as wide")
    return World("AUROC near 1", told, value, draw, speed=0.5)


def ece(metric: str, name: str, too_sure: float, least: float) -> World:
    """Confidences from ``least`` upwards that are a given distance above the rate of right predictions."""

    def draw(d: Draw) -> Found:
        confidence = (least + (1 - least) * d.uniform()).astype(np.float32)
        right = d.uniform() < confidence - too_sure
        limits = np.full((d.n_repetitions, 2), np.nan)
        for i, (sure, correct, group) in enumerate(d.parts(confidence, right)):
            names = np.arange(d.n) if d.group is None else group
            hashes = hash_ids([f"{i} {name}" for name in names], SEED)
            found = calibration_error(
                sure, correct, np.arange(d.n), Draws.of(hashes, 1000, i), group=None if d.group is None else group
            )
            if found is not None:
                limits[i] = found.low, found.high
        n = np.full(d.n_repetitions, d.n)
        return Found(*limits.T, n, n if d.group is None else np.full(d.n_repetitions, N_GROUPS[d.n]), _all(d), _all(d))

    return World(metric, name, too_sure, draw, speed=0.2)


@dataclass(frozen=True)
class _FoldedT:
    """The law of |t|."""

    degrees: float

    def ppf(self, u: Floats) -> Floats:
        """Its quantiles."""
        return np.asarray(stats.t.ppf((1 + u) / 2, self.degrees))

    def mean(self) -> float:
        """Its mean."""
        half = self.degrees / 2
        return float(np.sqrt(self.degrees / np.pi) * special.gamma(half - 0.5) / special.gamma(half))


WORLDS: tuple[World, ...] = (
    *(accuracy(p) for p in (0.5, 0.7, 0.9, 0.97, 0.99)),
    *(
        accuracy_difference(*truth)
        for truth in ((0.7, 0.75, 0.5), (0.8, 0.8, 0.9), (0.9, 0.93, 0.7), (0.97, 0.95, 0.9), (0.9, 0.9, 0.97))
    ),
    *(precision(p, share) for p, share in product((0.5, 0.8, 0.95), (0.1, 0.03))),
    mae("half-normal", stats.halfnorm),
    mae("exponential", stats.expon),
    mae("t, 3 degrees of freedom", _FoldedT(3)),
    mae("lognormal, σ = 1", stats.lognorm(1.0)),
    mae("lognormal, σ = 1.5", stats.lognorm(1.5)),
    macro_f1("macro-F1", "3 even classes, 0.7", [1 / 3] * 3, [0.7] * 3),
    macro_f1("macro-F1", "3 even classes, 0.95", [1 / 3] * 3, [0.95] * 3),
    macro_f1("macro-F1", "5 classes of 10 to 40%", [0.4, 0.2, 0.15, 0.15, 0.1], [0.9, 0.8, 0.7, 0.8, 0.6]),
    macro_f1("macro-F1", "10 even classes, 0.8", [0.1] * 10, [0.8] * 10),
    macro_f1("macro-F1, a rare class", "one of 2, 5%", [0.95, 0.05], [0.97, 0.7]),
    macro_f1("macro-F1, a rare class", "one of 3, 5%", [0.6, 0.35, 0.05], [0.9, 0.85, 0.6]),
    macro_f1("macro-F1, a rare class", "one of 4, 2%", [0.5, 0.3, 0.18, 0.02], [0.95, 0.9, 0.85, 0.8]),
    *(auroc(*truth) for truth in product((0.95, 0.99, 0.999), (0.5, 0.1), (1.0, 2.0))),
    ece(CALIBRATED, "confidences of 50 to 100%", 0.0, 0.5),
    ece(CALIBRATED, "confidences of 90 to 100%", 0.0, 0.9),
    ece(TOO_SURE, "5 points, confidences of 50 to 100%", 0.05, 0.5),
)


def run(at: int, n: int, grouped: bool, *, n_repetitions: int) -> Cell | None:
    """One cell of the table; None where there is no interval.

    Its seed follows from its name, so that no cell depends on which others are run.
    """
    world = WORLDS[at]
    name = f"{world.metric}/{world.truth}/{n}/{grouped}"
    rng = np.random.default_rng([SEED, zlib.crc32(name.encode())])
    wanted = max(int(n_repetitions * world.speed), 1)
    found = []
    for start in range(0, wanted, batch := max(BATCH_CELLS // n, 1)):
        m = min(batch, wanted - start)
        group = np.tile(group_codes(n), m) if grouped else None
        found.append(world.draw(Draw(rng, np.repeat(np.arange(m), n), group, m, n)))
    low, high = (np.concatenate([getattr(one, end) for one in found]) for end in ("low", "high"))
    marks = np.concatenate([_marks(one, grouped) for one in found])
    defined = ~np.isnan(low)
    if not defined.any():
        return None
    low, high, marks = low[defined], high[defined], marks[defined]
    below, above = high < world.value - 1e-12, low > world.value + 1e-12
    return Cell(
        metric=world.metric,
        truth=world.truth,
        n=n,
        grouped=grouped,
        n_repetitions=len(low),
        covered=1 - float(below.mean() + above.mean()),
        below=float(below.mean()),
        above=float(above.mean()),
        width=float(np.median(high - low)),
        least_width=float((high - low).min()),
        undefined=1 - float(defined.mean()),
        marked=float(marks.mean()),
    )


def _marks(found: Found, grouped: bool) -> Array:
    """Whether each interval is shown with the mark for few (or not at all)."""
    rest = np.fmin(found.units, found.rest)
    samples = found.trials if grouped else np.fmin(found.trials, rest)
    rows = zip(found.n.tolist(), rest.tolist(), samples.tolist(), strict=True)
    return np.array([support(n, int(m) if grouped else None, LIMITS, few) in {"counts", "show"} for n, m, few in rows])


def run_all(n_repetitions: int, only: str = "", processes: int | None = None) -> list[Cell]:
    """Every cell, in the order of the table."""
    jobs = [
        (at, n, grouped)
        for at, world in enumerate(WORLDS)
        if only.lower() in world.metric.lower()
        for grouped in (False, True)
        for n in SIZES
    ]
    with ProcessPoolExecutor(processes) as pool:
        cells = pool.map(partial(run, n_repetitions=n_repetitions), *zip(*jobs, strict=True))
        return [cell for cell in cells if cell is not None]


@dataclass(frozen=True)
class Mean:
    """The coverage of one metric at one size, averaged over its truths; ``error`` is its standard error."""

    metric: str
    n: int
    grouped: bool
    covered: float
    error: float
    least: float


def average(cells: Sequence[Cell]) -> list[Mean]:
    """The averages, in the order of the cells."""
    found = []
    for metric, n, grouped in dict.fromkeys((cell.metric, cell.n, cell.grouped) for cell in cells):
        own = [cell for cell in cells if (cell.metric, cell.n, cell.grouped) == (metric, n, grouped)]
        covered = float(np.mean([cell.covered for cell in own]))
        error = float(np.sqrt(sum(cell.error**2 for cell in own))) / len(own)
        found.append(Mean(metric, n, grouped, covered, error, min(cell.covered for cell in own)))
    return found


def missed(cells: Sequence[Cell]) -> list[str]:
    """The demands that do not hold, a sentence each."""
    found = []
    for mean in average(cells):
        low, high = MEANS.get(mean.n, (0, 1))
        high = 1 if mean.metric == CALIBRATED else high
        if mean.metric != TOO_SURE and not low <= mean.covered <= high:
            told = f"covers {mean.covered:.1%} on average, not {low:.1%} to {high:.1%}"
            found.append(f"{mean.metric}, n = {mean.n}, {_kind(mean.grouped)}: {told}")
    for cell in cells:
        name = f"{cell.metric}, {cell.truth}, n = {cell.n}, {_kind(cell.grouped)}"
        if cell.metric != TOO_SURE and cell.covered < LEAST and cell.marked < MARKED:
            found.append(f"{name}: covers {cell.covered:.1%}, and only {cell.marked:.0%} are marked as few")
        if not cell.least_width > 0:
            found.append(f"{name}: an interval without width")
    return found


def _kind(grouped: bool) -> str:
    return "groups" if grouped else "no groups"


def to_markdown(cells: Sequence[Cell]) -> str:
    """Both tables: the averages, and all cells."""
    means = {(mean.metric, mean.n, mean.grouped): mean for mean in average(cells)}
    by_cell = {(cell.metric, cell.truth, cell.n, cell.grouped): cell for cell in cells}
    places = list(product((False, True), SIZES))
    heads = " | ".join(f"n = {n:,}{', groups' if grouped else ''}" for grouped, n in places)
    rule = "|---" + "|---:" * len(places) + "|"
    lines = [f"| average over the truths | {heads} |", rule]
    for metric in dict.fromkeys(cell.metric for cell in cells):
        own = [means.get((metric, n, grouped)) for grouped, n in places]
        told = ["–" if m is None else f"{100 * m.covered:.1f} ± {100 * m.error:.1f}" for m in own]
        lines.append(f"| {metric} | " + " | ".join(told) + " |")
    lines += ["", f"| every truth | {heads} |", rule]
    for metric, truth in dict.fromkeys((cell.metric, cell.truth) for cell in cells):
        found = [by_cell.get((metric, truth, n, grouped)) for grouped, n in places]
        told = ["–" if cell is None else _told(cell) for cell in found]
        lines.append(f"| {metric}: {truth} | " + " | ".join(told) + " |")
    return "\n".join(lines) + "\n"


def _told(cell: Cell) -> str:
    few = " few" if cell.marked >= MARKED else f" {cell.marked:.0%} few" if cell.marked >= 0.005 else ""
    return f"{100 * cell.covered:.1f}{few}"


def main() -> None:
    """Run, print both tables, and say what is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repetitions", type=int, default=1000)
    parser.add_argument("--only", default="", help="the metrics whose name holds this")
    parser.add_argument("--write", type=Path, help="put the tables into this page")
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    arguments = parser.parse_args()
    start = time.perf_counter()
    cells = run_all(arguments.repetitions, arguments.only, arguments.processes)
    tables = to_markdown(cells)
    print(tables)
    widths = [cell for cell in cells if cell.least_width == min(one.least_width for one in cells)]
    print(f"narrowest interval {widths[0].least_width:.2g} ({widths[0].metric}, {widths[0].truth}, n = {widths[0].n})")
    print(f"{len(cells)} cells in {time.perf_counter() - start:.0f} s")
    if arguments.write:
        page = arguments.write.read_text(encoding="utf-8")
        before, rest = page.split(START)
        arguments.write.write_text(before + START + tables + STOP + rest.split(STOP)[1], encoding="utf-8")
    if problems := missed(cells):
        sys.exit("\n".join(["missed:", *problems]))


if __name__ == "__main__":
    main()
