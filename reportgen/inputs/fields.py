"""Which column of a prediction file holds what: as the manifest says, else by the usual names."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from reportgen.errors import Place, Problem, stop
from reportgen.inputs.manifest import LoadedManifest, PredictionColumns
from reportgen.inputs.tables import Table
from reportgen.inputs.values import read_labels

LABELS = (
    "prediction", "predicted", "predicted_label", "prediction_label", "pred", "pred_label", "predicted_class",
    "pred_class", "y_pred", "yhat", "y_hat", "label", "class", "output",
)  # fmt: skip
SCORES = ("score", "confidence", "conf", "prob", "probability", "proba", "y_score", "p")
LISTS = ("probabilities", "probs", "proba", "probability", "prob", "scores", "y_prob", "y_proba")
VALUES = (
    "value", "prediction", "predicted", "predicted_value", "prediction_value", "pred", "y_pred", "yhat", "y_hat",
    "estimate", "forecast", "output", "score",
)  # fmt: skip
PATTERNS = (
    "prob_{class}", "probs_{class}", "proba_{class}", "probability_{class}", "p_{class}", "probabilities.{class}",
    "probs.{class}", "score_{class}",
)  # fmt: skip
BARE = "{class}"


@dataclass(frozen=True)
class Fields:
    """The columns of one prediction file. ``pattern`` gives a column a class; ``listed`` is one column of lists."""

    id: str
    label: str | None = None
    score: str | None = None
    pattern: str | None = None
    listed: str | None = None
    value: str | None = None
    guessed: bool = False

    @property
    def used(self) -> tuple[str, ...]:
        """The single columns that are read."""
        return tuple(name for name in (self.id, self.label, self.score, self.listed, self.value) if name is not None)


def choose_fields(loaded: LoadedManifest, table: Table, labels: frozenset[str]) -> Fields:
    """The columns that hold the predictions.

    Args:
        loaded: the manifest; what it declares under ``prediction_columns`` is taken and nothing else.
        table: the predictions.
        labels: the target's labels, by which a column of predicted labels is known; empty for regression.

    Raises:
        InputError: a declared column is not there (RG301), or none looks like a prediction (RG302).
    """
    declared = loaded.manifest.prediction_columns
    key = _id_column(loaded, table)
    given = {name: getattr(declared, name) for name in ("label", "score", "probabilities", "value")}
    if any(name is not None for name in given.values()):
        return _declared(loaded, table, key, declared)
    names = [name for name in table.frame.columns if name != key]
    if loaded.manifest.task == "regression":
        value = guess_value(table.frame, names)
        if value is None:
            raise _no_prediction(table, "value", VALUES)
        return Fields(key, value=value, guessed=True)
    label, score = guess_label(table.frame, names, labels), guess_score(table.frame, names, labels)
    label = None if label == score else label
    pattern = guess_pattern(table.frame, names, labels)
    listed = None if pattern else _by_name(names, LISTS, lambda name: is_list(table.frame[name]))
    if not (label or pattern or listed or score):
        raise _no_prediction(table, "label", (*LABELS[:3], "score", "prob_<class>"), labels)
    return Fields(key, label, score, pattern, listed, guessed=True)


def _id_column(loaded: LoadedManifest, table: Table) -> str:
    declared = loaded.manifest.prediction_columns.id
    name = declared or loaded.manifest.columns.id
    if name in table.frame.columns:
        return name
    if declared:
        raise stop(no_column(table, name, loaded.place("prediction_columns", "id"), "prediction_columns.id"))
    problem = no_column(table, name, table.place(), "")
    mend = problem.mend or "name it under prediction_columns: {id: …}"
    raise stop(Problem(problem.code, f'no id column "{name}"', problem.where, "", problem.expected, mend))


def _declared(loaded: LoadedManifest, table: Table, key: str, declared: PredictionColumns) -> Fields:
    regression = loaded.manifest.task == "regression"
    for name, right in (("value", regression), ("label", not regression), ("score", not regression)):
        if getattr(declared, name) is not None and not right:
            task = loaded.manifest.task
            what = f"a {task} has no predicted {name}"
            mend = f"name the column as {'value' if regression else 'label'}, or change the task"
            place = loaded.place("prediction_columns", name)
            raise stop(Problem("RG112", what, place, f"prediction_columns.{name}", mend=mend))
    for name in ("label", "score", "value"):
        column = getattr(declared, name)
        if column is not None and column not in table.frame.columns:
            raise stop(no_column(table, column, loaded.place("prediction_columns", name), f"prediction_columns.{name}"))
    chosen = declared.probabilities
    pattern = chosen if chosen is not None and "{class}" in chosen else None
    listed = chosen if pattern is None else None
    if listed is not None and listed not in table.frame.columns:
        place = loaded.place("prediction_columns", "probabilities")
        raise stop(no_column(table, listed, place, "prediction_columns.probabilities"))
    return Fields(key, declared.label, declared.score, pattern, listed, declared.value)


def guess_label(frame: pl.DataFrame, names: Sequence[str], labels: frozenset[str]) -> str | None:
    """The column of predicted labels: the first of a usual name whose values are mostly the target's labels.

    Without one, the first of a usual name, if it is no list.
    """
    found = [name for name in ordered(names, LABELS) if not is_list(frame[name])]
    for name in found:
        if share_of(frame[name], labels) >= 0.5:
            return name
    return found[0] if found else None


def guess_score(frame: pl.DataFrame, names: Sequence[str], labels: frozenset[str]) -> str | None:
    """The column of scores, by its usual name.

    With two labels it may also be called a prediction, where its values are no labels but numbers between 0 and 1.
    """
    score = _by_name(names, SCORES, lambda name: not is_list(frame[name]))
    label = guess_label(frame, names, labels)
    if score is not None or label is None or len(labels) != 2 or share_of(frame[label], labels) > 0.5:
        return score
    return label if is_number(frame[label]) and is_share(frame[label]) else None


def is_share(series: pl.Series) -> bool:
    """True where nearly all numbers lie between 0 and 1, and not all at the ends."""
    numbers = read_labels(series).cast(pl.Float64, strict=False).drop_nulls().drop_nans()
    outside = ((numbers < 0) | (numbers > 1)).mean()
    return len(numbers) > 0 and float(outside or 0.0) < 0.01 and not numbers.is_in([0.0, 1.0]).all()  # type: ignore[arg-type]


def guess_value(frame: pl.DataFrame, names: Sequence[str]) -> str | None:
    """The column of predicted numbers, by its usual name."""
    return _by_name(names, VALUES, lambda name: is_number(frame[name]))


def guess_pattern(frame: pl.DataFrame, names: Sequence[str], labels: frozenset[str]) -> str | None:
    """The usual pattern that names a column for most of the labels, or that at least two columns follow.

    Without one, the bare name of each label, where all of them are columns of numbers between 0 and 1.
    """
    best = max(PATTERNS, key=lambda pattern: len(classes_of(names, pattern).keys() & labels))
    if len(classes_of(names, best).keys() & labels) >= 2:
        return best
    indexed = [p for p in PATTERNS if len(classes_of(names, p)) >= 2 and all(c.isdigit() for c in classes_of(names, p))]
    if indexed:
        return indexed[0]
    bare = [frame[name] for name in names if name in labels]
    is_bare = 2 <= len(bare) == len(labels) and all(map(is_number, bare)) and any(map(is_share, bare))
    return BARE if is_bare else None


def classes_of(names: Iterable[str], pattern: str) -> dict[str, str]:
    """The columns that follow the pattern, by class."""
    before, after = pattern.split("{class}", 1)
    return {
        name[len(before) : len(name) - len(after)]: name
        for name in names
        if name.startswith(before) and name.endswith(after) and len(name) > len(before) + len(after)
    }


def share_of(series: pl.Series, labels: frozenset[str]) -> float:
    """The share of values that are one of the labels."""
    text = read_labels(series).drop_nulls()
    return float(text.is_in(list(labels)).mean() or 0.0) if len(text) else 0.0  # type: ignore[arg-type]


def is_number(series: pl.Series) -> bool:
    """True where most values are numbers."""
    if series.dtype.is_numeric():
        return True
    if series.dtype != pl.String:
        return False
    text = read_labels(series).drop_nulls()
    return bool(len(text)) and text.str.strip_chars().cast(pl.Float64, strict=False).null_count() < 0.5 * len(text)


def is_list(series: pl.Series) -> bool:
    """True for a column of lists, or of lists written as text."""
    if isinstance(series.dtype, pl.List | pl.Array):
        return True
    first = series.drop_nulls().head(1)
    return series.dtype == pl.String and bool(len(first)) and bool(re.match(r"\s*\[", str(first[0])))


def ordered(names: Sequence[str], usual: Sequence[str]) -> list[str]:
    """The names that are usual ones, in the order of the usual ones; case does not count."""
    by_lower: dict[str, str] = {}
    for name in names:
        by_lower.setdefault(name.casefold(), name)
    return [by_lower[one] for one in usual if one in by_lower]


def _by_name(names: Sequence[str], usual: Sequence[str], fits: object) -> str | None:
    return next((name for name in ordered(names, usual) if fits(name)), None)  # type: ignore[operator]


def no_column(table: Table, name: str, place: Place, key: str) -> Problem:
    """The problem of a column that is not there, with the nearest one that is."""
    names = table.frame.columns
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    shown = ", ".join(names[:12]) + (f" and {len(names) - 12} more" if len(names) > 12 else "")
    what = f'{table.path} has no column "{name}"'
    mend = f'did you mean "{near[0]}"?' if near else ""
    return Problem("RG301", what, place, key, expected=f"one of {shown}", mend=mend)


def _no_prediction(table: Table, kind: str, usual: Sequence[str], labels: frozenset[str] = frozenset()) -> Exception:
    what = f"no column looks like a prediction: the columns are {', '.join(table.frame.columns[:12])}"
    mend = f"name it under prediction_columns: {{{kind}: …}}"
    if len(labels & set(table.frame.columns)) >= 2:
        mend = f'where columns hold the probabilities of classes, write prediction_columns: {{probabilities: "{BARE}"}}'
    return stop(Problem("RG302", what, table.place(), expected=f"a column such as {', '.join(usual[:5])}", mend=mend))
