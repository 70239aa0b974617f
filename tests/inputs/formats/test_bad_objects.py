"""Bad files of objects end as they should: one test a row of the list of bad inputs, and their kin."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from reportgen.errors import Problem
from reportgen.inputs.formats import voc
from reportgen.inputs.formats.given import Source
from reportgen.inputs.objects import ObjectFiles, ReadObjects, read_objects
from reportgen.model import Note
from tests.inputs.folders import problem_of, problems_of
from tests.inputs.formats.worlds import (
    FORMATS,
    HEIGHT,
    IMAGES,
    TRUTHS,
    WIDTH,
    Thing,
    boxes,
    coco_results,
    coco_truth,
    picture,
    read,
    read_json,
    voc_xml,
    write_json,
)

MANY = tuple(Thing(IMAGES[i % 3], "cat", (30 + i, 20 + i, 12, 10), 0.5) for i in range(20))
"""Boxes near the middle of their images."""


def notes_of(found: ReadObjects, code: str, version: str = "") -> list[Note]:
    """The notes of this code on the truth, or on a version."""
    side = found.detections[version] if version else found.truths
    return [note for note in side.notes if note.code == code]


def changed(change: Callable[[list[dict[str, Any]]], object]) -> list[dict[str, Any]]:
    """The results of many boxes after a change."""
    entries = coco_results(MANY)
    change(entries)
    return entries


def one(key: str, value: object, at: int = 2) -> Callable[[list[dict[str, Any]]], object]:
    """What sets a key of one entry."""
    return lambda entries: entries[at].update({key: value})


# --- row 71: boxes


@pytest.mark.parametrize(
    ("box", "words"),
    [
        ([30, 20, -3, 10], "entry 3: a width or height below 0"),
        ([30, float("nan"), 3, 10], "entry 3: a coordinate is missing, no number or infinite"),
        ([30, None, 3, 10], "entry 3: a coordinate is missing"),
        ([30, 20, float("inf"), 10], "entry 3: a coordinate is missing, no number or infinite"),
    ],
)
def test_a_box_that_is_none(tmp_path: Path, box: list[float], words: str) -> None:
    """A side below 0, NaN, null and infinity: file, entry and box are named."""
    found = problem_of(lambda: read_json(tmp_path, coco_truth(), v1=changed(one("bbox", box))))

    assert (found.code, found.where.file, found.where.row) == ("RG374", "v1.json", 3)
    assert words in found.what
    assert found.where.value is not None
    assert found.where.value.startswith("[30, ")


def test_boxes_without_area_stay(tmp_path: Path) -> None:
    """They overlap nothing, as the COCO tools have it; counted and named."""
    truth = coco_truth()
    truth["annotations"][1]["bbox"][2] = 0
    found = read_json(tmp_path, truth)

    (note,) = notes_of(found, "RG375")
    assert (note.severity, note.n, note.examples) == ("degraded", 1, ("11",))
    assert "annotation 11" in note.message
    assert found.truths.frame.height == 3


def test_boxes_beyond_their_image_stay_as_they_are(tmp_path: Path) -> None:
    """By more than a pixel; what rounding makes is not told."""
    entries = changed(lambda found: (found[0].update(bbox=[60, 40, 20, 4]), found[1].update(bbox=[60, 40, 5, 9])))
    found = read_json(tmp_path, coco_truth(), v1=entries)

    (note,) = notes_of(found, "RG376", "v1")
    assert (note.severity, note.n) == ("degraded", 1)
    assert "entry 1" in note.message
    assert boxes(found.detections["v1"].frame)[0][1:] == (60, 40, 20, 4)


def test_corners_given_as_sides_are_told(tmp_path: Path) -> None:
    """Where boxes leave their images as they are written, and none does as two corners."""
    entries = changed(
        lambda found: [e.update(bbox=[*e["bbox"][:2], e["bbox"][0] + 12, e["bbox"][1] + 8]) for e in found]
    )
    found = problem_of(lambda: read_json(tmp_path, coco_truth(), v1=entries))

    assert (found.code, found.where.file) == ("RG377", "v1.json")
    assert "looks like xyxy" in found.what
    assert "width = x2 - x1" in found.mend


def test_sides_given_as_corners_are_told(tmp_path: Path) -> None:
    """A table whose columns say corners, and whose second corner mostly lies before the first."""
    rows = "".join(f"{m.image},cat,0.5,{m.box[0]},{m.box[1]},{m.box[2]},{m.box[3]}\n" for m in MANY)
    (tmp_path / "v1.csv").write_text("image_id,label,score,xmin,ymin,xmax,ymax\n" + rows)
    truth = FORMATS["COCO"](tmp_path, TRUTHS, True)
    found = problem_of(lambda: read(truth, {"v1": tmp_path / "v1.csv"}))

    assert (found.code, found.where.row) == ("RG374", 2)
    assert "the second corner lies before the first" in found.what
    assert "they look like x, y, width, height" in found.mend


@pytest.mark.parametrize("factor", [1 / 64, 64])
def test_shares_and_pixels_taken_for_each_other_are_told(tmp_path: Path, factor: float) -> None:
    """COCO in shares, and FiftyOne in pixels."""
    if factor < 1:
        entries = changed(lambda found: [e.update(bbox=[x * factor for x in e["bbox"]]) for e in found])
        found = problem_of(lambda: read_json(tmp_path, coco_truth(), v1=entries))
        assert "look like shares of the image" in found.what
    else:
        path = FORMATS["FiftyOne labels"](tmp_path, TRUTHS, True)
        data = json.loads(path.read_text())
        data["labels"]["a"][0]["bounding_box"] = [8, 12, 16, 24]
        path.write_text(json.dumps(data))
        found = problem_of(lambda: read(path))
        assert "look like pixels" in found.what
    assert found.code == "RG377"


# --- row 72: images


def test_images_by_number_and_by_stem_in_one_file(tmp_path: Path) -> None:
    """Ultralytics writes a number where the stem is one, whatever zeros it has, else the stem."""
    truth = coco_truth()
    for image, name in zip(truth["images"], ("000000000139", "street_2", "77"), strict=True):
        image["file_name"] = f"val/{name}.jpg"
    entries = [{**e, "image_id": name} for e, name in zip(coco_results(), (139, "street_2"), strict=True)]
    path, versions = write_json(tmp_path, truth, v1=entries)
    ids = pl.Series("id", ["000000000139", "street_2", "77"])
    found = read(path, versions, ids=ids, own=None)

    assert found.detections["v1"].frame["sample"].to_list() == [0, 1]
    (note,) = notes_of(found, "RG382", "v1")
    assert "without folder, ending and leading zeros" in note.message


@pytest.mark.parametrize(
    ("ids", "words"),
    [
        (["images/a.png", "images/b.png", "images/c.png"], '"file_name" = the samples\' "id"'),
        (["a.png", "b.png", "c.png"], '"file_name" without folder = the samples\' "id"'),
        (["a", "b", "c"], '"file_name" without folder and ending = the samples\' "id"'),
        (["1", "2", "3"], 'image id = the samples\' "id"'),
        (["x-a", "x-b", "x-c"], '"sample_id" = the samples\' "id"'),
    ],
)
def test_images_are_samples_by_the_name_that_most_share(tmp_path: Path, ids: list[str], words: str) -> None:
    """The image's id, its file name whole or in part, or another text key; the note says which."""
    truth = coco_truth()
    for image, name in zip(truth["images"], IMAGES, strict=True):
        image["sample_id"] = f"x-{name}"
    (tmp_path / "truth.json").write_text(json.dumps(truth))
    found = read(tmp_path / "truth.json", ids=pl.Series("id", ids), own=None)

    (note,) = notes_of(found, "RG382")
    assert words in note.message
    assert "(3 of 3)" in note.message
    assert found.truths.frame["sample"].to_list() == [0, 0, 1]


def test_images_that_are_no_samples(tmp_path: Path) -> None:
    """None: an error with both ways of writing; some: left out and counted, on either side."""
    found = problem_of(
        lambda: read_json(tmp_path, coco_truth(), v1=changed(lambda e: [x.update(image_id="q") for x in e]))
    )
    assert (found.code, found.where.file) == ("RG381", "v1.json")
    assert '"q" there, and "a", "b" in the samples' in found.what

    (tmp_path / "truth.json").write_text(json.dumps(coco_truth()))
    (tmp_path / "v1.json").write_text(json.dumps(changed(one("image_id", 99))))
    kept = read(tmp_path / "truth.json", {"v1": tmp_path / "v1.json"}, ids=pl.Series("id", ["a", "c", "new"]), own=None)
    (unknown,) = notes_of(kept, "RG383", "v1")
    assert unknown.n == 8  # those of image b, and the one of no image
    assert unknown.examples == ("2", "99")
    (without,) = notes_of(kept, "RG384")
    assert (without.n, without.examples) == (1, ("2",))
    (lacking,) = notes_of(kept, "RG385")
    assert (lacking.n, lacking.examples) == (1, ("new",))
    assert kept.images["listed"].to_list() == [True, True, False]
    assert kept.truths.frame.height == 2
    assert kept.detections["v1"].frame.height == 12


def test_names_that_two_samples_share_are_no_names(tmp_path: Path) -> None:
    """Stems that stand in two folders do not tell which image is meant."""
    truth = coco_truth()
    for image, name in zip(truth["images"], ("day/1.png", "night/1.png", "night/2.png"), strict=True):
        image["file_name"] = name
    ids = pl.Series("id", ["day/1.png", "night/1.png", "night/2.png"])
    (tmp_path / "truth.json").write_text(json.dumps(truth))
    found = read(tmp_path / "truth.json", ids=ids, own=None)

    assert found.truths.frame["sample"].to_list() == [0, 0, 1]


# --- row 73: categories


def eighty(first: int, n: int = 80) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A truth of 80 classes whose ids begin at 1, and results whose ids begin elsewhere."""
    truth = coco_truth(())
    truth["categories"] = [{"id": i + 1, "name": f"class {i}"} for i in range(80)]
    found = [{"image_id": 1 + i % 3, "category_id": first + i, "bbox": [2, 3, 10, 10], "score": 0.5} for i in range(n)]
    truth["annotations"] = [
        {"id": i + 1, "image_id": 1 + i % 3, "category_id": 1 + i, "bbox": [2, 3, 10, 10], "area": 100, "iscrowd": 0}
        for i in range(80)
    ]
    return truth, found


@pytest.mark.parametrize(("first", "words"), [(0, "shift by 1 matches 80 of 80"), (2, "shift by -1 matches 80 of 80")])
def test_categories_off_by_one_are_told_with_the_shift(tmp_path: Path, first: int, words: str) -> None:
    """The ids that are unknown are listed, and the mapping that fits is written out."""
    truth, found = eighty(first)
    problem = problem_of(lambda: read_json(tmp_path, truth, v1=found))

    assert (problem.code, problem.where.column) == ("RG379", "category_id")
    assert (
        f'category ids "{0 if first == 0 else 81}" of 1 detection of v1 are none of the true objects\'' in problem.what
    )
    assert words in problem.mend
    assert f"label_map: {{{first}: class 0, {first + 1}: class 1" in problem.mend


def test_categories_by_their_place_are_told(tmp_path: Path) -> None:
    """Ids with gaps, as COCO's are, and results that count them without."""
    truth = coco_truth(())
    ids = [1, 2, 5, 9, 11]
    truth["categories"] = [{"id": i, "name": f"class {i}"} for i in ids]
    found = [{"image_id": 1, "category_id": i, "bbox": [2, 3, 10, 10], "score": 0.5} for i in range(5)]
    problem = problem_of(lambda: read_json(tmp_path, truth, v1=found))

    assert "counting the ids in their order from 0 matches 5 of 5" in problem.mend
    assert "label_map: {0: class 1, 1: class 2, 2: class 5, 3: class 9, 4: class 11}" in problem.mend


def test_a_label_map_reads_other_categories(tmp_path: Path) -> None:
    """What the error's mend says helps."""
    truth, versions = write_json(
        tmp_path, coco_truth(), v1=[{**e, "category_id": e["category_id"] + 6} for e in coco_results()]
    )
    found = read(truth, versions, label_map={"7": "dog", "8": "cat"})

    assert found.detections["v1"].frame["class"].to_list() == [1, 1]


def test_categories_that_are_all_known_and_all_shifted_are_told(tmp_path: Path) -> None:
    """No id is unknown, but boxes lie on true objects of the class beside."""
    truth, found = eighty(2, 79)
    for i, entry in enumerate([*truth["annotations"], *found]):
        entry["bbox"] = [2, 3, 10, 10] if i % 2 else [30, 20, 12, 12]
    truth["annotations"] = [{**e, "bbox": [i % 9 * 7, i // 9 * 5, 7, 5]} for i, e in enumerate(truth["annotations"])]
    found = [{**e, "bbox": [i % 9 * 7, i // 9 * 5, 7, 5], "image_id": 1 + i % 3} for i, e in enumerate(found)]
    problem = problem_of(lambda: read_json(tmp_path, truth, v1=found))

    assert problem.code == "RG379"
    assert "79 do when classes are shifted by -1" in problem.what


def placed(names: Sequence[str], ids: Sequence[int], mixed: Sequence[int]) -> Any:
    """A truth of these classes, 30 boxes far apart, and results that find all, with ``mixed`` for the ids."""
    truth = coco_truth(())
    truth["categories"] = [{"id": i, "name": name} for i, name in zip(ids, names, strict=True)]
    boxes = [(1 + i % 3, i % len(ids), [i // 3 * 9, 3, 8, 10]) for i in range(30)]
    truth["annotations"] = [
        {"id": i + 1, "image_id": image, "category_id": ids[k], "bbox": box, "area": 80, "iscrowd": 0}
        for i, (image, k, box) in enumerate(boxes)
    ]
    found = [{"image_id": image, "category_id": mixed[k], "bbox": box, "score": 0.5} for image, k, box in boxes]
    return truth, found


def test_known_categories_that_are_mixed_up_are_told_with_the_map_that_fits(tmp_path: Path) -> None:
    """No id is unknown, and no shift fits; a detector that swaps two of four classes is taken at its word."""
    truth, found = placed(("person", "bicycle", "car"), (1, 2, 3), (3, 1, 2))
    problem = problem_of(lambda: read_json(tmp_path, truth, v1=found))

    assert (problem.code, problem.where.column) == ("RG379", "category_id")
    assert problem.what.startswith("of 30 boxes of v1 that lie on a true object, 0 name its class, and 30 do when")
    assert "label_map: {1: bicycle, 2: car, 3: person}}" in problem.mend
    truth, found = placed(("person", "bicycle", "car", "bus"), (1, 2, 3, 4), (2, 1, 3, 4))
    assert read_json(tmp_path, truth, v1=found).classes == ("person", "bicycle", "car", "bus")


def test_numbers_for_classes_that_have_names_alone_are_not_guessed_at(tmp_path: Path) -> None:
    """No order of names is the order of somebody's numbers."""
    truth = FORMATS["Pascal VOC"](tmp_path, TRUTHS, True)
    found = [{**one, "image_id": IMAGES[one["image_id"] - 1]} for one in coco_results()]
    (tmp_path / "v1.json").write_text(json.dumps(found))
    problem = problem_of(lambda: read(truth, {"v1": tmp_path / "v1.json"}))

    assert problem.code == "RG379"
    assert "which number is which is not told" in problem.what
    assert "label_map: {1: …}" in problem.mend


def test_unknown_categories_beside_known_ones_are_named(tmp_path: Path) -> None:
    """No map of ids to themselves is a mend."""
    truth, found = placed(("person", "bicycle", "car"), (1, 2, 3), (1, 2, 3))
    found += [{**found[0], "category_id": i} for i in (77, 78)]
    problem = problem_of(lambda: read_json(tmp_path, truth, v1=found))

    assert 'category ids "77", "78" of 2 detections of v1 are none of the true objects\' "1", "2", "3"' in problem.what
    assert (
        problem.mend
        == "map them under prediction_columns: {label_map: {77: our name, …}}, or leave these detections out"
    )


def test_names_of_no_true_object(tmp_path: Path) -> None:
    """Written otherwise: an error with the mapping; new beside known ones: an extra class, noted."""
    truth = FORMATS["COCO"](tmp_path, TRUTHS, True)
    (tmp_path / "v1.csv").write_text("image_id,label,score,x,y,w,h\na,Cat,0.5,1,1,5,5\na,dog,0.5,1,1,5,5\n")
    (tmp_path / "v2.csv").write_text("image_id,label,score,x,y,w,h\na,bird,0.5,1,1,5,5\na,dog,0.5,1,1,5,5\n")
    problem = problem_of(lambda: read(truth, {"v1": tmp_path / "v1.csv"}))
    found = read(truth, {"v2": tmp_path / "v2.csv"})

    assert problem.code == "RG318"
    assert "label_map: {Cat: cat}" in problem.mend
    assert found.classes == ("cat", "dog", "bird")
    assert found.detections["v2"].frame["class"].to_list() == [2, 1]
    assert len(notes_of(found, "RG320", "v2")) == 1


def test_names_that_are_other_classes_ids_are_names_where_the_format_has_names(tmp_path: Path) -> None:
    """Digits: the class called 1 has another id, and a column of labels means names where one of ids means ids."""
    truth = coco_truth()
    truth["categories"] = [{"id": 1, "name": "0"}, {"id": 2, "name": "1"}]
    (tmp_path / "truth.json").write_text(json.dumps(truth))
    for column in ("label", "category_id"):
        (tmp_path / f"{column}.csv").write_text(f"image_id,{column},score,x,y,w,h\na,1,0.5,1,1,5,5\n")
    found = read(tmp_path / "truth.json", {name: tmp_path / f"{name}.csv" for name in ("label", "category_id")})

    assert found.classes == ("0", "1")
    assert [one.frame["class"].to_list() for one in found.detections.values()] == [[1], [0]]


def test_classes_of_yolo_called_yes_and_no_are_texts(tmp_path: Path) -> None:
    """And a list of names counts from 0."""
    root = FORMATS["YOLO"](tmp_path, TRUTHS, True)
    (root / "data.yaml").write_text("names: [no, yes]\n")

    assert read(root).classes == ("no", "yes")


def test_yolo_without_names_is_not_guessed_at(tmp_path: Path) -> None:
    """YOLO counts classes from 0: where the truth does not, the ids that seem to fit would be others."""
    (tmp_path / "v1").mkdir()
    (tmp_path / "v1" / "a.txt").write_text("1 0.5 0.5 0.2 0.2 0.9\n")
    truth = FORMATS["COCO"](tmp_path, TRUTHS, True)
    problem = problem_of(lambda: read(truth, {"v1": tmp_path / "v1"}))

    assert problem.code == "RG379"
    assert "shift by" in problem.mend or "counting" in problem.mend


# --- rows 74 and 75: what must just work


def test_crowds_ignored_ones_and_images_without_anything_are_fine(tmp_path: Path) -> None:
    """`iscrowd` is kept; `ignore` is not read, as the COCO tools do not, which is said."""
    truth = coco_truth()
    truth["annotations"][0]["iscrowd"] = 1
    truth["annotations"][1]["ignore"] = 1
    truth["annotations"][2]["area"] = 0
    found = read_json(tmp_path, truth, v1=[])

    assert found.truths.frame["crowd"].to_list() == [True, False, False]
    assert found.truths.frame["area"].to_list()[2] == 0
    (note,) = notes_of(found, "RG387")
    assert (note.severity, note.n, note.examples) == ("info", 1, ("11",))
    assert found.detections["v1"].frame.height == 0


def test_many_detections_of_one_score_keep_their_order(tmp_path: Path) -> None:
    """Ascending by sample; within one as in the file, however many."""
    things = [Thing(IMAGES[i % 2], "cat", (i % 50, 1, 5, 5), 0.5) for i in range(300)]
    frame = read_json(tmp_path, coco_truth(), v1=coco_results(things)).detections["v1"].frame

    assert frame["sample"].is_sorted()
    assert frame.filter(pl.col("sample") == 1)["left"].to_list() == [i % 50 for i in range(1, 300, 2)]


# --- row 76: masks and polygons


@pytest.mark.parametrize(
    ("mask", "words"),
    [
        ({"size": [64, 48], "counts": [64 * 48]}, "annotation 11: a mask of 48 × 64 pixels on an image of 64 × 48"),
        ({"size": [48, 64], "counts": [100, 20]}, "annotation 11: run lengths do not add up"),
        ({"size": [48, 64], "counts": [-5, 48 * 64 + 5]}, "annotation 11: run lengths are no text and no list"),
        ({"size": [48, 64], "counts": "~~"}, "annotation 11: the text of run lengths is damaged"),
        ({"size": "48", "counts": "0"}, "annotation 11: a mask's size is no [height, width]"),
        ("polygon", "annotation 11: segmentation is neither polygons nor run lengths"),
        ([[1, 2, 3]], "annotation 11: a polygon is no list of x, y, x, y …"),
        ([[1, 2, 3, 4, "x", 6]], "annotation 11: a polygon holds what is no number"),
        ([[1, 2, 3, 4, float("nan"), 6]], "annotation 11: a polygon holds what is no number"),
    ],
)
def test_masks_that_cannot_be(tmp_path: Path, mask: object, words: str) -> None:
    """Another size than the image's, runs that do not add up, and what is no mask: the annotation is named."""
    truth = coco_truth()
    truth["annotations"][1]["segmentation"] = mask
    problem = problem_of(lambda: read_json(tmp_path, truth))

    assert (problem.code, problem.where.file, problem.where.row) == ("RG388", "truth.json", 2)
    assert words in problem.what


def test_polygons_that_enclose_nothing_or_cross_themselves(tmp_path: Path) -> None:
    """The first are left out, the second kept; both are counted, and the annotations named."""
    truth = coco_truth()
    square, bow = [1.0, 1, 5, 1, 5, 5, 1, 5], [10.0, 10, 20, 20, 20, 10, 10, 20]
    for entry, shapes in zip(truth["annotations"], ([[1, 1, 5, 5], square], [bow], [[1, 1]]), strict=True):
        entry["segmentation"] = shapes
    found = read_json(tmp_path, truth)

    (few,) = notes_of(found, "RG389")
    assert (few.severity, few.n, few.examples) == ("degraded", 2, ("10", "12"))
    (crossing,) = notes_of(found, "RG390")
    assert (crossing.n, crossing.examples) == (1, ("11",))
    assert found.truths.frame["polygons"].to_list() == [[square], [bow], None]
    assert found.truths.frame["mask"].null_count() == 3


@pytest.mark.parametrize("n", [3, 4, 7, 40])
def test_round_polygons_do_not_cross_themselves(tmp_path: Path, n: int) -> None:
    """Nor with a point that stands twice, or closed by the first point again."""
    turn = np.linspace(0, 2 * np.pi, n, endpoint=False)
    ring = np.stack([20 + 9 * np.cos(turn), 20 + 9 * np.sin(turn)], axis=1).ravel().tolist()
    truth = coco_truth()
    truth["annotations"][0]["segmentation"] = [ring, [*ring[:2], *ring], [*ring, *ring[:2]]]
    found = read_json(tmp_path, truth)

    assert notes_of(found, "RG390") == []
    assert notes_of(found, "RG389") == []


# --- row 78: XML


def test_entities_of_xml_are_never_unfolded(tmp_path: Path) -> None:
    """A document type is refused, whatever it declares."""
    pytest.importorskip("defusedxml")
    bomb = '<!DOCTYPE a [<!ENTITY x "x"><!ENTITY y "&x;&x;">]>' + voc_xml("a", TRUTHS).replace("cat", "&y;")
    (tmp_path / "a.xml").write_text(bomb)
    problem = problem_of(lambda: read(tmp_path / "a.xml"))

    assert (problem.code, problem.where.file) == ("RG394", "a.xml")


def test_the_missing_package_is_told_with_the_line_that_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nothing of XML is read without it."""
    monkeypatch.setitem(__import__("sys").modules, "defusedxml", None)
    (tmp_path / "a.xml").write_text(voc_xml("a", TRUTHS))
    problem = problem_of(lambda: read(tmp_path / "a.xml"))

    assert (problem.code, problem.mend) == ("RG393", voc.INSTALL)


# --- scores, ids, entries


@pytest.mark.parametrize(
    ("score", "words"),
    [
        (None, "entry 3: no score"),
        (float("nan"), "entry 3: no score"),
        (87.5, "they look like percent"),
        (-3.2, "they look like logits"),
        ("high", "entry 3: no score"),
    ],
)
def test_scores_that_cannot_be(tmp_path: Path, score: object, words: str) -> None:
    """Average precision goes by scores, and the page's slider from 0 to 1."""
    problem = problem_of(lambda: read_json(tmp_path, coco_truth(), v1=changed(one("score", score))))

    assert (problem.code, problem.where.row, problem.where.column) == ("RG378", 3, "score")
    assert words in str(problem)


def test_ids_that_stand_twice(tmp_path: Path) -> None:
    """Annotations: every one counts, and it is noted; images and categories: nobody knows which is meant."""
    truth = coco_truth()
    truth["annotations"][1]["id"] = 10
    (note,) = notes_of(read_json(tmp_path, truth), "RG386")
    assert (note.severity, note.n, note.examples) == ("degraded", 1, ("10",))

    truth["images"][2]["id"] = 1
    truth["categories"] = [*truth["categories"], {"id": 3, "name": "cat"}, {"id": 2, "name": "bird"}]
    found = problems_of(lambda: read_json(tmp_path, truth))
    assert [problem.code for problem in found] == ["RG380"] * 3
    assert [problem.where.row for problem in found] == [3, 3, 4]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda e: e.__setitem__(2, 7), "entry 3: no JSON object"),
        (one("image_id", None), "entry 3: no image_id"),
        (one("category_id", [1]), "entry 3: category_id is wrong"),
        (one("bbox", [1, 2, 3]), "entry 3: bbox is wrong"),
        (one("bbox", "1 2 3 4"), "entry 3: bbox is wrong"),
        (lambda e: e[2].pop("bbox"), "entry 3: no bbox"),
        (lambda e: [x.pop("bbox") for x in e[4:]], "entries 5, 6, 7, 8, 9 and 11 more: no bbox"),
    ],
)
def test_entries_that_lack_something(tmp_path: Path, change: Any, words: str) -> None:
    """The entry, the key and what it should hold."""
    problem = problem_of(lambda: read_json(tmp_path, coco_truth(), v1=changed(change)))

    assert problem.code == "RG373"
    assert words in problem.what


def test_annotations_of_no_image_and_no_category(tmp_path: Path) -> None:
    """Each is told by the annotation's id."""
    truth = coco_truth()
    truth["annotations"][1]["image_id"] = 77
    assert 'annotation 11: image_id "77" is no image of the file' in problem_of(lambda: read_json(tmp_path, truth)).what

    truth = coco_truth()
    truth["annotations"][1]["category_id"] = 9
    problem = problem_of(lambda: read_json(tmp_path, truth))
    assert problem.code == "RG379"
    assert 'categories "9" of 1 objects have no name' in problem.what


def test_every_problem_of_every_file_at_once(tmp_path: Path) -> None:
    """Boxes and scores of two versions, and of the truth."""
    truth = coco_truth()
    truth["annotations"][0]["bbox"] = [1, 1, -1, 1]
    v1 = changed(lambda e: (e[0].update(score=2), e[3].update(bbox=[1, 2, float("nan"), 3])))
    found = problems_of(lambda: read_json(tmp_path, truth, v1=v1, v2=changed(one("score", None))))

    assert [(one.where.file, one.code) for one in found] == [
        ("truth.json", "RG374"),
        ("v1.json", "RG378"),
        ("v1.json", "RG374"),
        ("v2.json", "RG378"),
    ]


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("", "RG371", "the file is empty"),
        ("[1, 2", "RG372", "cut short"),
        ('{"a": 1}', "RG371", 'a JSON object with the keys "a"'),
        ("[1, 2]", "RG371", "a JSON list of something else"),
        ("hello", "RG371", "the content is no JSON"),
        ("[" * 100_000, "RG372", "nested too deep"),
        ('[{"image_id": 1, "bbox": ' + "9" * 5000 + "}]", "RG372", "limit"),
    ],
)
def test_files_that_are_none(tmp_path: Path, text: str, code: str, words: str) -> None:
    """What the file is like, and which formats there are."""
    problem = problem_of(lambda: read_json(tmp_path, text))

    assert problem.code == code
    assert words in str(problem)


YOLO_LINES: dict[str, tuple[str, str, str]] = {
    "no number": ("0 0.5 x 0.2 0.2", "RG373", "a value is no number"),
    "confidence": ("0 0.5 0.5 0.2 0.2 0.9", "RG373", "a confidence behind the box"),
    "too few": ("0 0.5 0.5", "RG373", "3 values"),
    "pixels": ("0 32 24 10 10", "RG377", "look like pixels"),
    "below 0": ("0 0.5 0.5 -0.2 0.2", "RG374", "a width or height below 0"),
    "NaN": ("0 nan 0.5 0.2 0.2", "RG374", "a coordinate is missing"),
    "category": ("7 0.5 0.5 0.2 0.2", "RG379", 'categories "7" of 1 objects have no name'),
}


@pytest.mark.parametrize("name", YOLO_LINES)
def test_lines_of_yolo_that_cannot_be(tmp_path: Path, name: str) -> None:
    """The file and its line are named."""
    line, code, words = YOLO_LINES[name]
    root = FORMATS["YOLO"](tmp_path, TRUTHS, True)
    (root / "labels" / "val" / "b.txt").write_text(f"0 0.5 0.5 0.1 0.1\n\n{line}\n")
    problem = problem_of(lambda: read(root))

    assert problem.code == code
    assert words in problem.what
    if code != "RG379":
        assert (problem.where.file, problem.where.row) == ("yolo/labels/val/b.txt", 3)


def test_shares_need_the_size_of_their_images(tmp_path: Path) -> None:
    """From the samples' columns, or from the images, turned as they are shown; else an error that says so."""
    root = FORMATS["YOLO"](tmp_path, TRUTHS, True)
    for name in IMAGES[:2]:
        picture(tmp_path / "images" / f"{name}.jpg", HEIGHT, WIDTH, orientation=6)
    own = pl.DataFrame({"id": IMAGES, "image": [f"images/{name}.jpg" for name in IMAGES]})
    files = ObjectFiles(Source(root, "yolo", truth=True), {}, media_root=tmp_path.resolve())
    found = read_objects(files, pl.Series("id", IMAGES), own, "image")
    problem: Problem = problem_of(lambda: read(root, own=None))

    assert found.truths.frame["width"].to_list() == pytest.approx([16, 32, 8])
    assert found.images["width"].to_list() == [64, 64, None]
    assert problem.code == "RG391"
    assert 'the size of 2 images is not known: "a", "b"' in problem.what
