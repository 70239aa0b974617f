"""What stands above and under every page."""

from __future__ import annotations

import hashlib

from reportgen import __version__, numbers
from reportgen.analysis import sentences
from reportgen.model import Link
from reportgen.report import Report
from reportgen.site import words
from reportgen.site.page import Footer, Header
from reportgen.site.pairs import why_not_compared
from reportgen.site.slice_rows import find_family


def plan_header(report: Report) -> Header:
    """Title, the built pair, and the versions, in their order."""
    names = tuple(version.name for version in report.versions)
    return Header(report.title, report.baseline, report.candidate, names, _quick_look(report))


def _quick_look(report: Report) -> str:
    if report.sampled is None:
        return ""
    return (
        f"{numbers.count(report.sampled)} of {sentences.counted(report.outcomes, report.counts.n_samples)} were taken, "
        "so every figure here is rougher than in the whole report."
    )


def plan_footer(report: Report) -> Footer:
    """How to read the figures, in four sentences, and where they come from."""
    links = (
        Link("about", "Methods", (("at", "methods"),)),
        Link("about", "Glossary", (("at", "glossary"),)),
        Link("about", "Keyboard", (("at", "keyboard"),)),
    )
    return Footer(
        tuple(
            sentence
            for sentence in (_intervals(report), _paired(report), _correction(report), _support(report))
            if sentence
        ),
        links,
        _source(report),
        f"made by reportgen {__version__} · {words.date(report.created)}",
    )


def _source(report: Report) -> str:
    """The manifest, the data set, which is the table of samples, and the hash of all inputs."""
    samples = (one.path for one in report.inputs if one.role == "samples")
    return " · ".join([report.manifest_path, *samples, f"inputs {fingerprint(report)}"])


def inputs_digest(report: Report) -> str:
    """One SHA-256 over all input files, in their order."""
    return hashlib.sha256("\n".join(one.sha256 for one in report.inputs).encode()).hexdigest()


def fingerprint(report: Report) -> str:
    """The first and last digits of one hash over all input files, in their order."""
    digest = inputs_digest(report)
    return f"{digest[:6]}{numbers.ELLIPSIS}{digest[-4:]}"


def _intervals(report: Report) -> str:
    level = numbers.level(report.limits.level)
    if report.counts.n_groups is None:
        return f"Intervals are {level}."
    return (
        f"Intervals are {level} and take the {numbers.count(report.counts.n_groups)} groups into account, because "
        f"{sentences.noun(report.outcomes)} of one group are alike."
    )


def _paired(report: Report) -> str:
    if report.baseline is None:
        return ""
    if why_not_compared(report, report.candidate):
        return "Versions that predicted different samples are not paired."
    return f"Differences are paired: the same {sentences.noun(report.outcomes)}, both versions."


def _correction(report: Report) -> str:
    family = find_family(report, report.candidate)
    if family is None or not family.n_tested:
        return ""
    return (
        f"Slices: {numbers.count(family.n_tested)} tested, Benjamini–Hochberg corrected; "
        f"q < 0.05 counts as {'a change' if report.baseline else 'weaker'}."
    )


def _support(report: Report) -> str:
    limits = report.limits
    return (
        f"Slices with n < {limits.decide} are marked and head a finding only where their whole interval says so; "
        f"below {limits.test} they are not tested."
    )
