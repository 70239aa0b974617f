"""Print what a report of many samples costs: wall time, peak memory and the folder's size.

    python tests/benchmarks/build_100k.py [--samples 100000] [--classes 5] [--runs 3] [--keep DIR]

Makes 100,000 samples with 12 attributes (7 of few values, 5 numbers), a target of five classes (ten at most) and two
versions with probabilities, seeded, as Parquet and without media; then runs ``reportgen build`` in its own process.
Of the report it prints what the browser gets: the columns that a first look needs, and those on demand.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

import numpy as np
import polars as pl

ROOT = Path(__file__).resolve().parents[2]
CLASSES = {
    "car": 0.4,
    "pedestrian": 0.2,
    "cyclist": 0.1,
    "truck": 0.1,
    "background": 0.2,
    "bus": 0.1,
    "motorcycle": 0.1,
    "tram": 0.1,
    "animal": 0.05,
    "sign": 0.05,
}
"""By name, how often each is drawn beside the others; a data set has the first of them."""
CATEGORICAL = {
    "weather": ("clear", "rain", "fog", "snow"),
    "time_of_day": ("day", "dusk", "night"),
    "city": ("Aachen", "Bergen", "Cork", "Delft", "Essen", "Faro", "Graz", "Huelva"),
    "camera": ("front", "left", "right", "rear"),
    "occlusion": ("none", "partial", "heavy"),
    "road": ("street", "highway", "country road", "junction", "car park"),
    "moving": ("yes", "no"),
}
NUMBERS = ("brightness", "distance", "speed", "blur", "height")
MANIFEST = """\
title: Street scenes, {n:,} simulated samples
task: classification
samples: samples.parquet
columns: {{id: id, target: label}}
prediction_columns: {{label: label, probabilities: "prob_{{class}}"}}
classes: [{classes}]
attributes: [{attributes}]
versions:
  v1: {{predictions: v1.parquet}}
  v2: {{predictions: v2.parquet, note: better by day and worse at night in the rain}}
"""


def make_samples(n: int, classes: Sequence[str], rng: np.random.Generator) -> pl.DataFrame:
    """One row a sample: id, target and the attributes."""
    often = np.array([CLASSES[name] for name in classes])
    columns: dict[str, object] = {"id": [f"{i:08d}" for i in range(n)]}
    columns["label"] = np.array(classes)[rng.choice(len(classes), n, p=often / often.sum())]
    for name, values in CATEGORICAL.items():
        columns[name] = np.array(values)[rng.choice(len(values), n, p=rng.dirichlet(np.full(len(values), 4.0)))]
    for name in NUMBERS:
        columns[name] = rng.lognormal(1.0, 0.7, n).round(4)
    return pl.DataFrame(columns)


def predict(samples: pl.DataFrame, classes: Sequence[str], edge: np.ndarray, rng: np.random.Generator) -> pl.DataFrame:
    """One row a sample: the label and a probability a class; ``edge`` is how far the true class stands out."""
    codes = samples["label"].replace_strict(dict(zip(classes, range(len(classes)), strict=True))).to_numpy()
    logits = rng.normal(0.0, 1.0, (len(codes), len(classes)))
    logits[np.arange(len(codes)), codes] += edge
    probabilities = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    labels = np.array(classes)[probabilities.argmax(axis=1)]
    return pl.DataFrame(
        {"id": samples["id"], "label": labels}
        | {f"prob_{name}": probabilities[:, code] for code, name in enumerate(classes)}
    )


def make_inputs(folder: Path, n: int, n_classes: int = 5) -> Path:
    """Write the files, and the manifest that names them, whose path it returns."""
    rng = np.random.default_rng(20_261_122)
    classes = list(CLASSES)[:n_classes]
    samples = make_samples(n, classes, rng)
    wet_night = ((samples["weather"] == "rain") & (samples["time_of_day"] == "night")).to_numpy()
    samples.write_parquet(folder / "samples.parquet")
    predict(samples, classes, np.full(n, 2.4), rng).write_parquet(folder / "v1.parquet")
    predict(samples, classes, np.where(wet_night, 1.9, 2.6), rng).write_parquet(folder / "v2.parquet")
    manifest = folder / "reportgen.yaml"
    names = ", ".join((*CATEGORICAL, *NUMBERS))
    manifest.write_text(MANIFEST.format(n=n, classes=", ".join(classes), attributes=names), encoding="utf-8")
    return manifest


def packed_bytes(report: Path) -> dict[str, int]:
    """Of each chunk of a report's columns, the bytes that travel, before they become text."""
    chunks = {path.stem: path.read_text(encoding="utf-8") for path in sorted((report / "data").glob("*.js"))}
    texts = {name: re.findall(r'"gzip":"([^"]*)"', script) for name, script in chunks.items()}
    return {name: sum(len(text) * 3 // 4 - text.count("=") for text in found) for name, found in texts.items()}


def describe_columns(report: Path, n: int) -> Iterator[str]:
    """How many bytes a sample what a first look needs takes, by kind of column, and what is on demand."""
    sizes = packed_bytes(report)
    kinds = {
        "attributes": r"a\d+",
        "target": "target",
        "predictions": r"prediction-\d+",
        "confidences": r"confidence-\d+",
    }
    first = {kind: sum(size for name, size in sizes.items() if re.fullmatch(p, name)) for kind, p in kinds.items()}
    lazy = {
        kind: sum(size for name, size in sizes.items() if name.startswith(kind))
        for kind in ("ids", "number", "terms", "rank")
    }
    yield f"first look   {sum(first.values()) / n:.2f} bytes a sample: " + _listed(first, n)
    yield f"on demand    {sum(lazy.values()) / n:.2f} bytes a sample: " + _listed(lazy, n)


def describe_single(path: Path) -> str:
    """How large the one file is, and how much of that is ids."""
    text = path.read_bytes()
    ids = re.search(rb'reportgen\.data\.add\("ids",.*', text)
    left = len(text) - (len(ids[0]) if ids else 0)
    return f"single file  {len(text) / 1e6:.2f} MB, {left / 1e6:.2f} MB without ids"


def _listed(sizes: Mapping[str, int], n: int) -> str:
    return ", ".join(f"{kind} {size / n:.2f}" for kind, size in sizes.items())


def build(manifest: Path, out: Path) -> tuple[float, float]:
    """Wall time in seconds and peak memory in MiB of one build of the folder."""
    return run(manifest, "-o", str(out))


def run(manifest: Path, *options: str) -> tuple[float, float]:
    """Wall time in seconds and peak memory in MiB of one call of the command, in a process of its own."""
    command = [sys.executable, "-c", "from reportgen.cli import main; main()", "build", str(manifest), *options]
    start = time.perf_counter()
    child = subprocess.Popen(command, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - start
    if status:
        sys.exit(f"the build failed: {os.waitstatus_to_exitcode(status)}")
    return seconds, usage.ru_maxrss / (1024**2 if sys.platform == "darwin" else 1024)  # bytes there, KiB elsewhere


def main() -> None:
    """Make the data, build, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=int, default=100_000)
    parser.add_argument("--classes", type=int, default=5, choices=range(2, len(CLASSES) + 1))
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--keep", type=Path, help="keep data and report in this folder")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        # in a process of its own: a child begins with its parent's peak
        making = multiprocessing.get_context("spawn").Process(
            target=make_inputs, args=(folder, arguments.samples, arguments.classes)
        )
        making.start()
        making.join()
        runs = [build(folder / "reportgen.yaml", folder / "report") for _ in range(arguments.runs)]
        run(folder / "reportgen.yaml", "--single-file", str(folder / "report.html"))
        single = describe_single(folder / "report.html")
        columns = list(describe_columns(folder / "report", arguments.samples))
        sizes = [path.stat().st_size for path in (folder / "report").rglob("*") if path.is_file()]
    seconds = sorted(run[0] for run in runs)
    print(f"samples      {arguments.samples:,}, 12 attributes, {arguments.classes} classes, 2 versions")
    print(
        f"wall time    {seconds[len(seconds) // 2]:.1f} s ({seconds[0]:.1f} to {seconds[-1]:.1f} in {len(runs)} runs)"
    )
    print(f"peak memory  {max(run[1] for run in runs):,.0f} MiB")
    print(f"folder       {sum(sizes) / 1e6:.2f} MB in {len(sizes)} files")
    print(single)
    print("\n".join(columns))
    print(f"machine      {platform.machine()}, {os.cpu_count()} cores, {platform.system()}")
    print(f"python       {platform.python_version()}, " + ", ".join(f"{p} {version(p)}" for p in ("polars", "numpy")))


if __name__ == "__main__":
    main()
