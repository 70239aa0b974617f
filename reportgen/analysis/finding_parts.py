"""The parts that findings share: stories told apart, sizes with their charts, and sentences about chance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from reportgen import numbers
from reportgen.analysis.facts import Facts, Row
from reportgen.analysis.sentences import change_text, counted, lowered, noun, unit_word
from reportgen.columns import GROUP, WEIGHT, loss
from reportgen.model import ALL, Effect, EffectRow, MetricInfo, Slice
from reportgen.stats.intervals import ratio_intervals
from reportgen.stats.statistic import sum_ratio

Mark = npt.NDArray[np.bool_]

COVERED = 0.6
"""A slice most of whose newly broken samples are in slices already reported is folded into them."""

LOOKED_INTO = 5
"""So many stories are told at most: those after them are not looked into."""


def certain_loss(row: Row) -> float:
    """The loss that is certain: the interval's end nearest no change, in the samples it stands for."""
    near = min(abs(row["low"]), abs(row["high"]))
    return float(near * row["n"])


def separate_stories(facts: Facts, rows: Sequence[Row]) -> list[tuple[Row, list[Row]]]:
    """The rows that tell different stories, largest certain loss first, each with those folded into it.

    A slice whose loss a smaller one inside it makes alone stands behind that one, however many samples it waters it
    down with: the smaller differs from the rest of it, and the rest shows no such loss. A slice is folded where most of
    its newly broken samples are in slices told before, or most of its loss is and what is left shows none for certain.
    Gains, of which there may be thousands, are told apart by their samples alone.
    """
    waiting = sorted(rows, key=lambda row: (-certain_loss(row), row["slice"]))
    kept: list[tuple[Row, list[Row]]] = []
    covered = np.zeros(facts.outcomes.frame.height, bool)
    losses = _Losses(facts)
    while waiting:
        row, mark = waiting[0], _evidence(facts, waiting[0])
        is_open = row["verdict"] == "worse" and len(kept) < LOOKED_INTO and not _is_covered(mark, covered)
        if is_open:
            row = losses.sharpest(waiting)
            mark = _evidence(facts, row)
        waiting.remove(row)
        if kept and (_is_covered(mark, covered) or (is_open and not losses.is_new(row, covered))):
            best = max(kept, key=lambda item: int((mark & facts.rows(item[0]["slice"])).sum()))
            best[1].append(row)
        else:
            kept.append((row, []))
            covered |= facts.rows(row["slice"])
    return kept


def _is_covered(mark: Mark, covered: Mark) -> bool:
    return not mark.any() or bool((mark & covered).sum() >= COVERED * mark.sum())


class _Losses:
    """How the loss changed from version to version, sample by sample, to tell one slice's change from another's."""

    def __init__(self, facts: Facts) -> None:
        frame = facts.outcomes.frame
        assert facts.baseline is not None
        before, after = (frame[loss(facts.outcomes.versions.index(v))] for v in (facts.baseline, facts.candidate))
        self._facts = facts
        self._moved = (after - before).fill_null(np.nan).to_numpy()
        self._group = frame[GROUP].to_numpy() if GROUP in frame.columns else None
        self._weight = frame[WEIGHT].to_numpy() if WEIGHT in frame.columns else None

    def sharpest(self, waiting: Sequence[Row]) -> Row:
        """The first row, or the first inside it that makes its loss alone."""
        whole = waiting[0]
        terms = set(self._facts.slices[whole["slice"]].terms)
        inside = (row for row in waiting[1:] if terms < set(self._facts.slices[row["slice"]].terms))
        return next((row for row in inside if self._explains(row, whole)), whole)

    def is_new(self, row: Row, covered: Mark) -> bool:
        """Whether most of a slice's loss is in samples that none told before holds, or these lose for certain."""
        inside = self._facts.rows(row["slice"])
        rest = inside & ~covered
        if not (inside & covered).any():
            return True
        lost, error = self._lost(rest)
        whole, _ = self._lost(inside)
        return lost > 1.96 * error or lost * rest.sum() > whole * inside.sum() / 2

    def _explains(self, part: Row, whole: Row) -> bool:
        """Whether a part of a slice differs from the rest of it, which shows no such loss."""
        inside = self._facts.rows(part["slice"])
        own, own_error = self._lost(inside)
        rest, rest_error = self._lost(self._facts.rows(whole["slice"]) & ~inside)
        return own - rest > 1.96 * float(np.hypot(own_error, rest_error)) and not rest > 1.96 * rest_error

    def _lost(self, rows: Mark) -> tuple[float, float]:
        """The mean change of the loss over some samples, and its standard error.

        NaN below two samples (groups) that both versions scored, and where none differs from another.
        """
        rows = rows & ~np.isnan(self._moved)
        n = int(rows.sum())
        sums = sum_ratio(
            np.zeros(n, np.int64),
            self._moved[rows],
            np.ones(n),
            1,
            group=None if self._group is None else self._group[rows],
            weight=None if self._weight is None else self._weight[rows],
        )
        found = ratio_intervals(sums, binary=False)
        return float(found.value[0]), float(found.high[0] - found.low[0]) / 2 / 1.96


def _evidence(facts: Facts, row: Row) -> Mark:
    """The newly broken samples of a slice; all of its samples where none flipped."""
    inside = facts.rows(row["slice"])
    assert facts.flip_codes is not None
    broken = inside & (facts.flip_codes == 2)
    return broken if broken.any() else inside


def share_of_all(facts: Facts, one: Slice) -> str:
    if one.id == ALL:
        return f"All {noun(facts.outcomes)}"
    return f"{numbers.rate(one.n / facts.slices[ALL].n)} of the {noun(facts.outcomes)}"


def chance_sentence(facts: Facts, row: Row) -> str:
    if row["q"] is None:
        return f"The change is beyond chance ({change_text(facts.primary, row, facts.limits.level)})."
    if facts.slices[row["slice"]].origin == "found":
        taken = sum(one.n_taken for one in facts.searches)
        half = counted(facts.outcomes, facts.slices[row["slice"]].n_confirm or 0)
        return (
            f"This is beyond chance: it was found in one half of the {noun(facts.outcomes)} and holds in the other "
            f"({half}), corrected for the {numbers.count(taken)} slices that were tested there (q {q_text(row['q'])})."
        )
    tested = numbers.count(facts.n_tested_with(row["slice"]))
    return f"This is beyond chance: it holds after correcting for {tested} slices (q {q_text(row['q'])})."


def q_text(q: float) -> str:
    text = numbers.q_value(q)
    return text if text.startswith("<") else f"= {text}"


def difference_effect(facts: Facts, rows: Sequence[Row]) -> Effect:
    """The size of the primary metric's change in the first row's slice, with the chart of all rows."""
    metric = facts.primary
    return size_effect(
        facts,
        metric,
        rows[0],
        [EffectRow.of(_label(facts, row), row, row["decimals"]) for row in rows],
        unit=unit_word(metric) or lowered(metric.label),
        axis=f"change in {lowered(metric.label)}" + (", points" if metric.unit == "rate" else ""),
    )


def size_effect(
    facts: Facts, metric: MetricInfo, row: Row, chart: Sequence[EffectRow], *, unit: str, axis: str
) -> Effect:
    """The size of a difference with its interval and n, and its chart, whose first row it is."""
    decimals = chart[0].decimals
    interval = numbers.difference_interval(row["low"], row["high"], metric.unit, decimals)
    return Effect(
        figure=numbers.difference(row["delta"], metric.unit, decimals),
        unit=f"{unit} · {facts.level_word} {interval} · n = {numbers.count(row['n'])}",
        verdict=row["verdict"],
        kind="difference",
        rows=tuple(chart),
        metric=metric.name,
        axis=axis,
    )


def _label(facts: Facts, row: Row) -> str:
    one = facts.slices[row["slice"]]
    return f"all {noun(facts.outcomes)}" if one.id == ALL else one.name
