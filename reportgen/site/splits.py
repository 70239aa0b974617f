"""An unpaired difference drawn: the whole, and its two parts, mix and rate."""

from __future__ import annotations

from reportgen.analysis import sentences
from reportgen.model import EffectRow, Unpaired
from reportgen.report import Report
from reportgen.site.charts import Chart, effect


def plan_splits(report: Report) -> tuple[tuple[str, Chart], ...]:
    """By version that has an unpaired difference with a split, its chart."""
    return tuple((one.candidate, _chart(report, i, one)) for i, one in enumerate(report.unpaired) if one.split)


def _chart(report: Report, index: int, one: Unpaired) -> Chart:
    split, metric = one.split, report.primary
    assert split is not None
    decimals = sentences.split_decimals(metric, one, split)
    n = one.n_baseline + one.n_candidate
    kinds = f"which kinds of {sentences.noun(report.outcomes)} (mix)"
    parts = (
        ("the whole difference", one.low, one.delta, one.high),
        (kinds, split.mix_low, split.mix, split.mix_high),
        ("the same kind (rate)", split.rate_low, split.rate, split.rate_high),
    )
    return effect(
        f"compare-split-{index}",
        f"The unpaired difference of {one.candidate} from {one.baseline}, and its parts by {split.attribute}.",
        [EffectRow(label, low, value, high, "unclear", n, decimals=decimals) for label, low, value, high in parts],
        unit=metric.unit,
        axis=f"difference in {sentences.lowered(metric.label)}" + (", points" if metric.unit == "rate" else ""),
        level=report.limits.level,
    )
