"""Every call to the file system may fail: the old report stays, nothing is left beside it, and the error has a code."""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from reportgen.errors import InputError
from reportgen.render import writer
from reportgen.render.writer import MARKER, write_folder, write_single, write_text
from reportgen.site.page import Site

CALLS = ("open", "write", "ftruncate", "fsync", "rename", "replace", "mkdir", "chmod")
FILES = {"assets/css/base.css": b"*{}", "media/a.webp": b"picture", "report.json": b"{}", "index.html": b"<h1>"}
PAGE = b'<meta name="generator" content="reportgen 0">'
Write = Callable[[Site, Path], Path]
WRITES: dict[str, Write] = {
    "folder": write_folder,
    "single": write_single,
    "text": lambda _site, path: write_text(path, "title: new"),
}


class Fault:
    """Counts the calls that write, and lets the ``k``-th fail."""

    def __init__(self, k: int | None, number: int = 0) -> None:
        self.k, self.number, self.names = k, number, list[str]()

    def step(self, name: str) -> None:
        """Count one call; raise where it is the one that is to fail."""
        self.names.append(name)
        if len(self.names) - 1 == self.k:
            raise OSError(self.number, os.strerror(self.number))

    def watched(self, name: str) -> Callable[..., Any]:
        """The function of ``os``, counted."""
        real = getattr(os, name)

        def call(*args: Any, **kwargs: Any) -> Any:
            self.step(name)
            return real(*args, **kwargs)

        return call

    def opened(self, real: Callable[..., Any]) -> Callable[..., Any]:
        """``io.open``, counted with the writes of new files; what only reads is let through."""
        fault = self

        class Raw(io.FileIO):
            def write(self, data: Any) -> int:
                fault.step("write")
                return super().write(data)

        def call(file: Any, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
            if mode != "xb":
                return real(file, mode, *args, **kwargs)
            fault.step("open")
            return io.BufferedWriter(Raw(file, mode))

        return call


@contextmanager
def faulty(k: int | None, number: int = 0) -> Iterator[Fault]:
    """The file system, whose ``k``-th call fails with the error number."""
    fault = Fault(k, number)
    with pytest.MonkeyPatch.context() as patch:
        for name in CALLS:
            patch.setattr(os, name, fault.watched(name))
        patch.setattr(io, "open", fault.opened(io.open))
        yield fault


@pytest.fixture
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that holds an older report in each form; the next one has four files."""
    monkeypatch.setattr(writer, "folder_files", lambda _site: iter(FILES.items()))
    monkeypatch.setattr(writer, "single_file", lambda _site: PAGE + b" new")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / MARKER).write_text("{}")
    (tmp_path / "folder" / "index.html").write_bytes(b"old")
    (tmp_path / "single").write_bytes(PAGE + b" old")
    (tmp_path / "text").write_text("title: old")
    return tmp_path


def tree(folder: Path) -> dict[str, bytes | None]:
    """Everything below the folder; None for a folder."""
    return {str(p.relative_to(folder)): p.read_bytes() if p.is_file() else None for p in folder.rglob("*")}


def refused(write: Write, site: Site, target: Path) -> list[str]:
    """The codes of the error that writing ends in; none where it passes."""
    try:
        write(site, target)
    except InputError as error:
        return [problem.code for problem in error.problems]
    return []


@pytest.mark.parametrize(("number", "code"), [(errno.ENOSPC, "RG515"), (errno.EACCES, "RG516"), (errno.EIO, "RG517")])
@pytest.mark.parametrize("form", WRITES)
def test_whichever_call_fails_the_old_report_stays(site: Site, old: Path, form: str, number: int, code: str) -> None:
    """Each call in turn. A failure that costs nothing, as to sync a folder's names, passes: then the new one stands."""
    write = WRITES[form]
    before = tree(old)
    with faulty(None) as counted:
        write(site, old / form)
    after = tree(old)
    passed = set()

    for k, name in enumerate(counted.names):
        _put_back(old, before)
        with faulty(k, number) as fault:
            codes = refused(write, site, old / form)
        if codes:
            assert (codes, tree(old)) == ([code], before), (k, name)
        else:
            passed.add(name)
            assert {key: value for key, value in tree(old).items() if ".old-" not in key} == after, (k, name)
        assert fault.names[k] == name
        write(site, old / form)
        assert tree(old) == after, (k, name)  # what a failure left aside, the next run clears

    assert passed <= {"open", "fsync", "mkdir"}
    assert set(counted.names) >= {"open", "write", "chmod"}


def _put_back(folder: Path, content: dict[str, bytes | None]) -> None:
    """The folder as it was."""
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    for name, data in content.items():
        path = folder / name
        if data is None:
            path.mkdir(exist_ok=True)
        else:
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(data)


def test_the_calls_are_the_real_ones(site: Site, old: Path) -> None:
    """A folder is written with every kind of call that is made to fail, but for the single file's replace."""
    with faulty(None) as counted:
        write_folder(site, old / "folder")

    assert set(counted.names) == set(CALLS) - {"replace"}
