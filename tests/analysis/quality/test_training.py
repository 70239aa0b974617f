"""Training beside the samples here: what moved is found, what chance does is not; what changed between two tables."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from reportgen import columns
from reportgen.analysis.attributes import AttributeSpec, code_attributes
from reportgen.analysis.quality.given import Given
from reportgen.analysis.quality.inspect import inspect, mark_sets
from reportgen.analysis.quality.support import code_tables
from reportgen.analysis.quality.training import look_at_training
from reportgen.inspection import Absent, Training
from reportgen.inspection.training import Moved, TrainingChange, TrainingSet, TrainingTable
from reportgen.model import Outcomes
from tests.analysis.worlds import classify, regress


def drawn(n: int = 3000, *, seed: int = 5, rain: float = 0.4, night_in_rain: float = 0.4) -> pl.DataFrame:
    """A training table of the world of ``classify``, in which how often it rains, and at night, are parameters."""
    rng = np.random.default_rng(seed)
    weather = np.array(["clear", "fog", "rain"])[rng.choice(3, n, p=[0.9 - rain, 0.1, rain])]
    night = rng.random(n) < np.where(weather == "rain", night_in_rain, 0.4)
    return pl.DataFrame(
        {
            "weather": weather,
            "time": np.where(night, "night", "day"),
            "brightness": rng.normal(size=n).round(3),
            "label": np.array(["car", "cyclist", "pedestrian"])[rng.choice(3, n, p=[0.5, 0.2, 0.3])],
        }
    )


def table(frame: pl.DataFrame, **more: pl.Series) -> TrainingTable:
    """A training table of these columns."""
    return TrainingTable("t.csv", "0", frame.height, frame, **more)


def looked(outcomes: Outcomes, **tables: TrainingTable | pl.DataFrame) -> Training:
    """What is seen with these tables by version; the first version is the baseline, the last the candidate."""
    read = {name: table(one) if isinstance(one, pl.DataFrame) else one for name, one in tables.items()}
    given = Given(training=read, target="label", baseline=outcomes.versions[0], candidate=outcomes.versions[-1])
    found = look_at_training(outcomes, given, code_tables(outcomes, given), 0.95)
    assert isinstance(found, Training)
    return found


def alone(outcomes: Outcomes, frame: pl.DataFrame) -> TrainingSet:
    """The candidate's table."""
    (found,) = looked(outcomes, **{outcomes.versions[-1]: frame}).tables
    return found


def of(found: TrainingSet, *names: str) -> Moved:
    """The row of an attribute, or of a pair."""
    return next(one for one in (*found.attributes, *found.pairs) if one.attributes == names)


def test_what_moved_is_found() -> None:
    """An attribute that training has more of is named with both shares; the others, and the pairs, are not."""
    found = alone(classify(2000), drawn(rain=0.7))
    weather = of(found, "weather")

    assert [one.attributes for one in (*found.attributes, *found.pairs) if one.moved] == [("weather",)]
    assert weather.psi is not None
    assert weather.low is not None
    assert weather.low > 0.1
    assert weather.most is not None
    assert weather.most.values in {("rain",), ("clear",)}
    assert (weather.n_there, weather.n_here) == (3000, 2000)
    here = np.mean(classify(2000).samples["weather"].to_numpy() == weather.most.values[0])
    assert weather.most.here == pytest.approx(here)


def test_a_mix_that_moved_is_found() -> None:
    """Night in the rain is rare in training, night and rain are not: the pair moved, and its cell is named."""
    found = alone(classify(2000), drawn(night_in_rain=0.05))
    pair = of(found, "weather", "time")

    assert pair.moved
    assert pair.most is not None
    assert "rain" in pair.most.values
    assert pair.most.expected is not None
    assert [one.attributes for one in found.pairs if one.moved] == [("weather", "time")]


def test_chance_is_no_drift() -> None:
    """Of a hundred tables from the world itself, no more than a few have anything beyond chance, and none moved."""
    outcomes = classify(600)
    clear = moved = 0
    for seed in range(100):
        found = alone(outcomes, drawn(900, seed=100 + seed))
        clear += any(one.clear for one in found.attributes)
        moved += any(one.moved for one in (*found.attributes, *found.pairs))

    assert clear <= 10
    assert moved == 0


def test_groups_alike_are_no_drift() -> None:
    """Where all samples of a group have one weather, chance has the say that few groups give it."""
    moved = blind = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        world = classify(600, groups=30, seed=seed)
        weather = np.array(["clear", "rain"])[rng.integers(0, 2, 30)][world.frame["group"].to_numpy()]
        codes = pl.Series("a0", np.where(weather == "clear", 0, 2), dtype=pl.Int32)
        samples = world.samples.with_columns(weather=pl.Series(weather))
        grouped = replace(world, samples=samples, frame=world.frame.with_columns(codes))
        shuffled = world.attributes[0].values
        place = {value: k for k, value in enumerate(shuffled)}
        codes = pl.Series("a0", [place[value] for value in weather], dtype=pl.Int32)
        grouped = replace(grouped, frame=grouped.frame.with_columns(codes))
        name = rng.integers(0, 2, 40).repeat(30)
        frame = pl.DataFrame({"weather": np.array(["clear", "rain"])[name]})
        groups = pl.Series([f"g{k}" for k in range(40) for _ in range(30)])
        (own,) = looked(grouped, v2=table(frame, groups=groups)).tables
        (other,) = looked(replace(grouped, frame=grouped.frame.drop("group")), v2=frame).tables
        moved += own.attributes[0].clear
        blind += other.attributes[0].clear

    assert blind >= 8
    assert moved <= 3


def test_prior_shift() -> None:
    """A class that training has less of moves the target; its shares stand beside each other with intervals."""
    frame = drawn()
    cars = frame.filter(pl.col("label") == "car").head(100)
    found = alone(classify(2000), pl.concat([frame.filter(pl.col("label") != "car"), cars]))
    target = of(found, "label")
    car = found.target[0]

    assert target.moved
    assert target.most is not None
    assert target.most.values == ("car",)
    assert car.value == "car"
    assert (car.n_there, car.n_here) == (100, round((car.here or 0) * 2000))
    assert car.there_low is not None
    assert car.there is not None
    assert car.there_high is not None
    assert car.there_low < car.there < car.there_high < (car.here_low or 0)
    assert sum(one.here or 0 for one in found.target) == pytest.approx(1)


def test_weights_weigh() -> None:
    """Samples that stand for more count for more: rain at double weight is as frequent as in its training."""
    world = classify(3000)
    rain = world.samples["weather"].to_numpy() == "rain"
    share = 4 * rain.mean() / (1 + 3 * rain.mean())
    weighted = replace(world, frame=world.frame.with_columns(pl.Series(columns.WEIGHT, np.where(rain, 4.0, 1.0))))
    frame = drawn(rain=share)

    assert of(alone(world, frame), "weather").moved
    assert not of(alone(weighted, frame), "weather").moved


def test_values_that_training_never_had_are_sets() -> None:
    """Samples with them are a set that pages filter by; the table has their counts."""
    world = classify(1000)
    outcomes = replace(world, attributes=world.attributes)
    frame = drawn().filter((pl.col("weather") != "fog") & (pl.col("label") != "cyclist"))
    training = looked(outcomes, v1=drawn(), v2=frame)
    fog = np.flatnonzero(outcomes.samples["weather"] == "fog")
    first, second = training.tables

    assert first.unseen == ()
    weather, _ = second.unseen
    assert (weather.attribute, weather.values, weather.key) == ("weather", (("fog", len(fog)),), "unseen-weather")
    assert [one.key for one in training.sets] == ["unseen-weather", "unseen-label"]
    assert training.sets[0].rows.tolist() == fog.tolist()
    assert "v2" in training.sets[0].rule
    given = Given(training={"v2": table(frame)}, target="label", candidate="v2")
    inspection = inspect(outcomes, given)
    marked = mark_sets(outcomes, inspection.sets)
    place = [one.key for one in inspection.sets].index("unseen-weather")
    assert marked.frame[columns.found_set(place)].sum() == len(fog)


def test_rare_values_are_told_apart_from_each_other() -> None:
    """Of values that slice as one, "other", those that training has are seen and the others are not."""
    world = classify(600)
    city = [f"c{k:03d}" for k in range(300)] * 2
    (attribute, *rest) = world.attributes
    coded = code_attributes(pl.DataFrame({"weather": city}), [AttributeSpec("weather")])
    outcomes = replace(
        world,
        attributes=(replace(coded.attributes[0], index=attribute.index), *rest),
        samples=world.samples.with_columns(weather=pl.Series(city)),
        frame=world.frame.with_columns(coded.codes["a0"].alias(columns.attribute(attribute.index))),
    )

    found = alone(outcomes, pl.DataFrame({"weather": city[:298]}))

    assert [(one.attribute, one.values) for one in found.unseen] == [("weather", (("c298", 2), ("c299", 2)))]
    assert found.other == ()


def test_hostile_names_make_keys_of_their_own() -> None:
    """Attributes whose names leave no letter, or the same ones, have sets of different keys."""
    world = classify(300)
    names = {"weather": "天気", "time": "<'\">", "label": "label"}
    attributes = tuple(replace(a, name=names.get(a.name, a.name)) for a in world.attributes)
    outcomes = replace(
        world, attributes=attributes, samples=world.samples.rename({k: v for k, v in names.items() if k != "label"})
    )
    frame = pl.DataFrame({"天気": ["x"], "<'\">": ["y"], "label": ["car"]})

    keys = [one.key for one in looked(outcomes, v2=frame).sets]

    assert keys[:2] == ["unseen-attribute", "unseen-attribute-2"]
    assert len(set(keys)) == len(keys)


def test_a_value_as_target() -> None:
    """Regression: the target is tested as a number, with its medians; other attributes as ever."""
    outcomes = regress(1500)
    rng = np.random.default_rng(2)
    district = np.array(["centre", "harbour", "hills"])
    same = pl.DataFrame({"district": district[rng.choice(3, 2000)], "label": rng.normal(10, 3, 2000)})
    higher = same.with_columns(pl.col("label") + 3)
    still, moved = (of(alone(outcomes, frame), "label") for frame in (same, higher))

    assert still.test == "Kolmogorov-Smirnov"
    assert not still.clear
    assert moved.moved
    assert moved.middles is not None
    assert moved.middles[0] - moved.middles[1] == pytest.approx(3, abs=0.3)


def test_a_table_that_lacks_a_column() -> None:
    """It is named, and what the table has is compared; a table without any is a count alone."""
    outcomes = classify(500)
    found = alone(outcomes, drawn().select("weather", "label"))
    bare = alone(outcomes, drawn().select([]))

    assert found.lacking == ("time", "brightness")
    assert [one.attributes for one in found.attributes] == [("weather",), ("label",)]
    assert bare.attributes == ()
    assert bare.target == ()


def test_an_empty_table_and_a_split() -> None:
    """A table without rows tells nothing; the split is no attribute, and its training samples are not here."""
    world = classify(400)
    empty = alone(world, drawn().head(0))
    split = pl.Series("split", ["train", "test"] * 200)
    attribute = replace(world.attributes[1], name="split")
    outcomes = replace(
        world,
        samples=world.samples.with_columns(split),
        split="split",
        attributes=(world.attributes[0], attribute, *world.attributes[2:]),
    )
    given = Given(training={"v2": table(drawn())}, target="label", trained_splits=("train",), candidate="v2")
    found = look_at_training(outcomes, given, code_tables(outcomes, given), 0.95)

    assert all(one.p is None and not one.moved for one in empty.attributes)
    assert isinstance(found, Training)
    assert found.tables[0].n_here == 200
    assert found.tables[0].lacking == ()
    assert ("split",) not in {one.attributes for one in found.tables[0].attributes}


def test_without_tables_it_says_so() -> None:
    """One line tells what would bring the sections."""
    found = look_at_training(classify(100), Given(), code_tables(classify(100), Given()), 0.95)

    assert isinstance(found, Absent)
    assert "trained_on" in found.why


def test_order_of_rows_does_not_matter() -> None:
    """The same table in another order gives the same figures to the last digit."""
    outcomes = classify(500)
    frame = drawn(800)
    shuffled = frame.sample(fraction=1.0, shuffle=True, seed=3)

    assert alone(outcomes, frame) == alone(outcomes, shuffled)


def test_versions_of_one_table_share_it() -> None:
    """One table of two versions is looked at once, and nothing changed between them."""
    outcomes = classify(300)
    one = table(drawn(500))
    training = looked(outcomes, v1=one, v2=one)

    assert [found.versions for found in training.tables] == [("v1", "v2")]
    assert training.changes == ()
    assert training.of("v1") is training.of("v2")


def change(old: TrainingTable, new: TrainingTable) -> TrainingChange:
    """What changed from v1's table to v2's."""
    (found,) = looked(classify(50), v1=old, v2=new).changes
    return found


def test_what_changed_between_two_tables() -> None:
    """By ids rows are added, removed, relabelled; nested and disjoint tables are told as such."""

    def rows(labels: dict[str, str | None]) -> TrainingTable:
        return table(
            pl.DataFrame({"label": list(labels.values())}, schema={"label": pl.String}), ids=pl.Series(list(labels))
        )

    old = rows({"a": "car", "b": "car", "c": "cyclist", "d": None})
    within = change(old, rows({"a": "car", "b": "car"}))
    overlap = change(old, rows({"a": "cyclist", "b": "cyclist", "d": "car", "e": "car"}))

    assert change(old, rows({"b": "car", "d": None, "c": "cyclist", "a": "car"})).relation == "same rows"
    assert change(rows({"a": "car"}), old).relation == "contains"
    assert change(old, rows({"x": "car"})).relation == "apart"
    assert (within.relation, within.n_added, within.n_removed, within.n_relabelled) == ("within", 0, 2, 0)
    assert (overlap.relation, overlap.n_added, overlap.n_removed, overlap.n_relabelled) == ("overlap", 1, 1, 3)
    assert overlap.relabelled == (("car", "cyclist", 2), ("no label", "car", 1))


def test_equal_numbers_are_no_new_label() -> None:
    """A table whose column has whole numbers only, and one with fractions; of values no kinds are told."""
    old = table(pl.DataFrame({"label": [1, 2, 3]}), ids=pl.Series(["a", "b", "c"]))
    new = table(pl.DataFrame({"label": [1.0, 2.5, 3.0]}), ids=pl.Series(["a", "b", "c"]))
    (found,) = looked(regress(50), v1=old, v2=new).changes

    assert (found.relation, found.n_relabelled, found.relabelled) == ("same rows", 1, ())


@pytest.mark.parametrize("ids", [None, ["a", "a"], ["a", None]], ids=["none", "twice", "missing"])
def test_without_ids_only_counts_are_told(ids: list[str | None] | None) -> None:
    """Where ids are missing or repeat, nobody can tell which rows are the same."""
    frame = pl.DataFrame({"label": ["car", "cyclist"]})
    found = change(table(frame), table(frame) if ids is None else table(frame, ids=pl.Series(ids)))

    assert (found.n_before, found.n_after, found.relation) == (2, 2, "unknown")
    assert found.n_added is None
    assert found.n_relabelled is None
