"""One small world of boxes, written in every format that is read."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
from PIL import Image

from reportgen.inputs.formats.given import Source
from reportgen.inputs.objects import ObjectFiles, ReadObjects, read_objects

WIDTH, HEIGHT = 64, 48
IMAGES = ("a", "b", "c")
"""Stems of the images; nothing is in the last one."""
IDS = pl.Series("id", IMAGES)
CLASSES = ("cat", "dog")
OWN = pl.DataFrame({"id": IMAGES, "width": [WIDTH] * 3, "height": [HEIGHT] * 3})


@dataclass(frozen=True)
class Thing:
    """One object: image, class, and a box whose numbers every format can write."""

    image: str
    klass: str
    box: tuple[int, int, int, int]
    score: float = 0.5


TRUTHS = (Thing("a", "cat", (8, 12, 16, 24)), Thing("a", "dog", (32, 0, 32, 48)), Thing("b", "dog", (0, 24, 8, 12)))
FOUND = (Thing("a", "cat", (8, 12, 16, 12), 0.75), Thing("b", "cat", (0, 24, 8, 12), 0.25))

Entry = dict[str, Any]


def coco_truth(things: Sequence[Thing] = TRUTHS, **further: Any) -> Entry:
    """A COCO file of these objects; category ids begin at 1."""
    return {
        "images": [
            {"id": i + 1, "file_name": f"images/{name}.png", "width": WIDTH, "height": HEIGHT}
            for i, name in enumerate(IMAGES)
        ],
        "categories": [{"id": i + 1, "name": name} for i, name in enumerate(CLASSES)],
        "annotations": [
            {
                "id": 10 + i,
                "image_id": IMAGES.index(one.image) + 1,
                "category_id": CLASSES.index(one.klass) + 1,
                "bbox": list(one.box),
                "area": one.box[2] * one.box[3],
                "iscrowd": 0,
            }
            for i, one in enumerate(things)
        ],
        **further,
    }


def coco_results(things: Sequence[Thing] = FOUND) -> list[Entry]:
    """COCO results of these objects."""
    return [
        {
            "image_id": IMAGES.index(one.image) + 1,
            "category_id": CLASSES.index(one.klass) + 1,
            "bbox": list(one.box),
            "score": one.score,
        }
        for one in things
    ]


def _json(name: str, make: Callable[[Sequence[Thing], bool], Any]) -> Callable[[Path, Sequence[Thing], bool], Path]:
    def write(folder: Path, things: Sequence[Thing], truth: bool) -> Path:
        path = folder / name
        path.write_text(json.dumps(make(things, truth)))
        return path

    return write


def _ultralytics(things: Sequence[Thing], truth: bool) -> Any:
    entries = coco_truth(things) if truth else coco_results(things)
    if not truth:
        for entry, one in zip(entries, things, strict=True):
            entry["image_id"] = one.image
    return entries


def _fiftyone(things: Sequence[Thing], truth: bool) -> Entry:
    def detection(one: Thing) -> Entry:
        x, y, w, h = one.box
        box = [x / WIDTH, y / HEIGHT, w / WIDTH, h / HEIGHT]
        return {"label": one.klass, "bounding_box": box} | ({} if truth else {"confidence": one.score})

    return {
        "samples": [
            {
                "_id": {"$oid": "5f"},
                "filepath": f"data/{name}.png",
                "metadata": {"width": WIDTH, "height": HEIGHT},
                "ground_truth" if truth else "predictions": {
                    "_cls": "Detections",
                    "detections": [detection(one) for one in things if one.image == name],
                },
            }
            for name in IMAGES
        ]
    }


def _fiftyone_labels(things: Sequence[Thing], truth: bool) -> Entry:
    samples = _fiftyone(things, truth)["samples"]
    field = "ground_truth" if truth else "predictions"
    return {
        "classes": list(CLASSES),
        "labels": {
            Path(one["filepath"]).stem: [
                {**found, "label": CLASSES.index(found["label"])} for found in one[field]["detections"]
            ]
            for one in samples
        },
    }


def _yolo(folder: Path, things: Sequence[Thing], truth: bool) -> Path:
    root = folder / "yolo"
    (root / "labels" / "val").mkdir(parents=True)
    (root / "data.yaml").write_text("path: .\nval: images/val\nnames:\n  0: cat\n  1: dog\n")
    for name in IMAGES[:2]:  # nothing is in the last image, and it has no file
        lines = []
        for one in things:
            if one.image == name:
                x, y, w, h = one.box
                shares = [(x + w / 2) / WIDTH, (y + h / 2) / HEIGHT, w / WIDTH, h / HEIGHT]
                numbers = [CLASSES.index(one.klass), *shares, *([] if truth else [one.score])]
                lines.append(" ".join(map(str, numbers)))
        (root / "labels" / "val" / f"{name}.txt").write_text("\n".join(lines) + "\n")
    return root


def _yolo_config(folder: Path, things: Sequence[Thing], truth: bool) -> Path:
    return _yolo(folder, things, truth) / "data.yaml"


def voc_xml(name: str, things: Sequence[Thing], truth: bool = True) -> str:
    """The XML of one image."""
    objects = "".join(
        f"<object><name>{one.klass}</name><difficult>0</difficult>"
        + ("" if truth else f"<confidence>{one.score}</confidence>")
        + f"<bndbox><xmin>{one.box[0] + 1}</xmin><ymin>{one.box[1] + 1}</ymin>"
        f"<xmax>{one.box[0] + one.box[2]}</xmax><ymax>{one.box[1] + one.box[3]}</ymax></bndbox></object>"
        for one in things
        if one.image == name
    )
    size = f"<size><width>{WIDTH}</width><height>{HEIGHT}</height><depth>3</depth></size>"
    return f"<annotation><filename>{name}.png</filename>{size}{objects}</annotation>"


def _voc(folder: Path, things: Sequence[Thing], truth: bool) -> Path:
    root = folder / "Annotations"
    root.mkdir()
    for name in IMAGES:
        (root / f"{name}.xml").write_text(voc_xml(name, things, truth))
    return root


def _rows(things: Sequence[Thing], truth: bool) -> list[Entry]:
    rows = []
    for name in IMAGES:
        own = [one for one in things if one.image == name]
        objects = {"bbox": [list(one.box) for one in own], "category": [one.klass for one in own]}
        rows.append(
            {"file_name": f"{name}.png", "objects": objects | ({} if truth else {"score": [o.score for o in own]})}
        )
    return rows


def _jsonl(folder: Path, things: Sequence[Thing], truth: bool) -> Path:
    path = folder / "metadata.jsonl"
    path.write_text("\n".join(map(json.dumps, _rows(things, truth))))
    return path


def _parquet(folder: Path, things: Sequence[Thing], truth: bool) -> Path:
    path = folder / "train.parquet"
    pl.DataFrame(_rows(things, truth)).write_parquet(path)
    return path


def table(things: Sequence[Thing], truth: bool, layout: str) -> pl.DataFrame:
    """A table of boxes: ``xywh``, ``corners``, ``shares`` or ``list``."""
    boxes = {
        "xywh": lambda x, y, w, h: {"x": x, "y": y, "w": w, "h": h},
        "corners": lambda x, y, w, h: {"xmin": x, "ymin": y, "xmax": x + w, "ymax": y + h},
        "shares": lambda x, y, w, h: {"x": x / WIDTH, "y": y / HEIGHT, "width": w / WIDTH, "height": h / HEIGHT},
        "list": lambda x, y, w, h: {"bbox": [float(x), float(y), float(w), float(h)]},
    }
    return pl.DataFrame(
        [
            {"image_id": one.image, "label": one.klass, **boxes[layout](*one.box)}
            | ({} if truth else {"score": one.score})
            for one in things
        ]
    )


def _table(layout: str, ending: str) -> Callable[[Path, Sequence[Thing], bool], Path]:
    def write(folder: Path, things: Sequence[Thing], truth: bool) -> Path:
        path = folder / f"boxes{ending}"
        frame = table(things, truth, layout)
        if ending == ".csv":
            frame.write_csv(path)
        elif ending == ".parquet":
            frame.write_parquet(path)
        elif ending == ".json":
            path.write_text(json.dumps(frame.to_dicts()))
        else:
            frame.write_ndjson(path)
        return path

    return write


FORMATS: Mapping[str, Callable[[Path, Sequence[Thing], bool], Path]] = {
    "COCO": _json("coco.json", lambda things, truth: coco_truth(things) if truth else coco_results(things)),
    "Ultralytics": _json("predictions.json", _ultralytics),
    "YOLO": _yolo,
    "YOLO data.yaml": _yolo_config,
    "Pascal VOC": _voc,
    "FiftyOne samples": _json("samples.json", _fiftyone),
    "FiftyOne labels": _json("labels.json", _fiftyone_labels),
    "Hugging Face lines": _jsonl,
    "Hugging Face Parquet": _parquet,
    "table of sides": _table("xywh", ".csv"),
    "table of corners": _table("corners", ".parquet"),
    "table of shares": _table("shares", ".csv"),
    "table of lists": _table("list", ".jsonl"),
    "table in JSON": _table("corners", ".json"),
}
"""By name, what writes objects as true ones or as detections, and says where."""


def read(truth: Path, versions: Mapping[str, Path] | None = None, **further: Any) -> ReadObjects:
    """What these files say, for the samples of the world."""
    own, ids = further.pop("own", OWN), further.pop("ids", IDS)
    files = ObjectFiles(
        Source(truth, truth.name, truth=True),
        {name: Source(path, path.name, truth=False) for name, path in (versions or {}).items()},
        **further,
    )
    return read_objects(files, ids, own)


def read_json(folder: Path, truth: Any, **versions: Any) -> ReadObjects:
    """What these values say, written as JSON files."""
    return read(*write_json(folder, truth, **versions))


def write_json(folder: Path, truth: Any, **versions: Any) -> tuple[Path, dict[str, Path]]:
    """The values as files: the true objects, and those of versions."""
    for name, value in {"truth": truth, **versions}.items():
        text = value if isinstance(value, str) else json.dumps(value)
        (folder / f"{name}.json").write_text(text)
    return folder / "truth.json", {name: folder / f"{name}.json" for name in versions}


def boxes(frame: pl.DataFrame) -> list[tuple[int, ...]]:
    """Sample and box of each object, as whole numbers."""
    return [
        tuple(round(value) for value in row) for row in frame.select("sample", "left", "top", "width", "height").rows()
    ]


def picture(path: Path, width: int = WIDTH, height: int = HEIGHT, orientation: int = 1) -> None:
    """An image file of this size as it is stored."""
    path.parent.mkdir(parents=True, exist_ok=True)
    image = Image.new("RGB", (width, height))
    exif = Image.Exif()
    exif[0x0112] = orientation
    image.save(path, exif=exif)
