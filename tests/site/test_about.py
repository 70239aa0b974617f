"""About: what was measured, how, and what is absent."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from reportgen.analysis.sentences import listed
from reportgen.model import ALL
from reportgen.site.about import plan_about
from reportgen.site.footer import plan_footer, plan_header
from reportgen.site.methods import used_methods
from tests import builders


def test_only_the_methods_used_are_told() -> None:
    """Wilson's interval stands in the estimates, DeLong's nowhere."""
    told = " ".join(method.how for method in used_methods(builders.report(n=300)))

    assert "Wilson" in told
    assert "Benjamini" in told
    assert "DeLong" not in told


def test_what_is_absent_is_told_with_a_way_to_have_it() -> None:
    """One version, no attributes, no media: each is named."""
    absent = dict(plan_about(builders.one_version(n=300, attributes=False)).absent)

    assert "Add the predictions of a second one" in absent["Compare"]
    assert "Pictures or text" in absent


def test_a_measure_without_a_value_names_its_classes_and_says_why_once() -> None:
    """The reason of a rank measure begins with the same words as the sentence."""
    report = builders.report(n=300)
    name, label = next((one.name, one.label) for one in report.metrics if one.per_class)
    of_classes = (pl.col("metric") == name) & (pl.col("slice") == ALL) & pl.col("class").is_not_null()
    classes = report.estimates.filter(of_classes)["class"].unique(maintain_order=True).to_list()
    estimates = report.estimates.with_columns(
        value=pl.when(of_classes).then(None).otherwise(pl.col("value")),
        reason=pl.when(of_classes).then(pl.lit("not defined: one class alone")).otherwise(pl.col("reason")),
    )
    absent = dict(plan_about(replace(report, estimates=estimates)).absent)

    assert absent[label] == f"Not defined for {listed(classes)}: one class alone."


def test_a_measure_without_a_value_names_its_version_and_not_every_class() -> None:
    """Where the other versions have the measure it is said whose it is not, and of many classes so many more."""
    report = builders.report(n=300)
    name, label = next((one.name, one.label) for one in report.metrics if one.per_class)
    lost = pl.DataFrame(
        {"slice": ALL, "version": report.baseline, "metric": name, "class": [f"c{k}" for k in range(40)]}
    ).with_columns(value=pl.lit(None, pl.Float64), reason=pl.lit("not defined: one class alone"))
    estimates = pl.concat([report.estimates.filter(pl.col("metric") != name), lost], how="diagonal_relaxed")
    absent = dict(plan_about(replace(report, estimates=estimates)).absent)

    named = listed([*(f"c{k}" for k in range(12)), "28 more"])
    assert absent[label] == f"Not defined for {named} of {report.baseline}: one class alone."


def test_glossary_has_the_words_of_this_report_alone() -> None:
    """Flips are explained where there are some, × where slices have two terms."""
    several = dict(plan_about(builders.report(n=300)).glossary)
    alone = dict(plan_about(builders.one_version(n=300, attributes=False)).glossary)

    assert {"Newly broken", "×", "Points", "Accuracy"} <= set(several)
    assert not {"Newly broken", "×", "Baseline"} & set(alone)
    assert list(several) == sorted(several, key=str.casefold)


def test_a_quick_look_is_told_on_every_page() -> None:
    """A sampled report says so in the header, which every page has."""
    report = replace(builders.report(n=300), sampled=100)

    assert plan_header(report).quick_look.startswith("100 of 300 samples were taken")
    assert plan_header(builders.report(n=300)).quick_look == ""


def test_the_footer_says_how_to_read_the_figures() -> None:
    """Level, pairing, correction with its count of tests, support rule, and where the figures come from."""
    report = builders.report(n=300)
    footer = plan_footer(report)
    text = " ".join(footer.sentences)

    assert "95%" in text
    assert f"{report.families[-1].n_tested} tested" in text
    assert "22 Nov 2026, 17:06 UTC" in footer.made
    assert footer.source.startswith("reportgen.yaml · samples.parquet · inputs ")
