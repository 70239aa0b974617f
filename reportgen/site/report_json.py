"""``report.json``: what the site says, for programs. Its contract is ``report.schema.json`` beside this file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import polars as pl

from reportgen import __version__, columns
from reportgen.model import (
    ALL,
    Attribute,
    Belief,
    Coverage,
    Effect,
    Finding,
    Gate,
    History,
    Link,
    Outcomes,
    PinnedSet,
    Power,
    Slice,
    Term,
)
from reportgen.report import ObjectSlices, Report
from reportgen.site.data.as_json import to_inspection, to_table
from reportgen.site.tiles import part_counts
from reportgen.site.words import moment

SCHEMA = Path(__file__).with_name("report.schema.json")
SCHEMA_VERSION = 1
GENERATOR = "reportgen"

Json = dict[str, Any]


def to_report(report: Report) -> Json:
    """The report as JSON-able values: objects by name, and tables as columns of one length.

    Nulls stand for what is not defined; rates are 0-1, differences candidate minus baseline. The serialiser sorts the
    keys and rounds to 12 significant digits.
    """
    parts = report.outcomes.parts
    return {
        **to_verdict(report),
        "task": report.task,
        "overlap": None if parts is None or parts.kind != "object" else parts.overlap,
        "created": moment(report.created),
        "manifest": {
            "path": report.manifest_path,
            "sha256": report.manifest_sha256,
            "inferred": report.manifest_inferred,
        },
        "inputs": [asdict(one) for one in report.inputs],
        "versions": [asdict(one) for one in report.versions],
        "metrics": [asdict(one) for one in report.metrics],
        "attributes": [_attribute(one) for one in report.attributes],
        "slices": [_slice(one) for one in report.slices],
        "estimates": to_table(report.estimates),
        "comparisons": to_table(report.comparisons.drop("discordance", "decimals")),
        "weaknesses": to_table(report.weaknesses),
        "runs": to_table(report.runs),
        "contributions": to_table(report.contributions),
        "supports": to_table(report.supports),
        "spreads": [asdict(one) for one in report.spreads],
        "unpaired": [asdict(one) for one in report.unpaired],
        "families": [asdict(one) for one in report.families],
        "searches": [asdict(one) for one in report.searches],
        "discoveries": to_table(report.discoveries),
        "flips": to_table(report.flips),
        "sequences": to_table(report.sequences),
        "trace": None if report.trace is None else asdict(report.trace),
        "history": None if report.history is None else _history(report.history),
        "confusions": to_table(report.confusions),
        "confusion_changes": to_table(report.confusion_changes),
        **_pixels(report),
        **_label_errors(report),
        "confidence": {
            name: table.drop("slice", "version").to_dicts()
            for (name,), table in report.confidence_bins.filter(pl.col("slice") == ALL).group_by(
                "version", maintain_order=True
            )
        },
        "confidence_bins": to_table(report.confidence_bins),
        "calibrations": to_table(report.calibrations),
        "claims": to_table(report.claims),
        "risks": to_table(report.risks),
        "cutoffs": to_table(report.cutoffs),
        "matches": to_table(report.matches),
        "object_errors": to_table(report.object_errors),
        "object_changes": to_table(report.object_changes),
        **_object_pairs(report),
        "overlaps": to_table(report.overlaps),
        "placements": to_table(report.placements),
        "coverage": None if report.coverage is None else _coverage(report.coverage),
        "power": [_power(one) for one in report.power],
        "inspection": to_inspection(report.inspection, report.outcomes.frame[columns.ID]),
        "objects": None if report.objects is None else _objects(report.objects),
        "example_sets": [asdict(one) for one in report.example_sets],
        "examples": _examples(report),
        "notes": [asdict(one) for one in report.notes],
    }


def _label_errors(report: Report) -> Json:
    """Which labels go wrong together; nothing in a report of something else."""
    if report.outcomes.parts is None or report.outcomes.parts.kind != "label":
        return {}
    return {
        "label_errors": to_table(report.label_errors),
        "label_error_changes": to_table(report.label_error_changes),
    }


def _object_pairs(report: Report) -> Json:
    """How averages of objects, and what mending their errors gives back, differ; nothing where there are no objects."""
    if report.outcomes.parts is None or report.outcomes.parts.kind != "object":
        return {}
    return {
        "object_comparisons": to_table(report.object_comparisons.drop("discordance", "decimals")),
        "object_gain_changes": to_table(report.object_gain_changes),
    }


def _pixels(report: Report) -> Json:
    """The confusion of pixels, and its change; nothing where samples are not judged by pixels."""
    if report.outcomes.parts is None or report.outcomes.parts.kind != "pixel":
        return {}
    return {
        "pixel_confusions": to_table(report.pixel_confusions),
        "pixel_changes": to_table(report.pixel_changes),
    }


def to_verdict(report: Report) -> Json:
    """The part of ``to_report`` that says whether the candidate may ship; of the slices only those it speaks of."""
    told = {one.slice for one in report.beliefs} | {one.slice for one in report.pinned}
    told |= {place for gate in report.gates for place in (gate.slice, *gate.failing, *gate.watch)}
    return {
        "schema_version": SCHEMA_VERSION,
        "generator": {"name": GENERATOR, "version": __version__},
        "title": report.title,
        "baseline": report.baseline,
        "candidate": report.candidate,
        "sampled": report.sampled,
        "counts": asdict(report.counts),
        "limits": asdict(report.limits),
        "slices": [_slice(one) for one in report.slices if one.id in told],
        "answer": {
            "state": report.answer.state,
            "headline": report.answer.headline,
            "sentence": report.answer.sentence,
            "support": list(report.answer.support),
            "next": report.answer.next.text if report.answer.next else None,
            "not_tested": report.answer.not_tested.text if report.answer.not_tested else None,
        },
        "findings": [_finding(one, report.outcomes) for one in report.findings],
        "gates": [to_gate(one) for one in report.gates],
        "release": None if report.release is None else asdict(report.release),
        "beliefs": [to_linked(one) for one in report.beliefs],
        "pinned": [to_linked(one) for one in report.pinned],
    }


def _slice(one: Slice) -> Json:
    return {
        "id": one.id,
        "terms": _terms(one.terms),
        "level": one.level,
        "origin": one.origin,
        "n": one.n,
        "n_groups": one.n_groups,
        "n_confirm": one.n_confirm,
        "name": one.name,
        "critical": one.critical,
    }


def _objects(objects: ObjectSlices) -> Json:
    """The slices of objects, in tables like those of samples."""
    return {
        "n": objects.outcomes.frame.height,
        "metric": asdict(objects.metric),
        "attributes": [_attribute(one) for one in objects.outcomes.attributes],
        "slices": [_slice(one) for one in objects.slices],
        "estimates": to_table(objects.estimates),
        "comparisons": to_table(objects.comparisons.drop("discordance", "decimals")),
        "weaknesses": to_table(objects.weaknesses),
        "families": [asdict(one) for one in objects.families],
        "flips": to_table(objects.flips),
        "searches": [asdict(one) for one in objects.searches],
        "discoveries": to_table(objects.discoveries),
    }


def _history(history: History) -> Json:
    """What past reports said, oldest first, and what is gone since the last; this one's figures are the report's."""
    figures = [
        {"created": moment(past.created), "candidate": past.candidate, **asdict(figure)}
        for past in history.past
        for figure in past.figures
    ]
    return {
        "reports": [
            {
                "created": moment(past.created),
                "inputs": past.inputs,
                "baseline": past.baseline,
                "candidate": past.candidate,
                "n_samples": past.n_samples,
                "findings": [asdict(one) for one in past.findings],
            }
            for past in history.past
        ],
        "figures": {name: [one[name] for one in figures] for name in _FIGURES},
        "gone": [asdict(one.finding) | {"state": one.state, "evidence": one.evidence} for one in history.gone],
        "lists": [
            {"created": moment(past.created), **{name: getattr(one, name) for name in _LISTS}}
            for past in history.past
            for one in past.sets or ()
        ],
        "acted": [asdict(one) | {"created": moment(one.created)} for one in history.acted],
        "sizes": [asdict(one) for one in history.sizes],
    }


_FIGURES = (
    "created", "candidate", "kind", "name", "label", "metric", "unit", "value", "low", "high", "n", "state", "change"
)  # fmt: skip


_LISTS = ("key", "name", "part", "action", "n")


def _attribute(attribute: Attribute) -> Json:
    found: Json = {
        "name": attribute.name,
        "kind": attribute.kind,
        "n_missing": attribute.n_missing,
        "values": list(attribute.values),
    }
    if attribute.edges is not None:
        found["edges"] = list(attribute.edges)
    return found


def _terms(terms: Iterable[Term]) -> list[Json]:
    return [{"attribute": t.attribute, "op": t.op, "value": t.value} for t in terms]


def _coverage(coverage: Coverage) -> Json:
    found = asdict(coverage)
    for name, listed in (("empty", coverage.empty), ("few", coverage.few)):
        found[name] = [{"terms": _terms(one.terms), "n": one.n, "n_groups": one.n_groups} for one in listed]
    return found


def _power(power: Power) -> Json:
    found = asdict(power)
    found["class"] = found.pop("klass")
    return found


def _examples(report: Report) -> Json:
    """The sets' samples, and by version what each predicted: label or value, confidence, and whether it is right.

    Of tasks with parts the prediction is the sample's loss, and its right, false and missed parts are counted.
    """
    rows = report.examples["row"]
    labels = {one.name: one.label for one in report.example_sets}
    found = to_table(report.examples.drop("row"))
    found["reason"] = [labels[name] for name in found["set"]]
    chosen = report.outcomes.frame[rows.to_list()].with_columns(rows.alias("row"))
    found["versions"] = {
        name: _predicted(report.outcomes, chosen, v) for v, name in enumerate(report.outcomes.versions)
    }
    return found


def _predicted(outcomes: Outcomes, chosen: pl.DataFrame, version: int) -> Json:
    scored = chosen[columns.scored(version)].to_list()
    found: Json = {
        "prediction": [
            _value(outcomes, value) if known else None
            for value, known in zip(chosen[columns.prediction(version)].to_list(), scored, strict=True)
        ],
        "correct": [
            bool(value) if known else None
            for value, known in zip(chosen[columns.correct(version)].to_list(), scored, strict=True)
        ],
    }
    if outcomes.parts is not None:
        rows, counts = chosen["row"].to_list(), part_counts(outcomes)[version]
        for name, one in zip(("right", "false", "missed"), counts, strict=True):
            found[name] = [int(one[row]) if known else None for row, known in zip(rows, scored, strict=True)]
    if columns.confidence(version) in chosen.columns:
        found["confidence"] = to_table(chosen.select(columns.confidence(version)))[columns.confidence(version)]
    return found


def _value(outcomes: Outcomes, value: float | int | None) -> str | float | None:
    if value is None:
        return None
    if not outcomes.classes:
        return float(value)
    return outcomes.classes[int(value)] if value >= 0 else None


def _finding(finding: Finding, outcomes: Outcomes) -> Json:
    links = [_link(link) for link in finding.links]
    ids = outcomes.frame[columns.ID]
    return {
        "kind": finding.kind,
        "severity": finding.severity,
        "state": finding.state,
        "headline": finding.headline,
        "text": finding.text,
        "slice": finding.slice,
        "objects": finding.objects,
        "metric": finding.metric,
        "evidence": {
            "effect": None if finding.effect is None else _effect(finding.effect),
            "examples": [ids[row] for row in finding.rows],
            "links": links,
            "grounds": finding.grounds,
        },
        "link": links[0] if links else None,
        "since": finding.since,
        "first_seen": None if finding.first_seen is None else moment(finding.first_seen),
    }


def _effect(effect: Effect) -> Json:
    """The effect without the decimals that its pages print."""
    found = asdict(effect)
    for row in found["rows"]:
        del row["decimals"]
    return found


def to_gate(gate: Gate) -> Json:
    """The gate with its class under the name that tables have for it."""
    found = to_linked(gate)
    found["class"] = found.pop("klass")
    return found


def to_linked(one: Gate | Belief | PinnedSet) -> Json:
    """Its fields by name, and its links as every other link stands."""
    return asdict(one) | {"links": [_link(link) for link in one.links]}


def _link(link: Link) -> Json:
    return {"page": link.page, "text": link.text, "state": _state(link.state), "count": link.count}


def _state(state: Iterable[tuple[str, str]]) -> Mapping[str, list[str]]:
    """The state's values by key; a key may stand more than once."""
    found: dict[str, list[str]] = {}
    for key, value in state:
        found.setdefault(key, []).append(value)
    return found
