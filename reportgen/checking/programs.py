"""The check for programs: the verdict and its gates as JSON, as ``report.json`` has them, with their words."""

from __future__ import annotations

from dataclasses import asdict

from reportgen import __version__
from reportgen.checking.sheet import Sheet
from reportgen.render.serialise import to_json
from reportgen.site.report_json import GENERATOR, SCHEMA_VERSION, to_gate, to_linked


def to_check(sheet: Sheet) -> str:
    """``passes`` is what the exit code says; ``words`` of a gate are the parts of its line."""
    whole = {
        "schema_version": SCHEMA_VERSION,
        "generator": {"name": GENERATOR, "version": __version__},
        "title": sheet.title,
        "baseline": sheet.baseline,
        "candidate": sheet.candidate,
        "sampled": sheet.sampled,
        "passes": sheet.passes,
        "release": asdict(sheet.release),
        "gates": [{**to_gate(gate), "words": asdict(sheet.words(gate))} for gate in sheet.gates],
        "beliefs": [to_linked(one) for one in sheet.beliefs],
        "pinned": [to_linked(one) for one in sheet.pinned],
    }
    return to_json(whole, depth=2) + "\n"
