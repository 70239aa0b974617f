"""Print what average precision under a filter costs in a browser: bytes a detection, and milliseconds.

    python tests/benchmarks/object_filter.py [--samples 5000] [--classes 80] [--truths 7] [--detections 20]

Two versions of random boxes, of which most are true ones, moved: by default 5,000 images, 80 classes, 35,000 true
objects and 100,000 detections each. Half of the images are selected, or a hundredth. Chromium (``CHROMIUM`` names
another one) works on one thread, whose own time is
printed, so that what else runs beside counts little.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
from playwright.sync_api import sync_playwright

from reportgen.site.object_chunks import object_chunks
from reportgen.site.packing import letters
from reportgen.stats.matching import match_objects
from reportgen.stats.object_precision import judge_detections
from reportgen.stats.objects import Detections, overlap_boxes
from tests.oracles.object_worlds import make_world

ASSETS = Path(__file__).resolve().parents[2] / "assets" / "js"
MODULES = (
    *("define", "texts", "unpack", "rounding", "distributions", "intervals", "bits", "draws", "objects"),
    "object_measures",
)
METRICS = ("ap50", "ap", "ap_small", "ar100")
MEASURE = """
([chunks, n]) => {
  const { bits, objectMeasures, unpack } = window.reportgen;
  const loaded = new Map();
  const load = (name) => {
    if (!loaded.has(name)) loaded.set(name, unpack(chunks[name], load));
    return loaded.get(name);
  };
  const measures = objectMeasures.open({ n, level: 0.95, versions: [{}, {}] }, load);
  const own = { group: null, weight: null };
  window.measured = async (share, metric, whole) => {
    const chosen = bits.none(n);
    let count = 0;
    for (let row = 0; row < n; row += Math.round(1 / share)) {
      chosen[row >> 5] |= 1 << (row & 31);
      count++;
    }
    const model = { baseline: 0, candidate: 1, pair: [0, 1], counter: { chosen: () => chosen, selected: () => count } };
    return (await measures.of(own, model, metric, whole, async () => true)).dear;
  };
}
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("samples", 5000), ("classes", 80), ("truths", 7), ("detections", 20)):
        parser.add_argument(f"--{name}", type=int, default=default)
    given = parser.parse_args()
    chunks, n_detections = make(given)
    size = sum(letters(chunk) for name, chunk in chunks.items() if name.startswith("object-"))
    print(f"{platform.machine()}, {os.cpu_count()} cores; {given.samples:,} images, {n_detections:,} detections")
    print(f"{0.75 * size / n_detections:.2f} bytes a detection packed, {size / n_detections:.2f} letters in the page")
    for share, metric, first, again, whole in run(chunks, given.samples):
        drawn = "too dear" if whole is None else f"{whole:,.0f} ms"
        print(f"{share:>5.0%} selected  {metric:<9} {first:>6,.0f} ms, again {again:>5,.0f} ms, with intervals {drawn}")


def make(given: argparse.Namespace) -> tuple[dict[str, Any], int]:
    """The chunks of two versions, and how many detections both have."""
    how = {"n_samples": given.samples, "n_classes": given.classes, "objects": given.truths}
    truths, found = make_world(1, **how, detected=given.detections)
    rng = np.random.default_rng(2)
    worse = Detections(
        *(found.sample, found.klass, found.boxes + rng.normal(0, 4, found.boxes.shape) * [1, 1, 0, 0]),
        *(found.area, found.score),
    )
    judged = [
        judge_detections(one, truths, match_objects(one, truths, overlap_boxes(one, truths)), given.classes)
        for one in (worse, found)
    ]
    frame = pl.DataFrame({"id": [f"image-{k}" for k in range(given.samples)]})
    outcomes: Any = SimpleNamespace(
        frame=frame, versions=("v1", "v2"), group_names=(), parts=SimpleNamespace(judged=tuple(judged))
    )
    return object_chunks(outcomes), sum(len(one.sample) for one in judged)


def run(chunks: dict[str, Any], n: int) -> Iterator[tuple[Any, ...]]:
    """What the browser says, a line a selection and metric."""
    executable = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        for name in MODULES:
            page.add_script_tag(path=ASSETS / "engine" / f"{name}.js")
        page.evaluate(MEASURE, [dict(chunks), n])
        session = page.context.new_cdp_session(page)
        session.send("Performance.enable")

        def spent() -> float:
            named = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
            return 1000 * float(named["ThreadTime"])

        for share, metric in product((1.0, 0.5, 0.01), METRICS):
            times: list[float | None] = []
            for whole in (False, False, True):
                begin = spent()
                dear = page.evaluate("(given) => window.measured(...given)", [share, metric, whole])
                times.append(None if dear else spent() - begin)
            yield (share, metric, *times)
        browser.close()


if __name__ == "__main__":
    main()
