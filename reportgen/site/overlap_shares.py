"""How the overlaps of versions are spread, of objects or of samples: the rows of charts, and two means compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import permutations

from reportgen import numbers
from reportgen.analysis.object_ranks import MOST_VERSIONS
from reportgen.model import Figures
from reportgen.report import Report
from reportgen.site.charts import PlacedShare

Pair = tuple[str, str]


@dataclass(frozen=True)
class Means:
    """The means of two versions as texts; ``change`` has its interval and whether it is beyond chance."""

    n: int
    before: str
    after: str
    change: str


def pair_key(report: Report, pair: Pair) -> str:
    """Two versions by their places: "0-2"."""
    return "-".join(str(report.outcomes.versions.index(name)) for name in pair)


def charted(report: Report) -> list[Pair]:
    """The pairs whose charts the report carries."""
    names = report.outcomes.versions
    return list(permutations(names, 2)) if len(names) <= MOST_VERSIONS else list(report.pairs)


def shares_of(report: Report, version: str) -> list[PlacedShare]:
    """A version's rows, range by range."""
    return [
        PlacedShare(
            f"{numbers.probability(row['low'])}–{numbers.probability(row['high'])}",
            f"{row['low']:.2f}",
            row["n"],
            row["share"],
            row["share_low"],
            row["share_high"],
        )
        for row in report.overlaps.filter(version=version).iter_rows(named=True)
    ]


def pair_shares(report: Report, own: Pair) -> Mapping[str, tuple[list[PlacedShare], list[PlacedShare]]]:
    """The rows of every other pair whose charts the report carries, by its key."""
    others = [one for one in charted(report) if one != own]
    return {pair_key(report, one): (shares_of(report, one[0]), shares_of(report, one[1])) for one in others}


def compare_means(report: Report, baseline: str, candidate: str) -> Means | None:
    """What two versions overlap on average where both are known; none where that is nowhere."""
    for one in report.placements.iter_rows(named=True):
        if {one["first"], one["second"]} != {baseline, candidate}:
            continue
        if one["delta"] is None:
            return None
        back = one["first"] != baseline
        ends = ("value_second", "value_first") if back else ("value_first", "value_second")
        before, after = (numbers.plain(one[name], 2) for name in ends)
        change = numbers.signed(-one["delta"] if back else one["delta"], 2)
        if one["low"] is not None:
            low, high = (-one["high"], -one["low"]) if back else (one["low"], one["high"])
            level = numbers.level(report.limits.level)
            change += f", {level} {numbers.difference_interval(low, high, 'number', 2, ' to ')}; {_chance(one)}"
        return Means(one["n"], before, after, change)
    return None


def _chance(row: Figures) -> str:
    """One test of two versions, where enough samples are known in both."""
    if row["support"] not in ("test", "decide"):
        return "too few to tell"
    return "no clear change" if row["low"] <= 0 <= row["high"] else "beyond chance"
