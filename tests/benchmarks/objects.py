"""Print what evaluating detections costs, beside the tools of the field, each in a process of its own.

    python tests/benchmarks/objects.py [--images 5000] [--tools ours faster-coco-eval tidecv pycocotools]

The world has 80 classes, about 35,000 true objects and 100,000 detections, written as COCO files once. Every process
reads the two files and evaluates them: twelve figures of average precision and recall, error types with what each costs
(ours does both). Seconds are those of the clock, megabytes the most that the process ever had, Python and what it
imports included. A tool that is not installed is named and left out: `pip install faster-coco-eval tidecv pycocotools`.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import io
import json
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Clock = Callable[[str], None]

CLASSES, TRUE, DETECTED = 80, 7.0, 20.0
SIDE = 500


def write_world(folder: Path, n_images: int) -> tuple[int, int]:
    """The two files of a world, and how many true objects and detections they hold."""
    from tests.oracles.object_worlds import make_world  # noqa: PLC0415

    truths, found = make_world(6, n_samples=n_images, n_classes=CLASSES, objects=TRUE, detected=DETECTED / 0.9)
    truth = {
        "images": [
            {"id": i + 1, "file_name": f"{i + 1:06d}.jpg", "width": SIDE, "height": SIDE} for i in range(n_images)
        ],
        "categories": [{"id": k + 1, "name": f"class {k + 1}"} for k in range(CLASSES)],
        "annotations": [
            {
                "id": i + 1,
                "image_id": int(truths.sample[i]) + 1,
                "category_id": int(truths.klass[i]) + 1,
                "bbox": truths.boxes[i].tolist(),
                "area": float(truths.area[i]),
                "iscrowd": int(truths.crowd[i]),
            }
            for i in range(len(truths))
        ],
    }
    results = [
        {
            "image_id": int(found.sample[i]) + 1,
            "category_id": int(found.klass[i]) + 1,
            "bbox": found.boxes[i].tolist(),
            "score": float(found.score[i]),
        }
        for i in range(len(found))
    ]
    (folder / "truth.json").write_text(json.dumps(truth))
    (folder / "found.json").write_text(json.dumps(results))
    return len(truths), len(found)


def ours(folder: Path, clock: Clock) -> dict[str, float]:
    """Both kinds of figures by this package, from the files."""
    import numpy as np  # noqa: PLC0415
    import polars as pl  # noqa: PLC0415

    from reportgen.inputs.formats.given import Source  # noqa: PLC0415
    from reportgen.inputs.objects import ObjectFiles, read_objects  # noqa: PLC0415
    from reportgen.stats.error_costs import error_gains, mean_precisions, mend_errors  # noqa: PLC0415
    from reportgen.stats.matching import match_objects  # noqa: PLC0415
    from reportgen.stats.object_errors import name_errors  # noqa: PLC0415
    from reportgen.stats.object_precision import average_precisions, judge_detections  # noqa: PLC0415
    from reportgen.stats.objects import overlap_boxes  # noqa: PLC0415
    from reportgen.tasks.objects import detections_of, truths_of  # noqa: PLC0415

    n = len(json.loads((folder / "truth.json").read_bytes())["images"])
    clock("")
    files = ObjectFiles(
        Source(folder / "truth.json", "truth.json", truth=True),
        {"found": Source(folder / "found.json", "found.json", truth=False)},
    )
    read = read_objects(files, pl.Series("id", [f"{i + 1:06d}.jpg" for i in range(n)]))
    truths, found = truths_of(read.truths.frame), detections_of(read.detections["found"].frame)
    clock("read")
    overlaps = overlap_boxes(found, truths)
    judged = judge_detections(found, truths, match_objects(found, truths, overlaps), CLASSES)
    precision = average_precisions(judged).precision[0]
    clock("average precision")
    mended, once = mend_errors(found, truths, name_errors(found, truths, overlaps), CLASSES), np.ones((n, 1))
    error_gains(mended, once)
    clock("error types")
    own = float(mean_precisions(mended[0], once)[0])
    return {"AP": float(np.nanmean(precision)), "AP50": float(np.nanmean(precision[0])), "AP50, TIDE": own}


def _coco(folder: Path, clock: Clock, truth_class: Any, evaluator: Any) -> dict[str, float]:
    clock("")
    truth = truth_class(str(folder / "truth.json"))
    found = truth.loadRes(str(folder / "found.json"))
    clock("read")
    run = evaluator(truth, found, "bbox")
    run.evaluate()
    run.accumulate()
    run.summarize()
    clock("average precision")
    return {"AP": float(run.stats[0]), "AP50": float(run.stats[1])}


def faster(folder: Path, clock: Clock) -> dict[str, float]:
    """The twelve figures by faster-coco-eval."""
    from faster_coco_eval import COCO, COCOeval_faster  # type: ignore[import-not-found]  # noqa: PLC0415

    return _coco(folder, clock, COCO, COCOeval_faster)


def pycocotools(folder: Path, clock: Clock) -> dict[str, float]:
    """The twelve figures by pycocotools."""
    from pycocotools.coco import COCO  # type: ignore[import-untyped]  # noqa: PLC0415
    from pycocotools.cocoeval import COCOeval  # type: ignore[import-untyped]  # noqa: PLC0415

    return _coco(folder, clock, COCO, COCOeval)


def tidecv(folder: Path, clock: Clock) -> dict[str, float]:
    """Error types and what they cost, by tidecv."""
    from tidecv import TIDE, Data  # type: ignore[import-not-found]  # noqa: PLC0415

    clock("")
    # its own reader of COCO files asks for masks
    given = json.loads((folder / "truth.json").read_bytes())
    truth, found = Data("truth"), Data("found")
    for image in given["images"]:
        truth.add_image(image["id"], image["file_name"])
        found.add_image(image["id"], image["file_name"])
    for one in given["annotations"]:
        add = truth.add_ignore_region if one["iscrowd"] else truth.add_ground_truth
        add(one["image_id"], one["category_id"], one["bbox"])
    for one in json.loads((folder / "found.json").read_bytes()):
        found.add_detection(one["image_id"], one["category_id"], one["score"], one["bbox"])
    clock("read")
    run = TIDE().evaluate(truth, found, mode=TIDE.BOX)
    run.fix_main_errors()
    run.fix_special_errors()
    clock("error types")
    return {"AP50, TIDE": run.ap / 100}


TOOLS: dict[str, tuple[str, Callable[[Path, Clock], dict[str, float]]]] = {
    "ours": ("reportgen", ours),
    "faster-coco-eval": ("faster_coco_eval", faster),
    "tidecv": ("tidecv", tidecv),
    "pycocotools": ("pycocotools", pycocotools),
}


def measure(tool: str, folder: Path) -> dict[str, Any]:
    """What one tool takes and finds, in this process."""
    seconds: dict[str, float] = {}
    last = time.perf_counter()

    def clock(part: str) -> None:
        nonlocal last
        now = time.perf_counter()
        if part:
            seconds[part] = now - last
        last = now

    with contextlib.redirect_stdout(io.StringIO()):
        figures = TOOLS[tool][1](folder, clock)
    return {
        "seconds": seconds,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "figures": figures,
    }


PARTS = ("read", "average precision", "error types")


def main() -> None:
    """Write the world, run each tool in a process of its own and print a line each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, default=5000)
    parser.add_argument("--tools", nargs="*", choices=TOOLS, default=list(TOOLS))
    parser.add_argument("--one", choices=TOOLS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        print(json.dumps(measure(given.one, given.folder)))
        return
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        n_true, n_found = write_world(folder, given.images)
        print(f"{given.images:,} images, {CLASSES} classes, {n_true:,} true objects, {n_found:,} detections")
        print(f"Python {platform.python_version()} on {platform.machine()}; seconds, then megabytes at most\n")
        print(f"{'':18}" + "".join(f"{part:>19}" for part in (*PARTS, "MB")) + "  figures")
        for tool in given.tools:
            if importlib.util.find_spec(TOOLS[tool][0]) is None:
                print(f"{tool:18}  not installed")
                continue
            command = [sys.executable, __file__, "--one", tool, "--folder", place]
            ran = subprocess.run(command, check=False, capture_output=True, text=True)
            if ran.returncode:
                print(f"{tool:18}  failed: {ran.stderr.strip().splitlines()[-1]}")
                continue
            found = json.loads(ran.stdout)
            took = "".join(
                f"{found['seconds'][part]:19.2f}" if part in found["seconds"] else f"{'–':>19}" for part in PARTS
            )
            figures = ", ".join(f"{name} {value:.6f}" for name, value in found["figures"].items())
            print(f"{tool:18}{took}{found['megabytes']:19.0f}  {figures}", flush=True)


if __name__ == "__main__":
    main()
