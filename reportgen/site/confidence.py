"""The Confidence page: does it know when it is wrong, and where should the threshold be?"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import polars as pl

from reportgen import columns, numbers
from reportgen.analysis import sentences
from reportgen.model import ALL, Link
from reportgen.report import Report
from reportgen.site import words
from reportgen.site.charts import Chart
from reportgen.site.confidence_words import TEMPLATES
from reportgen.site.cutoff_chunks import cutoff_chunks
from reportgen.site.cutoffs import CutoffsView, plan_cutoffs
from reportgen.site.handing_over import HandingView, hand_sentence, plan_handing
from reportgen.site.packing import Chunk, pack_json
from reportgen.site.reliability import (
    ReliabilityView,
    able,
    average_sentence,
    choosable,
    claim_rows,
    claims_key,
    diagram_head,
    plan_reliability,
    was_sentence,
)
from reportgen.site.scores import ScoresView, describe_scores, plan_scores
from reportgen.site.trainings import first_training

SURE = 0.9
"""A confidence from which a mistake is sure but wrong."""


@dataclass(frozen=True)
class ConfidenceView:
    """The page, section by section."""

    question: str
    reliability: ReliabilityView
    scores: ScoresView
    cutoffs: CutoffsView | None
    handing: HandingView | None
    baseline: str | None
    candidate: str
    noun: str
    nouns: str
    level: str
    level_words: str
    q_words: str
    first_training: str  # whose confidences are shown, where a version has several trainings
    sure_wrong: Link | None  # what the candidate gets wrong and is sure of, in Explore
    built_parts: str  # what is of the built pair whatever two versions are chosen
    following_parts: str  # what is of the two that are chosen

    @property
    def charts(self) -> tuple[Chart, ...]:
        """Every chart of the page."""
        return (
            *(one.chart for one in self.reliability.diagrams),
            *((self.cutoffs.chart,) if self.cutoffs else ()),
            *(panel.chart for panel in (self.handing.panels if self.handing else ())),
        )


def plan_confidence(report: Report) -> ConfidenceView | None:
    """The page's view; none where the candidate says nothing of how sure it is."""
    reliability = plan_reliability(report)
    if not reliability.diagrams:
        return None
    cutoffs, handing = plan_cutoffs(report), plan_handing(report)
    nouns = sentences.noun(report.outcomes)
    following = (
        f"what they claim of all {nouns}",
        "their scores",
        *(("what their cut-offs find",) if cutoffs else ()),
        *(("what handing over does",) if handing else ()),
    )
    return ConfidenceView(
        question="When a version says it is 90% sure, is it right nine times in ten?",
        reliability=reliability,
        scores=plan_scores(report),
        cutoffs=cutoffs,
        handing=handing,
        baseline=report.baseline,
        candidate=report.candidate,
        noun=sentences.noun(report.outcomes, 1),
        nouns=nouns,
        level=numbers.level(report.limits.level),
        level_words=words.level(report.limits.level),
        q_words=words.Q,
        first_training=first_training(report),
        sure_wrong=_sure_wrong(report, report.candidate),
        built_parts="The diagrams of single slices are",
        following_parts=f"{sentences.listed(following)} are about these two",
    )


def _sure_wrong(report: Report, version: str) -> Link | None:
    """A version's sure mistakes; none where it gives no confidence."""
    v = report.outcomes.versions.index(version)
    if columns.confidence(v) not in report.outcomes.frame.columns:
        return None
    wrong = pl.col(columns.scored(v)) & (pl.col(columns.correct(v)) == 0)
    sure = pl.col(columns.confidence(v)) >= pl.lit(SURE, pl.Float32)
    n = report.outcomes.frame.filter(wrong & sure).height
    return Link("explore", f"{numbers.count(n)} sure but wrong", (("now", "wrong"), ("confidence", f"{SURE}..")), n)


def confidence_chunks(report: Report) -> dict[str, Chunk]:
    """The browser's data of the page: the heads of the diagrams that can be chosen, any two versions, the cut-offs."""
    heads = [asdict(diagram_head(report, report.candidate, one.id)) | {"id": one.id} for one in choosable(report)]
    told = {"heads": heads} | ({} if report.baseline is None else _any_two(report))
    return {"confidence": pack_json(told), **cutoff_chunks(report)}


def _any_two(report: Report) -> dict[str, object]:
    """What is told of each version by its name, over all samples; of the built pair also on slices."""
    known = able(report)
    built = [name for name in (report.baseline, report.candidate) if name in known]
    return {
        "words": TEMPLATES,
        "baseline": report.baseline,
        "candidate": report.candidate,
        "built": sentences.listed(built),
        "level": numbers.level(report.limits.level),
        "nouns": sentences.noun(report.outcomes),
        "scores": describe_scores(report),
        "versions": {
            name: {
                "head": asdict(diagram_head(report, name, ALL)),
                "average": average_sentence(report, name),
                "was": was_sentence(report, name),
                "hand": hand_sentence(report, name, ALL),
                "sure_wrong": None if (link := _sure_wrong(report, name)) is None else asdict(link),
                "claims": [asdict(row) for row in claim_rows(report, name)] if name in built else None,
                "claims_key": claims_key(report, name),
            }
            for name in known
        },
    }
