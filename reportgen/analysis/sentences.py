"""The words that findings share: where something is, what samples are called, how a change is said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import polars as pl

from reportgen import columns, numbers
from reportgen.analysis.slices import IN_SET, found_filter, is_missing, missing_set, pinned_filter, pinned_name
from reportgen.model import ALL, Attribute, Link, MetricInfo, Outcomes, Slice, Split, Term, Unpaired

Row = Mapping[str, Any]

NOUNS = {"image": ("image", "images"), "text": ("text", "texts"), "none": ("sample", "samples")}
GRAINS = {"object": ("object", "objects")}


def noun(outcomes: Outcomes, n: int | None = None) -> str:
    """What the samples are called, or what else the frame has a row of: "images", or "image" for one."""
    one, many = GRAINS.get(outcomes.grain) or NOUNS[outcomes.media.kind]
    return one if n == 1 else many


def group_noun(outcomes: Outcomes, n: int | None = None) -> str:
    """What the groups are called: "groups", or what the samples are where parts of one sample are its group."""
    one, many = NOUNS[outcomes.media.kind] if outcomes.in_samples else ("group", "groups")
    return one if n == 1 else many


def counted(outcomes: Outcomes, n: int) -> str:
    """A count with its noun: "812 images"."""
    return f"{numbers.count(n)} {noun(outcomes, n)}"


def margin_text(outcomes: Outcomes) -> str:
    """By how much an error must move to count as a flip, wherever it is printed: "1.20"."""
    return numbers.value(outcomes.flip_margin, "number")


def tolerance_text(outcomes: Outcomes) -> str:
    """How far off a value may be to count as right, wherever it is printed: "1.20"."""
    return numbers.value(outcomes.tolerance, "number")


def where(one: Slice, attributes: Sequence[Attribute], things: str = "samples") -> str:
    """Where a slice is, in words: the manifest's phrases ("at night in the rain"), else "in night × rain".

    The target needs no phrase: "on samples labelled 7", "where the true value is 2.0–3.5". ``things`` is the noun.
    """
    if not one.terms:
        return "overall"
    kinds = {a.name: a.kind for a in attributes}
    terms = sorted(one.terms, key=lambda term: kinds.get(term.attribute) != "target")
    phrases = [phrase for term in terms if (phrase := _phrase(term, attributes, things))]
    if len(phrases) < len(terms):
        return f"in {one.name}"
    said = phrases[0]
    for before, phrase in pairwise(phrases):
        # "without blur and without noise", but "in the rain at night"
        said += " and " if before.split()[0] == phrase.split()[0] else " "
        said += phrase
    return said


def opening(one: Slice, attributes: Sequence[Attribute], things: str = "samples") -> str:
    """Where a slice is, as a sentence begins: the manifest's phrases, else what the attributes are.

    "When strongly rotated", "On images labelled 7", "Where rotation = strong and words < 10".
    """
    kinds = {a.name: a.kind for a in attributes}
    bare = [t for t in one.terms if kinds.get(t.attribute) != "target" and not _phrase(t, attributes, things)]
    said = where(one, attributes, things)
    if bare:
        phrases = [_phrase(t, attributes, things) for t in one.terms if kinds.get(t.attribute) == "target"]
        values = [_condition(t) for t in one.terms if kinds.get(t.attribute) != "target"]
        said = " ".join([*(phrase for phrase in phrases if phrase), f"where {' and '.join(values)}"])
    return said[0].upper() + said[1:]


def _condition(term: Term) -> str:
    if term.value.startswith(("<", "≥")):
        return f"{term.attribute} {term.value}"
    return f"{term.attribute} {'is' if term.op == 'in' else '='} {term.value}"


def _phrase(term: Term, attributes: Sequence[Attribute], things: str) -> str | None:
    attribute = next((a for a in attributes if a.name == term.attribute), None)
    if attribute is None:
        return None
    if attribute.kind == "target":
        return f"where the true value is {term.value}" if attribute.edges else f"on {things} labelled {term.value}"
    if is_missing(term, attribute):
        return f"without a value of {attribute.name}"
    return attribute.phrases.get(term.value)


def slice_state(one: Slice, attributes: Sequence[Attribute], version: str | None) -> tuple[tuple[str, str], ...]:
    """The state of Examples that selects a slice's samples; the target's terms are the label filter."""
    by_name = {a.name: a for a in attributes}
    pinned = pinned_name(attributes)
    state = [("version", version)] if version else []
    for term in one.terms:
        if term.attribute == pinned:
            state.append((f"a.{pinned_filter(term.value, attributes)}", IN_SET))
            continue
        attribute = by_name.get(term.attribute)
        if attribute is not None and is_missing(term, attribute):
            state.append((f"a.{found_filter(missing_set(attribute.name), attributes)}", IN_SET))
            continue
        kind = "prediction" if attribute is None else attribute.kind
        key = {"target": "label", "prediction": "predicted"}.get(kind, f"a.{term.attribute}")
        state.append((key, term.value))
    return tuple(state)


OBJECTS = "slices-objects"
"""Where the slices of objects stand on their page."""


def object_state(one: Slice, version: str | None, state: str = "all") -> tuple[tuple[str, str], ...]:
    """The state of Examples that selects the samples which hold an object of a slice.

    Args:
        one: a slice of objects.
        version: the candidate.
        state: what became of the object: all | found | missed | newly_found | newly_missed.
    """
    chosen = [("set", "all"), *([("version", version)] if version else []), ("objects", state)]
    return (*chosen, *((f"o.{term.attribute}", term.value) for term in one.terms))


def examples_link(
    name: str, n: int, text: str, one: Slice, attributes: Sequence[Attribute], version: str | None
) -> Link:
    """A link to the samples of a set inside a slice; its count is the count on the page that it opens."""
    return Link("examples", f"{numbers.count(n)} {text}", (("set", name), *slice_state(one, attributes, version)), n)


def slice_link(one: Slice, version: str | None, text: str = "Slice in detail") -> Link:
    """A link to the slice's row and drawer."""
    return Link("slices", text, (("slice", one.id), *((("version", version),) if version else ())))


def value_text(metric: MetricInfo, value: float | None, decimals: int | None = None) -> str:
    """A metric's value as it reads in a sentence: "74.8%", "1.23"."""
    return numbers.value(value, metric.unit, decimals)


def unit_word(metric: MetricInfo) -> str:
    """What a difference is counted in: "points" for rates, nothing else for numbers."""
    return "points" if metric.unit == "rate" else ""


def change_text(metric: MetricInfo, row: Row, level: float) -> str:
    """A change with its interval, in prose: "−8.3 points, 95% −11.2 to −5.4"."""
    return _sized(metric, row["delta"], row["low"], row["high"], row["decimals"], level)


@dataclass(frozen=True)
class FlipRatio:
    """How many were fixed for each one broken: "1.3", "95% 0.9 to 1.9"; ``is_clear`` where the interval lacks 1."""

    value: str
    bounds: str
    is_clear: bool


def find_flip_ratio(estimates: pl.DataFrame, version: str, level: float, joint: str) -> FlipRatio | None:
    """The estimate of fixed per broken of a version, in words; none where nothing broke."""
    rows = estimates.filter(
        (pl.col("metric") == "fixed_per_broken") & (pl.col("version") == version) & (pl.col("slice") == ALL)
    )
    if not rows.height or rows["value"][0] is None:
        return None
    value, low, high = (rows[name][0] for name in ("value", "low", "high"))
    bounds = ""
    if low is not None and high is not None:
        bounds = f"{numbers.level(level)} {numbers.plain(low, 1)}{joint}{numbers.plain(high, 1)}"
    is_clear = (low is not None and low > 1) or (high is not None and high < 1)
    return FlipRatio(numbers.plain(value, 1), bounds, is_clear)


_NOTHING = "so nothing can be compared"
_NOT_PAIRED = "so they can't be compared {noun} by {noun}"
NOT_COMPARED: Mapping[str, str] = {
    "none_usable": f"{{version}} has no prediction that can be used, {_NOTHING}.",
    "none_usable_apart": f"{{version}} has no prediction that can be used, {_NOT_PAIRED}.",
    "none_shared": f"{{baseline}} and {{candidate}} predicted no {{noun}} in common, {_NOTHING}.",
    "none_shared_apart": f"{{baseline}} and {{candidate}} predicted no {{noun}} in common, {_NOT_PAIRED}.",
    "few_shared": f"{{baseline}} and {{candidate}} predicted only {{shared}} in common, {_NOT_PAIRED}.",
    "not_for_both": f"{{metric}} can't be computed for both {{baseline}} and {{candidate}}, {_NOTHING}.",
}
"""Why two versions have no paired difference, by the case; "apart": they have an unpaired one."""


def not_compared(
    outcomes: Outcomes, metric: MetricInfo, baseline: str, candidate: str, apart: Unpaired | None = None
) -> str:
    """Why two versions have no paired difference, in a sentence; ``apart`` where they scored different samples."""
    one = noun(outcomes, 1)
    names = {"baseline": baseline, "candidate": candidate, "noun": one}
    together = "" if apart is None else "_apart"
    scored = {v: outcomes.frame[columns.scored(outcomes.versions.index(v))] for v in (candidate, baseline)}
    for version, mark in scored.items():
        if not mark.any():
            return NOT_COMPARED[f"none_usable{together}"].format_map({**names, "version": version})
    if not (scored[candidate] & scored[baseline]).any():
        return NOT_COMPARED[f"none_shared{together}"].format_map(names)
    if apart is not None:
        return NOT_COMPARED["few_shared"].format_map({**names, "shared": counted(outcomes, apart.n_shared)})
    return NOT_COMPARED["not_for_both"].format_map({**names, "metric": metric.label})


UNPAIRED = (
    "Unpaired, each version over its own {nouns}: {label} is {after} for {candidate} (n = {n_candidate}) and {before} "
    "for {baseline} (n = {n_baseline}), {size}. Other {nouns} can make such a difference by themselves."
)


def unpaired_text(outcomes: Outcomes, metric: MetricInfo, one: Unpaired, level: float) -> str:
    """The unpaired difference with both ends, n and interval, and what it can't tell."""
    decimals = numbers.difference_decimals(one.value_baseline, one.value_candidate, one.delta, metric.unit)
    before, after = (value_text(metric, v, decimals) for v in (one.value_baseline, one.value_candidate))
    label = metric.label if metric.label[:2].isupper() else metric.label[0].lower() + metric.label[1:]
    return UNPAIRED.format(
        nouns=noun(outcomes),
        label=label,
        after=after,
        candidate=one.candidate,
        n_candidate=numbers.count(one.n_candidate),
        before=before,
        baseline=one.baseline,
        n_baseline=numbers.count(one.n_baseline),
        size=_sized(metric, one.delta, one.low, one.high, decimals, level),
    )


def split_decimals(metric: MetricInfo, one: Unpaired, split: Split) -> int:
    """With how many decimals an unpaired difference and its parts are printed, so that they agree."""
    return max(
        numbers.difference_decimals(one.value_baseline, one.value_candidate, one.delta, metric.unit),
        numbers.difference_decimals(-split.mix, split.rate, one.delta, metric.unit),
    )


def split_text(outcomes: Outcomes, metric: MetricInfo, one: Unpaired, level: float) -> str:
    """What of the unpaired difference goes with the samples and what with the behaviour; empty without a split."""
    split = one.split
    if split is None:
        return ""
    decimals = split_decimals(metric, one, split)
    whole = numbers.difference(one.delta, metric.unit, decimals)
    mix = _sized(metric, split.mix, split.mix_low, split.mix_high, decimals, level)
    rate = _sized(metric, split.rate, split.rate_low, split.rate_high, decimals, level)
    said = (
        f"Split by {split.attribute}: of the {whole}, {mix}, go with which kinds of {noun(outcomes)} each version "
        f"predicted, and {rate}, with how each does on the same kind."
    )
    if split.n_attributes == 1:
        return said
    return f"{said} Of {split.n_attributes} attributes, {split.attribute} shows the largest such part."


SIZES: Mapping[str, str] = {"points": "{size} points", "with_interval": "{size}, {level} {ends}", "joint": " to "}
"""How a difference is said: of rates, with its interval, between the interval's ends."""


def _sized(metric: MetricInfo, delta: float, low: float | None, high: float | None, decimals: int, level: float) -> str:
    """A difference with its interval: "−8.3 points, 95% −11.2 to −5.4"."""
    size = numbers.difference(delta, metric.unit, decimals)
    if metric.unit == "rate":
        size = SIZES["points"].format(size=size)
    if low is None:
        return size
    ends = numbers.difference_interval(low, high, metric.unit, decimals, SIZES["joint"])
    return SIZES["with_interval"].format(size=size, level=numbers.level(level), ends=ends)


_PEOPLE = ("Brier", "Cohen", "Matthews", "Pearson")
"""Whose names metrics bear."""


def lowered(label: str) -> str:
    """A label inside a sentence: its first letter small, unless it is an abbreviation or a person's name."""
    first = label.partition(" ")[0]
    if not label[1:2].islower() or first[1:] != first[1:].lower() or label.startswith(_PEOPLE):
        return label
    return label[0].lower() + label[1:]


def article(label: str) -> str:
    """The article before a label, by how it is spoken: "a precision", "an average", "an F1"."""
    spelled = label[:2].isupper() or label[1:2].isdigit()
    return "an" if label[0].lower() in ("aefhilmnorsx" if spelled else "aeio") else "a"


def listed(parts: Sequence[str]) -> str:
    """Words as a list: "a", "a and b", "a, b and c"."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def moved(before: float, after: float) -> str:
    """The plain verb of a change of a value."""
    return "up from" if after > before else "down from" if after < before else "as"
