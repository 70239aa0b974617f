"""Print how often the intervals of average precision hold the truth, beside how often they should: 95 times in 100.

    python tests/benchmarks/object_coverage.py [--repetitions 200] [--percentile]

Of a pool of 20,000 images, whose figures are the truth, repetitions draw 30, 100 and 300; the function that the report
asks says each one's interval, and that of the difference between two versions. ``--percentile`` leaves the draws where
they fall, as the usual percentile interval does. Seeds are fixed: the same numbers come out each time.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from dataclasses import replace

import numpy as np
import polars as pl

from reportgen.analysis import object_ranks
from reportgen.analysis.measure import measure
from reportgen.model import Judged, Limits, Outcomes, PartCounts, Parts
from reportgen.stats.matching import match_objects
from reportgen.stats.object_precision import judge_detections
from reportgen.stats.objects import Detections, Truths, overlap_boxes
from reportgen.stats.pairs import Floats, Ints
from reportgen.tasks import detection, regression
from tests.oracles.object_worlds import make_world

POOL, CLASSES, SIZES = 20_000, 3, (30, 100, 300)
SHOWN = ("ap", "ap50", "ap75", "ap_small", "ap_large", "ar100")
SEED = 20_261_129


def judge(truths: Truths, found: Detections) -> Judged:
    """The pool's detections held against its truth."""
    return judge_detections(found, truths, match_objects(found, truths, overlap_boxes(found, truths)), CLASSES)


def take(judged: Judged, chosen: Ints) -> Judged:
    """What was found in the chosen images, which is judged image by image."""
    place = np.full(POOL, -1)
    place[chosen] = np.arange(len(chosen))
    kept, true = place[judged.sample] >= 0, place[judged.truth_sample] >= 0
    before = np.concatenate([[0], np.cumsum(kept)])
    return Judged(
        before[judged.begins],
        place[judged.sample[kept]],
        judged.score[kept],
        judged.rank[kept],
        judged.right[:, :, kept],
        judged.ignored[:, :, kept],
        place[judged.truth_sample[true]],
        judged.truth_class[true],
        judged.truth_ignored[:, true],
    )


def outcomes_of(versions: list[Judged], n: int, name: str) -> Outcomes:
    """A report of these detections alone; nothing but their average precision is asked of it."""
    frame = pl.DataFrame({"id": [f"{name} {i}" for i in range(n)], "target": np.zeros(n)}).with_columns(
        *(pl.lit(True).alias(f"scored_{v}") for v in range(2)),
        *(pl.Series(f"prediction_{v}", np.zeros(n)) for v in range(2)),
    )
    none = np.empty(0, np.int64)
    counts = (PartCounts(n, none, none, none, none, none),) * 2
    return Outcomes(
        regression.outcomes(frame, 2, 0.0),
        frame.select("id"),
        (),
        (),
        ("before", "after"),
        tolerance=0.0,
        parts=Parts("object", tuple("abc"), counts, tuple(versions)),
    )


def figures(versions: list[Judged], n: int, name: str) -> dict[tuple[str, bool], tuple[float, float, float]]:
    """Value, low and high of each figure of the second version, and (True) of the change to it."""
    metrics = [metric for metric in detection.METRICS if metric.name in SHOWN]
    found = object_ranks.rank_objects(measure(outcomes_of(versions, n, name), Limits()), metrics, 0)
    return {
        (one.metric.name, len(one.versions) == 2): (
            one.delta if len(one.versions) == 2 else one.values[0],
            one.low,
            one.high,
        )
        for one in found
        if one.klass is None and one.versions != (0,)
    }


def main() -> None:
    """Draw, ask, count, and print a row a figure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repetitions", type=int, default=200)
    parser.add_argument("--percentile", action="store_true")
    given = parser.parse_args()
    if given.percentile:
        object_ranks.unbiased = _as_they_fall
    truths, after = make_world(6, n_samples=POOL, n_classes=CLASSES)
    rng = np.random.default_rng(SEED)
    moved = after.boxes + rng.normal(0, 3, after.boxes.shape) * [1, 1, 0, 0]
    versions = [judge(truths, replace(after, boxes=moved)), judge(truths, after)]
    object_ranks.DRAWS, draws = 4, object_ranks.DRAWS
    truth = {key: value for key, (value, _, _) in figures(versions, POOL, "pool").items()}
    object_ranks.DRAWS = draws
    held: dict[tuple[str, bool, int], list[bool]] = defaultdict(list)
    for n in SIZES:
        for i in range(given.repetitions):
            chosen = np.sort(rng.choice(POOL, n, replace=False))
            for (name, change), (_, low, high) in figures([take(v, chosen) for v in versions], n, f"{n} {i}").items():
                held[name, change, n].append(low <= truth[name, change] <= high)
    print(f"{'':14}{'truth':>9}" + "".join(f"{f'{n} images':>14}" for n in SIZES))
    for (name, change), value in truth.items():
        cells = "".join(f"{100 * np.mean(held[name, change, n]):14.1f}" for n in SIZES)
        print(f"{name + (', change' if change else ''):18}{value:9.4f}{cells}")


def _as_they_fall(draws: Floats, _value: float) -> Floats:
    return draws


if __name__ == "__main__":
    main()
