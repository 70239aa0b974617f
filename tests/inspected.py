"""Reports whose data were inspected: with labels that look wrong, and with sets that no check of ours needs to find."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reportgen.analysis.quality.given import Given
from reportgen.analysis.quality.inspect import inspect, mark_sets
from reportgen.inspection import Inspection, SampleSet
from reportgen.report import Report


def inspected(report: Report, sets: Sequence[SampleSet] = ()) -> Report:
    """The report with the labels that look wrong, and more sets, as if a check of them had found those."""
    found = inspect(report.outcomes, Given())
    assert found.labels is not None
    labels = replace(found.labels, sets=(*found.labels.sets, *sets))
    return replace(
        report,
        inspection=Inspection(labels=labels, absent=found.absent),
        outcomes=mark_sets(report.outcomes, labels.sets),
    )
