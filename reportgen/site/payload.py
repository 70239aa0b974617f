"""What the browser gets: every sample as columns of codes, and more of the samples that have media.

Chunks, by name:

==================  ================================================================================================
``samples``         plain: what the columns mean (``describe_samples``)
``ids``             texts: the ids, in the order of the outcome frame
``target``          class code + 1, or the true value (f64)
``prediction-{v}``  class code + 1 (packed as what it is beyond the target's), or the predicted value (f64; NaN: none)
``right-{v}``, ``false-{v}``, ``missed-{v}``: parts of each sample, plus one; only where samples consist of parts
``{error}-{v}``     likewise the errors of each type (``detection.ERRORS``); only where they consist of objects
``near_…-{v}``, ``area_…-{v}``, ``agreed-{v}``, ``counted-{v}``: more of pixels (``pixel_columns.pack_pixels``)
``confidence-{v}``  step of the grid (``columns.CONFIDENCE_STEPS``) + 1; only where the version has one
``a{i}``            code of the attribute's value + 1
``group``           code of the group + 1; only where there are groups
``weight``          f64; only where there are weights
``sequence``        code of the sequence + 1, 0: a still; only where samples are frames, like the next two
``frame``           numbers: that of the frame, NaN: a still
``sequences``       texts: the names of the sequences, by code
``confirming``      1 where the search for slices did not see the sample; only where it found some
``pinned_{k}``      1 where the sample is in the pinned set
``set_{k}``         1 where the sample is in the set that a check of the data found
``media``           the pictures of samples by row, and why a sample has none
``boxes``           the boxes over pictures by row (``overlays.pack_boxes``); only where samples consist of objects
``masks``           their masks (``mask_paths.pack_masks``); only where any object has one
``regions``         the masks over pictures by row (``region_maps.pack_regions``); only where pixels are judged
``sets-{v}``        sets of samples by what became of their objects or pixels, of each version (``set_chunks``)
``sets-{u}-{v}``    likewise by what changed between two versions, for the report's own two
``changes-{u}-{v}`` what changed in them between two versions, for the report's own two (``overlays.pack_changes``)
``texts``           the texts of samples by row
``details``         by row: exact numbers of binned attributes, and the likeliest classes of each version
==================  ================================================================================================

On demand, and left out of a single file where they would make it heavy (``fit``):

======================  ============================================================================================
``number-{i}``          f64, NaN missing: the numbers of the attribute whose bins are ``a{i}``
``terms-{metric}-{v}``  what each sample adds to a metric that rests on probabilities: f64, or u8 where that is 0 or 1
``links``               the address of each sample's original, null where there is none, each behind ``start``
``changes-{u}-{v}``     what changed in the boxes between any other two versions, the earlier one first
``sets-{u}-{v}``        sets of samples by what changed in their objects, likewise
``rank-{k}-{v}``        the place of the score of class k among those of all samples, from 1, ties alike; 0 missing
``objects``, ``draws``  what average precision of objects is computed of, with ``truth-sample``, ``truth-kind`` and, of
                        each version, ``object-sample-{v}`` and ``object-kind-{v}`` (``object_chunks``)
``object-cutoffs``      what precision, recall and F1 of objects, and of each class of them, are computed of at any
                        cut-off, with, of each version, ``sure-sample-{v}``, ``sure-right-{v}`` and ``sure-class-{v}``
``near-class-…-{v}``    what boundary IoU of each class is computed of (``pixel_columns.boundary_chunks``)
``label-…-{v}``         what measures of each label are computed of (``label_lists.label_chunks``)
``pixel-cells``         which class pixels of each sample are taken for, with, of each version, ``pixel-sample-{v}`` and
                        ``pixel-n-{v}`` (``pixel_columns.cell_chunks``)
======================  ============================================================================================

Codes are stored plus one, so that 0 says "missing". Whether a prediction is right is not stored: the browser derives
it. Of a version with several trainings the columns are the first one's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations, takewhile
from typing import cast

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen import columns, numbers
from reportgen.analysis import sentences
from reportgen.analysis.discovery import halve
from reportgen.analysis.examples import set_templates
from reportgen.analysis.judged_words import as_json, words_of
from reportgen.analysis.slices import IN_SET
from reportgen.model import Attribute, Outcomes, Slice
from reportgen.report import Report
from reportgen.site.charts import text
from reportgen.site.charts.bars import NAME_ROOM
from reportgen.site.charts.theme import NAME_SIZE
from reportgen.site.footer import inputs_digest
from reportgen.site.kind_payload import describe_kinds, kind_chunks
from reportgen.site.label_lists import label_chunks, list_labels
from reportgen.site.marked import marked_sets
from reportgen.site.mask_paths import has_masks, pack_masks
from reportgen.site.media import MAX_SAMPLES, Thumbnails, media_rows
from reportgen.site.metric_columns import describe_metrics, metric_chunks
from reportgen.site.object_chunks import cutoff_chunks, object_chunks
from reportgen.site.overlays import has_boxes, pack_boxes, pack_changes
from reportgen.site.packing import (
    Chunk,
    letters,
    pack_codes,
    pack_confidence,
    pack_floats,
    pack_json,
    pack_numbers,
    pack_predictions,
    pack_texts,
)
from reportgen.site.pixel_columns import (
    PIXELS,
    boundary_chunks,
    cell_chunks,
    describe_pixels,
    pack_pixels,
)
from reportgen.site.region_maps import has_regions, pack_regions
from reportgen.site.sequences import describe_frames
from reportgen.site.set_chunks import listed_sets, pair_sets, set_chunks
from reportgen.site.tiles import exact_numbers, is_binned, value_decimals
from reportgen.site.trainings import first_training
from reportgen.site.words import moment
from reportgen.tasks import detection
from reportgen.tasks.parts import by_sample, class_begins

BUDGET = 1_000_000
"""Letters that a single file gives to what is loaded on demand: a quarter of what a file of 100,000 samples may weigh.

Nine thousand samples of ten classes and two versions fit in. Beyond, it would soon be most of a file that people mail
for its pages; the folder has it, where it costs nothing until somebody asks.
"""
TOP = 5
"""Likeliest classes a version that the lightbox shows, the true one among them."""
PARTS = ("right", "false", "missed")
WORST = 40
"""Slices that got worse, a version, which the lightbox can name as where to look next."""


def make_payload(report: Report, thumbnails: Thumbnails) -> dict[str, object]:
    """The chunks by name, JSON-able. The same report gives the same bytes."""
    outcomes = report.outcomes
    frame = outcomes.frame
    chunks: dict[str, object] = {
        "samples": describe_samples(report),
        "ids": pack_texts(frame[columns.ID].to_list()),
        "target": _values(frame[columns.TARGET], frame, outcomes, None),
    }
    for v in range(len(outcomes.versions)):
        chunks[f"prediction-{v}"] = _values(frame[columns.prediction(v)], frame, outcomes, v)
        if outcomes.parts is not None:
            counts = by_sample(outcomes.parts.counts[v])
            chunks |= {
                f"{name}-{v}": pack_codes(pl.Series(one), int(one.max(initial=0)) + 1)
                for name, one in zip((*PARTS, *_errors(outcomes)), (*counts, *_error_counts(outcomes, v)), strict=True)
            }
            chunks |= {f"{name}-{v}": one for name, one in pack_pixels(outcomes.parts, v).items()}
        if columns.confidence(v) in frame.columns:
            chunks[f"confidence-{v}"] = pack_confidence(frame[columns.confidence(v)])
    for attribute in outcomes.attributes:
        name = _column(attribute)
        if attribute.kind != "prediction" and name not in chunks:
            chunks[name] = pack_codes(frame[columns.attribute(attribute.index)], len(attribute.values))
    if columns.GROUP in frame.columns:
        chunks["group"] = pack_codes(frame[columns.GROUP], len(outcomes.group_names))
    if columns.WEIGHT in frame.columns:
        chunks["weight"] = pack_floats(frame[columns.WEIGHT].to_numpy(), "f64")
    if columns.SEQUENCE in frame.columns:
        chunks["sequence"] = pack_codes(frame[columns.SEQUENCE], len(outcomes.sequence_names))
        chunks["frame"] = pack_numbers(frame[columns.FRAME].fill_null(np.nan).to_numpy())
        chunks["sequences"] = pack_texts(outcomes.sequence_names)
    for one in marked_sets(report):
        chunks[one.column] = pack_codes(frame[one.column].cast(pl.Int32) - 1, 1)
    if any(one.origin == "found" for one in report.slices):
        chunks["confirming"] = pack_codes(pl.Series(halve(outcomes)).cast(pl.Int32) - 1, 1)
    chunks |= set_chunks(outcomes, None if report.baseline is None else _own_changes(report))
    if outcomes.media.kind != "none":
        chunks["media"] = pack_json(_media(thumbnails))
        chunks |= _boxes(report, thumbnails)
    chunks |= kind_chunks(report)
    if thumbnails.texts:
        chunks["texts"] = pack_json({str(row): [t.text, t.cut] for row, t in sorted(thumbnails.texts.items())})
    chunks["details"] = pack_json(_details(outcomes, _told_rows(report)))
    return chunks


def _errors(outcomes: Outcomes) -> list[str]:
    """The types of errors, by the names of their metrics; none but of objects."""
    return [one.name for one in detection.ERRORS.values()] if outcomes.parts and outcomes.parts.errors else []


def _error_counts(outcomes: Outcomes, v: int) -> Iterable[npt.NDArray[np.int64]]:
    """How many of each type a version has, a sample each."""
    return outcomes.parts.errors[v] if outcomes.parts and outcomes.parts.errors else ()


def _told_rows(report: Report) -> list[int]:
    """The rows that have details: those of findings and galleries, and those that have media.

    Where there are no media, the others too, unless they are so many that hardly one of them would be asked for.
    """
    needed, beside, spare = media_rows(report)
    few = report.outcomes.frame.height <= MAX_SAMPLES
    return sorted([*needed, *beside, *spare] if few or report.outcomes.media.kind != "none" else [*needed, *beside])


def _boxes(report: Report, thumbnails: Thumbnails) -> dict[str, Chunk]:
    """The boxes or masks over pictures, and what changed in them between the report's own two versions."""
    if has_regions(report.outcomes):
        return {"regions": pack_json(pack_regions(report.outcomes, thumbnails))}
    if not has_boxes(report.outcomes):
        return {}
    found = {"boxes": pack_json(pack_boxes(report.outcomes, thumbnails))}
    if has_masks(report.outcomes):
        found["masks"] = pack_json(pack_masks(report.outcomes, thumbnails))
    if report.baseline is not None:
        own = _own_changes(report)
        found[_changes(*own)] = pack_changes(report.outcomes, sorted(thumbnails.by_row), *own)
    return found


def _own_changes(report: Report) -> tuple[int, int]:
    """The places of the report's own two versions, the earlier one first; the same twice where there is one."""
    first, second = sorted(map(report.outcomes.versions.index, (report.baseline or report.candidate, report.candidate)))
    return first, second


def _changes(first: int, second: int) -> str:
    return f"changes-{first}-{second}"


def on_demand(report: Report, thumbnails: Thumbnails) -> dict[str, Chunk]:
    """The chunks by name that a page asks for when somebody wants what rests on them."""
    outcomes = report.outcomes
    changes: dict[str, Chunk] = {}
    others = sorted(set(combinations(range(len(outcomes.versions)), 2)) - {_own_changes(report)})
    if has_boxes(outcomes):
        rows = sorted(thumbnails.by_row)
        changes = {_changes(*pair): pack_changes(outcomes, rows, *pair) for pair in others}
    for pair in others:
        changes |= pair_sets(outcomes, *pair)
    numbers = {
        f"number-{a.index}": pack_numbers(_numbers(outcomes.samples[a.name]))
        for a in outcomes.attributes
        if is_binned(outcomes, a)
    }
    links = {"links": _links(outcomes.frame[columns.LINK])} if columns.LINK in outcomes.frame.columns else {}
    return {
        **links,
        **numbers,
        **changes,
        **metric_chunks(report),
        **object_chunks(outcomes),
        **cutoff_chunks(outcomes),
        **boundary_chunks(outcomes),
        **label_chunks(outcomes),
        **cell_chunks(outcomes),
    }


def _links(links: pl.Series) -> Chunk:
    """``start``, what all of them begin with, and ``ends``, what follows of each."""
    known = links.drop_nulls()
    ends = zip(str(known.min()), str(known.max()), strict=False) if len(known) else ()
    start = "".join(one for one, _ in takewhile(lambda pair: pair[0] == pair[1], ends))
    return pack_json({"start": start, "ends": links.str.slice(len(start)).to_list()})


def fit(chunks: Mapping[str, object], lazy: Mapping[str, Chunk], budget: int = BUDGET) -> dict[str, object]:
    """The chunks of one file: those on demand all together, where they are larger than the budget without what measures
    of one class alone need, and none where they still are.

    What is left out is named in ``absent`` of ``samples``, so that a page can say where it is.
    """
    ranked = any(name.startswith("rank-") for name in lazy)  # these need to know which samples have a label
    of_class = ("near-class-",) if ranked else ("near-class-", "label-")
    for dropped in ((), of_class):
        kept = {name: chunk for name, chunk in lazy.items() if not dropped or not name.startswith(dropped)}
        if sum(letters(chunk) for chunk in kept.values()) <= budget:
            break
    else:
        kept = {}
    absent = [name for name in lazy if name not in kept]
    if not absent:
        return {**chunks, **kept}
    samples = cast("Mapping[str, object]", chunks["samples"])
    return {**chunks, **kept, "samples": {**samples, "absent": absent}}


def describe_samples(report: Report) -> dict[str, object]:
    """What the columns mean: versions, classes, attributes with their values, example sets with their rules, metrics.

    ``positive`` is the code of a binary task's positive class; ``number`` the chunk with the numbers that an attribute
    has bins of; ``sets`` are the templates of any two versions, by whether the candidate has a confidence; ``words``
    those of the report's kind; ``needs`` names the chunks that the engine begins with; ``absent`` those that are left
    out of the form of the report that this stands in; ``report`` is what lists say that they were made of.
    """
    outcomes, limits = report.outcomes, report.limits
    names = outcomes.versions
    baseline = names.index(report.baseline) if report.baseline is not None else None
    coded = [a for a in outcomes.attributes if a.kind != "prediction"]
    label = next((a.name for a in coded if a.kind == "target"), "label")
    single = {(s.terms[0].attribute, s.terms[0].value): s.id for s in report.slices if s.level == 1}
    return {
        "task": report.task,
        "n": outcomes.frame.height,
        "versions": [
            {
                "name": name,
                "confidence": columns.confidence(v) in outcomes.frame.columns,
                "trainings": len(outcomes.trainings[v]),
            }
            for v, name in enumerate(names)
        ],
        "sets": {
            key: [[r.name, r.label, r.rule, r.paired] for r in set_templates(outcomes, sure=sure)]
            for key, sure in (("sure", True), ("plain", False))
        },
        "baseline": baseline,
        "candidate": names.index(report.candidate),
        "classes": list(outcomes.classes),
        "parts": None
        if outcomes.parts is None
        else {
            "kind": outcomes.parts.kind,
            "classes": list(outcomes.parts.classes),
            "begins": [] if outcomes.parts.kind == "object" else class_begins(outcomes.parts, len(names)),
            "cutoffs": list(outcomes.parts.cutoffs[: len(names)]),
            "errors": _errors(outcomes),
        },
        "short": _short(outcomes.classes),
        "label": label,
        "attributes": [
            {
                "name": a.name,
                "kind": a.kind,
                "values": list(a.values),
                "short": _short(a.values),
                "column": _column(a),
                "edges": None if a.edges is None else list(a.edges),
                "number": _number(a, outcomes),
                "slices": [single.get((a.name, value)) for value in a.values],
            }
            for a in coded
        ]
        + _marked(report),
        "worse": _worse_slices(report, coded),
        "nouns": [sentences.noun(outcomes, 1), sentences.noun(outcomes)],
        "decimals": value_decimals(outcomes),
        "tolerance": outcomes.tolerance,
        "margin": outcomes.flip_margin,
        "media": outcomes.media.kind,
        "words": as_json(words_of(outcomes)),
        "boxes": has_boxes(outcomes),
        "listed": listed_sets(outcomes),
        "kinds": describe_kinds(report),
        "pixels": describe_pixels(outcomes),
        "masks": has_masks(outcomes),
        "regions": has_regions(outcomes),
        "overlap": None if outcomes.parts is None else outcomes.parts.overlap,
        "metrics": describe_metrics(report),
        "level": report.limits.level,
        "support": {"show": limits.show, "test": limits.test, "decide": limits.decide, "groups": limits.groups},
        "positive": outcomes.classes.index(outcomes.positive) if outcomes.positive is not None else None,
        "costs": outcomes.costs,
        "grouped": columns.GROUP in outcomes.frame.columns,
        "frames": describe_frames(outcomes),
        "links": columns.LINK in outcomes.frame.columns,
        "weighted": columns.WEIGHT in outcomes.frame.columns,
        "first_training": first_training(report),
        "needs": core_chunks(report),
        "absent": [],
        "report": {"title": report.title, "created": moment(report.created), "inputs": inputs_digest(report)},
    }


def core_chunks(report: Report) -> list[str]:
    """The chunks that every figure of a selection rests on: the engine counts nothing before it has them all."""
    outcomes = report.outcomes
    frame = outcomes.frame
    own = [_column(a) for a in outcomes.attributes if a.kind != "prediction"]
    own += [one.column for one in marked_sets(report)]
    told = [(f"prediction-{v}", columns.prediction(v)) for v in range(len(outcomes.versions))]
    told += [(f"confidence-{v}", columns.confidence(v)) for v in range(len(outcomes.versions))]
    if outcomes.parts is not None:
        named = [*PARTS, *_errors(outcomes), *(PIXELS if outcomes.parts.kind == "pixel" else ())]
        own += [f"{name}-{v}" for v in range(len(outcomes.versions)) for name in named]
    told += [("group", columns.GROUP), ("weight", columns.WEIGHT)]
    return list(dict.fromkeys(["target", *own, *(chunk for chunk, column in told if column in frame.columns)]))


def _marked(report: Report) -> list[dict[str, object]]:
    """The filters of the sets of samples: what is not in a set has no value in its own."""
    return [
        {
            "name": one.name,
            "kind": "set",
            "values": [IN_SET],
            "short": [IN_SET],
            "column": one.column,
            "edges": None,
            "number": None,
            "slices": [one.slice],
            "by_predictions": one.by_predictions,
        }
        for one in marked_sets(report)
    ]


def _worse_slices(report: Report, coded: Sequence[Attribute]) -> list[list[dict[str, object]]]:
    """For each version, the slices in which it got worse beyond chance, surest first: id, name and codes."""
    slices = {s.id: s for s in report.slices}
    found = report.comparisons.filter(
        (pl.col("metric") == report.primary.name)
        & (pl.col("verdict") == "worse")
        & pl.col("q").is_not_null()
        & pl.col("class").is_null()
    ).sort("q", "p", "slice")
    by_version: list[list[dict[str, object]]] = []
    for version in report.outcomes.versions:
        ids = found.filter(pl.col("candidate") == version)["slice"].to_list()
        held = [(slices[id_], _codes(slices[id_], coded)) for id_ in ids if id_ in slices]
        kept: list[dict[str, object]] = [{"id": s.id, "name": s.name, "codes": codes} for s, codes in held if codes]
        by_version.append(kept[:WORST])
    return by_version


def _codes(one: Slice, coded: Sequence[Attribute]) -> dict[str, int]:
    """Column and stored code of each term; empty where a term is not an attribute's value."""
    by_name = {a.name: a for a in coded}
    if any(t.attribute not in by_name or t.value not in by_name[t.attribute].values for t in one.terms):
        return {}
    found = [(by_name[t.attribute], t.value) for t in one.terms]
    return {_column(attribute): attribute.values.index(value) + 1 for attribute, value in found}


def _column(attribute: Attribute) -> str:
    """The chunk with the attribute's codes; a class is sliced by the target itself."""
    is_class = attribute.kind == "target" and attribute.edges is None
    return columns.TARGET if is_class else columns.attribute(attribute.index)


def _number(attribute: Attribute, outcomes: Outcomes) -> str | None:
    """The chunk with the numbers that an attribute has bins of."""
    if attribute.kind == "target":
        return columns.TARGET if attribute.edges is not None else None
    return f"number-{attribute.index}" if is_binned(outcomes, attribute) else None


def _numbers(column: pl.Series) -> npt.NDArray[np.float64]:
    """As bins are made of them."""
    return column.cast(pl.Float64, strict=False).fill_null(np.nan).to_numpy()


def _short(values: Sequence[str]) -> list[str]:
    """The values as the chart of the selection has room for them."""
    return [text.fit(text.clean(value), NAME_ROOM, NAME_SIZE) for value in values]


def _values(values: pl.Series, frame: pl.DataFrame, outcomes: Outcomes, version: int | None) -> Chunk:
    """Targets or predictions, missing where the version did not score the sample."""
    if version is not None:
        scored = frame[columns.scored(version)]
        values = pl.select(pl.when(scored).then(values).otherwise(None)).to_series()
    if outcomes.classes:
        k = len(outcomes.classes)
        return pack_codes(values, k) if version is None else pack_predictions(values, frame[columns.TARGET], k)
    return pack_floats(values.cast(pl.Float64).fill_null(np.nan).to_numpy(), "f64")


def _media(thumbnails: Thumbnails) -> dict[str, object]:
    """Rows with their pictures as columns, and the reasons of those without one."""
    rows = sorted(thumbnails.by_row)
    thumbs = [thumbnails.by_row[row] for row in rows]
    return {
        "rows": rows,
        "names": [thumb.name for thumb in thumbs],
        "widths": [thumb.width for thumb in thumbs],
        "heights": [thumb.height for thumb in thumbs],
        "true": [int(thumb.true) for thumb in thumbs],
        "frames": [thumb.n_frames for thumb in thumbs],
        "larger": [
            None if (one := thumbnails.larger.get(row)) is None else [one.name, one.width, one.height] for row in rows
        ],
        "missing": {str(row): thumbnails.reason(row) for row in sorted(thumbnails.missing)},
    }


def _details(outcomes: Outcomes, rows: Sequence[int]) -> dict[str, object]:
    return {
        "rows": list(rows),
        "numbers": exact_numbers(outcomes, rows),
        "likeliest": {
            name: list(_likeliest(outcomes, v, rows))
            for v, name in ((v, str(v)) for v in range(len(outcomes.versions)))
            if outcomes.classes  # a sample with a set of labels has no one likeliest
            and (columns.probability(0, v) in outcomes.frame.columns or columns.score(v) in outcomes.frame.columns)
        },
        "labels": list_labels(outcomes, rows, _as_shown),
    }


def _likeliest(outcomes: Outcomes, version: int, rows: Sequence[int]) -> Iterable[list[list[float]] | None]:
    """For each row [class, probability] of the likeliest classes, likeliest first, and of the true one."""
    frame = outcomes.frame[list(rows)]
    target = frame[columns.TARGET].to_list()
    scored = frame[columns.scored(version)].to_list()
    table = _probabilities(outcomes, frame, version)
    order = np.argsort(-table, axis=1, kind="stable")[:, :TOP]
    for i, true in enumerate(target):
        chosen = [int(k) for k in order[i]]
        if true is not None and 0 <= true < table.shape[1] and true not in chosen:
            chosen = [*chosen[: TOP - 1], true]
        known = scored[i] and bool(np.isfinite(table[i]).all())
        yield [[k, _as_shown(float(table[i, k]))] for k in chosen] if known else None


def _as_shown(p: float) -> float:
    """A probability that pages write as they would write this one; its further digits would only take room."""
    if p in {0.0, 1.0}:
        return p
    return 0.004 if p < 0.005 else 0.996 if p >= 0.995 else float(numbers.probability(p))


def _probabilities(outcomes: Outcomes, frame: pl.DataFrame, version: int) -> npt.NDArray[np.float64]:
    """Samples × classes."""
    names = [columns.probability(k, version) for k in range(len(outcomes.classes))]
    if names[0] in frame.columns:
        known = [pl.col(name) if name in frame.columns else pl.lit(0.0).alias(name) for name in names]
        return frame.select(known).cast(pl.Float64).fill_null(np.nan).to_numpy()
    score = frame[columns.score(version)].cast(pl.Float64).fill_null(np.nan).to_numpy()
    positive = outcomes.classes.index(outcomes.positive) if outcomes.positive in outcomes.classes else 1
    table = np.stack([1 - score, 1 - score], axis=1)
    table[:, positive] = score
    return table
