"""What is said of coverage and power, word for word, in every state."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reportgen.analysis import coverage_words as said
from reportgen.model import Combination, Coverage, MetricInfo, Power, Term
from tests.analysis.worlds import classify

IMAGES = classify(20, media="image")
ACCURACY = MetricInfo("accuracy", "Accuracy", "the share that is right", "rate", True, primary=True)
ERROR = MetricInfo("mae", "Mean absolute error", "how far off", "number", False)
METRICS = {one.name: one for one in (ACCURACY, ERROR)}
NAMES = {"all": "all images", "night": "night × pedestrian", "fog": "fog"}

FOG_NIGHT = Combination((Term("weather", "=", "fog"), Term("time", "=", "night")), 0, None, 41.3)
SNOW_NOON = Combination((Term("weather", "=", "snow"), Term("time", "=", "noon", "time noon")), 3, None, 12.0)
GAPS = Coverage(("weather", "time"), 30, None, 120, 86, 12, (), (FOG_NIGHT,), (SNOW_NOON,), 600, 410)
FEW = replace(GAPS, n_covered=118, n_empty=0, empty=(), n_triples=None, n_triples_covered=None)
FULL = replace(GAPS, n_covered=120, n_empty=0, empty=(), few=(), n_triples_covered=600)
GROUPED = replace(GAPS, min_groups=10, n_covered=119, n_empty=1, few=(), n_triples=None, n_triples_covered=None)


@pytest.mark.parametrize(
    ("coverage", "sentence"),
    [
        (None, "Fewer than two attributes slice, so there are no combinations of values to cover."),
        (
            FULL,
            "All 120 combinations of two values have the 30 images that a slice needs to be tested. "
            "So do all 600 combinations of three.",
        ),
        (
            GAPS,
            "Of 120 combinations of two values, 86 (71.7%) have the 30 images that a slice needs to be tested; "
            "22 have fewer and 12 have none. Of 600 combinations of three, 410 (68.3%) have as many.",
        ),
        (
            FEW,
            "Of 120 combinations of two values, 118 (98.3%) have the 30 images that a slice needs to be tested; "
            "2 have fewer.",
        ),
        (
            GROUPED,
            "Of 120 combinations of two values, 119 (99.2%) have the 30 images and 10 groups that a slice needs to be "
            "tested; 1 has none.",
        ),
    ],
    ids=["one attribute", "full", "gaps", "too few", "groups"],
)
def test_coverage_in_a_sentence(coverage: Coverage | None, sentence: str) -> None:
    """How many combinations have enough, too few and none; with groups what enough is; three at once where counted."""
    assert said.coverage_sentence(coverage, IMAGES) == sentence


@pytest.mark.parametrize(
    ("coverage", "line", "gap"),
    [
        (None, None, ""),
        (FULL, None, ""),
        (
            GAPS,
            "34 of 120 combinations of two values have fewer than 30 images, 12 of them none; the worst gap is "
            "fog × night with none.",
            "The worst gap is fog × night: it has no image, and about 41 images would be expected if the two "
            "had nothing to do with each other.",
        ),
        (
            FEW,
            "2 of 120 combinations of two values have fewer than 30 images; the worst gap is snow × time noon with 3.",
            "The worst gap is snow × time noon: it has 3 images, and about 12 images would be expected if the two "
            "had nothing to do with each other.",
        ),
        (
            GROUPED,
            "1 of 120 combinations of two values has fewer than 30 images or 10 groups, 1 of them none; the worst gap "
            "is fog × night with none.",
            "The worst gap is fog × night: it has no image, and about 41 images would be expected if the two "
            "had nothing to do with each other.",
        ),
    ],
    ids=["one attribute", "full", "gaps", "too few", "groups"],
)
def test_what_was_not_tested(coverage: Coverage | None, line: str | None, gap: str) -> None:
    """The Overview's line links its gap to About's section; without a gap there is no line."""
    pointer = said.gap_pointer(coverage, IMAGES)

    assert (None if pointer is None else pointer.text) == line
    assert said.gap_sentence(coverage, IMAGES) == gap
    if pointer is not None:
        assert pointer.link is not None
        assert (pointer.link.page, pointer.link.state) == ("about", (("at", "limits"),))


WHOLE = Power("all", "accuracy", None, None, 48210, None, 0.0031, None, None)
ENOUGH = replace(WHOLE, gate="Accuracy", limit=0.005, n_more=0)
LACKS = Power("night", "accuracy", None, "Critical slices", 812, None, 0.042, 0.02, 2610)
GROUPS = replace(LACKS, n_groups=61, n_more=1)


@pytest.mark.parametrize(
    ("powers", "sentence"),
    [
        ((), ""),
        ((WHOLE,), "Over all images (n = 48,210) a loss of 0.3 points or more in accuracy would show."),
        (
            (replace(WHOLE, metric="mae", smallest_drop=0.0312),),
            "Over all images (n = 48,210) a loss of 0.0312 or more in mean absolute error would show.",
        ),
        ((replace(WHOLE, smallest_drop=None),), ""),
        ((ENOUGH,), "Every one has enough images to show the loss that its gate allows."),
        (
            (ENOUGH, LACKS),
            "1 of 2 lacks images to show the loss that its gate allows. The largest lack is in night × pedestrian: "
            "2,610 more images would show a loss of 2.0 points.",
        ),
        (
            (GROUPS, replace(GROUPS, slice="fog", n_more=14)),
            "2 of 2 lack images to show the loss that their gate allows. The largest lack is in fog: 14 more groups "
            "would show a loss of 2.0 points.",
        ),
    ],
    ids=["nothing asked", "the whole", "a number", "not computed", "enough", "one lacks", "groups"],
)
def test_power_in_a_sentence(powers: tuple[Power, ...], sentence: str) -> None:
    """What lacks most for its gate, else that all have enough, else what the whole could show."""
    assert said.power_sentence(powers, METRICS, NAMES, IMAGES) == sentence


def test_what_is_missing_is_counted_in_samples_or_groups() -> None:
    """A dash without a limit, "enough" at none, the singular at one."""
    cases = (WHOLE, ENOUGH, LACKS, replace(LACKS, n_more=1), GROUPS, replace(GROUPS, n_more=12))

    assert [said.missing_text(one, IMAGES) for one in cases] == [
        "–", "enough", "2,610 more images", "1 more image", "1 more group", "12 more groups",
    ]  # fmt: skip
