"""Reports of objects in images, from arrays, by way of files in a folder that is gone then."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl

from reportgen import pipeline
from reportgen.inputs.load import load_text
from reportgen.inputs.tables import Table
from reportgen.report import Report
from reportgen.stats.objects import Detections, Truths
from tests.oracles.object_worlds import make_world

FILES = "objects: truth.csv\nversions: {{{versions}}}\n"


def build_objects(manifest: str, samples: pl.DataFrame, truths: Truths, detections: Mapping[str, Detections]) -> Report:
    """The report of a manifest without its files, whose samples have the ids of the table, in its order."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        write_boxes(samples["id"], truths, folder / "truth.csv")
        for version, one in detections.items():
            write_boxes(samples["id"], one, folder / f"{version}.csv")
        text = manifest + FILES.format(versions=", ".join(f"{one}: {one}.csv" for one in detections))
        loaded = load_text(text, Path("reportgen.yaml"), folder, files=False)
        table = Table(samples, "samples", "0" * 64, samples.height)
        return pipeline.run(loaded, sources=pipeline.Sources(table, {}))


def write_boxes(ids: pl.Series, objects: Truths | Detections, path: Path) -> None:
    """A table of boxes, a row an object."""
    sides = dict(zip(("left", "top", "width", "height"), objects.boxes.T, strict=True))
    more = (
        {"area": objects.area, "iscrowd": objects.crowd.astype(int)}
        if isinstance(objects, Truths)
        else {"score": objects.score}
    )
    classes = [f"c{k}" for k in objects.klass]
    pl.DataFrame({"id": ids[objects.sample.tolist()], "label": classes, **sides, **more}).write_csv(path)


def versions_of(
    n: int, seed: int, spreads: Mapping[str, float], *, n_classes: int = 3
) -> tuple[Truths, dict[str, Detections]]:
    """True objects in ``n`` samples, and versions whose boxes are moved by so many pixels."""
    rng = np.random.default_rng(seed)
    truths, found = make_world(seed, n_samples=n, n_classes=n_classes, objects=3.0, detected=5.0)
    made = {}
    for version, spread in spreads.items():
        kept = rng.random(len(found)) < 0.9
        moved = found.boxes + rng.normal(0, spread, found.boxes.shape) * [1, 1, 0, 0]
        parts = (found.sample, found.klass, moved.round(1), found.area, found.score)
        made[version] = Detections(*(part[kept] for part in parts))
    return truths, made
