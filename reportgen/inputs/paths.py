"""Paths that a manifest names: relative to its folder, inside it, regular files."""

from __future__ import annotations

import difflib
import re
import stat
from pathlib import Path, PurePosixPath

from reportgen.errors import Place, Problem

_DRIVE = re.compile(r"^[A-Za-z]:")


def refusal(text: str) -> str | None:
    """Why the text may not be a path in a manifest; None where it may."""
    if "\0" in text:
        return "the path holds a NUL character"
    if not text.strip():
        return "the path is empty"
    if text.startswith(("\\\\", "//")):
        return f'"{text}" is a network path'
    if _DRIVE.match(text):
        return f'"{text}" begins with a drive letter'
    if text.startswith(("/", "\\")):
        return f'"{text}" is an absolute path'
    if ".." in re.split(r"[/\\]", text):
        return f'"{text}" leaves the folder by ".."'
    return None


def find_file(root: Path, text: str, place: Place, key: str) -> Path | Problem:
    """The regular file that the manifest names, or what is wrong with the name (RG116, RG117, RG118)."""
    found = _find(root, text, place, key)
    if isinstance(found, Problem) or found.is_file():
        return found
    return Problem("RG118", f'"{text}" is {kind_of(found)}', place, key, expected="a regular file")


def find_folder(root: Path, text: str, place: Place, key: str) -> Path | Problem:
    """The folder that the manifest names, or what is wrong with the name (RG116, RG117, RG118)."""
    found = _find(root, text, place, key)
    if isinstance(found, Problem) or found.is_dir():
        return found
    return Problem("RG118", f'"{text}" is {kind_of(found)}', place, key, expected="a folder")


def find_entry(root: Path, text: str, place: Place, key: str) -> Path | Problem:
    """The regular file or folder that the manifest names, or what is wrong with the name (RG116, RG117, RG118)."""
    found = _find(root, text, place, key)
    if isinstance(found, Problem) or found.is_file() or found.is_dir():
        return found
    return Problem("RG118", f'"{text}" is {kind_of(found)}', place, key, expected="a regular file or a folder")


def place_folder(root: Path, text: str, place: Place, key: str) -> Path | Problem:
    """The folder that the manifest names, which may be yet to make, or what is wrong with it (RG116 to RG118)."""
    if refusal(text) is None and not (root / text).exists() and not (root / text).is_symlink():
        path = (root / text).resolve()
        if path.is_relative_to(root.resolve()):
            return path
    found = find_folder(root, text, place, key)
    if found == root.resolve():
        return Problem("RG118", f'"{text}" is the manifest\'s own folder', place, key, expected="a folder beneath it")
    return found


def _find(root: Path, text: str, place: Place, key: str) -> Path | Problem:
    if reason := refusal(text):
        return Problem(
            "RG116",
            reason,
            place,
            key,
            expected="a path inside the manifest's folder, relative to it",
            mend="move the file, or the manifest, so that one lies beneath the other",
        )
    try:
        path = (root / text).resolve()
        exists = path.exists()
    except (OSError, RuntimeError):  # a loop of links, or a name too long for the file system
        return Problem("RG117", f'"{text}" cannot be opened', place, key, mend="see that the links end somewhere")
    if not path.is_relative_to(root.resolve()):
        what = f'"{text}" is a link that leaves the manifest\'s folder'
        return Problem("RG116", what, place, key, mend="put the file itself into the folder")
    if exists:
        return path
    if "\\" in text and (root / text.replace("\\", "/")).exists():
        mend = f'write "/" between folders: "{text.replace(chr(92), "/")}"'
        return Problem("RG117", f'"{text}" not found', place, key, mend=mend)
    return Problem("RG117", f'"{text}" not found', place, key, mend=nearest_entry(root, text))


def nearest_entry(root: Path, text: str) -> str:
    """A guess at the entry that was meant, as ``did you mean "preds/v2.csv"?``; empty without one."""
    wanted = PurePosixPath(text)
    folder = root / wanted.parent
    try:
        names = sorted(entry.name for entry in folder.iterdir()) if folder.is_dir() else []
    except OSError:
        names = []

    def likeness(name: str) -> tuple[float, float]:  # by the stem first: an ending that is the same says little
        return (
            difflib.SequenceMatcher(None, PurePosixPath(name).stem, wanted.stem).ratio(),
            difflib.SequenceMatcher(None, name, wanted.name).ratio(),
        )

    best = max(names, key=likeness, default="")
    return f'did you mean "{wanted.parent / best}"?' if best and likeness(best)[0] >= 0.5 else ""


def kind_of(path: Path) -> str:
    """What stands at the path, in words, where it is no regular file."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return "missing"
    if stat.S_ISDIR(mode):
        return "a folder"
    return "a file" if stat.S_ISREG(mode) else "no regular file"
