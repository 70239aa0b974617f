"""Reports of objects in images, from arrays, by way of files in a folder that is gone then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
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


def objects(
    n: int = 40, pair: tuple[str, str] = ("v1", "v3"), *, n_classes: int = 3, seed: int = 5, more: str = ""
) -> Report:
    """Three versions over one world, in groups of two samples and by light: some leave out, move and rename more."""
    truths, found = make_world(seed, n_samples=n, n_classes=n_classes, detected=8.0)
    rng = np.random.default_rng(seed)
    versions = {f"v{v + 1}": _varied(found, v, rng, n_classes) for v in range(3)}
    samples = pl.DataFrame(
        {
            "id": [f"s{i:03d}" for i in range(n)],
            "light": [("dim", "lit", "glare")[i % 3] for i in range(n)],
            "slide": [f"g{i // 2}" for i in range(n)],
        }
    )
    manifest = (
        "title: Objects\ntask: detection\nsamples: samples.csv\ncolumns: {id: id, group: slide}\nattributes: [light]\n"
        f"baseline: {pair[0]}\ncandidate: {pair[1]}\nsupport: {{show: 3, test: 5, decide: 16, groups: 3}}\n{more}"
    )
    return build_objects(manifest, samples, truths, versions)


def _varied(found: Detections, version: int, rng: np.random.Generator, n_classes: int) -> Detections:
    kept = np.flatnonzero(rng.random(len(found)) < (0.7, 0.85, 0.95)[version])
    moved = found.boxes[kept] + rng.normal(0, (6, 3, 1)[version], (len(kept), 4)) * [1, 1, 0, 0]
    renamed = np.where(rng.random(len(kept)) < 0.1, (found.klass[kept] + 1) % n_classes, found.klass[kept])
    area, score = found.area[kept], found.score[kept]
    return replace(found, sample=found.sample[kept], klass=renamed, boxes=moved.round(1), area=area, score=score)
