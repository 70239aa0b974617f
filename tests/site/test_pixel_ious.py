"""How the IoU of single samples is spread, on pages: each number is that of the report's tables."""

from __future__ import annotations

import functools
from dataclasses import replace

from reportgen import numbers
from reportgen.site.object_pairs import plan_objects, plan_overlap_chart
from reportgen.site.pixel_ious import iou_pairs, plan_ious, plan_own_ious
from tests import builders
from tests.selection_worlds import WORLDS

report = functools.cache(WORLDS["segmentation"])


def test_the_chart_has_every_range_of_both_versions() -> None:
    whole = report()
    view = plan_ious(whole)
    assert view is not None
    names = (str(whole.baseline), whole.candidate)
    tables = [whole.overlaps.filter(version=name).rows(named=True) for name in names]
    assert len(view.chart.table) == 10
    for line, *rows in zip(view.chart.table, *tables, strict=True):
        told = [
            text
            for row in rows
            for text in (
                numbers.rate(row["share"]),
                numbers.interval(row["share_low"], row["share_high"], "rate"),
                numbers.count(row["n"]),
            )
        ]
        assert list(line[1:]) == told
    assert plan_objects(whole) is None
    assert plan_overlap_chart(replace(whole, baseline=None)) is None


def test_any_two_versions_have_their_sentence_and_their_rows() -> None:
    whole = report()
    versions = whole.outcomes.versions
    pairs = iou_pairs(whole)
    assert len(pairs) == len(versions) * (len(versions) - 1)
    row = whole.placements.row(0, named=True)
    there, back = pairs["0-1"], pairs["1-0"]
    assert isinstance(there, dict)
    assert isinstance(back, dict)
    assert numbers.signed(row["delta"], 2) in there["placed"]
    assert numbers.signed(-row["delta"], 2) in back["placed"]
    assert f"{row['n']} " in there["placed"]
    view = plan_ious(whole)
    assert view is not None
    own = "-".join(str(versions.index(name)) for name in (str(whole.baseline), whole.candidate))
    assert pairs[own] == {"changes": (), "gains": (), "placed": view.key, "chart": ""}
    assert set(view.chart.tables) >= {key for key in pairs if key != own}


def test_one_version_has_its_chart_on_the_overview() -> None:
    whole = report()
    alone = plan_own_ious(replace(whole, baseline=None))
    assert alone is not None
    assert sum(int(line[3]) for line in alone.chart.table) == whole.overlaps.filter(version=whole.candidate)["n"].sum()
    assert plan_own_ious(whole) is None


def test_other_reports_have_none() -> None:
    plain = builders.report(n=300, n_versions=2)
    assert plan_ious(plain) is None
    assert iou_pairs(plain) == {}
    assert plan_own_ious(replace(plain, baseline=None)) is None
