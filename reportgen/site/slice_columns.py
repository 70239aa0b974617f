"""The slices for the browser: one chunk with what they are, one chunk a version with its figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from urllib.parse import quote

import polars as pl

from reportgen import numbers
from reportgen.analysis import sentences
from reportgen.analysis.slices import found_filter, missing_set, pinned_filter, pinned_name, predicted_name
from reportgen.model import Attribute, Slice
from reportgen.report import Report
from reportgen.site.found import found_sentences, is_searched
from reportgen.site.slice_rows import RIGHT, Figures, changes_of, decimals_of, estimates_of, find_family, plan_scales

Chunk = dict[str, object]

VERDICTS = ("better", "worse", "unclear", "too_few")
SUPPORTS = ("decide", "test", "show", "counts")
DIGITS = 12
"""Significant digits of a figure in the browser, as in ``report.json``."""


def slice_columns(report: Report, min_n: int) -> Chunk:
    """What the slices are, a column a property: terms as codes of the attributes' values, n, and what all rows share.

    ``terms`` holds for each place in a conjunction the codes of attributes and of values (-1: no such term). An id is
    made from the terms; ``ids`` has those that differ.
    """
    attributes = _named(report)
    places = max((s.level for s in report.slices), default=0)
    origins = sorted({s.origin for s in report.slices})
    return {
        "metric": {
            "name": report.primary.name,
            "label": report.primary.label,
            "lowered": sentences.lowered(report.primary.label),
            "unit": report.primary.unit,
            "higher_is_better": report.primary.higher_is_better,
            "right": RIGHT.get(report.primary.name, ""),
        },
        "nouns": [sentences.noun(report.outcomes, 1), sentences.noun(report.outcomes)],
        "level": numbers.level(report.limits.level),
        "limits": {"show": report.limits.show, "test": report.limits.test, "decide": report.limits.decide},
        "baseline": report.baseline,
        "candidate": report.candidate,
        "versions": [v.name for v in report.versions],
        "n_tested": {
            v.name: family.n_tested for v in report.versions if (family := find_family(report, v.name)) is not None
        },
        "attributes": attributes,
        "terms": [_place(report.slices, attributes, at) for at in range(places)],
        "titles": {str(i): s.title for i, s in enumerate(report.slices) if s.title},
        "critical": {str(i): s.critical for i, s in enumerate(report.slices) if s.critical is not None},
        "ids": {str(i): s.id for i, s in enumerate(report.slices) if s.id != terms_id(s)},
        "origins": origins,
        "origin": [origins.index(s.origin) for s in report.slices],
        "n": [s.n for s in report.slices],
        "n_groups": [s.n_groups for s in report.slices] if any(s.n_groups for s in report.slices) else None,
        "n_confirm": [s.n_confirm for s in report.slices] if any(s.n_confirm for s in report.slices) else None,
        "compared": not (report.weaknesses if report.baseline is None else report.comparisons).is_empty(),
        "min_n": min_n,
        "verdicts": VERDICTS,
        "supports": SUPPORTS,
    }


def version_columns(report: Report, version: str) -> Chunk:
    """A version's axes, and its figures in the order of the slices: its levels, and its change from the baseline.

    ``found`` has the sentences of what a search found, by the position of the slice; ``searched`` the positions of what
    was found by searching this version.

    ``before`` and ``after`` are the ends of the comparison where they are not the versions' own levels (other
    samples: those that both scored); null where they are.
    """
    slices = report.slices
    scales = plan_scales(report, version)
    levels = _ordered(estimates_of(report, version), slices)
    chunk: Chunk = {
        "scales": asdict(scales),
        "value": _numbers(levels, "value"),
        "low": _numbers(levels, "low"),
        "high": _numbers(levels, "high"),
        "n": _counts(levels, "n"),
        "x": [_whole(row["sum_x"]) if row else None for row in levels],
        "support": _codes(levels, "support", SUPPORTS),
        "found": {str(i): said for i, s in enumerate(slices) if (said := found_sentences(report, s, version))},
        "searched": [i for i, s in enumerate(slices) if is_searched(report, s, version)],
    }
    if version == report.baseline:
        return chunk
    changes = _ordered(changes_of(report, version), slices)
    ends = ("value_baseline", "value_candidate") if report.baseline else ("rest", "value")
    chunk |= {
        "before": _numbers(changes, ends[0]),
        "after": _numbers(changes, ends[1]),
        "delta": _numbers(changes, "delta"),
        "delta_low": _numbers(changes, "low"),
        "delta_high": _numbers(changes, "high"),
        "q": _numbers(changes, "q"),
        "decimals": [decimals_of(row) for row in changes],
        "delta_n": _counts(changes, "n"),
        "verdict": _codes(changes, "verdict", VERDICTS),
        "delta_support": _codes(changes, "support", SUPPORTS),
    }
    return chunk | _flip_columns(report, version)


def terms_id(slice_: Slice) -> str:
    """The id that the browser makes from a slice's terms."""
    return "&".join(f"{quote(t.attribute, safe='')}={quote(t.value, safe='')}" for t in slice_.terms) or "all"


def _named(report: Report) -> list[dict[str, object]]:
    """The attributes that occur in slices; the predicted label and pinned sets, which no attribute lists, are added."""
    predicted = predicted_name(report.attributes)
    listed: dict[str, Attribute | None] = {a.name: a for a in report.attributes}
    values: dict[str, dict[str, str]] = {a.name: dict.fromkeys(a.values, "") for a in report.attributes}
    for slice_ in report.slices:
        for term in slice_.terms:
            listed.setdefault(term.attribute, None)
            values.setdefault(term.attribute, {})[term.value] = term.shown or term.value
    return [
        {
            "name": name,
            "kind": attribute.kind if attribute else "prediction" if name == predicted else "pinned",
            "values": list(values[name]),
            "shown": [shown or value for value, shown in values[name].items()],
            "edges": list(attribute.edges) if attribute and attribute.edges else None,
            "filters": _filters(report, name, attribute, list(values[name])),
        }
        for name, attribute in listed.items()
    ]


def _filters(report: Report, name: str, attribute: Attribute | None, values: Sequence[str]) -> list[str | None] | None:
    """Of each value the filter of the set that it stands for, where it stands for one; none where no value does."""
    if attribute is None:
        is_pinned = name == pinned_name(report.attributes)
        return [pinned_filter(value, report.attributes) for value in values] if is_pinned else None
    if attribute.kind == "target" or all(value in attribute.values for value in values):
        return None
    missing = found_filter(missing_set(name), report.attributes)
    return [None if value in attribute.values else missing for value in values]


def _place(slices: Sequence[Slice], attributes: Sequence[Mapping[str, object]], at: int) -> dict[str, list[int]]:
    names = {a["name"]: i for i, a in enumerate(attributes)}
    codes = [{value: i for i, value in enumerate(a["values"])} for a in attributes]  # type: ignore[arg-type,var-annotated]
    attribute, value = [], []
    for slice_ in slices:
        term = slice_.terms[at] if at < slice_.level else None
        attribute.append(names[term.attribute] if term else -1)
        value.append(codes[names[term.attribute]][term.value] if term else -1)
    return {"attribute": attribute, "value": value}


def _ordered(by_slice: Mapping[str, Figures], slices: Sequence[Slice]) -> list[Figures | None]:
    return [by_slice.get(s.id) for s in slices]


def _numbers(rows: Sequence[Figures | None], name: str) -> list[float | None]:
    return [_rounded(row[name]) if row else None for row in rows]


def _rounded(value: object) -> float | None:
    return float(f"{value:.{DIGITS}g}") if isinstance(value, int | float) else None


def _whole(value: object) -> int | None:
    return int(value) if isinstance(value, int | float) and value == int(value) else None


def _counts(rows: Sequence[Figures | None], name: str) -> list[object]:
    return [row[name] if row else None for row in rows]


def _codes(rows: Sequence[Figures | None], name: str, words: Sequence[str]) -> list[int | None]:
    return [words.index(str(row[name])) if row else None for row in rows]


def _flip_columns(report: Report, version: str) -> Chunk:
    if report.baseline is None:
        return {}
    frame = report.flips.filter((pl.col("baseline") == report.baseline) & (pl.col("candidate") == version))
    flips = _ordered({row["slice"]: row for row in frame.iter_rows(named=True)}, report.slices)
    return {name: _counts(flips, name) for name in ("newly_broken", "newly_fixed", "both_right", "both_wrong")}
