"""What earlier lists led to: who was relabelled or left out since, how the sets went, and what was collected."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reportgen import numbers
from reportgen.analysis.sentences import listed, noun
from reportgen.model import Acted, History, PastReport
from reportgen.report import Report
from reportgen.site import words
from reportgen.site.charts import Chart, TrendPoint, trend
from reportgen.site.history import MOST_POINTS

MOST_REPORTS = 3
"""So many of the newest past reports have their lists on the page; ``report.json`` has more."""
MOST_TRENDS = 6


@dataclass(frozen=True)
class ActedRow:
    """What became of one list, in counts; ``of`` is its size, and how many of it are kept where that is fewer."""

    created: str
    name: str
    action: str
    of: str
    relabelled: str
    excluded: str
    same: str
    still: str


@dataclass(frozen=True)
class SizeTrend:
    """How many samples a set had over the reports."""

    title: str
    chart: Chart


@dataclass(frozen=True)
class GrownRow:
    """How many samples there are of one kind, in the last report and now."""

    name: str
    then: str
    now: str


@dataclass(frozen=True)
class ActedView:
    """What stands in the section."""

    prose: str
    key: str
    rows: tuple[ActedRow, ...]
    trends: tuple[SizeTrend, ...]
    grown: tuple[GrownRow, ...]

    @property
    def charts(self) -> tuple[Chart, ...]:
        """One a trend."""
        return tuple(one.chart for one in self.trends)


def plan_acted(report: Report) -> ActedView | None:
    """The section; none where no past report kept its lists."""
    history = report.history
    kept = [one for one in history.past if one.sets is not None] if history is not None else []
    if history is None or not kept:
        return None
    newest = sorted({one.created for one in history.acted}, reverse=True)[:MOST_REPORTS]
    rows = [one for one in history.acted if one.created in newest]
    return ActedView(
        prose=_prose(rows),
        key=_key(history, kept[-1]),
        rows=tuple(map(_row, rows)),
        trends=tuple(_trends(report, [*kept, history.now][-MOST_POINTS:])),
        grown=tuple(_grown(report, history)),
    )


def _prose(rows: Sequence[Acted]) -> str:
    part = any(one.n_kept < one.n for one in rows)
    first = " Of a long list the history keeps the first ones, and only these are counted." if part else ""
    return (
        "Whoever was on a list of an earlier report and has another label now was relabelled; whoever is no sample any "
        f"more was excluded.{first}"
    )


def _key(history: History, last: PastReport) -> str:
    """What the last report's lists led to, all together: a sample on two of them counts twice."""
    rows = [one for one in history.acted if one.created == last.created]
    if not rows:
        return f"The report of {words.date(last.created)} gave no list."
    n = sum(one.n_kept for one in rows)
    done = [
        (k, word)
        for k, word in (
            (sum(one.n_relabelled for one in rows), "relabelled"),
            (sum(one.n_excluded for one in rows), "excluded"),
        )
        if k
    ]
    entries = "the one entry" if n == 1 else f"the {numbers.count(n)} entries"
    of = f"Of {entries} of the lists of {words.date(last.created)}"
    if not done:
        return f"{of}, none was relabelled or excluded."
    verb = "was" if done[0][0] == 1 else "were"
    parts = [numbers.count(k) + (f" {verb} " if i == 0 else " ") + word for i, (k, word) in enumerate(done)]
    return f"{of}, {listed(parts)}."


def _row(one: Acted) -> ActedRow:
    of = numbers.count(one.n)
    return ActedRow(
        created=words.date(one.created),
        name=one.name,
        action=one.action,
        of=of if one.n_kept == one.n else f"first {numbers.count(one.n_kept)} of {of}",
        relabelled=numbers.count(one.n_relabelled),
        excluded=numbers.count(one.n_excluded),
        same=numbers.count(one.n_same),
        still=numbers.MISSING if one.n_still is None else numbers.count(one.n_still),
    )


def _trends(report: Report, shown: Sequence[PastReport]) -> Iterator[SizeTrend]:
    """The sets that two reports or more looked for, in the order of this page, then those that are gone."""
    known = {one.key: one for past in shown for one in past.sets or ()}
    now = [one.key for one in report.inspection.sets]
    ordered = [*(key for key in now if key in known), *(key for key in known if key not in now)]
    found = 0
    for key in ordered:
        sizes = [past.size_of(key, known[key].part) for past in shown]
        if found == MOST_TRENDS or sum(size is not None for size in sizes) < 2:
            continue
        points = [
            TrendPoint(
                words.date(past.created),
                words.day(past.created),
                None if size is None else float(size),
                None,
                None,
                past.n_samples,
                "candidate",
            )
            for past, size in zip(shown, sizes, strict=True)
        ]
        title = words.capital(known[key].name)
        label = f"{title}, samples in each of {len(points)} reports."
        chart = trend(f"data-sizes-{found}", label, points, unit="number", counts=True, order="Report")
        yield SizeTrend(title, chart)
        found += 1


def _grown(report: Report, history: History) -> Iterator[GrownRow]:
    """All samples, and the slices of the last report's findings."""
    last = history.last
    if last is None or last.n_samples is None:
        return
    n = report.outcomes.frame.height
    yield GrownRow(f"All {noun(report.outcomes)}", numbers.count(last.n_samples), numbers.count(n))
    for one in history.sizes:
        yield GrownRow(one.name, numbers.count(one.n_then), numbers.count(one.n_now))
