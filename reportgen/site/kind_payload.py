"""The true objects as the browser has them: of which sample each is, which versions find it, and its attributes."""

from __future__ import annotations

import polars as pl

from reportgen import columns
from reportgen.analysis import sentences
from reportgen.report import Report
from reportgen.site.packing import Chunk, pack_codes

SAMPLE = "kind-sample"

STATES = {
    "all": "",
    "found": "found by {candidate}",
    "missed": "missed by {candidate}",
    "newly_found": "found by {candidate}, missed by {baseline}",
    "newly_missed": "missed by {candidate}, found by {baseline}",
}
"""What an address can ask of an object beside its attributes, and how the page says it."""


def kind_chunks(report: Report) -> dict[str, Chunk]:
    """The chunks by name: objects ascend by sample, and within it stand as the boxes over its picture do."""
    if report.objects is None:
        return {}
    frame = report.objects.outcomes.frame
    own = {SAMPLE: pack_codes(pl.Series(report.objects.samples), report.outcomes.frame.height)}
    for v in range(len(report.outcomes.versions)):
        found = pl.when(columns.scored(v)).then(pl.col(columns.correct(v)).cast(pl.Int32)).otherwise(-1)
        own[f"kind-found-{v}"] = pack_codes(frame.select(found).to_series(), 2)
    for attribute in report.objects.outcomes.attributes:
        codes = frame[columns.attribute(attribute.index)]
        own[f"kind-{attribute.index}"] = pack_codes(codes, len(attribute.values))
    return own


def describe_kinds(report: Report) -> dict[str, object] | None:
    """What the chunks mean, and the words of what is asked of objects; none where there are no slices of them."""
    if report.objects is None:
        return None
    images = sentences.noun(report.outcomes)
    return {
        "attributes": [
            {
                "name": a.name,
                "values": list(a.values),
                "missing": a.missing.value,
                "shown": [_shown(report, a.name, value) for value in (*a.values, a.missing.value)],
            }
            for a in report.objects.outcomes.attributes
        ],
        "states": STATES,
        "words": {
            "which": f"{images[0].upper()}{images[1:]} with objects: {{which}}.",
            "any": "of any kind",
            "counts": "There are {n} in {samples}, of which {candidate} misses {missed}.",
            "order": "Those in which it misses most of them come first.",
            "all": f"Show all {images}",
        },
    }


def _shown(report: Report, name: str, value: str) -> str:
    """A value as the table of slices has it."""
    assert report.objects is not None
    found = (
        term.shown
        for one in report.objects.slices
        if one.level == 1
        for term in one.terms
        if (term.attribute, term.value) == (name, value)
    )
    return next(found, f"{name} {value}")
