"""What the browser gets: every sample as columns of codes, and more of the samples that have media.

Chunks, by name:

==================  ================================================================================================
``samples``         plain: what the columns mean (``describe_samples``)
``ids``             the ids, in the order of the outcome frame
``target``          class code + 1, or the true value (f64)
``prediction-{v}``  class code + 1 (packed as what it is beyond the target's), or the predicted value (f64; NaN: none)
``confidence-{v}``  f32, as Python ranks by (packed as its step of the grid, ``columns.CONFIDENCE_STEPS``); only where
                    the version has one
``a{i}``            code of the attribute's value + 1
``pinned_{k}``      1 where the sample is in the pinned set
``media``           the pictures of samples by row, and why a sample has none
``texts``           the texts of samples by row
``details``         by row: exact numbers of binned attributes, and the likeliest classes of each version
==================  ================================================================================================

Codes are stored plus one, so that 0 says "missing", in the smallest integers that hold them. Whether a prediction is
right is not stored: the browser derives it. Packed chunks are gzip in base64, for they travel in classic scripts.
Columns are packed by the frequency of their codes and by runs (``Z_RLE``): looking for longer repetitions takes twenty
times as long and makes codes larger.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen import columns
from reportgen.analysis import sentences
from reportgen.analysis.examples import set_rules
from reportgen.analysis.slices import IN_SET, pinned_filter
from reportgen.model import Attribute, Outcomes, Report, Slice
from reportgen.site.charts import text
from reportgen.site.charts.bars import NAME_ROOM
from reportgen.site.charts.theme import NAME_SIZE
from reportgen.site.media import Thumbnails, media_rows
from reportgen.site.tiles import exact_numbers, value_decimals

TOP = 5
"""Likeliest classes a version that the lightbox shows, the true one among them."""
WORST = 40
"""Slices that got worse, a version, which the lightbox can name as where to look next."""

_INTEGERS: tuple[tuple[str, type[np.unsignedinteger]], ...] = (("u8", np.uint8), ("u16", np.uint16), ("u32", np.uint32))
_FLOATS = {"f32": np.float32, "f64": np.float64}

Chunk = Mapping[str, object]


def make_payload(report: Report, thumbnails: Thumbnails) -> dict[str, object]:
    """The chunks by name, JSON-able. The same report gives the same bytes."""
    outcomes = report.outcomes
    frame = outcomes.frame
    chunks: dict[str, object] = {
        "samples": describe_samples(report),
        "ids": pack_json(frame[columns.ID].to_list()),
        "target": _values(frame[columns.TARGET], frame, outcomes, None),
    }
    for v in range(len(outcomes.versions)):
        chunks[f"prediction-{v}"] = _values(frame[columns.prediction(v)], frame, outcomes, v)
        if columns.confidence(v) in frame.columns:
            chunks[f"confidence-{v}"] = pack_confidence(frame[columns.confidence(v)])
    for attribute in outcomes.attributes:
        name = _column(attribute)
        if attribute.kind != "prediction" and name not in chunks:
            chunks[name] = pack_codes(frame[columns.attribute(attribute.index)], len(attribute.values))
    for k, pinned in enumerate(report.pinned):
        if pinned.n:
            chunks[columns.pinned(k)] = pack_codes(frame[columns.pinned(k)].cast(pl.Int32) - 1, 1)
    if outcomes.media.kind != "none":
        chunks["media"] = pack_json(_media(thumbnails))
    if thumbnails.texts:
        chunks["texts"] = pack_json({str(row): [t.text, t.cut] for row, t in sorted(thumbnails.texts.items())})
    needed, spare = media_rows(report)
    chunks["details"] = pack_json(_details(outcomes, sorted([*needed, *spare])))
    return chunks


def describe_samples(report: Report) -> dict[str, object]:
    """What the columns mean: versions, classes, attributes with their values, and the example sets with their rules."""
    outcomes = report.outcomes
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
                "sets": [[r.name, r.label, r.rule] for r in set_rules(outcomes, _other(baseline, v), v)],
            }
            for v, name in enumerate(names)
        ],
        "baseline": baseline,
        "candidate": names.index(report.candidate),
        "classes": list(outcomes.classes),
        "short": _short(outcomes.classes),
        "label": label,
        "attributes": [
            {
                "name": a.name,
                "kind": a.kind,
                "values": list(a.values),
                "short": _short(a.values),
                "column": _column(a),
                "slices": [single.get((a.name, value)) for value in a.values],
            }
            for a in coded
        ]
        + _pinned(report),
        "worse": _worse_slices(report, coded),
        "nouns": [sentences.noun(outcomes, 1), sentences.noun(outcomes)],
        "decimals": value_decimals(outcomes),
        "tolerance": outcomes.tolerance,
        "margin": outcomes.flip_margin,
        "media": outcomes.media.kind,
    }


def _pinned(report: Report) -> list[dict[str, object]]:
    """The filters of the pinned sets: what is not in a set has no value in its own."""
    return [
        {
            "name": pinned_filter(one.name, report.attributes),
            "kind": "pinned",
            "values": [IN_SET],
            "short": [IN_SET],
            "column": columns.pinned(k),
            "slices": [one.slice],
        }
        for k, one in enumerate(report.pinned)
        if one.n
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


def _short(values: Sequence[str]) -> list[str]:
    """The values as the chart of the selection has room for them."""
    return [text.fit(text.clean(value), NAME_ROOM, NAME_SIZE) for value in values]


def _other(baseline: int | None, version: int) -> int | None:
    """The baseline, unless it would be held against itself."""
    return None if baseline == version else baseline


def pack_codes(codes: pl.Series, n_values: int) -> Chunk:
    """Codes from -1 (missing) to n_values - 1, stored plus one in the smallest unsigned integers that hold them."""
    kind, dtype = next((kind, dtype) for kind, dtype in _INTEGERS if n_values <= np.iinfo(dtype).max)
    return _pack(kind, (codes.fill_null(-1).cast(pl.Int64).to_numpy() + 1).astype(dtype))


def pack_predictions(codes: pl.Series, target: pl.Series, n_classes: int) -> Chunk:
    """Codes of classes as how far they are beyond the target's, round the circle: mostly 0, which packs well.

    Where there is no target, as the code stands.
    """
    own, true = (one.fill_null(-1).cast(pl.Int64).to_numpy() for one in (codes, target))
    beyond = np.where((own >= 0) & (true >= 0), (own - true) % n_classes, own)
    return {**pack_codes(pl.Series(beyond), n_classes), "of": "target", "classes": n_classes}


def pack_confidence(confidence: pl.Series) -> Chunk:
    """Steps of ``columns.CONFIDENCE_STEPS``, stored plus one in 16 bits; the browser makes the same Float32 of them."""
    steps = (confidence.cast(pl.Float64) * columns.CONFIDENCE_STEPS).round().cast(pl.Int64)
    return {**pack_codes(steps, columns.CONFIDENCE_STEPS + 1), "steps": columns.CONFIDENCE_STEPS}


def pack_floats(values: npt.NDArray[np.floating], kind: str) -> Chunk:
    """Floats as they are, ``f32`` or ``f64``."""
    return _pack(kind, values.astype(_FLOATS[kind]))


def pack_json(value: object) -> Chunk:
    """Any JSON value. Texts stand as they are: what is packed never stands in HTML."""
    packed = json.dumps(value, allow_nan=False, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return {"type": "json", "n": len(packed), "gzip": _squeeze(packed.encode())}


def _pack(kind: str, values: npt.NDArray[np.generic]) -> Chunk:
    little = values.astype(values.dtype.newbyteorder("<"))
    return {"type": kind, "n": len(values), "gzip": _squeeze(little.tobytes(), zlib.Z_RLE)}


def _squeeze(data: bytes, strategy: int = zlib.Z_DEFAULT_STRATEGY) -> str:
    """Gzip without a time, in base64."""
    packer = zlib.compressobj(6, zlib.DEFLATED, 16 + zlib.MAX_WBITS, zlib.DEF_MEM_LEVEL, strategy)
    return base64.b64encode(packer.compress(data) + packer.flush()).decode()


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
        "missing": {str(row): thumbnails.reason(row) for row in sorted(thumbnails.missing)},
    }


def _details(outcomes: Outcomes, rows: Sequence[int]) -> dict[str, object]:
    return {
        "rows": list(rows),
        "numbers": exact_numbers(outcomes, rows),
        "likeliest": {
            name: list(_likeliest(outcomes, v, rows))
            for v, name in ((v, str(v)) for v in range(len(outcomes.versions)))
            if columns.probability(0, v) in outcomes.frame.columns or columns.score(v) in outcomes.frame.columns
        },
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
        yield [[k, float(f"{table[i, k]:.4g}")] for k in chosen] if known else None


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
