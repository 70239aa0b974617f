"""Attributes: where values are missing, and which columns tell nothing, nearly nothing, or what another one tells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from reportgen import numbers
from reportgen.analysis import sentences
from reportgen.inspection import AttributeChecks
from reportgen.inspection.attributes import AttributeCheck, Determined
from reportgen.report import Report
from reportgen.site.data.set_rates import ProblemRow, clean_row, problem_row, rate_cells
from reportgen.site.data.strip import StripCell
from reportgen.site.words import capital

PAIRS = 12
"""Pairs of attributes that are named; the others are counted."""


@dataclass(frozen=True)
class OddRow:
    """One attribute, or two, what they are like, and what follows."""

    names: tuple[str, ...]
    mutual: bool  # whether two names mean one thing
    what: str
    detail: str


def attribute_cells(report: Report) -> tuple[StripCell, ...]:
    """What the strip says of metadata; nothing where there is no attribute."""
    found = report.inspection.attributes
    if found is None or not found.columns:
        return ()
    n = found.n_missing
    rates = [rate_cells(report, report.inspection.rates, one.key) for one in found.sets]
    worse = any(one is not None and one.verdict == "worse" for one in rates)
    where = f"in {_columns(len(found.columns), 'slice ')}"
    below = f"{numbers.rate(n / found.n)}, {where}" if n else where
    return (StripCell("check" if worse else "fine", "Missing metadata", numbers.count(n), below, "samples"),)


def missing_key(report: Report, found: AttributeChecks) -> str:
    """How many samples lack a value, in one sentence."""
    if not found.n_missing:
        return f"No value is missing in {_columns(len(found.columns))}."
    verb = "lacks" if found.n_missing == 1 else "lack"
    return f"{sentences.counted(report.outcomes, found.n_missing)} {verb} a value of an attribute."


def missing_rows(report: Report, found: AttributeChecks) -> Iterator[ProblemRow]:
    """A row a column that some samples lack; those that all have are one row."""
    for one in found.sets:
        yield problem_row(report, one, capital(one.name))
    whole = sum(1 for one in found.columns if not one.n_missing)
    if whole:
        name = f"Missing: {_columns(whole, 'other ' if found.sets else '')}"
        yield clean_row(name, "Columns of which no sample lacks a value.")


def odd_rows(report: Report, found: AttributeChecks) -> tuple[tuple[OddRow, ...], str]:
    """A row a column that tells little and a pair that tells twice, and how many more pairs there are."""
    odd = [row for row in (_odd(one) for one in found.columns) if row is not None]
    targets = {one.name for one in report.attributes if one.kind == "target"}
    pairs = [_pair(one, targets) for one in found.pairs[:PAIRS]]
    more = len(found.pairs) - len(pairs)
    return (*odd, *pairs), f"{numbers.count(more)} more pairs stand in report.json." if more else ""


def _columns(n: int, kind: str = "") -> str:
    return f"{numbers.count(n)} {kind}column{'' if n == 1 else 's'}"


def _odd(one: AttributeCheck) -> OddRow | None:
    if one.shape == "empty":
        return OddRow((one.name,), False, "empty", "It has no value at all.")
    if one.shape == "constant":
        some = f", or missing ({numbers.count(one.n_missing)})" if one.n_missing else ""
        return OddRow((one.name,), False, "constant", f"Always {one.top}{some}: there is nothing to slice by.")
    if one.shape == "id-like":
        used = "it slices all the same" if one.is_sliced else "it makes no slices"
        return OddRow((one.name,), False, "id-like", f"{numbers.count(one.n_values)} different values; {used}.")
    if one.shape == "imbalanced":
        variety = numbers.plain(one.effective, 2)
        detail = f"{numbers.rate(one.top_share)} are {one.top}: as varied as {variety} equally frequent values."
        return OddRow((one.name,), False, "imbalanced", detail)
    return None


def _pair(one: Determined, targets: set[str]) -> OddRow:
    if one.mutual:
        share = numbers.rate(min(one.forth, one.back))
        detail = f"For {share} each tells the other: a slice by one is a slice by the other under another name."
        return OddRow((one.name, one.other), True, "the same", detail)
    share = numbers.rate(one.forth)
    what = "tells the target" if one.other in targets else "part of it"
    detail = f"For {share} the first tells the second: its slices lie within those of {one.other}."
    return OddRow((one.name, one.other), False, what, detail)
