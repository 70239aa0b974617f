"""The sections on what versions were trained on: their key sentences, their rows, their links; and the strip."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from reportgen import numbers
from reportgen.analysis.measure import measure
from reportgen.analysis.quality.given import Given
from reportgen.analysis.quality.rates import rate_sets
from reportgen.analysis.quality.support import code_tables, count_supports
from reportgen.analysis.quality.training import look_at_training
from reportgen.inspection import Inspection, Training
from reportgen.inspection.training import TargetShare, TrainingTable
from reportgen.report import Report
from reportgen.site.data.training import TrainingView, plan_training, trained_text, training_cells
from reportgen.site.trained import plan_trained
from tests import builders
from tests.site.chart_samples import HOSTILE

RAINY = (pl.col("weather") == "rain") | (pl.int_range(pl.len()) % 8 == 0)


def trained(report: Report, **frames: pl.DataFrame) -> Report:
    """The report of versions that were trained on these tables, which have the samples' names; ids where they stand."""
    tables = {
        name: TrainingTable(
            f"{name}.csv", "0", one.height, one.drop("id", strict=False), one["id"] if "id" in one.columns else None
        )
        for name, one in frames.items()
    }
    given = Given(training=tables, target="label", baseline=report.baseline, candidate=report.candidate)
    found = look_at_training(report.outcomes, given, code_tables(report.outcomes, given), 0.95)
    assert isinstance(found, Training)
    supports = count_supports(code_tables(report.outcomes, given), report.slices, 0.95)
    rates = rate_sets(measure(report.outcomes, report.limits), found.sets)
    return replace(report, inspection=Inspection(training=found, rates=rates), supports=supports)


def planned(report: Report) -> TrainingView:
    """The sections' view."""
    view = plan_training(report)
    assert view is not None
    return view


@pytest.fixture(scope="module")
def report() -> Report:
    """A report of three versions."""
    return builders.report(n=1200)


@pytest.fixture(scope="module")
def frame(report: Report) -> pl.DataFrame:
    """What the samples themselves are, twice, without ids: a training set of the same mix."""
    plain = report.outcomes.samples.drop("id")
    return pl.concat([plain, plain])


def test_without_tables_there_are_no_sections(report: Report) -> None:
    """Neither sections, nor cells of the strip, nor a line of Compare."""
    assert plan_training(report) is None
    assert training_cells(report) == ()
    assert plan_trained(report) == ()


def test_the_same_mix_is_no_clear_change(report: Report, frame: pl.DataFrame) -> None:
    """Each sentence says so, every row of the chart says so, and the strip is fine."""
    one = trained(report, v3=frame)
    view = planned(one)

    assert view.classes is not None
    assert view.classes.title == "Classes"
    assert view.classes.key.startswith("No clear difference (q = ")
    assert view.drift.key == "No clear change in any of 3."
    assert view.drift.chart is not None
    assert {row[4] for row in view.drift.chart.table} == {"no clear change"}
    assert view.drift.unseen == ()
    assert [(cell.state, cell.value) for cell in training_cells(one)] == [("fine", "0"), ("fine", "0")]
    assert "of 3 compared with the training set of v3" in training_cells(one)[0].below


def test_what_moved_leads_with_both_shares(report: Report, frame: pl.DataFrame) -> None:
    """The attribute is named in bold, stands first in colour, and its value has both shares."""
    one = trained(report, v3=frame.filter(RAINY))
    view = planned(one)
    (cell, _) = training_cells(one)
    chart = view.drift.chart

    assert view.drift.key == "weather has moved."
    assert (cell.state, cell.value) == ("check", "1")
    assert chart is not None
    first, *others = [row for row in chart.rows if row["t"] == "row"]
    assert (first["name"], first["out"]) == ("weather", True)
    assert not any(row["out"] for row in others)
    assert "→" in chart.table[0][4]
    share = one.outcomes.samples["weather"].value_counts(normalize=True)
    value = chart.table[0][4].split(" ")[0]
    here = share.filter(pl.col("weather") == value)["proportion"][0]
    assert chart.table[0][4].endswith(numbers.rate(here))


def test_values_never_seen_lead_to_their_samples(report: Report, frame: pl.DataFrame) -> None:
    """Their count is a link to them; the error in them stands beside that elsewhere, each with what it is of."""
    one = trained(report, v3=frame.filter(pl.col("weather") != "fog"))
    (row,) = planned(one).drift.unseen
    n = int((one.outcomes.samples["weather"] == "fog").sum())
    (rate,) = one.inspection.rates.filter(pl.col("version") == "v3").iter_rows(named=True)

    assert (row.attribute, row.values) == ("weather", f"fog ({n})")
    assert (row.link.page, row.link.count) == ("examples", n)
    assert ("a.weather not in training", "yes") in row.link.state
    assert row.error == numbers.rate(rate["value"])
    assert row.rest == numbers.rate(rate["rest"])
    assert training_cells(one)[1].value == str(n)


def test_samples_of_the_training_set_are_told(report: Report) -> None:
    """Where ids and all else agree; two numberings that share ids are no proof, even where some rows agree."""
    samples = report.outcomes.samples
    other = samples.head(40).with_columns(label=pl.lit("car"), weather=pl.lit("rain"), time=pl.lit("day"))
    leaked = trained(report, v3=samples.head(12))
    chance = trained(report, v3=other)

    view = planned(leaked).leaks
    assert view is not None
    assert view.see is not None
    assert (view.see.text, view.see.count) == ("See 12 samples", 12)
    assert view.said == "Of 1,200 samples looked for by ids in the training set of v3, 12 by id are in it too."
    assert {(row.likeness, row.there == row.sample.text) for row in view.rows} == {("by id", True)}
    assert planned(chance).leaks is None
    assert [(cell.name, cell.value) for cell in training_cells(leaked)][-1] == ("Also in training", "12")
    assert chance.inspection.training is not None
    assert chance.inspection.training.tables[0].n_trained_on is None
    assert "in-training" not in [one.key for one in chance.inspection.sets]
    assert leaked.inspection.sets[-1].action == "exclude"


def test_what_only_one_side_has_is_told(report: Report, frame: pl.DataFrame) -> None:
    """Columns that the table lacks, and its rows with a value that no sample here has."""
    more = frame.drop("time").with_columns(
        weather=pl.when(pl.int_range(pl.len()) < 7).then(pl.lit("hail")).otherwise(pl.col("weather"))
    )

    assert planned(trained(report, v3=more)).drift.lacking == (
        "The training table has no column time: not compared. "
        "Rows of training with a value that no sample here has: weather (7)."
    )


def test_many_classes_are_those_that_differ_most(report: Report, frame: pl.DataFrame) -> None:
    """Eleven that differ, and one row of all others, whose shares add up."""
    one = trained(report, v3=frame)
    training = one.inspection.training
    assert training is not None
    shares = tuple(
        TargetShare(f"c{k}", 10, 0.05, 0.04, 0.06, 10, 0.05 if k < 8 else 0.05 + k / 1000, 0.04, 0.06)
        for k in range(20)
    )
    tables = (replace(training.tables[0], target=shares),)
    view = planned(replace(one, inspection=replace(one.inspection, training=replace(training, tables=tables))))

    assert view.classes is not None
    table = view.classes.chart.table
    assert len(table) == 12
    assert {row[0] for row in table[:11]} == {f"c{k}" for k in range(9, 20)}
    assert (table[11][0], table[11][1], table[11][2]) == ("9 other", "90", "45.0%")


def test_what_changed_between_two_tables(report: Report) -> None:
    """The sentence tells what was added; slices of findings come first; Compare says the same and leads here."""
    samples = report.outcomes.samples
    old, new = samples.head(300), samples.head(800)
    one = trained(report, v1=old, v3=new)
    view = planned(one).supports
    told = [row.told for row in view.rows]

    assert view.title == "What changed between the training sets of v1 and v3"
    assert view.key == "v3 was trained on all 300 samples of v1, and on 500 more. No label changed."
    assert view.head == ("Training of v1", "Training of v3", "Here")
    assert told == sorted(told, reverse=True)
    assert [len(row.cells) for row in view.rows] == [3] * len(view.rows)
    first = plan_trained(one)[0]
    assert (first.version, first.text) == ("v3", view.key)
    assert (first.link.page, first.link.state) == ("data", (("at", "supports"),))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (slice(0, 3), slice(0, 3), "v1 and v3 were trained on the same 3 samples. No label changed."),
        (slice(0, 3), slice(0, 2), "v3 was trained on 2 of the 3 samples of v1: 1 was left out. No label changed."),
        (
            slice(0, 3),
            slice(1, 5),
            "Of the 3 samples that v1 was trained on, v3 has 2: 1 was left out and 2 are new. No label changed.",
        ),
        (slice(0, 3), slice(3, 5), "None of the 3 samples that v1 was trained on is among the 2 of v3."),
    ],
)
def test_relations_in_words(report: Report, old: slice, new: slice, said: str) -> None:
    """Nested, overlapping and disjoint tables each have their sentence."""
    samples = report.outcomes.samples
    one = trained(report, v1=samples[old], v3=samples[new])
    assert one.inspection.training is not None

    assert trained_text(one, one.inspection.training, "v3") == said


def test_relabelled_rows_in_words(report: Report) -> None:
    """How many, and the most frequent kind."""
    samples = report.outcomes.samples.head(5).with_columns(label=pl.lit("car"))
    changed = samples.with_columns(label=pl.Series(["van", "van", "cyclist", "car", "car"]))
    one = trained(report, v1=samples, v3=changed)
    assert one.inspection.training is not None

    assert trained_text(one, one.inspection.training, "v3").endswith(
        "3 of those in both were relabelled, most often car → van (2)."
    )


def test_one_table_of_both_and_tables_of_some(report: Report, frame: pl.DataFrame) -> None:
    """Versions without a table are named; one of two versions is said once."""
    alone = trained(report, v3=frame)
    first = trained(report, v1=frame)
    assert alone.inspection.training is not None
    assert first.inspection.training is not None

    assert trained_text(alone, alone.inspection.training, "v3") == (
        "v3 was trained on 2,400 samples. The manifest names no training table of v1."
    )
    assert planned(first).classes is not None
    assert "v1" in planned(first).drift.caption
    assert planned(alone).supports.title == "Slices in training"
    assert [one.version for one in plan_trained(alone)] == ["v3"]


def test_a_version_alone(frame: pl.DataFrame) -> None:
    """One version has its table beside here, and nothing to hold it against."""
    one = trained(builders.one_version(), v1=frame)

    assert planned(one).supports.key == "v1 was trained on 2,400 samples."
    assert planned(one).supports.head == ("Training of v1", "Here")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names(text: str) -> None:
    """Whatever versions, attributes, classes and values are called, the sections are planned."""
    report = builders.hostile(text)
    outcomes = report.outcomes
    names = [a.name for a in outcomes.attributes]
    frame = pl.DataFrame({name: list(outcomes.attributes[k].values) * 30 for k, name in enumerate(names[:1])})
    samples = outcomes.samples.with_columns(
        pl.Series(name, [outcomes.attributes[k].values[c] for c in outcomes.frame[f"a{k}"]])
        for k, name in enumerate(names[:2])
    )
    one = trained(replace(report, outcomes=replace(outcomes, samples=samples)), **{report.candidate: frame})
    view = planned(one)

    assert view.drift.chart is not None
    assert len(view.drift.chart.table) == 1
    assert view.drift.lacking.startswith("The training table has no column")
