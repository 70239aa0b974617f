"""Two classes and one score: which class is the positive one, and what the score says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from reportgen.errors import InputError, Problem, stop
from reportgen.inputs.labels import listed, respell
from reportgen.inputs.manifest import LoadedManifest
from reportgen.inputs.predictions import Read
from reportgen.inputs.values import several
from reportgen.model import Note

USUAL_POSITIVE = ("1", "yes", "true", "positive", "pos", "y", "t", "+", "+1")


@dataclass(frozen=True)
class Binary:
    """The positive class and its threshold. ``surety``: versions whose score is the confidence of their label."""

    positive: str
    threshold: float
    surety: frozenset[str]
    notes: tuple[Note, ...]

    def probability_of_positive(self, read: Read) -> pl.Expr:
        """The version's P(positive), from its score."""
        score = pl.col("score")
        if read.version not in self.surety:
            return score
        return pl.when(pl.col("label") == self.positive).then(score).otherwise(1.0 - score)


def choose_positive(loaded: LoadedManifest, classes: Sequence[str], reads: Sequence[Read]) -> Binary:
    """The positive class: the manifest's, a usual name, the one that high scores go with, or the second class.

    A score that is never below one half though its label is often negative is the confidence of the label, and is
    read so, with a note.

    Raises:
        InputError: the manifest's positive is no class, or scores say the opposite of labels (RG322).
    """
    declared = _declared(loaded, classes)
    positive = declared or usual_positive(classes) or _by_score(classes, reads) or classes[1]
    notes: list[Note] = []
    if declared is None and any(read.classes or "score" in read.frame.columns for read in reads):
        message = f'"{positive}" is taken as the positive class; declare another as `positive: …`'
        notes.append(Note("RG329", "info", message))
    surety: set[str] = set()
    problems: list[Problem] = []
    for read in reads:
        if read.classes or not {"label", "score"} <= set(read.frame.columns):
            continue
        one = read.frame.filter(pl.col("valid"))
        is_positive = one["label"] == positive
        if not one.height:
            continue
        if float(one["score"].min()) >= 0.5 and not is_positive.all():  # type: ignore[arg-type]
            surety.add(read.version)
            message = f"scores of {read.version} are never below 0.5: read as the confidence of its labels"
            notes.append(Note("RG328", "degraded", message, read.table.path, read.fields.score or ""))
            continue
        threshold = loaded.manifest.threshold
        n_differ = int(((one["score"] >= threshold) != is_positive).sum())
        if n_differ > 0.9 * one.height and one.height >= 10:
            problems.append(_opposite(read, positive, classes, n_differ, one.height))
        elif n_differ:
            labels = f"{several(n_differ, 'label')} of {read.version}"
            message = f"{labels} against what score ≥ {threshold:g} says: labels are used"
            notes.append(Note("RG330", "info", message, read.table.path, read.fields.score or "", n_differ))
    if problems:
        raise InputError(problems)
    return Binary(positive, loaded.manifest.threshold, frozenset(surety), tuple(notes))


def usual_positive(classes: Sequence[str]) -> str | None:
    """The class of a usual positive name, where there is exactly one."""
    found = [name for name in classes if name.strip().casefold() in USUAL_POSITIVE]
    return found[0] if len(found) == 1 else None


def _declared(loaded: LoadedManifest, classes: Sequence[str]) -> str | None:
    wanted = loaded.manifest.positive
    if wanted is None or wanted in classes:
        return wanted
    by_number = {respell(name): name for name in classes}
    if respell(wanted) in by_number:
        return by_number[respell(wanted)]
    what = f'"{wanted}" is none of the classes'
    raise stop(Problem("RG322", what, loaded.place("positive"), "positive", expected=listed(classes)))


def _by_score(classes: Sequence[str], reads: Sequence[Read]) -> str | None:
    for read in reads:
        if read.classes or not {"label", "score"} <= set(read.frame.columns):
            continue
        means = dict(read.frame.filter(pl.col("valid")).group_by("label").agg(pl.col("score").mean()).iter_rows())
        if len(means) == 2:
            return max(classes, key=lambda name: means.get(name, 0.0))
    return None


def _opposite(read: Read, positive: str, classes: Sequence[str], n_differ: int, n: int) -> Problem:
    other = next(name for name in classes if name != positive)
    what = f'the score says the opposite of the label in {n_differ:,} of {n:,} samples, with "{positive}" as positive'
    mend = f'if it is the probability of "{other}", write positive: {other}'
    return Problem("RG322", what, read.table.place(column=read.fields.score), mend=mend)
