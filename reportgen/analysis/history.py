"""The present report beside past ones: what the history keeps of it, and which findings are new, standing or gone."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import polars as pl

from reportgen import numbers
from reportgen.analysis.acted import follow_lists, keep_sets, looked_at
from reportgen.analysis.facts import Facts, Row
from reportgen.analysis.sentences import change_text
from reportgen.inspection import Inspection
from reportgen.model import (
    ALL,
    Finding,
    Gate,
    Gone,
    History,
    InputFile,
    PastFigure,
    PastFinding,
    PastReport,
    SliceSize,
)

NOTHING = "none"
"""The kind of a finding that says that nothing was found: it is neither new nor gone."""

VERDICT_OF = {"regression": "worse", "improvement": "better"}
"""What the comparison of its slice says where a finding of the kind still holds."""

SAID = {
    "unclear": "No clear change now",
    "too_few": "Too few to tell now",
    "better": "Better now",
    "worse": "Worse now",
}


@dataclass(frozen=True)
class Identity:
    """What this report is known by, beside its figures."""

    title: str
    task: str
    created: datetime
    manifest_sha256: str
    inputs: Sequence[InputFile]

    @property
    def sha256(self) -> str:
        """One hash over manifest and inputs: equal for two builds of the same."""
        parts = [self.manifest_sha256, *sorted([one.role, one.sha256] for one in self.inputs)]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def look_back(
    facts: Facts,
    findings: Sequence[Finding],
    gates: Sequence[Gate],
    identity: Identity,
    kept: Sequence[PastReport],
    inspection: Inspection,
) -> tuple[tuple[Finding, ...], History]:
    """The findings, each new or standing, and the history with what is gone.

    A report is held against those of other inputs that are no younger than it: a build from the same inputs, and one
    of an old state of the project, say what the first one said.

    Args:
        facts: the figures of this report.
        findings: what it found.
        gates: its gates.
        identity: what it is known by.
        kept: the past reports, oldest first.
        inspection: what was found in the data, whose sets are lists.
    """
    now = _summary(facts, findings, gates, identity, inspection)
    past = tuple(one for one in kept if one.inputs != now.inputs and one.created <= now.created)
    if not past:
        return tuple(findings), History((), now)
    history = History(
        past,
        now,
        tuple(_gone(facts, past[-1], now)),
        follow_lists(facts.outcomes, inspection, past),
        tuple(_sizes(facts, past[-1])),
    )
    return tuple(_dated(one, past) for one in findings), history


def _summary(
    facts: Facts, findings: Sequence[Finding], gates: Sequence[Gate], identity: Identity, inspection: Inspection
) -> PastReport:
    return PastReport(
        created=identity.created,
        inputs=identity.sha256,
        title=identity.title,
        task=identity.task,
        baseline=facts.baseline,
        candidate=facts.candidate,
        figures=(*_metrics(facts), *_critical(facts), *map(_of_gate, gates)),
        findings=tuple(_known_by(one, facts) for one in findings),
        n_samples=facts.outcomes.frame.height,
        sets=keep_sets(facts.outcomes, inspection),
        looked_at=looked_at(inspection),
    )


def _metrics(facts: Facts) -> Iterator[PastFigure]:
    """The candidate's value of every metric over all samples; of one by class that of the positive class alone."""
    positive = facts.outcomes.positive
    table = facts.estimates.filter((pl.col("slice") == ALL) & (pl.col("version") == facts.candidate))
    rows = {(row["metric"], row["class"]): row for row in table.iter_rows(named=True)}
    for info in facts.metrics:
        row = rows.get((info.name, positive if info.per_class else None))
        if row is not None:
            yield _figure("metric", info.name, info.label, info.name, info.unit, row)


def _critical(facts: Facts) -> Iterator[PastFigure]:
    """The primary metric on each slice that the manifest declares."""
    metric = facts.primary
    for one in facts.slices.values():
        if one.critical is not None or one.origin == "declared":
            yield _figure("slice", one.id, one.name, metric.name, metric.unit, facts.level(one.id))


def _figure(kind: str, name: str, label: str, metric: str, unit: str, row: Row) -> PastFigure:
    return PastFigure(kind, name, label, metric, unit, row["value"], row["low"], row["high"], row["n"])  # type: ignore[arg-type]


def _of_gate(gate: Gate) -> PastFigure:
    figures = (gate.value, gate.low, gate.high, gate.n)
    change = gate.kind == "max_drop"
    return PastFigure("gate", gate.name, gate.name, gate.metric, gate.unit, *figures, gate.state, change)


def _known_by(one: Finding, facts: Facts) -> PastFinding:
    about = facts.slices.get(one.slice or ALL)
    n = about.n if about is not None and one.slice not in {None, ALL} else None
    return PastFinding(one.kind, one.slice, one.metric, one.key, one.severity, one.headline, n)


def _sizes(facts: Facts, last: PastReport) -> Iterator[SliceSize]:
    """The slices that the last report's findings are about, and that are slices here, too: what was collected shows."""
    then = {one.slice: one.n for one in last.findings if one.slice is not None and one.n is not None}
    for slice_id, n in then.items():
        now = facts.slices.get(slice_id)
        if now is not None:
            yield SliceSize(slice_id, now.name, n, now.n)


def _dated(finding: Finding, past: Sequence[PastReport]) -> Finding:
    """The finding with whether the last report had it, and since when each one has."""
    if finding.kind == NOTHING:
        return finding
    first = None
    for report in reversed(past):
        if (finding.kind, finding.slice, finding.metric, finding.key) not in {one.identity for one in report.findings}:
            break
        first = report.created
    return replace(finding, since="new" if first is None else "standing", first_seen=first)


def _gone(facts: Facts, last: PastReport, now: PastReport) -> Iterator[Gone]:
    """The last report's findings that this one lacks, each with what the figures say of it today."""
    standing = {one.identity for one in now.findings}
    for one in last.findings:
        if one.kind != NOTHING and one.identity not in standing:
            yield _judge(facts, one)


def _judge(facts: Facts, one: PastFinding) -> Gone:
    if one.kind in VERDICT_OF and one.metric == facts.primary.name:
        return _judge_change(facts, one)
    if one.kind == "weak" and one.metric == facts.primary.name:
        return _judge_weakness(facts, one)
    if one.kind == "confusion" and facts.baseline is not None:
        return _judge_confusion(facts, one)
    return Gone(one, "gone", "Not found in this report.")


def _judge_change(facts: Facts, one: PastFinding) -> Gone:
    row = None if facts.baseline is None else facts.changes.get(one.slice or ALL)
    if row is None or row["delta"] is None:
        return Gone(one, "unknown", "This report has no change of that slice.")
    size = f"{change_text(facts.primary, row, facts.limits.level)}, n = {numbers.count(row['n'])}"
    if row["verdict"] == VERDICT_OF[one.kind]:
        return Gone(one, "unlisted", f"Still {row['verdict']} ({size}), but other findings come first.")
    return Gone(one, "gone", f"{SAID[row['verdict']]} ({size}).")


def _judge_weakness(facts: Facts, one: PastFinding) -> Gone:
    table = facts.weaknesses.filter((pl.col("version") == facts.candidate) & (pl.col("slice") == one.slice))
    if not table.height or table["delta"][0] is None:
        return Gone(one, "unknown", "This report doesn't test that slice.")
    row = table.row(0, named=True) | {"decimals": facts.decimals(one.slice or ALL)}
    size = f"{change_text(facts.primary, row, facts.limits.level)} against the rest, n = {numbers.count(row['n'])}"
    if row["verdict"] == "worse":
        return Gone(one, "unlisted", f"Still weaker than the rest ({size}), but other findings come first.")
    return Gone(one, "gone", f"No clear weakness now ({size}).")


def _judge_confusion(facts: Facts, one: PastFinding) -> Gone:
    target, _, said = one.key.partition(">")
    table = facts.confusion_changes.filter(
        (pl.col("candidate") == facts.candidate) & (pl.col("target") == target) & (pl.col("prediction") == said)
    )
    if not table.height:
        return Gone(one, "gone", "Neither version makes this mistake now.")
    row = table.row(0, named=True)
    before, after, n = (numbers.count(row[name]) for name in ("n_baseline", "n_candidate", "n"))
    counts = f"{before} → {after} of {n}"
    if row["verdict"] == "worse":
        return Gone(one, "unlisted", f"Still more often ({counts}), but other findings come first.")
    return Gone(one, "gone", f"Not more often beyond chance now ({counts}).")
