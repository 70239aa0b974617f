"""The digits of the example with some labels replaced by a fixed rule, and what each version says of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen.stats.hashing import hash_ids

DIGITS = Path(__file__).parents[2] / "examples" / "digits"
VERSIONS = ("v1", "v2", "v3")
NOISE = (0.0, 0.01, 0.05, 0.1)


def noisy_digits(
    version: str, noise: float
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """Labels with noise, the probabilities (samples × 10), and which labels were replaced; in the order of ids."""
    samples = pl.read_csv(DIGITS / "samples.csv", infer_schema=False).sort("id")
    predictions = pl.read_parquet(DIGITS / "predictions" / f"{version}.parquet")
    joined = samples.select("id", "label").join(predictions, on="id", how="inner", maintain_order="left")
    labels = joined["label"].cast(pl.Int64).to_numpy()
    keys = hash_ids(joined["id"].to_list(), 5)
    wrong = (keys >> np.uint64(11)) / 2.0**53 < noise
    other = 1 + (keys % np.uint64(9)).astype(np.int64)
    probabilities = joined.select(f"prob_{k}" for k in range(10)).to_numpy().astype(np.float64)
    return np.where(wrong, (labels + other) % 10, labels), probabilities, np.asarray(wrong)
