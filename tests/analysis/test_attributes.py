"""Attributes as codes."""

from __future__ import annotations

import polars as pl
import pytest

from reportgen.analysis.attributes import AttributeSpec, code_attributes, code_target


def one(values: list[object], **spec: object) -> tuple[tuple[str, ...], list[int]]:
    """The values and codes of one attribute."""
    coded = code_attributes(pl.DataFrame({"a": values}), [AttributeSpec("a", **spec)])
    return coded.attributes[0].values, coded.codes["a0"].to_list()


def test_categories_are_ordered_by_number_then_by_spelling() -> None:
    """Numbers come by size, words by spelling, and missing values have no code."""
    assert one(["10", "9", "b", "a", None]) == (("9", "10", "a", "b"), [1, 0, 3, 2, -1])


def test_phrases_give_the_order_of_values() -> None:
    """Values that the manifest phrases stand first, in its order: none, light, heavy."""
    values, _ = one(["heavy", "none", "light"], phrases={"none": "", "light": "", "heavy": ""})

    assert values == ("none", "light", "heavy")


def test_numbers_are_binned_by_quantile() -> None:
    """Five bins hold about the same number of samples, and whole numbers keep whole edges."""
    values, codes = one(list(range(100)))

    assert len(values) == 5
    assert [codes.count(k) for k in range(5)] == [20] * 5
    assert values == ("< 20", "20–39", "40–59", "60–79", "≥ 80")


def test_given_edges_are_kept() -> None:
    """Edges of the manifest make the bins, closed on the left."""
    values, codes = one([0.0, 0.5, 1.0, 2.0], edges=(0.5, 1.0))

    assert values == ("< 0.5", "0.5–1", "≥ 1")
    assert codes == [0, 1, 2, 2]


def test_a_number_of_few_values_is_a_category() -> None:
    """Ten distinct numbers or fewer are values, not bins."""
    assert one([3, 1, 2, 1]) == (("1", "2", "3"), [2, 0, 1, 0])


def test_nan_and_infinite_numbers_are_missing() -> None:
    """What is no number is in no bin."""
    coded = code_attributes(
        pl.DataFrame({"a": [float(x) for x in range(20)] + [float("nan"), float("inf"), None]}), [AttributeSpec("a")]
    )

    assert coded.codes["a0"].to_list()[-3:] == [-1, -1, -1]
    assert coded.attributes[0].n_missing == 3


@pytest.mark.parametrize(("values", "what"), [([None, None], "no value at all"), (["x", "x"], "same value everywhere")])
def test_an_attribute_without_two_values_is_left_out_and_said(values: list[object], what: str) -> None:
    """An all-null or constant column has no slices, and a note says so."""
    coded = code_attributes(pl.DataFrame({"a": pl.Series(values, dtype=pl.String)}), [AttributeSpec("a")])

    assert coded.attributes == ()
    assert coded.notes[0].severity == "degraded"
    assert what in coded.notes[0].message


def test_one_bin_is_not_one_value() -> None:
    """Declared edges that part nothing are named, with where the values lie."""
    coded = code_attributes(pl.DataFrame({"a": [1.0, 2.0, 3.0]}), [AttributeSpec("a", edges=(10.0, 20.0))])

    assert coded.attributes == ()
    assert "goes from 1 to 3, and none of its `edges` lies between" in coded.notes[0].message


@pytest.mark.parametrize("spec", [AttributeSpec("a", bins=3), AttributeSpec("a", edges=(1.0, 2.0))])
def test_text_has_no_bins(spec: AttributeSpec) -> None:
    """Bins of a column of words are refused by name, whatever numbers stand among them."""
    coded = code_attributes(pl.DataFrame({"a": ["low", "2", "3", "high"]}), [spec])

    assert coded.attributes == ()
    assert 'holds text such as "low"' in coded.notes[0].message


def test_values_beyond_the_limit_become_one_and_are_said() -> None:
    """Of a million ids the 200 most frequent stay, the rest are one value with its number."""
    values = [f"id{i}" for i in range(500)] + ["id7"] * 3
    coded = code_attributes(pl.DataFrame({"a": values}), [AttributeSpec("a")])

    assert len(coded.attributes[0].values) == 201
    assert coded.attributes[0].values[-1] == "other (300 values)"
    assert coded.codes["a0"].to_list().count(200) == 300
    assert "looks like an id" in coded.notes[0].message


def test_the_target_slices_by_class_or_by_bins() -> None:
    """Class codes are the target's own; a number is binned."""
    classes, codes = code_target(pl.Series([1, 0, 1]), "label", ("a", "b"), 2)
    binned, _ = code_target(pl.Series([float(i) for i in range(50)]), "price", (), 0)

    assert (classes.values, classes.kind, codes.tolist()) == (("a", "b"), "target", [1, 0, 1])
    assert len(binned.values) == 5


def test_negative_bins_are_written_with_a_minus() -> None:
    """Labels say −2, not -2."""
    values, _ = one([float(x) for x in range(-20, 20)], edges=(-2.0, 5.0))

    assert values[0] == "< −2"


def test_a_number_that_is_mostly_zero_keeps_its_others() -> None:
    """Where 0 fills the quantiles it is a bin of its own, and the rest is binned beside it."""
    values, codes = one([0] * 900 + list(range(1, 101)))

    assert values[0] == "0"
    assert codes.count(0) == 900
    assert len(values) == 5
    assert len(set(codes)) == len(values)


@pytest.mark.parametrize(
    ("start", "step"),
    [(1_700_000_000, 1), (1_700_000_000, 0.25), (20_000_000, 7), (1e12, 0.5), (-3, 1e-9)],
)
def test_numbers_close_together_keep_bins_apart(start: float, step: float) -> None:
    """Seconds since 1970, ids, tiny steps: every bin has a label of its own, written in full."""
    values, _ = one([start + i * step for i in range(60)])

    assert len(set(values)) == 5
    assert not any("e" in label for label in values)
