"""Paths of manifests."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.errors import Place, Problem
from reportgen.inputs.paths import find_file, find_folder, nearest_entry, refusal


@pytest.mark.parametrize(
    "text",
    ["/etc/passwd", "../x", "a/../../b", "a\\..\\b", "C:\\x", "c:x", "\\\\srv\\s", "//host/s", "\\x", "a\0b", " "],
)
def test_paths_that_leave_the_folder_are_refused(text: str) -> None:
    """Absolute, upward, drive, network and NUL paths have a reason."""
    assert refusal(text)


@pytest.mark.parametrize("text", ["a.csv", "a/b.csv", "a[1].csv", "..a/b..csv", "ab:c.csv", "ünï.csv", "./a.csv", "~x"])
def test_other_paths_are_allowed(text: str) -> None:
    """Names with dots, brackets, colons and accents are names."""
    assert refusal(text) is None


def test_links_may_lead_within_the_folder_but_not_out_of_it(tmp_path: Path) -> None:
    """A link is followed before it is judged; a loop of links is told."""
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "secret.csv").write_text("x")
    (root / "a.csv").write_text("x")
    (root / "in.csv").symlink_to("a.csv")
    (root / "out.csv").symlink_to(tmp_path / "secret.csv")
    (root / "loop.csv").symlink_to("loop.csv")
    (root / "up").symlink_to(tmp_path)
    found = {name: find_file(root, name, Place(), "k") for name in ("in.csv", "out.csv", "loop.csv", "up/secret.csv")}

    assert found["in.csv"] == (root / "a.csv").resolve()
    assert [getattr(found[name], "code", None) for name in ("out.csv", "loop.csv", "up/secret.csv")] == [
        "RG116", "RG117", "RG116",
    ]  # fmt: skip


def test_a_folder_is_no_file_and_a_file_no_folder(tmp_path: Path) -> None:
    """Each is told from the other."""
    (tmp_path / "f").write_text("")
    (tmp_path / "d").mkdir()

    assert isinstance(problem := find_file(tmp_path, "d", Place(), "k"), Problem)
    assert problem.code == "RG118"
    assert isinstance(problem := find_folder(tmp_path, "f", Place(), "k"), Problem)
    assert problem.code == "RG118"


def test_the_nearest_entry_is_offered(tmp_path: Path) -> None:
    """A mistyped name in a sub-folder finds its neighbour; a name like no other finds none."""
    (tmp_path / "preds").mkdir()
    (tmp_path / "preds" / "v2.csv").write_text("")

    assert nearest_entry(tmp_path, "preds/v3.csv") == 'did you mean "preds/v2.csv"?'
    assert nearest_entry(tmp_path, "preds/zzzzzz.parquet") == ""
    assert nearest_entry(tmp_path, "preds/zzzzzz.csv") == ""
    assert nearest_entry(tmp_path, "nowhere/v2.csv") == ""


def test_a_name_too_long_is_not_found(tmp_path: Path) -> None:
    """A name that no file system takes is a problem, not a crash."""
    assert isinstance(find_file(tmp_path, "x" * 5000, Place(), "k"), Problem)
