"""Copies and look-alikes: the twins that tell most, how many there are, and what leaving copies out changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from reportgen import columns, numbers
from reportgen.analysis import sentences
from reportgen.analysis.quality.duplicates import within_one_group
from reportgen.inspection import Duplicates
from reportgen.inspection.duplicates import Compared
from reportgen.model import Link, MetricInfo
from reportgen.report import Report
from reportgen.site.data.set_rates import of_the_whole, see_set
from reportgen.site.data.strip import StripCell
from reportgen.site.media import Thumbnails
from reportgen.site.tiles import TileView, target_text, tile_view
from reportgen.stats import near_hashes, near_texts, neighbours

SHOWN = 6
"""Pairs in the page: two rows of three."""


@dataclass(frozen=True)
class TwinsView:
    """The two samples of a family that tell most, and what of them is alike and what is not."""

    tiles: tuple[TileView, TileView]
    splits: str  # "train ⇄ test"; empty where both are of one, or no split is known
    likeness: str  # "exact", "the same words", "distance 2 of 64", "similarity 0.997"
    labels: str  # "both 7", "7 · 1"
    differ: bool  # the labels do
    more: str  # "and 3 more of the family"; empty for a pair


@dataclass(frozen=True)
class KindRow:
    """How many families and samples are alike in one way, and what of them tells something."""

    name: str
    families: str
    samples: str
    across: str
    disagree: str


@dataclass(frozen=True)
class EffectRow:
    """A metric of a version, or of the change, over all samples and with one of each family."""

    name: str
    whose: str
    value: str
    without: str
    moved: str
    n: str


@dataclass(frozen=True)
class DuplicatesView:
    """What stands in the section."""

    heading: str
    caption: str
    key: str
    remarks: str
    twins: tuple[TwinsView, ...]
    links: tuple[Link, ...]
    kinds: tuple[KindRow, ...]
    with_splits: bool
    effects: tuple[EffectRow, ...]


def plan_duplicates(report: Report, thumbnails: Thumbnails) -> DuplicatesView | None:
    """The section's view; none where samples could not be compared."""
    found = report.inspection.duplicates
    if found is None:
        return None
    leaks = found.families.filter(pl.col("across_splits")).height
    return DuplicatesView(
        heading="Same content in two splits" if leaks else "Copies and look-alikes",
        caption=" ".join(_compared(report, one) for one in found.compared),
        key=_key(report, found),
        remarks=" ".join(_remarks(found, _unit(report))),
        twins=tuple(_twins(report, thumbnails, row) for row in _shown(found).iter_rows(named=True)),
        links=tuple(_links(report, found)),
        kinds=tuple(_kinds(found.families, _unit(report))),
        with_splits=bool(found.families["across_splits"].is_not_null().any()),
        effects=tuple(effect_rows(report, found.effects)),
    )


def duplicate_cells(report: Report) -> tuple[StripCell, ...]:
    """What the strip says of twins; nothing where samples could not be compared."""
    found = report.inspection.duplicates
    if found is None:
        return ()
    leaks = found.families.filter(pl.col("across_splits"))
    if leaks.height:
        n, name, value = int(leaks["n"].sum()), "Twins across splits", _counted(leaks)
    else:
        n = len(found.copies)
        name, value = "Copies", numbers.count(n)
    total = max(one.n for one in found.compared)
    many = sentences.counted(report.outcomes, total)
    below = f"{numbers.rate(n / total)} of {many}" if n else f"of {many}"
    return (StripCell("check" if n else "fine", name, value, below, "duplicates"),)


def twin_rows(report: Report) -> list[int]:
    """The rows whose media the section needs."""
    found = report.inspection.duplicates
    return [] if found is None else _shown(found).select("first", "second").to_numpy().ravel().tolist()


def _shown(found: Duplicates) -> pl.DataFrame:
    """The families that are shown; those of one group only where there are no others."""
    told = found.families.filter(~within_one_group())
    return (told if told.height else found.families).head(SHOWN)


def _counted(families: pl.DataFrame) -> str:
    """How many families there are: "37 pairs" where each is one, else "37 families"."""
    n = families.height
    of_two = bool((families["n"] == 2).all())
    noun = ("pair" if n == 1 else "pairs") if of_two else ("family" if n == 1 else "families")
    return f"{numbers.count(n)} {noun}"


def _compared(report: Report, one: Compared) -> str:
    if one.what == "images":
        many = f"{numbers.count(one.n)} {'image' if one.n == 1 else 'images'}"
        bits = f"{near_hashes.WITHIN} of {near_hashes.BITS} bits may differ"
        return f"Compared {many}: equal pixels, or near perceptual hashes ({bits}) and pixels that correlate."
    if one.what == "texts":
        near = f"with {near_texts.LEAST:.0%} or more of their pieces of {near_texts.PIECE} characters in common"
        return f"Compared {numbers.count(one.n)} texts: the same but for case, blanks and punctuation, or {near}."
    many = sentences.counted(report.outcomes, one.n)
    return f"Compared {many} by the cosine of their vectors ({neighbours.LEAST} or more)."


def _key(report: Report, found: Duplicates) -> str:
    families = found.families
    if not families.height:
        return "No two are the same, nor nearly."
    leaks, wrong = families.filter(pl.col("across_splits")), families.filter(pl.col("other_labels"))
    told = families.filter(~within_one_group())
    said = []
    if leaks.height:
        said.append(f"{_counted(leaks)} of twins {_verb(leaks, 'lies', 'lie')} in different splits.")
    elif told.height:
        said.append(f"{_counted(told)} of twins {_verb(told, 'was', 'were')} found.")
    if wrong.height:
        said.append(f"{_counted(wrong)} {_verb(wrong, 'has', 'have')} labels that differ.")
    return " ".join([*said, *moved_text(report, found.effects, len(found.copies))])


def _verb(families: pl.DataFrame, one: str, many: str) -> str:
    return one if families.height == 1 else many


def moved_text(report: Report, effects: pl.DataFrame, n: int, what: str = "") -> Iterator[str]:
    """What leaving ``n`` copies out does to the leading metric of the candidate, and to its change."""
    primary = next(one for one in report.metrics if one.primary)
    own = effects.filter((pl.col("metric") == primary.name) & pl.col("class").is_null())
    parts = []
    for version, whose in ((report.candidate, f"of {report.candidate}"), (None, "the change")):
        row = own.filter(pl.col("version").eq_missing(pl.lit(version)))
        if not row.height or row["value"][0] is None or row["without"][0] is None:
            continue
        decimals = _decimals(effects, primary)
        parts.append(f"{whose} by {_amount(row['without'][0] - row['value'][0], primary, decimals)}")
    if parts:
        copies = what or ("the copy" if n == 1 else f"{numbers.count(n)} copies")
        yield f"Leaving {copies} out moves {sentences.lowered(primary.label)} {', and '.join(parts)}."


def _amount(moved: float, metric: MetricInfo, decimals: int) -> str:
    """By how much a figure moves, as the table writes it: "−0.4 points", "less than 0.1 points"."""
    points = " points" if metric.unit == "rate" else ""
    said = numbers.difference(moved, metric.unit, decimals)
    if points and moved and not said.strip("0."):
        return f"less than {10**-decimals:.{decimals}f}{points}"
    return f"{said}{points}" if moved else "nothing"


def _unit(report: Report) -> str:
    """In what likeness is expected."""
    return "sequence" if report.outcomes.sequence_names else "group"


def _remarks(found: Duplicates, unit: str) -> Iterator[str]:
    inside = found.families.filter(within_one_group())
    if inside.height:
        verb = _verb(inside, "lies", "lie")
        n = numbers.count(int(inside["n"].sum()))
        yield (
            f"{_counted(inside)} more ({n} samples) {verb} within one {unit} each, where likeness is expected: they "
            "are left out here and are no copies."
        )
    for one in found.compared:
        if one.n_plain:
            yield (
                f"{numbers.count(one.n_plain)} {'image is' if one.n_plain == 1 else 'images are'} too plain to be told "
                "apart: among them only equal ones are found."
            )
        if one.untold:
            yield f"By {_MEANS[one.what]} so many are near that it doesn't tell them apart; those aren't listed."


_MEANS = {"images": "the perceptual hash", "texts": "their pieces", "vectors": "this embedding"}


def _twins(report: Report, thumbnails: Thumbnails, row: Mapping[str, Any]) -> TwinsView:
    outcomes = report.outcomes
    first, second = row["first"], row["second"]
    splits = ""
    if outcomes.split is not None:
        one, other = (outcomes.samples[outcomes.split][at] for at in (first, second))
        splits = f"{one} ⇄ {other}" if one is not None and other is not None and one != other else ""
    labels = [target_text(outcomes, at) for at in (first, second)]
    differ = outcomes.frame[columns.TARGET][first] != outcomes.frame[columns.TARGET][second]
    more = row["n"] - 2
    return TwinsView(
        (tile_view(report, thumbnails, first), tile_view(report, thumbnails, second)),
        splits,
        "the same words" if _same_words(report, row) else likeness_text(row["how"], row["likeness"]),
        f"{labels[0]} · {labels[1]}" if differ else f"both {labels[0]}",
        bool(differ),
        f"and {numbers.count(more)} more" if more else "",
    )


def _same_words(report: Report, row: Mapping[str, Any]) -> bool:
    """Whether two texts are taken as equal though they are not written the same."""
    outcomes = report.outcomes
    if row["how"] != "text" or outcomes.media.column not in outcomes.samples.columns:
        return False
    texts = outcomes.samples[outcomes.media.column]
    return bool(texts[row["first"]] != texts[row["second"]])


def likeness_text(how: str, likeness: float | None) -> str:
    """How alike two twins are, as a page writes it."""
    if likeness is None:
        return "exact"
    if how == "hash":
        return f"distance {likeness:.0f} of {near_hashes.BITS}"
    return (
        f"similarity {numbers.plain(likeness, 3)}" if how == "vectors" else f"similarity {numbers.plain(likeness, 2)}"
    )


_SEE = {
    "exact-copies": ("exact copy", "exact copies"),
    "near-copies": ("near copy", "near copies"),
    "twins-across-splits": ("twin across splits", "twins across splits"),
    "twins-with-other-labels": ("twin with another label", "twins with other labels"),
}


def _links(report: Report, found: Duplicates) -> Iterator[Link]:
    for one in found.sets:
        yield see_set(report, one, f"See {numbers.count(one.n)} {_SEE[one.key][one.n != 1]}")


def _kinds(families: pl.DataFrame, unit: str) -> Iterator[KindRow]:
    kinds = (
        ("The same", (pl.col("kind") == "exact") & ~within_one_group()),
        ("Nearly the same", (pl.col("kind") == "near") & ~within_one_group()),
        (f"Within one {unit}", within_one_group()),
    )
    for name, chosen in kinds:
        own = families.filter(chosen)
        if own.height:
            across = int(own["across_splits"].fill_null(value=False).sum())
            disagree = int(own["other_labels"].sum())
            yield KindRow(name, *(numbers.count(n) for n in (own.height, int(own["n"].sum()), across, disagree)))


def _decimals(effects: pl.DataFrame, metric: MetricInfo) -> int:
    """The decimals of a metric's rows: of one scale, with one more where a difference would not be that of its ends."""
    own = effects.filter(
        (pl.col("metric") == metric.name) & pl.col("value").is_not_null() & pl.col("without").is_not_null()
    )
    ends = list(own.select("value", "without").iter_rows())
    scale = 100 if metric.unit == "rate" else 1
    places = (
        1 if scale == 100 else numbers.scale_decimals(max((abs(one) for pair in ends for one in pair), default=0.0))
    )

    def rounded(value: float) -> float:
        return float(numbers.plain(value * scale, places).replace(numbers.MINUS, "-").replace(",", ""))

    apart = (abs(rounded(after) - rounded(before) - rounded(after - before)) for before, after in ends)
    return places + any(one > 0.5 * 10**-places for one in apart)


def effect_rows(report: Report, effects: pl.DataFrame) -> Iterator[EffectRow]:
    """Every metric that is not of one of many classes (``columns.TWIN_EFFECTS``)."""
    infos = {one.name: one for one in report.metrics}
    for row in effects.filter(of_the_whole(report)).iter_rows(named=True):
        info = infos.get(row["metric"])
        if info is None or row["value"] is None or row["without"] is None:
            continue
        write = numbers.difference if row["version"] is None else numbers.value
        value, without = row["value"], row["without"]
        decimals = _decimals(effects, info)
        yield EffectRow(
            info.label,
            row["version"] or "change",
            write(value, info.unit, decimals),
            write(without, info.unit, decimals),
            numbers.difference(without - value, info.unit, decimals),
            f"{numbers.count(row['n_left_out'])} of {numbers.count(row['n'])}",
        )
