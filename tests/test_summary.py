"""The five lines on stderr."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from reportgen import columns
from reportgen.report import Report
from reportgen.summary import five_lines
from tests import builders, gated


def weak(report: Report, rows: list[tuple[str, float, float, str]]) -> Report:
    """The report with these weaknesses: slice, delta, q, verdict."""
    made = [
        (place, report.candidate, "accuracy", 0.8 + d, 0.8, d, d - 0.1, d + 0.1, q, q, 300, None, "-", said, "decide")
        for place, d, q, said in rows
    ]
    return replace(report, weaknesses=pl.DataFrame(made, schema=columns.WEAKNESSES, orient="row"))


def test_the_worst_slice_of_one_version_is_the_weakest_beyond_chance() -> None:
    """Not the one with the least q, which may be a small weakness of many samples."""
    report = builders.one_version(n=300)
    first, second, third = [one for one in report.slices if one.level == 1][:3]
    rows = [(first.id, -0.05, 1e-9, "worse"), (second.id, -0.2, 0.01, "worse"), (third.id, -0.4, 0.3, "unclear")]

    assert five_lines(weak(report, rows), ())[2] == f"Worst    {second.name}: 60.0%, n = 300"


def test_no_weak_slice_is_said_to_be_none() -> None:
    """Nothing beyond chance, nothing named."""
    report = weak(builders.one_version(n=300), [("weather=rain", -0.4, 0.3, "unclear")])

    assert five_lines(report, ())[2] == "Worst    no slice is weaker than the rest beyond chance"


def test_the_verdict_is_the_gates_where_there_are_any() -> None:
    """The release's state and sentence, then the answer's."""
    report = builders.report(n=300)

    sentence = report.answer.sentence

    assert five_lines(gated.held(report), ())[0] == f"Verdict  Hold: 1 of 5 release gates fails. {sentence}"
    assert five_lines(report, ())[0] == f"Verdict  {report.answer.headline}: {sentence}"
