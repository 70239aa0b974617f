"""From a manifest to the Report: the only file that knows the order."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl

from reportgen import columns, numbers
from reportgen.analysis.answer import answer
from reportgen.analysis.attributes import AttributeSpec, code_attributes, code_target
from reportgen.analysis.beliefs import hold_beliefs
from reportgen.analysis.confidence import Confidence, examine_confidence
from reportgen.analysis.confusions import compare_confusions, count_confusions
from reportgen.analysis.contributions import find_contributions
from reportgen.analysis.coverage import measure_coverage
from reportgen.analysis.cutoffs import Cutoffs, walk_cutoffs
from reportgen.analysis.declared import declare_slices, mark_pinned
from reportgen.analysis.discovery import discover
from reportgen.analysis.estimates import estimate_all
from reportgen.analysis.examples import Gallery, rank_examples
from reportgen.analysis.facts import Facts
from reportgen.analysis.findings import derive_findings
from reportgen.analysis.flips import count_flips, estimate_flips
from reportgen.analysis.gates import judge
from reportgen.analysis.history import Identity, look_back
from reportgen.analysis.label_errors import compare_label_errors, count_label_errors
from reportgen.analysis.label_slices import code_labels
from reportgen.analysis.measure import Measure, measure
from reportgen.analysis.object_changes import count_changes
from reportgen.analysis.object_costs import cost_objects
from reportgen.analysis.object_findings import ObjectFacts
from reportgen.analysis.object_overlaps import compare_overlaps, count_overlaps
from reportgen.analysis.object_ranks import rank_objects
from reportgen.analysis.object_slices import SlicedObjects, slice_objects
from reportgen.analysis.pinned import follow_pinned
from reportgen.analysis.pixel_confusions import compare_pixel_confusions, count_pixel_confusions
from reportgen.analysis.pixel_overlaps import compare_ious, count_ious
from reportgen.analysis.power import find_power
from reportgen.analysis.quality.cards import make_cards
from reportgen.analysis.quality.cases import Background
from reportgen.analysis.quality.given import Given
from reportgen.analysis.quality.inspect import inspect, mark_sets, weigh
from reportgen.analysis.quality.support import code_tables, count_supports, in_training_split
from reportgen.analysis.ranks import rank_all
from reportgen.analysis.sequences import measure_sequences
from reportgen.analysis.slices import Axes, enumerate_axes
from reportgen.analysis.traces import trace_versions
from reportgen.analysis.trainings import judge_spreads, list_runs
from reportgen.analysis.unpaired import compare_unpaired
from reportgen.analysis.versions import compare_all, compare_other_objects
from reportgen.analysis.weaknesses import compare_with_rest
from reportgen.declarations import NOTHING_DECLARED, Declarations
from reportgen.errors import InputError, Problem, stop
from reportgen.inputs.attributes import guess_attributes
from reportgen.inputs.costs import read_costs
from reportgen.inputs.declarations import Known, resolve_declarations
from reportgen.inputs.embeddings import read_embedding
from reportgen.inputs.history import prepare_history, read_history
from reportgen.inputs.join import join_inputs
from reportgen.inputs.join_labels import join_labels, target_columns
from reportgen.inputs.join_masks import join_masks
from reportgen.inputs.join_objects import join_objects
from reportgen.inputs.joined import Joined
from reportgen.inputs.looks import look_at
from reportgen.inputs.manifest import LoadedManifest, Manifest
from reportgen.inputs.objects import read_sample_table
from reportgen.inputs.pinned import read_pinned
from reportgen.inputs.reviewed import ReviewedList, match_reviewed, read_reviewed
from reportgen.inputs.tables import Table, read_tables
from reportgen.inputs.trained import ids_beyond, read_training, with_vectors
from reportgen.inputs.values import read_ids
from reportgen.inspection.looks import Looks
from reportgen.model import (
    Attribute,
    Counts,
    Family,
    Finding,
    Limits,
    Media,
    MetricInfo,
    Note,
    Outcomes,
    PastReport,
    RunSpread,
    Slice,
    Trace,
)
from reportgen.report import Report
from reportgen.tasks import classification, regression
from reportgen.tasks.known import task_of
from reportgen.tasks.metric import Metric, can_lead, with_missing_as_wrong

Progress = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class Sources:
    """The tables that a manifest names."""

    samples: Table
    predictions: Mapping[str, Table]
    runs: Mapping[str, Sequence[Table]] = field(default_factory=dict)  # a version's further trainings


def run(
    loaded: LoadedManifest,
    *,
    sample: int | None = None,
    strict: bool = False,
    inferred: bool = False,
    sources: Sources | None = None,
    keep_history: bool = True,
    progress: Progress = lambda _stage: None,
) -> Report:
    """The complete Report of a manifest.

    Args:
        loaded: the manifest with its place.
        sample: look at so many samples at most (whole groups where there are groups); the report says so.
        strict: anything left out or repaired is an error.
        inferred: the manifest was inferred from the files.
        sources: tables read already; else they are read from the manifest's paths.
        keep_history: the history's folder is to take this report, and must be one that can be written to.
        progress: called with the name of each stage as it begins.

    Raises:
        InputError: every problem that the first failing stage found.
    """
    manifest = loaded.manifest
    progress("Reading tables")
    sources = sources or scan(loaded)
    pinned = read_pinned(loaded)
    reviewed = read_reviewed(loaded)
    progress("Joining predictions to samples")
    joined = join(loaded, sources, take=sample)
    limits = Limits(**manifest.support.model_dump(), level=manifest.level)
    progress("Finding slices")
    outcomes, notes = make_outcomes(loaded, joined)
    task = task_of(outcomes)
    metrics, primary = _metrics(loaded, task.metrics, task.primary)
    baseline, candidate = _roles(manifest, outcomes.versions)
    tables, training_files, training_notes = read_training(
        loaded,
        [
            *(a.name for a in outcomes.attributes if a.kind != "target" and a.name in outcomes.samples.columns),
            *_target_columns(manifest),
        ],
    )
    kept, history_notes = _past_reports(loaded, sample=sample, inferred=inferred, keep=keep_history)
    known = _known(manifest, outcomes, metrics, baseline)
    declarations = resolve_declarations(loaded, known, pinned.sets)
    progress("Inspecting the data")
    beyond = ids_beyond(tables, read_ids(sources.samples, manifest.columns.id))
    embedding = read_embedding(loaded, sources.samples, outcomes.frame[columns.ID].to_list(), beyond)
    tables = with_vectors(tables, embedding, beyond, manifest.columns.embedding or "")
    looks, look_notes = _look(outcomes, progress)
    given, given_notes = _given(loaded, outcomes, reviewed)
    told = (*embedding.notes, *look_notes, *given_notes)
    given = replace(
        given,
        looks=looks,
        attribute_columns=_attribute_columns(manifest, joined),
        vectors=embedding.vectors,
        training=tables,
        target=manifest.columns.target,
        baseline=None if baseline is None else outcomes.versions[baseline],
        candidate=outcomes.versions[candidate],
    )
    coded = code_tables(outcomes, given)
    inspection = inspect(outcomes, given, coded, limits.level)
    outcomes = mark_sets(mark_pinned(outcomes, declarations.pinned), inspection.sets)
    everywhere = [gate.metric.name for gate in declarations.gates if gate.on == "every slice"]
    measured = measure(outcomes, limits, [*(manifest.metrics or [primary.name]), *everywhere])
    own, object_notes = _object_specs(manifest, outcomes)
    sliced = slice_objects(outcomes, own, limits, baseline, candidate)
    found = analyse(
        measured,
        metrics,
        primary,
        baseline,
        candidate,
        declarations=declarations,
        notes=(
            *joined.notes,
            *notes,
            *object_notes,
            *(sliced.notes if sliced else ()),
            *training_notes,
            *history_notes,
            *told,
        ),
        strict=strict,
        progress=progress,
    )
    facts, of_objects = _beside(found.facts, sliced)
    progress("Deriving findings")
    gates, release = judge(facts, declarations)
    powers = find_power(facts, gates)
    findings = derive_findings(facts, gates, of_objects)
    listed = [] if reviewed is None else [reviewed.input]
    inputs = (*joined.inputs, *training_files, *pinned.inputs, *listed, *embedding.inputs)
    supports = count_supports(coded, _told_slices(facts, findings), limits.level)
    inspection = weigh(inspection, measured, metrics, baseline, candidate)
    background = Background(inspection, supports, in_training_split(outcomes, given), coded)
    cards, without_card = make_cards(measured, facts, findings, background)
    inspection = replace(inspection, cards=cards, without_card=without_card)
    created, history = created_at(), None
    if kept is not None:
        identity = Identity(manifest.title, manifest.task, created, loaded.sha256, inputs)
        findings, history = look_back(facts, findings, gates, identity, kept, inspection)
    return Report(
        title=manifest.title or "Evaluation",
        task=manifest.task,
        created=created,
        baseline=facts.baseline,
        candidate=facts.candidate,
        manifest_path=loaded.path.name,
        manifest_sha256=loaded.sha256,
        manifest_inferred=inferred,
        inputs=inputs,
        sampled=joined.n_taken,
        counts=_counts(joined),
        versions=joined.versions,
        metrics=tuple(facts.metrics),
        attributes=outcomes.attributes,
        limits=limits,
        slices=_all_slices(facts.axes, candidate),
        estimates=facts.estimates,
        comparisons=facts.comparisons,
        families=found.families,
        searches=facts.searches,
        discoveries=facts.discoveries,
        object_errors=found.object_errors,
        object_gain_changes=found.object_gain_changes,
        object_comparisons=found.object_comparisons,
        object_changes=count_changes(measured),
        overlaps=pl.concat([count_overlaps(measured), count_ious(measured)]),
        placements=pl.concat([compare_overlaps(measured), compare_ious(measured)]),
        weaknesses=facts.weaknesses,
        flips=facts.flips,
        confusions=count_confusions(measured),
        confusion_changes=facts.confusion_changes,
        pixel_confusions=count_pixel_confusions(measured),
        pixel_changes=columns.PIXEL_CHANGES.to_frame()
        if baseline is None
        else compare_pixel_confusions(measured, baseline),
        example_sets=found.gallery.sets,
        examples=found.gallery.examples,
        answer=answer(facts, findings, gates, powers),
        findings=findings,
        notes=tuple(facts.notes),
        outcomes=outcomes,
        unpaired=tuple(facts.unpaired),
        trace=found.trace,
        confidence_bins=found.sureness.bins,
        calibrations=found.sureness.calibrations,
        claims=facts.claims,
        risks=found.sureness.risks,
        cutoffs=found.walked.table,
        matches=found.walked.matches,
        coverage=facts.coverage,
        power=powers,
        supports=supports,
        runs=found.runs,
        contributions=found.contributions,
        spreads=found.spreads,
        history=history,
        gates=gates,
        release=release,
        beliefs=hold_beliefs(facts, declarations),
        pinned=follow_pinned(facts, declarations),
        sequences=measure_sequences(outcomes, task.flip_codes, baseline, candidate),
        inspection=inspection,
        objects=None if sliced is None else sliced.slices,
        label_errors=count_label_errors(measured),
        label_error_changes=columns.LABEL_ERROR_CHANGES.to_frame()
        if baseline is None
        else compare_label_errors(measured, baseline),
    )


def _beside(facts: Facts, sliced: SlicedObjects | None) -> tuple[Facts, ObjectFacts | None]:
    """The facts of samples and of objects, each with the other's families of tests: findings count them together."""
    if sliced is None:
        return facts, None
    theirs = {f"{name} of objects": q for name, q in sliced.facts.least_q.items()}
    mine = {f"{name} of samples": q for name, q in facts.least_q.items()}
    objects = ObjectFacts(replace(sliced.facts, beside=mine), facts.outcomes, sliced.slices.samples)
    return replace(facts, beside=theirs), objects


@dataclass(frozen=True, eq=False)
class Analysis:
    """What the figures say before anything is derived from them: the facts, and what only the report needs."""

    facts: Facts
    families: tuple[Family, ...]
    gallery: Gallery
    trace: Trace | None
    runs: pl.DataFrame
    spreads: tuple[RunSpread, ...]
    sureness: Confidence
    contributions: pl.DataFrame
    walked: Cutoffs
    object_errors: pl.DataFrame
    object_gain_changes: pl.DataFrame
    object_comparisons: pl.DataFrame


def analyse(
    measured: Measure,
    metrics: Sequence[Metric],
    primary: Metric,
    baseline: int | None,
    candidate: int,
    *,
    declarations: Declarations = NOTHING_DECLARED,
    notes: Sequence[Note] = (),
    strict: bool = False,
    progress: Progress = lambda _stage: None,
) -> Analysis:
    """Every figure of a report, in the one order in which they need each other.

    Args:
        measured: the outcomes as arrays, with limits.
        metrics: the task's, in the order to show them.
        primary: the one that leads.
        baseline: the position of the version to hold against; None where there is one version.
        candidate: the position of the version in question.
        declarations: the slices that the manifest declares, and the gates and beliefs that are about some.
        notes: of the data, so far; the analysis adds its own.
        strict: a degraded note is an error.
        progress: called with the name of each stage as it begins.

    Raises:
        InputError: something was left out, and ``strict`` asks for none of that.
    """
    outcomes = measured.outcomes
    task = task_of(outcomes)
    axes = declare_slices(enumerate_axes(outcomes, measured.limits), outcomes, declarations)
    discovery = discover(measured, axes, primary, baseline, candidate)
    axes = discovery.axes
    progress("Estimating every slice")
    metrics = with_missing_as_wrong(metrics, measured.sides)
    sureness = examine_confidence(measured, axes, metrics, baseline, candidate)
    walked = walk_cutoffs(measured, axes, sureness.places, baseline, candidate)
    declared = (*axes.attributes, *axes.declared, *axes.again)
    ranks = (
        *rank_all(measured, metrics, baseline, declared),
        *rank_objects(measured, metrics, baseline, declared),
        *sureness.figures,
    )
    costs = cost_objects(measured, baseline, declared)
    estimates = estimate_all(measured, axes, metrics, primary, ranks)
    progress("Comparing versions")
    weaknesses, weak_families = compare_with_rest(measured, axes, primary, discovery.table)
    if baseline is None:
        comparisons, families = columns.COMPARISONS.to_frame(), weak_families
        flips, changes = columns.FLIPS.to_frame(), columns.CONFUSION_CHANGES.to_frame()
        others = columns.COMPARISONS.to_frame()
    else:
        comparisons, changed_families = compare_all(measured, axes, metrics, baseline, ranks, discovery.table)
        families = (*changed_families, *weak_families)
        others = compare_other_objects(measured, axes, metrics, baseline, ranks)
        flips = count_flips(measured, axes, task.flip_codes, baseline)
        changes = compare_confusions(measured, baseline)
        estimates = pl.concat([estimates, estimate_flips(measured, task.flip_codes, baseline)])
    runs = list_runs(measured, axes, metrics, primary)
    trace, rates = trace_versions(measured, candidate)
    estimates = estimates if rates is None else pl.concat([estimates, rates])
    progress("Ranking hard examples")
    hardness = [task.hardness(side) for side in measured.sides]
    gallery = rank_examples(measured, hardness, task.flip_codes, baseline, candidate)
    clipped = [note for v, side in enumerate(measured.sides) for note in task.notes(side, outcomes.versions[v])]
    notes = (*notes, *axes.notes, *clipped)
    if strict:
        refuse_degraded(notes)
    families = (*families, *sureness.families)
    infos = _infos(metrics, primary, measured)
    facts = Facts(
        outcomes=outcomes,
        axes=axes,
        limits=measured.limits,
        primary=next(i for i in infos if i.primary),
        metrics=infos,
        baseline=None if baseline is None else outcomes.versions[baseline],
        candidate=outcomes.versions[candidate],
        estimates=estimates,
        comparisons=comparisons,
        weaknesses=weaknesses,
        flips=flips,
        confusion_changes=changes,
        notes=notes,
        flip_codes=None
        if baseline is None
        else task.flip_codes(outcomes.frame, baseline, candidate, outcomes.flip_margin),
        hardness=hardness[candidate],
        claims=sureness.claims,
        unpaired=() if baseline is None else compare_unpaired(measured, primary, baseline),
        searches=discovery.searches,
        discoveries=discovery.table,
        coverage=measure_coverage(outcomes, axes, measured.limits),
    )
    spreads = judge_spreads(runs, comparisons, primary, measured.limits.level)
    contributions = find_contributions(measured, axes, primary, comparisons)
    return Analysis(facts, families, gallery, trace, runs, spreads, sureness, contributions, walked, *costs, others)


def _told_slices(facts: Facts, findings: Sequence[Finding]) -> list[Slice]:
    """The slices of one attribute, and those that findings speak of or the manifest declares."""
    told = {one.slice for one in findings}
    return [
        one
        for one in facts.slices.values()
        if one.level == 1 or one.id in told or one.critical is not None or one.origin == "found"
    ]


def _past_reports(
    loaded: LoadedManifest, *, sample: int | None, inferred: bool, keep: bool
) -> tuple[tuple[PastReport, ...] | None, tuple[Note, ...]]:
    """The past reports, and notes of files that are none; None where this report is not to stand beside any.

    A quick look is no report to compare with, and an inferred manifest is nobody's yet.
    """
    folder = loaded.history_folder
    if folder is None or sample is not None or inferred:
        return None, ()
    shown = loaded.manifest.history or ""
    if keep:
        prepare_history(folder, shown)
    return read_history(folder, shown)


def _target_columns(manifest: Manifest) -> list[str]:
    return [] if manifest.judges_parts else [manifest.columns.target]


def scan(loaded: LoadedManifest) -> Sources:
    """The tables that the manifest names; every unreadable one is told at once.

    Objects and masks are no tables: their files are read where they are joined.

    Raises:
        InputError: the problems of all files.
    """
    if loaded.manifest.task in {"detection", "segmentation"}:
        return Sources(read_sample_table(loaded), {})
    return Sources(*read_tables(loaded.samples_path, loaded.prediction_paths, loaded.shown, runs=loaded.run_paths))


def join(loaded: LoadedManifest, sources: Sources, *, take: int | None = None) -> Joined:
    """The samples with every version's predictions, or with what it detects or marks in them.

    Raises:
        InputError: every problem of the first stage that has any.
    """
    if loaded.manifest.task == "detection":
        return join_objects(loaded, sources.samples, take=take)
    if loaded.manifest.task == "segmentation":
        return join_masks(loaded, sources.samples, take=take)
    joiner = join_labels if loaded.manifest.task == "multilabel" else join_inputs
    return joiner(loaded, sources.samples, sources.predictions, runs=sources.runs, take=take)


def make_outcomes(loaded: LoadedManifest, joined: Joined) -> tuple[Outcomes, tuple[Note, ...]]:
    """The outcome frame with attributes as codes, and what its codes mean; notes of attributes left out."""
    manifest = loaded.manifest
    specs, notes = _attribute_specs(manifest, joined)
    coded = code_attributes(joined.samples, specs)
    frame = pl.concat([joined.frame, coded.codes], how="horizontal")
    attributes = coded.attributes
    if joined.parts is None:
        target, codes = code_target(
            frame[columns.TARGET], _target_name(manifest, attributes), joined.classes, len(attributes)
        )
        frame = frame.with_columns(pl.Series(columns.attribute(target.index), codes))
        attributes = (*attributes, target)
    elif joined.parts.kind == "label":
        labels = code_labels(joined.parts, frame, attributes)
        frame = pl.concat([frame, labels.codes], how="horizontal") if labels.attributes else frame
        attributes, notes = (*attributes, *labels.attributes), (*notes, *labels.notes)
    n_versions = sum(map(len, joined.runs))
    tolerance = flip_margin = None
    if joined.classes:
        frame = classification.outcomes(frame, n_versions)
    elif joined.parts is not None and joined.parts.kind != "pixel":
        # a part too many or too few is an error, whatever the share of the sample's parts
        tolerance, flip_margin = manifest.tolerance or 0.0, manifest.flip_margin or 0.0
        frame = regression.outcomes(frame, n_versions, tolerance)
    else:
        usual = regression.usual_error(
            frame, 0 if manifest.baseline is None else [v.name for v in joined.versions].index(manifest.baseline)
        )
        tolerance = manifest.tolerance if manifest.tolerance is not None else usual
        flip_margin = manifest.flip_margin if manifest.flip_margin is not None else usual
        frame = regression.outcomes(frame, n_versions, tolerance)
    return (
        Outcomes(
            frame=frame,
            samples=joined.samples,
            classes=joined.classes,
            attributes=attributes,
            versions=tuple(version.name for version in joined.versions),
            group_names=joined.group_names,
            sequence_names=joined.sequence_names,
            media=_media(loaded),
            positive=joined.positive,
            threshold=joined.threshold,
            tolerance=tolerance,
            flip_margin=flip_margin,
            parts=joined.parts,
            costs=read_costs(loaded, joined.classes),
            split=manifest.columns.split,
            runs=joined.runs,
        ),
        (*notes, *coded.notes),
    )


def created_at() -> datetime:
    """The moment that the report states: SOURCE_DATE_EPOCH where it is set, else now; UTC, whole seconds."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if not epoch:
        return datetime.now(UTC).replace(microsecond=0)
    try:
        return datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError):
        raise stop(
            Problem("RG502", f'SOURCE_DATE_EPOCH is "{epoch}"', expected="whole seconds since 1970", mend="unset it")
        ) from None


def _attribute_specs(manifest: Manifest, joined: Joined) -> tuple[list[AttributeSpec], tuple[Note, ...]]:
    if manifest.attributes is None:
        names, notes = guess_attributes(joined.samples, _taken_columns(manifest, joined))
        return [AttributeSpec(name) for name in names], tuple(notes)
    specs = [
        AttributeSpec(one.column, one.bins, None if one.edges is None else tuple(one.edges), dict(one.phrases))
        for one in manifest.attribute_specs()
    ]
    split = manifest.columns.split
    if split is not None and split not in {spec.column for spec in specs}:
        # Most reports are of one split, which About names: nothing is left out where there is nothing to slice by.
        varies = joined.samples[split].drop_nulls().n_unique() > 1
        specs += [AttributeSpec(split)] if varies else []
    return specs, ()


def _object_specs(manifest: Manifest, outcomes: Outcomes) -> tuple[list[AttributeSpec], tuple[Note, ...]]:
    """What of the true objects' own attributes slices: those that the manifest names, or all that can."""
    given = None if outcomes.parts is None else outcomes.parts.attributes
    if given is None or not given.width:
        return [], ()
    if manifest.objects is not None and manifest.objects.attributes is not None:
        return [AttributeSpec(name) for name in given.columns], ()
    names, notes = guess_attributes(given, frozenset())
    return [AttributeSpec(name) for name in names], tuple(
        replace(note, message=f"of the true objects, {note.message}") for note in notes
    )


def _taken_columns(manifest: Manifest, joined: Joined) -> set[str]:
    """The columns that have another role than slicing."""
    truth = target_columns(manifest.columns.target, joined.samples.columns) if manifest.task == "multilabel" else set()
    return manifest.taken_columns() | truth


def _attribute_columns(manifest: Manifest, joined: Joined) -> tuple[str, ...]:
    """The columns that slice, or would if their values did not speak against it."""
    if manifest.attributes is not None:
        return tuple(spec.column for spec in _attribute_specs(manifest, joined)[0])
    taken = _taken_columns(manifest, joined)
    return tuple(
        name
        for name, kind in joined.samples.schema.items()
        if name not in taken and not kind.is_nested() and not kind.is_temporal()
    )


def _target_name(manifest: Manifest, attributes: Sequence[Attribute]) -> str:
    """The target's own column name, clear of the other attributes."""
    name = manifest.columns.target
    taken = {attribute.name for attribute in attributes}
    while name in taken:
        name = f"{name} (target)"
    return name


def _media(loaded: LoadedManifest) -> Media:
    manifest = loaded.manifest
    if manifest.media is None or manifest.media.kind == "none" or manifest.columns.media is None:
        return Media("none")
    return Media(manifest.media.kind, manifest.columns.media, str(loaded.media_root), manifest.media.budget_bytes)


def _look(outcomes: Outcomes, progress: Progress) -> tuple[Looks | None, tuple[Note, ...]]:
    """What the samples' images look like, where there are any, and a note of those beyond the budget."""
    media = outcomes.media
    if media.kind != "image" or media.column not in outcomes.samples.columns:
        return None, ()
    progress("Looking at images")
    looks = look_at(Path(media.root), outcomes.samples[media.column].to_list(), outcomes.frame[columns.ID].to_list())
    if not looks.n_unlooked:
        return looks, ()
    message = (
        f"{numbers.count(looks.n_unlooked)} of {numbers.count(len(looks))} images were not checked for problems and "
        "duplicates: they are beyond what one build decodes."
    )
    return looks, (Note("RG464", "info", message, column=media.column, n=looks.n_unlooked),)


def _metrics(loaded: LoadedManifest, known: Sequence[Metric], default: str) -> tuple[tuple[Metric, ...], Metric]:
    """All metrics of the task, the manifest's first and in its order; the first one leads.

    Raises:
        InputError: the manifest names a metric that the task does not have, or leads with one that has no sums.
    """
    names = loaded.manifest.metrics or [default]
    by_name = {metric.name: metric for metric in known}
    problems = [
        Problem(
            "RG120",
            f'"{name}" is no metric of this task',
            loaded.place("metrics", i),
            "metrics",
            expected=", ".join(by_name),
        )
        for i, name in enumerate(names)
        if name not in by_name
    ]
    if problems:
        raise InputError(problems)
    primary = by_name[names[0]]
    if not can_lead(primary):
        raise stop(
            Problem(
                "RG121",
                f'"{names[0]}" can\'t lead: it is no mean over samples',
                loaded.place("metrics", 0),
                "metrics",
                expected=", ".join(m.name for m in known if can_lead(m)),
                mend="put one of these first",
            )
        )
    named = [by_name[name] for name in dict.fromkeys(names)]
    return (*named, *(metric for metric in known if metric.name not in names)), primary


def _given(loaded: LoadedManifest, outcomes: Outcomes, reviewed: ReviewedList | None) -> tuple[Given, tuple[Note, ...]]:
    """What the manifest's files tell of the data beside the outcomes."""
    trained = tuple(loaded.manifest.trained_splits)
    if outcomes.split is not None and trained:
        there = outcomes.samples[outcomes.split].cast(pl.String).drop_nulls().unique().sort().to_list()
        lost = [
            Problem(
                "RG112",
                f'"{name}" is no value of the split column "{outcomes.split}"',
                loaded.place("trained_splits", i),
                f"trained_splits[{i}]",
                expected=f"one of {', '.join(there[:12])}",
            )
            for i, name in enumerate(trained)
            if name not in there
        ]
        if lost:
            raise InputError(lost)
    if reviewed is None:
        return Given(trained_splits=trained), ()
    table, notes = match_reviewed(reviewed, outcomes.classes)
    return Given(table, reviewed.file, trained), (*reviewed.notes, *notes)


def _known(manifest: Manifest, outcomes: Outcomes, metrics: Sequence[Metric], baseline: int | None) -> Known:
    """What the manifest's gates, critical slices and beliefs may name."""
    return Known(
        attributes=outcomes.attributes,
        classes=outcomes.classes,
        positive=outcomes.positive,
        versions=outcomes.versions,
        baseline=None if baseline is None else outcomes.versions[baseline],
        metrics={metric.name: metric.info for metric in metrics},
        directionless=frozenset(metric.name for metric in metrics if not metric.compared),
        target=manifest.columns.target,
        columns=frozenset(outcomes.samples.columns),
        left_out=frozenset(one.column for one in manifest.attribute_specs())
        - {attribute.name for attribute in outcomes.attributes},
    )


def _infos(metrics: Sequence[Metric], primary: Metric, measured: Measure) -> tuple[MetricInfo, ...]:
    return tuple(
        replace(metric.info, primary=metric.name == primary.name)
        for metric in metrics
        if any(measured.has(metric, v) for v in range(len(measured.sides)))
    )


def _roles(manifest: Manifest, versions: Sequence[str]) -> tuple[int | None, int]:
    """The positions of baseline and candidate: the manifest's, else the first and the last."""
    candidate = len(versions) - 1 if manifest.candidate is None else versions.index(manifest.candidate)
    if len(versions) == 1:
        return None, candidate
    baseline = 0 if manifest.baseline is None else versions.index(manifest.baseline)
    if baseline == candidate:
        candidate = len(versions) - 1 if baseline != len(versions) - 1 else 0
    return baseline, candidate


def _counts(joined: Joined) -> Counts:
    """Where the samples went; the parts add up to ``n_samples``."""
    frame = joined.frame
    scored = np.ones(frame.height, bool)
    invalid = np.zeros(frame.height, bool)
    for v in range(len(joined.versions)):
        scored &= frame[columns.scored(v)].to_numpy()
        invalid |= frame[columns.invalid(v)].to_numpy()
    n_invalid = int((invalid & ~scored).sum())
    return Counts(
        n_samples=joined.n_samples,
        n_scored=int(scored.sum()),
        n_missing_prediction=int((~scored).sum()) - n_invalid,
        n_invalid=n_invalid,
        n_excluded=joined.n_excluded,
        n_groups=_n_groups(frame),
    )


def _n_groups(frame: pl.DataFrame) -> int | None:
    return frame[columns.GROUP].n_unique() if columns.GROUP in frame.columns else None


def _all_slices(axes: Axes, candidate: int) -> tuple[Slice, ...]:
    predicted = axes.predicted[candidate].slices if axes.predicted else ()
    return (*(one for axis in axes.shared for one in axis.slices), *predicted)


def refuse_degraded(notes: Sequence[Note]) -> None:
    """Makes what was left out or repaired an error, as ``--strict`` asks.

    Raises:
        InputError: a problem a degraded note.
    """
    problems = [
        Problem(note.code, note.message, mend="mend the data, or build without --strict")
        for note in notes
        if note.severity == "degraded"
    ]
    if problems:
        raise InputError(problems)
