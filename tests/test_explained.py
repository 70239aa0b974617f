"""A change explained, end to end in the examples: history, repeated trainings, training data, mix and rate, Q."""

from __future__ import annotations

import json
from collections.abc import Callable
from html import unescape
from re import sub
from typing import Any

import pytest

from reportgen.model import ALL

Example = Callable[[str], Any]


def report_of(example: Example, name: str) -> dict[str, Any]:
    """The example's report, for programs."""
    return json.loads((example(name).folder / "report.json").read_text(encoding="utf-8"))


def words_of(example: Example, name: str, page: str) -> str:
    """What stands on a page, without its marks."""
    text = (example(name).folder / page).read_text(encoding="utf-8")
    return " ".join(unescape(sub(r"<[^>]*>", " ", text)).split())


def overall(report: dict[str, Any], table: str, **where: str) -> dict[str, Any]:
    """The row of the leading metric over all samples."""
    found = report[table]
    lead = next(metric["name"] for metric in report["metrics"] if metric["primary"])
    wanted = {"slice": ALL, "metric": lead, **where}
    (at,) = (i for i in range(len(found["slice"])) if all(found[key][i] == value for key, value in wanted.items()))
    return {key: column[at] for key, column in found.items()}


def test_the_history_of_an_example_shows_a_trend(example: Example) -> None:
    """One earlier report: its figures, what is new and what is gone, and the example's folder is left as it is."""
    site, report = example("weather-trainings"), report_of(example, "weather-trainings")
    words = words_of(example, "weather-trainings", "index.html")

    assert [one["created"] for one in report["history"]["reports"]] == ["2026-08-29T10:40:00Z"]
    assert len(list((site.manifest.parent / "history").iterdir())) == 1
    then = dict(zip(report["history"]["figures"]["name"], report["history"]["figures"]["value"], strict=True))
    assert then["accuracy"] == pytest.approx(538 / 730)
    assert {one["since"] for one in report["findings"]} <= {"new", "standing", None}
    assert any(one["since"] for one in report["findings"])
    assert "The last report that the history keeps is of 29 Aug 2026, 10:40 UTC" in words
    assert "Over past reports" in words


def test_repeated_trainings_tell_luck_from_change(example: Example) -> None:
    """The version's figure is the mean, its interval holds the luck of training, and the page judges the change."""
    report = report_of(example, "weather-trainings")
    runs = report["runs"]
    each = {
        version: [
            value
            for value, owner, place, metric in zip(
                runs["value"], runs["version"], runs["slice"], runs["metric"], strict=True
            )
            if (owner, place, metric) == (version, ALL, "accuracy")
        ]
        for version in ("one-year", "two-years")
    }
    change = overall(report, "comparisons")
    (spread,) = report["spreads"]

    assert [len(values) for values in each.values()] == [3, 3]
    assert change["value_candidate"] == pytest.approx(sum(each["two-years"]) / 3)
    assert change["method"] == "linearised, mean of trainings"
    assert change["low"] < 0 < change["high"]
    assert (spread["state"], spread["n_pairs"], spread["n_pairs_better"]) == ("within", 9, 9)
    words = words_of(example, "weather-trainings", "compare.html")
    assert "two-years was trained 3 times and one-year was trained 3 times" in words
    assert "it may be the luck of training" in words
    assert "those of their first training" in words_of(example, "weather-trainings", "about.html")
    assert "this report can't tell luck from change" in words_of(example, "weather", "compare.html")


def test_training_tables_stand_beside_what_changed(example: Example) -> None:
    """How often a slice occurs in each training table, and here."""
    report = report_of(example, "weather-trainings")
    supports = report["supports"]
    rows = list(zip(supports["slice"], supports["version"], supports["n"], supports["n_here"], strict=True))
    dry = {version: n for place, version, n, _ in rows if place == "precipitation=%3C%200.1"}

    tables = report["inspection"]["training"]["tables"]
    (change,) = report["inspection"]["training"]["changes"]
    assert {one["versions"][0]: one["n"] for one in tables} == {"one-year": 366, "two-years": 731}
    assert 0 < dry["one-year"] < dry["two-years"] < 731
    assert (change["relation"], change["n_added"], change["n_removed"], change["n_relabelled"]) == (
        "contains",
        365,
        0,
        0,
    )
    words = words_of(example, "weather-trainings", "data.html")
    assert "Does training look like the test?" in words
    assert "label and yesterday have moved" in words
    assert "What changed between the training sets of one-year and two-years" in words
    said = "two-years was trained on all 366 samples of one-year, and on 365 more. No label changed."
    assert said in words
    assert said in words_of(example, "weather-trainings", "compare.html")


def test_versions_of_different_samples_have_mix_and_rate(example: Example) -> None:
    """The parts add up to the unpaired difference, and the page says so in words."""
    (one,) = report_of(example, "weather-years")["unpaired"]
    words = words_of(example, "weather-years", "compare.html")

    assert one["n_shared"] == 0
    assert one["split"]["mix"] + one["split"]["rate"] == pytest.approx(one["delta"])
    assert one["split"]["mix_low"] < one["split"]["mix"] < one["split"]["mix_high"]
    assert "Not paired: each version on its own samples" in words
    assert "which kinds of samples (mix)" in words
    assert f"Split by {one['split']['attribute']}" in words


def test_cochrans_q_stands_where_samples_are_independent(example: Example) -> None:
    """Three versions without groups: Q, its p, and the trends from version to version."""
    trace = report_of(example, "income")["trace"]
    words = words_of(example, "income", "compare.html")

    assert trace["df"] == 2
    assert trace["p"] < 0.05
    assert "Could versions that are all equally good differ this much? No (Cochran's Q" in words
    assert "From version to version" in words


def test_contributions_add_up_in_an_example(example: Example) -> None:
    """By every attribute the parts are the whole change."""
    report = report_of(example, "weather")
    found = report["contributions"]
    whole = overall(report, "comparisons")["delta"]
    parts: dict[str, float] = {}
    for name, value in zip(found["attribute"], found["contribution"], strict=True):
        parts[name] = parts.get(name, 0.0) + value

    assert len(parts) >= 6
    assert list(parts.values()) == pytest.approx([whole] * len(parts))
    assert "What the change is made of" in words_of(example, "weather", "compare.html")
