"""Slices found by a search, and confirmed on the half of the samples that it did not see."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import polars as pl
import pytest

from reportgen.analysis import discovery
from reportgen.analysis.measure import measure
from reportgen.analysis.slices import enumerate_axes
from reportgen.analysis.versions import compare_ratios
from reportgen.analysis.weaknesses import against_rest
from reportgen.model import ALL, Limits, Outcomes
from reportgen.stats.significance import benjamini_hochberg
from reportgen.tasks import classification
from tests.analysis.worlds import Analysed, analyse, classify, regress
from tests.benchmarks import planted_worlds
from tests.benchmarks.planted_worlds import Plant, World

ACCURACY = next(metric for metric in classification.METRICS if metric.name == "accuracy")
DEEP = Plant(3, 0.04, 0.25)


@cache
def deep(groups: int | None = None, n: int = 12_000) -> tuple[World, Analysed]:
    """A world where three values together go wrong, analysed."""
    world = planted_worlds.make(n, 3, (DEEP,), groups=groups)
    return world, analyse(world.outcomes)


def searched(outcomes: Outcomes, limits: Limits | None = None) -> discovery.Discovery:
    """The discovery alone; the first version is the baseline and the last the candidate."""
    measured = measure(outcomes, limits or Limits(), ["accuracy"])
    baseline = 0 if len(outcomes.versions) > 1 else None
    axes = enumerate_axes(outcomes, measured.limits)
    return discovery.discover(measured, axes, ACCURACY, baseline, len(outcomes.versions) - 1)


@pytest.mark.parametrize("groups", [None, 1500])
def test_a_planted_slice_of_three_terms_is_found(groups: int | None) -> None:
    """It is found for each question, once, and nothing else is for where it got worse."""
    world, analysed = deep(groups)
    (planted,) = world.slice_ids()
    table = analysed.facts.discoveries

    assert table.filter(pl.col("question") == "worse")["slice"].to_list() == [planted]
    assert set(table.filter(pl.col("slice") == planted)["question"]) == {"weak", "worse", "sure_wrong"}
    one = analysed.facts.slices[planted]
    assert (one.origin, one.level, one.n) == ("found", 3, int(world.rows(0).sum()))
    assert table.filter(pl.col("slice") == planted)["n_confirm"].unique().to_list() == [one.n_confirm]


def test_the_search_goes_by_the_mean_over_trainings() -> None:
    """What goes wrong in the candidate's second training alone is taken to the other half.

    There it doesn't hold: two trainings that differ so much tell nothing of a third.
    """
    world = planted_worlds.make(12_000, 3, (Plant(3, 0.04, 0.4),))
    frame = world.outcomes.frame
    again = frame.select(pl.col("^.*_1$").name.map(lambda name: f"{name.removesuffix('1')}2"))
    frame = frame.with_columns(pl.col("^.*_0$").name.map(lambda name: f"{name.removesuffix('0')}1"))
    outcomes = replace(world.outcomes, frame=pl.concat([frame, again], how="horizontal"), runs=((0,), (1, 2)))
    (worse,) = (one for one in searched(outcomes).searches if one.question == "worse")

    assert worse.n_taken > 0
    assert worse.n_held == 0


def test_searches_count_what_was_looked_at_taken_and_held() -> None:
    """One search a question, and as many held as stand in the table."""
    _, analysed = deep()
    facts = analysed.facts

    assert [one.question for one in facts.searches] == ["weak", "worse", "sure_wrong"]
    for one in facts.searches:
        assert one.n_searched > 1000
        assert one.n_held <= one.n_taken <= discovery.TAKEN
        assert one.n_held == facts.discoveries.filter(pl.col("question") == one.question).height
    assert [one.baseline for one in facts.searches] == [None, "v1", None]


def test_the_comparison_of_a_found_slice_rests_on_the_other_half() -> None:
    """Values, difference and n are over all samples; interval, p and q over those that the search did not see."""
    world, analysed = deep()
    (planted,) = world.slice_ids()
    half = discovery.halve(analysed.measure.outcomes)
    axis = next(axis for axis in analysed.axes.found if axis.ids == [planted])
    whole = compare_ratios(analysed.measure, ACCURACY, (0, 1), (axis,)).row(0, named=True)
    unseen = replace(axis, keys=np.where(half, axis.keys, -1))
    tested = compare_ratios(analysed.measure, ACCURACY, (0, 1), (unseen,)).row(0, named=True)
    row = analysed.facts.changes[planted]
    told = analysed.facts.discoveries.filter((pl.col("slice") == planted) & (pl.col("question") == "worse"))

    for name in ("value_baseline", "value_candidate", "delta", "n"):
        assert row[name] == whole[name]
    for name in ("low", "high", "p"):
        assert row[name] == tested[name] == told[name][0]
    assert row["q"] == told["q"][0] >= row["p"]
    assert row["verdict"] == told["verdict"][0] == "worse"
    assert told["delta_confirm"][0] == tested["delta"]


def test_the_weakness_of_a_found_slice_rests_on_the_other_half() -> None:
    """Against the rest of the other half; for the version that was not asked there is no q and no verdict."""
    world, analysed = deep()
    (planted,) = world.slice_ids()
    half = discovery.halve(analysed.measure.outcomes)
    axis = next(axis for axis in analysed.axes.found if axis.ids == [planted])
    unseen = replace(axis, keys=np.where(half, axis.keys, -1))
    tested = against_rest(analysed.measure, ACCURACY, 1, (unseen,), among=half).row(0, named=True)
    rows = {row["version"]: row for row in analysed.facts.weaknesses.filter(pl.col("slice") == planted).to_dicts()}

    assert [rows["v2"][k] for k in ("low", "high", "p")] == [tested[k] for k in ("low", "high", "p")]
    assert rows["v2"]["verdict"] == "worse"
    assert (rows["v1"]["q"], rows["v1"]["verdict"]) == (None, "unclear")
    assert rows["v1"]["low"] is not None


def test_a_parent_explains_its_children() -> None:
    """Where two values together go wrong, which the pairs tell, no slice of three is found beside them."""
    world = planted_worlds.make(12_000, 5, (Plant(2, 0.06, 0.3),))
    facts = analyse(world.outcomes).facts
    (planted,) = world.slice_ids()

    assert facts.changes[planted]["verdict"] == "worse"
    assert facts.discoveries.filter(pl.col("question") != "sure_wrong").height == 0
    assert planted in facts.discoveries["slice"].to_list()  # sure of its mistakes, which no table of pairs asks


def test_groups_stay_whole_in_a_half() -> None:
    """A group is seen by the search or confirms, never both; half of the groups do each."""
    outcomes = classify(3000, groups=300)
    half = discovery.halve(outcomes)
    group = outcomes.frame["group"].to_numpy()

    assert not set(group[half]) & set(group[~half])
    assert abs(len(set(group[half])) - 150) < 40


def test_halves_go_by_id_and_not_by_place() -> None:
    """Samples in another order are in the same halves, and the same slices are found with the same figures."""
    world, analysed = deep()
    order = np.random.default_rng(0).permutation(world.outcomes.frame.height)
    shuffled = replace(
        world.outcomes,
        frame=world.outcomes.frame[order.tolist()],
        samples=world.outcomes.samples[order.tolist()],
    )
    again = searched(shuffled)

    assert (discovery.halve(shuffled) == discovery.halve(analysed.measure.outcomes)[order]).all()
    assert again.searches == analysed.facts.searches
    names = [name for name, kind in again.table.schema.items() if not kind.is_float()]
    assert again.table.select(names).equals(analysed.facts.discoveries.select(names))
    for name in ("value", "delta_confirm", "low", "high", "q"):
        assert again.table[name].to_list() == pytest.approx(analysed.facts.discoveries[name].to_list(), rel=1e-9)


def test_the_three_questions_are_corrected_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """One Benjamini-Hochberg over every candidate that was taken to the other half."""
    seen: list[np.ndarray] = []

    def correct(p: np.ndarray) -> np.ndarray:
        seen.append(np.asarray(p))
        return benjamini_hochberg(p)

    monkeypatch.setattr(discovery, "benjamini_hochberg", correct)
    found = searched(deep()[0].outcomes)

    assert len(seen[0]) == sum(one.n_taken for one in found.searches)


def test_with_nothing_planted_next_to_nothing_is_found() -> None:
    """Of 25 worlds without a failure at most 2 bring a slice; the benchmark counts over more."""
    false = sum(searched(planted_worlds.make(1000, seed, ()).outcomes).table.height > 0 for seed in range(25))

    assert false <= 2


def test_values_are_searched_by_their_error() -> None:
    """Of values the loss is the error of the primary metric: no question of confidence is asked."""
    facts = analyse(regress(3000)).facts

    assert [one.question for one in facts.searches] == ["weak", "worse"]
    assert facts.discoveries.height == 0  # there are two attributes, so no slice of three


@pytest.mark.parametrize(
    "outcomes",
    [
        classify(40),
        classify(0, n_versions=2),
        classify(600, n_versions=1),
        classify(300, confidence=False, weights=True),
    ],
    ids=["few", "none", "one version", "no confidence"],
)
def test_without_enough_to_search_nothing_is_found(outcomes: Outcomes) -> None:
    """Few samples, one version and no confidence leave out what can't be asked, and the counts say so."""
    found = searched(outcomes)
    questions = ["weak"] + ["worse"] * (len(outcomes.versions) > 1)
    questions += ["sure_wrong"] * ("confidence_0" in outcomes.frame.columns)

    assert [one.question for one in found.searches] == questions
    if outcomes.frame.height < 100:
        assert {(one.n_searched, one.n_taken, one.n_held) for one in found.searches} == {(0, 0, 0)}


def test_every_table_has_the_found_slices() -> None:
    """Levels, comparisons, weaknesses and flips know a found slice as they know any other."""
    world, analysed = deep()
    (planted,) = world.slice_ids()
    facts = analysed.facts

    assert facts.level(planted)["n"] == facts.slices[planted].n
    assert facts.flipped[planted]["n"] == facts.slices[planted].n
    assert (
        facts.n_tested
        == facts.comparisons.filter(
            (pl.col("metric") == "accuracy") & pl.col("q").is_not_null() & (pl.col("slice") != ALL)
        ).height
    )
