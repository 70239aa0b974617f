"""Make the audit example's history: the report of a month before, of the same samples with more defects.

Run by hand after make_data.py; it needs reportgen. A month before, 24 more labels were wrong, which have been
relabelled since, and 12 more samples stood in the files, copies of others, which have been left out.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import numpy as np
import polars as pl

from reportgen.api import Wish, build_manifest

HERE = Path(__file__).parent
SEED = 77
N_RELABELLED = 24
N_EXCLUDED = 12
MOMENT = 1_793_000_000  # 26 October 2026


def main() -> None:
    """Writes history/ beside this script."""
    rng = np.random.default_rng(SEED)
    shutil.rmtree(HERE / "history", ignore_errors=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "audit"
        shutil.copytree(HERE, folder)
        samples = pl.read_csv(folder / "samples.csv", infer_schema=False)
        planted = set(pl.read_csv(folder / "planted.csv")["id"])
        sound = np.flatnonzero((samples["split"] == "test").to_numpy() & ~samples["id"].is_in(list(planted)).to_numpy())
        chosen = rng.permutation(sound)
        label = samples["label"].cast(pl.Int64).to_numpy().copy()
        wrong = chosen[:N_RELABELLED]
        label[wrong] = (label[wrong] + rng.integers(1, 10, N_RELABELLED)) % 10
        copied = np.sort(chosen[N_RELABELLED : N_RELABELLED + N_EXCLUDED])
        again = pl.Series("id", [f"e{i:04d}" for i in range(N_EXCLUDED)])
        samples = samples.with_columns(pl.Series("label", label.astype(str)))
        pl.concat([samples, samples[copied.tolist()].with_columns(again)]).write_csv(folder / "samples.csv")
        for path in (folder / "predictions").glob("*.parquet"):
            table = pl.read_parquet(path)
            pl.concat([table, table[copied.tolist()].with_columns(again)]).write_parquet(path)
        with np.load(folder / "embeddings.npz") as file:
            ids, vectors = file["ids"], file["vectors"]
        ids, vectors = np.concatenate([ids, again.to_numpy().astype(str)]), np.concatenate([vectors, vectors[copied]])
        np.savez_compressed(folder / "embeddings.npz", ids=ids, vectors=vectors)
        os.environ["SOURCE_DATE_EPOCH"] = str(MOMENT)
        build_manifest(folder / "reportgen.yaml", {}, Wish(Path(name) / "report"), lambda _stage: None)
        shutil.copytree(folder / "history", HERE / "history")


if __name__ == "__main__":
    main()
