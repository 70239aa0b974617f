"""Findings and the answer: their sentences, their evidence, and what they must never say."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from statsmodels.stats.proportion import proportion_confint

from reportgen.analysis.answer import answer
from reportgen.analysis.facts import Facts
from reportgen.analysis.findings import SERIOUS, derive_findings
from reportgen.analysis.mistakes import find_confusions, find_sure_but_wrong
from reportgen.analysis.sentences import find_flip_ratio, opening
from reportgen.model import ALL, Finding, Note
from tests.analysis.worlds import analyse, classify, regress


@pytest.fixture(scope="module")
def facts() -> Facts:
    """A world that is worse at night in the rain."""
    return analyse(classify(6000, media="image")).facts


def first(findings: tuple[Finding, ...], kind: str) -> Finding:
    """The first finding of a kind."""
    return next(finding for finding in findings if finding.kind == kind)


def test_the_planted_loss_heads_the_findings(facts: Facts) -> None:
    """The regression comes first, in the manifest's phrases, with both values, n, flips and q."""
    found = derive_findings(facts)[0]

    assert found.headline == "v2 gets worse in the rain at night"
    assert re.fullmatch(
        r"In the rain at night, v2 gets [\d.]+% of [\d,]+ images right; v1 got [\d.]+%\. It broke \d+ and fixed \d+\. "
        r"This is beyond chance: it holds after correcting for \d+ slices \(q [<=] [\d.]+\)\.( .+ the same story\.)?",
        found.text,
    )
    assert found.severity == "critical"


def test_without_phrases_a_place_is_never_guessed_into_grammar() -> None:
    """A slice is then "in rain × night"."""
    found = derive_findings(analyse(classify(6000, phrases=False)).facts)[0]

    assert found.headline == "v2 gets worse in rain × night"
    assert found.text.startswith("Where weather = rain and time = night, v2 gets ")


def test_a_sentence_begins_with_the_place() -> None:
    """The manifest's phrases where all are given; else what each attribute is; the target is the samples' label."""
    facts = analyse(classify(600, phrases=False, media="image")).facts
    opened = {one.id: opening(one, facts.attributes, "images") for one in facts.slices.values() if one.level}

    assert opened["weather=rain"] == "Where weather = rain"
    assert opened["label=car"] == "On images labelled car"
    assert any(re.fullmatch(r"Where time = night and brightness < −?[\d.]+", text) for text in opened.values())


def test_every_link_counts_what_it_opens(facts: Facts) -> None:
    """The number in a link's text is its count, and the count is that of the samples."""
    found = derive_findings(facts)[0]
    link = next(link for link in found.links if link.page == "examples")

    assert link.text.startswith(f"{link.count} newly broken")
    assert link.count == facts.flipped["weather=rain&time=night"]["newly_broken"]
    assert dict(link.state) == {"set": "newly_broken", "version": "v2", "a.weather": "rain", "a.time": "night"}


def test_there_are_five_at_most_with_one_better(facts: Facts) -> None:
    """Five findings at most, and an improvement among them where there is one."""
    findings = derive_findings(facts)

    assert len(findings) <= 5
    assert first(findings, "improvement").severity == "better"


@pytest.mark.parametrize("loss", [0.0, 0.1, 0.35])
def test_the_most_serious_come_first(loss: float) -> None:
    """Critical, to watch, better, data: in this order, whatever was found."""
    severities = [finding.severity for finding in derive_findings(analyse(classify(6000, loss=loss)).facts)]

    assert severities == sorted(severities, key=SERIOUS.index)


def test_what_is_better_in_places_is_shown_there() -> None:
    """Where the whole is no better, pictures and links of an improvement are those of its slices."""
    facts = analyse(classify(6000, gain=0.06)).facts
    found = first(derive_findings(facts), "improvement")
    places = [dict(link.state) for link in found.links if link.page == "examples"]

    assert "in places" in found.headline
    assert found.slice != ALL
    assert places
    assert all(any(key.startswith("a.") or key == "label" for key in place) for place in places)
    named = [one.id for one in facts.slices.values() if one.level and one.name in found.headline]
    assert all(any(facts.rows(slice_id)[row] for slice_id in named) for row in found.rows)


def test_both_ends_of_a_confusion_have_intervals() -> None:
    """A class taken for another more often: both shares stand with Wilson's intervals, from the told counts."""
    facts = analyse(classify(6000)).facts
    row = facts.confusion_changes.filter(pl.col("target") != pl.col("prediction")).row(0, named=True)
    worse = pl.DataFrame([row | {"verdict": "worse", "q": 0.001}])
    found = find_confusions(replace(facts, confusion_changes=worse), set())[0]
    assert found.effect is not None
    shown = found.effect.rows[0]

    assert (shown.baseline_low, shown.baseline_high) == pytest.approx(
        proportion_confint(row["n_baseline"], row["n"], method="wilson")
    )
    assert (shown.low, shown.high) == pytest.approx(proportion_confint(row["n_candidate"], row["n"], method="wilson"))


def test_sure_but_wrong_links_to_exactly_those() -> None:
    """The count on the link is of the mistakes made with a confidence of 0.9 or more."""
    facts = analyse(classify(6000)).facts
    sure_wrong = pl.col("metric") == "sure_wrong_rate"
    rows = facts.comparisons.with_columns(
        pl.when(sure_wrong).then(pl.lit("worse")).otherwise("verdict").alias("verdict"),
        pl.when(sure_wrong).then(0.0001).otherwise("p").alias("p"),
    )
    found = find_sure_but_wrong(replace(facts, comparisons=rows), set())[0]
    frame = facts.outcomes.frame
    sure = frame.filter((pl.col("correct_1") == 0) & (pl.col("confidence_1") >= np.float32(0.9))).height

    assert found.links[0].count == sure
    assert found.links[0].text == f"{sure} sure but wrong"
    assert ("set", "sure_wrong") in found.links[0].state


def test_no_sample_is_shown_twice(facts: Facts) -> None:
    """Pictures of findings are distinct samples."""
    rows = [row for finding in derive_findings(facts) for row in finding.rows]

    assert len(rows) == len(set(rows)) > 0


def test_groups_show_one_sample_each_per_finding() -> None:
    """A finding's samples come from different groups."""
    facts = analyse(classify(4000, groups=300)).facts
    group = facts.outcomes.frame["group"].to_list()

    for finding in derive_findings(facts):
        chosen = [group[row] for row in finding.rows]
        assert len(set(chosen)) == len(chosen)


def test_the_answer_says_which_samples_its_values_are_over() -> None:
    """Where some prediction is missing the sentence tells how many both scored; else it says nothing of it."""
    outcomes = classify(3000)
    frame = outcomes.frame.with_columns(pl.Series("scored_1", np.arange(3000) >= 300))
    some, every = (analyse(replace(outcomes, frame=one)).facts for one in (frame, outcomes.frame))
    tail = "Both values are over the 2,700 samples that both scored, of 3,000."

    assert answer(some, derive_findings(some)).sentence.endswith(f"). {tail}")
    assert "both scored" not in answer(every, derive_findings(every)).sentence


def test_nothing_worse_says_what_could_have_been_seen() -> None:
    """Without a loss the first finding says so, with the smallest loss that could have been noticed."""
    found = first(derive_findings(analyse(classify(3000, loss=0.0, gain=0.0)).facts), "none")

    assert found.headline == "Nothing got worse beyond chance"
    assert re.search(
        r"Smallest loss we could have noticed: about \d+\.\d points in a slice of 500 samples\.", found.text
    )


def test_one_version_is_told_by_its_weak_slices() -> None:
    """With one version the findings are slices weaker than the rest, or that none stands out."""
    facts = analyse(classify(4000, n_versions=1)).facts
    findings = derive_findings(facts)

    assert {finding.kind for finding in findings} <= {"weak", "none"}
    assert answer(facts, findings).state == "single"


def test_regression_speaks_of_errors() -> None:
    """A larger error is "further off", and flips are errors that moved by more than the margin."""
    found = derive_findings(analyse(regress()).facts)[0]

    assert found.headline in {"v2 is further off in harbour", "v2 is further off overall"}
    assert re.search(r"v2 is off by [\d.]+ on average \(n = [\d,]+\); v1 was by [\d.]+\.", found.text)
    assert "the error grew by more than 1.00" in found.text


@pytest.mark.parametrize(("gain", "clear"), [(0.1, True), (0.06, False)])
def test_fixes_for_each_break_are_told_where_they_are_beyond_chance(gain: float, clear: bool) -> None:
    """The ratio of fixes to breaks is a sentence only where its interval holds no 1."""
    facts = analyse(classify(6000, gain=gain)).facts
    ratio = find_flip_ratio(facts.estimates, facts.candidate, facts.limits.level, " to ")
    better = first(derive_findings(facts), "improvement")

    assert ratio is not None
    assert ratio.is_clear == clear
    assert ("it breaks" in better.text) == clear


def test_left_out_data_is_a_finding() -> None:
    """A degraded note with a count stands among the findings, last."""
    note = Note("RG310", "degraded", "12 samples have no prediction from v2", n=12)
    findings = derive_findings(analyse(classify(3000), notes=[note]).facts)

    assert [finding.kind for finding in findings].index("data") == len(findings) - 1
    assert findings[-1].text == "12 samples have no prediction from v2."


@pytest.mark.parametrize("word", ["significant", "dramatic", "robust", "because", "caused", " pp"])
def test_words_that_are_never_said(facts: Facts, word: str) -> None:
    """No cause, no "significant", no "pp"."""
    findings = derive_findings(facts)
    said = " ".join([answer(facts, findings).sentence, *(f"{f.headline} {f.text}" for f in findings)])

    assert word not in said


def test_the_answer_names_the_worst_loss_in_whole_things(facts: Facts) -> None:
    """The answer says how many it got right, and how many the baseline did."""
    said = answer(facts, derive_findings(facts))
    flips = facts.flipped["weather=rain&time=night"]

    right = flips["both_right"] + flips["newly_fixed"]
    assert said.state in {"worse_somewhere", "worse"}
    assert f"it gets {right:,} of {flips['n']:,} images right" in said.support[0]


def test_what_comes_next_and_what_was_not_tested_are_linked(facts: Facts) -> None:
    """Next leads to the broken samples of the worst loss; of the slices too small to test the worst gap is linked."""
    findings = derive_findings(facts)
    said = answer(facts, findings)
    assert said.next is not None
    assert said.next.link == findings[0].links[0]
    assert said.next.text == f"Look at the {findings[0].links[0].text} in the rain at night."

    few = analyse(classify(120, media="image")).facts
    gap = answer(few, derive_findings(few)).not_tested
    assert few.coverage is not None
    lacking = few.coverage.n_combinations - few.coverage.n_covered
    assert gap is not None
    assert gap.link is not None
    assert gap.link.state == (("at", "limits"),)
    assert gap.text.startswith(f"{lacking} of {few.coverage.n_combinations} combinations of two values have fewer than")


def test_of_one_attribute_its_small_values_are_not_tested() -> None:
    """Without a combination to cover, the values with too few samples are named by the smallest."""
    facts = analyse(classify(60)).facts
    alone = replace(facts, coverage=None)
    gap = answer(alone, derive_findings(alone)).not_tested
    small = [facts.slices[row["slice"]] for row in facts.changes.values() if row["support"] in {"show", "counts"}]

    assert gap is not None
    assert gap.link is not None
    assert gap.text.startswith(f"{len(small)} slices have fewer than 30 samples; the worst gap is ")
    assert dict(gap.link.state)["slice"] == min(small, key=lambda one: (one.n, one.id)).id


def test_a_number_in_the_answer_has_its_meaning() -> None:
    """Mean absolute error is told in plain words where it first stands."""
    facts = analyse(regress()).facts

    assert "(how far off a prediction is, on average)" in answer(facts, derive_findings(facts)).sentence


def test_too_few_samples_cannot_tell() -> None:
    """Ten samples a version: no verdict, and the answer says so."""
    facts = analyse(classify(20)).facts
    said = answer(facts, derive_findings(facts))

    assert said.state == "unclear"
    assert said.headline == "Can't tell yet"


def test_findings_count_the_families_of_tests(facts: Facts) -> None:
    """A slice that is worse in its own family alone is no finding, and what is said then counts it."""
    calm = pl.col("verdict").replace({"worse": "unclear", "better": "unclear"})
    one = pl.col("slice") == "weather=rain"
    quiet = [
        table.with_columns(calm, pl.when(pl.col("q").is_null()).then(None).otherwise(0.9).alias("q"))
        for table in (facts.comparisons, facts.weaknesses, facts.confusion_changes)
    ]
    figures = {"delta": -0.05, "low": -0.09, "high": -0.01, "p": 0.001, "verdict": "worse"}

    def told(q: float) -> tuple[Finding, ...]:
        changes = quiet[0].with_columns(
            *(pl.when(one).then(pl.lit(value)).otherwise(name).alias(name) for name, value in figures.items()),
            pl.when(one).then(q).otherwise("q").alias("q"),
        )
        return derive_findings(
            replace(
                facts,
                comparisons=changes,
                weaknesses=quiet[1],
                confusion_changes=quiet[2],
                discoveries=facts.discoveries.clear(),
            )
        )

    assert first(told(0.001), "regression").slice == "weather=rain"
    assert not [one for one in told(0.03) if one.kind == "regression"]
    assert "1 slice looks worse: not beyond what chance brings" in first(told(0.03), "none").text


def test_a_smaller_slice_stands_before_those_that_water_it_down() -> None:
    """Where the loss is at night in the rain alone, rain and night are told by it and not beside it."""
    facts = analyse(classify(12_000, gain=0.0, loss=0.3)).facts
    first, *others = [one for one in derive_findings(facts) if one.kind == "regression" and one.slice != ALL]

    assert {facts.changes[f"{part}"]["verdict"] for part in ("weather=rain", "time=night")} == {"worse"}
    assert first.slice == "weather=rain&time=night"
    assert "same story" in first.text
    assert not {"weather=rain", "time=night"} & {one.slice for one in others}
