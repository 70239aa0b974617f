"""Annotated boxes that look wrong: what is planted is found, and what correcting it would change is exact."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain, combinations

import numpy as np
import polars as pl
import pytest

from reportgen import columns
from reportgen.analysis.measure import measure
from reportgen.analysis.object_ranks import exact_figures
from reportgen.analysis.quality.box_corrections import corrected_truths, measure_box_corrections
from reportgen.analysis.quality.boxes import FEWEST, find_box_issues
from reportgen.analysis.quality.given import Given
from reportgen.inspection import Absent, BoxIssues
from reportgen.model import Limits, Outcomes, Parts
from reportgen.stats.object_errors import Error
from reportgen.tasks import detection, parts, regression
from reportgen.tasks.objects import hold
from tests.planted_boxes import hits, plant
from tests.tasks.test_objects import objects

N = 60
Row = tuple[int, int, float, float, float, float, float | None]


def outcomes_of(true: list[Row], *versions: list[Row], n: int = N) -> Outcomes:
    """A report's outcomes of objects of three classes."""
    truth = objects(*true)
    held = [hold(truth, objects(*rows), n, 3) for rows in versions]
    names = tuple(f"v{v + 1}" for v in range(len(versions)))
    frame = pl.DataFrame({"id": [f"s{i:02d}" for i in range(n)], "target": np.zeros(n)}).with_columns(
        *(pl.lit(True).alias(f"scored_{v}") for v in range(len(versions))),
        *(pl.Series(f"prediction_{v}", parts.losses(one.counts)) for v, one in enumerate(held)),
    )
    return Outcomes(
        regression.outcomes(frame, len(versions), 0.0),
        frame.select(
            "id", pl.when(pl.int_range(pl.len()) < 5).then(pl.lit("train")).otherwise(pl.lit("test")).alias("split")
        ),
        (),
        (),
        names,
        tolerance=0.0,
        parts=Parts(
            "object",
            ("cat", "dog", "fox"),
            tuple(h.counts for h in held),
            tuple(h.judged for h in held),
            truths=truth,
            detections=tuple(h.detections for h in held),
            cutoffs=tuple(h.cutoff for h in held),
            found=tuple(h.found for h in held),
            errors=tuple(h.errors for h in held),
            marks=pl.Series([str(100 + i) for i in range(truth.height)]),
        ),
    )


def world(seed: int, n_versions: int = 2) -> Outcomes:
    """Four objects a sample that stand apart; each version finds nine of ten, a little off, and is wrong at times."""
    rng = np.random.default_rng(seed)
    true: list[Row] = [
        (i, int(rng.integers(3)), 60.0 * k, float(rng.integers(30)), 30.0, 30.0, None)
        for i in range(N)
        for k in range(4)
    ]
    versions = []
    for _ in range(n_versions):
        rows = [
            (i, k, *(np.array([x, y, w, h]) + rng.normal(0, 1, 4)), float(rng.uniform(0.5, 1)))
            for i, k, x, y, w, h, _ in true
            if rng.random() < 0.9
        ]
        rows += [
            (i, int(rng.integers(3)), 250.0, 200.0, 30.0, 30.0, float(rng.uniform(0.3, 0.5))) for i in range(0, N, 6)
        ]
        versions.append(rows)
    return outcomes_of(true, *(sorted(rows) for rows in versions))


def found_in(outcomes: Outcomes, given: Given | None = None) -> BoxIssues:
    found = find_box_issues(outcomes, given or Given())
    assert isinstance(found, BoxIssues)
    return found


@pytest.mark.parametrize("n_versions", [1, 2, 3])
def test_where_nothing_is_planted_nothing_is_found(n_versions: int) -> None:
    """Detections on nothing are less sure than those that are right."""
    found = found_in(world(3, n_versions))

    assert found.candidates.height <= (1 if n_versions == 1 else 0)  # one alone is 4 deviations off now and then
    assert (found.sets == ()) == (found.candidates.height == 0)
    assert (found.n_checked, found.n_samples) == (4 * N, N)


@pytest.mark.parametrize("n_versions", [1, 2, 3])
@pytest.mark.parametrize("seed", range(3))
def test_what_is_planted_is_found_and_little_else(n_versions: int, seed: int) -> None:
    """Half of the faults at least, since a candidate has to be as sure as objects usually are; nine of ten are one."""
    planted = plant(world(seed, n_versions), 0.15, seed)
    table = found_in(planted.outcomes).candidates
    hit = hits(table, planted.faults)

    assert (hit >= 0).mean() > 0.9
    assert (hit >= 0).sum() >= 0.5 * planted.faults.height
    assert set(table["kind"]) == {"overlooked", "misplaced", "swapped"}
    right = planted.faults[hit[hit >= 0].tolist()]
    classes = np.array(["cat", "dog", "fox"])
    assert table.filter(pl.Series(hit >= 0))["suggestion"].to_list() == classes[right["class"].to_numpy()].tolist()
    assert (table["rank"] == pl.Series(range(1, table.height + 1))).all()


TRUE: list[Row] = [
    *((i, 0, 10.0, 10.0, 30.0, 30.0, None) for i in range(20)),
    (20, 0, 10, 10, 30, 30, None),  # placed elsewhere by both, in one place
    (21, 0, 10, 10, 30, 30, None),  # placed elsewhere by both, in two places
    (22, 0, 10, 10, 30, 30, None),  # placed elsewhere by both, where another object is, too
    (22, 1, 30, 10, 10, 10, None),
    (23, 0, 10, 10, 30, 30, None),  # called a dog by both
    (24, 0, 10, 10, 30, 30, None),  # called a dog by one, and found by the other
]
SAID: list[Row] = [
    *((i, 0, 10.0, 10.0, 30.0, 30.0 + i % 3, 0.9) for i in range(20)),
    (20, 0, 20, 20, 30, 30, 0.95),
    (21, 0, 0, 0, 30, 30, 0.95),
    (22, 0, 20, 10, 40, 30, 0.95),
    (23, 1, 10, 10, 30, 30, 0.95),
    (24, 1, 10, 10, 30, 30, 0.95),
    (25, 2, 50, 50, 20, 20, 0.95),  # nothing is annotated there, and both say so
    (26, 2, 50, 50, 20, 20, 0.95),  # one of them alone
    (27, 2, 50, 50, 20, 20, 0.4),  # both, and neither is sure
]
OTHER: list[Row] = [
    *SAID[:21],
    (21, 0, 25, 25, 30, 30, 0.95),
    *SAID[22:24],
    (24, 0, 10, 10, 30, 30, 0.99),
    (25, 2, 51, 50, 20, 20, 0.97),
    (27, 2, 50, 50, 20, 20, 0.4),
]


def test_each_kind_is_told_where_versions_agree_and_are_sure() -> None:
    """The suggestion is the middle of what they say; of another class the annotated box stays."""
    table = found_in(outcomes_of(TRUE, SAID, OTHER)).candidates

    assert sorted(table.select("id", "kind", "n_for", "suggestion").iter_rows()) == [
        ("s20", "misplaced", 2, "cat"),
        ("s23", "swapped", 2, "dog"),
        ("s25", "overlooked", 2, "fox"),
    ]
    rows = {row["id"]: row for row in table.iter_rows(named=True)}
    assert [rows["s25"][f"suggested_{name}"] for name in ("left", "top", "width", "height")] == [50.5, 50, 20, 20]
    assert [rows["s20"][f"suggested_{name}"] for name in ("left", "top", "width", "height")] == [20, 20, 30, 30]
    assert [rows["s23"][f"suggested_{name}"] for name in ("left", "top", "width", "height")] == [10, 10, 30, 30]
    assert rows["s20"]["iou"] == pytest.approx(400 / 1400)
    assert (rows["s20"]["annotation"], rows["s20"]["label"], rows["s25"]["annotation"]) == ("120", "cat", None)
    assert (rows["s23"]["scores"], rows["s25"]["scores"]) == ([0.95, 0.95], [0.95, 0.97])


def test_a_version_that_finds_nothing_is_no_witness_and_one_alone_is_enough() -> None:
    """Half of the mean is then 0; with one version its own word counts."""
    alone = found_in(outcomes_of(TRUE, SAID)).candidates
    nothing = find_box_issues(outcomes_of(TRUE, []), Given())

    assert set(alone["id"]) >= {"s20", "s21", "s23", "s24", "s25", "s26"}
    assert isinstance(nothing, Absent)
    assert nothing.why.startswith("No version finds any")


def test_a_version_that_finds_few_objects_says_of_no_box_that_it_is_badly_placed() -> None:
    """Of nine overlaps nobody can say what is usual; of ten, that of a box far off is odd."""
    row = (0, 30.0, 30.0, 30.0, 30.0)
    for n in (FEWEST - 1, FEWEST):
        true: list[Row] = [(i, *row, None) for i in range(n)] + [(n, 0, 30.0, 30.0, 30.0, 30.0, None)]
        said: list[Row] = [(i, *row, 0.9) for i in range(n)] + [(n, 0, 48.0, 30.0, 30.0, 30.0, 0.95)]
        found = found_in(outcomes_of(true, said))
        known = n == FEWEST

        assert found.n_found == {"v1": n}
        assert (list(found.limits) == ["v1"]) == known
        assert (found.candidates["kind"].to_list() == ["misplaced"]) == known


def test_samples_that_versions_were_trained_on_are_left_out() -> None:
    """Neither candidates nor counted."""
    planted = plant(world(1), 0.2, 1)
    outcomes = replace(planted.outcomes, split="split")
    found = found_in(outcomes, Given(trained_splits=("train",)))

    assert (found.n_in_sample, found.n_samples) == (5, N - 5)
    assert set(found_in(outcomes).candidates["row"]) & set(range(5))
    assert not set(found.candidates["row"]) & set(range(5))


def test_crowds_hide_what_lies_in_them() -> None:
    """A detection in a crowd lies beside no object, and is no overlooked one."""
    true = [*TRUE[:20], (25, 2, 40, 40, 60, 60, None)]
    outcomes = outcomes_of(true, SAID, OTHER)
    assert outcomes.parts is not None
    assert outcomes.parts.truths is not None
    crowded = outcomes.parts.truths.with_columns(crowd=pl.Series([False] * 20 + [True]))
    held = [hold(crowded, one, N, 3) for one in outcomes.parts.detections]
    marked = replace(
        outcomes.parts,
        truths=crowded,
        detections=tuple(h.detections for h in held),
        found=tuple(h.found for h in held),
    )

    assert "s25" not in found_in(replace(outcomes, parts=marked)).candidates["id"]


def test_correcting_is_what_a_report_of_the_corrected_annotations_says() -> None:
    """Every figure is that of all samples held anew at the same cut-offs; bounds are those of all choices."""
    planted = plant(world(5), 0.035, 5)
    outcomes = planted.outcomes
    found = found_in(outcomes)
    told = measure_box_corrections(measure(outcomes, Limits()), found, detection.METRICS, 0, 1)
    table = found.candidates
    assert 4 <= table["row"].n_unique() <= 6
    assert outcomes.parts is not None

    def values(chosen: pl.DataFrame) -> dict[tuple[str, str], float]:
        parts_of = outcomes.parts
        assert parts_of is not None
        truths = corrected_truths(parts_of, chosen)
        said = {}
        for v, name in enumerate(outcomes.versions):
            held = hold(truths, parts_of.detections[v], N, 3, parts_of.cutoffs[v])
            right, false, missed = (
                int(one.sum()) for one in (held.counts.right, held.counts.false, held.counts.missed)
            )
            said[name, "f1"] = 2 * right / (2 * right + false + missed)
            said[name, "precision"], said[name, "recall"] = right / (right + false), right / (right + missed)
            for error, metric in detection.ERRORS.items():
                of = right + missed if error == Error.MISSED else right + false
                said[name, metric.name] = int(held.errors[error - 1].sum()) / of
            averaged = [one for one in detection.METRICS if one.name in {"ap", "ap50"}]
            figures = exact_figures(held.judged, averaged, None)
            said |= {(name, one.name): figures[one.name, -1] for one in averaged}
        return said

    before, after = values(table.head(0)), values(table)
    rows = told.effects.filter((pl.col("group") == "all") & pl.col("version").is_not_null())
    assert rows.height == 2 * (3 + len(detection.ERRORS) + 2)
    shares = rows.filter(
        pl.col("metric").is_in(
            ["precision", *(one.name for kind, one in detection.ERRORS.items() if kind != Error.MISSED)]
        )
    )
    assert shares.group_by("version").agg(pl.col("corrected").sum())["corrected"].to_list() == pytest.approx([1, 1])
    for row in rows.iter_rows(named=True):
        key = (row["version"], row["metric"])
        assert (row["value"], row["corrected"]) == pytest.approx((before[key], after[key]), abs=1e-12)
    samples = table["row"].unique().to_list()
    every = chain.from_iterable(combinations(samples, k) for k in range(len(samples) + 1))
    made = [values(table.filter(pl.col("row").is_in(list(one)))) for one in every]
    for row in rows.filter(pl.col("at_least").is_not_null()).iter_rows(named=True):
        span = [one[row["version"], row["metric"]] for one in made]
        assert (row["at_least"], row["at_most"]) == pytest.approx((min(span), max(span)), abs=1e-12)
    kinds = told.effects.filter(pl.col("group") == "overlooked")
    assert kinds["n"].unique().to_list() == [int((table["kind"] == "overlooked").sum())]


def test_polygons_that_are_only_drawn_are_left_out_of_corrections() -> None:
    outcomes = plant(world(5), 0.035, 5).outcomes
    chosen = found_in(outcomes).candidates
    parts = outcomes.parts
    assert parts is not None
    assert parts.truths is not None
    drawn = parts.truths.with_columns(pl.lit(None, dtype=pl.List(pl.List(pl.Float64))).alias(columns.POLYGONS))
    with_polygons = replace(parts, truths=drawn)
    assert corrected_truths(with_polygons, chosen).equals(corrected_truths(parts, chosen))


def test_the_change_is_judged_by_the_corrected_annotations() -> None:
    """A version that finds what nobody annotated is no better as the annotations are, and better once corrected."""
    true: list[Row] = [(i, 0, 10.0, 10.0, 30.0, 30.0, None) for i in range(N)]
    rng = np.random.default_rng(0)
    hidden: list[Row] = [(i, 1, 60.0, 60.0, 20.0, 20.0, float(rng.uniform(0.9, 1))) for i in range(0, N, 2)]
    old: list[Row] = [(i, 0, 10.0, 10.0, 30.0, 30.0, float(rng.uniform(0.3, 0.9))) for i in range(N) if i % 7 < 4]
    new: list[Row] = [(i, 0, 10.0, 10.0, 30.0, 30.0, float(rng.uniform(0.3, 0.9))) for i in range(N) if i % 7 > 1]
    outcomes = outcomes_of(true, old, sorted([*new, *hidden]))
    found = found_in(outcomes)
    told = measure_box_corrections(measure(outcomes, Limits()), found, detection.METRICS, 0, 1)
    change = told.effects.filter(
        (pl.col("group") == "all") & pl.col("version").is_null() & (pl.col("metric") == "f1")
    ).row(0, named=True)

    assert found.candidates.height == len(hidden)
    assert (told.verdict, change["verdict"]) == ("unclear", "better")
    assert change["value"] < 0 < change["low"] < change["corrected"] < change["high"]
