"""What stands on the tile of one sample: picture, text or card, the truth, and what two versions say of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from reportgen import columns, numbers
from reportgen.analysis.judged_words import parts_label, parts_text, words_of
from reportgen.kept import kept
from reportgen.model import Attribute, Link, Outcomes
from reportgen.report import Report
from reportgen.site.mask_paths import judged_masks
from reportgen.site.media import Thumb, Thumbnails
from reportgen.site.overlays import Overlay, overlay
from reportgen.site.region_paths import RegionOverlay, region_overlay
from reportgen.tasks.parts import Ints, by_sample

EXCERPT = 240
"""Characters of a text that a tile has room for."""
CARD = 4
"""Attributes that a card has room for."""
SHORT = 8
"""Characters of a version's name that always stand in full."""


@dataclass(frozen=True)
class TileLine:
    """What one version says of the sample. ``right`` is null where it has no prediction, or where nothing is right."""

    version: str
    short: str  # its name where there is little room
    right: bool | None
    mark: str  # right or wrong in words; empty where it is neither
    prediction: str
    aside: str  # its confidence, or the error
    told: str  # the prediction where there is room for it
    says: str  # what leads from its name to that


@dataclass(frozen=True)
class TileView:
    """The tile of one sample. It shows ``picture``, else ``text``, else ``card``, else its id and ``missing``."""

    row: int
    id: str
    link: Link
    label: str
    lines: tuple[TileLine, ...]
    picture: Thumb | None = None
    badge: str = ""
    text: str | None = None
    card: tuple[tuple[str, str], ...] = ()
    missing: str = ""
    overlay: Overlay | None = None
    regions: RegionOverlay | None = None
    parts: bool = False  # what is said of a version is a count of parts, not the name of a class

    @property
    def outcome(self) -> tuple[bool, ...]:
        """Right or wrong in the shown versions, in their order; empty where one of them says neither."""
        known = tuple(line.right for line in self.lines if line.right is not None)
        return known if len(known) == len(self.lines) else ()

    @property
    def spoken(self) -> str:
        """The tile in one sentence, for those who do not see it."""
        said = [f"{line.version} {line.mark + ', ' if line.mark else ''}{line.says}{line.told}" for line in self.lines]
        return f"{self.label}: {'; '.join(said)} (sample {self.id})"


def tile_view(
    report: Report, thumbnails: Thumbnails, row: int, *, candidate: str | None = None, set_name: str | None = None
) -> TileView:
    """The tile of row ``row`` of the outcome frame, for the baseline and ``candidate`` (default: the report's).

    Its link opens the sample on the examples page, in the set named.
    """
    outcomes = report.outcomes
    chosen = candidate or report.candidate
    shown = [name for name in (report.baseline, chosen) if name is not None]
    sample = outcomes.frame[columns.ID][row]
    state = [("set", set_name)] if set_name else [("set", "all")]
    if candidate and candidate != report.candidate:
        state.append(("version", candidate))
    picture = thumbnails.by_row.get(row)
    text = thumbnails.texts.get(row)
    kind = outcomes.media.kind
    return TileView(
        row=row,
        id=sample,
        link=Link("examples", sample, (*state, ("sample", sample))),
        label=target_text(outcomes, row),
        lines=_lines(outcomes, row, tuple(dict.fromkeys(shown))),
        picture=picture,
        badge=f"1 of {numbers.count(picture.n_frames)}" if picture and picture.n_frames > 1 else "",
        text=_excerpt(text.text) if text else None,
        card=attribute_texts(outcomes, row)[:CARD] if kind == "none" else (),
        overlay=overlay(outcomes, row, outcomes.versions.index(chosen), picture, judged_masks(outcomes, row, picture))
        if picture
        else None,
        regions=region_overlay(outcomes, row, outcomes.versions.index(chosen), picture) if picture else None,
        parts=outcomes.parts is not None,
        missing="" if picture or text or kind == "none" else thumbnails.reason(row) or f"{kind} not in the report",
    )


@kept
def value_decimals(outcomes: Outcomes) -> int | None:
    """With how many decimals every target, prediction and error of a sample is written; null for labels."""
    if outcomes.classes:
        return None
    typical = outcomes.frame[columns.TARGET].abs().median()
    return numbers.scale_decimals(typical if isinstance(typical, float) else 0.0)


@kept
def part_counts(outcomes: Outcomes) -> tuple[tuple[Ints, Ints, Ints], ...]:
    """Right, false and missed parts of each sample, by version; empty where samples have none."""
    if outcomes.parts is None:
        return ()
    return tuple(by_sample(outcomes.parts.counts[v]) for v in range(len(outcomes.versions)))


def n_parts(outcomes: Outcomes, row: int) -> int | None:
    """How many parts a sample consists of, as every version scored on it has it; null where none was."""
    scored = (outcomes.frame[columns.scored(v)][row] for v in range(len(outcomes.versions)))
    found = (int(right[row] + missed[row]) for right, _, missed in part_counts(outcomes))
    return max((n for n, known in zip(found, scored, strict=True) if known), default=None)


def short_names(names: Sequence[str]) -> list[str]:
    """The names without what they begin with alike, where that makes room: "…2.5" and "…3.3.2"."""
    cut = 0
    for i, letters in enumerate(zip(*names, strict=False)):
        if len(set(letters)) > 1:
            break
        if not (letters[0].isascii() and letters[0].isalnum()):
            cut = i + 1  # whole words only
    if len(names) < 2 or cut < 3 or max(map(len, names)) <= SHORT or min(map(len, names)) <= cut:
        return list(names)
    return [numbers.ELLIPSIS + name[cut:] for name in names]


def target_text(outcomes: Outcomes, row: int) -> str:
    """The truth of a sample, as a page writes it."""
    words = words_of(outcomes).part
    if words is not None:
        n = n_parts(outcomes, row)
        return numbers.MISSING if n is None else parts_label(words, n)
    return _value_text(outcomes, outcomes.frame[columns.TARGET][row])


def prediction_text(outcomes: Outcomes, row: int, version: int, *, short: bool = False) -> str:
    """What a version predicts for a sample, as a page writes it; ``short`` below the label of a sample."""
    scored = outcomes.frame[columns.scored(version)][row]
    words = words_of(outcomes).part
    if words is not None and scored:
        right, false, missed = part_counts(outcomes)[version]
        return parts_text(words, int(right[row]), int(false[row]), int(missed[row]), short=short)
    return _value_text(outcomes, outcomes.frame[columns.prediction(version)][row] if scored else None)


def attribute_texts(outcomes: Outcomes, row: int) -> tuple[tuple[str, str], ...]:
    """Name and value of each attribute that the sample has, the target apart; numbers as they are, not their bins."""
    found = []
    for attribute in outcomes.attributes:
        if attribute.kind in {"target", "prediction"}:
            continue
        code = outcomes.frame[columns.attribute(attribute.index)][row]
        if code is None or code < 0:
            continue
        exact = _exact(outcomes.samples[attribute.name][row]) if is_binned(outcomes, attribute) else ""
        found.append((attribute.name, exact or attribute.values[code]))
    return tuple(found)


def exact_numbers(outcomes: Outcomes, rows: Sequence[int]) -> dict[str, list[str]]:
    """For each binned attribute, by its column: the numbers of the rows as a page writes them; "" where missing."""
    return {
        columns.attribute(attribute.index): [_exact(x) for x in outcomes.samples[attribute.name][list(rows)].to_list()]
        for attribute in outcomes.attributes
        if is_binned(outcomes, attribute)
    }


def is_binned(outcomes: Outcomes, attribute: Attribute) -> bool:
    """Whether the values of an attribute are bins of numbers that the samples have."""
    return attribute.kind == "numeric" and attribute.name in outcomes.samples.columns


def _exact(value: object) -> str:
    """A number of the user's as it stands, to six digits."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return ""
    return f"{value:.6g}".replace("-", numbers.MINUS)


def _lines(outcomes: Outcomes, row: int, names: Sequence[str]) -> tuple[TileLine, ...]:
    return tuple(_line(outcomes, row, name, short) for name, short in zip(names, short_names(names), strict=True))


def _line(outcomes: Outcomes, row: int, name: str, short: str) -> TileLine:
    version = outcomes.versions.index(name)
    frame = outcomes.frame
    scored = frame[columns.scored(version)][row]
    judged = scored and (bool(outcomes.classes) or outcomes.tolerance is not None)
    right = bool(frame[columns.correct(version)][row]) if judged else None
    said = words_of(outcomes)
    return TileLine(
        version=name,
        short=short,
        right=right,
        mark="" if right is None else said.mark_right if right else said.mark_wrong,
        prediction=prediction_text(outcomes, row, version, short=True) if scored else "no prediction",
        told=prediction_text(outcomes, row, version) if scored else "no prediction",
        aside=_aside(outcomes, row, version) if scored else "",
        says=said.says,
    )


def _aside(outcomes: Outcomes, row: int, version: int) -> str:
    """The confidence of a label, or the signed error of a value; nothing beside counts of parts."""
    frame = outcomes.frame
    if outcomes.parts is not None:
        return ""
    if not outcomes.classes:
        error = frame[columns.prediction(version)][row] - frame[columns.TARGET][row]
        return numbers.difference(error, "number", value_decimals(outcomes))
    if columns.confidence(version) not in frame.columns:
        return ""
    return numbers.probability(frame[columns.confidence(version)][row])


def _value_text(outcomes: Outcomes, value: float | int | None) -> str:
    if value is None:
        return numbers.MISSING
    if not outcomes.classes:
        return numbers.value(value, "number", value_decimals(outcomes))
    return outcomes.classes[int(value)] if value >= 0 else numbers.MISSING


def _excerpt(text: str) -> str:
    flat = " ".join(text[: 4 * EXCERPT].split())
    return flat if len(flat) <= EXCERPT else flat[:EXCERPT].rstrip() + numbers.ELLIPSIS
