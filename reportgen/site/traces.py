"""Over all versions: what was lost on the way, what goes back and forth, and whether the versions differ at all."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from reportgen import numbers
from reportgen.analysis import sentences
from reportgen.analysis.judged_words import words_of
from reportgen.model import ALL, Link, Trace
from reportgen.report import Report
from reportgen.site.pairs import spoken
from reportgen.stats.support import SIGNIFICANT


@dataclass(frozen=True)
class TraceRow:
    """One kind of way through the versions: what it is, how many samples have it, and their share with its interval."""

    label: str
    plain: str
    count: str
    link: Link | None  # to these samples, with the count for its text; none where there is none
    share: str
    interval: str
    n: str


@dataclass(frozen=True)
class TraceView:
    """The part of the Compare page; ``chance`` says whether equally good versions could differ so much."""

    prose: str
    rows: tuple[TraceRow, ...]
    chance: str


def plan_trace(report: Report) -> TraceView | None:
    """The part; none where there are fewer than three versions, or none of the samples was scored by all."""
    found = report.trace
    if found is None:
        return None
    words = words_of(report.outcomes)
    right = words.right
    lost = f"{right} in some other version, not in {report.candidate}"
    flipped = f"two changes or more between {right} and not"
    return TraceView(
        f"The {sentences.counted(report.outcomes, found.n)} that all {len(report.versions)} versions scored, through "
        "the versions in the order of the manifest.",
        (
            _row(
                report,
                "ever_right_now_wrong_rate",
                words.sets["once_right"][0],
                lost,
                _counted("once_right", found.n_ever_right_now_wrong),
            ),
            _row(report, "flip_flop_rate", "Flip-flops", flipped, _counted("flip_flops", found.n_flip_flops)),
        ),
        _chance(report, found),
    )


def _counted(name: str, n: int) -> Link:
    return Link("examples", numbers.count(n), (("set", name),), n)


def _row(report: Report, metric: str, label: str, plain: str, counted: Link) -> TraceRow:
    row = report.estimates.filter((pl.col("metric") == metric) & (pl.col("slice") == ALL)).row(0, named=True)
    return TraceRow(
        label,
        plain,
        counted.text,
        counted if counted.count else None,
        numbers.rate(row["value"]),
        numbers.interval(row["low"], row["high"], "rate"),
        numbers.count(row["n"]),
    )


def _chance(report: Report, found: Trace) -> str:
    if found.p is None or found.cochran_q is None:
        if report.counts.n_groups is None and "weight" not in report.outcomes.frame.columns:
            one = sentences.noun(report.outcomes, 1)
            return f"Every {one} came out alike in all versions, so there is nothing to test."
        what = "have weights" if report.counts.n_groups is None else "come in groups"
        return (
            "Whether equally good versions could differ this much is not tested here: Cochran's Q takes "
            f"{sentences.noun(report.outcomes)} as independent and alike, and these {what}."
        )
    answer = "No" if found.p < SIGNIFICANT else "Yes"
    return (
        f"Could versions that are all equally good differ this much? {answer} (Cochran's Q "
        f"{numbers.plain(found.cochran_q, 1)} with {found.df} degrees of freedom, "
        f"p {spoken(numbers.q_value(found.p))})."
    )
