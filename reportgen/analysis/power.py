"""Power: how small a drop each gate and each critical slice could show, and what they lack to show the gate's drop."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import polars as pl

from reportgen.analysis.facts import Facts, Row
from reportgen.model import ALL, Gate, Limits, Power, Slice
from reportgen.stats import power
from reportgen.stats.distributions import student_quantile


def find_power(facts: Facts, gates: Sequence[Gate] = ()) -> tuple[Power, ...]:
    """The whole first, then the gates in their order, then the critical slices; the same question only once.

    A gate on every slice stands for the slice that decides it and for the critical ones. Gates on counts are not
    estimates and have no power; without a baseline nothing can drop, and only floors and ceilings are left.
    """
    found: dict[tuple[str, str, str | None, bool], Power] = {}
    for one in _asked(facts, gates):
        # of two gates that ask the same, the one that allows least is the harder to show
        key = (one.slice, one.metric, one.klass, one.gate is not None and one.limit is None)
        before = found.get(key)
        if before is None or (one.limit is not None and (before.limit is None or one.limit < before.limit)):
            found[key] = one
    return tuple(found.values())


def smallest_drop(row: Row, level: float, n: int | None = None) -> float | None:
    """The smallest drop that a line of the comparisons can show; null where none can be computed.

    Of proportions from the observed discordance, beside the standard error of the paired difference where groups or
    weights make samples count unlike: its interval carries their design effect. Of others from that error alone.

    Args:
        row: of the comparisons.
        level: of its interval.
        n: for so many samples that differ as these do; default: as many as there are.
    """
    if row["delta"] is None:
        return None
    share = 1.0 if n is None else n / row["n"] if row["n"] else math.nan
    if _is_counted(row):
        found = float(power.smallest_paired_drop(row["n"] * share, row["discordance"]))
    elif (error := _error(row, level)) is None or not share > 0:
        return None
    elif row["discordance"] is not None:
        found = power.smallest_clustered_drop(
            error / math.sqrt(share), _units(row) * share, row["discordance"], row["delta"]
        )
    else:
        found = float(power.smallest_drop(error / math.sqrt(share), _units(row) * share))
    return found if math.isfinite(found) and found > 0 else None


def count_missing(row: Row, drop: float, limits: Limits, *, decides: bool = False) -> int | None:
    """How many samples (groups where there are groups) a line of the comparisons lacks to show a drop; 0: it can.

    A slice has to be large enough to be tested at all, too, unless it ``decides`` whatever its size. Null where it
    cannot be computed.
    """
    if row["delta"] is None:
        return None
    if _is_counted(row):
        needed = int(power.paired_n(drop, row["discordance"])) if drop <= 1 else None
    else:
        needed = _units_needed(row, drop, limits.level)
    if needed is None:
        return None
    least = 0 if decides else limits.test if row["n_groups"] is None else limits.groups
    return max(0, max(needed, least) - _units(row))


def _units_needed(row: Row, drop: float, level: float) -> int | None:
    error = _error(row, level)
    if error is None:
        return None
    if row["discordance"] is not None:
        error = power.spread_at(drop, error, row["discordance"], row["delta"])
    return power.units_needed(drop, error, _units(row)) if error > 0 else None


def _is_counted(row: Row) -> bool:
    """Whether the difference is one of plain counts, which McNemar's test goes by."""
    return row["discordance"] is not None and row["n_groups"] is None and "mcnemar" in row["method"]


def _asked(facts: Facts, gates: Sequence[Gate]) -> Iterator[Power]:
    """What is asked for, in order; the same question may come twice."""
    critical = [one for one in facts.slices.values() if one.critical is not None]
    whole = facts.slices[ALL]
    primary = facts.primary.name
    if facts.baseline is not None:
        yield from _of_slice(facts, whole, primary, None)
    for gate in gates:
        if gate.unit == "count":
            continue
        own = facts.slices.get(gate.slice or (ALL if gate.on in {"overall", "class"} else ""))
        asked = [] if own is None else [own]
        if gate.on in {"every slice", "critical"}:
            asked += critical
        for one in asked:
            if gate.kind == "max_drop":
                yield from _of_slice(facts, one, gate.metric, gate.klass, gate)
            else:
                yield from _of_level(facts, one, gate)
    for one in critical:
        yield from _of_slice(facts, one, primary, None)


def _of_slice(facts: Facts, one: Slice, metric: str, klass: str | None, gate: Gate | None = None) -> Iterator[Power]:
    row = _row(facts.comparisons.filter(pl.col("candidate") == facts.candidate), one.id, metric, klass)
    if row is None:
        return
    decides = one.id == ALL or one.critical is not None
    yield Power(
        slice=one.id,
        metric=metric,
        klass=klass,
        gate=gate.name if gate else None,
        n=row["n"],
        n_groups=row["n_groups"],
        smallest_drop=smallest_drop(row, facts.limits.level),
        limit=gate.limit if gate else None,
        n_more=count_missing(row, gate.limit, facts.limits, decides=decides) if gate and gate.limit > 0 else None,
    )


def _of_level(facts: Facts, one: Slice, gate: Gate) -> Iterator[Power]:
    """How far beyond a floor or a ceiling the version would have to be for its own samples to show it."""
    row = _row(facts.estimates.filter(pl.col("version") == facts.candidate), one.id, gate.metric, gate.klass)
    if row is None:
        return
    error = _error(row, facts.limits.level)
    drop = float(power.smallest_drop(error, _units(row))) if error else math.nan
    yield Power(
        slice=one.id,
        metric=gate.metric,
        klass=gate.klass,
        gate=gate.name,
        n=row["n"],
        n_groups=row["n_groups"],
        smallest_drop=drop if math.isfinite(drop) else None,
        limit=None,
        n_more=None,
    )


def _row(table: pl.DataFrame, slice_id: str, metric: str, klass: str | None) -> Row | None:
    same = pl.col("class").is_null() if klass is None else pl.col("class") == klass
    found = table.filter((pl.col("slice") == slice_id) & (pl.col("metric") == metric) & same)
    return found.row(0, named=True) if found.height else None


def _units(row: Row) -> int:
    """What the standard error is over: samples, or groups where there are groups."""
    return int(row["n"] if row["n_groups"] is None else row["n_groups"])


def _error(row: Row, level: float) -> float | None:
    """The standard error that an interval carries: half its width over Student's quantile."""
    if row["low"] is None or row["high"] is None or _units(row) < 2:
        return None
    error = (row["high"] - row["low"]) / 2 / float(student_quantile(0.5 + level / 2, _units(row) - 1))
    return float(error) if error > 0 else None
