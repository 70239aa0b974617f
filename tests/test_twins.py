"""Twins and look-alikes from files to the page: images with copies across splits, and a file of vectors."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from PIL import Image

from reportgen.api import Wish, build_manifest

N = 60
MANIFEST = """\
task: classification
samples: samples.csv
columns: {target: label, split: part, media: image}
trained_splits: [train]
media: {root: images/}
versions: {v1: v1.csv, v2: v2.csv}
"""


def write_scenes(folder: Path) -> None:
    """Sixty patterns in two splits; of three of the training split the test split has a copy."""
    draw = np.random.default_rng(3)
    (folder / "images").mkdir()
    pictures = []
    for _ in range(N):
        coarse = Image.fromarray(draw.integers(0, 256, (6, 6, 3)).astype(np.uint8))
        pictures.append(coarse.resize((48, 48), Image.Resampling.BICUBIC))
    pictures[40] = pictures[2]
    pictures[41] = pictures[3].resize((96, 96), Image.Resampling.BICUBIC)
    pictures[42] = pictures[4].point(lambda value: value * 0.9)
    for i, picture in enumerate(pictures):
        picture.save(folder / "images" / f"{i:02d}.png", compress_level=1 + i % 2)
    label = ["cat" if i % 3 else "dog" for i in range(N)]
    label[40], label[2] = "dog", "dog"
    label[41], label[3] = "dog", "cat"
    label[42], label[4] = "cat", "cat"
    names = [f"s{i:02d}" for i in range(N)]
    part = ["train"] * 30 + ["test"] * 30
    image = [f"{i:02d}.png" for i in range(N)]
    pl.DataFrame({"id": names, "label": label, "part": part, "image": image}).write_csv(folder / "samples.csv")
    for k, name in enumerate(("v1", "v2")):
        said = ["cat" if (i * 7) % (4 + k) else "dog" for i in range(N)]
        pl.DataFrame({"id": names, "prediction": said}).write_csv(folder / f"{name}.csv")


def built(folder: Path, manifest: str) -> tuple[dict[str, Any], str]:
    """The report of a manifest, and its Data page."""
    (folder / "reportgen.yaml").write_text(manifest, "utf-8")
    out = folder / "out"
    build_manifest(folder / "reportgen.yaml", {}, Wish(folder=out), lambda _stage: None)
    return json.loads((out / "report.json").read_text("utf-8")), (out / "data.html").read_text("utf-8")


def test_copies_across_splits(tmp_path: Path) -> None:
    """The same file content, another size and another brightness are twins; the page leads with the leak."""
    write_scenes(tmp_path)

    report, page = built(tmp_path, MANIFEST)

    twins = report["inspection"]["duplicates"]
    families = dict(zip((ids[0] for ids in twins["families"]["ids"]), twins["families"]["ids"], strict=True))
    assert families == {"s02": ["s02", "s40"], "s03": ["s03", "s41"], "s04": ["s04", "s42"]}
    assert sorted(twins["families"]["how"]) == ["hash", "hash", "pixels"]
    assert twins["families"]["across_splits"] == [True, True, True]
    assert twins["families"]["other_labels"] == [True, False, False]
    assert twins["families"]["ids"][0] == ["s03", "s41"]
    sets = {one["key"]: one["n"] for one in report["inspection"]["sets"] if one["part"] == "duplicates"}
    assert sets == {"exact-copies": 1, "near-copies": 2, "twins-across-splits": 6, "twins-with-other-labels": 2}
    assert "<h2>Same content in two splits</h2>" in page
    assert "3 pairs of twins lie in different splits. 1 pair has labels that differ." in page
    assert "train ⇄ test" in page
    assert "See 6 twins across splits" in page
    left_out = {
        (version, n)
        for version, metric, n in zip(
            *(twins["effects"][name] for name in ("version", "metric", "n_left_out")), strict=True
        )
        if metric == "accuracy"
    }
    assert left_out == {("v1", 3), ("v2", 3), (None, 3)}


def test_a_file_of_vectors(tmp_path: Path) -> None:
    """It stands among the inputs with its hash; near vectors are twins, and neighbours speak of suspect labels."""
    write_scenes(tmp_path)
    draw = np.random.default_rng(5)
    label = pl.read_csv(tmp_path / "samples.csv")["label"].to_list()
    vectors = np.where(np.array(label)[:, None] == "cat", 1.0, -1.0) * [4, 0, 0, 0] + draw.normal(size=(N, 4))
    vectors[50] = vectors[20] * 2
    np.save(tmp_path / "vectors.npy", vectors)
    wrong = "dog" if label[10] == "cat" else "cat"
    for name in ("v1", "v2"):
        said = [*label[:10], wrong, *label[11:]]
        pl.DataFrame({"id": [f"s{i:02d}" for i in range(N)], "prediction": said}).write_csv(tmp_path / f"{name}.csv")
    manifest = (
        MANIFEST.replace(", media: image", "")
        .replace("media: {root: images/}\n", "")
        .replace("trained_splits: [train]\n", "embeddings: vectors.npy\n")
    )

    report, page = built(tmp_path, manifest)

    (given,) = [one for one in report["inputs"] if one["role"] == "embeddings"]
    content = (tmp_path / "vectors.npy").read_bytes()
    assert given == {
        "path": "vectors.npy",
        "sha256": hashlib.sha256(content).hexdigest(),
        "n_rows": N,
        "role": "embeddings",
    }
    assert ["s20", "s50"] in report["inspection"]["duplicates"]["families"]["ids"]
    candidates = report["inspection"]["labels"]["candidates"]
    assert candidates["id"] == ["s10"]
    assert candidates["n_look_alikes"] == [10]
    assert candidates["look_alikes_for"][0] <= 2
    assert "of 10 look-alikes" in page
    assert "Look-alikes are the 10 nearest by the embedding." in page
