"""What a manifest declares of slices, gates and beliefs, its names looked up: inputs make it, analysis takes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportgen.model import GateKind, GateOn, MetricInfo, Relation, Term, UndecidedCounts


@dataclass(frozen=True)
class GateRule:
    """A gate as the manifest has it. ``where`` is a slice's terms in the attributes' order, empty for none."""

    metric: MetricInfo
    kind: GateKind
    limit: float
    on: GateOn = "overall"
    where: tuple[Term, ...] = ()
    klass: str | None = None
    name: str = ""

    @property
    def is_count(self) -> bool:
        """Whether it is judged by a count of samples, which compares as it is."""
        return self.metric.name in COUNTS


@dataclass(frozen=True)
class CriticalRule:
    """A slice that the manifest calls critical, and why."""

    where: tuple[Term, ...]
    why: str
    name: str = ""


@dataclass(frozen=True)
class PinnedRule:
    """A named set of samples; ``ids`` are as its file has them, each once."""

    name: str
    ids: tuple[str, ...]
    file: str = ""


@dataclass(frozen=True)
class BeliefRule:
    """A line of ``expect``. ``other`` is the version that a comparison is with, ``limit`` what a level is held to."""

    text: str
    version: str
    relation: Relation
    metric: MetricInfo
    other: str | None = None
    limit: float | None = None
    klass: str | None = None
    where: tuple[Term, ...] = ()


@dataclass(frozen=True)
class Declarations:
    """All that a manifest declares, in its order."""

    critical: Sequence[CriticalRule] = ()
    pinned: Sequence[PinnedRule] = ()
    gates: Sequence[GateRule] = ()
    beliefs: Sequence[BeliefRule] = ()
    undecided: UndecidedCounts = "pass"


NOTHING_DECLARED = Declarations()


def _rate(name: str, label: str, plain: str, *, higher: bool = False) -> MetricInfo:
    return MetricInfo(name, label, plain, "rate", higher)


FLIPS = {
    "newly_broken": _rate("newly_broken", "Newly broken", "how many the baseline had right and the candidate has not"),
    "newly_fixed": _rate(
        "newly_fixed", "Newly fixed", "how many the baseline had wrong and the candidate has right", higher=True
    ),
}
"""Counts of samples, over all of them or in a slice."""

CHECKS = {
    "missing_predictions": _rate(
        "missing_predictions", "Missing predictions", "how many samples the candidate has no prediction for"
    ),
    "invalid_predictions": _rate(
        "invalid_predictions", "Invalid predictions", "how many predictions of the candidate could not be used"
    ),
}
"""Counts of the candidate's predictions, over all samples that have a target."""

CHECK_RATES = {
    f"{name}_rate": _rate(f"{name}_rate", f"{info.label}, share", f"{info.plain}, of all samples")
    for name, info in CHECKS.items()
}

FLIP_RATES = {
    "newly_broken_rate": _rate("newly_broken_rate", "Newly broken, share", "newly broken, of the samples both scored"),
    "newly_fixed_rate": _rate(
        "newly_fixed_rate", "Newly fixed, share", "newly fixed, of the samples both scored", higher=True
    ),
    "churn_rate": _rate("churn_rate", "Churn", "predictions that differ, of the samples both scored"),
    "backward_trust": _rate(
        "backward_trust", "Backward trust", "of what the baseline had right, the share still right", higher=True
    ),
}
"""Rates that stand over all samples alone."""

COUNTS = {**FLIPS, **CHECKS}
BESIDE_METRICS = {**COUNTS, **CHECK_RATES, **FLIP_RATES}
"""What a gate may name besides the task's metrics."""
