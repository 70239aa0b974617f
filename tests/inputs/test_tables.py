"""Tables of every format, with what must just work."""

from __future__ import annotations

import json
import os
from pathlib import Path

import polars as pl
import pytest

from reportgen.inputs.tables import read_table
from tests.bad_inputs.cases import arrow, parquet
from tests.inputs.folders import problem_of, problems_of, table_of

FRAME = pl.DataFrame({"id": ["a", "b"], "x": [1.5, None], "n": [1, 2]})


def test_csv_columns_are_text(tmp_path: Path) -> None:
    """Ids with leading zeros, long numbers and null-like words stay what they are."""
    table = table_of(tmp_path, "a.csv", "id,x\n007,NA\n7,\n9223372036854775808,1.0\n")

    assert table.frame.to_dict(as_series=False) == {"id": ["007", "7", "9223372036854775808"], "x": ["NA", "", "1.0"]}
    assert (table.n_rows, table.first_row) == (3, 2)


def test_the_hash_is_of_the_bytes(tmp_path: Path) -> None:
    """The SHA-256 is what sha256sum says."""
    assert table_of(tmp_path, "a.csv", "id\n1\n").sha256.startswith("7cde7fb6")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("mark.csv", "\ufeffid,x\n1,2\n"),
        ("semicolon.csv", "id;x\n1;2\n"),
        ("bar.csv", "id|x\n1|2\n"),
        ("blanks.csv", "id, x\n1, 2\n"),
        ("tab.csv", "id\tx\n1\t2\n"),
        ("tab.tsv", "id\tx\n1\t2\n"),
        ("windows.csv", "id,x\r\n1,2\r\n"),
        ("old-mac.csv", "id,x\r1,2\r"),
        ("no-newline.csv", "id,x\n1,2"),
        ("glob[1]*?.csv", "id,x\n1,2\n"),
        ("quoted.csv", '"id","x"\n"1","2"\n'),
        ("blank.csv", "\nid,x\n\n1,2\n\n"),
    ],
)
def test_the_usual_ways_to_write_csv_read_alike(name: str, text: str, tmp_path: Path) -> None:
    """Marks, delimiters, line ends, quotes, blank lines and odd file names make no difference."""
    assert table_of(tmp_path, name, text).frame.to_dict(as_series=False) == {"id": ["1"], "x": ["2"]}


def test_cells_may_hold_newlines_quotes_and_nul(tmp_path: Path) -> None:
    """Quoted newlines and doubled quotes are part of the cell; NUL is shown."""
    table = table_of(tmp_path, "a.csv", 'id,x\n1,"two\nlines, ""q"""\n2,a\0b\n3,5" pipe\n')

    assert table.frame["x"].to_list() == ['two\nlines, "q"', "a\u2400b", '5" pipe']


def test_rows_are_counted_as_a_spreadsheet_counts_them(tmp_path: Path) -> None:
    """The header is row 1, a cell of two lines is one row, and blank lines count."""
    assert table_of(tmp_path, "a.csv", 'id,x\n1,"a\n\nb"\n2,c\n').place(1, "x", "c").row == 3
    assert table_of(tmp_path, "b.csv", "id,x\n1,a\n\n\n2,c\n").place(1).row == 5
    assert table_of(tmp_path, "c.csv", "id,x\n1,a\n2,c\n\n").place(1).row == 3


def test_columns_of_any_name_are_kept(tmp_path: Path) -> None:
    """Names that trouble charts and scripts are only names here."""
    names = ["a.b", "a[0]", "a'b", "a\\b", "__proto__", "constructor", "count()", "", "é" * 300, "🎈"]
    table = table_of(tmp_path, "a.csv", ",".join(names) + "\n" + ",".join("1" * len(names)) + "\n")

    assert table.frame.columns == names


def test_a_row_longer_than_a_block_is_read(tmp_path: Path) -> None:
    """A cell of ten megabytes is a cell."""
    table = table_of(tmp_path, "a.csv", 'id,x\n1,"' + "z" * 10_000_000 + '"\n2,b\n')

    assert table.frame["x"].str.len_bytes().to_list() == [10_000_000, 1]


def test_many_faults_are_told_up_to_a_limit(tmp_path: Path) -> None:
    """The first twenty ragged rows are told, and how many more there are."""
    problems = problems_of(lambda: table_of(tmp_path, "a.csv", "id,x\n" + "1\n" * 30))

    assert len(problems) == 21
    assert problems[-1].what == "and 10 more rows of another length"


@pytest.mark.parametrize("ending", [".parquet", ".pq"])
def test_parquet_keeps_types(ending: str, tmp_path: Path) -> None:
    """Numbers stay numbers, and rows count from 1."""
    table = table_of(tmp_path, f"a{ending}", parquet(FRAME))

    assert table.frame.equals(FRAME)
    assert table.place(0).row == 1


@pytest.mark.parametrize("ending", [".arrow", ".feather", ".ipc"])
@pytest.mark.parametrize("stream", [False, True])
def test_arrow_files_and_streams_are_read(ending: str, stream: bool, tmp_path: Path) -> None:
    """Both forms of Arrow IPC are told by their first bytes."""
    if stream:
        FRAME.write_ipc_stream(tmp_path / "s")
    content = (tmp_path / "s").read_bytes() if stream else arrow(FRAME)

    assert table_of(tmp_path, f"a{ending}", content).frame.equals(FRAME)


def test_categories_and_decimals_are_plain_columns(tmp_path: Path) -> None:
    """Categories are text, decimals numbers, objects a column a field."""
    frame = pl.DataFrame(
        {
            "c": pl.Series(["x", "y"], dtype=pl.Categorical),
            "d": pl.Series(["1.50", "2.25"]).cast(pl.Decimal(10, 2)),
            "p": [{"cat": 0.25, "dog": 0.75}, {"cat": 0.5, "dog": 0.5}],
        }
    )
    table = table_of(tmp_path, "a.parquet", parquet(frame))

    assert dict(table.frame.schema) == {"c": pl.String, "d": pl.Float64, "p.cat": pl.Float64, "p.dog": pl.Float64}


def test_names_of_classes_in_parquet_stand_for_the_numbers(tmp_path: Path) -> None:
    """Hugging Face's ClassLabel columns are read by name, and the order of names is kept."""
    features = {"info": {"features": {"label": {"_type": "ClassLabel", "names": ["dog", "cat"]}}}}
    frame = pl.DataFrame({"id": ["a", "b", "c"], "label": [0, 1, -1]})
    frame.write_parquet(tmp_path / "a.parquet", metadata={"huggingface": json.dumps(features)})
    table = read_table(tmp_path / "a.parquet", "samples", "a.parquet")

    assert table.frame["label"].to_list() == ["dog", "cat", None]
    assert table.class_names == {"label": ("dog", "cat")}


@pytest.mark.parametrize(
    "metadata", ["{}", "[]", "no json", '{"info": {"features": {"label": {"_type": "ClassLabel"}}}}']
)
def test_other_metadata_are_no_names(metadata: str, tmp_path: Path) -> None:
    """Metadata that do not name classes change nothing."""
    pl.DataFrame({"label": [0, 1]}).write_parquet(tmp_path / "a.parquet", metadata={"huggingface": metadata})

    assert read_table(tmp_path / "a.parquet", "samples", "a").frame["label"].to_list() == [0, 1]


def test_json_lines_keep_late_keys_and_types(tmp_path: Path) -> None:
    """A key that appears at the end is a column; lists, nested objects, numbers and dates read as they are."""
    lines = [{"id": str(i), "x": i, "p": [0.5, 0.5], "when": "2026-01-01"} for i in range(300)]
    lines.append({"id": "late", "new": {"deep": 1.5}})  # type: ignore[dict-item]
    table = table_of(tmp_path, "a.jsonl", "\n".join(map(json.dumps, lines)))

    assert dict(table.frame.schema) == {
        "id": pl.String, "x": pl.Int64, "p": pl.List(pl.Float64), "when": pl.String, "new.deep": pl.Float64,
    }  # fmt: skip
    assert table.frame["new.deep"].drop_nulls().to_list() == [1.5]
    assert table.notes == ()


def test_json_lines_the_slow_way_and_the_fast_way_agree(tmp_path: Path) -> None:
    """What sends a file through Python changes no value: the blank line at the end does."""
    text = "\n".join(json.dumps({"id": f"s{i}", "x": i / 7, "k": i % 3, "ok": i % 2 == 0}) for i in range(50))
    fast, slow = table_of(tmp_path, "a.jsonl", text), table_of(tmp_path, "b.jsonl", "\n" + text)

    assert fast.frame.equals(slow.frame)
    assert (fast.place(4).row, slow.place(4).row) == (5, 6)


def test_whole_numbers_of_any_size_are_exact(tmp_path: Path) -> None:
    """Ids beyond 64 bits are read as text, digit for digit."""
    table = table_of(tmp_path, "a.jsonl", '{"id": 9223372036854775808}\n{"id": 1}\n')

    assert table.frame["id"].to_list() == ["9223372036854775808", "1"]


@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a.ndjson"])
def test_a_json_array_is_read_too(name: str, tmp_path: Path) -> None:
    """A list of objects is as good as lines."""
    assert table_of(tmp_path, name, '[{"id": 1},\n {"id": 2}]').frame["id"].to_list() == [1, 2]


def test_a_number_among_texts_is_text_with_a_note(tmp_path: Path) -> None:
    """Mixed columns are told, not silently bent."""
    table = table_of(tmp_path, "a.jsonl", '{"x": 1}\n{"x": "a"}\n{"x": true}\n')

    assert table.frame["x"].to_list() == ["1", "a", "true"]
    assert [note.code for note in table.notes] == ["RG215"]


def test_a_missing_file_is_told_with_its_neighbour(tmp_path: Path) -> None:
    """A path of the command line that is mistyped finds the nearest name."""
    (tmp_path / "preds_v2.csv").write_text("id\n1\n")
    problem = problem_of(lambda: read_table(tmp_path / "pred_v2.csv", "predictions of v2", "pred_v2.csv"))

    assert (problem.code, problem.mend) == ("RG200", 'did you mean "preds_v2.csv"?')


def test_folders_and_pipes_are_no_tables(tmp_path: Path) -> None:
    """Neither is opened."""
    (tmp_path / "d.csv").mkdir()
    os.mkfifo(tmp_path / "p.csv")

    for name in ("d.csv", "p.csv"):
        assert problem_of(lambda name=name: read_table(tmp_path / name, "samples", name)).code == "RG212"  # type: ignore[misc]


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The hash of the report is of what was read, or there is no report."""
    path = tmp_path / "a.csv"
    path.write_text("id\n1\n")
    read_bytes = Path.read_bytes

    def grow(self: Path) -> bytes:
        content = read_bytes(self)
        self.write_bytes(content + b"2\n")
        return content

    monkeypatch.setattr(Path, "read_bytes", grow)

    assert problem_of(lambda: read_table(path, "samples", "a.csv")).code == "RG213"
