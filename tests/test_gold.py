"""Each example gives the figures that stand in ``tests/gold/``.

The gold keeps of ``report.json`` what is said of all samples, the leading metric of the one-attribute slices, the first
of the ranked examples and the findings, so that a change can be read in a diff. To accept what the examples give now:
``make test ARGS="--update-gold -k gold"``.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reportgen.model import ALL

GOLD = Path(__file__).resolve().parent / "gold"
N_EXAMPLES = 5
MOST = 20
TABLES = ("estimates", "comparisons", "weaknesses", "flips", "confusions")


def keep(table: dict[str, Any], rows: list[int]) -> dict[str, Any]:
    """These rows of a table of columns; columns may stand in groups."""

    def pick(values: Any) -> Any:
        if isinstance(values, dict):
            return {name: pick(inner) for name, inner in values.items()}
        return [values[i] for i in rows]

    return dict(pick(table))


def telling(table: dict[str, Any], slices: set[str], leads: set[str]) -> list[int]:
    """Rows of all samples, and of the one-attribute slices in the leading metric, classes and cells left out."""
    nothing = [None] * len(table["slice"])
    columns = (table["slice"], table.get("metric", nothing), table.get("class", nothing), table.get("target", nothing))
    return [
        i
        for i, (place, metric, klass, cell) in enumerate(zip(*columns, strict=True))
        if place == ALL or (place in slices and metric in leads and klass is None and cell is None)
    ]


def rounded(value: Any) -> Any:
    """The value with its numbers to eight significant digits: what another processor may differ in is left off."""
    if isinstance(value, dict):
        return {key: rounded(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [rounded(inner) for inner in value]
    return float(f"{value:.8g}") if isinstance(value, float) and math.isfinite(value) else value


def condensed(report: dict[str, Any]) -> dict[str, Any]:
    """What the gold keeps of a report."""
    small = {key: value for key, value in report.items() if key not in ("generator", "created")}
    small["slices"] = [entry for entry in report["slices"] if entry["origin"] != "pair"]
    slices = {entry["id"] for entry in small["slices"]}
    leads = {None, *(metric["name"] for metric in report["metrics"] if metric["primary"])}
    for name in TABLES:
        small[name] = keep(report[name], telling(report[name], slices, leads))
    ranks = report["examples"]["rank"]
    small["examples"] = keep(report["examples"], [i for i, rank in enumerate(ranks) if rank <= N_EXAMPLES])
    small["inspection"] = shortened(report["inspection"])
    if report["objects"]:
        small["objects"] = condensed_objects(report["objects"])
    return dict(rounded(small))


def condensed_objects(objects: dict[str, Any]) -> dict[str, Any]:
    """The slices of objects by one attribute."""
    slices = [entry for entry in objects["slices"] if entry["origin"] == "attribute"]
    ids = {entry["id"] for entry in slices}
    tables = ("estimates", "comparisons", "weaknesses", "flips")
    rows = {name: telling(objects[name], ids, {None, objects["metric"]["name"]}) for name in tables}
    return objects | {"slices": slices} | {name: keep(objects[name], kept) for name, kept in rows.items()}


def shortened(value: Any) -> Any:
    """The value with the first of everything long: tables and lists may name every suspect sample."""
    if isinstance(value, dict):
        return {key: shortened(inner) for key, inner in value.items()}
    return [shortened(inner) for inner in value[:MOST]] if isinstance(value, list) else value


def written(value: Any) -> str:
    """JSON with a line for each column, slice and finding, so that a diff shows what changed."""
    lines = []
    for key, part in sorted(value.items()):
        if isinstance(part, dict) and part:
            rows = [
                f"  {json.dumps(name)}: {json.dumps(inner, sort_keys=True)}" for name, inner in sorted(part.items())
            ]
            lines.append(f"{json.dumps(key)}: {{\n" + ",\n".join(rows) + "\n}")
        elif isinstance(part, list) and part:
            lines.append(
                f"{json.dumps(key)}: [\n" + ",\n".join(f"  {json.dumps(x, sort_keys=True)}" for x in part) + "\n]"
            )
        else:
            lines.append(f"{json.dumps(key)}: {json.dumps(part)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def test_an_example_gives_its_gold(
    example_name: str, example: Callable[[str], Any], request: pytest.FixtureRequest
) -> None:
    """The condensed ``report.json`` is the gold; what differs is kept beside it as ``.actual.json``."""
    gold = GOLD / f"{example_name}.json"
    actual = written(condensed(json.loads((example(example_name).folder / "report.json").read_text(encoding="utf-8"))))
    kept = gold.with_suffix(".actual.json")
    if request.config.getoption("--update-gold"):
        gold.parent.mkdir(exist_ok=True)
        gold.write_text(actual, encoding="utf-8")
    kept.unlink(missing_ok=True)
    if actual != gold.read_text(encoding="utf-8"):
        kept.write_text(actual, encoding="utf-8")

    changed = [
        new[:120]
        for old, new in zip(gold.read_text(encoding="utf-8").splitlines(), actual.splitlines(), strict=False)
        if old != new
    ]
    assert actual == gold.read_text(encoding="utf-8"), f"{kept.name}, first lines that differ: {changed[:5]}"
