"""Print what a report of many samples costs: wall time, peak memory and the folder's size.

    python tests/benchmarks/build_100k.py [--samples 100000] [--runs 3] [--keep DIR]

Makes 100,000 samples with 12 attributes (7 of few values, 5 numbers), a target of five classes and two versions with
probabilities, seeded, as Parquet and without media; then runs ``reportgen build`` in a process of its own.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import platform
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

import numpy as np
import polars as pl

ROOT = Path(__file__).resolve().parents[2]
CLASSES = ("car", "pedestrian", "cyclist", "truck", "background")
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
MANIFEST = f"""\
title: Street scenes, 100,000 simulated samples
task: classification
samples: samples.parquet
columns: {{id: id, target: label}}
prediction_columns: {{label: label, probabilities: "prob_{{class}}"}}
classes: [{", ".join(CLASSES)}]
attributes: [{", ".join((*CATEGORICAL, *NUMBERS))}]
versions:
  v1: {{predictions: v1.parquet}}
  v2: {{predictions: v2.parquet, note: better by day and worse at night in the rain}}
"""


def make_samples(n: int, rng: np.random.Generator) -> pl.DataFrame:
    """One row a sample: id, target and the attributes."""
    columns: dict[str, object] = {"id": [f"{i:08d}" for i in range(n)]}
    columns["label"] = np.array(CLASSES)[rng.choice(len(CLASSES), n, p=[0.4, 0.2, 0.1, 0.1, 0.2])]
    for name, values in CATEGORICAL.items():
        columns[name] = np.array(values)[rng.choice(len(values), n, p=rng.dirichlet(np.full(len(values), 4.0)))]
    for name in NUMBERS:
        columns[name] = rng.lognormal(1.0, 0.7, n).round(4)
    return pl.DataFrame(columns)


def predict(samples: pl.DataFrame, edge: np.ndarray, rng: np.random.Generator) -> pl.DataFrame:
    """One row a sample: the label and a probability a class; ``edge`` is how far the true class stands out."""
    codes = samples["label"].replace_strict(dict(zip(CLASSES, range(len(CLASSES)), strict=True))).to_numpy()
    logits = rng.normal(0.0, 1.0, (len(codes), len(CLASSES)))
    logits[np.arange(len(codes)), codes] += edge
    probabilities = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    labels = np.array(CLASSES)[probabilities.argmax(axis=1)]
    return pl.DataFrame(
        {"id": samples["id"], "label": labels}
        | {f"prob_{name}": probabilities[:, code] for code, name in enumerate(CLASSES)}
    )


def make_inputs(folder: Path, n: int) -> None:
    """Write the manifest and the files that it names."""
    rng = np.random.default_rng(20_261_122)
    samples = make_samples(n, rng)
    wet_night = ((samples["weather"] == "rain") & (samples["time_of_day"] == "night")).to_numpy()
    samples.write_parquet(folder / "samples.parquet")
    predict(samples, np.full(n, 2.4), rng).write_parquet(folder / "v1.parquet")
    predict(samples, np.where(wet_night, 1.9, 2.6), rng).write_parquet(folder / "v2.parquet")
    (folder / "reportgen.yaml").write_text(MANIFEST, encoding="utf-8")


def build(manifest: Path, out: Path) -> tuple[float, float]:
    """Wall time in seconds and peak memory in MiB of one build."""
    command = [sys.executable, "-c", "from reportgen.cli import main; main()", "build", str(manifest), "-o", str(out)]
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
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--keep", type=Path, help="keep data and report in this folder")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        # in a process of its own: a child begins with its parent's peak
        making = multiprocessing.get_context("spawn").Process(target=make_inputs, args=(folder, arguments.samples))
        making.start()
        making.join()
        runs = [build(folder / "reportgen.yaml", folder / "report") for _ in range(arguments.runs)]
        sizes = [path.stat().st_size for path in (folder / "report").rglob("*") if path.is_file()]
    seconds = sorted(run[0] for run in runs)
    print(f"samples      {arguments.samples:,}, 12 attributes, 2 versions")
    print(
        f"wall time    {seconds[len(seconds) // 2]:.1f} s ({seconds[0]:.1f} to {seconds[-1]:.1f} in {len(runs)} runs)"
    )
    print(f"peak memory  {max(run[1] for run in runs):,.0f} MiB")
    print(f"folder       {sum(sizes) / 1e6:.2f} MB in {len(sizes)} files")
    print(f"machine      {platform.machine()}, {os.cpu_count()} cores, {platform.system()}")
    print(f"python       {platform.python_version()}, " + ", ".join(f"{p} {version(p)}" for p in ("polars", "numpy")))


if __name__ == "__main__":
    main()
