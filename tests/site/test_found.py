"""What a search found, word for word, in every state; how found, critical and pinned slices stand in the table."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from reportgen.model import Question, Search, Slice, Term
from reportgen.report import Report
from reportgen.site import slice_rows
from reportgen.site.found import SHOWN, found_sentences, plan_found, search_sentence
from reportgen.site.slice_columns import slice_columns, version_columns
from reportgen.site.slices import plan_slices
from tests import builders


@pytest.fixture(scope="module")
def report() -> Report:
    """Rainy nights are critical, and their pedestrians were found."""
    return builders.report(searched=True)


def found_of(report: Report) -> Slice:
    """The slice that was found."""
    return next(one for one in report.slices if one.origin == "found")


def confirmed(report: Report, **figures: object) -> Report:
    """The same report with other figures of the other half."""
    row = report.discoveries.row(0, named=True) | {
        "delta": -0.104, "delta_confirm": -0.091, "low": -0.13, "high": -0.052, "q": 0.003, "n": 812, "n_confirm": 406,
    }  # fmt: skip
    return replace(report, discoveries=pl.DataFrame([row | figures], schema=report.discoveries.schema))


@pytest.mark.parametrize(
    ("question", "counts", "sentence"),
    [
        ("worse", (0, 0, 0), "No search for where v3 got worse than v1: half of the samples are too few for it."),
        (
            "weak",
            (12480, 0, 0),
            "We looked at 12,480 combinations of up to three values in one half of the samples for where v3 is wrong; "
            "none was suspicious enough to take to the other half.",
        ),
        (
            "worse",
            (12480, 40, 0),
            "We looked at 12,480 combinations of up to three values in one half of the samples for where v3 got worse "
            "than v1, took the 40 most suspicious to the other half, and none held.",
        ),
        (
            "sure_wrong",
            (12480, 40, 3),
            "We looked at 12,480 combinations of up to three values in one half of the samples for where v3 is wrong "
            "and sure of itself, took the 40 most suspicious to the other half, and 3 held.",
        ),
        (
            "worse",
            (96, 1, 1),
            "We looked at 96 combinations of up to three values in one half of the samples for where v3 got worse than "
            "v1, took the most suspicious one to the other half, and it held.",
        ),
        (
            "worse",
            (96, 1, 0),
            "We looked at 96 combinations of up to three values in one half of the samples for where v3 got worse than "
            "v1, took the most suspicious one to the other half, and it did not hold.",
        ),
    ],
    ids=["none searched", "none taken", "none held", "some held", "one held", "one did not"],
)
def test_a_search_in_a_sentence(
    report: Report, question: Question, counts: tuple[int, int, int], sentence: str
) -> None:
    """How many were looked at, taken to the other half, and held there."""
    assert search_sentence(report, Search(question, "v3", "v1", *counts)) == sentence


@pytest.mark.parametrize(
    ("figures", "sentence"),
    [
        (
            {},
            "Found by searching one half of the samples for where v3 got worse than v1. In the other half, which the "
            "search had not seen, 406 samples show −9.1 points against v1 (95% −13.0 to −5.2): beyond chance after "
            "correcting for all that were taken there (q 0.003). Over all 812 it is −10.4 points, which counts the "
            "half that it was found in.",
        ),
        (
            {"question": "sure_wrong", "delta": 0.15, "delta_confirm": 0.12, "low": 0.05, "high": 0.19,
             "n_groups_confirm": 61},
            "Found by searching one half of the samples for where v3 is wrong and sure of itself. In the other half, "
            "which the search had not seen, 406 samples, in 61 groups, show +0.12 confidence in wrong answers, "
            "against all others (95% +0.05 to +0.19): beyond chance after correcting for all that were taken there "
            "(q 0.003). Over all 812 it is +0.15, which counts the half that it was found in. "
            "It was not found for its change from v1, so that is shown and was not tested.",
        ),
        (
            {"version": "v2"},
            "Found by searching v2: for v3 it is shown, and was not tested.",
        ),
    ],
    ids=["worse", "sure of itself", "another version"],
)  # fmt: skip
def test_how_sure_of_a_found_slice(report: Report, figures: dict[str, object], sentence: str) -> None:
    """The figure of the half that the search had not seen leads, with its interval, n and q."""
    assert " ".join(found_sentences(confirmed(report, **figures), found_of(report), "v3")) == sentence


def test_what_held_is_listed_under_its_search(report: Report) -> None:
    """A link to the slice, the change on the other half, and how many samples confirmed it."""
    weak, worse = plan_found(confirmed(report))
    (held,) = worse.held

    assert weak.held == ()
    assert dict(held.link.state) == {"slice": found_of(report).id, "version": "v3"}
    assert held.link.text == "rain × night × pedestrian"
    assert held.text == (
        "−9.1 points against v1 (95% −13.0…−5.2, q 0.003), confirmed on 406 samples that the search had not seen"
    )


def test_many_that_held_are_counted(report: Report) -> None:
    """The page lists the first ones of a search and counts the rest."""
    many = plan_found(replace(report, discoveries=pl.concat([report.discoveries] * (SHOWN + 4))))[1]

    assert len(many.held) == SHOWN
    assert many.more == "And 4 more, in the table below."


def test_without_a_search_nothing_is_said_of_one() -> None:
    """A report that was not searched has no such section, no tag and no tab."""
    view = plan_slices(builders.report())

    assert view.searches == ()
    assert view.table is not None
    assert not {"found", "critical"} & {kind.value for kind in view.table.kinds}


def test_found_and_critical_stand_in_row_and_tabs(report: Report) -> None:
    """Each has its tag; the found one says on how many samples it was confirmed, the critical one why it is so."""
    view = plan_slices(report)
    assert view.table is not None
    rows = {row.name: row for row in view.table.rows}
    found, critical = rows["rain × night × pedestrian"], rows["rain × night"]
    kinds = {kind.value: kind.n for kind in view.table.kinds}

    assert (found.tags, found.confirmed) == (("found",), f"confirmed on {found_of(report).n_confirm}")
    assert (critical.tags, critical.why, critical.confirmed) == (("critical",), "safety case 4.2", "")
    assert (kinds["found"], kinds["critical"]) == ("1", "2")
    assert view.prose.endswith("and 1 found by searching.")


def test_the_counts_of_tests_leave_the_found_ones_out(report: Report) -> None:
    """What was found is told by its own sentences: the key counts the enumerated slices alone."""
    plain = plan_slices(builders.report())
    n = [view.key.partition("of ")[2].split()[0] for view in (plain, plan_slices(report))]

    assert n[0] == n[1]


def test_what_the_manifest_names_is_told_apart(report: Report) -> None:
    """Pinned sets, slices of gates and the predicted label have tags of their own, and no other."""
    attributes = report.attributes
    pinned = Slice("pinned=old", (Term("pinned", "=", "old"),), "declared", 12)
    gated = replace(found_of(report), origin="declared")
    said = Slice("predicted=car", (Term("predicted", "=", "car"),), "attribute", 300)

    assert [slice_rows.tags_of(one, attributes) for one in (pinned, gated, said, report.slices[1])] == [
        ("pinned",), ("in the manifest",), ("predicted label",), (),
    ]  # fmt: skip


def test_the_browser_gets_the_same_words(report: Report) -> None:
    """The sentences of the drawer, why a slice is critical, names of the manifest and n_confirm travel as data."""
    titled = tuple(replace(s, title="Night shift") if s.name == "night" else s for s in report.slices)
    named = replace(report, slices=titled)
    columns = slice_columns(named, 0)
    at = next(i for i, s in enumerate(titled) if s.origin == "found")

    assert version_columns(named, "v3")["found"] == {str(at): found_sentences(named, titled[at], "v3")}
    assert set(columns["critical"].values()) == {"safety case 4.2", "few, and hard to see"}  # type: ignore[attr-defined]
    assert list(columns["titles"].values()) == ["Night shift"]  # type: ignore[attr-defined]
    assert columns["n_confirm"][at] == found_of(report).n_confirm  # type: ignore[index]
    assert slice_columns(builders.report(), 0)["n_confirm"] is None
