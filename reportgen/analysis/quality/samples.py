"""Samples that are odd in themselves: dark, blurred, truncated images; empty, very short, repetitive texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen import columns, numbers
from reportgen.analysis.measure import Measure
from reportgen.analysis.quality.given import Given
from reportgen.analysis.quality.rates import at_most, rate_sets
from reportgen.inspection import Absent, SampleSet
from reportgen.inspection.looks import UNLOOKED, Looks
from reportgen.inspection.samples import TOGETHER, Check, SampleChecks
from reportgen.model import Outcomes

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

DARK = 0.32
"""Very dark: 99% of an image's pixels have at most this brightness, of 0 to 1."""
BRIGHT = 0.95
"""Over-exposed: 95% of them have at least this one."""
LITTLE = 3.0
"""Low information: bits of entropy of the pixels' values."""
BLURRED = 0.29
"""Blurred: the score that has to be reached, of 0 to 1."""
DRAWN = 0.18
"""From this variety of its grey levels' counts on an image is a drawing or a plain ground, and not blurred."""
ODD_RATIO = 0.35
"""Odd aspect ratio: the short side is less than this share of the long one."""
FAR = 3.0
"""Odd size: so many interquartile ranges outside the middle half."""
SHORT = 3
"""A text of fewer words is very short."""
REPEATED = 0.3
"""A text is repetitive of whose runs of three words more than this share stood in it before."""
LONG_ENOUGH = 8
"""Words that a text needs to be called repetitive."""
WORDS = 1_000
"""Words of a text that are looked at: in a very long one the same words come back without anything being wrong."""
LETTERS = 8 * WORDS
"""And its letters, so that the longest costs no more."""

_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tibetan}"
_WORD = rf"[{_UNSPACED}]\p{{M}}*|[\p{{L}}\p{{N}}\p{{M}}&&[^{_UNSPACED}]]+(?:['’\-][\p{{L}}\p{{N}}\p{{M}}]+)*"
"""A run of letters and digits; in scripts that set no spaces, each character."""

_UNREADABLE = (
    ("empty", "no-image", "no image", "The media column is empty."),
    ("missing", "image-not-found", "image not found", "The media column names a file that is not below the root."),
    ("outside", "image-outside", "image outside its root", "The file is outside the media root, and was not read."),
    ("special", "not-a-file", "not a file", "The media column names a folder, a pipe or a device."),
    ("truncated", "truncated-image", "truncated", "The file ends before its image does."),
    ("broken", "damaged-image", "damaged", "The file is an image that cannot be decoded."),
    ("not_image", "not-an-image", "not an image", "The file holds something else than an image."),
    ("format", "format-not-read", "format not read", "The file is neither JPEG, PNG, WebP, GIF nor BMP."),
    ("bytes", "file-too-large", "file too large", "The file is larger than those that are read."),
    ("pixels", "image-too-large", "image too large", "The image has more pixels than are decoded."),
)
"""Reason, key, name and rule of what keeps an image from being looked at."""


def inspect_samples(outcomes: Outcomes, given: Given) -> SampleChecks | Absent:
    """What the samples' images or texts were checked for and what was found, or why there was nothing to check.

    The measures and thresholds of images are cleanvision's (Cleanlab, 2022), told in ``docs/data.md`` with where the
    two differ. What more than half of the images or texts have is usual for them, and makes no set.
    """
    media = outcomes.media
    if media.kind == "image" and given.looks is not None:
        looks = given.looks
        if not looks.readable.any():
            return Absent("Dark, blurred and otherwise odd images", _none_read(looks))
        found = list(_images(looks))
        return _checks("image", outcomes, found, looks.n_unlooked)
    if media.kind == "text" and media.column in outcomes.samples.columns:
        return _checks("text", outcomes, list(_texts(outcomes.samples[media.column])), 0)
    return Absent(
        "Images and texts",
        "The manifest names no column of images or texts. Set media and columns: {media: …} where there are any.",
    )


def weigh_samples(measure: Measure, samples: SampleChecks) -> SampleChecks:
    """The checks with each version's error in all their sets together, and what the sets can cost at most."""
    if not samples.sets:
        return samples
    rows = np.unique(np.concatenate([one.rows for one in samples.sets]))
    whole = SampleSet(TOGETHER, "any problem", "samples", "It is in one of the sets of the checks.", rows)
    bounds = tuple((name, at_most(measure, v, rows)) for v, name in enumerate(measure.outcomes.versions))
    return replace(samples, together=rate_sets(measure, [whole]), at_most=bounds)


def _none_read(looks: Looks) -> str:
    if looks.n_unlooked == len(looks):
        return "The budget of the pass over the images is spent by the first of them."
    return f"None of {numbers.count(len(looks))} images could be read. Look at the manifest's media root and column."


@dataclass(frozen=True, eq=False)
class _Found:
    """What one check says of every sample; ``worst`` orders those that have it, lowest first."""

    key: str
    name: str
    rule: str
    flags: Flags
    checked: Flags
    worst: Floats | None = None
    unreadable: bool = False


def _checks(kind: str, outcomes: Outcomes, found: Sequence[_Found], n_unlooked: int) -> SampleChecks:
    ids = outcomes.frame[columns.ID].to_numpy()
    checks, sets = [], []
    union = np.zeros(outcomes.frame.height, bool)
    for one in found:
        check = Check(one.key, one.name, one.rule, int(one.flags.sum()), int(one.checked.sum()), one.unreadable)
        checks.append(check)
        if check.n and not check.is_usual:
            action: Literal["exclude", "review"] = "exclude" if one.unreadable else "review"
            sets.append(SampleSet(one.key, one.name, "samples", one.rule, _in_order(one, ids), action))
            union |= one.flags
    return SampleChecks(
        "image" if kind == "image" else "text",
        tuple(checks),
        outcomes.frame.height,
        n_unlooked,
        tuple(sets),
        int(union.sum()),
    )


def _in_order(one: _Found, ids: npt.NDArray[np.object_]) -> npt.NDArray[np.int64]:
    """The rows that have it, the worst first; ties by id, so that nothing hangs on the order of the table."""
    rows = np.flatnonzero(one.flags)
    rows = rows[np.argsort(ids[rows].astype(str), kind="stable")]
    if one.worst is not None:
        rows = rows[np.argsort(one.worst[rows], kind="stable")]
    return rows.astype(np.int64)


def _images(looks: Looks) -> Iterator[_Found]:
    seen = looks.readable
    told = seen & np.isfinite(looks.dark)
    yield _Found(
        "very-dark",
        "very dark",
        f"99% of its pixels have a brightness of less than {DARK:g}, of 0 (black) to 1 (white).",
        told & (looks.dark < DARK),
        told,
        looks.dark,
    )
    yield _Found(
        "over-exposed",
        "over-exposed",
        f"95% of its pixels have a brightness of more than {BRIGHT:g}, of 0 (black) to 1 (white).",
        told & (looks.bright > BRIGHT),
        told,
        -looks.bright,
    )
    sharp = blur_scores(looks.edges, looks.tones)
    yield _Found(
        "blurred",
        "blurred",
        f"Shrunk to 64 pixels, its edges are so weak that its sharpness, of 0 to 1, is below {BLURRED:g}.",
        seen & (sharp < BLURRED),
        seen,
        sharp,
    )
    yield _Found(
        "low-information",
        "low information",
        f"The values of its pixels have less than {LITTLE:g} bits of entropy: few different ones.",
        seen & (looks.entropy < LITTLE),
        seen,
        looks.entropy,
    )
    yield _odd_size(looks)
    sides = np.stack([looks.width, looks.height]).astype(np.float64)
    ratio = sides.min(axis=0) / np.maximum(1, sides.max(axis=0))
    yield _Found(
        "odd-aspect-ratio",
        "odd aspect ratio",
        f"Its short side is less than {ODD_RATIO:g} of its long one.",
        seen & (ratio < ODD_RATIO),
        seen,
        ratio,
    )
    yield _Found(
        "grey-among-colour",
        "grey among colour",
        "Red, green and blue are the same in every pixel, while most of the images have colours.",
        seen & looks.grey,
        seen,
    )
    tried = looks.reasons != UNLOOKED
    for reason, key, name, rule in _UNREADABLE:
        yield _Found(key, name, rule, looks.reasons == reason, tried, unreadable=True)


def blur_scores(edges: Floats, tones: Floats) -> Floats:
    """How sharp images are, 0 to 1, by the spread of their edges and of the counts of their grey levels at 64 pixels.

    Source: cleanvision's blur score. Levels whose counts differ much are those of drawings and plain grounds, which
    have few edges and are sharp all the same.
    """
    drawn = 1 - np.exp(-0.01 * tones)
    return np.asarray(np.minimum(1 - np.exp(-0.01 * edges) + np.where(drawn > DRAWN, drawn, 0.0), 1.0))


def _odd_size(looks: Looks) -> _Found:
    """Sizes far from the middle half, as cleanvision's; of equal areas the size is the same, whatever their sides."""
    seen = looks.readable
    size = np.sqrt(looks.width.astype(np.float64) * looks.height)
    q1, q3 = np.percentile(size[seen], [25, 75])
    low, high = q1 - FAR * (q3 - q1), q3 + FAR * (q3 - q1)
    ends = [f"below {numbers.count(int(np.ceil(low)))}"] if low > 0 else []
    ends = [*ends, f"above {numbers.count(int(high))}"] if q1 != q3 else [f"not {numbers.count(round(q1))}"]
    usual = f"{FAR:g} interquartile ranges beyond the middle half" if q1 != q3 else "the size that most have"
    return _Found(
        "odd-size",
        "odd size",
        f"The square root of its area is {' or '.join(ends)} pixels: {usual}.",
        seen & ((size < low) | (size > high)),
        seen,
        -np.abs(size - (low + high) / 2),
    )


def _texts(column: pl.Series) -> Iterator[_Found]:
    text = column.cast(pl.String).fill_null("")
    bare = text.str.replace_all(r"[\s\p{C}]+", "")
    empty = (bare == "").to_numpy()
    told = ~empty
    yield _Found(
        "empty-text",
        "empty",
        "It holds no character that one could see.",
        empty,
        np.ones(len(text), bool),
        unreadable=True,
    )
    words = text.str.slice(0, LETTERS).str.to_lowercase().str.extract_all(_WORD).list.head(WORDS)
    n = words.list.len().to_numpy().astype(np.float64)
    yield _Found(
        "very-short-text",
        "very short",
        f"It has fewer than {SHORT} words; in scripts without spaces, characters.",
        told & (n < SHORT),
        told,
        n,
    )
    shares = np.array([_repeated(one) for one in words.to_list()])
    yield _Found(
        "repetitive-text",
        "repetitive",
        f"Of its runs of three words more than {REPEATED * 100:g}% stood in it before; it has {LONG_ENOUGH} words or "
        f"more, of which the first {numbers.count(WORDS)} count.",
        told & (shares > REPEATED),
        told,
        -shares,
    )


def _repeated(words: Sequence[str]) -> float:
    """The share of a text's runs of three words that stood in it before.

    Source: seq-rep-n of Welleck et al., "Neural text generation with unlikelihood training", ICLR 2020, with n = 3.
    """
    n = len(words) - 2
    # each run that stood before ends in a word that did, so that few repeated words spare the runs
    if len(words) < LONG_ENOUGH or len(words) - len(set(words)) <= REPEATED * n:
        return 0.0
    return 1 - len(set(zip(words, words[1:], words[2:], strict=False))) / n
