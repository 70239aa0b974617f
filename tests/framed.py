"""A small report of frames: drives with errors in a row, with gaps, long ones, and stills beside them."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from reportgen import pipeline
from reportgen.inputs.load import load_manifest
from reportgen.report import Report

HOSTILE = 'drive <d> & "co"'

MANIFEST = """title: Drives
task: classification
samples: samples.csv
columns: {id: id, target: label, media: file, sequence: drive, frame: frame}
prediction_columns: {label: prediction, score: score}
media: {root: images/}
attributes: [weather]
versions: {v1: v1.csv, v2: v2.csv}
"""


@dataclass(frozen=True)
class Drive:
    """One sequence: the numbers of its frames, and which of them each version has wrong, or does not predict."""

    name: str
    numbers: tuple[float, ...]
    wrong_old: frozenset[float] = frozenset()
    wrong_new: frozenset[float] = frozenset()
    silent_new: frozenset[float] = frozenset()


DRIVES = (
    Drive("drive-a", tuple(range(12)), frozenset({4}), frozenset(range(3, 8))),
    Drive("drive-b", (*range(5), *range(8, 15)), frozenset({0}), frozenset({3, 4, 8})),
    Drive("drive-c", tuple(range(0, 3000, 10)), frozenset(range(0, 3000, 70)), frozenset(range(1000, 1200, 10))),
    Drive(HOSTILE, tuple(range(1, 7)), silent_new=frozenset({4.0})),
)
STILLS = ("still-1", "still-2")
WITHOUT_PICTURE = "drive-a-9"
"""The one frame whose media column is empty."""


def write(folder: Path, drives: tuple[Drive, ...] = DRIVES, manifest: str = MANIFEST) -> Path:
    """The manifest in a folder with its tables and pictures; samples are called "<sequence>-<number>"."""
    (folder / "images").mkdir(parents=True)
    rows, old, new = [], [], []
    places = [(drive, number) for drive in drives for number in drive.numbers]
    for i, (drive, number) in enumerate(places):
        id_ = f"{drive.name}-{number:g}"
        label = "car" if i % 3 else "van"
        name = "" if id_ == WITHOUT_PICTURE else f"{i}.png"
        rows.append([id_, label, name, drive.name, f"{number:g}", "rain" if i % 2 else "sun"])
        other = "van" if label == "car" else "car"
        old.append([id_, other if number in drive.wrong_old else label, "0.9"])
        if number not in drive.silent_new:
            new.append([id_, other if number in drive.wrong_new else label, "0.8"])
        if name:
            shade = (number % 256, (37 * i) % 256, len(drive.name) * 9 % 256)
            Image.new("RGB", (24, 15), tuple(map(int, shade))).save(folder / "images" / name)
    for i, id_ in enumerate(STILLS):
        rows.append([id_, "car", "", "", "", "sun"])
        old.append([id_, "car", "0.9"])
        new.append([id_, ("van", "car")[i], "0.8"])
    for file, header, table in (
        ("samples.csv", ["id", "label", "file", "drive", "frame", "weather"], rows),
        ("v1.csv", ["id", "prediction", "score"], old),
        ("v2.csv", ["id", "prediction", "score"], new),
    ):
        with (folder / file).open("w", newline="", encoding="utf-8") as stream:
            csv.writer(stream).writerows([header, *table])
    (folder / "reportgen.yaml").write_text(manifest)
    return folder / "reportgen.yaml"


def report(folder: Path, drives: tuple[Drive, ...] = DRIVES, manifest: str = MANIFEST) -> Report:
    """The report of ``write``."""
    return pipeline.run(load_manifest(write(folder, drives, manifest)))


VALUES = """title: Heights
task: regression
samples: samples.csv
columns: {id: id, target: height, sequence: clip, frame: seconds}
attributes: [weather]
tolerance: 1
flip_margin: 1
versions: {v1: v1.csv, v2: v2.csv}
"""


def values(folder: Path) -> Report:
    """The report of a regression over times in seconds: the candidate drifts off in the middle of "flight"."""
    folder.mkdir(parents=True)
    samples, old, new = ["id,height,clip,seconds,weather"], ["id,value"], ["id,value"]
    for clip, n in (("flight", 10), ("landing", 14), ("taxi", 130)):
        for i in range(n):
            off = (0, 0.25, 0.5, 4, 6, 1.5)[min(i, 5) if clip == "flight" and i < 6 else i % 2]
            samples.append(f"{clip}-{i},{10 + i},{clip},{i / 25:g},{'rain' if i % 3 else 'sun'}")
            old.append(f"{clip}-{i},{10.5 + i}")
            new.append(f"{clip}-{i},{10 + i - off}")
    for name, lines in (("samples.csv", samples), ("v1.csv", old), ("v2.csv", new), ("reportgen.yaml", [VALUES])):
        (folder / name).write_text("\n".join(lines) + "\n")
    return pipeline.run(load_manifest(folder / "reportgen.yaml"))
