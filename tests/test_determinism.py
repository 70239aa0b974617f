"""The same inputs give the same bytes, and the order of rows is irrelevant."""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from reportgen import __version__

ROOT = Path(__file__).resolve().parent.parent
HERE = {"POLARS_MAX_THREADS": "1", "TZ": "UTC", "LC_ALL": "C", "PYTHONHASHSEED": "1"}
THERE = {"POLARS_MAX_THREADS": "3", "TZ": "Asia/Kathmandu", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "2"}


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a report, by its path in it."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("name", ["digits", "income", "sentiment", "weather"])
def test_the_same_inputs_give_the_same_bytes(name: str, reportgen: Callable[..., Any], tmp_path: Path) -> None:
    """Two builds in different folders, with other threads, zone, locale and hash seed, differ in no byte."""
    built = []
    for folder, variables in (("here", HERE), ("there/much/deeper", THERE)):
        place = tmp_path / folder
        shutil.copytree(ROOT / "examples" / name, place / "inputs")
        done = reportgen(
            "build", "inputs/reportgen.yaml", "-o", "report", "--single-file", "one.html", cwd=place, **variables
        )
        assert done.returncode == 0, done.stderr
        built.append({**contents(place / "report"), "one.html": (place / "one.html").read_bytes()})

    first, second = built

    assert first.keys() == second.keys()
    assert [path for path in first if first[path] != second[path]] == []


def differences(left: Any, right: Any, where: str = "") -> list[str]:
    """Where two values of ``report.json`` differ: in shape, order, text, or in a number by more than 1e-9."""
    if isinstance(left, dict) and isinstance(right, dict):
        if left.keys() != right.keys():
            return [f"{where}: keys {sorted(left.keys() ^ right.keys())}"]
        return [found for key in left for found in differences(left[key], right[key], f"{where}.{key}")]
    if isinstance(left, list) and isinstance(right, list):
        if len(left) != len(right):
            return [f"{where}: {len(left)} and {len(right)} entries"]
        return [found for i, pair in enumerate(zip(left, right, strict=True)) for found in differences(*pair, f"{where}[{i}]")]
    if isinstance(left, float) or isinstance(right, float):
        same = left is not None and right is not None and math.isclose(left, right, rel_tol=1e-9, abs_tol=1e-9)
        return [] if same else [f"{where}: {left} and {right}"]
    return [] if left == right else [f"{where}: {left!r} and {right!r}"]


@pytest.mark.parametrize("name", ["digits", "income", "sentiment", "weather"])
def test_shuffled_rows_give_the_same_report(
    name: str, reportgen: Callable[..., Any], example: Callable[[str], Any], tmp_path: Path
) -> None:
    """With the rows of every table shuffled, each figure is the same to 1e-9 and everything stands in the same order."""
    place = tmp_path / name
    shutil.copytree(ROOT / "examples" / name, place)
    tables = [path for path in place.rglob("*.csv")]
    for seed, path in enumerate(tables):
        rows = pl.read_csv(path, infer_schema=False)
        rows.sample(fraction=1.0, shuffle=True, seed=seed).write_csv(path)

    done = reportgen("build", "reportgen.yaml", "-o", "report", cwd=place)

    assert done.returncode == 0, done.stderr
    plain = json.loads((example(name).folder / "report.json").read_text(encoding="utf-8"))
    shuffled = json.loads((place / "report" / "report.json").read_text(encoding="utf-8"))
    assert len(tables) >= 2
    assert plain["generator"]["version"] == __version__
    for report in (plain, shuffled):
        for file in report["inputs"]:
            del file["sha256"]  # of the bytes, whose order is what was changed
    assert differences(plain, shuffled) == []
