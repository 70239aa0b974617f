"""Which samples are the same twice, or nearly: in the pixels, in the text, or by an embedding."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen import columns
from reportgen.analysis.quality.given import Given
from reportgen.analysis.quality.support import in_training_split
from reportgen.inspection import Absent, SampleSet
from reportgen.inspection.duplicates import Compared, Duplicates
from reportgen.inspection.looks import Looks
from reportgen.model import Outcomes
from reportgen.stats import near_hashes, near_texts, neighbours
from reportgen.stats.pairs import Floats, Ints, Pairs, components, pairs_within, ranges, runs

Flags = npt.NDArray[np.bool_]

LEAST_SPREAD = 2.0
"""An image whose 8 x 8 pixels vary by fewer grey levels (standard deviation) is too plain to be told from another."""
LEAST_LIKENESS = 0.99
"""Images of near hashes are twins where their 8 x 8 pixels correlate so much."""
MOST_PAIRS = 5_000_000
"""Near pairs that are looked into at most; more mean that nothing is told apart."""
_BLOCK = 100_000
_CHAIN = 100
_CHAIN_SHARE = 0.1


@dataclass(frozen=True, eq=False)
class _Way:
    """One way to compare: ``same`` has for each row the first of equal content, -1 where there is nothing to compare.

    ``near`` are pairs of such first rows.
    """

    compared: Compared
    same: Ints
    near: Pairs
    equal_as: str
    near_as: str


def find_duplicates(outcomes: Outcomes, given: Given) -> Duplicates | Absent:
    """The families of twins, most telling first, or why none could be looked for.

    Equal content: the same decoded pixels, or the same text but for case, blanks, punctuation and forms of characters.
    Near: perceptual hashes that differ in few bits, and pixels that correlate; texts with most of their pieces in
    common; vectors of nearly one direction. Each has a look-up of its own (``stats``), and none compares all
    pairs of samples one by one. Twins of twins are one family.
    """
    sequence = _sequences(outcomes)
    ways = [way for way in _ways(outcomes, given, sequence) if way.compared.n > 1]
    if not ways:
        return Absent(
            "Copies and look-alikes",
            "There are neither images nor texts nor vectors to compare. "
            "Name columns.media, or the vectors of an embedding.",
        )
    links = _links(ways)
    found = Duplicates(tuple(way.compared for way in ways), n_pairs=len(links.pairs))
    if not len(links.pairs):
        return found
    members = _members(outcomes, ways, given, sequence, components(outcomes.frame.height, links.pairs))
    families = _families(members, _most_telling(outcomes, links, members))
    ordered = families.select("root").join(members, on="root", maintain_order="left")
    copies = ordered.filter(~pl.col("kept") & ~within_one_group())["row"].to_numpy()
    return replace(
        found,
        families=families.select(columns.TWIN_FAMILIES.names()).cast(columns.TWIN_FAMILIES),
        copies=copies,
        sets=tuple(_sets(ordered, ways)),
    )


def within_one_group() -> pl.Expr:
    """Families of one group (of frames: one sequence) and one split: the frames of one drive are alike."""
    return pl.col("within_group").fill_null(value=False) & ~pl.col("across_splits").fill_null(value=False)


def _sequences(outcomes: Outcomes) -> Ints:
    """The code of the sequence that each sample is a frame of; of a still a number below 0 that no other has."""
    stills = -1 - np.arange(outcomes.frame.height)
    if columns.SEQUENCE not in outcomes.frame.columns:
        return stills
    codes = outcomes.frame[columns.SEQUENCE].to_numpy().astype(np.int64)
    return np.where(codes >= 0, codes, stills)


def _across(near: Pairs, sequence: Ints) -> Pairs:
    """The pairs whose ends are not frames of one sequence."""
    kept = sequence[near.first] != sequence[near.second]
    return Pairs(near.first[kept], near.second[kept], near.likeness[kept])


def _collect(search: Callable[[], Iterable[Pairs]], sequence: Ints) -> Pairs | None:
    """All pairs that the search finds, or those across sequences where all are too many, or None where these are too.

    The frames of a long sequence with a camera that stands still are all alike.
    """
    found = Pairs.collect(search(), MOST_PAIRS)
    if found is None and (sequence >= 0).any():
        found = Pairs.collect((_across(block, sequence) for block in search()), MOST_PAIRS)
    return found


def _ways(outcomes: Outcomes, given: Given, sequence: Ints) -> Iterator[_Way]:
    if given.looks is not None:
        yield _images(given.looks, sequence)
    media = outcomes.media
    if media.kind == "text" and media.column in outcomes.samples.columns:
        yield _texts(outcomes.samples[media.column])
    if given.vectors is not None:
        yield _vectors(given.vectors, sequence)


def _images(looks: Looks, sequence: Ints) -> _Way:
    rows = np.flatnonzero(looks.readable)
    same = _first_of_equal(looks.content[rows], rows, len(looks))
    firsts = np.flatnonzero(same == np.arange(len(same)))
    plain = looks.readable & (looks.small.std(axis=1) < LEAST_SPREAD)
    telling = firsts[~plain[firsts]]
    hashes, place = np.unique(looks.phash[telling], return_inverse=True)
    owner = np.full(len(hashes), -1)
    owner[place] = sequence[telling]
    shared = np.unique(place[sequence[telling] != owner[place]])
    owner[shared] = -1 - shared  # a hash of several sequences is of none
    found = _collect(lambda: near_hashes.near_hashes(hashes), owner)
    near = _alike(looks, _spread(found or Pairs.none(), telling, place))
    return _Way(Compared("images", len(rows), int(plain.sum()), untold=found is None), same, near, "pixels", "hash")


def find_image_pairs(looks: Looks) -> Pairs:
    """The pairs of rows whose images are equal or near, as ``find_duplicates`` links them."""
    return _links([_images(looks, -1 - np.arange(len(looks)))]).pairs


def _spread(near: Pairs, rows: Ints, place: Ints) -> Pairs:
    """Pairs of distinct hashes as all pairs of the rows that have them, with those of rows of one hash.

    Where these would be more than ``MOST_PAIRS``, the first row of each hash stands for the others.
    """
    order = np.argsort(place, kind="stable")
    begins, sizes = runs(place[order])
    if int((sizes * (sizes - 1) // 2).sum() + (sizes[near.first] * sizes[near.second]).sum()) > MOST_PAIRS:
        again = np.setdiff1d(np.arange(len(order)), begins)
        first, second = begins[near.first], begins[near.second]
        first, second = np.concatenate([first, begins[place[order[again]]]]), np.concatenate([second, again])
        bits = np.concatenate([near.likeness, np.zeros(len(again))])
    else:
        own = [Pairs(one, other, np.zeros(len(one))) for one, other in pairs_within(begins, sizes)]
        of_each, times = sizes[near.first], np.repeat(sizes[near.second], sizes[near.first])
        ends = (
            np.repeat(ranges(begins[near.first], of_each), times),
            ranges(np.repeat(begins[near.second], of_each), times),
        )
        across = Pairs(*ends, np.repeat(np.repeat(near.likeness, of_each), times))
        first, second, bits = (
            np.concatenate([getattr(one, name) for one in (across, *own)]) for name in ("first", "second", "likeness")
        )
    one, other = rows[order[first]], rows[order[second]]
    return Pairs(np.minimum(one, other), np.maximum(one, other), bits)


def _alike(looks: Looks, pairs: Pairs) -> Pairs:
    """Those of the pairs whose small images correlate: shapes that are alike can have near hashes, too."""
    kept = np.zeros(len(pairs), bool)
    for start in range(0, len(pairs), _BLOCK):
        part = slice(start, start + _BLOCK)
        one, other = (_standard(looks.small[at[part]]) for at in (pairs.first, pairs.second))
        kept[part] = (one * other).sum(axis=1) >= LEAST_LIKENESS
    return Pairs(pairs.first[kept], pairs.second[kept], pairs.likeness[kept])


def _standard(small: npt.NDArray[np.uint8]) -> Floats:
    """Each row less its mean, at length 1; none of them is flat."""
    centred = small - small.mean(axis=1, keepdims=True)
    return np.asarray(centred / np.sqrt((centred**2).sum(axis=1, keepdims=True)))


def _texts(series: pl.Series) -> _Way:
    texts = ["" if one is None else near_texts.normalise(str(one)) for one in series.to_list()]
    codes: dict[str, int] = {}
    same = np.array([codes.setdefault(text, row) if text else -1 for row, text in enumerate(texts)], np.int64)
    distinct = [text for text in codes if text]
    rows = np.array([codes[text] for text in distinct], np.int64)
    found = Pairs.collect(near_texts.near_texts(distinct), MOST_PAIRS)
    near = found or Pairs.none()
    placed = Pairs(rows[near.first], rows[near.second], near.likeness)
    return _Way(Compared("texts", int((same >= 0).sum()), untold=found is None), same, placed, "text", "pieces")


def _vectors(vectors: npt.NDArray[np.float32], sequence: Ints) -> _Way:
    rows = np.flatnonzero(neighbours.usable(vectors))
    same = _first_of_equal(np.ascontiguousarray(vectors[rows]), rows, len(vectors))
    firsts = np.flatnonzero(same == np.arange(len(same)))
    near = _collect(lambda: neighbours.near_vectors(vectors[firsts]), sequence[firsts])
    untold = near is None or is_one_chain(len(firsts), _across(near, sequence[firsts]))
    kept = Pairs.none() if near is None or untold else near
    placed = Pairs(firsts[kept.first], firsts[kept.second], kept.likeness)
    return _Way(Compared("vectors", len(rows), untold=untold), same, placed, "vectors", "vectors")


def is_one_chain(n: int, near: Pairs) -> bool:
    """Whether one chain of near vectors holds so many of all that the embedding does not tell samples apart."""
    _, sizes = np.unique(components(n, near), return_counts=True)
    return bool(sizes.max(initial=0) > max(_CHAIN, _CHAIN_SHARE * n))


def _first_of_equal(content: npt.NDArray[np.generic], rows: Ints, n: int) -> Ints:
    """For each of ``n`` rows the first row whose content is equal, byte for byte; -1 for rows that have none."""
    same = np.full(n, -1, np.int64)
    if len(rows):
        whole = content.view(np.dtype((np.void, content.dtype.itemsize * content.shape[1]))).ravel()
        _, first, place = np.unique(whole, return_index=True, return_inverse=True)
        same[rows] = rows[first[place]]
    return same


@dataclass(frozen=True, eq=False)
class _Links:
    """Pairs of twins, each once, and how they are alike; of equal content the likeness is NaN."""

    pairs: Pairs
    how: npt.NDArray[np.str_]


def _links(ways: Sequence[_Way]) -> _Links:
    first, second, likeness, how = [], [], [], []
    for way in ways:
        copies = np.flatnonzero((way.same >= 0) & (way.same != np.arange(len(way.same))))
        equal = np.full(len(copies), 1.0 if way.equal_as == "vectors" else np.nan)
        first += [way.same[copies], way.near.first]
        second += [copies, way.near.second]
        likeness += [equal, way.near.likeness]
        how += [np.full(len(copies), way.equal_as), np.full(len(way.near), way.near_as)]
    one, other = np.concatenate(first), np.concatenate(second)
    order = np.lexsort((np.arange(len(one)), other, one))  # of two ways the first one tells
    fresh = np.ones(len(order), bool)
    fresh[1:] = (one[order][1:] != one[order][:-1]) | (other[order][1:] != other[order][:-1])
    kept = order[fresh]
    return _Links(Pairs(one[kept], other[kept], np.concatenate(likeness)[kept]), np.concatenate(how)[kept])


def _traits(outcomes: Outcomes, given: Given, sequence: Ints) -> pl.DataFrame:
    """What twins may differ in, by row: numbers, NaN where not known; and whether versions were trained on the row.

    Of frames the group is their sequence.
    """
    frame = outcomes.frame
    target = frame[columns.TARGET].cast(pl.Float64)
    if outcomes.classes:
        target = target.set(target < 0, np.nan)
    split = pl.Series([None] * frame.height, dtype=pl.String)
    if outcomes.split is not None:
        split = outcomes.samples[outcomes.split].cast(pl.String)
    group = None
    if columns.GROUP in frame.columns:
        codes = frame[columns.GROUP].to_numpy() + len(outcomes.sequence_names)
        group = np.where(sequence >= 0, sequence, codes)
    return pl.DataFrame(
        {
            "target": target,
            "split": split.rank("dense").cast(pl.Float64).fill_null(np.nan),
            "trained": in_training_split(outcomes, given),
            "sequence": sequence,
            "group": group,
        },
        schema_overrides={"group": pl.Int64},
    )


def _members(outcomes: Outcomes, ways: Sequence[_Way], given: Given, sequence: Ints, root: Ints) -> pl.DataFrame:
    """Every sample that has a twin: its family, whether it is kept, or a copy of equal content of an earlier one.

    A family's first one is kept: one that versions were trained on where there is one, else the first by id; with it
    the frames of its sequence and split. That frames of one sequence are nearly the same under other labels says
    nothing: labels change from one frame to the next.
    """
    traits = _traits(outcomes, given, sequence)
    main = ways[0].same if ways[0].equal_as != "vectors" else np.full(len(root), -1)
    apart = [replace(way, near=_across(way.near, sequence)) for way in ways]
    known_split = bool(traits["split"].is_not_nan().any())
    family = pl.col("root")
    return (
        traits.with_columns(
            pl.Series("root", root),
            pl.Series("row", np.arange(len(root))),
            outcomes.frame[columns.ID].alias("id"),
            pl.Series("content", np.where(main >= 0, main, -1 - np.arange(len(root)))),
            pl.Series("across", _apart(ways, traits["split"].to_numpy(), 0.0)),
            pl.Series("disagree", _apart(apart, traits["target"].to_numpy(), _tolerance(outcomes))),
        )
        .filter(pl.len().over(family) > 1)
        .sort("root", "trained", "row", descending=[False, True, False])
        .with_columns(
            kept=(pl.int_range(pl.len()).over(family) == 0)
            | ((pl.col("sequence") >= 0) & _as_first("sequence", family) & _as_first("split", family)),
            exact=~pl.col("content").is_first_distinct().over(family),
            across_splits=pl.col("across").any().over(family) if known_split else pl.lit(None, pl.Boolean),
            within_group=pl.when(pl.col("group").is_not_null()).then(pl.col("group").n_unique().over(family) == 1),
        )
    )


def _as_first(name: str, family: pl.Expr) -> pl.Expr:
    """Whether a row has what the first of its family has; NaN is NaN."""
    return pl.col(name) == pl.col(name).first().over(family)


def _tolerance(outcomes: Outcomes) -> float:
    """Targets that are no further apart are the same."""
    return 0.0 if outcomes.classes else outcomes.tolerance or 0.0


def _apart(ways: Sequence[_Way], values: Floats, tolerance: float) -> Flags:
    """Which rows have a twin, or are in a group of equal ones, whose values are further apart than the tolerance."""
    found = np.zeros(len(values), bool)
    known = np.isfinite(values)
    for way in ways:
        low, high = np.full(len(values), np.inf), np.full(len(values), -np.inf)
        rows = np.flatnonzero((way.same >= 0) & known)
        np.minimum.at(low, way.same[rows], values[rows])
        np.maximum.at(high, way.same[rows], values[rows])
        told = high - low > tolerance
        one, other = way.near.first, way.near.second
        spread = np.maximum(high[one], high[other]) - np.minimum(low[one], low[other])
        told[one[spread > tolerance]] = True
        told[other[spread > tolerance]] = True
        there = np.flatnonzero(way.same >= 0)
        found[there] |= told[way.same[there]]
    return found


def _most_telling(outcomes: Outcomes, links: _Links, members: pl.DataFrame) -> pl.DataFrame:
    """The pair of each family that tells most: across splits, of two sequences, with other labels, the most alike."""
    pairs = links.pairs
    ends = members.select("row", "root", "split", "target", "sequence")
    bits = np.where(links.how == "hash", pairs.likeness, near_hashes.BITS * (1 - pairs.likeness))
    return (
        pl.DataFrame({"first": pairs.first, "second": pairs.second, "how": links.how.astype(str)})
        .with_columns(pl.Series("likeness", pairs.likeness).fill_nan(None), pl.Series("bits", np.nan_to_num(bits)))
        .join(ends, left_on="first", right_on="row", maintain_order="left")
        .join(ends.drop("root"), left_on="second", right_on="row", suffix="_other", maintain_order="left")
        .sort(
            "root",
            ~_differ("split", 0.0),
            pl.col("sequence") == pl.col("sequence_other"),
            ~_differ("target", _tolerance(outcomes)),
            "bits",
            "first",
            "second",
        )
        .unique("root", keep="first", maintain_order=True)
        .select("root", "first", "second", "how", "likeness", "bits")
    )


def _differ(name: str, tolerance: float) -> pl.Expr:
    """Whether both ends of a pair have a value, and those are further apart than the tolerance."""
    apart = (pl.col(name) - pl.col(f"{name}_other")).abs()
    return apart.is_not_nan() & (apart > tolerance)


def _families(members: pl.DataFrame, telling: pl.DataFrame) -> pl.DataFrame:
    """One row a family, those first that tell most: across splits, with other labels, exact, alike, large."""
    return (
        members.group_by("root", maintain_order=True)
        .agg(
            pl.len().alias("n"),
            pl.when(pl.col("content").n_unique() == 1).then(pl.lit("exact")).otherwise(pl.lit("near")).alias("kind"),
            pl.col("across_splits", "within_group").first(),
            pl.col("disagree").any().alias("other_labels"),
            pl.col("row").alias("rows"),
            pl.col("id").alias("ids"),
        )
        .join(telling, on="root", maintain_order="left")
        .sort(
            within_one_group(),
            ~pl.col("across_splits").fill_null(value=False),
            ~pl.col("other_labels"),
            pl.col("kind") != "exact",
            "bits",
            -pl.col("n").cast(pl.Int64),
            "root",
        )
    )


EQUAL = {"pixels": "the same pixels", "text": "the same text but for case, blanks and punctuation"}
"""What is taken as equal content."""
NEAR = {
    "hash": f"perceptual hashes that differ in {near_hashes.WITHIN} of {near_hashes.BITS} bits or fewer, and 8 × 8 "
    f"pixels that correlate by {LEAST_LIKENESS} or more",
    "pieces": f"texts that share {near_texts.LEAST:.0%} or more of their pieces of {near_texts.PIECE} characters",
    "vectors": f"vectors with a cosine of {neighbours.LEAST} or more",
}
"""What is taken as nearly equal content."""


def _near_rules(ways: Sequence[_Way]) -> str:
    return ", or ".join(NEAR[way.near_as] for way in ways)


def _sets(ordered: pl.DataFrame, ways: Sequence[_Way]) -> Iterator[SampleSet]:
    """The sets of samples, in the order of their families."""
    near = _near_rules(ways)
    left_out = ~pl.col("kept") & ~within_one_group()
    found: tuple[tuple[str, str, str, pl.Expr, Literal["exclude", "review", "relabel"]], ...] = (
        (
            "exact-copies",
            "exact copy",
            f"Has {EQUAL.get(ways[0].equal_as, 'the same content')} as another sample, of which one is kept.",
            left_out & pl.col("exact"),
            "exclude",
        ),
        (
            "near-copies",
            "near copy",
            f"Is nearly the same as another sample, directly or over others, of which one is kept: {near}.",
            left_out & ~pl.col("exact"),
            "exclude",
        ),
        (
            "twins-across-splits",
            "twin in another split",
            f"A sample of another split is the same, or nearly: {near}.",
            pl.col("across"),
            "review",
        ),
        (
            "twins-with-other-labels",
            "twin with another label",
            f"A sample with another label is the same, or nearly: {near}.",
            pl.col("disagree"),
            "relabel",
        ),
    )
    for key, name, rule, chosen, action in found:
        rows = ordered.filter(chosen)["row"].to_numpy()
        if len(rows):
            yield SampleSet(key, name, "duplicates", rule, rows, action)
