"""The Confidence page: does it know when it is wrong, and where should the threshold be?"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import polars as pl

from reportgen import columns, numbers
from reportgen.analysis import sentences
from reportgen.model import Link, Report
from reportgen.site import words
from reportgen.site.charts import Chart
from reportgen.site.cutoff_chunks import cutoff_chunks
from reportgen.site.cutoffs import CutoffsView, plan_cutoffs
from reportgen.site.handing_over import HandingView, plan_handing
from reportgen.site.packing import Chunk, pack_json
from reportgen.site.reliability import ReliabilityView, choosable, diagram_head, plan_reliability
from reportgen.site.scores import ScoresView, plan_scores
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
    return ConfidenceView(
        question="When a version says it is 90% sure, is it right nine times in ten?",
        reliability=reliability,
        scores=plan_scores(report),
        cutoffs=plan_cutoffs(report),
        handing=plan_handing(report),
        baseline=report.baseline,
        candidate=report.candidate,
        noun=sentences.noun(report.outcomes, 1),
        nouns=sentences.noun(report.outcomes),
        level=numbers.level(report.limits.level),
        level_words=words.level(report.limits.level),
        q_words=words.Q,
        first_training=first_training(report),
        sure_wrong=_sure_wrong(report),
    )


def _sure_wrong(report: Report) -> Link | None:
    """The candidate's sure mistakes; none where only the baseline gives a confidence."""
    v = report.outcomes.versions.index(report.candidate)
    if columns.confidence(v) not in report.outcomes.frame.columns:
        return None
    wrong = pl.col(columns.scored(v)) & (pl.col(columns.correct(v)) == 0)
    sure = pl.col(columns.confidence(v)) >= pl.lit(SURE, pl.Float32)
    n = report.outcomes.frame.filter(wrong & sure).height
    return Link("explore", f"{numbers.count(n)} sure but wrong", (("now", "wrong"), ("confidence", f"{SURE}..")), n)


def confidence_chunks(report: Report) -> dict[str, Chunk]:
    """The browser's data of the page: the heads of the diagrams that can be chosen, and the cut-offs."""
    heads = [asdict(diagram_head(report, report.candidate, one.id)) | {"id": one.id} for one in choosable(report)]
    return {"confidence": pack_json({"heads": heads}), **cutoff_chunks(report)}
