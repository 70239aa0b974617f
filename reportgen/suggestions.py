"""Gates for a manifest that has none: derived from what the baseline's own samples can show, each with its reason.

The rule, said in the manifest too. What n samples cannot tell from chance, no gate asks for: a loss may be as large as
half the width of the baseline's interval (over all samples; for a slice, over as many samples as it needs to decide),
rounded up to 1, 2 or 5. A floor stands at the lower end of the baseline's interval, rounded down to a hundredth.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from reportgen import columns, numbers, pipeline
from reportgen.analysis.estimates import estimate_all
from reportgen.analysis.measure import measure
from reportgen.analysis.sentences import lowered, noun, value_text
from reportgen.analysis.slices import enumerate_axes
from reportgen.inputs.infer import quote
from reportgen.inputs.manifest import LoadedManifest
from reportgen.model import Limits, MetricInfo, Outcomes
from reportgen.tasks.known import task_of

FLOORS = 2
"""Classes that get a floor: those that the baseline finds least often."""


@dataclass(frozen=True)
class SuggestedGate:
    """A gate as the manifest writes it, and why it is what it is."""

    entry: str  # "{metric: accuracy, max_drop: 0.02}"
    reason: str


def suggest_gates(loaded: LoadedManifest) -> tuple[SuggestedGate, ...]:
    """Three to five gates that suit the baseline of a manifest; of one version alone floors instead of losses.

    Only the baseline's figures over all samples are computed, nothing of slices.

    Raises:
        InputError: the manifest's files cannot be read or joined.
    """
    sources = pipeline.scan(loaded)
    joined = pipeline.join(loaded, sources)
    outcomes, _ = pipeline.make_outcomes(loaded, joined)
    limits = Limits(**loaded.manifest.support.model_dump(), level=loaded.manifest.level)
    task = task_of(outcomes)
    measured = measure(outcomes, limits)
    primary = next(metric for metric in task.metrics if metric.name == task.primary)
    asked = [metric for metric in task.metrics if metric.name in {task.primary, "recall"}]
    axes = enumerate_axes(replace(outcomes, attributes=()), limits)
    table = estimate_all(measured, axes, asked, primary, ())
    of_baseline = table.filter((pl.col("version") == loaded.manifest.first) & pl.col("low").is_not_null())
    figures = _Figures(loaded.manifest.first, outcomes, limits, primary.info)
    (whole,) = of_baseline.filter(
        columns.as_a_whole(primary.name, per_class=primary.info.per_class) & (pl.col("slice") == "all")
    ).to_dicts() or (None,)
    found: list[SuggestedGate] = []
    if whole is not None:
        found += figures.losses(whole) if len(outcomes.versions) > 1 else figures.level(whole)
    found += figures.floors(of_baseline.filter((pl.col("metric") == "recall") & (pl.col("slice") == "all")).to_dicts())
    missing = next(one.n_missing for one in joined.versions if one.name == loaded.manifest.first)
    what = f"{figures.baseline} lacks {numbers.count(missing) if missing else 'no'} prediction{'s' * (missing > 1)}"
    return (*found, SuggestedGate(f"{{metric: missing_predictions, max: {missing}}}", what))


def gate_lines(gates: Sequence[SuggestedGate]) -> Iterator[str]:
    """The manifest's lines: the key with the rule, and each gate beneath its reason."""
    yield ""
    yield "# Gates: what a candidate must keep to be released; `reportgen check` judges them. These are suggested from"
    yield "# the baseline: the least loss that its samples tell from chance, floors at the lower end of its interval."
    yield "gates:"
    for gate in gates:
        yield f"  # {''.join(c if c.isprintable() else ' ' for c in gate.reason)}"
        yield f"  - {gate.entry}"


@dataclass(frozen=True)
class _Figures:
    """The words of the baseline's figures."""

    baseline: str
    outcomes: Outcomes
    limits: Limits
    metric: MetricInfo

    def losses(self, row: dict[str, Any]) -> Iterator[SuggestedGate]:
        """How much may be lost over all samples, and in a slice that has as many samples as it needs to decide."""
        half = (row["high"] - row["low"]) / 2
        place = f"half the width of its interval on {self._n(row['n'])}"
        yield SuggestedGate(
            f"{{metric: {self.metric.name}, max_drop: {_round_up(half)}}}",
            f"{self.baseline}: {self._said(row)}; {place} is {self._size(half)}",
        )
        if row["n"] < self.limits.decide:
            return
        # an interval's width goes with one over the root of n
        wide = half * math.sqrt(row["n"] / self.limits.decide)
        yield SuggestedGate(
            f"{{metric: {self.metric.name}, on: every slice, max_drop: {_round_up(wide)}}}",
            f"on {self._n(self.limits.decide)}, what a slice needs to decide, it would be {self._size(wide)}",
        )

    def level(self, row: dict[str, Any]) -> Iterator[SuggestedGate]:
        """How good one version must be: there is nothing to hold it against."""
        reason = f"{self.baseline}: {self._said(row)} on {self._n(row['n'])}"
        if self.metric.unit == "rate":
            if floor := _floor(row["low"]):
                yield SuggestedGate(f"{{metric: {self.metric.name}, min: {floor}}}", reason)
        elif not self.metric.higher_is_better:
            yield SuggestedGate(f"{{metric: {self.metric.name}, max: {_round_up(row['high'], fine=True)}}}", reason)

    def floors(self, rows: Sequence[dict[str, Any]]) -> Iterator[SuggestedGate]:
        """A floor on recall for the classes that are found least often; of two classes, for the one looked for."""
        of_classes = (row for row in rows if row["n"] >= self.limits.test and row["class"] is not None)
        known = sorted(of_classes, key=lambda r: (r["value"], r["class"]))
        for row in known[:FLOORS]:
            floor = _floor(row["low"])
            if not floor:
                continue
            level = numbers.level(self.limits.level)
            klass = "" if self.outcomes.positive is not None else f"class: {quote(row['class'])}, "
            yield SuggestedGate(
                f"{{metric: recall, {klass}min: {floor}}}",
                f"{self.baseline} finds {numbers.rate(row['value'])} of {numbers.count(row['n'])} labelled "
                f"{row['class']}, {level} {numbers.interval(row['low'], row['high'], 'rate')}",
            )

    def _said(self, row: dict[str, Any]) -> str:
        interval = numbers.interval(row["low"], row["high"], self.metric.unit)
        value = value_text(self.metric, row["value"])
        return f"{lowered(self.metric.label)} {value}, {numbers.level(self.limits.level)} {interval}"

    def _n(self, n: int) -> str:
        return f"{numbers.count(n)} {noun(self.outcomes, n)}"

    def _size(self, size: float) -> str:
        if self.metric.unit == "rate":
            return f"{numbers.plain(size * 100, 1)} points"
        return numbers.value(size, "number")


def _round_up(size: float, *, fine: bool = False) -> str:
    """The next 1, 2 or 5 of its power of ten (``fine``: its next two digits), as a decimal."""
    power = math.floor(math.log10(size)) - fine
    steps = range(10, 101) if fine else (1, 2, 5, 10)
    found = next(step for step in steps if step * 10.0**power >= size * (1 - 1e-9)) * 10.0**power
    return f"{found:.{max(0, -power)}f}".rstrip("0").rstrip(".") if power < 0 else f"{found:.0f}"


def _floor(low: float) -> str:
    """The hundredth below, as a decimal; empty where that is none."""
    below = math.floor(low * 100 + 1e-9) / 100
    return f"{below:.2f}" if below > 0 else ""
