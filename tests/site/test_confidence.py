"""The confidence page: what it says of how sure versions are, and where it is absent."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from reportgen.model import ALL
from reportgen.report import Report
from reportgen.site.about import plan_about
from reportgen.site.charts import ReliabilityBin, reliability
from reportgen.site.confidence import ConfidenceView, plan_confidence
from reportgen.site.handing_over import hand_sentence
from reportgen.site.methods import used_methods
from reportgen.site.plan import plan
from reportgen.site.reliability import claim_sentence, diagram_head, worst_slice
from tests import builders, confident, selection_worlds


@pytest.fixture(scope="module")
def report() -> Report:
    """Two versions; the candidate is too sure in rainy nights."""
    return confident.report()


@pytest.fixture(scope="module")
def view(report: Report) -> ConfidenceView:
    """The page of it."""
    found = plan_confidence(report)
    assert found is not None
    return found


def with_claim(report: Report, version: str, slice_id: str, **fields: object) -> Report:
    """The report with other figures in one row of the claims."""
    chosen = (pl.col("version") == version) & (pl.col("slice") == slice_id)
    claims = report.claims.with_columns(
        pl.when(chosen).then(pl.lit(value, report.claims.schema[name])).otherwise(name).alias(name)
        for name, value in fields.items()
    )
    return replace(report, claims=claims)


TOO_SURE = {"delta": 0.024, "low": 0.021, "high": 0.028, "mean_confidence": 0.95, "right_rate": 0.926}
SHY = {"delta": -0.02, "low": -0.03, "high": -0.01, "mean_confidence": 0.9, "right_rate": 0.92}
UNCLEAR = {"delta": 0.003, "low": -0.004, "high": 0.01, "mean_confidence": 0.915, "right_rate": 0.912}


def test_the_key_sentence_of_each_state(report: Report) -> None:
    """Too sure, as sure as right, and right more often than it says: overall, and where it is worst."""
    base = with_claim(report, "v1", ALL, verdict="unclear", **UNCLEAR)
    quiet = with_claim(base, "v2", ALL, verdict="unclear", **UNCLEAR)
    shy = with_claim(base, "v2", ALL, verdict="not_sure_enough", **SHY)

    assert claim_sentence(with_claim(base, "v2", ALL, verdict="too_sure", **TOO_SURE)) == (
        "v2 claims more than it delivers on average (+2.4 points, 95% +2.1 to +2.8, n = 4,000), most of all in the "
        "rain at night (+39.33 points, 95% +35.77 to +42.89, n = 629). v1 was about as sure as it was right "
        "(+0.3 points, 95% −0.4 to +1.0, n = 4,000)."
    )
    assert claim_sentence(quiet).startswith(
        "v2 is about as sure as it is right on average (+0.3 points, 95% −0.4 to +1.0, n = 4,000), but too sure in the "
        "rain at night (+39.33 points, 95% +35.77 to +42.89, n = 629)."
    )
    assert claim_sentence(shy).startswith(
        "v2 is right more often than it claims on average (−2.0 points, 95% −3.0 to −1.0, n = 4,000), but too sure"
    )


def test_the_worst_slice_is_the_surest_of_the_too_sure(report: Report) -> None:
    """Beyond chance first, by the end of the interval; where none is, the largest gap of those that decide."""
    worst = worst_slice(report)
    calm = replace(report, claims=report.claims.with_columns(verdict=pl.lit("unclear")))
    small = replace(calm, claims=calm.claims.with_columns(support=pl.lit("test")))

    assert worst is not None
    assert worst.id == confident.RAINY_NIGHT
    assert getattr(worst_slice(calm), "id", None) == confident.RAINY_NIGHT
    assert worst_slice(small) is None


def test_the_sentence_and_the_diagram_speak_of_one_slice(report: Report) -> None:
    """A declared slice, which is outside the family of tests, is not drawn in the place of the one that is named.

    No slice is named that cannot be drawn.
    """
    wider = with_claim(report, "v2", "label=cyclist", q=None, low=0.5, verdict="too_sure")
    found = plan_confidence(wider)
    undrawn = replace(
        report, confidence_bins=report.confidence_bins.filter(pl.col("slice").is_in([ALL, "label=cyclist"]))
    )

    assert found is not None
    assert "in the rain at night" in found.reliability.key
    assert found.reliability.diagrams[-1].head.where == "rain × night"
    assert getattr(worst_slice(undrawn), "id", None) == "label=cyclist"
    assert "rain at night" not in claim_sentence(undrawn)


def test_an_error_that_may_be_none_has_no_colour(report: Report) -> None:
    """An error whose interval begins at 0 is not marked as worse, whatever the average says."""
    doubtful = replace(
        report,
        estimates=report.estimates.with_columns(
            pl.when(pl.col("metric") == "ece").then(0.0).otherwise("low").alias("low")
        ),
    )

    worst = worst_slice(report)
    assert worst is not None
    assert diagram_head(report, "v2", worst.id).too_sure
    assert not diagram_head(doubtful, "v2", worst.id).too_sure


def test_diagrams_show_both_versions_and_the_worst_slice(view: ConfidenceView) -> None:
    """Baseline, candidate, candidate in the worst slice; each with its error, interval and n."""
    heads = [(one.role, one.head.version, one.head.where) for one in view.reliability.diagrams]

    assert heads == [
        ("baseline", "v1", "all samples"),
        ("candidate", "v2", "all samples"),
        ("candidate", "v2", "rain × night"),
    ]
    last = view.reliability.diagrams[-1]
    assert last.head.too_sure
    assert last.head.detail == "95% 38.33…40.33 · n = 629"
    assert last.head.sentence == (
        "In the rain at night v2 says it is 94.66% sure on average and gets 55.33% right: it is too sure "
        "(+39.33 points, 95% +35.77 to +42.89, n = 629)."
    )
    assert set(last.chart.alternatives) == {str(i) for i in range(len(view.reliability.choices))}


def test_a_slice_too_small_for_an_error_says_so(report: Report) -> None:
    """The reason of the estimate stands in the error's place."""
    error = pl.col("metric") == "ece"
    few = replace(
        report,
        estimates=report.estimates.with_columns(
            pl.when(error).then(None).otherwise("value").alias("value"),
            pl.when(error).then(pl.lit("fewer than 300 samples")).otherwise("reason").alias("reason"),
        ),
    )
    found = plan_confidence(few)

    assert found is not None
    assert found.reliability.diagrams[0].head.error == ""
    assert found.reliability.diagrams[0].head.detail == "no error told: fewer than 300 samples · n = 4,000"


def test_claims_list_the_too_sure_first(report: Report, view: ConfidenceView) -> None:
    """Each line links to its slice and has gap, interval, n and q; the caption counts what was tested."""
    rows = view.reliability.claims

    assert view.reliability.claims_key == "Of 3 slices tested, v2 is too sure beyond chance in 3 slices."
    assert rows[0].link.state[0] == ("slice", confident.RAINY_NIGHT)
    accuracy = report.estimates.filter(
        pl.col("slice") == confident.RAINY_NIGHT, pl.col("version") == "v2", pl.col("metric") == "accuracy"
    )
    assert rows[0].wrong is not None
    assert rows[0].wrong.count == accuracy["sum_w"][0] - accuracy["sum_x"][0]
    assert ("set", "surest_wrong") in rows[0].wrong.state
    assert (rows[0].gap, rows[0].interval, rows[0].n, rows[0].q) == ("+39.33", "+35.77…+42.89", "629", "0.004")


def test_scores_say_what_changed(view: ConfidenceView) -> None:
    """Every version has its error with interval, the plug-in error named apart, and the verdict of each change."""
    first, second = view.scores.rows

    assert [label for label, _ in view.scores.columns] == ["Calibration error", "Log loss"]
    assert first.cells[0].value.endswith("%")
    assert first.cells[0].interval == "7.31…9.31"
    assert second.cells[1].verdict in {"better", "worse", "unclear"}
    assert first.binned.endswith("%")
    assert view.scores.key == "v2 shows no clear change against v1."


def test_handing_over(report: Report) -> None:
    """What handing the least sure tenth over does: both rates with intervals and n; a tie and a rise say so."""
    tied = replace(report, risks=report.risks.with_columns(kept_rate=pl.lit(1.0)))
    rising = replace(
        report,
        risks=report.risks.with_columns(
            pl.when(pl.col("share") < 1).then(0.5).otherwise("wrong_rate").alias("wrong_rate")
        ),
    )

    assert hand_sentence(report, "v1", ALL) == (
        "Hand the least sure 10% to a person, and v1's errors among the rest fall from 15.8% (95% 14.7 to 16.9, "
        "n = 4,000) to 9.3% (95% 8.4 to 10.3, n = 3,600)."
    )
    assert "is as sure of so many samples" in hand_sentence(tied, "v1", ALL)
    assert "don't fall: they go from" in hand_sentence(rising, "v1", ALL)


def test_a_curve_never_begins_below_the_limit_of_shares(report: Report) -> None:
    """Points of fewer samples than `show` are not drawn."""
    found = plan_confidence(report)

    assert found is not None
    assert found.handing is not None
    for panel in found.handing.panels:
        assert min(int(line[2].replace(",", "")) for line in panel.chart.table) >= report.limits.show


@pytest.mark.parametrize(
    ("n", "high", "honesty"),
    [(4, 0.2, "few"), (49, 0.2, "few"), (50, 0.877, "too_sure"), (50, 0.881, "honest"), (50, 0.95, "honest")],
)
def test_a_group_is_too_sure_only_beyond_two_points(n: int, high: float, honesty: str) -> None:
    """The whole interval has to lie further than two points below the line, with 50 samples at least."""
    one = ReliabilityBin(0.8, 1.0, n, 0.9, 0.15, 0.1, high)

    assert one.honesty == honesty
    drawn = [row for row in reliability("one", "l", [one]).rows if row["t"] == "bin"]
    assert len(drawn) == (n >= 5)


def test_the_page_stands_where_confidences_are() -> None:
    """After Examples and before About, with its data; without confidences there is none, and About says why."""
    with_page, without = plan(confident.report(n=600)), plan(builders.report(n=600))

    assert [page.name for page in with_page.pages][-2:] == ["confidence", "about"]
    assert {"confidence", "cutoffs", "cutoffs-0"} <= set(with_page.chunks)
    assert without.page("confidence") is None
    assert not [name for name in without.chunks if name.startswith("cutoffs")]


def test_one_version_has_no_baseline_on_the_page() -> None:
    """Diagrams of the version alone, and no word of another."""
    found = plan_confidence(confident.report(n=600, n_versions=1))

    assert found is not None
    assert {one.role for one in found.reliability.diagrams} == {"candidate"}
    assert found.scores.key == ""


def test_sure_mistakes_are_told_where_the_candidate_has_confidences() -> None:
    """With those of the baseline alone the page stands, and the line is left out."""
    report = selection_worlds.binary(600)
    told = [plan_confidence(replace(report, candidate=name)) for name in ("v2", "v1")]

    assert [one is not None and one.sure_wrong is not None for one in told] == [True, False]


def test_about_tells_the_methods_and_what_is_missing(report: Report) -> None:
    """The methods of each table stand in About; without confidences it says what would bring the page."""
    told = {method.what for method in used_methods(report)}
    bare = builders.report(n=600)
    silent = plan_about(replace(bare, versions=tuple(replace(one, has_confidence=False) for one in bare.versions)))

    assert {"Reliability diagrams", "What a cut-off finds and raises as false alarms"} <= told
    assert "Reliability diagrams" not in {method.what for method in used_methods(bare)}
    assert dict(silent.absent)["Confidence"] == (
        "No score or probabilities in the predictions of v1, v2 and v3, so nothing tells how sure it was. Add such a "
        "column to the prediction file, and name it under prediction_columns if its name is unusual: score, or "
        "probabilities."
    )
