"""Folders of small files: which are there, and their texts."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from reportgen.errors import Place, Problem, stop

MOST_FILES = 1_000_000
MOST_BYTES = 20_000_000


def walk(folder: Path, wanted: Callable[[str], bool]) -> list[Path]:
    """The regular files beneath the folder whose lower-case name is wanted, by path; links to elsewhere are left out.

    A folder that is a link is not entered.
    """
    return sorted(_walk(folder, wanted), key=lambda path: path.relative_to(folder).as_posix())


def _walk(folder: Path, wanted: Callable[[str], bool]) -> Iterator[Path]:
    root = folder.resolve()
    n = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            path = Path(parent, name)
            if wanted(name.lower()) and path.is_file() and (not path.is_symlink() or _inside(path, root)):
                n += 1
                if n > MOST_FILES:
                    what = f"more than {MOST_FILES:,} files"
                    raise stop(Problem("RG371", what, Place(str(folder.name)), mend="write one COCO file"))
                yield path


def _inside(path: Path, root: Path) -> bool:
    try:
        return path.resolve().is_relative_to(root)
    except (OSError, RuntimeError):
        return False


def read_bytes(path: Path, shown: str) -> bytes:
    """The bytes of one small file."""
    try:
        if path.stat().st_size > MOST_BYTES:
            what = f"{path.stat().st_size:,} bytes"
            raise stop(Problem("RG371", what, Place(shown), expected=f"at most {MOST_BYTES:,} bytes in one file"))
        return path.read_bytes()
    except OSError as error:
        raise stop(Problem("RG200", f"cannot be read: {error.strerror}", Place(shown))) from None
