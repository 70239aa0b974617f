"""Coverage: every combination of two values is counted once, and those that lack most are named first."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import polars as pl
import pytest

from reportgen.analysis import slices
from reportgen.analysis.attributes import AttributeSpec, code_attributes, code_target
from reportgen.analysis.coverage import MAX_LISTED, measure_coverage
from reportgen.analysis.slices import enumerate_axes
from reportgen.model import Coverage, Limits, Outcomes
from tests.analysis.worlds import classify

LIMITS = Limits()


def samples_of(frame: pl.DataFrame, *, group: np.ndarray | None = None, limits: Limits = LIMITS) -> Coverage:
    """The coverage of a table whose columns all slice; every sample is of the class that its ``label`` says."""
    classes = tuple(sorted(frame["label"].unique()))
    target = pl.Series("target", [classes.index(label) for label in frame["label"]], dtype=pl.Int32)
    coded = code_attributes(frame, [AttributeSpec(name) for name in frame.columns if name != "label"])
    attribute, codes = code_target(target, "label", classes, len(coded.attributes))
    held = pl.concat([coded.codes, pl.DataFrame({f"a{attribute.index}": codes})], how="horizontal")
    held = held.with_columns(
        pl.Series("prediction_0", codes), pl.lit(value=True).alias("scored_0"), target.alias("target")
    )
    if group is not None:
        held = held.with_columns(pl.Series("group", group.astype(np.int32)))
    outcomes = Outcomes(held, frame, classes, (*coded.attributes, attribute), ("v1",))
    found = measure_coverage(outcomes, enumerate_axes(outcomes, limits), limits)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def scenes() -> pl.DataFrame:
    """Snow never at noon, fog at night only twelve times; a sixth of the cameras is not known."""
    rng = np.random.default_rng(3)
    weather = rng.choice(["clear", "fog", "snow"], 3000, p=[0.6, 0.2, 0.2])
    time = rng.choice(["dawn", "night", "noon"], 3000)
    camera = rng.choice(np.array(["front", "rear", None], dtype=object), 3000, p=[0.5, 0.33, 0.17])
    label = rng.choice(["car", "van"], 3000)
    time = np.where((weather == "snow") & (time == "noon"), "dawn", time)
    fog = np.flatnonzero((weather == "fog") & (time == "night"))
    time[fog[12:]] = "dawn"
    return pl.DataFrame({"weather": weather, "time": time, "camera": list(camera), "label": label})


def test_it_counts_as_by_hand(scenes: pl.DataFrame) -> None:
    """All combinations of two values, those with enough samples and those with none; a missing value is no value."""
    found = samples_of(scenes)
    counts = []
    for a, b in combinations(scenes.columns, 2):
        for x, y in product(scenes[a].drop_nulls().unique(), scenes[b].drop_nulls().unique()):
            counts.append(scenes.filter((pl.col(a) == x) & (pl.col(b) == y)).height)

    assert found.n_combinations == len(counts)
    assert found.n_covered == sum(n >= LIMITS.test for n in counts)
    assert found.n_empty == sum(n == 0 for n in counts)
    assert found.n_few == sum(0 < n < LIMITS.test for n in counts)


def test_it_names_what_is_missing(scenes: pl.DataFrame) -> None:
    """The combination without samples and the one with too few, by their values."""
    found = samples_of(scenes)

    assert [(tuple(t.value for t in one.terms), one.n) for one in found.empty] == [(("snow", "noon"), 0)]
    assert [(tuple(t.value for t in one.terms), one.n) for one in found.few] == [(("fog", "night"), 12)]


def test_pairs_add_up_and_each_attribute_stands_alone_too(scenes: pl.DataFrame) -> None:
    """The cells of the matrix add up to the whole; its diagonal counts the values of one attribute."""
    found = samples_of(scenes)
    pairs = [one for one in found.pairs if one.attributes[0] != one.attributes[1]]
    alone = {one.attributes[0]: one.n_combinations for one in found.pairs if one.attributes[0] == one.attributes[1]}

    assert sum(one.n_covered for one in pairs) == found.n_covered
    assert sum(one.n_empty for one in pairs) == found.n_empty
    assert alone == {"weather": 3, "time": 3, "camera": 2, "label": 2}


def test_three_values_at_once_are_counted(scenes: pl.DataFrame) -> None:
    """The three-way share is that of a count by hand."""
    found = samples_of(scenes)
    counts = [
        scenes.filter((pl.col(a) == x) & (pl.col(b) == y) & (pl.col(c) == z)).height
        for a, b, c in combinations(scenes.columns, 3)
        for x, y, z in product(*(scenes[name].drop_nulls().unique() for name in (a, b, c)))
    ]

    assert (found.n_triples, found.n_triples_covered) == (len(counts), sum(n >= LIMITS.test for n in counts))


def test_samples_of_a_few_groups_cover_nothing() -> None:
    """Where there are groups, a combination needs enough of them too, however many samples they have."""
    n = 2000
    frame = pl.DataFrame({"side": ["left", "right"] * (n // 2), "label": ["car"] * (n // 2) + ["van"] * (n // 2)})
    many = samples_of(frame, group=np.arange(n) % 500)
    few = samples_of(frame, group=np.arange(n) % 8)

    assert (many.n_covered, many.min_groups) == (4, LIMITS.groups)
    assert (few.n_covered, few.n_empty) == (0, 0)
    assert {one.n_groups for one in few.few} == {4}


def test_what_lacks_most_comes_first_and_lists_end() -> None:
    """Many values: the lists are bounded, the counts are not, and the largest expected gap leads."""
    rng = np.random.default_rng(5)
    city = np.array([f"c{i:03d}" for i in range(100)])[np.minimum(rng.geometric(0.05, 6000) - 1, 99)]
    hour = np.where(city == "c001", "day", rng.choice(["day", "dusk", "night"], 6000))
    street = np.array([f"s{i:02d}" for i in range(40)])[rng.integers(0, 40, 6000)]
    found = samples_of(pl.DataFrame({"city": city, "hour": hour, "street": street, "label": ["x", "y"] * 3000}))

    assert found.n_empty > MAX_LISTED
    assert len(found.empty) == MAX_LISTED
    assert {tuple(t.value for t in one.terms) for one in found.empty[:2]} == {("c001", "dusk"), ("c001", "night")}
    gaps = [one.n_expected - one.n for one in found.few]
    assert gaps == sorted(gaps, reverse=True)


def test_the_order_of_samples_changes_nothing(scenes: pl.DataFrame) -> None:
    """Shuffled samples have the same coverage, lists and all."""
    assert samples_of(scenes) == samples_of(scenes.sample(fraction=1, shuffle=True, seed=2))


def test_one_attribute_has_no_combinations() -> None:
    """The target alone makes no two-way combination."""
    outcomes = classify(100)
    alone = Outcomes(outcomes.frame, outcomes.samples, outcomes.classes, outcomes.attributes[-1:], ("v1", "v2"))

    assert measure_coverage(alone, enumerate_axes(alone, LIMITS), LIMITS) is None


def test_pairs_that_are_not_listed_are_counted_all_the_same(
    scenes: pl.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where there are too many pairs to list the small ones, coverage still tells few from none."""
    whole = samples_of(scenes)
    monkeypatch.setattr(slices, "MAX_PAIRS", 5)
    limits = Limits(show=20)

    assert samples_of(scenes, limits=limits) == whole
