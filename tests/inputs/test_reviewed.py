"""The reviewed list of a manifest: what is read of it, and every error with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.inputs.load import load_manifest
from reportgen.inputs.reviewed import ReviewedList, match_reviewed, read_reviewed
from tests.inputs.folders import MANIFEST, USUAL, problem_of, problems_of, write


def read(folder: Path, content: str, manifest: str = MANIFEST) -> ReviewedList:
    """The list in a file of this content."""
    files = {**USUAL, "reportgen.yaml": manifest + "reviewed: done.csv\n", "done.csv": content}
    found = read_reviewed(load_manifest(write(folder, files) / "reportgen.yaml"))
    assert found is not None
    return found


def test_a_list_is_read(tmp_path: Path) -> None:
    """Rows that are filled in are kept, each sample once; what a spreadsheet was kept from running is itself again."""
    found = read(tmp_path, "id,label,suggestion,reviewed\na,cat,dog,dog\nb,dog,cat,\n'=c,cat,dog,'-1\na,cat,dog,dog\n")

    assert found.table.rows() == [("a", "dog", "cat", "dog"), ("=c", "-1", "cat", "dog")]
    assert (found.n_open, found.input.n_rows, found.input.role) == (1, 4, "reviewed labels")
    assert [(note.code, note.n) for note in found.notes] == [("RG347", 1)]


def test_a_manifest_without_a_list_has_none(tmp_path: Path) -> None:
    """Nothing is read where nothing is named."""
    assert read_reviewed(load_manifest(write(tmp_path, USUAL) / "reportgen.yaml")) is None


def test_a_list_that_nobody_filled_in_is_told(tmp_path: Path) -> None:
    """The table is empty, and a note says what to do."""
    found = read(tmp_path, "id,reviewed\na,\nb,\n")

    assert found.table.height == 0
    assert "no row of done.csv has a reviewed label yet" in found.notes[-1].message


def test_labels_are_spelt_as_the_classes(tmp_path: Path) -> None:
    """Needless decimals are read; a label that is no class is told and stays."""
    found = read(tmp_path, "id,label,reviewed\na,1.0,2.0\nb,2,none of them\n")
    table, notes = match_reviewed(found, ("1", "2"))

    assert table.rows() == [("a", "2", "1", None), ("b", "none of them", "2", None)]
    assert [(note.code, note.n, note.examples) for note in notes] == [("RG348", 1, ("none of them",))]


def test_values_of_a_regression_are_numbers(tmp_path: Path) -> None:
    """They are read as numbers, and a word among them is an error."""
    manifest = "task: regression\nsamples: samples.csv\ncolumns: {target: label}\nversions: {v1: v1.csv}\n"
    found = read(tmp_path, "id,label,reviewed\na,1,2.50\n", manifest)
    problem = problem_of(lambda: read(tmp_path, "id,label,reviewed\na,1,2.5\nb,1,high\n", manifest))

    assert found.table.rows() == [("a", "2.5", "1.0", None)]
    assert (problem.code, problem.where.row, problem.where.column) == ("RG310", 3, "reviewed")


@pytest.mark.parametrize(
    ("content", "code", "line", "told"),
    [
        ("identity,reviewed\na,cat\n", "RG301", 5, 'no column "id"'),
        ("id,label\na,cat\n", "RG301", 5, 'no column "reviewed"'),
        ("id,reviewed\n,cat\n", "RG303", 2, "no id"),
        ("id,reviewed\na,cat\na,dog\n", "RG305", 3, '"a" was reviewed before'),
    ],
)
def test_lists_that_cant_be_read(tmp_path: Path, content: str, code: str, line: int, told: str) -> None:
    """Each error says what is wrong, and where."""
    problem = problem_of(lambda: read(tmp_path, content))

    assert (problem.code, problem.where.line or problem.where.row) == (code, line)
    assert told in str(problem)


def test_trained_splits_need_a_split_column(tmp_path: Path) -> None:
    """Values of a column that isn't named, and a value that stands twice, are errors of the manifest."""
    files = {**USUAL, "reportgen.yaml": MANIFEST + "trained_splits: [train, train]\n"}
    problems = problems_of(lambda: load_manifest(write(tmp_path, files) / "reportgen.yaml"))

    assert [(one.code, one.key) for one in problems] == [("RG112", "trained_splits"), ("RG112", "trained_splits[1]")]


BOXES = "task: detection\nsamples: samples.csv\nobjects: samples.csv\nversions: {v1: v1.csv}\n"
HEAD = "id,annotation,kind,suggestion,suggested_x,suggested_y,suggested_width,suggested_height,reviewed\n"


def test_a_list_of_boxes_is_read(tmp_path: Path) -> None:
    """Several of one sample are told apart by annotation, or by the suggested box; words may be written large."""
    rows = "a,7,other class,dog,1,2,3,4,Wrong\na,,overlooked,cat,5,6,7,8,right\na,,overlooked,cat,50,6,7,8,\n"
    found = read(tmp_path, f"{HEAD}{rows}a,7,other class,dog,1,2,3,4,wrong\n", BOXES)

    assert found.table.rows() == [
        ("a", "wrong", "swapped", "7", True, 1, 2, 3, 4),
        ("a", "right", "overlooked", None, True, 5, 6, 7, 8),
    ]
    assert [(note.code, note.n) for note in found.notes] == [("RG347", 1)]


def test_a_list_of_regions_is_read(tmp_path: Path) -> None:
    """By the box around each; a line without a number of pixels is one that somebody added."""
    manifest = "task: segmentation\nsamples: samples.csv\nmasks: samples.csv\nversions: {v1: v1.csv}\n"
    head = "id,kind,label,suggestion,x,y,width,height,pixels,share,evidence,reviewed\n"
    rows = "a,nothing there,car,,1,2,3,4,9,0.1,why,Wrong\na,overlooked,,car,5,6,7,8,,,,wrong\n"
    found = read(tmp_path, head + rows, manifest)

    assert found.table.rows() == [
        ("a", "wrong", "empty", None, True, 1, 2, 3, 4),
        ("a", "wrong", "overlooked", None, False, 5, 6, 7, 8),
    ]
    both = problem_of(lambda: read(tmp_path, head + rows + rows.replace("Wrong", "right"), manifest))
    assert "a region of" in str(both)
    assert problem_of(lambda: read(tmp_path, "id,reviewed\na,wrong\n", manifest)).code == "RG301"


def test_words_that_a_list_of_boxes_cannot_hold_are_all_told(tmp_path: Path) -> None:
    """Neither wrong nor right, no such kind, and a side that is no number; and one box that is said to be both."""
    rows = f"{HEAD}a,7,other class,dog,1,2,3,4,dog\na,8,swapped,dog,1,wide,3,4,wrong\n"
    problems = problems_of(lambda: read(tmp_path, rows, BOXES))
    twice = f"{HEAD}a,7,other class,dog,1,2,3,4,right\na,7,other class,dog,1,2,3,4,wrong\n"
    both = problem_of(lambda: read(tmp_path, twice, BOXES))

    assert [(one.code, one.where.row, one.where.column) for one in problems] == [
        ("RG360", 2, "reviewed"),
        ("RG360", 3, "kind"),
        ("RG310", 3, "suggested_y"),
    ]
    assert problems[0].expected == "wrong, right"
    assert problems[1].expected == "overlooked, badly placed, other class"
    assert (both.code, both.where.row) == ("RG305", 3)
    assert problem_of(lambda: read(tmp_path, "id,reviewed\na,wrong\n", BOXES)).code == "RG301"
