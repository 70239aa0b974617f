"""Frames of sequences: how they are read, which groups they make, and what is said of those that cannot be."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from reportgen.inputs.infer import infer_manifest
from reportgen.inputs.join import Joined, join_inputs
from reportgen.inputs.load import load_manifest
from reportgen.pipeline import scan
from tests.bad_inputs.cases import frames
from tests.inputs.folders import MANIFEST, USUAL, build, join, problems_of, write


def codes(joined: Joined) -> list[tuple[str, int, float | None]]:
    """Id, sequence and frame of each sample."""
    return joined.frame.select("id", "sequence", "frame").rows()


def test_a_sequence_is_the_group(tmp_path: Path) -> None:
    """Frames of one sequence are one group; a still is one of its own, and no degradation."""
    joined = join(tmp_path, frames("a,cat,y,2", "b,dog,,7", "c,cat,x,1.0", "d,dog,y,1"))

    assert codes(joined) == [("a", 1, 2.0), ("b", -1, None), ("c", 0, 1.0), ("d", 1, 1.0)]
    assert joined.sequence_names == ("x", "y")
    assert joined.frame["group"].to_list() == [1, 2, 0, 1]
    assert joined.group_names == ("x", "y", "(no group) b")
    assert not [note for note in joined.notes if note.severity == "degraded"]


def test_groups_go_by_group_where_both_are_named(tmp_path: Path) -> None:
    """Two sequences of one group stay two sequences."""
    rows = ("a,cat,x,1,g", "b,dog,x,2,g", "c,cat,y,1,g", "d,dog,y,2,h")
    mended = (*rows[:3], "d,dog,y,2,g")

    joined = join(tmp_path, frames(*mended, more="group: g"))

    assert joined.frame["group"].to_list() == [0, 0, 0, 0]
    assert joined.frame["sequence"].to_list() == [0, 0, 1, 1]
    write(tmp_path, frames(*rows, more="group: g"))
    (problem,) = problems_of(lambda: build(tmp_path))
    assert problem.code == "RG350"


def test_all_problems_of_frames_are_told_at_once(tmp_path: Path) -> None:
    """A number that is missing, two that stand twice, and a sequence of two groups."""
    rows = ("a,cat,x,1,g", "b,dog,x,1,g", "c,cat,y,,g", "d,dog,y,2,h", "e,cat,z,4,g", "f,cat,z,4.0,g")

    problems = problems_of(lambda: join(tmp_path, frames(*rows, more="group: g")))

    assert [(one.code, one.where.row) for one in problems] == [("RG344", 4), ("RG349", 3), ("RG349", 7), ("RG350", 5)]


def test_more_than_five_of_a_kind_are_counted(tmp_path: Path) -> None:
    """Five are shown; how many more there are is said."""
    rows = [f"{key}{i},cat,x,{i}" for i in range(7) for key in "ab"]

    problems = problems_of(lambda: join(tmp_path, frames(*rows)))

    assert [one.code for one in problems] == ["RG349"] * 6
    assert "and 2 more" in problems[-1].what


def test_names_of_sequences_stay_as_written(tmp_path: Path) -> None:
    """Leading zeros tell sequences apart, and a sequence is no attribute."""
    joined = join(tmp_path, frames("a,cat,007,1", "b,dog,007,2", "c,cat,7,1", "d,dog,7,2"))

    assert joined.sequence_names == ("007", "7")


def test_times_in_seconds_are_frames(tmp_path: Path) -> None:
    """Numbers with decimals are read as they are, and have gaps by their own step."""
    joined = join(tmp_path, frames("a,cat,x,0.0", "b,dog,x,0.04", "c,cat,x,0.08", "d,dog,x,0.2"))

    assert joined.frame["frame"].to_list() == [0.0, 0.04, 0.08, 0.2]
    assert [note.n for note in joined.notes if note.code == "RG398"] == [2]


def test_a_quick_look_takes_whole_sequences(tmp_path: Path) -> None:
    """Since they are the groups."""
    rows = [f"{name}{i},{'cat' if i % 2 else 'dog'},{name},{i}" for name in "uvwxyz" for i in range(5)]
    predicted = "id,prediction\n" + "".join(f"{row.split(',')[0]},cat\n" for row in rows)
    write(tmp_path, {**USUAL, **frames(*rows), "v1.csv": predicted})
    loaded = load_manifest(tmp_path / "reportgen.yaml")
    sources = scan(loaded)

    joined = join_inputs(loaded, sources.samples, sources.predictions, take=12)

    assert joined.frame.height == 10
    assert joined.frame.group_by("sequence").len()["len"].to_list() == [5, 5]


def test_the_columns_of_frames_do_not_slice(tmp_path: Path) -> None:
    """They have a role of their own."""
    manifest = load_manifest(write(tmp_path, {**USUAL, **frames("a,cat,x,1")}) / "reportgen.yaml").manifest

    assert {"s", "f"} <= manifest.taken_columns()


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (("drive", "frame"), True),
        (("video_id", "frame_number"), True),
        (("clip", "timestamp"), True),
        (("scene_token", "t"), True),
        (("drive", "height"), False),
        (("city", "frame"), False),
    ],
)
def test_frames_are_proposed_where_names_and_values_say_so(names: tuple[str, str], found: bool, tmp_path: Path) -> None:
    """Both columns are called like that, and no sequence has a number twice."""
    table = pl.DataFrame(
        {
            "id": [f"s{i}" for i in range(60)],
            "label": ["cat", "dog"] * 30,
            names[0]: [f"d{i // 12}" for i in range(60)],
            names[1]: [i % 12 for i in range(60)],
        }
    )
    table.write_csv(tmp_path / "samples.csv")
    table.select("id", prediction="label").write_csv(tmp_path / "v1.csv")

    inferred = infer_manifest(tmp_path / "samples.csv", {"v1": tmp_path / "v1.csv"}, tmp_path)

    assert (f"  sequence: {names[0]}\n  frame: {names[1]}\n" in inferred.manifest_yaml) is found
    assert any(one.startswith("frames: columns") for one in inferred.statements) is found
    (tmp_path / "reportgen.yaml").write_text(inferred.manifest_yaml)
    joined = build(tmp_path)
    assert len(joined.sequence_names) == (5 if found else 0)


@pytest.mark.parametrize(
    "numbers",
    [[0] * 12, [*range(11), None], [*map(str, range(11)), "last"]],
    ids=["twice", "missing", "a word"],
)
def test_frames_are_not_proposed_where_values_speak_against_it(numbers: list[object], tmp_path: Path) -> None:
    """Numbers that stand twice, are missing, or are words."""
    table = pl.DataFrame(
        {
            "id": [f"s{i}" for i in range(48)],
            "label": ["cat", "dog"] * 24,
            "drive": [f"d{i // 12}" for i in range(48)],
            "frame": pl.Series([None if one is None else str(one) for one in numbers] * 4),
        }
    )
    table.write_csv(tmp_path / "samples.csv")
    table.select("id", prediction="label").write_csv(tmp_path / "v1.csv")

    inferred = infer_manifest(tmp_path / "samples.csv", {"v1": tmp_path / "v1.csv"}, tmp_path)

    assert "sequence:" not in inferred.manifest_yaml


def test_frames_of_a_coco_file_are_proposed(tmp_path: Path) -> None:
    """By the keys that files of videos have."""
    images = [{"id": i, "file_name": f"{i}.png", "video_id": i // 6, "frame_id": i % 6} for i in range(24)]
    truth = {"images": images, "annotations": [], "categories": [{"id": 1, "name": "car"}]}
    (tmp_path / "truth.json").write_text(json.dumps(truth))
    (tmp_path / "v1.json").write_text("[]")

    inferred = infer_manifest(tmp_path / "truth.json", {"v1": tmp_path / "v1.json"}, tmp_path)

    assert "  sequence: video_id\n  frame: frame_id\n" in inferred.manifest_yaml


def test_sequences_are_read_in_every_task(tmp_path: Path) -> None:
    """Of values as of labels."""
    files = {
        "reportgen.yaml": MANIFEST.replace("classification", "regression").replace(
            "{target: label}", "{target: label, sequence: s, frame: f}"
        ),
        "samples.csv": "id,label,s,f\na,1,x,1\nb,2,x,2\nc,3,,\n",
        "v1.csv": "id,value\na,1\nb,2\nc,3\n",
    }

    assert codes(join(tmp_path, files)) == [("a", 0, 1.0), ("b", 0, 2.0), ("c", -1, None)]
