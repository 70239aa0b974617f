"""Which samples a training table has too: by id, by the same or nearly the same text, or by an embedding."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen import columns
from reportgen.analysis import sentences
from reportgen.analysis.attributes import as_text, code_as
from reportgen.analysis.quality.duplicates import EQUAL, MOST_PAIRS, NEAR, is_one_chain
from reportgen.analysis.quality.given import Given
from reportgen.inspection import SampleSet
from reportgen.inspection.training import IN_TRAINING, ContentCompared, TrainingTable
from reportgen.model import Attribute, Outcomes
from reportgen.stats import near_texts, neighbours
from reportgen.stats.pairs import Ints, Pairs

MOST_PRODUCTS = neighbours.MOST**2 // 2
"""So many pairs of vectors are compared at most: as many as those of the most samples among themselves."""

_BY_ID, _SAME, _NEAR = range(3)
_MATCHES = pl.Schema(
    {"row": pl.Int64(), "there": pl.Int64(), "how": pl.String(), "rank": pl.Int64(), "likeness": pl.Float64()}
)


@dataclass(frozen=True, eq=False)
class Matches:
    """The samples that one table has too, each once, with the row there that tells most; and what was compared."""

    table: TrainingTable
    versions: tuple[str, ...]  # those that were trained on it
    found: pl.DataFrame  # row, there, how, rank, likeness
    content: tuple[ContentCompared, ...]


@dataclass(frozen=True, eq=False)
class _Look:
    """What one kind of content found."""

    compared: ContentCompared
    found: pl.DataFrame


@dataclass(frozen=True, eq=False)
class _Near:
    """Pairs of one of the distinct contents here and one of those there, as positions in one list after the other."""

    pairs: Pairs
    untold: bool = False
    too_many: bool = False


def match_table(
    outcomes: Outcomes,
    given: Given,
    table: TrainingTable,
    versions: Sequence[str],
    kept: Ints,
    by_id: tuple[Ints, Ints] | None,
) -> Matches:
    """What of the samples a table has, by the rules by which samples are copies of each other (``duplicates``).

    Args:
        outcomes: the samples.
        given: whose vectors are those of the samples.
        table: what ``versions`` were trained on.
        versions: those.
        kept: the rows to look for: samples of no split that versions were trained on.
        by_id: rows, and rows of the table, that have one id and are the same in all else; none where ids tell nothing.
    """
    looks = []
    media = outcomes.media
    if table.texts is not None and media.kind == "text" and media.column in outcomes.samples.columns:
        looks.append(_look_at_texts(outcomes.samples[media.column], table.texts, kept))
    if table.vectors is not None and given.vectors is not None:
        looks.append(_look_at_vectors(given.vectors, table.vectors, kept))
    rows, there = (np.empty(0, np.int64),) * 2 if by_id is None else by_id
    found = (
        pl.concat([_matches(rows, there, "id", _BY_ID), *(one.found for one in looks)])
        .sort("row", "rank", "likeness", "there", descending=[False, False, True, False], maintain_order=True)
        .unique("row", keep="first", maintain_order=True)
    )
    return Matches(table, tuple(versions), found, tuple(_counted(one.compared, found) for one in looks))


def _counted(compared: ContentCompared, found: pl.DataFrame) -> ContentCompared:
    """With how many samples are in the table by this content, and by nothing that tells more."""
    own = found.filter(pl.col("how").is_in(["vectors"] if compared.what == "vectors" else ["text", "pieces"]))
    n_same, n_near = (own.filter(pl.col("rank") == rank).height for rank in (_SAME, _NEAR))
    return replace(compared, n_same=n_same, n_near=n_near)


def _matches(
    rows: Iterable[int], there: Iterable[int], how: str, rank: int, likeness: Iterable[float] | None = None
) -> pl.DataFrame:
    rows = list(rows)
    known = [None] * len(rows) if likeness is None else list(likeness)
    told = {"row": rows, "there": list(there), "how": [how] * len(rows), "rank": [rank] * len(rows), "likeness": known}
    return pl.DataFrame(told, schema=_MATCHES)


def _look_at_texts(here: pl.Series, there: pl.Series, kept: Ints) -> _Look:
    mine, theirs = ([near_texts.normalise(one) if one else "" for one in side] for side in (here.gather(kept), there))
    place = dict(zip(kept.tolist(), mine, strict=True))

    def near(first: Ints, second: Ints) -> _Near:
        texts = [*(place[row] for row in first.tolist()), *(theirs[row] for row in second.tolist())]
        found = Pairs.collect(near_texts.near_texts(texts, n_first=len(first)), MOST_PAIRS)
        return _Near(Pairs.none(), untold=True) if found is None else _Near(found)

    return _look("texts", kept, [one or None for one in mine], [one or None for one in theirs], near)


def _look_at_vectors(here: npt.NDArray[np.float32], there: npt.NDArray[np.float32], kept: Ints) -> _Look:
    def near(first: Ints, second: Ints) -> _Near:
        if len(first) * len(second) > MOST_PRODUCTS:
            return _Near(Pairs.none(), too_many=True)
        vectors = np.concatenate([here[first], there[second]])
        found = Pairs.collect(neighbours.near_vectors(vectors, n_first=len(first)), MOST_PAIRS)
        if found is None or is_one_chain(len(vectors), found):
            return _Near(Pairs.none(), untold=True)
        return _Near(found)

    return _look("vectors", kept, list(_digests(here[kept])), list(_digests(there)), near)


def _digests(vectors: npt.NDArray[np.float32]) -> Iterator[bytes | None]:
    """What equal vectors have in common; none of one without a direction."""
    for vector, good in zip(vectors, neighbours.usable(vectors), strict=True):
        yield hashlib.blake2b(vector.tobytes(), digest_size=16).digest() if good else None


def _look(
    what: Literal["texts", "vectors"],
    kept: Ints,
    mine: Sequence[Hashable | None],
    theirs: Sequence[Hashable | None],
    near: Callable[[Ints, Ints], _Near],
) -> _Look:
    """Equal content first, then what is near of all others: each distinct content is compared once.

    Args:
        what: is compared.
        kept: the rows of the samples.
        mine: what equal content of these has in common, an entry a row; none where there is nothing to compare.
        theirs: the same, an entry a row of the table.
        near: finds the pairs of rows here and rows there that are near.
    """
    own: dict[Hashable, int] = {}
    for row, key in enumerate(theirs):
        if key is not None:
            own.setdefault(key, row)
    equal: list[tuple[int, int]] = []
    others: dict[Hashable, list[int]] = {}
    for row, key in zip(kept.tolist(), mine, strict=True):
        if key in own:
            equal.append((row, own[key]))
        elif key is not None:
            others.setdefault(key, []).append(row)
    groups, there = list(others.values()), np.array(list(own.values()), np.int64)
    found = near(np.array([rows[0] for rows in groups], np.int64), there)
    order = np.lexsort((found.pairs.second, -found.pairs.likeness, found.pairs.first))
    _, best = np.unique(found.pairs.first[order], return_index=True)
    best = order[best]
    lengths = [len(groups[k]) for k in found.pairs.first[best]]
    rows = [row for k in found.pairs.first[best] for row in groups[k]]
    at = np.repeat(there[found.pairs.second[best] - len(groups)], lengths)
    likeness = np.repeat(found.pairs.likeness[best], lengths)
    names = ("text", "pieces") if what == "texts" else ("vectors", "vectors")
    compared = ContentCompared(
        what,
        n_here=sum(key is not None for key in mine),
        n_there=sum(key is not None for key in theirs),
        untold=found.untold,
        too_many=found.too_many,
    )
    same = _matches((row for row, _ in equal), (k for _, k in equal), names[0], _SAME)
    return _Look(compared, pl.concat([same, _matches(rows, at.tolist(), names[1], _NEAR, likeness.tolist())]))


def list_leaks(outcomes: Outcomes, target: str, tables: Sequence[Matches]) -> pl.DataFrame:
    """The samples that any of the tables has too (``columns.LEAKS``); ``target`` is its column in the tables."""
    told = [columns.LEAKS.to_frame().with_columns(rank=pl.lit(0, pl.Int64), table=pl.lit(0, pl.Int64))]
    for k, one in enumerate(tables):
        there, table = one.found["there"], one.table
        label, other = _labels(outcomes, target, one)
        nothing = pl.Series([None] * len(there), dtype=pl.String)
        told.append(
            one.found.with_columns(
                outcomes.frame[columns.ID].gather(one.found["row"]).alias("id"),
                pl.Series("versions", [list(one.versions)] * len(there), pl.List(pl.String)),
                (nothing if table.ids is None else table.ids.gather(there)).alias("there_id"),
                (nothing if table.texts is None else table.texts.gather(there)).alias("there_text"),
                label.alias("there_label"),
                other.alias("other_label"),
                pl.lit(k, pl.Int64).alias("table"),
            ).select(*columns.LEAKS.names(), "rank", "table")
        )
    return (
        pl.concat(told)
        .sort("row", "rank", "likeness", "table", descending=[False, False, True, False], maintain_order=True)
        .group_by("row", maintain_order=True)
        .agg(pl.col("versions").explode(), pl.exclude("row", "versions").first())
        .sort("rank", "likeness", "row", descending=[False, True, False])
        .select(columns.LEAKS.names())
        .cast(columns.LEAKS)
    )


def _labels(outcomes: Outcomes, target: str, one: Matches) -> tuple[pl.Series, pl.Series]:
    """The label of each match's row there, as text, and whether it is another than the sample's."""
    n = one.found.height
    if target not in one.table.frame.columns:
        return pl.Series([None] * n, dtype=pl.String), pl.Series([None] * n, dtype=pl.Boolean)
    there = one.table.frame[target].gather(one.found["there"])
    here = outcomes.frame[columns.TARGET].gather(one.found["row"])
    if outcomes.classes:
        codes = code_as(Attribute(target, "target", outcomes.classes, 0), there)
        other, known = codes != here.to_numpy(), (codes >= 0) & (here.to_numpy() >= 0)
    else:
        off = np.abs(there.cast(pl.Float64, strict=False).fill_null(np.nan).to_numpy() - here.to_numpy())
        other, known = off > (outcomes.tolerance or 0.0), np.isfinite(off)
    return as_text(there), pl.select(pl.when(pl.Series(known)).then(pl.Series(other))).to_series()


def leaked_set(leaks: pl.DataFrame) -> tuple[SampleSet, ...]:
    """The set of all these samples; none where there is none."""
    if not leaks.height:
        return ()
    versions = leaks["versions"].explode().unique(maintain_order=True).to_list()
    names = sentences.listed(sorted(versions))
    ways = ", or ".join(said for how, said in _RULES.items() if how in set(leaks["how"]))
    rule = f"What {names} {'was' if len(versions) == 1 else 'were'} trained on has it too: {ways}."
    return (SampleSet(IN_TRAINING, "also in training", "training", rule, leaks["row"].to_numpy(), "exclude"),)


_RULES = {
    "id": "a row of this id of which all that both tables tell is the same",
    "text": EQUAL["text"],
    "pieces": NEAR["pieces"],
    "vectors": NEAR["vectors"],
}
