"""What errors and changes of objects are called: in Python, and in the browser's legend."""

from __future__ import annotations

import re
from pathlib import Path

from reportgen.analysis.object_changes import STILL
from reportgen.analysis.object_sets import OF_PAIR, OF_VERSION
from reportgen.analysis.object_words import CHANGES, ERRORS, SETS, TABS

SHAPES = Path(__file__).resolve().parents[2] / "assets" / "js" / "box_shapes.js"
KIND = re.compile(r'^ {4}(\w+): \{\s*words: "([^"]+)", note: "[^"]+",[^}]*?title: "([^"]+)"', re.MULTILINE)
ERROR_KINDS = {
    "class": "classification_error",
    "place": "localisation_error",
    "both": "both_error",
    "twice": "duplicate_error",
    "nothing": "background_error",
}


def test_every_set_has_its_words() -> None:
    """Sets of errors and of changes, and no others, are named here; each rule is a sentence on the sample."""
    assert {*SETS, *TABS} == {*OF_VERSION, *OF_PAIR}
    for label, rule in (*SETS.values(), *TABS.values()):
        assert label
        assert rule.endswith(".")
        assert "{here}" not in label + rule
    assert CHANGES["moved"].plain.startswith("both find an object, in")
    assert CHANGES["moved"].rule.startswith("Both find an object here, in")


def test_the_legend_calls_them_as_pages_do() -> None:
    """The labels of the browser's legend, and from which overlap on an object has not moved."""
    shown = {kind: (words, title) for kind, words, title in KIND.findall(SHAPES.read_text(encoding="utf-8"))}
    for name, words in CHANGES.items():
        assert shown[name][0] == words.label
    for kind, name in ERROR_KINDS.items():
        assert shown[kind][0] == ERRORS[name].label
    assert shown["moved"][1].endswith(f"by less than {STILL}")
