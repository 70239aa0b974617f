"""The same boxes, written in each format, are read as the same objects."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from reportgen import columns
from reportgen.inputs.formats import voc
from tests.inputs.formats.worlds import FORMATS, FOUND, IMAGES, TRUTHS, Thing, boxes, read


def need(name: str) -> None:
    """Skip the test where the format's package is not installed."""
    if name == "Pascal VOC":
        pytest.importorskip("defusedxml", reason=voc.INSTALL)


def expected(things: tuple[Thing, ...]) -> list[tuple[int, ...]]:
    """Sample and box of each."""
    return [(IMAGES.index(one.image), *one.box) for one in things]


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_says_the_same(tmp_path: Path, name: str) -> None:
    """Boxes, classes, scores and areas of the truth and of a version, each in the format."""
    need(name)
    (tmp_path / "truth").mkdir()
    (tmp_path / "found").mkdir()
    found = read(
        FORMATS[name](tmp_path / "truth", TRUTHS, True), {"v1": FORMATS[name](tmp_path / "found", FOUND, False)}
    )
    truths, detections = found.truths.frame, found.detections["v1"].frame

    assert found.classes == ("cat", "dog")
    assert boxes(truths) == expected(TRUTHS)
    assert boxes(detections) == expected(FOUND)
    for frame, things in ((truths, TRUTHS), (detections, FOUND)):
        assert frame.schema == columns.OBJECTS
        assert [found.classes[code] for code in frame["class"]] == [one.klass for one in things]
        np.testing.assert_allclose(frame["area"].to_numpy(), [one.box[2] * one.box[3] for one in things])
    assert detections["score"].to_list() == [one.score for one in FOUND]
    assert truths["score"].null_count() == len(TRUTHS)
    assert not truths["crowd"].any()
    assert found.images.rows() == [(64, 48, True)] * 3
    assert [note.severity for note in (*found.truths.notes, *found.detections["v1"].notes)].count("degraded") == 0
    assert [one.role for one in found.inputs] == ["objects", "predictions of v1"]
    assert [one.n_rows for one in found.inputs] == [3, 2]
    assert all(len(one.sha256) == 64 for one in found.inputs)


@pytest.mark.parametrize("name", FORMATS)
def test_a_version_may_come_in_any_format(tmp_path: Path, name: str) -> None:
    """The truth in COCO, the version in the format."""
    need(name)
    (tmp_path / "found").mkdir()
    found = read(FORMATS["COCO"](tmp_path, TRUTHS, True), {"v1": FORMATS[name](tmp_path / "found", FOUND, False)})

    assert boxes(found.detections["v1"].frame) == expected(FOUND)
    assert [found.classes[code] for code in found.detections["v1"].frame["class"]] == ["cat", "cat"]


@pytest.mark.parametrize("name", [name for name in FORMATS if not name.startswith("table")])
def test_a_version_without_detections_is_fine(tmp_path: Path, name: str) -> None:
    """No format needs a detection, but for tables, which have a row."""
    need(name)
    (tmp_path / "truth").mkdir()
    (tmp_path / "found").mkdir()
    found = read(FORMATS[name](tmp_path / "truth", TRUTHS, True), {"v1": FORMATS[name](tmp_path / "found", (), False)})

    assert found.detections["v1"].frame.height == 0
    assert found.detections["v1"].frame.schema == columns.OBJECTS
