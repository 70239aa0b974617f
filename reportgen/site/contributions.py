"""What the overall change is made of, by the values of an attribute of the reader's choosing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from reportgen import numbers
from reportgen.analysis import sentences
from reportgen.analysis.contributions import REST, concentration
from reportgen.model import MetricInfo
from reportgen.report import Report
from reportgen.site import words
from reportgen.site.charts import Chart, ContributionRow, contributions
from reportgen.site.pair_words import say
from reportgen.site.pairs import decimals_of_change

BUDGET = 1_200
"""Rows that the page carries of all versions and attributes; the built pair's come first."""


@dataclass(frozen=True)
class ContributionsView:
    """The part of the Compare page: the chart of the most telling attribute, and what the others are called."""

    chosen: str  # the attribute that is drawn
    attributes: tuple[str, ...]
    chart: Chart


def plan_contributions(report: Report) -> ContributionsView | None:
    """The part of the built pair; none where its change has no contributions."""
    built = _by_attribute(report, report.candidate)
    if not built:
        return None
    targets = {one.name for one in report.attributes if one.kind == "target"}
    # what changed by class stands on the page already
    chosen = most_telling({name: table for name, table in built.items() if name not in targets} or built)
    sets = {
        (version, name): table
        for version in (report.candidate, *(name for _, name in report.pairs if name != report.candidate))
        for name, table in _by_attribute(report, version).items()
    }
    room = BUDGET
    alternatives: dict[str, list[ContributionRow]] = {}
    for (version, name), table in sets.items():
        if version != report.candidate and table.height > room:
            continue
        room -= table.height
        alternatives[key_of(report, version, name)] = _rows(table)
    return ContributionsView(
        chosen,
        tuple(built),
        contributions(
            "compare-made-of",
            made_of(report, report.candidate)[chosen],
            _rows(built[chosen]),
            unit=report.primary.unit,
            measure=words.measure(report.primary) or sentences.lowered(report.primary.label),
            noun=sentences.noun(report.outcomes),
            alternatives=alternatives,
            level=report.limits.level,
        ),
    )


def key_of(report: Report, version: str, attribute: str) -> str:
    """What the chart's rows of a version and an attribute go by."""
    names = [one.name for one in report.attributes]
    return f"{report.outcomes.versions.index(version)}-{names.index(attribute)}"


def made_of(report: Report, version: str) -> Mapping[str, str]:
    """By attribute, what to see in a version's chart of it; empty where its change has no contributions."""
    return {name: _sentence(report, version, name, table) for name, table in _by_attribute(report, version).items()}


def most_telling(tables: Mapping[str, pl.DataFrame]) -> str:
    """The attribute in whose values the change is most concentrated; of equals the first."""
    return max(tables, key=lambda name: concentration(tables[name]))


def _by_attribute(report: Report, version: str) -> dict[str, pl.DataFrame]:
    """The contributions by attribute, in the report's order."""
    table = report.contributions.filter(pl.col("candidate") == version)
    found = {str(name): part for (name,), part in table.group_by("attribute", maintain_order=True)}
    return {one.name: found[one.name] for one in report.attributes if one.name in found}


def _rows(table: pl.DataFrame) -> list[ContributionRow]:
    return [
        ContributionRow(
            row["value"],
            row["share"],
            row["contribution"],
            row["low"],
            row["high"],
            row["delta"],
            row["n"],
            row["verdict"],
            row["support"],
        )
        for row in table.iter_rows(named=True)
    ]


def _sentence(report: Report, version: str, attribute: str, table: pl.DataFrame) -> str:
    """The whole change, and the value that brings most of what is beyond chance."""
    metric = report.primary
    places = decimals_of_change(report, version)
    whole = _size(float(table["contribution"].sum()), metric, places)
    clear = table.filter(pl.col("verdict").is_in(["better", "worse"]) & (pl.col("value") != REST))
    if not clear.height:
        return say("made_alike", attribute=attribute, whole=whole)
    row = clear.sort(pl.col("contribution").abs(), descending=True).row(0, named=True)
    return say(
        "made",
        attribute=attribute,
        whole=whole,
        value=row["value"],
        part=_size(row["contribution"], metric, places),
        share=numbers.rate(row["share"]),
        nouns=sentences.noun(report.outcomes),
    )


def _size(difference: float, metric: MetricInfo, places: int | None) -> str:
    size = numbers.difference(difference, metric.unit, places)
    return say("points", size=size) if metric.unit == "rate" else size
