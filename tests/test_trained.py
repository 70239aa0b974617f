"""Training tables, from the manifest to the Data page, the filters and report.json."""

from __future__ import annotations

import json
from html import unescape
from pathlib import Path
from re import sub
from typing import Any

import jsonschema
import numpy as np
import polars as pl
import pytest

from reportgen.api import Wish, build_manifest
from reportgen.site.report_json import SCHEMA

N = 400
MANIFEST = """
task: {task}
samples: samples.csv
columns: {{target: label}}
attributes: [weather, time, wind]
versions:
  v1: {{predictions: v1.csv, trained_on: old.csv}}
  v2: {{predictions: v2.csv, trained_on: new.csv}}
"""


def rows(rng: np.random.Generator, n: int, rain: float, *, start: int, classes: bool = True) -> pl.DataFrame:
    """Days with so much rain; by the label cars and vans, or a number."""
    label = pl.Series(np.array(["car", "van"])[rng.integers(0, 2, n)]) if classes else pl.Series(rng.normal(size=n))
    return pl.DataFrame(
        {
            "id": [f"d{start + k}" for k in range(n)],
            "label": label,
            "weather": np.where(rng.random(n) < rain, "<b>rain</b>", "sun"),
            "time": np.array(["day", "night"])[rng.integers(0, 2, n)],
            "wind": rng.normal(5, 1, n).round(2),
        }
    )


@pytest.fixture(params=["classification", "regression"], scope="module")
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The site of two versions, the later one trained on 300 rows more, which have more rain and no night."""
    folder = tmp_path_factory.mktemp(request.param)
    rng = np.random.default_rng(3)
    classes = request.param == "classification"
    samples = rows(rng, N, 0.3, start=0, classes=classes)
    old = rows(rng, 300, 0.3, start=1000, classes=classes)
    new = pl.concat([old, rows(rng, 300, 0.95, start=2000, classes=classes)]).with_columns(time=pl.lit("day"))
    for name, table in (("samples", samples), ("old", old), ("new", new)):
        table.write_csv(folder / f"{name}.csv")
    for name in ("v1", "v2"):
        said = samples["label"].shuffle(seed=5) if classes else samples["label"] + 0.1
        samples.select("id", prediction=said).write_csv(folder / f"{name}.csv")
    (folder / "reportgen.yaml").write_text(MANIFEST.format(task=request.param), encoding="utf-8")
    build_manifest(folder / "reportgen.yaml", {}, Wish(folder=folder / "site"), lambda _stage: None)
    return folder / "site", request.param


def report_of(site: Path) -> dict[str, Any]:
    """What the report says, for programs."""
    return json.loads((site / "report.json").read_text(encoding="utf-8"))


def test_training_tables_reach_the_page(built: tuple[Path, str]) -> None:
    """Every section stands there, scripts off, with what was planted; names are text and nothing else."""
    site, task = built
    text = (site / "data.html").read_text(encoding="utf-8")
    words = " ".join(unescape(sub(r"<[^>]*>", " ", text)).split())

    assert ("Classes" if task == "classification" else "Values of label") in words
    assert "Does training look like the test?" in words
    assert "time and weather have moved." in words
    assert "Never seen in training" in words
    assert "What changed between the training sets of v1 and v2" in words
    assert "v2 was trained on all 300 samples of v1, and on 300 more. No label changed." in words
    assert "<b>rain</b>" not in text
    assert "Population stability index" in (site / "about.html").read_text(encoding="utf-8")
    assert "Prior shift" in (site / "about.html").read_text(encoding="utf-8")


def test_training_tables_reach_the_report(built: tuple[Path, str]) -> None:
    """The report keeps its schema; what never was in training is a set with a rate of error for each version."""
    site, task = built
    report = report_of(site)
    jsonschema.validate(report, json.loads(SCHEMA.read_text(encoding="utf-8")))
    training = report["inspection"]["training"]
    first, second = training["tables"]
    (change,) = training["changes"]
    moved = {one["attributes"][0] for one in second["attributes"] if one["moved"]}

    assert (first["versions"], second["versions"]) == (["v1"], ["v2"])
    assert not any(one["moved"] for one in first["attributes"])
    assert moved == {"weather", "time"}
    assert [(one["attribute"], one["set"]) for one in second["unseen"]] == [("time", "unseen-time")]
    assert (change["relation"], change["n_added"], change["n_relabelled"]) == ("contains", 300, 0)
    assert (first["n_trained_on"], second["n_trained_on"]) == (0, 0)
    assert len(second["target"]) == (2 if task == "classification" else 5)
    rates = report["inspection"]["rates"]
    assert set(zip(rates["set"], rates["version"], strict=True)) >= {("unseen-time", "v1"), ("unseen-time", "v2")}
