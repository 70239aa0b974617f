"""Whole reports of small planted worlds, built in memory: what selections of samples are tested on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl

from reportgen import pipeline
from reportgen.inputs.load import load_manifest, load_text
from reportgen.inputs.tables import Table
from reportgen.report import Report
from tests.inputs.pngs import save
from tests.object_reports import build_objects, versions_of

Rng = np.random.Generator
Frames = Mapping[str, pl.DataFrame]
Pair = tuple[str, str]
"""Baseline and candidate."""
ATTRIBUTES = "attributes: [weather, time, city, {column: brightness, bins: 4}]"


def classification(n: int = 2400, pair: Pair = ("v1", "v2")) -> Report:
    """Five classes with probabilities; some samples lack a prediction, some a weather, some a brightness."""
    rng = np.random.default_rng(5)
    samples = _scenes(n, 5, rng)
    return _build(
        pair,
        f"""\
task: classification
samples: samples
columns: {{target: label}}
prediction_columns: {{label: label, probabilities: "p_{{class}}"}}
{ATTRIBUTES}
versions: {{v1: v1, v2: v2}}
""",
        samples,
        {
            "v1": _guess(samples, 5, rng, edge=1.9).filter(rng.random(n) > 0.03),
            "v2": _guess(samples, 5, rng, edge=2.3).filter(rng.random(n) > 0.04),
        },
    )


def binary(n: int = 2000, pair: Pair = ("v1", "v2")) -> Report:
    """Ill or well by a score, with weights, costs and another level; the first version gives labels alone."""
    rng = np.random.default_rng(6)
    samples = _scenes(n, 2, rng).with_columns(weight=pl.Series(rng.choice([0.5, 1.0, 2.5], n)))
    first, second = (_guess(samples, 2, rng, edge=edge) for edge in (1.4, 1.7))
    score = second.select("id", score="p_c1")
    return _build(
        pair,
        f"""\
task: classification
samples: samples
columns: {{target: label, weight: weight}}
positive: c1
threshold: 0.4
level: 0.9
costs: {{c1: {{c0: 7}}, c0: {{c1: 1.5}}}}
{ATTRIBUTES}
versions: {{v1: v1, v2: v2}}
""",
        samples,
        {"v1": first.select("id", "label"), "v2": score.filter(rng.random(n) > 0.05)},
    )


def regression(n: int = 2400, pair: Pair = ("v1", "v2")) -> Report:
    """Prices by scene; some samples lack a prediction."""
    rng = np.random.default_rng(7)
    price = rng.lognormal(2.0, 0.5, n)
    samples = _scenes(n, 2, rng).drop("label").with_columns(price=pl.Series(price))
    dark = (samples["time"] == "night").to_numpy()
    error = rng.standard_t(4, n)
    values = [price + scale * (error + rng.normal(0, 0.3, n)) for scale in (1.2, np.where(dark, 1.5, 0.9))]
    first, second = (pl.DataFrame({"id": samples["id"], "value": value}) for value in values)
    return _build(
        pair,
        f"""\
task: regression
samples: samples
columns: {{target: price}}
prediction_columns: {{value: value}}
tolerance: 0.8
flip_margin: 0.3
{ATTRIBUTES}
versions: {{v1: v1, v2: v2}}
""",
        samples,
        {"v1": first.filter(rng.random(n) > 0.02), "v2": second.filter(rng.random(n) > 0.03)},
    )


def grouped(n: int = 2000, pair: Pair = ("v1", "v2")) -> Report:
    """Eleven classes (so that there is a top five) in drives of very different sizes, every sample with a weight."""
    rng = np.random.default_rng(8)
    samples = _scenes(n, 11, rng).with_columns(
        drive=pl.Series([f"d{k:03d}" for k in (150 * rng.random(n) ** 2).astype(int)]),
        weight=pl.Series(rng.uniform(0.5, 2, n).round(3)),
    )
    return _build(
        pair,
        f"""\
task: classification
samples: samples
columns: {{target: label, group: drive, weight: weight}}
prediction_columns: {{label: label, probabilities: "p_{{class}}"}}
{ATTRIBUTES}
versions: {{v1: v1, v2: v2}}
""",
        samples,
        {
            "v1": _guess(samples, 11, rng, edge=2.0).filter(rng.random(n) > 0.02),
            "v2": _guess(samples, 11, rng, edge=2.6).filter(rng.random(n) > 0.02),
        },
    )


def grouped_values(n: int = 1200, pair: Pair = ("v1", "v2")) -> Report:
    """Changes in price, below 0 too, in drives, every sample with a weight."""
    rng = np.random.default_rng(10)
    change = rng.normal(0, 3, n)
    samples = (
        _scenes(n, 2, rng)
        .drop("label")
        .with_columns(
            change=pl.Series(change),
            drive=pl.Series([f"d{k:03d}" for k in (60 * rng.random(n) ** 2).astype(int)]),
            weight=pl.Series(rng.uniform(0.2, 3, n).round(3)),
        )
    )
    first, second = (pl.DataFrame({"id": samples["id"], "value": change + rng.normal(0, s, n)}) for s in (1.2, 1.0))
    return _build(
        pair,
        f"""\
task: regression
samples: samples
columns: {{target: change, group: drive, weight: weight}}
prediction_columns: {{value: value}}
level: 0.99
{ATTRIBUTES}
versions: {{v1: v1, v2: v2}}
""",
        samples,
        {"v1": first.filter(rng.random(n) > 0.1), "v2": second},
    )


def one_version(n: int = 1000) -> Report:
    """Thirty classes, which are too many for figures of each, by a version that gives labels alone."""
    rng = np.random.default_rng(11)
    samples = _scenes(n, 30, rng)
    labels = _guess(samples, 30, rng, edge=3.0).select("id", "label")
    return _build(
        None,
        f"""\
task: classification
samples: samples
columns: {{target: label}}
{ATTRIBUTES}
versions: {{v1: v1}}
""",
        samples,
        {"v1": labels.filter(rng.random(n) > 0.02)},
    )


def twenty_versions(n: int = 1000, pair: Pair = ("v4", "v19")) -> Report:
    """Three classes by twenty versions, of which every fourth gives confidences."""
    rng = np.random.default_rng(9)
    samples = _scenes(n, 3, rng)
    said = {}
    for v in range(20):
        found = _guess(samples, 3, rng, edge=1.0 + v / 12).filter(rng.random(n) > 0.01)
        confidence = pl.max_horizontal(pl.selectors.starts_with("p_")).alias("confidence")
        said[f"v{v + 1}"] = found.select("id", "label", *([confidence] if v % 4 == 3 else []))
    names = ", ".join(f"{name}: {name}" for name in said)
    return _build(
        pair,
        f"""\
task: classification
samples: samples
columns: {{target: label}}
attributes: [weather, {{column: brightness, bins: 3}}]
versions: {{{names}}}
""",
        samples,
        said,
    )


def objects(n: int = 160, pair: Pair = ("v1", "v2")) -> Report:
    """Objects of three classes in images, crowds among them, by three versions; some images are empty."""
    rng = np.random.default_rng(12)
    samples = _scenes(n, 2, rng).drop("label")
    truths, found = versions_of(n, 3, {"v1": 9.0, "v2": 2.0, "v3": 5.0})
    return build_objects(f"task: detection\n{_objects(pair)}{ATTRIBUTES}\n", samples, truths, found)


def grouped_objects(n: int = 240, pair: Pair = ("v1", "v2")) -> Report:
    """The same in drives of very different sizes, every sample with a weight, at another level."""
    rng = np.random.default_rng(13)
    samples = (
        _scenes(n, 2, rng)
        .drop("label")
        .with_columns(
            drive=pl.Series([f"d{k:03d}" for k in (50 * rng.random(n) ** 2).astype(int)]),
            weight=pl.Series(rng.uniform(0.5, 2, n).round(3)),
        )
    )
    truths, found = versions_of(n, 5, {"v1": 4.0, "v2": 6.0})
    manifest = f"task: detection\ncolumns: {{group: drive, weight: weight}}\nlevel: 0.9\n{_objects(pair)}{ATTRIBUTES}\n"
    return build_objects(manifest, samples, truths, found)


def _objects(pair: Pair) -> str:
    return f"samples: samples.csv\nbaseline: {pair[0]}\ncandidate: {pair[1]}\n"


def segmentation(n: int = 300, pair: Pair = ("v1", "v2")) -> Report:
    """Masks of three classes, one of them rare, in drives, every sample with a weight; some samples lack a mask."""
    rng = np.random.default_rng(14)
    samples = (
        _scenes(n, 2, rng)
        .drop("label")
        .with_columns(
            drive=pl.Series([f"d{k:03d}" for k in (60 * rng.random(n) ** 2).astype(int)]),
            weight=pl.Series(rng.uniform(0.5, 2, n).round(3)),
        )
    )
    dark = (samples["time"] == "night").fill_null(value=False).to_numpy()
    true = rng.choice([0, 1, 2, 3, 255], (n, 3, 4), p=[0.4, 0.3, 0.25, 0.01, 0.04])
    true[:5] = 0  # of no class
    masks = {"true": true}
    for name, wrong in (("v1", 0.3), ("v2", np.where(dark, 0.4, 0.2)[:, None, None])):
        masks[name] = np.where(rng.random(true.shape) < wrong, rng.choice([0, 1, 2, 3, 255], true.shape), true)
    kept = {"true": 1.0, "v1": 0.98, "v2": 0.97}
    with TemporaryDirectory() as folder:
        for name, codes in masks.items():
            (Path(folder) / name).mkdir()
            for at in np.flatnonzero(rng.random(n) < kept[name]).tolist():
                pixels = np.kron(codes[at], np.ones((3, 2))).astype(np.uint8)
                (Path(folder) / name / f"{samples['id'][at]}.png").write_bytes(save(pixels))
        samples.write_csv(Path(folder) / "samples.csv")
        (Path(folder) / "reportgen.yaml").write_text(
            f"""\
task: segmentation
samples: samples.csv
columns: {{group: drive, weight: weight}}
masks: {{path: "true", classes: {{road: 1, car: 2, sign: 3}}, ignore: [255]}}
{ATTRIBUTES}
versions: {{v1: v1, v2: v2}}
baseline: {pair[0]}
candidate: {pair[1]}
"""
        )
        return pipeline.run(load_manifest(Path(folder) / "reportgen.yaml"))


def labels(n: int = 900, pair: Pair = ("v1", "v2")) -> Report:
    """Sets of labels by scores, and by a version that gives lists; some samples lack a truth, some a prediction."""
    rng = np.random.default_rng(15)
    samples, sets = _sets(n, rng)
    first, second, third = (_scored(samples, sets, rng, edge=edge) for edge in (1.8, 2.2, 1.4))
    given = [
        [name for name, score in zip(SETS, row, strict=True) if score >= 0.5] for row in third.drop("id").iter_rows()
    ]
    return _build(
        pair,
        f"""\
task: multilabel
samples: samples
columns: {{target: labels}}
thresholds: {{sign: 0.3, bus: 0.6}}
level: 0.9
{ATTRIBUTES}
versions: {{v1: v1, v2: v2, v3: v3}}
""",
        samples,
        {
            "v1": first.filter(rng.random(n) > 0.03),
            "v2": second.filter(rng.random(n) > 0.04),
            "v3": pl.DataFrame({"id": samples["id"], "labels": given}).filter(rng.random(n) > 0.02),
        },
    )


def grouped_labels(n: int = 900, pair: Pair = ("v1", "v2")) -> Report:
    """The same in drives of very different sizes, every sample with a weight; one version has columns of 0 and 1."""
    rng = np.random.default_rng(16)
    samples, sets = _sets(n, rng)
    samples = samples.with_columns(
        drive=pl.Series([f"d{k:03d}" for k in (60 * rng.random(n) ** 2).astype(int)]),
        weight=pl.Series(rng.uniform(0.5, 2, n).round(3)),
    )
    first, second, third = (_scored(samples, sets, rng, edge=edge) for edge in (1.8, 2.2, 1.4))
    given = third.select("id", *(pl.col(f"prob_{name}").ge(0.5).cast(pl.Int8).alias(f"is_{name}") for name in SETS))
    return _build(
        pair,
        f"""\
task: multilabel
samples: samples
columns: {{target: labels, group: drive, weight: weight}}
thresholds: {{sign: 0.3, bus: 0.6}}
{ATTRIBUTES}
versions: {{v1: v1, v2: v2, v3: v3}}
""",
        samples,
        {"v1": first.filter(rng.random(n) > 0.03), "v2": second.filter(rng.random(n) > 0.02), "v3": given},
    )


SETS = ("car", "bus", "person", "sign", "sheep", "ghost")
"""The labels of the worlds of sets: a sheep is rare, and no sample has a ghost."""


def _sets(n: int, rng: Rng) -> tuple[pl.DataFrame, np.ndarray]:
    """Samples with sets of labels, and which sample has which, shape (samples, labels)."""
    sets = rng.random((n, len(SETS))) < [0.6, 0.15, 0.4, 0.1, 0.01, 0]
    named = [[name for name, has in zip(SETS, row, strict=True) if has] for row in sets]
    told = [own if kept else None for own, kept in zip(named, rng.random(n) > 0.02, strict=True)]
    return _scenes(n, 2, rng).drop("label").with_columns(labels=pl.Series(told, dtype=pl.List(pl.String))), sets


def _scored(samples: pl.DataFrame, sets: np.ndarray, rng: Rng, *, edge: float) -> pl.DataFrame:
    """A score for each label, in hundredths, so that many are alike; nights are harder."""
    dark = (samples["time"] == "night").fill_null(value=False).to_numpy()
    logits = rng.normal(0, 1, sets.shape) + np.where(dark, edge - 0.8, edge)[:, None] * (2 * sets - 1)
    scores = (1 / (1 + np.exp(-logits))).round(2)
    return pl.DataFrame({"id": samples["id"]} | {f"prob_{name}": scores[:, k] for k, name in enumerate(SETS)})


WORLDS: Mapping[str, Callable[..., Report]] = {
    one.__name__: cache(one)
    for one in (
        *(classification, binary, regression, grouped, grouped_values, one_version, twenty_versions),
        *(objects, grouped_objects),
        *(segmentation, labels, grouped_labels),
    )
}
"""Each made once for the same arguments."""


def _scenes(n: int, n_classes: int, rng: Rng) -> pl.DataFrame:
    """Samples with three attributes of few values and a number; rare classes and rare cities among them."""
    weather = np.array(["clear", "fog", "rain"])[rng.choice(3, n, p=[0.5, 0.1, 0.4])]
    brightness = rng.gamma(2.0, 10.0, n).round(1)
    few = 0.6 ** np.arange(n_classes)
    samples = pl.DataFrame(
        {
            "id": [f"Scene-{k:05d}" for k in rng.permutation(n)],
            "label": [f"c{k}" for k in rng.choice(n_classes, n, p=few / few.sum())],
            "weather": weather,
            "time": np.array(["day", "night"])[rng.choice(2, n, p=[0.6, 0.4])],
            "city": np.array(["Aachen", "Bergen", "Cork", "Delft", "Essen", "Faro"])[
                rng.choice(6, n, p=[0.4, 0.3, 0.2, 0.07, 0.02, 0.01])
            ],
            "brightness": brightness,
        }
    )
    lost = {name: pl.Series(rng.random(n) < share) for name, share in (("weather", 0.05), ("brightness", 0.03))}
    return samples.with_columns(pl.when(~gone).then(pl.col(name)).alias(name) for name, gone in lost.items())


def _guess(samples: pl.DataFrame, n_classes: int, rng: Rng, *, edge: float) -> pl.DataFrame:
    """Labels with probabilities; rainy nights are harder, and ``edge`` is how far the true class stands out."""
    n = samples.height
    target = samples["label"].str.slice(1).cast(pl.Int64).to_numpy()
    dark = ((samples["weather"] == "rain") & (samples["time"] == "night")).fill_null(False).to_numpy()
    logits = rng.normal(0.0, 1.0, (n, n_classes))
    logits[np.arange(n), target] += np.where(dark, edge - 1.1, edge)
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    labels = [f"c{k}" for k in shares.argmax(axis=1)]
    return pl.DataFrame({"id": samples["id"], "label": labels} | {f"p_c{k}": shares[:, k] for k in range(n_classes)})


def _build(pair: Pair | None, manifest: str, samples: pl.DataFrame, predictions: Frames) -> Report:
    """The report of a manifest whose tables are in memory."""
    named = manifest if pair is None else f"{manifest}baseline: {pair[0]}\ncandidate: {pair[1]}\n"
    loaded = load_text(named, Path("reportgen.yaml"), Path(), files=False)
    tables = {name: Table(frame, name, "0" * 64, frame.height) for name, frame in predictions.items()}
    sources = pipeline.Sources(Table(samples, "samples", "0" * 64, samples.height), tables)
    return pipeline.run(loaded, sources=sources)
