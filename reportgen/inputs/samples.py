"""The sample table, read: ids, targets, weights and groups, and the classes that the targets name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from reportgen import columns
from reportgen.errors import InputError, Problem, stop
from reportgen.inputs.labels import listed, order_classes, respell
from reportgen.inputs.links import read_links
from reportgen.inputs.manifest import LoadedManifest
from reportgen.inputs.predictions import ROW, duplicate, first_rows
from reportgen.inputs.sequences import place_frames, read_frames
from reportgen.inputs.tables import Table
from reportgen.inputs.values import read_ids, read_labels, read_numbers, several, told_tokens, type_samples
from reportgen.model import Note
from reportgen.stats.hashing import hash_ids

MOST_WEIGHT = 1e12
"""The largest weight may be so many times the smallest."""

TAKE_SEED = 7
"""A quick look takes the samples (or groups) with the smallest hash under this seed: always the same ones."""


@dataclass(frozen=True, eq=False)
class Samples:
    """The samples with a usable target, in the order of ids: contract columns and the user's own."""

    frame: pl.DataFrame
    own: pl.DataFrame
    all_ids: pl.Series
    group_names: tuple[str, ...]
    notes: tuple[Note, ...]
    n_excluded: int
    taken: bool = False  # some of them alone, as a quick look takes
    sequence_names: tuple[str, ...] = ()


def read_samples(loaded: LoadedManifest, samples: Table) -> Samples:
    """The samples with a usable target, in the order of ids.

    Raises:
        InputError: ids (RG303, RG304), targets (RG310, RG311, RG324), weights (RG326) or frames of sequences (RG310,
            RG311, RG344, RG349, RG350) that cannot be used.
    """
    names = loaded.manifest.columns
    problems: list[Problem] = []
    notes: list[Note] = []
    ids = read_ids(samples, names.id)
    _check_ids(samples, names.id, ids, problems)
    series = [pl.Series(ROW, range(samples.n_rows), dtype=pl.UInt32), ids]
    target = _target(loaded, samples, problems)
    series.append(target)
    if names.weight is not None:
        series.append(_weights(samples, names.weight, problems))
    frames = read_frames(loaded, samples, problems)
    problems += _unsliceable(loaded, samples)
    if problems:
        raise InputError(problems)
    frame = pl.DataFrame(series)
    usable = frame.filter(pl.col(columns.TARGET).is_not_null()).sort(columns.ID)
    n_excluded = frame.height - usable.height
    labelled = loaded.manifest.task == "classification"
    told = "" if not labelled else told_tokens(samples.frame[names.target].filter(target.is_null()))
    if not usable.height:
        what = f"no sample has a target{told}"
        raise stop(Problem("RG324", what, samples.place(column=names.target), mend="name the column of the truth"))
    if n_excluded:
        first = frame.filter(pl.col(columns.TARGET).is_null())[columns.ID].head(5).to_list()
        message = f"{several(n_excluded, 'sample')} without a target: left out{told}"
        notes.append(Note("RG325", "degraded", message, samples.path, names.target, n_excluded, tuple(first)))
    group_names: tuple[str, ...] = ()
    if names.grouping is not None:
        codes, group_names = _groups(samples, names.grouping, usable, notes, told=names.group is not None)
        usable = usable.with_columns(codes)
    sequence_names: tuple[str, ...] = ()
    if names.sequence is not None and frames is not None:
        placed = place_frames(samples, names.sequence, frames, usable)
        usable, sequence_names = pl.concat([usable, placed.codes], how="horizontal"), placed.names
        notes += placed.notes
    if names.link is not None:
        links, link_notes = read_links(samples, names.link, usable[ROW], usable[columns.ID])
        usable = usable.with_columns(links)
        notes += link_notes
    own = samples.frame[usable[ROW]]
    named = (names.id, names.media, names.group, names.sequence, names.embedding)
    verbatim = {name for name in named if name is not None}
    if loaded.manifest.task == "classification":
        verbatim.add(names.target)
    known = (columns.GROUP, columns.SEQUENCE, columns.FRAME, columns.WEIGHT, columns.LINK)
    order = [ROW, columns.ID, columns.TARGET, *(name for name in known if name in usable.columns)]
    own = type_samples(own, verbatim, samples.null_tokens)
    return Samples(usable.select(order), own, ids, group_names, tuple(notes), n_excluded, sequence_names=sequence_names)


def _target(loaded: LoadedManifest, samples: Table, problems: list[Problem]) -> pl.Series:
    """The truth of each row, null where there is none; 0 where the samples' parts are judged."""
    column = loaded.manifest.columns.target
    if loaded.manifest.judges_parts:
        target = pl.repeat(0.0, samples.n_rows, eager=True)
    elif loaded.manifest.task == "regression":
        target = read_numbers(samples, column, problems).fill_nan(None)
    else:
        keep = frozenset(loaded.manifest.classes or ())
        target = read_labels(samples.frame[column], keep, samples.null_tokens)
    return target.alias(columns.TARGET)


def take_some(base: Samples, n: int) -> Samples:
    """At most ``n`` of the samples, those with the smallest hashes; whole groups where there are groups, one at least.

    What is not taken joins the excluded ones.
    """
    frame = base.frame
    if n >= frame.height:
        return base
    if columns.GROUP in frame.columns:
        group = frame[columns.GROUP].to_numpy()
        order = np.argsort(hash_ids(list(base.group_names), TAKE_SEED), kind="stable")
        reached = np.cumsum(np.bincount(group, minlength=len(order))[order])
        kept = order[: max(1, int(np.searchsorted(reached, n, side="right")))]
        rows = np.flatnonzero(np.isin(group, kept))
    else:
        rows = np.sort(np.argsort(hash_ids(frame[columns.ID].to_list(), TAKE_SEED), kind="stable")[:n])
    left = base.n_excluded + frame.height - len(rows)
    return replace(base, frame=frame[rows], own=base.own[rows], n_excluded=left, taken=True)


def _check_ids(samples: Table, column: str, ids: pl.Series, problems: list[Problem]) -> None:
    missing = ids.is_null().arg_true()
    if len(missing):
        what = "no id" + (f", and {len(missing) - 1:,} more" if len(missing) > 1 else "")
        problems.append(Problem("RG303", what, samples.place(int(missing[0]), column), mend="give each sample its id"))
    elif ids.n_unique() != len(ids):
        frame = pl.DataFrame([pl.Series(ROW, range(len(ids)), dtype=pl.UInt32), ids])
        twice = frame.filter(pl.col("id").is_duplicated())
        problems += [duplicate(samples, column, key, rows, "RG304") for key, rows in first_rows(twice)]
        n = twice["id"].n_unique()
        if n > 5:
            problems.append(Problem("RG304", f"and {n - 5:,} more ids that stand twice", samples.place(column=column)))


def _unsliceable(loaded: LoadedManifest, samples: Table) -> Iterator[Problem]:
    """The problems of declared attributes whose columns hold no values to slice by."""
    split = loaded.manifest.columns.split
    names = [spec.column for spec in loaded.manifest.attribute_specs()] + ([] if split is None else [split])
    for name in dict.fromkeys(names):
        dtype = samples.frame.schema[name]
        if dtype.is_nested() or dtype == pl.Duration:
            way = "a number of seconds" if dtype == pl.Duration else "one value a sample, such as how many there are"
            what = f"no attribute: it holds {dtype}"
            mend = f"write it as {way}, or leave it out of the attributes"
            yield Problem("RG339", what, samples.place(column=name), expected="texts, numbers or dates", mend=mend)


def _weights(samples: Table, column: str, problems: list[Problem]) -> pl.Series:
    weights = read_numbers(samples, column, problems).fill_nan(None)
    wrong = (weights.is_null() | (weights <= 0)).arg_true()
    if len(wrong) and not problems:
        row = int(wrong[0])
        what = "a weight that is not above 0" + (f", and {len(wrong) - 1:,} more" if len(wrong) > 1 else "")
        place = samples.place(row, column, samples.frame[column][row])
        problems.append(Problem("RG326", what, place, expected="a number above 0", mend="leave the sample out instead"))
    elif not problems and float(weights.max()) > MOST_WEIGHT * float(weights.min()):  # type: ignore[arg-type]
        row = int(weights.arg_min() or 0)
        what = f"a weight {MOST_WEIGHT:.0e} times as small as the largest: it adds nothing to a sum"
        place = samples.place(row, column, samples.frame[column][row])
        problems.append(Problem("RG326", what, place, mend="leave the sample out instead"))
    return weights.alias(columns.WEIGHT)


def _groups(
    samples: Table, column: str, usable: pl.DataFrame, notes: list[Note], *, told: bool
) -> tuple[pl.Series, tuple[str, ...]]:
    """Codes in the order of names; a sample without a group is a group of its own, which is ``told``."""
    labels = read_labels(samples.frame[column], tokens=samples.null_tokens)[usable[ROW]]
    missing = int(labels.null_count())
    if missing and told:
        message = f"{several(missing, 'sample')} without a group: each counts as a group of its own"
        notes.append(Note("RG327", "degraded", message, samples.path, column, missing))
    names = sorted(labels.drop_nulls().unique().to_list())
    codes = labels.replace_strict(names, list(range(len(names))), default=None, return_dtype=pl.Int32)
    if missing:
        lone = usable[columns.ID].filter(labels.is_null()).to_list()
        rank = labels.is_null().cum_sum().cast(pl.Int32) + (len(names) - 1)
        codes = codes.zip_with(labels.is_not_null(), rank)
        names += [f"(no group) {key}" for key in lone]
    return codes.alias(columns.GROUP), tuple(names)


def target_classes(loaded: LoadedManifest, samples: Table, base: Samples) -> tuple[list[str], set[str]]:
    """The classes as far as the manifest and the target say, and those that occur."""
    manifest = loaded.manifest
    if manifest.task == "regression":
        return [], set()
    seen = set(base.frame[columns.TARGET].unique().to_list())
    names = manifest.classes or samples.class_names.get(manifest.columns.target)
    if not names:
        return order_classes(seen), seen
    by_number = {respell(name): name for name in seen}
    declared = [name if name in seen else by_number.get(respell(name), name) for name in names]
    unknown = order_classes(seen - set(declared))
    if unknown:
        row = base.frame.filter(pl.col(columns.TARGET) == unknown[0])[ROW][0]
        what = f"targets that are none of the classes: {listed(unknown)}"
        place = samples.place(int(row), manifest.columns.target, unknown[0])
        mend = "add them to `classes`, or leave these samples out"
        raise stop(Problem("RG321", what, place, expected=listed(declared), mend=mend))
    return declared, seen
