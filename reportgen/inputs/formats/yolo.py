"""YOLO's folders: a text file an image, a line an object, in shares of the image's width and height."""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

import numpy as np
import polars as pl

from reportgen.errors import InputError, Place, Problem, stop
from reportgen.inputs.delimited import refuse_encoding
from reportgen.inputs.formats.folders import read_bytes, walk
from reportgen.inputs.formats.given import (
    HEIGHT,
    IMAGE,
    WIDTH,
    GivenObjects,
    Source,
    digest_all,
    given_frame,
    lists,
    short,
    spread,
)
from reportgen.inputs.positions import Document, parse_document
from reportgen.model import Note

CONFIGS = ("data.yaml", "dataset.yaml", "data.yml")
PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif", ".tif", ".tiff")
_LISTS = {"classes.txt", "train.txt", "val.txt", "test.txt", "readme.txt", "requirements.txt"}


def is_yolo(path: Path) -> bool:
    """Whether a folder holds YOLO's files, or the file is its ``data.yaml``."""
    if path.is_file():
        return path.suffix.lower() in {".yaml", ".yml"}
    return any((path / name).is_file() for name in CONFIGS) or (path / "labels").is_dir() or bool(_labels(path))


def read(source: Source) -> GivenObjects:
    """The objects of a folder with ``labels`` in it (or of that one itself), or beside a ``data.yaml``.

    A line is ``class cx cy width height``, of a detection with its confidence behind, or ``class x1 y1 x2 y2 …``, a
    polygon. An image without a text file, or with an empty one, has no objects. Folders that ``data.yaml`` names
    outside of its own are not looked at.
    """
    folder = source.path if source.path.is_dir() else source.path.parent
    base = source.shown.rstrip("/") if source.path.is_dir() else PurePosixPath(source.shown).parent.as_posix()
    config = source.path if source.path.is_file() else next((p for n in CONFIGS if (p := folder / n).is_file()), None)
    settings = _settings(config, f"{base}/{config.name}") if config is not None else Document({})
    names = _names(settings.data, base)
    paths = _labels(folder)
    shown = [f"{base}/{path.relative_to(folder).as_posix()}" for path in paths]
    contents = [read_bytes(path, name) for path, name in zip(paths, shown, strict=True)]
    keys = [_key(path.relative_to(folder)) for path in paths]
    pictures = [_key(path.relative_to(folder)) for path in walk(folder, lambda name: name.endswith(PICTURES))]
    found, problems = _objects(contents, keys, shown, source, keypoints="kpt_shape" in settings.data)
    images = pl.DataFrame({IMAGE: pl.Series([*keys, *pictures], dtype=pl.String)}).unique(maintain_order=True)
    read_files = [*zip(shown, contents, strict=True)]
    if config is not None:
        read_files.append((config.name, read_bytes(config, config.name)))
    notes: list[Note] = []
    if "kpt_shape" in settings.data:
        notes.append(
            Note("RG395", "info", "keypoints are not read: boxes are", source.shown, "kpt_shape", found.height)
        )
    return GivenObjects(
        "YOLO",
        found,
        images.with_columns(pl.lit(None, pl.Float64).alias(WIDTH), pl.lit(None, pl.Float64).alias(HEIGHT)),
        tuple(shown) or (source.shown,),
        digest_all(read_files),
        categories=names,
        from_zero=True,
        relative=True,
        notes=tuple(notes),
        problems=tuple(problems),
    )


def _settings(path: Path, shown: str) -> Document:
    content = read_bytes(path, shown)
    refuse_encoding(content, shown)
    document = parse_document(content.decode("utf-8-sig"), shown)
    return document if isinstance(document.data, dict) else Document({})


def _names(settings: object, base: str) -> dict[str, str]:
    """The names of classes by their numbers: a list, or a mapping."""
    names = settings.get("names") if isinstance(settings, dict) else None
    if isinstance(names, list):
        names = {str(i): name for i, name in enumerate(names)}
    if not isinstance(names, dict):
        return {}
    found = {str(key): str(name) for key, name in names.items() if isinstance(name, str | int | float)}
    if len(set(found.values())) < len(found):
        twice = next(name for name in found.values() if list(found.values()).count(name) > 1)
        what = f'two classes are called "{short(twice)}"'
        raise stop(Problem("RG380", what, Place(f"{base}/data.yaml"), "names", mend="name them apart"))
    return found


def _labels(folder: Path) -> list[Path]:
    """The text files of labels: those in folders called ``labels`` where there are any, else all of the folder."""
    every = [path for path in walk(folder, lambda name: name.endswith(".txt")) if path.name.lower() not in _LISTS]
    below = [path for path in every if "labels" in path.relative_to(folder).parts[:-1]]
    return below or every


def _key(path: Path) -> str:
    """What a file of labels or of pixels is called: its path without ending and the folders that tell the two apart."""
    parts = [part for part in path.with_suffix("").parts if part not in {"labels", "images"}]
    return "/".join(parts)


def _objects(
    contents: Sequence[bytes], keys: Sequence[str], shown: Sequence[str], source: Source, *, keypoints: bool
) -> tuple[pl.DataFrame, list[Problem]]:
    problems: list[Problem] = []
    texts: list[str] = []
    for content, name in zip(contents, shown, strict=True):
        try:
            refuse_encoding(content, name)
            texts.append(content.removeprefix(codecs.BOM_UTF8).decode())
        except InputError as error:
            problems += error.problems
            texts.append("")
    lines = (
        pl.DataFrame({"text": pl.Series(texts, dtype=pl.String)})
        .with_row_index("file")
        .with_columns(pl.col("text").str.replace_all("\r", "").str.split("\n"))
        .explode("text")
        .with_columns(pl.int_range(1, pl.len() + 1).over("file").alias("row"))
        .with_columns(pl.col("text").str.extract_all(r"\S+").alias("parts"))
        .filter(pl.col("parts").list.len() > 0)
        .with_columns(pl.col("parts").list.len().cast(pl.Int64).alias("n"))
    )
    tail = 0 if source.truth else 1
    polygon = (pl.col("n") - tail >= 7) & ((pl.col("n") - tail) % 2 == 1) & (not keypoints)
    box = pl.col("n") == 5 + tail
    if keypoints:
        box = pl.col("n") >= 5 + tail
    lines = lines.with_columns(
        pl.when(box).then(pl.lit("box")).when(polygon).then(pl.lit("polygon")).otherwise(pl.lit("wrong")).alias("kind")
    )
    numbers = pl.col("parts").list.eval(pl.element().cast(pl.Float64, strict=False))
    lines = lines.with_columns(numbers.alias("numbers")).with_columns(
        pl.when(pl.col("numbers").list.eval(pl.element().is_null()).list.any())
        .then(pl.lit("no number"))
        .otherwise("kind")
        .alias("kind")
    )
    problems += _line_problems(lines, shown, source)
    lines = lines.filter(pl.col("kind").is_in(["box", "polygon"]))
    return _frame(lines, keys, source), problems


def _line_problems(lines: pl.DataFrame, shown: Sequence[str], source: Source) -> list[Problem]:
    found = []
    for kind, wrong in lines.filter(~pl.col("kind").is_in(["box", "polygon"])).group_by("kind", maintain_order=True):
        first = wrong.row(0, named=True)
        place = Place(shown[first["file"]], row=first["row"], value=short(first["text"]))
        more = f", and {wrong.height - 1:,} more lines" if wrong.height > 1 else ""
        expected = "class cx cy width height" + ("" if source.truth else " confidence")
        mend = ""
        n = set(wrong["n"].to_list())
        if kind == ("no number",):
            what = f"a value is no number{more}"
        elif n == {6} and source.truth:
            what = f"six values{more}: a confidence behind the box, as detections have"
            mend = "name the folder of the true labels"
        elif n == {5} and not source.truth:
            what = f"five values{more}: no confidence behind the box"
            mend = "write them with it: Ultralytics does with save_txt=True save_conf=True"
        else:
            what = f"{first['n']} values{more}"
        found.append(Problem("RG373", what, place, expected=expected, mend=mend))
    return found


def _frame(lines: pl.DataFrame, keys: Sequence[str], source: Source) -> pl.DataFrame:
    n = lines.height
    box = np.full((n, 4), np.nan)
    is_box = (lines["kind"] == "box").to_numpy()
    at = np.flatnonzero(is_box)
    whole = lines["numbers"]
    if len(at):
        cells = whole.gather(at).list.slice(1, 4).list.to_array(4).to_numpy()
        box[at] = cells
        box[at, :2] -= box[at, 2:] / 2
    columns: dict[str, object] = {}
    shapes = np.flatnonzero(~is_box)
    if len(shapes):
        tail = 0 if source.truth else 1
        points = whole.gather(shapes).list.slice(1)
        points = (
            points if tail == 0 else points.to_frame("p").select(pl.col("p").list.head(pl.col("p").list.len() - 1))["p"]
        )
        lengths = points.list.len().to_numpy().astype(np.int64)
        flat = points.explode().to_numpy()
        owner = np.repeat(np.arange(len(shapes)), lengths)
        begins = np.cumsum(lengths) - lengths
        even = (np.arange(len(flat)) - begins[owner]) % 2 == 0
        for k, chosen in enumerate((even, ~even)):
            starts = np.flatnonzero(np.diff(owner[chosen], prepend=-1))
            low = np.minimum.reduceat(flat[chosen], starts)
            box[shapes, k] = low
            box[shapes, 2 + k] = np.maximum.reduceat(flat[chosen], starts) - low
        columns["polygons"] = spread(_alone(lists(flat, lengths)), shapes.tolist(), n)
    score = None if source.truth else whole.list.last()
    classes = whole.list.first()
    text = classes.cast(pl.Int64, strict=False).cast(pl.String)
    whole_ones = (classes % 1 == 0).fill_null(value=False) & text.is_not_null()
    text = text.zip_with(whole_ones, classes.cast(pl.String))
    return given_frame(
        n,
        {
            "image": pl.Series([keys[file] for file in lines["file"].to_list()], dtype=pl.String),
            "class": text,
            **dict(zip(("left", "top", "width", "height"), box.T, strict=True)),
            **({} if score is None else {"score": score}),
            **columns,
            "file": lines["file"].cast(pl.Int32),
            "row": lines["row"],
        },
    )


def _alone(column: pl.Series) -> pl.Series:
    """Each list as the only entry of a list."""
    return lists(column, np.ones(len(column), np.int64))
