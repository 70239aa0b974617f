"""A manifest from files alone, with what was taken for what."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from reportgen.errors import Place, Problem, stop
from reportgen.inputs.formats.coco import begins_as_truth
from reportgen.inputs.guess import Guess, guess_columns
from reportgen.inputs.guess_objects import guess_objects
from reportgen.inputs.manifest import BUDGET, slug
from reportgen.inputs.objects import read_images
from reportgen.inputs.tables import Table, read_tables


@dataclass(frozen=True)
class Inferred:
    """A manifest that files suggest.

    Attributes:
        manifest_yaml: its text, with comments; relative paths in it begin in ``root``.
        statements: what was taken for what, a line each.
        root: the folder that holds all files: the one asked for, else the nearest that does.
    """

    manifest_yaml: str
    statements: tuple[str, ...]
    root: Path


def infer_manifest(samples_path: Path, predictions: Mapping[str, Path], base_dir: Path) -> Inferred:
    """The manifest that a sample table, or a COCO file of true objects, and prediction files suggest.

    Args:
        samples_path: the sample table, or the COCO file, whose images are the samples.
        predictions: a prediction file a version, baseline first, candidate last.
        base_dir: the folder where the manifest is to stand.

    Raises:
        InputError: a file cannot be read (RG2xx), no id (RG336) or no target (RG337) is found, or two versions have one
            name (RG113).
    """
    _refuse_names(predictions)
    images = read_images(samples_path, str(samples_path)) if begins_as_truth(samples_path) else None
    if images is not None:
        guess = guess_objects(images, samples_path.parent)
    else:
        samples, tables, _ = read_tables(samples_path, predictions)
        guess = guess_columns(samples, list(tables.values()), samples_path.parent)
    root = _root([samples_path, *predictions.values()], base_dir)
    paths = {name: _relative(path, root) for name, path in predictions.items()}
    text = "\n".join((*_head(root, base_dir), *_lines(guess, _relative(samples_path, root), paths, root)))
    return Inferred(text + "\n", tuple(guess.statements), root)


def infer_tables(samples: Table, predictions: Mapping[str, Table], root: Path | None = None) -> Inferred:
    """The manifest that tables in memory suggest; the paths in it are the tables' own.

    Args:
        samples: the sample table.
        predictions: a table a version, baseline first, candidate last.
        root: where paths of images begin; by default the process's folder.

    Raises:
        InputError: no id (RG336) or no target (RG337) is found, or two versions have one name (RG113).
    """
    _refuse_names(predictions)
    root = (root or Path()).resolve()
    guess = guess_columns(samples, list(predictions.values()), root)
    lines = _lines(guess, samples.path, {name: table.path for name, table in predictions.items()}, root)
    return Inferred("\n".join((_TITLE, *lines)) + "\n", tuple(guess.statements), root)


def _refuse_names(predictions: Mapping[str, object]) -> None:
    slugs: dict[str, str] = {}
    for name in predictions:
        if slugs.setdefault(slug(name), name) != name:
            what = f'"{name}" and "{slugs[slug(name)]}" are one name to file systems'
            raise stop(Problem("RG113", what, Place("command line"), mend="name one of them, as NAME=PATH"))


def _root(paths: Sequence[Path], base_dir: Path) -> Path:
    """The folder where the manifest's paths begin: ``base_dir`` where all files lie beneath it, else their own."""
    base = base_dir.resolve()
    real = [path.resolve() for path in paths]
    if all(path.is_relative_to(base) for path in real):
        return base
    return Path(os.path.commonpath([path.parent for path in real]))


_TITLE = "# What reportgen took for what; correct it where it is wrong."


def _head(root: Path, base_dir: Path) -> Iterator[str]:
    yield _TITLE
    if root != base_dir.resolve():
        there = os.path.relpath(root, base_dir.resolve())
        yield f"# Paths are relative to {_comment(there)}: a manifest reads only files beneath its own folder,"
        yield "# so move this file there to build from it."


HISTORY = "report-history"
"""The folder of past reports that an inferred manifest names."""


def _lines(guess: Guess, samples: str, predictions: Mapping[str, str], root: Path) -> Iterator[str]:
    yield f"task: {guess.task}"
    yield from (f"# {_comment(other)}" for other in guess.others)
    yield f"samples: {quote(samples)}"
    yield "columns:"
    yield f"  id: {quote(guess.id)}"
    if guess.target is not None:
        yield f"  target: {quote(guess.target)}"
    if guess.media is not None:
        yield f"  media: {quote(guess.media)}"
    if guess.frames is not None:
        yield f"  sequence: {quote(guess.frames[0])}"
        yield f"  frame: {quote(guess.frames[1])}"
    for name in guess.group_like:
        yield f"  # group: {_comment(quote(name))}    # samples that belong together, such as one patient's"
    if guess.prediction_id or guess.prediction_columns:
        yield "prediction_columns:"
        if guess.prediction_id:
            yield f"  id: {quote(guess.prediction_id)}"
        yield from (f"  {key}: {quote(value)}" for key, value in guess.prediction_columns.items())
    if guess.positive is not None:
        yield f"positive: {quote(guess.positive)}"
        yield "threshold: 0.5"
    if guess.media is not None:
        yield "media:"
        yield f"  kind: {guess.media_kind}"
        if guess.media_root is not None and guess.media_root.resolve() != root:
            yield f"  root: {quote(_relative(guess.media_root, root))}"
        yield f"  budget: {BUDGET}"
    yield "attributes:" if guess.attributes else "attributes: []"
    yield from (f"  - {quote(name)}" for name in guess.attributes)
    yield from (f"  # {_comment(note.message)}" for note in guess.left_out)
    yield f"history: {HISTORY}    # a small file of each report, so that the next one says what is new and what is gone"
    yield "versions:" if predictions else "versions: {}"
    yield from (f"  {quote(name)}: {quote(path)}" for name, path in predictions.items())
    if len(predictions) > 1:
        names = list(predictions)
        yield f"baseline: {quote(names[0])}"
        yield f"candidate: {quote(names[-1])}"


def _relative(path: Path, root: Path) -> str:
    return path.resolve().relative_to(root).as_posix()


def _comment(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)


_BARE = re.compile(r"[A-Za-z_][\w./-]*( [\w./-]+)*", re.ASCII)
_WORDS = {"null", "true", "false", "yes", "no", "on", "off", "~"}


def quote(text: str) -> str:
    """The text as a YAML scalar that reads back as itself."""
    if _BARE.fullmatch(text) and text.lower() not in _WORDS:
        return text
    escaped = "".join(_escape(c) for c in text)
    return f'"{escaped}"'


def _escape(c: str) -> str:
    if c in '"\\':
        return "\\" + c
    if c.isprintable():
        return c
    return f"\\U{ord(c):08x}"
