"""The slices page as data: what its sentence counts, which rows stand in it, and what the browser gets."""

from __future__ import annotations

import base64
import gzip
import json
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import polars as pl
import pytest

from reportgen.model import ALL, Attribute, Slice, Term
from reportgen.report import Report
from reportgen.site import slice_rows
from reportgen.site.slice_columns import slice_columns, version_columns
from reportgen.site.slice_heat import plan_heat
from reportgen.site.slices import plan_slices, slice_chunks
from tests import builders


@pytest.fixture(scope="module")
def report() -> Report:
    """Three versions; the last is worse at night in the rain."""
    return builders.report()


def unpacked(chunk: Any) -> dict[str, Any]:
    """A packed chunk's value."""
    value: dict[str, Any] = json.loads(gzip.decompress(base64.b64decode(chunk["gzip"])))
    return value


def changes(report: Report) -> pl.DataFrame:
    """The primary comparisons of the built pair."""
    return report.comparisons.filter(
        (pl.col("candidate") == report.candidate) & (pl.col("metric") == "accuracy") & (pl.col("slice") != ALL)
    )


def test_the_sentence_counts_the_verdicts_of_the_tests(report: Report) -> None:
    """Worse, better and unclear in the key sentence are those of the comparisons, out of all that were tested."""
    verdicts = changes(report)["verdict"].to_list()
    n = {verdict: verdicts.count(verdict) for verdict in ("worse", "better", "unclear", "too_few")}

    assert plan_slices(report).key == (
        f"{n['worse']} got worse, {n['better']} better, {n['unclear']} show no clear change, "
        f"of {n['worse'] + n['better'] + n['unclear']} tested; {n['too_few']} are too small to test."
    )


def test_rows_stand_worst_first_with_their_figures(report: Report) -> None:
    """The first row is the planted slice, with both levels, the change, its interval and q as the frames have them."""
    table = plan_slices(report).table
    assert table is not None
    first = table.rows[0]
    figures = changes(report).filter(pl.col("slice") == first.id).row(0, named=True)

    assert first.name == "rain × night"
    assert first.verdict == "worse"
    assert first.levels == f"{figures['value_baseline']:.1%} → {figures['value_candidate']:.1%}"
    assert first.change == f"−{abs(figures['delta']) * 100:.1f}"
    assert first.q == "< 0.001"
    assert first.support == "test"


def test_every_printed_row_adds_up(report: Report) -> None:
    """In each row the printed difference is that of the printed ends, to the last digit's rounding."""
    table = plan_slices(report).table
    assert table is not None
    for row in table.rows:
        if "→" not in row.levels or ">" in row.levels:
            continue
        before, after = (float(end.rstrip("%")) for end in row.levels.split(" → "))
        places = len(row.change.partition(".")[2])
        assert after - before == pytest.approx(float(row.change.replace("−", "-")), abs=1.01 * 10**-places)


def test_a_handful_of_samples_is_told_in_counts_only(report: Report) -> None:
    """A slice below the least support has no percentage, no interval and no mark."""
    tiny = next(s for s in report.slices if s.level == 2)
    few = {"value": 0.75, "low": 0.4, "high": 0.9, "sum_x": 6.0, "sum_w": 8.0, "n": 8, "support": "counts"}
    scales = slice_rows.plan_scales(report, "v3")

    row = slice_rows.plan_row(replace(tiny, n=8), report, scales, few, few, None)

    assert row.levels == "6 of 8 right"
    assert (row.level_interval, row.change, row.q, row.level_plot.mark) == ("", "", "", "")


def test_the_predicted_label_shows_a_level_and_no_change(report: Report) -> None:
    """A slice by what a version says is marked, has a level, and no plot of a change."""
    said = Slice("predicted=car", (Term("predicted", "=", "car", "predicted car"),), "attribute", 300)
    level = {"value": 0.9, "low": 0.85, "high": 0.93, "sum_x": 270.0, "sum_w": 300.0, "n": 300, "support": "decide"}

    row = slice_rows.plan_row(said, report, slice_rows.plan_scales(report, "v3"), level, level, None)

    assert row.tags == ("predicted label",)
    assert row.levels == "90.0% → 90.0%"
    assert row.change_plot is None
    assert row.verdict == "too_few"


def test_at_most_200_rows_stand_in_the_page_and_the_losses_are_among_them(report: Report) -> None:
    """Where hundreds of slices improve, every loss is still told, and the page says how many rows there are."""
    many = tuple(Slice(f"x={i}", (Term("x", "=", str(i)),), "attribute", 500) for i in range(400))
    pattern = changes(report).row(0, named=True)
    rows = [
        {**pattern, "slice": s.id, "delta": -0.01 if i < 30 else 0.05, "verdict": "worse" if i < 30 else "better"}
        for i, s in enumerate(many)
    ]
    wide = replace(
        report,
        slices=(report.slices[0], *many),
        comparisons=pl.DataFrame(rows, schema=report.comparisons.schema),
        attributes=(),
    )

    table = plan_slices(wide).table

    assert table is not None
    assert len(table.rows) == slice_rows.MAX_ROWS
    assert sum(row.verdict == "worse" for row in table.rows) == 30
    assert (table.n_shown, table.n_slices) == ("200", "400")


def test_one_version_is_held_against_the_rest() -> None:
    """With one version the change column is the slice against all other samples, and the sentence says so."""
    alone = builders.one_version()
    weak = pl.DataFrame(
        [
            {
                "slice": "time=night", "version": "v1", "metric": "accuracy", "value": 0.8, "rest": 0.9, "delta": -0.1,
                "low": -0.14, "high": -0.06, "p": 0.001, "q": 0.002, "n": 480, "n_groups": None,
                "method": "Newcombe, independent", "verdict": "worse", "support": "decide",
            }
        ],
        schema=alone.weaknesses.schema,
    )  # fmt: skip

    view = plan_slices(replace(alone, weaknesses=weak))

    assert view.key.startswith("1 are weaker than the rest")
    assert view.table is not None
    assert view.table.change_label == "Against the rest, points"
    night = next(row for row in view.table.rows if row.id == "time=night")
    assert (night.change, night.change_interval, night.q) == ("−10.0", "−14.0…−6.0", "0.002")


def test_without_attributes_the_page_says_what_is_missing() -> None:
    """No slices: no table, no heatmap, and a sentence with the one thing to do."""
    view = plan_slices(builders.report(attributes=False))

    assert (view.table, view.heat) == (None, None)
    assert "Add attributes to the manifest" in view.absent


@pytest.mark.parametrize(("sizes", "expected"), [((60,) * 5, 50), ((60,) * 4 + (20,) * 40, 0)])
def test_small_slices_are_hidden_only_where_larger_ones_are_left(sizes: tuple[int, ...], expected: int) -> None:
    """The filter that stands at first never empties the table of a small data set."""
    assert slice_rows.usual_n([Slice(str(i), (), "attribute", n) for i, n in enumerate(sizes)]) == expected


def test_the_axis_of_changes_holds_what_the_table_opens_with(report: Report) -> None:
    """No change of a slice of usual size runs off the axis, which has three ticks or more."""
    scale = slice_rows.plan_scales(report, report.candidate).change
    usual = slice_rows.usual_n(report.slices)
    shown = {s.id for s in report.slices if s.n >= usual}
    assert scale is not None

    assert all(scale.holds(row["delta"]) for row in changes(report).iter_rows(named=True) if row["slice"] in shown)
    assert len(scale.ticks) >= 3


def test_the_arrow_of_the_changes_goes_by_what_is_worse(report: Report) -> None:
    """Worst first, a metric that should be high rises and one that should be low falls."""
    lower = replace(report, metrics=tuple(replace(m, higher_is_better=False) for m in report.metrics))
    tables = [plan_slices(one).table for one in (report, lower)]

    assert [table.worst_first for table in tables if table] == ["ascending", "descending"]


def test_groups_are_counted_in_words(report: Report) -> None:
    """One group is a group."""
    scales = slice_rows.plan_scales(report, report.candidate)
    slices = [replace(report.slices[1], n_groups=n) for n in (None, 1, 12)]
    rows = [slice_rows.plan_row(s, report, scales, None, None, None) for s in slices]

    assert [row.n_groups for row in rows] == ["", "1 group", "12 groups"]


def test_a_definition_names_columns_and_bounds() -> None:
    """A term is a condition on the user's own column; a bin is written by its edges, the last one closed."""
    attributes = (Attribute("brightness", "numeric", ("< 0.5", "≥ 0.5"), 0, (0.0, 0.5, 1.0)),)
    slice_ = Slice("id", (Term("weather", "=", "rain"), Term("brightness", "in", "≥ 0.5")), "pair", 9)

    assert slice_rows.define(slice_, attributes) == 'weather = "rain" and 0.5 ≤ brightness ≤ 1'


def test_the_browser_gets_every_slice_and_every_version(report: Report) -> None:
    """A chunk of what the slices are and one a version, whose figures are those of the report to 12 digits."""
    chunks = slice_chunks(report, plan_slices(report))
    assert sorted(chunks) == ["slices", "slices-0", "slices-1", "slices-2"]
    candidate = unpacked(chunks["slices-2"])
    at = next(i for i, s in enumerate(report.slices) if s.name == "rain × night")
    figures = changes(report).filter(pl.col("slice") == report.slices[at].id).row(0, named=True)

    assert unpacked(chunks["slices"])["n"][at] == report.slices[at].n
    assert candidate["delta"][at] == pytest.approx(figures["delta"], rel=1e-11)
    assert candidate["newly_broken"][at] > 0
    assert "delta" not in unpacked(chunks["slices-0"])


def test_ids_that_terms_do_not_make_are_kept(report: Report) -> None:
    """The id of a slice is made of its quoted terms in the browser; others travel as they are."""
    quoted = Slice(f"a={quote('x y', safe='')}", (Term("a", "=", "x y"),), "attribute", 5)
    named = Slice("found-1", (Term("a", "=", "z"),), "found", 5)

    columns = slice_columns(replace(report, slices=(report.slices[0], quoted, named)), 0)

    assert columns["ids"] == {"2": "found-1"}


def test_a_slice_without_figures_is_null_never_zero(report: Report) -> None:
    """What a version has no figure for is null in every column."""
    extra = Slice("a=b", (Term("a", "=", "b"),), "attribute", 0)

    columns = version_columns(replace(report, slices=(*report.slices, extra)), "v3")

    assert all(columns[name][-1] is None for name in ("value", "low", "n", "x", "delta", "q", "verdict"))  # type: ignore[index]


def test_the_heatmap_is_of_the_pair_where_the_loss_is(report: Report) -> None:
    """The first pair of attributes is the one whose cell lost most, and its sentence names that cell."""
    heat = plan_heat(report)

    assert heat is not None
    names = {report.attributes[at].name for at in (heat.rows, heat.columns)}
    assert names == {"weather", "time"}
    assert heat.key.startswith("rain × night")
    assert len(heat.pairs) == 3


def test_a_hostile_name_changes_no_structure() -> None:
    """Names with markup stay text: the same rows, and JSON that unpacks to the same names."""
    text = "</script><img src=x onerror=alert(1)>"
    hostile = builders.hostile(text)

    view = plan_slices(hostile)

    assert view.table is not None
    assert all(text in row.name for row in view.table.rows)
    assert unpacked(slice_chunks(hostile, plan_slices(hostile))["slices"])["candidate"] == hostile.candidate
