"""Images, texts and metadata that are odd in themselves, each problem with the error there and elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from reportgen import numbers
from reportgen.analysis import sentences
from reportgen.analysis.judged_words import fill, words_of
from reportgen.inspection import SampleChecks, SampleSet
from reportgen.inspection.samples import TOGETHER, Check
from reportgen.report import Report
from reportgen.site.data.attributes import OddRow, missing_key, missing_rows, odd_rows
from reportgen.site.data.set_rates import ProblemRow, clean_row, error_name, problem_row, rate_cells
from reportgen.site.data.strip import StripCell
from reportgen.site.media import Thumbnails
from reportgen.site.tiles import TileView, tile_view
from reportgen.site.words import capital

SHOWN = 6
"""Tiles of the problem that tells most: one row."""


@dataclass(frozen=True)
class SamplesView:
    """What stands in the section."""

    title: str  # "Images and metadata"
    nouns: str
    caption: str
    key: str
    usual: tuple[str, ...]
    error: str
    level: str
    rows: tuple[ProblemRow, ...]
    shown: str  # what the tiles are
    tiles: tuple[TileView, ...]
    odd: tuple[OddRow, ...]
    odd_more: str


def plan_samples(report: Report, thumbnails: Thumbnails) -> SamplesView | None:
    """The section's view; none where there are neither images nor texts nor attributes."""
    samples, attributes = report.inspection.samples, report.inspection.attributes
    if attributes is not None and not attributes.columns:
        attributes = None
    if samples is None and attributes is None:
        return None
    telling = None if samples is None else _most_telling(report, samples)
    odd, more = ((), "") if attributes is None else odd_rows(report, attributes)
    parts = [] if samples is None else ["images" if samples.kind == "image" else "texts"]
    parts += [] if attributes is None else ["metadata"]
    return SamplesView(
        title=capital(" and ".join(parts)),
        nouns=sentences.noun(report.outcomes),
        caption="" if samples is None else _caption(report, samples),
        key=" ".join(
            [
                *([] if samples is None else [_key(report, samples)]),
                *([] if attributes is None else [missing_key(report, attributes)]),
            ]
        ),
        usual=() if samples is None else tuple(_usual(report, one) for one in samples.checks if one.is_usual),
        error=error_name(report),
        level=numbers.level(report.limits.level),
        rows=(
            *(() if samples is None else _rows(report, samples)),
            *(() if attributes is None else missing_rows(report, attributes)),
        ),
        shown="" if telling is None else capital(telling.name),
        tiles=() if telling is None else tuple(tile_view(report, thumbnails, int(row)) for row in telling.rows[:SHOWN]),
        odd=odd,
        odd_more=more,
    )


def sample_cells(report: Report) -> tuple[StripCell, ...]:
    """What the strip says of images or texts; nothing where there are none."""
    samples = report.inspection.samples
    if samples is None:
        return ()
    n = samples.n - samples.n_unlooked
    name = "Image problems" if samples.kind == "image" else "Text problems"
    nouns = sentences.noun(report.outcomes)
    below = f"{numbers.rate(samples.n_found / n)} of {nouns}" if samples.n_found else f"of {numbers.count(n)} {nouns}"
    cells = [rate_cells(report, report.inspection.rates, one.key) for one in samples.sets]
    cells.append(rate_cells(report, samples.together, TOGETHER))
    worse = any(one is not None and one.verdict == "worse" for one in cells)
    return (StripCell("check" if worse else "fine", name, numbers.count(samples.n_found), below, "samples"),)


def sample_rows(report: Report) -> list[int]:
    """The rows whose media the section needs."""
    samples = report.inspection.samples
    telling = None if samples is None else _most_telling(report, samples)
    return [] if telling is None else telling.rows[:SHOWN].tolist()


def _most_telling(report: Report, samples: SampleChecks) -> SampleSet | None:
    """The largest set of those that err more than the rest, else of all; what cannot be read has no picture."""
    unreadable = {one.key for one in samples.checks if one.unreadable}
    shown = [one for one in samples.sets if one.key not in unreadable]
    rates = {one.key: rate_cells(report, report.inspection.rates, one.key) for one in shown}
    worse = [one for one in shown if (cells := rates[one.key]) is not None and cells.verdict == "worse"]
    return max(worse or shown, key=lambda one: one.n, default=None)


def _caption(report: Report, samples: SampleChecks) -> str:
    looked = f"Each {'image' if samples.kind == 'image' else 'text'} by itself, whatever its label."
    if samples.n_unlooked:
        n = numbers.count(samples.n_unlooked)
        looked += f" {n} of {sentences.counted(report.outcomes, samples.n)} were not looked at."
    return looked


def _key(report: Report, samples: SampleChecks) -> str:
    """Whether errors are more common there, and whether they could matter in total."""
    nouns = sentences.noun(report.outcomes)
    cells = rate_cells(report, samples.together, TOGETHER)
    if cells is None:
        return f"No problem found in the {nouns}."
    words = words_of(report.outcomes)
    said = {
        "worse": f"{capital(words.failures)} are {words.errors_more} on problem {nouns}",
        "better": f"{capital(words.failures)} are {words.errors_less} on problem {nouns}",
        "unclear": f"{capital(words.failures)} show no clear difference on problem {nouns}",
        "too_few": f"Problem {nouns} are too few to tell whether {words.failures} are {words.errors_more} there",
    }[cells.verdict]
    bound = dict(samples.at_most)[report.candidate]
    most = numbers.value(bound, "number") if words.kind == "values" else numbers.plain(bound * 100, 1)
    return f"{said}. {fill(words.spared, candidate=report.candidate, most=most)}"


def _usual(report: Report, one: Check) -> str:
    """What describes the data set, in one line."""
    name = "grey" if one.key == "grey-among-colour" else one.name
    whole = f"{numbers.rate(one.n / one.n_checked)} of the {sentences.noun(report.outcomes)}"
    return f"{whole} are {name}: that is how these data are, and is no problem here."


def _rows(report: Report, samples: SampleChecks) -> Iterator[ProblemRow]:
    """A row a check; reasons that kept no image from being read are one row."""
    sets = {one.key: one for one in samples.sets}
    readable = [one for one in samples.checks if one.unreadable and not one.n and one.key != "empty-text"]
    for one in samples.checks:
        if one.is_usual or one in readable:
            continue
        found = sets.get(one.key)
        name = capital(one.name)
        yield clean_row(name, one.rule) if found is None else problem_row(report, found, name)
    if readable:
        some = any(one.unreadable and one.n for one in samples.checks)
        rule = f"Not so: {', '.join(one.name for one in readable)}."
        yield clean_row("Unreadable otherwise" if some else "Unreadable", rule)
