"""Samples that a training table has too, by their text or by their vectors: from the files to the page."""

from __future__ import annotations

import json
from html import unescape
from pathlib import Path
from re import sub
from typing import Any

import jsonschema
import numpy as np
import polars as pl

from reportgen.api import Wish, build_manifest
from reportgen.site.report_json import SCHEMA

N = 120
MANIFEST = """
task: classification
samples: samples.csv
columns: {target: label%s}
attributes: [place]
%s
versions:
  v1: {predictions: v1.csv, trained_on: old.%s}
  v2: {predictions: v2.csv, trained_on: new.%s}
"""


def built(folder: Path, manifest: str) -> tuple[dict[str, Any], str]:
    """The report of a manifest, which keeps its schema, and its Data page."""
    (folder / "reportgen.yaml").write_text(manifest, "utf-8")
    build_manifest(folder / "reportgen.yaml", {}, Wish(folder=folder / "out"), lambda _stage: None)
    report = json.loads((folder / "out" / "report.json").read_text("utf-8"))
    jsonschema.validate(report, json.loads(SCHEMA.read_text(encoding="utf-8")))
    return report, (folder / "out" / "data.html").read_text("utf-8")


def spoken(page: str) -> str:
    """The words of a page."""
    return " ".join(unescape(sub(r"<[^>]*>", " ", page)).split())


def reviews(rng: np.random.Generator, n: int) -> list[str]:
    """Reviews of made-up words, none like another."""
    words = ["".join(rng.choice(list("aeioulnrst"), 6)) for _ in range(900)]
    return [" ".join(rng.choice(words, 14)) for _ in range(n)]


def write(folder: Path, samples: pl.DataFrame, **tables: pl.DataFrame) -> None:
    """The samples, two versions of which the later one is right on the first half, and tables by name."""
    samples.write_csv(folder / "samples.csv")
    label = samples["label"].to_list()
    for k, name in enumerate(("v1", "v2")):
        said = [one if i < N // 2 or (i * 7) % (3 + k) else "bad" for i, one in enumerate(label)]
        pl.DataFrame({"id": samples["id"], "prediction": said}).write_csv(folder / f"{name}.csv")
    for name, table in tables.items():
        if name.endswith("parquet"):
            table.write_parquet(folder / name.replace("_", "."))
        else:
            table.write_csv(folder / name.replace("_", "."))


def test_texts_of_the_training_table(tmp_path: Path) -> None:
    """The same text in other letters and an edited one are leaks of the version that was trained on them."""
    rng = np.random.default_rng(4)
    texts = reviews(rng, N)
    samples = pl.DataFrame(
        {
            "id": [f"s{k:03d}" for k in range(N)],
            "label": ["good", "bad"] * (N // 2),
            "place": ["north", "north", "south"] * (N // 3),
            "review": texts,
        }
    )
    old = reviews(rng, 200)
    edited = texts[5][:-3] + "<b>"
    new = [*old, texts[0].upper() + "!", edited, "short"]
    tables = [
        pl.DataFrame({"id": range(len(one)), "label": "good", "place": "north", "review": one}) for one in (old, new)
    ]
    write(tmp_path, samples, old_csv=tables[0], new_csv=tables[1])

    report, page = built(tmp_path, MANIFEST % (", media: review", "media: {kind: text}", "csv", "csv"))

    training = report["inspection"]["training"]
    before, after = (one["content"] for one in training["tables"])
    leaks = training["leaks"]
    effects = training["effects"]
    assert before == [
        {"what": "texts", "n_here": N, "n_there": 200, "n_same": 0, "n_near": 0, "untold": False, "too_many": False}
    ]
    assert [(one["n_there"], one["n_same"], one["n_near"]) for one in after] == [(203, 1, 1)]
    assert leaks["id"] == ["s000", "s005"]
    assert leaks["how"] == ["text", "pieces"]
    assert leaks["likeness"][0] is None
    assert 0.8 <= leaks["likeness"][1] < 1
    assert leaks["versions"] == [["v2"], ["v2"]]
    assert (leaks["there"], leaks["there_id"]) == ([200, 201], ["200", "201"])
    assert leaks["other_label"] == [False, True]
    sets = {one["key"]: (one["n"], one["action"]) for one in report["inspection"]["sets"]}
    assert sets["in-training"] == (2, "exclude")
    right = {
        (version, value, without)
        for version, metric, value, without in zip(
            *(effects[name] for name in ("version", "metric", "value", "without")), strict=True
        )
        if metric == "accuracy" and version == "v2"
    }
    said = pl.read_csv(tmp_path / "v2.csv")["prediction"] == samples["label"]
    stay = ~pl.Series(samples["id"].is_in(leaks["id"]))
    assert right == {("v2", round(said.mean(), 12), round(said.filter(stay).mean(), 12))}
    words = spoken(page)
    assert "Also in training" in words
    assert "1 by the same text and 1 by nearly the same text are in it too." in words
    assert "none is in it" in words
    assert "the same words" in words
    assert "bad · good" in words
    assert "What leaving them out changes" in words
    assert edited not in page
    assert 'class="rg-table rg-leaks rg-leaks-texts"' in page
    assert "Also in training" in (tmp_path / "out" / "about.html").read_text("utf-8")
    assert (tmp_path / "out" / "lists" / "in-training.csv").read_text("utf-8").count("\n") == 3


def test_vectors_of_the_training_table(tmp_path: Path) -> None:
    """From a list column of the table, and from a file by its ids; a sample's own id proves nothing."""
    rng = np.random.default_rng(5)
    here = rng.normal(size=(N, 16)).astype(np.float32)
    there = rng.normal(size=(150, 16)).astype(np.float32)
    there[7] = here[3]
    there[8] = here[4] * 2 + rng.normal(size=16) * 0.05
    samples = pl.DataFrame(
        {
            "id": [f"s{k:03d}" for k in range(N)],
            "label": ["good", "bad"] * (N // 2),
            "place": ["north", "north", "south"] * (N // 3),
        }
    )
    plain = pl.DataFrame({"id": [f"t{k:03d}" for k in range(149)] + ["s090"], "label": "bad", "place": "west"})
    listed = plain.with_columns(vector=pl.Series(there.tolist(), dtype=pl.List(pl.Float32)))
    write(tmp_path, samples, old_parquet=listed.head(5), new_parquet=listed)
    inside = samples.with_columns(vector=pl.Series(here.tolist(), dtype=pl.List(pl.Float32)))
    inside.write_parquet(tmp_path / "samples.parquet")

    report, page = built(
        tmp_path,
        (MANIFEST % (", embedding: vector", "", "parquet", "parquet")).replace("samples.csv", "samples.parquet"),
    )

    leaks = report["inspection"]["training"]["leaks"]
    assert (leaks["id"], leaks["there_id"]) == (["s003", "s004"], ["t007", "t008"])
    assert leaks["likeness"][0] is None
    assert 0.98 <= leaks["likeness"][1] < 1
    assert "1 by the same vector and 1 by nearly the same vector are in it too." in spoken(page)

    for name in ("old", "new"):
        pl.read_parquet(tmp_path / f"{name}.parquet").drop("vector").write_parquet(tmp_path / f"{name}.parquet")
    np.savez(
        tmp_path / "v.npz",
        ids=np.array([*samples["id"], *plain["id"][:149]]),
        vectors=np.concatenate([here, there[:149]]),
    )
    again, _ = built(tmp_path, MANIFEST % ("", "embeddings: v.npz", "parquet", "parquet"))

    assert again["inspection"]["training"]["leaks"] == leaks
    assert again["inspection"]["training"]["tables"][1]["content"][0]["n_there"] == 149
    assert not [note for note in again["notes"] if note["code"] == "RG367"]
