"""What is planted in the examples is found by the check that is made for it, and stands on their Data pages."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import pytest

from tests.test_odd_samples import problem_rows

FILES = {
    "truncated": "truncated-image",
    "damaged": "damaged-image",
    "0 bytes": "not-an-image",
    "web page": "not-an-image",
    "TIFF": "format-not-read",
    "too large": "image-too-large",
    "no file": "image-not-found",
    "no name": "no-image",
    "elsewhere": "image-outside",
    "folder": "not-a-file",
}
"""What was done to a file, or where the table says that it is: the check that finds it."""
IMAGES = {
    "black": "very-dark",
    "white": "over-exposed",
    "blurred": "blurred",
    "grey": "grey-among-colour",
    "squeezed": "odd-aspect-ratio",
    "resized": "odd-size",
}
TEXTS = {"empty text": "empty-text"}
COPIES = {"leaked", "in training", "copied", "brighter"}


def planted(site: Any) -> dict[str, set[str]]:
    """The ids of each kind of plant."""
    found = defaultdict(set)
    with (site.manifest.parent / "planted.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["planted"]].add(row["id"])
    return found


def inspection(site: Any) -> dict[str, Any]:
    """What the report's file for programs says of the data."""
    read: dict[str, Any] = json.loads((site.folder / "report.json").read_text(encoding="utf-8"))["inspection"]
    return read


def listed(site: Any, key: str) -> set[str]:
    """The ids of the list that one takes away."""
    with (site.folder / "lists" / f"{key}.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"] for row in csv.DictReader(file)}


@pytest.mark.parametrize(("name", "checks"), [("audit", FILES | IMAGES), ("sentiment", TEXTS)])
def test_each_check_of_samples_finds_what_is_planted_for_it(
    name: str, checks: dict[str, str], example: Callable[[str], Any]
) -> None:
    """All of it, and of all others only what has another defect, in a row of the page's table."""
    site = example(name)
    expected = defaultdict(set)
    plants = planted(site)
    for kind, ids in plants.items():
        if kind in checks:
            expected[checks[kind]] |= ids
    said = {check["key"]: check for check in inspection(site)["samples"]["checks"]}
    rows = problem_rows((site.folder / "data.html").read_text(encoding="utf-8"))

    assert set(expected) == set(checks.values())
    for key, ids in expected.items():
        title = said[key]["name"][0].upper() + said[key]["name"][1:]
        assert ids <= set(said[key]["ids"]) <= set().union(*plants.values()), key
        assert rows[title][0] == str(said[key]["n"]), title


def test_planted_copies_are_told_for_what_they_are(example: Callable[[str], Any]) -> None:
    """Copies of training samples as the same in two splits, others within one, brighter ones as nearly the same.

    A copy of a plain stroke can have near twins besides, and its family is one of near twins then.
    """
    site = example("audit")
    plants, families = planted(site), inspection(site)["duplicates"]["families"]
    told = zip(families["ids"], families["kind"], families["across_splits"], strict=True)
    of = {one: (kind, across) for ids, kind, across in told for one in ids}

    assert plants["leaked"] <= listed(site, "exact-copies") & listed(site, "twins-across-splits")
    assert {of[one][1] for one in plants["copied"]} == {False}
    assert sum(of[one][0] == "exact" for one in plants["copied"]) >= len(plants["copied"]) - 1
    assert {of[one] for one in plants["brighter"]} == {("near", False)}


def test_digits_that_the_training_tables_have_are_told(example: Callable[[str], Any]) -> None:
    """Each beside the digit as it was written, on black and not on coloured paper: nearly the same, and no other."""
    site = example("audit")
    plants, training = planted(site), inspection(site)["training"]
    leaks, expected = training["leaks"], plants["leaked"] | plants["in training"]

    assert len(plants["in training"]) == 10
    assert expected <= set(leaks["id"])
    assert set(leaks["id"]) == listed(site, "in-training")
    assert len(leaks["id"]) <= len(expected) + 5
    assert set(leaks["how"]) == {"vectors"}
    assert {tuple(one) for one in leaks["versions"]} == {("v1", "v2", "v3")}
    assert plants["in training"].isdisjoint(listed(site, "twins-across-splits"))
    page = (site.folder / "data.html").read_text(encoding="utf-8")
    assert "Also in training" in page
    assert "each training set, of v1, v2 and v3" in page


def test_most_planted_wrong_labels_are_suspect(example: Callable[[str], Any]) -> None:
    """Three of four, with a list twice as long at most."""
    site = example("audit")
    wrong, suspect = planted(site)["wrong label"], listed(site, "suspect-labels")

    assert len(wrong & suspect) > 0.75 * len(wrong)
    assert len(suspect) < 2 * len(wrong)


def test_nothing_planted_goes_untold(example: Callable[[str], Any]) -> None:
    """Every kind in the files of the examples is asked for by one of the tests above."""
    assert set(planted(example("audit"))) == {*FILES, *IMAGES, *COPIES, "wrong label"}
    assert set(planted(example("sentiment"))) == set(TEXTS)
