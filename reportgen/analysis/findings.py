"""Findings: plain sentences made by rules from the figures, each with its size, its interval and its evidence."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen.analysis.facts import Facts
from reportgen.analysis.improvements import find_improvement
from reportgen.analysis.mistakes import find_confusions, find_sure_but_wrong
from reportgen.analysis.regressions import find_regressions, nothing_compared, nothing_worse
from reportgen.analysis.weak_spots import find_data_problems, find_weak, nothing_weak
from reportgen.model import Finding

MAX_FINDINGS = 5
SERIOUS = ("critical", "watch", "better", "data")
"""Severities, most serious first."""


def derive_findings(facts: Facts) -> tuple[Finding, ...]:
    """At most five findings, most serious first, with at least one improvement where there is one."""
    taken: set[int] = set()
    if facts.baseline is None:
        found = [*find_weak(facts, taken, MAX_FINDINGS - 1), *find_data_problems(facts)]
        return tuple(found[:MAX_FINDINGS]) or (nothing_weak(facts),)
    if not facts.is_compared:
        data = find_data_problems(facts)[:1]
        weak = find_weak(facts, taken, MAX_FINDINGS - 1 - len(data))
        return (nothing_compared(facts), *weak, *data)
    regressions = find_regressions(facts, taken, MAX_FINDINGS)
    worse = [*regressions, *find_confusions(facts, taken), *find_sure_but_wrong(facts, taken)]
    better = find_improvement(facts, taken)
    weak = find_weak(facts, taken, 1, {one.slice for one in regressions})
    data = find_data_problems(facts)
    if not regressions and facts.overall["verdict"] != "worse":
        worse.insert(0, nothing_worse(facts))
    room = MAX_FINDINGS - len(better[:1]) - len(data[:1])
    told = [*_by_severity(worse)[:room], *better, *weak][: MAX_FINDINGS - len(data[:1])]
    return tuple(_by_severity([*told, *data])[:MAX_FINDINGS])


def _by_severity(findings: Sequence[Finding]) -> list[Finding]:
    """Most serious first; those of one severity stay in their order, which is by certain size."""
    return sorted(findings, key=lambda one: SERIOUS.index(one.severity))
