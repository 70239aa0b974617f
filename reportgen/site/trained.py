"""What versions were trained on, where Compare says it: a sentence a version; the Data page has the figures."""

from __future__ import annotations

from dataclasses import dataclass

from reportgen.model import Link
from reportgen.report import Report
from reportgen.site.data.training import trained_text


@dataclass(frozen=True)
class TrainedView:
    """What changed from the baseline's training table to one version's, and where more stands."""

    version: str
    text: str
    link: Link


def plan_trained(report: Report) -> tuple[TrainedView, ...]:
    """One view a version that is held against the baseline, the candidate first; none without training tables."""
    training = report.inspection.training
    if training is None:
        return ()
    versions = [name for _, name in report.pairs] or [report.candidate]
    versions.sort(key=lambda name: name != report.candidate)
    told = [one for one in versions if training.of(one) or training.of(report.baseline)]
    link = Link("data", "Training sets and test set side by side", (("at", "supports"),))
    return tuple(TrainedView(one, trained_text(report, training, one), link) for one in told)
