"""What rests on probabilities is as exact as the file: from Parquet to the estimates, against scikit-learn."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from sklearn import metrics as oracle

from reportgen.inputs.load import load_manifest
from reportgen.pipeline import run
from reportgen.report import Report

CLASSES = ("cat", "dog", "eel")


def report_of(folder: Path, target: np.ndarray, probabilities: np.ndarray) -> Report:
    """The report of one version with these probabilities, a column a class, in the type that they have."""
    ids = [f"s{i:03d}" for i in range(len(target))]
    pl.DataFrame({"id": ids, "label": [CLASSES[k] for k in target]}).write_parquet(folder / "samples.parquet")
    columns = {f"prob_{name}": probabilities[:, k] for k, name in enumerate(CLASSES)}
    pl.DataFrame({"id": ids} | columns).write_parquet(folder / "v1.parquet")
    (folder / "reportgen.yaml").write_text(
        "task: classification\nsamples: samples.parquet\ncolumns: {target: label}\n"
        f"classes: [{', '.join(CLASSES)}]\nversions: {{v1: v1.parquet}}\n"
    )
    return run(load_manifest(folder / "reportgen.yaml"))


def overall(report: Report, metric: str, klass: str | None = None) -> float:
    """One overall value."""
    rows = report.estimates.filter(
        (pl.col("slice") == "all") & (pl.col("metric") == metric) & pl.col("class").eq_missing(klass)
    )
    return float(rows["value"][0])


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_log_loss_clips_as_scikit_learn_does(tmp_path: Path, kind: type[np.floating]) -> None:
    """A true class of probability 1e-12 or 0 costs what scikit-learn says for that type; a note counts them."""
    rng = np.random.default_rng(3)
    target = rng.integers(0, 3, 300)
    probabilities = np.full((300, 3), 5e-13)
    probabilities[np.arange(300), np.where(np.arange(300) < 10, (target + 1) % 3, target)] = 1 - 1e-12
    probabilities[290:] = np.eye(3)[(target[290:] + 1) % 3]
    probabilities = probabilities.astype(kind)
    report = report_of(tmp_path, target, probabilities)

    expected = oracle.log_loss(target, probabilities, labels=[0, 1, 2])
    assert overall(report, "log_loss") == pytest.approx(expected, rel=1e-6)
    (note,) = [note for note in report.notes if note.code == "RG404"]
    assert note.n == (20 if kind is np.float32 else 10)


def test_scores_close_to_1_keep_their_order(tmp_path: Path) -> None:
    """Positives of 1 − 1e-10 rank above negatives of 1 − 2e-10."""
    target = np.arange(300) % 3
    first = np.where(target == 0, 1 - 1e-10, 1 - 2e-10)
    rest = (1 - first) / 2
    report = report_of(tmp_path, target, np.stack([first, rest, rest], axis=1))

    assert overall(report, "auroc", "cat") == 1
    assert overall(report, "average_precision", "cat") == 1
