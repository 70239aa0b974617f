"""Classes and the labels that stand for them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.errors import Place, Problem
from reportgen.inputs.labels import Matched, match_labels, order_classes, respell
from tests.inputs.folders import STEADY

WHERE = Place("v1.csv", column="prediction")


def match(classes: list[str], predicted: list[str]) -> Matched | Problem:
    """The match of a version's labels."""
    return match_labels(classes, predicted, WHERE, "v1")


def test_classes_are_ordered_by_number_or_by_spelling() -> None:
    """Ten follows nine where all are whole numbers."""
    assert order_classes(["10", "9", "-1"]) == ["-1", "9", "10"]
    assert order_classes(["10", "9", "x"]) == ["10", "9", "x"]


@pytest.mark.parametrize(
    ("text", "plain"), [("1.0", "1"), ("-2.00", "-2"), ("1.5", "1.5"), ("x.0", "x.0"), ("007", "007")]
)
def test_needless_decimals_are_dropped(text: str, plain: str) -> None:
    """Nothing else of a label is touched."""
    assert respell(text) == plain


def test_labels_that_all_are_classes_match() -> None:
    """No spelling, no extra class, no note."""
    assert match(["cat", "dog"], ["dog"]) == Matched({}, (), ())


def test_decimals_match_either_way() -> None:
    """Predictions with decimals match targets without, and the other way round, with a note."""
    for classes, predicted in ((["0", "1"], ["0.0", "1.0"]), (["0.0", "1.0"], ["0", "1"])):
        matched = match(classes, predicted)
        assert isinstance(matched, Matched)
        assert matched.spelling == dict(zip(predicted, classes, strict=True))
        assert [note.code for note in matched.notes] == ["RG319"]


def test_a_class_that_is_only_predicted_is_extra() -> None:
    """Where others match, a label of its own is a class of its own."""
    matched = match(["cat", "dog"], ["cat", "cow"])

    assert isinstance(matched, Matched)
    assert matched.extra == ("cow",)


@pytest.mark.parametrize(
    ("classes", "predicted", "mapping"),
    [
        (["cat", "dog"], ["Cat", "dog"], "Cat: cat"),
        (["traffic light"], ["traffic_light"], "traffic_light: traffic light"),
        (["cat", "dog"], ["0", "1"], "0: cat, 1: dog"),
        (["cat", "dog"], ["1", "2"], "1: cat, 2: dog"),
        (["0", "1"], ["cat", "dog"], "cat: 0, dog: 1"),
        (["a: b", "c"], ["A: b", "c"], '"A: b": "a: b"'),
    ],
)
def test_the_likely_mapping_is_written_out(classes: list[str], predicted: list[str], mapping: str) -> None:
    """Case, blanks, and index against name give the lines to write into the manifest."""
    problem = match(classes, predicted)

    assert isinstance(problem, Problem)
    assert (problem.code, problem.where) == ("RG318", WHERE)
    assert f"label_map: {{{mapping}}}" in problem.mend


def test_too_many_indices_are_no_mapping() -> None:
    """An index beyond the classes is not guessed."""
    problem = match(["cat", "dog"], ["0", "7"])

    assert isinstance(problem, Problem)
    assert "label_map: …" in problem.mend


@STEADY
@given(st.sets(st.text(max_size=5), min_size=1), st.sets(st.text(max_size=5), min_size=1))
def test_every_label_ends_somewhere(classes: set[str], predicted: set[str]) -> None:
    """A label is a class, a spelling of one, extra, or part of a problem."""
    matched = match(order_classes(classes), sorted(predicted))

    if isinstance(matched, Matched):
        assert predicted <= classes | set(matched.spelling) | set(matched.extra)
        assert set(matched.spelling.values()) <= classes
    else:
        assert predicted - classes
