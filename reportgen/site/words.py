"""The words that every page uses in the same way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction

from reportgen import numbers
from reportgen.analysis.sentences import listed
from reportgen.model import MetricInfo, Verdict
from reportgen.report import Report

VERDICTS: Mapping[Verdict, str] = {
    "better": "better",
    "worse": "worse",
    "unclear": "no clear change",
    "too_few": "too few to tell",
}
SIGNS: Mapping[Verdict, str] = {"better": "▲", "worse": "▼", "unclear": "○", "too_few": ""}
"""The sign beside a verdict's word or figure."""
SEVERITIES = {"critical": "Critical", "watch": "Watch", "better": "Better", "data": "Data"}
P = "how often luck alone would give a difference this large"
Q = "among the changes called beyond chance (q below 0.05), about one in twenty may still be luck"
"""What p and q mean, said where they first stand on a page."""

_NEAREST_ZERO = {"bias"}
"""Metrics that are good near 0, on either side of it."""

_WORDS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def level(of: float) -> str:
    """What the level of the intervals means, said once in full on a page: "19 of 20" for 95%."""
    share = Fraction(str(of)).limit_denominator(1_000_000)
    held = f"{numbers.count(share.numerator)} of {numbers.count(share.denominator)}"
    return f"if we drew such a test set again and again, {held} such intervals would hold the true value"


def number_word(n: int) -> str:
    """A small number as the first word of a sentence: "Five"; digits from ten on."""
    return _WORDS[n] if n < len(_WORDS) else numbers.count(n)


def moment(created: datetime) -> str:
    """``2026-11-22T17:06:00Z``: for programs."""
    return created.strftime("%Y-%m-%dT%H:%M:%SZ")


def date(moment: datetime) -> str:
    """The moment as "22 Nov 2026, 17:06 UTC", whatever the locale."""
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}, {moment:%H:%M} UTC"


def day(moment: datetime) -> str:
    """The day alone, under a point of a chart: "22 Nov"."""
    return f"{moment.day} {_MONTHS[moment.month - 1]}"


def capital(text: str) -> str:
    """The text as a sentence begins."""
    return text[:1].upper() + text[1:]


def sentence(text: str) -> str:
    """The text as a sentence of its own: a capital first, a full stop last."""
    whole = capital(text.strip())
    return whole if whole.endswith((".", "!", "?")) else f"{whole}."


def direction(metric: MetricInfo) -> str:
    """Which way is good."""
    if metric.name in _NEAREST_ZERO:
        return "nearer 0 is better"
    return "higher is better" if metric.higher_is_better else "lower is better"


def measure(metric: MetricInfo) -> str:
    """What a difference is counted in: "points" for rates, the metric's own unit otherwise."""
    return "points" if metric.unit == "rate" else ""


def pair_title(report: Report) -> str:
    """The page's question: may the candidate take the baseline's place?"""
    if report.baseline is None:
        return f"How good is {report.candidate}?"
    return f"Can {report.candidate} replace {report.baseline}?"


def versions_text(names: Sequence[str]) -> str:
    """Versions as a list, cut where there are many: "v1, v2, v3 and 17 more"."""
    if len(names) <= 4:
        return listed(list(names))
    return f"{', '.join(names[:3])} and {len(names) - 3} more"
