"""What was counted, missing or left out: the sum that adds up, and the notes."""

from __future__ import annotations

from dataclasses import dataclass

from reportgen import numbers
from reportgen.analysis import sentences
from reportgen.model import Link, Note
from reportgen.report import Report

SHOWN_NOTES = 6


@dataclass(frozen=True)
class Part:
    """One term of the sum: a count, and what it counts."""

    n: int
    text: str
    detail: str = ""


@dataclass(frozen=True)
class DataSummary:
    """``parts`` add up to ``total``; ``clean`` says that nothing was missing or left out."""

    heading: str
    key: str
    total: Part
    parts: tuple[Part, ...]
    clean: bool
    notes: tuple[Note, ...]
    n_more: int
    link: Link
    more_link: Link


def summarise_data(report: Report) -> DataSummary:
    """The sum of the report's samples, and the notes that matter most: what was left out before what is only said."""
    counts = report.counts
    noun = sentences.noun(report.outcomes)
    several = len(report.versions) > 1
    excluded = _excluded_text(report)
    parts = [
        Part(counts.n_scored, "scored by every version" if several else "scored", "what the figures rest on"),
        Part(
            counts.n_missing_prediction,
            "without a prediction" + (" by at least one version" if several else ""),
            _by_version(report, "n_missing"),
        ),
        Part(
            counts.n_invalid,
            "with a prediction that can't be used" + (" by at least one version" if several else ""),
            _by_version(report, "n_invalid"),
        ),
        Part(counts.n_excluded, "left out", excluded),
    ]
    shown = [part for i, part in enumerate(parts) if part.n or i == 0]
    ranked = sorted(report.notes, key=lambda note: note.severity != "degraded")
    degraded = sum(note.severity == "degraded" for note in report.notes)
    n_more = max(0, len(ranked) - SHOWN_NOTES)
    clean = len(shown) == 1 and not degraded
    return DataSummary(
        heading="What was counted, missing or left out",
        key=_key(report, degraded, clean=clean),
        total=Part(counts.n_samples, f"{noun.capitalize()} in the files"),
        parts=tuple(shown),
        clean=clean,
        notes=tuple(ranked[:SHOWN_NOTES]),
        n_more=n_more,
        link=Link("about", "Data in detail", (("at", "data"),)),
        more_link=Link("about", f"{numbers.count(n_more)} more notes", (("at", "notes"),)),
    )


def _key(report: Report, degraded: int, *, clean: bool) -> str:
    counts = report.counts
    counted = sentences.counted(report.outcomes, counts.n_samples)
    if clean:
        return f"Nothing is missing: all {counted} were scored" + (
            f" by all {len(report.versions)} versions."
            if len(report.versions) > 2
            else " by both versions."
            if len(report.versions) == 2
            else "."
        )
    missed = counts.n_samples - counts.n_scored
    said = []
    if missed:
        share = numbers.rate(missed / counts.n_samples)
        said.append(f"{numbers.count(missed)} of {counted} ({share}) are not in every figure.")
    if degraded:
        what = "1 thing was" if degraded == 1 else f"{numbers.count(degraded)} things were"
        said.append(f"{what} left out or repaired.")
    return " ".join(said)


def _by_version(report: Report, field: str) -> str:
    """Which versions, with how many each: "v2 12, v3 3"."""
    found = [(version.name, getattr(version, field)) for version in report.versions]
    return ", ".join(f"{name} {numbers.count(n)}" for name, n in found if n)


def _excluded_text(report: Report) -> str:
    if report.sampled is not None:
        return f"a quick look takes {numbers.count(report.sampled)} of those with a usable target"
    return "without a usable target"
