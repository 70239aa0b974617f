"""Damaged files: every reader ends in a table or an input error, never in a crash."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from tests.bad_inputs.cases import arrow, parquet
from tests.inputs.folders import MANIFEST

FRAME = pl.DataFrame(
    {"id": [f"s{i}" for i in range(40)], "x": [i / 7 for i in range(40)], "p": [[0.1, 0.9]] * 40, "k": ["é", "b"] * 20}
)
TEXT = FRAME.drop("p")
SEEDS: dict[str, bytes] = {
    "a.csv": TEXT.write_csv().encode(),
    "a.jsonl": "\n".join(map(json.dumps, FRAME.to_dicts())).encode(),
    "a.parquet": parquet(FRAME),
    "a.arrow": arrow(FRAME),
    "a.yaml": MANIFEST.encode(),
    "a.toml": b'task = "regression"\nsamples = "s.csv"\n[versions.v1]\npredictions = "a.csv"\n',
    "a.json": b'{"task": "regression", "samples": "s.csv", "versions": {"v1": {"predictions": "a.csv"}}}',
}

CHILD = """
import random, sys
from pathlib import Path

from reportgen.errors import InputError
from reportgen.inputs.load import load_manifest
from reportgen.inputs.tables import read_table

seed, folder, n = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
content = seed.read_bytes()
generator = random.Random(seed.name)
ended = {"read": 0, "refused": 0}
for i in range(n):
    data = bytearray(content)
    for _ in range(generator.randint(1, 4)):
        at = generator.randrange(len(data)) if data else 0
        kind = generator.randrange(4)
        if kind == 0 and data:
            data[at] = generator.randrange(256)
        elif kind == 1:
            del data[at : at + generator.randint(1, 30)]
        elif kind == 2:
            data[at:at] = bytes(generator.randrange(256) for _ in range(generator.randint(1, 8)))
        else:
            data[at:at] = data[at : at + generator.randint(1, 60)]
    path = folder / f"m{i}{seed.suffix}"
    path.write_bytes(data)
    try:
        read_table(path, "samples", path.name) if sys.argv[4] == "table" else load_manifest(path)
        ended["read"] += 1
    except InputError as error:
        assert error.problems and all(str(problem) for problem in error.problems)
        ended["refused"] += 1
    path.unlink()
print(ended["read"] + ended["refused"])
"""


@pytest.mark.parametrize("name", SEEDS)
def test_no_mutation_breaks_a_reader(name: str, tmp_path: Path) -> None:
    """Two hundred mutations of each format are read or refused in one process that lives."""
    (tmp_path / name).write_bytes(SEEDS[name])
    kind = "manifest" if name.endswith((".yaml", ".toml", ".json")) else "table"
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(tmp_path / name), str(tmp_path), "200", kind],
        capture_output=True, text=True, timeout=120, check=False, cwd=Path(__file__).parents[2],
    )  # fmt: skip

    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.split()[-1] == "200"
