"""Writing: the old report stands until the new one does, and nothing but a report is ever replaced."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from reportgen.errors import InputError
from reportgen.render import writer
from reportgen.render.writer import MARKER, weigh, write_folder, write_single
from reportgen.site.page import Site


def code(caught: pytest.ExceptionInfo[InputError]) -> str:
    """The code of the one problem."""
    return caught.value.problems[0].code


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below the folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_folder_is_written_and_replaced(site: Site, tmp_path: Path) -> None:
    """Parents are made, a second build takes the first one's place, and nothing is left beside it."""
    out = tmp_path / "a" / "report"

    assert write_folder(site, out) == out
    first = tree(out)
    (out / "stale.txt").write_text("from an older version")
    write_folder(site, out)

    assert tree(out) == first
    assert MARKER in first
    assert [path.name for path in out.parent.iterdir()] == ["report"]


def test_all_may_read_it_whatever_the_umask(site: Site, tmp_path: Path) -> None:
    """Files are 0644 and folders 0755, since static hosts refuse others."""
    before = os.umask(0o077)
    try:
        out = write_folder(site, tmp_path / "report")
        single = write_single(site, tmp_path / "report.html")
    finally:
        os.umask(before)

    modes = {stat.S_IMODE(path.stat().st_mode) for path in [single, *out.rglob("*")] if path.is_file()}
    folders = {stat.S_IMODE(path.stat().st_mode) for path in [out, *out.rglob("*")] if path.is_dir()}
    assert modes == {0o644}
    assert folders == {0o755}


def test_what_is_not_ours_is_left_alone(site: Site, tmp_path: Path) -> None:
    """A folder with somebody's files is refused; an empty one and ours are not."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("all I have")

    with pytest.raises(InputError) as caught:
        write_folder(site, tmp_path / "mine")

    assert code(caught) == "RG513"
    assert tree(tmp_path / "mine") == {"thesis.txt": b"all I have"}
    (tmp_path / "empty").mkdir()
    write_folder(site, tmp_path / "empty")


def test_no_force_replaces_a_place_that_nobody_could_want_lost(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The root, the home folder, the working folder and its parents are refused, with force too."""
    here = tmp_path / "project" / "inner"
    here.mkdir(parents=True)
    monkeypatch.chdir(here)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()

    for place in (Path("/"), Path("~"), Path("."), Path(".."), tmp_path):
        with pytest.raises(InputError) as caught:
            write_folder(site, place, force=True)
        assert code(caught) == "RG511", place


def test_a_file_is_no_folder_and_a_folder_no_file(site: Site, tmp_path: Path) -> None:
    """Each form says what stands in its place."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError) as as_folder:
        write_folder(site, tmp_path / "file")
    with pytest.raises(InputError) as below:
        write_folder(site, tmp_path / "file" / "report")
    with pytest.raises(InputError) as as_file:
        write_single(site, tmp_path)

    assert (code(as_folder), code(below), code(as_file)) == ("RG512", "RG517", "RG512")


def test_a_single_file_replaces_only_a_report(site: Site, tmp_path: Path) -> None:
    """Somebody's own page is left alone; an older report is replaced."""
    (tmp_path / "mine.html").write_text("<h1>mine</h1>")
    with pytest.raises(InputError) as caught:
        write_single(site, tmp_path / "mine.html")
    assert code(caught) == "RG513"

    path = write_single(site, tmp_path / "report.html")
    first = path.read_bytes()
    write_single(site, path)
    assert path.read_bytes() == first
    assert sorted(one.name for one in tmp_path.iterdir()) == ["mine.html", "report.html"]


@pytest.mark.parametrize("k", [1, 2, 5, 12])
def test_a_full_disk_leaves_the_old_report(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, k: int) -> None:
    """Whichever write fails, the old report is untouched, nothing is left beside it, and the error says so."""
    out = write_folder(site, tmp_path / "report")
    old = tree(out)
    write, calls = writer._write, []

    def fail_at_k(path: Path, data: bytes, n_bytes: int) -> None:
        calls.append(path)
        if len(calls) == k:
            error = OSError(errno.ENOSPC, "No space left on device")
            error.n_bytes = n_bytes  # type: ignore[attr-defined]
            raise error
        write(path, data, n_bytes)

    monkeypatch.setattr(writer, "_write", fail_at_k)
    with pytest.raises(InputError) as caught:
        write_folder(site, out)

    assert code(caught) == "RG515"
    assert tree(out) == old
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


def test_what_a_killed_run_left_is_cleared(site: Site, tmp_path: Path) -> None:
    """A stale temporary folder goes, and a report that was moved aside comes back before anything else."""
    out = write_folder(site, tmp_path / "report")
    old = tree(out)
    out.rename(tmp_path / ".report.old-1-ff")
    (tmp_path / ".report.tmp-1-ff").mkdir()
    (tmp_path / ".report.tmp-1-ff" / "half").write_text("x")

    write_folder(site, out)

    assert tree(out) == old
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


HOLD = """
import sys, time
from pathlib import Path
from reportgen.render.lock import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_writer_is_told_who_writes(site: Site, tmp_path: Path) -> None:
    """While another process writes, the error names it; when it has died, its lock does not hold us."""
    out = tmp_path / "report"
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(out)], stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        deadline = time.monotonic() + 5
        while not (tmp_path / ".report.lock").read_text() and time.monotonic() < deadline:
            time.sleep(0.01)
        with pytest.raises(InputError) as caught:
            write_folder(site, out)
    finally:
        holder.kill()
        holder.communicate()

    assert code(caught) == "RG514"
    assert f"process {holder.pid}" in str(caught.value)
    write_folder(site, out)


def test_heavy_reports_are_named_so(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Above the first limit there is a sentence with what is heaviest, above the second nothing is written."""
    out = write_folder(site, tmp_path / "report")
    pictures = write_folder(replace(site, media={"x.webp": b"0" * 9_000_000}), tmp_path / "pictures")
    assert weigh(out) == ""
    monkeypatch.setattr(writer, "WARN_BYTES", 10)
    assert "columns of the samples" in weigh(out)
    assert "9.0 MB of it pictures. A lower media.budget" in weigh(pictures)
    monkeypatch.setattr(writer, "MOST_BYTES", 10)
    with pytest.raises(InputError) as caught:
        write_folder(site, tmp_path / "other")
    assert code(caught) == "RG518"
