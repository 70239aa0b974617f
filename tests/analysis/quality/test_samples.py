"""Images and texts that are odd in themselves: which are found, in which order, and what they can cost at most."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from reportgen import columns
from reportgen.analysis.measure import measure
from reportgen.analysis.quality.given import Given
from reportgen.analysis.quality.samples import inspect_samples, weigh_samples
from reportgen.inspection import Absent, SampleChecks
from reportgen.inspection.looks import UNLOOKED, Looks
from reportgen.model import Limits, Media, Outcomes
from reportgen.tasks import classification
from tests.analysis.worlds import classify, regress

PLAIN = "the quick brown fox jumps over the lazy dog once more today"


def with_texts(said: list[str | None]) -> Outcomes:
    """A world of as many samples, with these texts."""
    outcomes = classify(len(said))
    return replace(
        outcomes,
        samples=outcomes.samples.with_columns(pl.Series("words", said, dtype=pl.String)),
        media=Media("text", "words"),
    )


def texts(*said: str | None) -> dict[str, list[int]]:
    """The rows that each check finds among these texts and nine plain ones."""
    return rows_of(checked(with_texts([*said, *[f"{PLAIN} {i}" for i in range(9)]])))


def checked(outcomes: Outcomes, given: Given | None = None) -> SampleChecks:
    """What was checked, where there is something to check."""
    found = inspect_samples(outcomes, given or Given())
    assert isinstance(found, SampleChecks)
    return found


def rows_of(found: SampleChecks) -> dict[str, list[int]]:
    """The rows of each set."""
    return {one.key: one.rows.tolist() for one in found.sets}


def looks(n: int = 20, **planted: dict[int, float | str | bool]) -> Looks:
    """Images of 640 × 480 with nothing odd, but for what is planted by measure and row."""
    values: dict[str, np.ndarray] = {
        "reasons": np.full(n, "", "<U12"),
        "width": np.full(n, 640, np.int32),
        "height": np.full(n, 480, np.int32),
        "grey": np.zeros(n, bool),
        "dark": np.full(n, 0.9),
        "bright": np.full(n, 0.1),
        "entropy": np.full(n, 7.0),
        "edges": np.full(n, 60.0),
        "tones": np.full(n, 10.0),
        "content": np.zeros((n, 32), np.uint8),
        "phash": np.arange(n, dtype=np.uint64),
        "small": np.zeros((n, 64), np.uint8),
    }
    for name, changes in planted.items():
        for row, value in changes.items():
            values[name][row] = value
    return Looks(**values)


def images(seen: Looks) -> SampleChecks:
    """What is found in a world of these images."""
    outcomes = classify(len(seen))
    return checked(replace(outcomes, media=Media("image", "file")), Given(looks=seen))


@pytest.mark.parametrize(
    ("key", "planted"),
    [
        ("very-dark", {"dark": {3: 0.2}}),
        ("over-exposed", {"bright": {3: 0.97}}),
        ("blurred", {"edges": {3: 10.0}}),
        ("low-information", {"entropy": {3: 2.0}}),
        ("odd-size", {"width": {3: 64}, "height": {3: 48}}),
        ("grey-among-colour", {"grey": {3: True}}),
        ("truncated-image", {"reasons": {3: "truncated"}}),
        ("damaged-image", {"reasons": {3: "broken"}}),
        ("no-image", {"reasons": {3: "empty"}}),
        ("image-not-found", {"reasons": {3: "missing"}}),
    ],
)
def test_each_problem_of_images_is_its_own_set(key: str, planted: dict[str, dict[int, float]]) -> None:
    """One planted image is one set of one sample; every other check says that it found none."""
    found = images(looks(**planted))

    assert rows_of(found) == {key: [3]}
    assert {one.key: one.n for one in found.checks if one.n} == {key: 1}
    assert found.n_found == 1


def test_a_panorama_is_of_odd_aspect_ratio() -> None:
    """Of the usual area it is of no odd size."""
    assert rows_of(images(looks(width={3: 1920}, height={3: 160}))) == {"odd-aspect-ratio": [3]}


def test_drawings_are_not_blurred() -> None:
    """Few edges are blur only where the grey levels are alike in number."""
    assert rows_of(images(looks(edges={3: 10.0, 4: 10.0}, tones={4: 60.0}))) == {"blurred": [3]}


def test_sizes_that_vary_are_odd_far_outside_the_middle_half() -> None:
    """Between three interquartile ranges nothing is odd; beyond them it is."""
    widths = {row: 600 + 4 * row for row in range(20)}

    assert rows_of(images(looks(width={**widths, 19: 770}))) == {}
    assert rows_of(images(looks(width={**widths, 19: 790}))) == {"odd-size": [19]}


def test_what_most_images_are_is_no_problem() -> None:
    """Of grey images the coloured ones are not told: that most are grey describes the data, and makes no set."""
    found = images(looks(grey=dict.fromkeys(range(11), True)))

    assert found.sets == ()
    assert [(one.key, one.n) for one in found.checks if one.is_usual] == [("grey-among-colour", 11)]


def test_darkest_come_first_and_ties_go_by_id() -> None:
    """The order to look at them is the check's, and hangs on no order of the table."""
    found = images(looks(dark={9: 0.1, 2: 0.3, 5: 0.2, 4: 0.2}))

    assert rows_of(found) == {"very-dark": [9, 4, 5, 2]}


def test_unknown_brightness_and_images_not_looked_at_are_not_judged() -> None:
    """They are left out of what was checked."""
    found = images(looks(dark={0: np.nan}, bright={0: np.nan}, reasons={1: UNLOOKED}))

    assert found.sets == ()
    assert found.n_unlooked == 1
    assert {one.key: one.n_checked for one in found.checks} == {
        one.key: 18 if one.key in {"very-dark", "over-exposed"} else 19 for one in found.checks
    }


def test_no_image_that_can_be_read_is_absent() -> None:
    """A wrong root is a reason, not a set of all samples."""
    outcomes = replace(classify(20), media=Media("image", "file"))

    found = inspect_samples(outcomes, Given(looks=looks(reasons=dict.fromkeys(range(20), "missing"))))

    assert isinstance(found, Absent)
    assert "None of 20 images could be read" in found.why


def test_neither_images_nor_texts_is_absent() -> None:
    """The page says so in one line."""
    assert isinstance(inspect_samples(classify(20), Given()), Absent)


def test_empty_texts() -> None:
    """None, blanks, and characters that nobody sees."""
    assert texts(None, "", " \t\n", "\u200b\u2060", PLAIN) == {"empty-text": [0, 1, 2, 3]}


def test_very_short_texts_have_fewer_than_three_words() -> None:
    """Signs are no words; a contraction is one; the shortest comes first."""
    assert texts("well done", "it's fine", "one two three", "!!!", "fine") == {"very-short-text": [3, 4, 0, 1]}


def test_scripts_without_spaces_count_by_characters() -> None:
    """A Chinese or Japanese sentence is no single word, and one of two characters is very short."""
    assert texts("今天天气很好", "これは本です", "好的") == {"very-short-text": [2]}


def test_repetitive_texts_say_the_same_again() -> None:
    """One word over and over, or all of it twice; not a refrain in a longer text, nor four words."""
    verse = "row row row your boat gently down the stream merrily merrily life is but a dream tonight again"

    assert texts("spam " * 40, f"{PLAIN} " * 2, verse, "no no no no") == {"repetitive-text": [0, 1]}


def test_when_most_texts_are_short_none_is_odd() -> None:
    """Single words to classify are the data set."""
    found = checked(with_texts([f"word{i}" for i in range(12)] + [PLAIN] * 3))

    assert [one.key for one in found.checks if one.is_usual] == ["very-short-text"]
    assert found.sets == ()


def test_what_problems_can_cost_at_most_is_exact() -> None:
    """The bound is the errors in the union of the sets over all samples; an overlap counts once."""
    outcomes = replace(classify(400), media=Media("image", "file"))
    frame = outcomes.frame
    dark, flat = dict.fromkeys(range(50), 0.1), dict.fromkeys(range(30, 90), 1.0)
    found = checked(outcomes, Given(looks=looks(400, dark=dark, entropy=flat)))

    weighed = weigh_samples(measure(outcomes, Limits(), ["accuracy"]), found)

    wrong = ~frame[columns.correct(1)].cast(bool).to_numpy()
    assert found.n_found == 90
    assert dict(weighed.at_most)["v2"] == pytest.approx(wrong[:90].sum() / 400)
    row = weighed.together.filter(pl.col("version") == "v2").row(0, named=True)
    assert row["n"] == 90
    assert row["value"] == pytest.approx(wrong[:90].mean())
    assert row["rest"] == pytest.approx(wrong[90:].mean())


def test_bound_honours_weights() -> None:
    """A heavy sample's error weighs as it does in the error over all."""
    outcomes = replace(classify(400, weights=True), media=Media("image", "file"))
    found = checked(outcomes, Given(looks=looks(400, dark=dict.fromkeys(range(50), 0.1))))

    weighed = weigh_samples(measure(outcomes, Limits(), ["accuracy"]), found)

    weight = outcomes.frame[columns.WEIGHT].to_numpy()
    wrong = ~outcomes.frame[columns.correct(0)].cast(bool).to_numpy()
    assert dict(weighed.at_most)["v1"] == pytest.approx((weight * wrong)[:50].sum() / weight.sum())


def test_bound_of_values_is_in_their_unit() -> None:
    """Of regression it is what the mean absolute error would fall by."""
    outcomes = regress(300)
    outcomes = replace(outcomes, media=Media("image", "file"))
    found = checked(outcomes, Given(looks=looks(300, dark=dict.fromkeys(range(40), 0.1))))

    weighed = weigh_samples(measure(outcomes, Limits(), ["mae"]), found)

    off = (outcomes.frame[columns.prediction(1)] - outcomes.frame[columns.TARGET]).abs().to_numpy()
    assert dict(weighed.at_most)["v2"] == pytest.approx(off[:40].sum() / 300)


def test_errors_planted_on_dark_images_are_told_and_on_others_are_not() -> None:
    """A check whose samples err more is worse beyond chance; one that hangs on nothing shows no clear difference."""
    outcomes = replace(classify(2000), media=Media("image", "file"))
    target = outcomes.frame[columns.TARGET].to_numpy()
    prediction = outcomes.frame[columns.prediction(1)].to_numpy().copy()
    prediction[:200] = (target[:200] + 1) % 3
    frame = outcomes.frame.with_columns(pl.Series(columns.prediction(1), prediction))
    outcomes = replace(outcomes, frame=classification.outcomes(frame, 2))
    seen = looks(2000, dark=dict.fromkeys(range(200), 0.1), entropy=dict.fromkeys(range(1000, 1300), 1.0))
    found = checked(outcomes, Given(looks=seen))

    weighed = weigh_samples(measure(outcomes, Limits(), ["accuracy"]), found)

    assert weighed.together.filter(pl.col("version") == "v2")["verdict"].to_list() == ["worse"]
