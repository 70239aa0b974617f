"""The part ``inspection`` of ``report.json``: what was found in the data themselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

import polars as pl

from reportgen.inspection import (
    AttributeChecks,
    BoxIssues,
    Duplicates,
    Inspection,
    LabelIssues,
    PartIssues,
    RegionIssues,
    SampleChecks,
    SampleSet,
)
from reportgen.inspection.cards import Card
from reportgen.inspection.labels import ClassNoise, Reviewed
from reportgen.inspection.training import Moved, Training, TrainingChange, TrainingSet

Json = dict[str, Any]


def to_inspection(inspection: Inspection, ids: pl.Series) -> Json:
    """Its sets and their sizes, each version's error in them, and what each part found; null: it could not be asked.

    ``ids`` are those of all samples, in the order of the outcome frame.
    """
    return {
        "sets": [
            {"key": s.key, "name": s.name, "part": s.part, "rule": s.rule, "action": s.action, "n": s.n}
            for s in inspection.sets
        ],
        "rates": to_table(inspection.rates),
        "labels": None if inspection.labels is None else _labels(inspection.labels),
        "boxes": None if inspection.boxes is None else _boxes(inspection.boxes),
        "regions": None if inspection.regions is None else _regions(inspection.regions),
        "duplicates": None if inspection.duplicates is None else _duplicates(inspection.duplicates),
        "samples": None if inspection.samples is None else _samples(inspection.samples, ids),
        "attributes": None if inspection.attributes is None else _attributes(inspection.attributes, ids),
        "training": None if inspection.training is None else _training(inspection.training),
        "cards": [_card(one) for one in inspection.cards],
        "without_card": [asdict(one) for one in inspection.without_card],
        "absent": [asdict(one) for one in inspection.absent],
    }


def _card(card: Card) -> Json:
    rows = [{name: value for name, value in asdict(one).items() if name != "link"} for one in card.rows]
    return {**asdict(card), "rows": rows}


def to_table(frame: pl.DataFrame) -> Json:
    """A table as columns of one length; what is not finite is null."""
    floats = [name for name, kind in frame.schema.items() if kind.is_float()]
    finite = frame.with_columns(pl.when(pl.col(name).is_finite()).then(pl.col(name)).alias(name) for name in floats)
    return {name: column.to_list() for name, column in finite.to_dict().items()}


def _labels(labels: LabelIssues) -> Json:
    return {
        "method": labels.method,
        "rule": labels.rule,
        "n_checked": labels.n_checked,
        "n_in_sample": labels.n_in_sample,
        "candidates": to_table(labels.candidates.drop("row")),
        "noise": [_noise(one) for one in labels.noise],
        "effects": to_table(labels.effects),
        "reviewed": _reviewed(labels.reviewed),
    }


def _boxes(boxes: BoxIssues) -> Json:
    return {
        **_parts(boxes, boxes.candidates.drop("row", "object", "detections", "suggested_by")),
        "found": [{"version": name, "n": n} for name, n in boxes.n_found.items()],
        "limits": [{"version": name, "overlap": limit} for name, limit in boxes.limits.items()],
    }


def _regions(regions: RegionIssues) -> Json:
    return {
        **_parts(regions, regions.candidates.drop("row", "versions", "mask")),
        "least": [{"class": name, "n": n} for name, n in regions.least.items()],
        "silent": [{"version": version, "class": name, "iou": iou} for version, name, iou in regions.silent],
    }


def _parts(issues: PartIssues, candidates: pl.DataFrame) -> Json:
    return {
        "rule": issues.rule,
        "n_checked": issues.n_checked,
        "n_samples": issues.n_samples,
        "n_in_sample": issues.n_in_sample,
        "candidates": to_table(candidates),
        "verdict": issues.verdict,
        "effects": to_table(issues.effects),
        "reviewed": _reviewed(issues.reviewed),
    }


def _reviewed(reviewed: Reviewed | None) -> Json | None:
    return None if reviewed is None else {**asdict(reviewed), "precision": reviewed.precision}


def _duplicates(duplicates: Duplicates) -> Json:
    return {
        "compared": [asdict(one) for one in duplicates.compared],
        "n_pairs": duplicates.n_pairs,
        "n_copies": len(duplicates.copies),
        "families": to_table(duplicates.families.drop("rows", "first", "second")),
        "effects": to_table(duplicates.effects),
    }


def _samples(samples: SampleChecks, ids: pl.Series) -> Json:
    found = _ids(samples.sets, ids)
    return {
        "kind": samples.kind,
        "n": samples.n,
        "n_unlooked": samples.n_unlooked,
        "n_found": samples.n_found,
        "checks": [
            {
                "key": one.key,
                "name": one.name,
                "rule": one.rule,
                "n": one.n,
                "n_checked": one.n_checked,
                "usual": one.is_usual,
                "ids": found.get(one.key, []),
            }
            for one in samples.checks
        ],
        "together": to_table(samples.together),
        "at_most": [{"version": version, "value": value} for version, value in samples.at_most],
    }


def _attributes(attributes: AttributeChecks, ids: pl.Series) -> Json:
    return {
        "n": attributes.n,
        "n_missing": attributes.n_missing,
        "columns": [asdict(one) for one in attributes.columns],
        "pairs": [asdict(one) for one in attributes.pairs],
        "missing": _ids(attributes.sets, ids),
    }


def _ids(sets: Iterable[SampleSet], ids: pl.Series) -> dict[str, list[str]]:
    """The ids of each set's samples, by its key, in the order in which to look at them."""
    return {one.key: ids.gather(one.rows).to_list() for one in sets}


def _noise(one: ClassNoise) -> Json:
    return {
        "version": one.version,
        "n": one.n,
        "n_candidates": one.n_candidates,
        "n_estimated": one.n_estimated,
        "thresholds": one.thresholds.tolist(),
        "joint": one.joint.tolist(),
    }


def _training(training: Training) -> Json:
    return {
        "tables": [_table(one) for one in training.tables],
        "changes": [_change(one) for one in training.changes],
        "leaks": to_table(training.leaks.drop("row", "there_text")),
        "effects": to_table(training.effects),
    }


def _table(one: TrainingSet) -> Json:
    return {
        "versions": list(one.versions),
        "n": one.n,
        "n_here": one.n_here,
        "lacking": list(one.lacking),
        "attributes": [_moved(each) for each in one.attributes],
        "pairs": [_moved(each) for each in one.pairs],
        "target": [asdict(each) for each in one.target],
        "unseen": [
            {
                "attribute": each.attribute,
                "values": [{"value": value, "n": n} for value, n in each.values],
                "n": each.n,
                "set": each.key,
            }
            for each in one.unseen
        ],
        "n_trained_on": one.n_trained_on,
        "content": [asdict(each) for each in one.content],
        "other": [{"attribute": name, "n": n} for name, n in one.other],
    }


def _moved(one: Moved) -> Json:
    return {
        **asdict(one),
        "attributes": list(one.attributes),
        "most": None if one.most is None else {**asdict(one.most), "values": list(one.most.values)},
        "middles": None if one.middles is None else list(one.middles),
    }


def _change(one: TrainingChange) -> Json:
    return {
        **asdict(one),
        "relabelled": [{"before": before, "after": after, "n": n} for before, after, n in one.relabelled],
    }
