"""Costs of errors: which way round they are said, what is not said, and classes that there are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.inputs.costs import read_costs
from reportgen.inputs.load import load_manifest
from tests.inputs.folders import MANIFEST, USUAL, problems_of, write

CLASSES = ("background", "car", "pedestrian")


def costs(folder: Path, text: str, classes: tuple[str, ...] = CLASSES) -> object:
    """What a manifest with these costs says of the classes."""
    write(folder, {**USUAL, "reportgen.yaml": f"{MANIFEST}costs: {text}\n"})
    return read_costs(load_manifest(folder / "reportgen.yaml"), classes)


def test_the_outer_name_is_the_truth_and_the_inner_one_what_was_said(tmp_path: Path) -> None:
    """A pedestrian called background costs 10; every other error 1, and a right answer nothing."""
    found = costs(tmp_path, "{pedestrian: {background: 10}, car: {pedestrian: 0.5}}")

    assert found == ((0, 1, 1), (1, 0, 0.5), (10, 1, 0))


def test_numbers_are_classes_by_their_spelling(tmp_path: Path) -> None:
    """The classes of a column of numbers are texts."""
    assert costs(tmp_path, "{1: {0: 7}}", ("0", "1")) == ((0, 1), (7, 0))


def test_without_costs_there_are_none(tmp_path: Path) -> None:
    """Not even of 1 an error."""
    assert costs(tmp_path, "{}") is None


def test_unknown_classes_are_told_all_at_once_with_the_nearest_name(tmp_path: Path) -> None:
    """The truth, and what was said; a right answer that costs something as well."""
    text = "{pedestrain: {background: 10}, car: {trucks: 1, car: 2}}"
    first, second, third = problems_of(lambda: costs(tmp_path, text))

    assert {one.code for one in (first, second, third)} == {"RG126"}
    assert (first.key, first.mend) == ("costs.pedestrain", 'did you mean "pedestrian"?')
    assert second.key == "costs.car.trucks"
    assert first.where.line == len(MANIFEST.splitlines()) + 1
    assert third.what == '"car" is right where the truth is "car", and costs 2'


@pytest.mark.parametrize("text", ["{car: {background: -1}}", "{car: {background: .inf}}", "{car: 3}"])
def test_a_cost_is_a_number_from_0_on(tmp_path: Path, text: str) -> None:
    """Anything else is an error of the manifest."""
    assert problems_of(lambda: costs(tmp_path, text))[0].code == "RG112"


def test_a_regression_has_no_costs(tmp_path: Path) -> None:
    """There are no classes to take for each other."""
    text = MANIFEST.replace("classification", "regression") + "costs: {a: {b: 1}}\n"
    write(tmp_path, {**USUAL, "reportgen.yaml": text})

    assert "a regression has no classes" in {
        p.what for p in problems_of(lambda: load_manifest(tmp_path / "reportgen.yaml"))
    }
