"""The parts that findings share: stories told apart, sizes with their charts, and sentences about chance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from reportgen import numbers
from reportgen.analysis.facts import Facts, Row
from reportgen.analysis.sentences import change_text, lowered, noun, unit_word
from reportgen.model import ALL, Effect, EffectRow, MetricInfo, Slice

Mark = npt.NDArray[np.bool_]

COVERED = 0.6
"""A slice most of whose newly broken samples are in slices already reported is folded into them."""


def certain_loss(row: Row) -> float:
    """The loss that is certain: the interval's end nearest no change, in the samples it stands for."""
    near = min(abs(row["low"]), abs(row["high"]))
    return float(near * row["n"])


def separate_stories(facts: Facts, rows: Sequence[Row]) -> list[tuple[Row, list[Row]]]:
    """The rows that tell different stories, largest certain loss first, each with those folded into it."""
    ranked = sorted(rows, key=lambda row: (-certain_loss(row), row["slice"]))
    kept: list[tuple[Row, list[Row]]] = []
    covered = np.zeros(facts.outcomes.frame.height, bool)
    for row in ranked:
        mark = _evidence(facts, row)
        if kept and mark.any() and (mark & covered).sum() >= COVERED * mark.sum():
            best = max(kept, key=lambda item: int((mark & facts.rows(item[0]["slice"])).sum()))
            best[1].append(row)
        elif kept and not mark.any():
            kept[0][1].append(row)
        else:
            kept.append((row, []))
            covered |= facts.rows(row["slice"])
    return kept


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
    return (
        f"This is beyond chance: it holds after correcting for {numbers.count(facts.n_tested)} slices "
        f"(q {q_text(row['q'])})."
    )


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
