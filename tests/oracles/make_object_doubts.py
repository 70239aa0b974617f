"""Writes ``object_doubts.json``: the scores of boxes by cleanlab's ObjectLab, for the worlds of ``object_worlds``.

It brings many packages, so it is no test dependency: ``pip install cleanlab==2.9.0``. Similarity is the overlap alone
(``alpha`` = 1): of badly located boxes the score is the largest overlap with a detection of the same class, of swapped
ones it is 1 less the largest overlap with a sure detection of another class, and overlooked is scored at all where a
sure detection overlaps nothing.

    PYTHONPATH=. python tests/oracles/make_object_doubts.py
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from reportgen.stats.objects import Detections, Truths
from tests.oracles.object_worlds import make_world

FIGURES = Path(__file__).with_name("object_doubts.json")
LOW, HIGH = 0.3, 0.6
WORLDS = {
    **{f"plain {seed}": {"seed": seed, "crowds": 0.0} for seed in range(50, 56)},
    **{f"sparse {seed}": {"seed": seed, "crowds": 0.0, "objects": 1.0, "detected": 2.0} for seed in range(60, 64)},
    **{f"many classes {seed}": {"seed": seed, "crowds": 0.0, "n_classes": 8} for seed in range(70, 73)},
}


def evaluate(truths: Truths, detections: Detections, n_classes: int) -> dict[str, object]:
    """The scores of each true object and of each detection, in the order of the world; null: not scored."""
    from cleanlab.object_detection import rank  # noqa: PLC0415

    n = 1 + int(max(truths.sample.max(initial=0), detections.sample.max(initial=0)))
    corners = np.concatenate([detections.boxes[:, :2], detections.boxes[:, :2] + detections.boxes[:, 2:]], axis=1)
    true_corners = np.concatenate([truths.boxes[:, :2], truths.boxes[:, :2] + truths.boxes[:, 2:]], axis=1)
    rows = [
        [np.flatnonzero((detections.sample == i) & (detections.klass == k)) for k in range(n_classes)] for i in range(n)
    ]
    labels = [
        {"bboxes": true_corners[truths.sample == i], "labels": truths.klass[truths.sample == i]} for i in range(n)
    ]
    said = [[np.column_stack([corners[at], detections.score[at]]) for at in one] for one in rows]
    own = rank.compute_badloc_box_scores(labels=labels, predictions=said, alpha=1.0, low_probability_threshold=LOW)
    other = rank.compute_swap_box_scores(
        labels=labels, predictions=said, alpha=1.0, high_probability_threshold=HIGH, overlapping_label_check=False
    )
    beside = rank.compute_overlooked_box_scores(
        labels=labels, predictions=said, alpha=1.0, high_probability_threshold=HIGH
    )
    overlooked = np.zeros(len(detections), bool)
    for one, found in zip(rows, beside, strict=True):
        overlooked[np.concatenate(one)] = np.isfinite(found)
    return {
        "own": np.concatenate(own).tolist(),
        "other": np.concatenate(other).tolist(),
        "overlooked": np.flatnonzero(overlooked).tolist(),
    }


def main() -> None:
    """Compute the figures with the tool, and write them."""
    found = {name: evaluate(*make_world(**given), given.get("n_classes", 3)) for name, given in WORLDS.items()}
    FIGURES.write_text(json.dumps(found, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
