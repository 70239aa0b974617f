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

from tests.conftest import KINDS

ELSEWHERE = {"POLARS_MAX_THREADS": "3", "TZ": "Asia/Kathmandu", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "2"}


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a report, by its path in it."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("name", KINDS)
def test_the_same_inputs_give_the_same_bytes(
    name: str, reportgen: Callable[..., Any], example: Callable[[str], Any], tmp_path: Path
) -> None:
    """Built again in another folder, with other threads, zone, locale and hash seed, a report differs in no byte."""
    site = example(name)
    place = tmp_path / "another" / "place"
    shutil.copytree(site.manifest.parent, place)

    done = reportgen("build", site.manifest.name, "-o", "report", "--single-file", "one.html", cwd=place, **ELSEWHERE)

    assert done.returncode == 0, done.stderr
    first, second = contents(site.folder), contents(place / "report")
    assert first.keys() == second.keys()
    assert [path for path in first if first[path] != second[path]] == []
    assert site.single_file.read_bytes() == (place / "one.html").read_bytes()


def differences(left: Any, right: Any, where: str = "") -> list[str]:
    """Where two values of ``report.json`` differ: in shape, order, text, or in a number by more than 1e-9."""
    if isinstance(left, dict) and isinstance(right, dict):
        if left.keys() != right.keys():
            return [f"{where}: keys {sorted(left.keys() ^ right.keys())}"]
        return [found for key in left for found in differences(left[key], right[key], f"{where}.{key}")]
    if isinstance(left, list) and isinstance(right, list):
        if len(left) != len(right):
            return [f"{where}: {len(left)} and {len(right)} entries"]
        return [
            found
            for i, pair in enumerate(zip(left, right, strict=True))
            for found in differences(*pair, f"{where}[{i}]")
        ]
    if isinstance(left, float) or isinstance(right, float):
        same = left is not None and right is not None and math.isclose(left, right, rel_tol=1e-9, abs_tol=1e-9)
        return [] if same else [f"{where}: {left} and {right}"]
    return [] if left == right else [f"{where}: {left!r} and {right!r}"]


TABLES: dict[str, tuple[Callable[[Path], pl.DataFrame], Callable[[pl.DataFrame, Path], None]]] = {
    ".csv": (lambda path: pl.read_csv(path, infer_schema=False), pl.DataFrame.write_csv),
    ".jsonl": (pl.read_ndjson, pl.DataFrame.write_ndjson),
    ".parquet": (pl.read_parquet, pl.DataFrame.write_parquet),
    ".arrow": (pl.read_ipc, pl.DataFrame.write_ipc),
}


def shuffle(table: Path, seed: int) -> None:
    """The table with its rows in another order."""
    read, write = TABLES[table.suffix]
    write(read(table).sample(fraction=1, shuffle=True, seed=seed), table)


@pytest.mark.parametrize("name", ["digits", "income", "sentiment-rating", "weather-trainings"])
def test_shuffled_rows_give_the_same_report(
    name: str, reportgen: Callable[..., Any], example: Callable[[str], Any], tmp_path: Path
) -> None:
    """With the rows of every table shuffled, each figure is the same to 1e-9 and all stands in the same order.

    With pictures, with one score of two classes, of values in groups, and with several trainings.
    """
    site = example(name)
    place = tmp_path / "shuffled"
    shutil.copytree(site.manifest.parent, place)
    tables = sorted(path for path in place.rglob("*") if path.suffix in TABLES)
    for seed, table in enumerate(tables):
        shuffle(table, seed)

    done = reportgen("build", site.manifest.name, "-o", "report", cwd=place)

    assert done.returncode == 0, done.stderr
    assert len(tables) >= 2
    plain = json.loads((site.folder / "report.json").read_text(encoding="utf-8"))
    shuffled = json.loads((place / "report" / "report.json").read_text(encoding="utf-8"))
    for report in (plain, shuffled):
        for file in report["inputs"]:
            del file["sha256"]  # of the bytes, whose order is what was changed
    assert differences(plain, shuffled) == []
