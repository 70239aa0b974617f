"""What this evidence cannot show: the matrix, the lists of gaps and the table of power."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reportgen.model import ALL, Gate, Power
from reportgen.report import Report
from reportgen.site.limits import SHOWN, plan_coverage, plan_power
from tests import builders


@pytest.fixture(scope="module")
def report() -> Report:
    """Few samples: many combinations of weather, time and class have too few."""
    return builders.report(n=300)


def test_the_matrix_has_every_pair_once_and_its_table_says_so(report: Report) -> None:
    """Half a matrix with its diagonal, and a table of as many lines whose counts add up to the sentence's."""
    view = plan_coverage(report)
    assert view.chart is not None
    assert report.coverage is not None
    cells = [row for row in view.chart.rows if row["t"] == "cell"]
    lines = [line for line in view.chart.table if line[1] != "alone"]

    assert len(cells) == len(view.chart.table) == 6
    assert all(row["row"] >= row["col"] for row in cells)
    assert sum(int(line[2]) for line in lines) == report.coverage.n_covered
    assert sum(int(line[3]) for line in lines) == report.coverage.n_combinations
    assert view.chart.label == view.key


def test_a_gap_with_samples_leads_to_its_slice(report: Report) -> None:
    """Combinations with too few samples are linked; a list that ends says how many more there are."""
    view = plan_coverage(report)
    assert view.few is not None
    assert report.coverage is not None
    linked = [one.link for one in view.few.gaps if one.link]
    ids = {one.id for one in report.slices}

    assert view.few.title == f"With fewer than 30 samples: {report.coverage.n_few}"
    assert linked
    assert all(dict(link.state)["slice"] in ids for link in linked)
    assert len(view.few.gaps) == min(SHOWN, report.coverage.n_few)


def test_lists_end_and_count_the_rest(report: Report) -> None:
    """Of very many gaps some are named, and the others are counted."""
    assert report.coverage is not None
    many = replace(report.coverage, few=report.coverage.few[:1] * 200, n_combinations=5000, n_covered=0, n_empty=0)
    view = plan_coverage(replace(report, coverage=many))

    assert view.empty is None
    assert view.few is not None
    assert view.few.more == "And 4,976 more; report.json names the first 200."


def test_one_attribute_has_a_sentence_and_no_chart() -> None:
    """Nothing to cross: the section says why."""
    view = plan_coverage(builders.report(n=300, attributes=False))

    assert (view.chart, view.empty, view.few) == (None, None, None)
    assert view.sentence.startswith("Fewer than two attributes slice")


def test_power_names_gate_and_reason(report: Report) -> None:
    """A row for the whole and one for a critical slice, with what its gate allows and what it lacks."""
    slices = tuple(replace(s, critical="safety case 4.2") if s.name == "rain × night" else s for s in report.slices)
    night = next(s for s in slices if s.critical)
    floor = Gate("Floor", "", "passes", "min", "overall", "accuracy", None, None, "rate", 0.8, 0.9, 0.88, 0.92, 300)
    powers = (
        Power(ALL, "accuracy", None, None, 300, None, 0.061, None, None),
        Power(ALL, "accuracy", None, "Floor", 300, None, 0.05, None, None),
        Power(night.id, "accuracy", None, "Critical slices", night.n, None, 0.15, 0.02, 2610),
    )
    view = plan_power(replace(report, slices=slices, power=powers, gates=(floor,)))
    whole, below, rain = view.rows

    assert (whole.name, whole.link, whole.drop) == ("all samples", None, "6.1 points")
    assert (whole.limit, whole.missing) == ("–", "–")
    assert below.drop == "5.0 points below the floor"
    assert rain.link is not None
    assert (rain.reason, rain.drop) == ("gate: Critical slices; critical: safety case 4.2", "15.0 points")
    assert (rain.limit, rain.missing, rain.lacks) == ("2.0 points", "2,610 more samples", True)
    assert view.note == ""


def test_one_version_says_why_there_is_no_table() -> None:
    """Without a baseline there is no loss to show."""
    view = plan_power(builders.one_version(n=300))

    assert (view.rows, view.sentence) == ((), "There is one version, so there is no loss to show.")


def test_hostile_names_stay_text() -> None:
    """A name with markup stands in the view as it is; the templates escape it."""
    text = "</script><img src=x onerror=alert(1)>"
    view = plan_coverage(builders.hostile(text))

    assert view.chart is not None
    assert text in view.key
