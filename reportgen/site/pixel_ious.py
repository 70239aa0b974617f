"""How the IoU of single samples is spread in each version, where pixels are judged."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from itertools import permutations

from reportgen.analysis import sentences
from reportgen.report import Report
from reportgen.site.charts import Chart, placed
from reportgen.site.object_pairs import ObjectPair
from reportgen.site.overlap_shares import charted, compare_means, pair_key, pair_shares, shares_of


@dataclass(frozen=True)
class IousView:
    """The chart of a pair, or of one version, and what to see in it."""

    key: str  # empty of one version
    chart: Chart
    noun: str
    nouns: str


def plan_ious(report: Report) -> IousView | None:
    """What Compare shows; none where no pixels are judged, or there is one version."""
    if report.baseline is None or not _has_ious(report):
        return None
    own = (report.baseline, report.candidate)
    noun, nouns, heads = _words(report)
    chart = placed(
        "compare-ious",
        f"How the IoU of single {nouns} is spread in {own[0]} and {own[1]}",
        (shares_of(report, own[0]), shares_of(report, own[1])),
        ("Baseline", "Candidate"),
        heads=heads,
        alternatives=pair_shares(report, own) or None,
        level=report.limits.level,
    )
    return IousView(_key(report, *own), chart, noun, nouns)


def plan_own_ious(report: Report) -> IousView | None:
    """The same of the one version of a report, for its Overview."""
    if report.baseline is not None or not _has_ious(report):
        return None
    name = report.candidate
    noun, nouns, heads = _words(report)
    label = f"How the IoU of single {nouns} is spread in {name}"
    shares = (shares_of(report, name),)
    chart = placed("overview-ious", label, shares, (name,), heads=heads, level=report.limits.level)
    return IousView("", chart, noun, nouns)


def iou_pairs(report: Report) -> dict[str, object]:
    """What Compare says of any two versions, by their places, as ``object_pairs`` has it of objects."""
    if plan_ious(report) is None:
        return {}
    own = (report.baseline, report.candidate)
    known = charted(report)
    found: dict[str, object] = {}
    for pair in permutations(report.outcomes.versions, 2):
        key = pair_key(report, pair)
        chart = "" if pair == own else key if pair in known else None
        found[key] = asdict(ObjectPair((), _key(report, *pair), chart))
    return found


def _words(report: Report) -> tuple[str, str, tuple[str, str]]:
    """What one sample and several are called, and the heads of the chart's table."""
    nouns = sentences.noun(report.outcomes)
    return sentences.noun(report.outcomes, 1), nouns, ("IoU", nouns.capitalize())


def _has_ious(report: Report) -> bool:
    return bool(report.overlaps.height) and report.outcomes.parts is not None and report.outcomes.parts.kind == "pixel"


def _key(report: Report, baseline: str, candidate: str) -> str:
    """The mean IoU of both over the samples that both scored."""
    nouns = sentences.noun(report.outcomes)
    found = compare_means(report, baseline, candidate)
    if found is None:
        return f"There are no {nouns} that {baseline} and {candidate} both scored."
    counted = sentences.counted(report.outcomes, found.n)
    return (
        f"Over the {counted} that both scored, {baseline} has a mean IoU of {found.before} and {candidate} of "
        f"{found.after} ({found.change})."
    )
