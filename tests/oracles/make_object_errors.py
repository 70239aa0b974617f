"""Writes ``object_errors.json``: error types and their costs by tidecv, for ``object_worlds`` and for nuclei.

The tool brings OpenCV, seaborn and pandas with it, so it is no test dependency:

    pip install tidecv==1.0.1
    PYTHONPATH=. python tests/oracles/make_object_errors.py
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from reportgen.stats.objects import Detections, Truths
from tests.oracles.object_worlds import make_world

FIGURES = Path(__file__).with_name("object_errors.json")
WORLDS = {
    **{f"plain {seed}": {"seed": seed} for seed in range(12)},
    **{f"crowded {seed}": {"seed": seed, "crowds": 0.4} for seed in range(20, 26)},
    **{f"one class {seed}": {"seed": seed, "n_classes": 1} for seed in range(30, 34)},
    **{f"sparse {seed}": {"seed": seed, "objects": 0.7, "detected": 2.0, "n_classes": 6} for seed in range(40, 46)},
}


NUCLEI = Path(__file__).resolve().parents[2] / "examples" / "nuclei"
FILES = {"otsu": "v1_otsu.json", "watershed": "v2_watershed.json"}


def read_nuclei(version: str) -> tuple[Truths, Detections]:
    """The boxes of the example's files."""
    true = json.loads((NUCLEI / "truth.coco.json").read_text(encoding="utf-8"))["annotations"]
    found = json.loads((NUCLEI / "predictions" / FILES[version]).read_text(encoding="utf-8"))
    true, found = (sorted(rows, key=lambda row: row["image_id"]) for rows in (true, found))

    def columns(rows: list[dict[str, object]]) -> tuple[np.ndarray, ...]:
        boxes = np.array([row["bbox"] for row in rows], dtype=np.float64)
        return (
            np.array([row["image_id"] for row in rows]),
            np.zeros(len(rows), np.int64),
            boxes,
            boxes[:, 2] * boxes[:, 3],
        )

    crowd = np.array([bool(row.get("iscrowd")) for row in true])
    return Truths(*columns(true), crowd), Detections(*columns(found), np.array([row["score"] for row in found]))


def evaluate(truths: Truths, detections: Detections) -> dict[str, object]:
    """Counts of each type, average precision and the gains, in percent, as the tool prints them before rounding."""
    from tidecv import TIDE, Data  # noqa: PLC0415
    from tidecv.errors.main_errors import FalseNegativeError, FalsePositiveError  # noqa: PLC0415

    true, found = Data("truth"), Data("found")
    for i in range(int(max(truths.sample.max(initial=0), detections.sample.max(initial=0))) + 1):
        true.add_image(i, str(i))
        found.add_image(i, str(i))
    for sample, klass, box, crowd in zip(truths.sample, truths.klass, truths.boxes, truths.crowd, strict=True):
        add = true.add_ignore_region if crowd else true.add_ground_truth
        add(int(sample), int(klass), box.tolist())
    for sample, klass, box, score in zip(
        detections.sample, detections.klass, detections.boxes, detections.score, strict=True
    ):
        found.add_detection(int(sample), int(klass), float(score), box.tolist())
    run = TIDE().evaluate(true, found, mode=TIDE.BOX)
    special = run.fix_special_errors()
    return {
        "precision": run.ap,
        "counts": {kind.short_name: n for kind, n in run.count_errors().items()},
        "gains": {kind.short_name: gain for kind, gain in run.fix_main_errors().items()},
        "without_false": special[FalsePositiveError],
        "without_missed": special[FalseNegativeError],
    }


def main() -> None:
    """Compute the figures with the tool, and write them."""
    found = {name: evaluate(*make_world(**given)) for name, given in WORLDS.items()}
    found |= {f"nuclei {version}": evaluate(*read_nuclei(version)) for version in FILES}
    FIGURES.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
