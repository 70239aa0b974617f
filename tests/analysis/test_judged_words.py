"""The words for what became of samples: one kind a report, each told of in its own words, with names as they are."""

from __future__ import annotations

import re
from dataclasses import fields, replace

import pytest

from reportgen import declarations
from reportgen.analysis.examples import set_rules
from reportgen.analysis.findings import derive_findings
from reportgen.analysis.judged_words import (
    JudgedWords,
    PartWords,
    fill,
    parts_label,
    parts_text,
    parts_title,
    words_of,
)
from reportgen.model import Outcomes
from tests.analysis import worlds

WORLDS = {"labels": worlds.classify(60), "values": worlds.regress(60), "parts": worlds.detect(60)}


@pytest.mark.parametrize("kind", WORLDS)
def test_each_kind_of_report_has_its_own_words_whole(kind: str) -> None:
    words = words_of(WORLDS[kind])

    assert words.kind == kind
    told = [getattr(words, one.name) for one in fields(JudgedWords) if one.name not in ("outcomes_caption", "says")]
    assert all(text or text is None for text in told)
    assert all(label and rule for label, rule in words.sets.values())
    assert (words.part is None) == (kind != "parts")


def test_values_and_parts_are_never_called_broken_or_fixed() -> None:
    for kind in ("values", "parts"):
        said = re.sub(r"\{\w+\}", "", " ".join(words_of(WORLDS[kind]).texts.values()))
        assert "newly" not in said
        assert "broke" not in said
    parts = replace(words_of(WORLDS["parts"]), hardest_set="")
    assert "error" not in " ".join(parts.texts.values())


@pytest.mark.parametrize(
    ("kind", "name"), [("labels", "Newly broken"), ("values", "Got much worse"), ("parts", "Got worse")]
)
def test_gates_on_what_moved_speak_of_the_kind(kind: str, name: str) -> None:
    said = words_of(WORLDS[kind]).measures
    assert (said["newly_broken"], said["newly_broken_rate"]) == (name, f"{name}, share")
    assert set(said) <= {*declarations.FLIPS, *declarations.FLIP_RATES}


def test_names_of_versions_are_filled_in_and_not_read_again() -> None:
    outcomes = replace(WORLDS["parts"], versions=("{candidate}", "\\1"))

    rules = {one.name: one.rule for one in set_rules(outcomes, 0, 1)}

    assert rules["newly_broken"].startswith(
        "A larger share of the objects and detections of the sample is wrong in \\1 than in {candidate}."
    )
    assert fill("{a} {b}", a="{b}") == "{b} {b}"


def words(outcomes: Outcomes) -> PartWords:
    part = words_of(outcomes).part
    assert part is not None
    return part


def test_a_sample_is_said_by_its_counts() -> None:
    objects = words(WORLDS["parts"])
    assert [parts_label(objects, n) for n in (0, 1, 1200)] == ["no object", "1 object", "1,200 objects"]
    assert parts_text(objects, 5, 1, 4) == "5 of 9 found, 1 false"
    assert parts_text(objects, 5, 1, 4, short=True) == "5 of 9, 1 false"
    assert parts_text(objects, 9, 0, 0) == "9 of 9 found"
    assert parts_text(objects, 0, 2, 0) == "2 false"
    assert parts_text(objects, 0, 0, 0) == "none, rightly"
    assert parts_title(objects, 5, 1, 4) == "9 objects: 5 found, 4 missed, 1 false"
    assert parts_title(objects, 0, 0, 0) == "no object: none, rightly"
    own = WORLDS["parts"].parts
    assert own is not None
    labels = words(replace(WORLDS["parts"], parts=replace(own, kind="label")))
    assert parts_text(labels, 2, 1, 1) == "2 of 3 given, 1 too many"


def test_what_is_tolerated_is_said_in_shares() -> None:
    strict, lenient = words_of(worlds.detect()), words_of(worlds.detect(tolerance=0.1, flip_margin=0.05))

    assert (strict.right, strict.wrong) == ("all right", "with mistakes")
    assert (lenient.right, lenient.wrong) == ("at most 10.0% wrong", "more than 10.0% wrong")
    assert strict.both_right == "unchanged, all right"
    assert lenient.both_right == "little changed, at most 10.0% wrong"
    assert lenient.how_broken == "a larger share wrong by over 5.0 points"


def test_findings_of_detections_speak_of_worse_and_better() -> None:
    """By day v2 finds all four objects, at night two of four and one that isn't there: it loses at night."""
    found = derive_findings(worlds.analyse(worlds.detect(600)).facts)

    worse = next(one for one in found if one.kind == "regression")
    assert worse.headline == "v2 gets worse in night"
    assert "v2 has an F1 of 57.14% (n = 200); v1 had 89.66%." in worse.text
    assert "It is worse on 200 and better on 0." in worse.text
    assert worse.links[0].text == "200 worse"
    assert "error" not in " ".join(one.headline + one.text for one in found)
