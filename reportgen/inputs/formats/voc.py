"""Pascal VOC: an XML file an image, boxes by the first and last pixel that they hold, counted from 1."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import polars as pl

from reportgen.errors import InputError, Place, Problem, stop
from reportgen.inputs.formats.folders import read_bytes, walk
from reportgen.inputs.formats.given import (
    HEIGHT,
    IMAGE,
    NAMED,
    WIDTH,
    GivenObjects,
    Source,
    digest_all,
    given_frame,
    scalar_column,
    short,
)
from reportgen.model import Note

INSTALL = "pip install 'reportgen[voc]'"
_CORNERS = ("xmin", "ymin", "xmax", "ymax")
_SCORES = ("confidence", "score")
_FLAGS = ("difficult", "truncated", "occluded")


def is_voc(path: Path) -> bool:
    """Whether the path is an XML file, or a folder with any beneath it."""
    if path.is_file():
        return path.suffix.lower() == ".xml"
    return bool(walk(path, lambda name: name.endswith(".xml")))


def read(source: Source) -> GivenObjects:
    """The objects of one XML file, or of all beneath a folder; an image without a file was not looked at.

    ``difficult``, ``truncated``, ``occluded`` and ``pose`` are attributes: the box counts as any other.
    """
    parse = _parser(source)
    single = source.path.is_file()
    paths = [source.path] if single else walk(source.path, lambda name: name.endswith(".xml"))
    base = source.shown.rstrip("/")
    shown = [source.shown if single else f"{base}/{path.relative_to(source.path).as_posix()}" for path in paths]
    contents: list[tuple[str, bytes]] = []
    problems: list[Problem] = []
    images: list[dict[str, Any]] = []
    objects: list[dict[str, Any]] = []
    for i, (path, name) in enumerate(zip(paths, shown, strict=True)):
        try:
            contents.append((name, content := read_bytes(path, name)))
            root = parse(content, name)
        except InputError as error:
            problems += error.problems
            continue
        key = _image_name(root, path)
        images.append({IMAGE: key, "xml": path.stem, **_size(root)})
        objects += _objects(root, key, i, name, problems)
    pictures = pl.DataFrame(images, schema={IMAGE: pl.String, "xml": pl.String, WIDTH: pl.Float64, HEIGHT: pl.Float64})
    twice = pictures.filter(pl.col(IMAGE).is_duplicated())
    if twice.height:
        what = f'several files of the image "{short(twice[IMAGE][0])}"'
        problems.append(Problem("RG380", what, source.place(), mend="keep one file an image"))
        pictures = pictures.unique(IMAGE, keep="first", maintain_order=True)
    box = np.array([[one[corner] for corner in _CORNERS] for one in objects], np.float64).reshape(-1, 4)
    box[:, 2:] += 1 - box[:, :2]
    box[:, :2] -= 1
    names = sorted({name for one in objects for name in one["attributes"]})
    columns = [scalar_column(name, [one["attributes"].get(name) for one in objects]) for name in names]
    found = given_frame(
        len(objects),
        {
            "image": [one[IMAGE] for one in objects],
            "class": [one["class"] for one in objects],
            **dict(zip(("left", "top", "width", "height"), box.T, strict=True)),
            "score": pl.Series([one["score"] for one in objects], dtype=pl.Float64),
            "file": [one["file"] for one in objects],
            "row": [one["row"] for one in objects],
        },
    )
    return GivenObjects(
        "Pascal VOC",
        found,
        pictures,
        tuple(shown) or (source.shown,),
        digest_all(contents),
        every=True,
        attributes=pl.DataFrame([one for one in columns if one is not None]),
        by_name=True,
        corners=True,
        notes=tuple(_notes(found, objects, source)),
        problems=tuple(problems),
    )


def _parser(source: Source) -> Any:
    """The function that parses the bytes of a file without following what could harm.

    Raises:
        InputError: the extra is not installed (RG393).
    """
    try:
        from defusedxml import ElementTree  # noqa: PLC0415 — an extra, loaded where it is needed
        from defusedxml.common import DefusedXmlException  # noqa: PLC0415
    except ImportError:
        what = "Pascal VOC files are read with defusedxml, which is not installed"
        raise stop(Problem("RG393", what, source.place(), mend=INSTALL)) from None

    def parse(content: bytes, name: str) -> Any:
        try:
            root = ElementTree.fromstring(content, forbid_dtd=True)
        except DefusedXmlException:
            what = "the file declares a document type or entities, which are never unfolded"
            raise stop(Problem("RG394", what, Place(name), mend="remove the DOCTYPE")) from None
        except ElementTree.ParseError as error:
            line, position = error.position
            what = f"no valid XML: {str(error).split(':')[0]}"
            raise stop(Problem("RG372", what, Place(name, line, position + 1), mend="write the file again")) from None
        except (ValueError, LookupError, RecursionError) as error:  # an encoding that Python does not know
            what = f"no valid XML: {short(error)}"
            raise stop(Problem("RG372", what, Place(name), mend="save it as UTF-8")) from None
        if root.tag != "annotation":
            what = f"the file is <{short(root.tag)}>"
            raise stop(Problem("RG373", what, Place(name), expected="<annotation>, as Pascal VOC has it"))
        return root

    return parse


def _text(node: Any, name: str) -> str | None:
    found = node.findtext(name)
    return found.strip() or None if isinstance(found, str) else None


def _number(text: str | None) -> float:
    try:
        return float(text) if text is not None else np.nan
    except ValueError:
        return np.nan


def _image_name(root: Any, path: Path) -> str:
    """The name of the picture's file; that of the XML file where it tells none."""
    return _text(root, "filename") or PurePosixPath(path.name).stem


def _size(root: Any) -> dict[str, float | None]:
    found = {name: _number(_text(root, f"size/{name}")) for name in (WIDTH, HEIGHT)}
    return {name: value if value > 0 and np.isfinite(value) else None for name, value in found.items()}


def _objects(root: Any, key: str, file: int, shown: str, problems: list[Problem]) -> Iterator[dict[str, Any]]:
    found = []
    for row, node in enumerate(root.findall("object"), 1):
        name, box = _text(node, "name"), node.find("bndbox")
        if name is None or box is None:
            what = f"object {row} has no <{'name' if name is None else 'bndbox'}>"
            problems.append(Problem("RG373", what, Place(shown, row=row), expected="<name> and <bndbox>"))
            continue
        score = next((text for one in _SCORES if (text := _text(node, one)) is not None), None)
        flags = {flag: _flag(text) for flag in _FLAGS if (text := _text(node, flag)) is not None}
        pose = {"pose": text} if (text := _text(node, "pose")) is not None else {}
        found.append(
            {
                IMAGE: key,
                "class": name,
                "file": file,
                "row": row,
                "score": None if score is None else _number(score),
                "attributes": {**flags, **pose},
                **{corner: _number(_text(box, corner)) for corner in _CORNERS},
            }
        )
    return iter(found)


def _flag(text: str) -> bool | str:
    return {"1": True, "0": False, "true": True, "false": False}.get(text.lower(), text)


def _notes(found: pl.DataFrame, objects: list[dict[str, Any]], source: Source) -> Iterator[Note]:
    hard = [i for i, one in enumerate(objects) if one["attributes"].get("difficult") is True]
    if hard:
        message = (
            f"{len(hard):,} of the objects are `difficult`: they count as any other, and `difficult` is an attribute"
        )
        names = tuple(f"{objects[i][IMAGE]}" for i in hard[:NAMED])
        yield Note("RG387", "info", message, source.shown, "difficult", len(hard), names)
    zero = int(((found["left"] < 0) | (found["top"] < 0)).sum())
    if zero:
        message = (
            f"{zero:,} boxes begin at 0, though VOC counts pixels from 1: if the file counts from 0, "
            "every box lies one pixel too far left and up"
        )
        yield Note("RG392", "degraded", message, source.shown, "bndbox", zero)
