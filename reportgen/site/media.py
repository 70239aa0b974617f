"""The media of a report: which samples get a picture or their text within the byte budget, and what cannot be shown."""

from __future__ import annotations

import unicodedata
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import polars as pl

from reportgen import columns, numbers
from reportgen.analysis.sequences import order_frames
from reportgen.inputs.pictures import MAX_BYTES, MAX_PIXELS, RefusedError, own_caps
from reportgen.model import Note, Outcomes
from reportgen.report import Report
from reportgen.site.pictures import SIDE, Picture, make_larger, make_picture

MAX_SAMPLES = 3_000
"""At most so many samples have media: a folder of more files is a burden to hosts, and nobody looks further."""
MAX_TEXT = 65_536
"""Characters of a text that a report carries."""
AROUND = 6
"""Frames before one that is needed, and after it, which go before other samples."""
WHOLE = 6
"""Sequences whose frames all go before other samples, as many as there is room for."""
THREADS = 2
_BATCH = 64
_N_IDS = 5

REASONS: Mapping[str, tuple[str, str, str]] = {
    "empty": ("RG451", "no image", "the media column is empty for these samples"),
    "blank": ("RG451", "no text", "these texts hold no sign that one could see"),
    "missing": ("RG452", "image file not found", "the media column names files that are not below the media root"),
    "outside": ("RG453", "image outside its root", "files outside the media root are never read"),
    "special": ("RG454", "not a file", "the media column names folders, pipes or devices"),
    "bytes": ("RG455", "image file too large", f"files above {numbers.bytes_size(MAX_BYTES)} are not read"),
    "pixels": ("RG456", "image too large", f"images above {MAX_PIXELS // 1_000_000} megapixels are not decoded"),
    "format": ("RG457", "image format not allowed", "JPEG, PNG, WebP, GIF and BMP are shown"),
    "not_image": ("RG458", "not an image", "the files hold something else than an image"),
    "truncated": ("RG459", "image unreadable: truncated", "the files end too early"),
    "broken": ("RG460", "image unreadable", "the files are damaged"),
    "budget": ("RG461", "over the media budget", "raise media.budget in the manifest to see them"),
}
"""Reason: its code, what a tile says, and what the note adds."""


@dataclass(frozen=True)
class Thumb:
    """The picture of a sample: a file of ``Thumbnails.files``; sizes in pixels."""

    name: str
    width: int
    height: int
    true: bool = False  # the original's own pixels: enlarged unsmoothed
    n_frames: int = 1
    original: tuple[int, int] = (0, 0)  # width and height of the pixels that the file stores
    turned: int = 1  # the EXIF orientation that they were turned by


@dataclass(frozen=True)
class Text:
    """The text of a sample, cut where it is very long."""

    text: str
    cut: bool


@dataclass(frozen=True)
class Thumbnails:
    """What a report carries of its samples' media. ``missing`` says for a row why there is none (a key of REASONS).

    ``larger`` has the pictures to look into, of those rows of ``by_row`` that have one.
    """

    files: Mapping[str, bytes] = field(default_factory=dict)
    by_row: Mapping[int, Thumb] = field(default_factory=dict)
    larger: Mapping[int, Thumb] = field(default_factory=dict)
    texts: Mapping[int, Text] = field(default_factory=dict)
    missing: Mapping[int, str] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    n_bytes: int = 0
    budget_bytes: int = 0

    @property
    def rows(self) -> tuple[int, ...]:
        """The samples that have a picture or a text, in row order."""
        return tuple(sorted({*self.by_row, *self.texts}))

    def reason(self, row: int) -> str:
        """Why the sample has none, in a few words."""
        return REASONS[self.missing[row]][1] if row in self.missing else ""


def media_rows(report: Report, also: Sequence[int] = ()) -> tuple[list[int], list[int], list[int]]:
    """The rows whose media the report needs, the frames beside these, and the rows that may fill what is left.

    Needed, most needed first: those of the findings, then ``also`` (the tiles of other pages), then the galleries rank
    by rank. Of frames those beside them come next, the nearest first, then the sequences most worth looking at. The
    others come in the order of a checksum of their ids, so that they are spread over the data set and hang on no order.
    All three together are ``MAX_SAMPLES`` at most, unless more are needed.
    """
    ranked = report.examples.sort("rank", "set")["row"].to_list() if report.examples.height else []
    needed = list(dict.fromkeys([*(row for finding in report.findings for row in finding.rows), *also, *ranked]))
    beside = _beside(report, needed)[: max(0, MAX_SAMPLES - len(needed))]
    taken = {*needed, *beside}
    ids = report.outcomes.frame[columns.ID].to_list()
    rest = sorted((zlib.crc32(id_.encode()), row) for row, id_ in enumerate(ids) if row not in taken)
    return needed, beside, [row for _, row in rest[: max(0, MAX_SAMPLES - len(taken))]]


def _beside(report: Report, needed: Sequence[int]) -> list[int]:
    """The frames around the needed ones, the nearest first, then those of the first sequences; none is needed."""
    order = order_frames(report.outcomes)
    if order is None:
        return []
    n = len(order.rows)
    place = np.full(report.outcomes.frame.height, -1)
    place[order.rows] = np.arange(n)
    own = place[np.asarray(needed, np.int64)]
    own = own[own >= 0]
    found = []
    for by in range(1, AROUND + 1):
        for side in (own - by, own + by):
            at = np.clip(side, 0, n - 1)
            found.append(at[(side == at) & (order.sequence[at] == order.sequence[own])])
    first = report.sequences["sequence"].unique(maintain_order=True).head(WHOLE).to_list()
    codes = {name: code for code, name in enumerate(report.outcomes.sequence_names)}
    found += [np.flatnonzero(order.sequence == codes[name]) for name in first]
    taken = set(needed)
    rows = order.rows[np.concatenate(found)].tolist()
    return [row for row in dict.fromkeys(rows) if row not in taken]


def make_thumbnails(
    outcomes: Outcomes, needed: Sequence[int], beside: Sequence[int] = (), spare: Sequence[int] = ()
) -> Thumbnails:
    """The media of the rows, in the order given, until the budget is spent; those not ``needed`` are not missed.

    Images are re-encoded (``pictures.make_picture``), texts are cut at ``MAX_TEXT`` characters. Where samples consist
    of parts, the rows needed and the frames ``beside`` them get larger pictures too, in their order, of what the
    thumbnails leave of the budget. Notes count what could not be shown, with the first ids. The same inputs give the
    same bytes.
    """
    media = outcomes.media
    needed = list(dict.fromkeys(needed))
    rows = list(dict.fromkeys([*needed, *beside, *spare]))
    if media.kind == "none" or media.column not in outcomes.samples.columns:
        return Thumbnails(budget_bytes=media.budget_bytes)
    values = outcomes.samples[media.column]
    sources = [values[row] for row in rows]
    if media.kind == "text":
        shown = _texts(rows, sources, media.budget_bytes)
    else:
        root = Path(media.root).resolve()
        with own_caps():
            shown = _images(rows, sources, root, media.budget_bytes)
            if outcomes.parts is not None:
                shown = _with_larger(shown, list(dict.fromkeys([*needed, *beside])), values, root)
    missed = {row: reason for row, reason in shown.missing.items() if reason != "budget" or row in set(needed)}
    notes = (*_missing_notes(outcomes, missed), *shown.notes, *_size_note(outcomes, shown))
    return replace(shown, notes=notes)


def _images(rows: Sequence[int], sources: Sequence[object], root: Path, budget: int) -> Thumbnails:
    files: dict[str, bytes] = {}
    by_row: dict[int, Thumb] = {}
    missing: dict[int, str] = {}
    n_bytes = n_windowed = 0
    full = False
    for row, picture in zip(rows, _pictures(root, sources), strict=False):
        if isinstance(picture, str):
            missing[row] = picture
            continue
        size = 0 if picture.name in files else len(picture.data)
        if n_bytes + size > budget:
            full = True
            break
        files[picture.name] = picture.data
        n_bytes += size
        n_windowed += picture.windowed
        by_row[row] = _thumb(picture)
    if full:
        missing |= {row: "budget" for row in rows if row not in by_row and row not in missing}
    return Thumbnails(
        files, by_row, missing=missing, notes=_windowed_note(n_windowed), n_bytes=n_bytes, budget_bytes=budget
    )


def _with_larger(shown: Thumbnails, needed: Sequence[int], sources: pl.Series, root: Path) -> Thumbnails:
    """The same with larger pictures of the rows, in their order, of what is left of the budget."""
    rows = [row for row in needed if row in shown.by_row and max(shown.by_row[row].original) > SIDE]
    files = dict(shown.files)
    larger: dict[int, Thumb] = {}
    n_bytes = shown.n_bytes
    for row, picture in zip(rows, _pictures(root, [sources[row] for row in rows], make_larger), strict=False):
        if isinstance(picture, str):
            continue  # it could be shown a moment ago: the small one stays
        size = 0 if picture.name in files else len(picture.data)
        if n_bytes + size > shown.budget_bytes:
            break
        files[picture.name] = picture.data
        n_bytes += size
        larger[row] = _thumb(picture)
    return replace(shown, files=files, larger=larger, n_bytes=n_bytes)


def _thumb(picture: Picture) -> Thumb:
    return Thumb(
        picture.name,
        picture.width,
        picture.height,
        picture.true,
        picture.n_frames,
        picture.original,
        picture.turned,
    )


def _pictures(
    root: Path, sources: Sequence[object], make: Callable[[Path, object], Picture] = make_picture
) -> Iterator[Picture | str]:
    """A picture or a reason for each source, in order; decoded by threads, a batch at a time."""

    def attempt(source: object) -> Picture | str:
        try:
            return make(root, source)
        except RefusedError as error:
            return error.reason

    with ThreadPoolExecutor(THREADS) as pool:
        for start in range(0, len(sources), _BATCH):
            yield from pool.map(attempt, sources[start : start + _BATCH])


def _texts(rows: Sequence[int], sources: Sequence[object], budget: int) -> Thumbnails:
    texts: dict[int, Text] = {}
    missing: dict[int, str] = {}
    n_bytes = 0
    for row, source in zip(rows, sources, strict=True):
        whole = "" if source is None else str(source)
        if _is_blank(whole):
            missing[row] = "blank"
            continue
        text = Text(whole[:MAX_TEXT], len(whole) > MAX_TEXT)
        size = len(text.text.encode())
        if n_bytes + size > budget:
            missing |= {other: "budget" for other in rows if other not in texts and other not in missing}
            break
        n_bytes += size
        texts[row] = text
    return Thumbnails(texts=texts, missing=missing, n_bytes=n_bytes, budget_bytes=budget)


def _is_blank(text: str) -> bool:
    """Whether it holds no sign that one could see: only blanks, controls and invisible ones."""
    return all(sign.isspace() or unicodedata.category(sign).startswith("C") for sign in text)


def _missing_notes(outcomes: Outcomes, missing: Mapping[int, str]) -> Iterable[Note]:
    """One note a reason: how many samples, and the first ids."""
    ids = outcomes.frame[columns.ID]
    rows_by_reason: dict[str, list[int]] = defaultdict(list)
    for row in sorted(missing):
        rows_by_reason[missing[row]].append(row)
    noun = outcomes.media.kind
    for reason, (code, what, why) in REASONS.items():
        if rows := rows_by_reason.get(reason):
            samples = "1 sample is" if len(rows) == 1 else f"{numbers.count(len(rows))} samples are"
            message = f"{samples} shown without {noun}: {what.replace('image', noun)} ({why.replace('image', noun)})."
            first = tuple(ids[row] for row in rows[:_N_IDS])
            yield Note(code, "degraded", message, column=outcomes.media.column, n=len(rows), examples=first)


def _windowed_note(n: int) -> tuple[Note, ...]:
    if not n:
        return ()
    message = f"{numbers.count(n)} images have more than 8 bits; each is scaled to its own darkest and brightest."
    return (Note("RG462", "info", message, n=n),)


def _size_note(outcomes: Outcomes, shown: Thumbnails) -> Iterable[Note]:
    """What the media take of their budget."""
    kind = "pictures" if outcomes.media.kind == "image" else "texts"
    n = len(shown.by_row) + len(shown.texts)
    total = outcomes.frame.height
    whose = f"all {numbers.count(total)}" if n == total else f"{numbers.count(n)} of {numbers.count(total)}"
    size = f"{numbers.bytes_size(shown.n_bytes)} of {numbers.bytes_size(shown.budget_bytes)}"
    message = f"The report holds the {kind} of {whose} samples: {size}."
    if shown.larger:
        message += f" {numbers.count(len(shown.larger))} of them are there larger too, to look into."
    yield Note("RG463", "info", message, n=n)
