"""Reports of small planted worlds with three versions, built with any of them as baseline: what pairs are tested on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen import pipeline
from reportgen.inputs.load import load_text
from reportgen.inputs.tables import Table
from reportgen.report import Report
from reportgen.stats.objects import Detections, Truths
from tests.object_reports import build_objects, versions_of

Rng = np.random.Generator
CITIES = ("Aachen", "Bergen", "Cork", "Delft", "Essen", "Faro")
DECLARED = """\
critical:
  - {where: {weather: fog, city: Cork}, why: few and dear}
  - {where: {weather: rain, time: night, city: Bergen}, why: three at once}
"""


@dataclass(frozen=True, eq=False)
class World:
    """The manifest but for its pair, and the tables in memory."""

    manifest: str
    samples: pl.DataFrame
    predictions: Mapping[str, pl.DataFrame]

    @cache  # noqa: B019 - worlds are as few as their names
    def report(self, baseline: str, candidate: str) -> Report:
        """The report of two of the versions."""
        text = f"{self.manifest}baseline: {baseline}\ncandidate: {candidate}\n"
        loaded = load_text(text, Path("reportgen.yaml"), Path(), files=False)
        tables = {name: Table(one, name, "0" * 64, one.height) for name, one in self.predictions.items()}
        return pipeline.run(
            loaded, sources=pipeline.Sources(Table(self.samples, "samples", "0" * 64, self.samples.height), tables)
        )


@dataclass(frozen=True, eq=False)
class ObjectWorld:
    """Likewise, of objects in the samples."""

    manifest: str
    samples: pl.DataFrame
    truths: Truths
    found: Mapping[str, Detections]

    @cache  # noqa: B019 - worlds are as few as their names
    def report(self, baseline: str, candidate: str) -> Report:
        """The report of two of the versions."""
        text = f"{self.manifest}baseline: {baseline}\ncandidate: {candidate}\n"
        return build_objects(text, self.samples, self.truths, self.found)


def scenes(n: int = 3000) -> World:
    """Three classes; a search finds where v3 is wrong, some slices are declared, some predictions missing."""
    rng = np.random.default_rng(21)
    samples = _scenes(n, rng)
    return World(
        f"""\
task: classification
samples: samples
columns: {{target: label}}
attributes: [weather, time, city, {{column: brightness, bins: 3}}]
versions: {{v1: v1, v2: v2, v3: v3}}
{DECLARED}""",
        samples,
        {f"v{k + 1}": _labels(samples, rng, k).filter(rng.random(n) > 0.02 * k) for k in range(3)},
    )


def drives(n: int = 2500) -> World:
    """The same in groups of very different sizes, with weights, and a level of its own."""
    rng = np.random.default_rng(22)
    samples = _scenes(n, rng).with_columns(
        drive=pl.Series([f"d{k:03d}" for k in (180 * rng.random(n) ** 2).astype(int)]),
        weight=pl.Series(rng.uniform(0.5, 2, n).round(3)),
    )
    return World(
        f"""\
task: classification
samples: samples
level: 0.9
columns: {{target: label, group: drive, weight: weight}}
attributes: [weather, time, city]
versions: {{v1: v1, v2: v2, v3: v3}}
{DECLARED}""",
        samples,
        {f"v{k + 1}": _labels(samples, rng, k, deep=0.2).filter(rng.random(n) > 0.02) for k in range(3)},
    )


def weights(n: int = 2000) -> World:
    """Ill or well at a cost, every sample with a weight: neither a share nor in groups."""
    rng = np.random.default_rng(23)
    samples = _scenes(n, rng, 2).with_columns(weight=pl.Series(rng.choice([0.5, 1.0, 2.5], n)))
    return World(
        """\
task: classification
samples: samples
columns: {target: label, weight: weight}
positive: c1
metrics: [cost, accuracy]
costs: {c1: {c0: 7}, c0: {c1: 1.5}}
attributes: [weather, time, city]
versions: {v1: v1, v2: v2, v3: v3}
""",
        samples,
        {f"v{k + 1}": _labels(samples, rng, k, 2) for k in range(3)},
    )


def prices(n: int = 2500) -> World:
    """Values, of which the last version is too high in the rain; some predictions are missing."""
    rng = np.random.default_rng(24)
    price = rng.lognormal(2.0, 0.5, n)
    samples = _scenes(n, rng).drop("label").with_columns(price=pl.Series(price))
    rain = (samples["weather"] == "rain").to_numpy()
    error = rng.standard_t(4, n)
    scales = (1.2, 1.0, np.where(rain, 1.6, 0.8))
    said = [price + scale * (error + rng.normal(0, 0.3, n)) for scale in scales]
    return World(
        """\
task: regression
samples: samples
columns: {target: price}
prediction_columns: {value: value}
tolerance: 0.8
flip_margin: 0.3
attributes: [weather, time, city]
versions: {v1: v1, v2: v2, v3: v3}
""",
        samples,
        {
            f"v{k + 1}": pl.DataFrame({"id": samples["id"], "value": value}).filter(rng.random(n) > 0.02)
            for k, value in enumerate(said)
        },
    )


def objects(n: int = 500) -> ObjectWorld:
    """Objects: F1, whose denominators are each version's own; some samples have neither."""
    rng = np.random.default_rng(26)
    samples = _scenes(n, rng).drop("label")
    manifest = f"task: detection\nsamples: samples.csv\nattributes: [weather, time, city]\n{DECLARED}"
    return ObjectWorld(manifest, samples, *versions_of(n, 7, {"v1": 9.0, "v2": 6.0, "v3": 2.0}))


def driven_objects(n: int = 500) -> ObjectWorld:
    """The same by precision, in groups, with weights."""
    rng = np.random.default_rng(27)
    samples = (
        _scenes(n, rng)
        .drop("label")
        .with_columns(
            drive=pl.Series([f"d{k:03d}" for k in (120 * rng.random(n) ** 2).astype(int)]),
            weight=pl.Series(rng.uniform(0.5, 2, n).round(3)),
        )
    )
    manifest = (
        "task: detection\nsamples: samples.csv\nattributes: [weather, time, city]\nmetrics: [precision]\n"
        "columns: {group: drive, weight: weight}\n"
    )
    return ObjectWorld(manifest, samples, *versions_of(n, 8, {"v1": 3.0, "v2": 6.0, "v3": 5.0}, n_classes=1))


def labels(n: int = 600) -> World:
    """Sets of labels, by F1, in groups; slices by the labels that samples have."""
    rng = np.random.default_rng(28)
    names = ("car", "bus", "sign")
    sets = rng.random((n, len(names))) < [0.6, 0.3, 0.05]
    drives = pl.Series([f"d{k:03d}" for k in (120 * rng.random(n) ** 2).astype(int)])

    def listed(table: npt.NDArray[np.bool_]) -> pl.Series:
        found = [[name for name, has in zip(names, row, strict=True) if has] for row in table.tolist()]
        return pl.Series(found, dtype=pl.List(pl.String))

    samples = _scenes(n, rng).drop("label").with_columns(labels=listed(sets), drive=drives)
    return World(
        """\
task: multilabel
samples: samples
columns: {target: labels, group: drive}
attributes: [weather, time]
versions: {v1: v1, v2: v2, v3: v3}
""",
        samples,
        {
            f"v{k + 1}": pl.DataFrame(
                {"id": samples["id"], "labels": listed(sets ^ (rng.random(sets.shape) < wrong))}
            ).filter(rng.random(n) > 0.02)
            for k, wrong in enumerate((0.2, 0.15, 0.1))
        },
    )


WORLDS: Mapping[str, Callable[[], World | ObjectWorld]] = {
    one.__name__: cache(one) for one in (scenes, drives, weights, prices, objects, driven_objects, labels)
}
"""Each made once, and so are its reports."""


def _scenes(n: int, rng: Rng, n_classes: int = 3) -> pl.DataFrame:
    few = 0.6 ** np.arange(n_classes)
    weather = np.array(["clear", "fog", "rain"])[rng.choice(3, n, p=[0.5, 0.1, 0.4])]
    lost = pl.Series(rng.random(n) < 0.05)
    samples = pl.DataFrame(
        {
            "id": [f"scene-{k:05d}" for k in rng.permutation(n)],
            "label": [f"c{k}" for k in rng.choice(n_classes, n, p=few / few.sum())],
            "weather": weather,
            "time": np.array(["day", "night"])[rng.choice(2, n, p=[0.6, 0.4])],
            "city": np.array(CITIES)[rng.choice(6, n, p=[0.4, 0.3, 0.2, 0.07, 0.02, 0.01])],
            "brightness": rng.gamma(2.0, 10.0, n).round(1),
        }
    )
    return samples.with_columns(pl.when(~lost).then(pl.col("weather")).alias("weather"))


def _labels(samples: pl.DataFrame, rng: Rng, version: int, n_classes: int = 3, *, deep: float = 0.75) -> pl.DataFrame:
    """Each version is a little better, but the last one fails on rainy nights in Aachen and in Bergen's rain."""
    n = samples.height
    target = samples["label"].str.slice(1).cast(pl.Int64).to_numpy()
    share = np.full(n, 0.74 + 0.05 * version)
    rain = (samples["weather"] == "rain").fill_null(False).to_numpy()
    dark = rain & ((samples["time"] == "night") & (samples["city"] == "Aachen")).to_numpy()
    wet = rain & (samples["city"] == "Bergen").to_numpy()
    if version == 2:
        share -= np.where(dark, deep, np.where(wet, 0.3, 0.0))
    right = rng.random(n) < share
    said = np.where(right, target, (target + 1 + rng.integers(0, n_classes - 1, n)) % n_classes)
    return pl.DataFrame({"id": samples["id"], "label": [f"c{k}" for k in said]})
