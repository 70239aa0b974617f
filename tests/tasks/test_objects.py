"""Detections held against the truth, box by box."""

from __future__ import annotations

import numpy as np
import polars as pl

from reportgen import columns
from reportgen.stats.object_errors import Error
from reportgen.tasks.objects import hold


def objects(*rows: tuple[int, int, float, float, float, float, float | None], crowd: bool = False) -> pl.DataFrame:
    """Objects as sample, class, left, top, width, height, score."""
    names = ("sample", "class", "left", "top", "width", "height", "score")
    frame = pl.DataFrame(list(rows), schema=list(names), orient="row").with_columns(
        area=pl.col("width") * pl.col("height"), crowd=pl.lit(crowd), mask=None
    )
    return frame.cast(dict(columns.OBJECTS)).select(list(columns.OBJECTS))


TRUTH = objects(
    (0, 0, 10, 10, 20, 20, None),
    (0, 1, 50, 50, 20, 20, None),
    (2, 0, 0, 0, 10, 10, None),
)


def test_the_cut_off_is_the_highest_hundredth_of_the_highest_f1() -> None:
    """Scores that lie on a hundredth, such as 0.29, which a hundred times is not 29, count from it on."""
    for score in (0.29, 0.57, 0.58, 0.07, 1.0):
        held = hold(TRUTH, objects((0, 0, 10, 10, 20, 20, 1.0), (0, 1, 50, 50, 20, 20, score)), 3, 2)
        assert held.cutoff == score


def test_each_detection_and_each_object_is_named() -> None:
    held = hold(
        TRUTH,
        objects(
            (0, 0, 10, 10, 20, 20, 0.9),  # right
            (0, 0, 11, 10, 20, 20, 0.8),  # found already
            (0, 0, 50, 50, 20, 20, 0.7),  # of another class
            (1, 1, 5, 5, 5, 5, 0.6),  # on nothing
            (2, 0, 4, 0, 10, 10, 0.5),  # badly placed
        ),
        n_samples=3,
        n_classes=2,
        cutoff=0.0,
    )
    assert held.detections["state"].to_list() == [
        Error.NONE,
        Error.DUPLICATE,
        Error.CLASS,
        Error.BACKGROUND,
        Error.LOCATION,
    ]
    assert held.detections["about"].to_list() == [0, -1, 1, -1, 2]
    assert held.found.tolist() == [0, -1, -1]
    assert held.missed.tolist() == [Error.NONE] * 3  # a mended detection would find each
    counts = held.counts
    assert (counts.right.sum(), counts.false.sum(), counts.missed.sum()) == (1, 4, 2)


def test_what_is_below_the_cut_off_does_not_count_and_its_object_is_missed() -> None:
    held = hold(TRUTH, objects((0, 0, 10, 10, 20, 20, 0.4), (2, 0, 0, 0, 10, 10, 0.6)), 3, 2, cutoff=0.5)
    assert held.detections["counts"].to_list() == [False, True]
    assert held.found.tolist() == [-1, -1, 1]
    assert held.missed.tolist() == [Error.MISSED, Error.MISSED, Error.NONE]
    assert held.judged.right[0, 0].all()  # average precision is over all of them


def test_the_cut_off_is_where_f1_is_highest() -> None:
    rows = [(0, 0, 10.0, 10.0, 20.0, 20.0, 0.62), (2, 0, 0.0, 0.0, 10.0, 10.0, 0.55)]
    held = hold(TRUTH, objects(*rows, *((1, 0, 9.0 * i, 9.0, 4.0, 4.0, 0.3) for i in range(9))), 3, 2)
    assert held.cutoff == 0.55
    assert held.counts.false.sum() == 0


def test_without_detections_everything_is_missed() -> None:
    held = hold(TRUTH, objects().clear(), 3, 2)
    assert held.counts.missed.sum() == 3
    assert (held.missed == Error.MISSED).all()
    assert np.isnan(held.judged.score).sum() == 0
