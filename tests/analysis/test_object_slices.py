"""Slices of objects: counted by hand, honest about several objects of one sample, and found where they were planted."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest

from reportgen.analysis.answer import answer
from reportgen.analysis.attributes import AttributeSpec
from reportgen.analysis.findings import derive_findings
from reportgen.analysis.object_attributes import BORDER, CLASS, CROWDING, SHAPE, SHARE, SIZE
from reportgen.analysis.object_findings import find_missed, find_newly_missed
from reportgen.analysis.object_slices import object_outcomes, slice_objects
from reportgen.model import ALL, Limits, Outcomes
from reportgen.report import ObjectSlices
from reportgen.stats.intervals import wilson
from reportgen.stats.significance import benjamini_hochberg
from reportgen.tasks.metric import side_of
from reportgen.tasks.parts import recall
from tests.analysis.object_worlds import HEIGHT, WIDTH, Rows, of_objects, slice_world, small_at_night, world
from tests.analysis.worlds import analyse


def by_hand(outcomes: Outcomes) -> list[dict[str, Any]]:
    """Every true object that is no crowd, with its attributes, one after the other."""
    parts = outcomes.parts
    assert parts is not None
    assert parts.truths is not None
    assert parts.attributes is not None
    rows = parts.truths.to_dicts()
    light = outcomes.attributes[0].values
    found = []
    for i, one in enumerate(rows):
        if one["crowd"]:
            continue
        left, top, width, height = (one[name] for name in ("left", "top", "width", "height"))
        size, gap, overlaps = math.sqrt(width * height), math.inf, False
        for j, other in enumerate(rows):
            if i == j or one["sample"] != other["sample"]:
                continue
            x = max(other["left"] - left - width, left - other["left"] - other["width"])
            y = max(other["top"] - top - height, top - other["top"] - other["height"])
            overlaps |= x < 0 and y < 0
            gap = min(gap, math.hypot(max(x, 0), max(y, 0)))
        edge = min(left, top, WIDTH - left - width, HEIGHT - top - height)
        found.append(
            {
                "sample": one["sample"],
                SIZE: "small" if one["area"] < 1024 else "medium" if one["area"] < 9216 else "large",
                SHARE: 100 * one["area"] / (WIDTH * HEIGHT),
                SHAPE: "tall" if height >= 1.5 * width else "wide" if width >= 1.5 * height else "square",
                CROWDING: "overlaps another" if overlaps else "close to another" if gap < size / 2 else "apart",
                BORDER: "at the border" if edge <= 1 else "near the border" if edge < size / 2 else "off the border",
                CLASS: parts.classes[one["class"]],
                "hidden": str(parts.attributes["hidden"][i]).lower(),
                "light": light[outcomes.frame["a0"][one["sample"]]],
                "found": [bool(version[i] >= 0) for version in parts.found],
            }
        )
    return found


def holds(one: dict[str, Any], slices: ObjectSlices, slice_id: str) -> bool:
    found = next(s for s in slices.slices if s.id == slice_id)
    for term in found.terms:
        if term.attribute == SHARE:
            attribute = next(a for a in slices.outcomes.attributes if a.name == SHARE)
            assert attribute.edges is not None
            at = attribute.values.index(term.value)
            low, high = attribute.edges[at : at + 2]
            last = at == len(attribute.values) - 1
            if not (low <= one[SHARE] < high or (last and one[SHARE] == high)):
                return False
        elif one[term.attribute] != term.value:
            return False
    return True


def test_every_slice_counts_what_a_loop_counts() -> None:
    """Objects, samples and found ones of every slice of one and two attributes, in both versions; no crowds."""
    outcomes = world(60)
    slices, listed = slice_world(outcomes).slices, by_hand(outcomes)
    told = slices.estimates.to_dicts()
    assert {SIZE, SHARE, SHAPE, CROWDING, BORDER, CLASS, "hidden", "light"} == {
        term.attribute for one in slices.slices for term in one.terms
    }
    inside = {one.id: [row for row in listed if holds(row, slices, one.id)] for one in slices.slices}
    assert all(one.n == len(inside[one.id]) for one in slices.slices)
    assert all(one.n_groups == len({row["sample"] for row in inside[one.id]}) for one in slices.slices)
    assert len(told) == 2 * len(slices.slices)
    for row in told:
        own = inside[row["slice"]]
        right = sum(one["found"][outcomes.versions.index(row["version"])] for one in own)
        assert (row["n"], row["sum_x"], row["value"]) == (len(own), right, pytest.approx(right / len(own)))


def test_the_values_of_an_attribute_add_up_to_all_objects() -> None:
    """Objects, found ones, and what became of them from version to version."""
    outcomes = world(80)
    slices = slice_world(outcomes).slices
    n = slices.outcomes.frame.height
    right = [int(slices.outcomes.frame[f"correct_{v}"].sum()) for v in range(2)]
    attribute_of = {one.id: one.terms[0].attribute for one in slices.slices if one.level == 1}
    names = set(attribute_of.values())
    sums: Counter[tuple[str, str]] = Counter()
    for row in slices.estimates.filter(pl.col("slice").is_in(list(attribute_of))).iter_rows(named=True):
        sums[attribute_of[row["slice"]], row["version"]] += row["sum_x"]
    for v, version in enumerate(outcomes.versions):
        assert {sums[name, version] for name in names} == {right[v]}
    changed: Counter[tuple[str, str]] = Counter()
    for row in slices.flips.filter(pl.col("slice").is_in(list(attribute_of))).iter_rows(named=True):
        for kind in ("newly_fixed", "newly_broken", "both_right", "both_wrong"):
            changed[attribute_of[row["slice"]], kind] += row[kind]
    assert {changed[name, "newly_fixed"] - changed[name, "newly_broken"] for name in names} == {right[1] - right[0]}
    assert {changed[name, "both_right"] + changed[name, "newly_fixed"] for name in names} == {right[1]}
    assert sum(one.n for one in slices.slices if one.level == 1) == n * len(names)


def test_over_all_objects_it_is_the_recall_of_their_samples() -> None:
    """The value, and the paired difference with its interval, which both go by samples."""
    outcomes = world(120)
    facts = slice_world(outcomes).facts
    sides = [side_of(outcomes, v) for v in range(2)]
    for v, side in enumerate(sides):
        right, all_of = recall(side, -1)
        assert facts.level(ALL, outcomes.versions[v])["value"] == pytest.approx(right.sum() / all_of.sum(), abs=1e-12)
    assert not slice_world(outcomes).slices.estimates.filter(pl.col("slice") == ALL).height


def test_objects_of_one_sample_count_together() -> None:
    """Where a sample's objects are found all or none, the interval is that of so many samples, not of objects."""
    outcomes = world(100, crowds=0.0)
    parts = outcomes.parts
    assert parts is not None
    assert parts.truths is not None
    sample = parts.truths["sample"].to_numpy()
    lucky = np.random.default_rng(0).random(100) < 0.5
    found = tuple(np.where(lucky[sample], np.arange(len(sample)), -1) for _ in range(2))
    facts = slice_world(replace(outcomes, parts=replace(parts, found=found))).facts
    row = facts.level(ALL)
    narrow, wide = (wilson([row["value"] * n], [n]) for n in (len(sample), 100))
    assert (row["n"], row["n_groups"]) == (len(sample), 100)
    assert row["high"] - row["low"] > 1.9 * (narrow[1] - narrow[0])[0]
    assert row["high"] - row["low"] > (wide[1] - wide[0])[0]


def test_the_groups_of_the_manifest_are_those_of_its_objects() -> None:
    outcomes = world(90, groups=12)
    slices = slice_world(outcomes).slices
    assert slices.outcomes.group_names == outcomes.group_names
    assert not slices.outcomes.in_samples
    assert max(one.n_groups or 0 for one in slices.slices) == 12


def test_what_nobody_told_and_what_all_objects_share_is_no_attribute() -> None:
    """Without sizes of images neither the share of the image nor the border; one class is no attribute."""
    made, _, _ = object_outcomes(world(40, sizes=False, classes=("cat",)), [])
    assert [one.name for one in made.attributes] == [SIZE, SHAPE, CROWDING, "light"]


def test_names_that_the_user_has_too_say_whose_they_are() -> None:
    outcomes = world(40)
    assert outcomes.parts is not None
    assert outcomes.parts.attributes is not None
    named = outcomes.parts.attributes.rename({"hidden": SIZE})
    outcomes = replace(
        outcomes,
        attributes=(replace(outcomes.attributes[0], name=SIZE),),
        parts=replace(outcomes.parts, attributes=named),
    )
    made, inherited, _ = object_outcomes(outcomes, [AttributeSpec(SIZE)])
    names = [one.name for one in made.attributes]
    assert names == [CLASS, SIZE, SHARE, SHAPE, CROWDING, BORDER, "size (annotation)", "size (sample)"]
    assert inherited == {"size (sample)"}


def test_two_attributes_of_the_sample_and_two_sizes_make_no_pairs() -> None:
    pairs = {
        frozenset(t.attribute for t in one.terms) for one in slice_world(world(60)).slices.slices if one.level == 2
    }
    assert frozenset({SIZE, SHARE}) not in pairs
    assert frozenset({SIZE, "light"}) in pairs


def test_each_level_is_a_family_of_its_own() -> None:
    """Corrected by itself: the q of slices of one attribute hang on no pair."""
    slices = slice_world(world(150)).slices
    for pairs in (False, True):
        own = slices.comparisons.filter((pl.col("slice").str.contains("&") == pairs) & pl.col("q").is_not_null())
        assert own["q"].to_numpy() == pytest.approx(benjamini_hochberg(own["p"].to_numpy()))
        weak = slices.weaknesses.filter(
            (pl.col("slice").str.contains("&") == pairs) & pl.col("q").is_not_null() & (pl.col("version") == "v2")
        )
        assert weak["q"].to_numpy() == pytest.approx(benjamini_hochberg(weak["p"].to_numpy()))


def test_objects_of_samples_that_a_version_did_not_score_are_neither_found_nor_missed() -> None:
    outcomes = world(60)
    frame = outcomes.frame.with_columns(scored_1=pl.col("id") != "s0007")
    slices = slice_world(replace(outcomes, frame=frame)).slices
    n = slices.outcomes.frame.height
    left = n - int((slices.samples == 7).sum())
    assert left < n
    per_class = pl.col("slice").str.contains("^class=[a-z]+$")
    assert slices.comparisons.filter(per_class)["n"].sum() == left
    by_version = slices.estimates.filter(per_class).group_by("version").agg(pl.col("n").sum())
    assert dict(by_version.iter_rows()) == {"v1": n, "v2": left}


def test_without_objects_there_is_nothing_to_slice() -> None:
    outcomes = world(30, crowds=1.1)
    assert slice_objects(outcomes, [], Limits(), 0, 1) is None
    assert slice_objects(replace(outcomes, parts=None), [], Limits(), 0, 1) is None


def test_a_planted_loss_is_told_with_its_evidence() -> None:
    outcomes = world(400, small_at_night)
    found = slice_world(outcomes)
    (newly,) = find_newly_missed(of_objects(outcomes, found), set(), 1)
    (missed,) = find_missed(of_objects(outcomes, found), set(), 1)
    assert newly.objects in {"size=small", "size=small&light=night"}
    assert newly.severity == "critical"
    assert newly.headline.startswith("v2 misses more than v1 where objects are small")
    assert missed.objects == "size=small"
    assert missed.slice is None
    listed = by_hand(outcomes)
    small = [one for one in listed if one[SIZE] == "small"]
    rate = sum(one["found"][1] for one in small) / len(small)
    assert missed.text.startswith(
        f"Where objects are small, v2 finds {100 * rate:.1f}% of {len(small):,}; of all others"
    )
    link = missed.links[0]
    lost = {one["sample"] for one in small if not one["found"][1]}
    assert (link.count, link.text) == (len(lost), f"{len(lost)} samples with such objects missed")
    assert ("objects", "missed") in link.state
    assert ("o.size", "small") in link.state
    assert set(missed.rows) <= lost


def test_the_answer_says_that_some_objects_are_missed_more_than_before() -> None:
    """Though no slice of samples got worse."""
    outcomes = world(400, small_at_night)
    facts = analyse(outcomes).facts
    calm = replace(facts, comparisons=facts.comparisons.with_columns(pl.col("verdict").replace({"worse": "unclear"})))
    findings = derive_findings(calm, [], of_objects(outcomes, slice_world(outcomes)))
    found = answer(calm, findings)
    assert found.state == "worse_somewhere"
    assert found.support == ("v2 misses more than v1 where objects are small.",)
    assert found.next is not None
    assert found.next.text.startswith("Look at the ")
    assert found.next.text.endswith(" samples with such objects newly missed.")
    assert "none" not in {one.kind for one in findings}


def test_where_nothing_differs_nothing_is_told() -> None:
    """The findings' level over six worlds of pure chance."""
    told = 0
    for seed in range(6):
        outcomes = world(150, lambda one, _rng: [np.full(len(one["area"]), 0.7)] * 2, seed=seed)
        objects_ = of_objects(outcomes, slice_world(outcomes))
        told += len(find_missed(objects_, set(), 1)) + len(find_newly_missed(objects_, set(), 1))
    assert told <= 1


def test_the_search_finds_three_values_at_once() -> None:
    """Small objects of one class at night: no two of these alone."""

    def chance(told: Rows, _rng: np.random.Generator) -> list[np.ndarray]:
        planted = (told["area"] < 1024) & told["night"] & (told["class"] == 0)
        return [np.where(planted, 0.15, 0.85)] * 2

    outcomes = world(1500, chance)
    slices = slice_world(outcomes).slices
    (weak,) = [one for one in slices.searches if one.question == "weak"]
    assert weak.n_held >= 1
    found = {one.id for one in slices.slices if one.origin == "found"}
    assert "class=cat&size=small&light=night" in found
