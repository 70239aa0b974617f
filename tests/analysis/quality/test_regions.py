"""Annotated regions that look wrong: what is planted is found, and what correcting it would change is exact."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain, combinations

import numpy as np
import polars as pl
import pytest

from reportgen import columns
from reportgen.analysis.measure import influence_values, measure
from reportgen.analysis.quality.given import Given
from reportgen.analysis.quality.part_effects import group_candidates
from reportgen.analysis.quality.region_corrections import correct_mask, measure_region_corrections
from reportgen.analysis.quality.regions import find_region_issues
from reportgen.analysis.slices import Axis
from reportgen.inspection import Absent, RegionIssues
from reportgen.inspection.regions import REGION_KINDS
from reportgen.model import ALL, Limits, Outcomes, Slice
from reportgen.stats.masks import decode_mask
from reportgen.tasks import segmentation
from reportgen.tasks.metric import Metric
from tests.planted_regions import (
    BACKGROUND,
    CLASSES,
    IGNORED,
    SIZE,
    Held,
    Mask,
    blobs,
    draw,
    hits,
    judged,
    nuclei,
    plant,
)

N = 24


def found_in(outcomes: Outcomes, given: Given | None = None) -> RegionIssues:
    found = find_region_issues(outcomes, given or Given())
    assert isinstance(found, RegionIssues)
    return found


def masks_of(outcomes: Outcomes) -> Held:
    assert outcomes.parts is not None
    assert isinstance(outcomes.parts.masks, Held)
    return outcomes.parts.masks


def with_masks(outcomes: Outcomes, true: dict[int, Mask], said: dict[tuple[int, int], Mask | None]) -> Outcomes:
    """The outcomes with the masks of some samples, and of some versions and samples, replaced."""
    held = masks_of(outcomes)
    new = [[said.get((v, i), one) for i, one in enumerate(own)] for v, own in enumerate(held.said)]
    return judged([true.get(i, one) for i, one in enumerate(held.true)], new, CLASSES)


def tidy(n_versions: int = 2) -> Outcomes:
    """Discs that every version draws alike, a pixel larger: nothing is wrong with them."""
    discs = [(x, y, 12.0, (x + y) // 50 % 2) for x in (30, 100, 170) for y in (30, 110)]
    said = [draw([(x, y, 13.0, k) for x, y, _, k in discs])] * N
    return judged([draw(discs)] * N, [said] * n_versions, CLASSES)


@pytest.mark.parametrize("n_versions", [1, 2, 3])
def test_where_nothing_is_planted_nothing_is_found(n_versions: int) -> None:
    """Borders that all draw a pixel further out are usual."""
    found = found_in(tidy(n_versions))

    assert found.candidates.is_empty()
    assert found.candidates.schema == columns.REGION_ISSUES
    assert (found.n_checked, found.n_samples, found.n_in_sample, found.sets) == (6 * N, N, 0, ())
    assert set(found.least) == set(CLASSES)
    assert not found.silent


def test_versions_that_err_by_themselves_do_not_agree() -> None:
    """Each leaves out, invents or renames a sixth of the discs; two of three agree at times, all three hardly ever."""
    assert found_in(blobs(60, 5, 3)).candidates.height <= 2
    assert found_in(blobs(60, 5, 2)).candidates.height <= 0.03 * found_in(blobs(60, 5, 2)).n_checked


@pytest.mark.parametrize("seed", range(3))
def test_planted_faults_are_found_and_come_first(seed: int) -> None:
    """Of those that both versions see most are found, and most candidates are planted ones."""
    outcomes, faults = plant(blobs(40, seed, 2), 0.1, seed)
    table = found_in(outcomes).candidates
    hit = hits(table, faults) >= 0
    seen = sum(one.seen for one in faults)

    assert seen > 20
    assert hit.sum() >= 0.7 * seen
    assert hit.mean() >= 0.75
    assert {faults[i].kind for i in hits(table, faults)[hit]} == set(REGION_KINDS)
    assert table["rank"].to_list() == list(range(1, table.height + 1))
    assert (np.diff(table["times"] * table["n_for"]) <= 1e-12).all()


def test_whole_nuclei_that_nobody_annotated_are_found() -> None:
    """One of ten left out or moved in the example: most that both versions mark, and little else."""
    outcomes, faults = plant(nuclei(), 0.1, 1)
    table = found_in(outcomes).candidates
    hit = hits(table, faults) >= 0
    assert hit.sum() >= 0.7 * sum(one.seen for one in faults)
    assert hit.mean() >= 0.8


def test_what_a_candidate_says_of_its_region() -> None:
    """Where it is, how large it is, what is annotated and said, and beside what it counts as large."""
    outcomes = tidy()
    true = masks_of(outcomes).true[0].copy()
    true[true == 1] = BACKGROUND  # two discs that nobody annotated
    true[10:40, 60:80] = 0  # a class where nothing is
    true[true == 0] = np.where((np.mgrid[: SIZE[0], : SIZE[1]][1] > 150), 1, 0)[true == 0]  # one of the other class
    said = masks_of(outcomes).said[0][0]
    assert said is not None
    table = found_in(with_masks(outcomes, {5: true}, {})).candidates

    assert table["id"].unique().to_list() == ["s05"]
    for row in table.iter_rows(named=True):
        region = decode_mask(np.array(row["mask"], np.int64), *SIZE)
        rows, places = np.flatnonzero(region.any(axis=1)), np.flatnonzero(region.any(axis=0))
        assert (row["left"], row["top"]) == (places[0], rows[0])
        assert (row["width"], row["height"]) == (np.ptp(places) + 1, np.ptp(rows) + 1)
        assert row["n_pixels"] == region.sum()
        assert row["share"] == pytest.approx(region.sum() / region.size)
        names = (*CLASSES, None, "ignored")
        assert {names[code] for code in np.unique(true[region])} == {row["label"]}
        assert {names[code] for code in np.unique(said[region])} == {row["suggestion"]}
        assert (row["n_for"], row["n_versions"], row["versions"]) == (2, 2, [0, 1])
        assert row["times"] == pytest.approx(row["n_pixels"] / 441, rel=0.05)
    assert sorted(table["kind"]) == ["empty", "overlooked", "overlooked", "swapped"]


def test_what_is_ignored_is_no_candidate() -> None:
    """Neither where the annotation ignores the pixels nor where a version does."""
    outcomes = tidy()
    held = masks_of(outcomes)
    discs = held.true[0] == 0
    ignoring = np.where(discs, IGNORED, held.true[0]).astype(np.uint8)
    assert found_in(with_masks(outcomes, {3: ignoring}, {})).candidates.is_empty()
    said = held.said[1][0]
    assert said is not None
    unsaid = np.where(said == 0, IGNORED, said).astype(np.uint8)
    nothing = np.where(discs, BACKGROUND, held.true[0]).astype(np.uint8)
    assert not found_in(with_masks(outcomes, {3: nothing}, {})).candidates.is_empty()
    assert found_in(with_masks(outcomes, {3: nothing}, {(1, 3): unsaid})).candidates.is_empty()


def test_who_is_asked() -> None:
    """A version that has no mask of the sample, or is mostly wrong about the class, is not; whoever is has to agree."""
    outcomes = tidy()
    held = masks_of(outcomes)
    nothing = np.where(held.true[0] == 0, BACKGROUND, held.true[0]).astype(np.uint8)
    both = found_in(with_masks(outcomes, {2: nothing, 4: nothing}, {(1, 2): None}))
    assert both.candidates.filter(pl.col("row") == 2)["versions"].to_list() == [[0]] * 4
    assert both.candidates.filter(pl.col("row") == 4)["versions"].to_list() == [[0, 1]] * 4
    assert both.candidates["n_for"].to_list() == [2] * 4 + [1] * 4  # what one alone says counts half
    # the second version agrees with the annotation
    assert found_in(with_masks(outcomes, {2: nothing}, {(1, 2): nothing})).candidates.is_empty()
    # and here it never finds the class: it is not asked, and the page says so
    deaf = {(1, i): np.where(held.true[0] == 0, BACKGROUND, held.true[0]).astype(np.uint8) for i in range(N)}
    found = found_in(with_masks(outcomes, {2: nothing}, deaf))
    assert found.candidates["versions"].to_list() == [[0]] * 4
    assert [(version, name) for version, name, _ in found.silent] == [("v2", CLASSES[0])]
    assert found.silent[0][2] == 0


def test_samples_of_training_splits_are_left_out() -> None:
    outcomes = tidy()
    nothing = np.where(masks_of(outcomes).true[0] == 0, BACKGROUND, masks_of(outcomes).true[0]).astype(np.uint8)
    faulty = replace(with_masks(outcomes, {1: nothing, 7: nothing}, {}), split="split")
    found = found_in(faulty, Given(trained_splits=("train",)))
    assert found.candidates["row"].unique().to_list() == [7]
    assert (found.n_samples, found.n_in_sample) == (N - 3, 3)


def test_why_none_could_be_looked_for() -> None:
    outcomes = tidy()
    nothing = np.full(SIZE, BACKGROUND, np.uint8)
    none = find_region_issues(with_masks(outcomes, dict.fromkeys(range(N), nothing), {}), Given())
    assert isinstance(none, Absent)
    assert "No region is annotated" in none.why
    deaf = find_region_issues(with_masks(outcomes, {}, {(v, i): nothing for v in range(2) for i in range(N)}), Given())
    assert isinstance(deaf, Absent)
    assert "No version has an IoU" in deaf.why


def test_masks_that_are_gone_have_no_candidates() -> None:
    """What was counted of them stands."""
    outcomes, _ = plant(blobs(10, 1), 0.2, 1)
    assert outcomes.parts is not None
    gone = replace(outcomes, parts=replace(outcomes.parts, masks=replace(masks_of(outcomes), gone=True)))
    assert found_in(gone).candidates.is_empty()


def corrected(outcomes: Outcomes, table: pl.DataFrame) -> Outcomes:
    """The outcomes of a report whose masks were corrected."""
    held = masks_of(outcomes)
    true = [
        correct_mask(one, table.filter(pl.col("row") == i), CLASSES) if i in table["row"] else one
        for i, one in enumerate(held.true)
    ]
    return judged(true, held.said, CLASSES)


def value_of(outcomes: Outcomes, metric: Metric, version: int) -> float:
    measured = measure(outcomes, Limits())
    side = measured.sides[version]
    if metric.terms is not None:
        x, w = metric.terms(side, -1)
        return float(x.sum() / w.sum())
    n = outcomes.frame.height
    whole = Axis((Slice(ALL, (), "all", n),), np.zeros(n, np.int32), "all", ())
    return float(influence_values(measured, metric, side, whole, side.scored).value[0])


def test_effects_are_those_of_a_report_with_corrected_masks() -> None:
    """Every metric of every version, for all candidates, for those that all versions say, and for each kind."""
    outcomes, _ = plant(blobs(24, 3), 0.12, 3)
    held = masks_of(outcomes)
    outcomes = judged(held.true, [held.said[0], [None, *held.said[1][1:]]], CLASSES)
    found = found_in(outcomes)
    assert set(found.candidates["kind"]) == set(REGION_KINDS)
    told = measure_region_corrections(measure(outcomes, Limits()), found, segmentation.METRICS, 0, 1)
    groups = group_candidates(found.candidates, REGION_KINDS, several=True)
    assert set(told.effects["group"]) == set(groups)
    for name, table in groups.items():
        after = corrected(outcomes, table)
        for metric in segmentation.METRICS:
            rows = told.effects.filter((pl.col("group") == name) & (pl.col("metric") == metric.name))
            for v in range(2):
                row = rows.filter(pl.col("version") == f"v{v + 1}").row(0, named=True)
                assert row["value"] == pytest.approx(value_of(outcomes, metric, v), abs=1e-12)
                assert row["corrected"] == pytest.approx(value_of(after, metric, v), abs=1e-12)
                assert row["n"] == table.height
            change = rows.filter(pl.col("version").is_null()).row(0, named=True)
            for at, one in (("value", outcomes), ("corrected", after)):  # of the samples that both scored
                shared = judged(masks_of(one).true[1:], [own[1:] for own in masks_of(one).said], CLASSES)
                first, second = (value_of(shared, metric, v) for v in range(2))
                assert change[at] == pytest.approx(second - first, abs=1e-12)
    leading = told.effects.filter(pl.col("verdict").is_not_null())
    assert leading["metric"].unique().to_list() == ["iou"]
    assert (leading["low"] <= leading["corrected"]).all()
    assert (leading["corrected"] <= leading["high"]).all()


def test_bounds_are_over_all_choices_of_samples() -> None:
    """Each choice is built anew: none is beyond the bounds, and both are reached."""
    outcomes, _ = plant(blobs(12, 8), 0.1, 8)
    found = found_in(outcomes)
    rows = found.candidates["row"].unique().sort().to_list()[:4]
    some = replace(found, candidates=found.candidates.filter(pl.col("row").is_in(rows)))
    assert len(rows) > 2
    told = measure_region_corrections(measure(outcomes, Limits()), some, segmentation.METRICS, None, 0)
    choices = chain.from_iterable(combinations(rows, n) for n in range(len(rows) + 1))
    after = [corrected(outcomes, some.candidates.filter(pl.col("row").is_in(list(chosen)))) for chosen in choices]
    for metric in segmentation.METRICS:
        if metric.terms is None:
            continue
        values = [value_of(one, metric, 0) for one in after]
        row = told.effects.filter(
            (pl.col("group") == "all") & (pl.col("metric") == metric.name) & (pl.col("version") == "v1")
        ).row(0, named=True)
        assert row["at_least"] == pytest.approx(min(values), abs=1e-12)
        assert row["at_most"] == pytest.approx(max(values), abs=1e-12)
    assert told.verdict is None


def test_where_nothing_looks_wrong_nothing_would_change() -> None:
    outcomes = tidy()
    found = found_in(outcomes)
    assert measure_region_corrections(measure(outcomes, Limits()), found, segmentation.METRICS, 0, 1) is found
