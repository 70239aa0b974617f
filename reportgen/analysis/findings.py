"""Findings: plain sentences made by rules from the figures, each with its size, its interval and its evidence.

They are ranked by severity, which weighs how large a loss is for certain and whether a gate or the manifest calls it
critical; then by whether a gate fails, by kind, and by what is lost for certain: the interval's end nearest no change,
times the samples it stands for.
"""

from __future__ import annotations

from collections.abc import Sequence

from reportgen.analysis.claims import find_too_sure
from reportgen.analysis.facts import Facts
from reportgen.analysis.flipping import find_hidden_flips
from reportgen.analysis.gaps import find_gaps
from reportgen.analysis.improvements import find_improvement
from reportgen.analysis.mistakes import find_confusions, find_sure_but_wrong
from reportgen.analysis.object_findings import ObjectFacts, find_missed, find_newly_missed
from reportgen.analysis.regressions import (
    find_critical_in_doubt,
    find_regressions,
    nothing_compared,
    nothing_worse,
)
from reportgen.analysis.weak_spots import find_data_problems, find_weak, nothing_weak
from reportgen.model import Finding, Gate

MAX_FINDINGS = 5
SERIOUS = ("critical", "watch", "better", "data")
"""Severities, most serious first."""
KINDS = (
    "regression",
    "newly_missed",
    "confusion",
    "confidence",
    "claim",
    "weak",
    "missed",
    "critical",
    "flips",
    "none",
    "improvement",
    "data",
    "coverage",
)
"""Kinds, in the order in which findings of one severity stand."""


def derive_findings(
    facts: Facts, gates: Sequence[Gate] = (), objects: ObjectFacts | None = None
) -> tuple[Finding, ...]:
    """At most five findings, most serious first, with at least one improvement where there is one.

    Of kinds of objects one says what is missed more than before, and one what is missed most.
    """
    taken: set[int] = set()
    if facts.baseline is None:
        sure = find_too_sure(facts, taken)
        weak = find_weak(facts, taken, MAX_FINDINGS - 1 - len(sure))
        missed = find_missed(objects, taken, 2) if objects else []
        weak = [*weak[: MAX_FINDINGS - 1 - len(sure) - len(missed)], *missed] or [nothing_weak(facts)]
        return tuple([*weak, *sure, *find_data_problems(facts), *find_gaps(facts)][:MAX_FINDINGS])
    if not facts.is_compared:
        data = [*find_data_problems(facts), *find_gaps(facts)][:1]
        missed = find_missed(objects, taken, 1) if objects else []
        weak = [*find_weak(facts, taken, MAX_FINDINGS - 1 - len(data) - len(missed)), *missed]
        return (nothing_compared(facts), *weak, *data)
    regressions = find_regressions(facts, taken, MAX_FINDINGS, gates)
    newly_missed = find_newly_missed(objects, taken, 1) if objects else []
    worse = [
        *regressions,
        *newly_missed,
        *find_confusions(facts, taken),
        *find_sure_but_wrong(facts, taken),
        *find_too_sure(facts, taken),
        *find_critical_in_doubt(facts)[:1],
        *([] if regressions else find_hidden_flips(facts, taken)),
    ]
    better = find_improvement(facts, taken)
    weak = find_weak(facts, taken, 1, {one.slice for one in regressions})
    weak += find_missed(objects, taken, 1) if objects else []
    data = find_data_problems(facts)[:1]
    if not regressions and not newly_missed and facts.overall["verdict"] != "worse":
        worse.insert(0, nothing_worse(facts))
    room = MAX_FINDINGS - len(better[:1]) - len(data)
    told = [*_ranked(worse)[:room], *better, *weak][: MAX_FINDINGS - len(data)]
    gaps = find_gaps(facts)[: MAX_FINDINGS - len(data) - len(told)]
    return tuple(_ranked([*told, *data, *gaps]))


def _ranked(findings: Sequence[Finding]) -> list[Finding]:
    """Most serious first; in one severity failing gates, then kinds in their order, then the largest certain loss."""
    return sorted(
        findings,
        key=lambda one: (
            SERIOUS.index(one.severity),
            one.reason != "Gate fails",
            KINDS.index(one.kind),
            -one.weight,
        ),
    )
