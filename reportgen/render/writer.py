"""Writing a site: into a temporary sibling first, which then takes the place of the old one."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from reportgen import __version__, numbers
from reportgen.errors import InputError, Place, Problem, stop
from reportgen.render.lock import locked
from reportgen.render.pages import folder_files, single_file
from reportgen.render.serialise import to_json
from reportgen.site.page import Site

MARKER = ".reportgen.json"
"""Stands in every folder that is ours to replace."""
WARN_BYTES = 100_000_000
MOST_BYTES = 1_000_000_000
_SYNCED = {".html", ".json"}
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_REFUSED = {errno.EACCES, errno.EPERM, errno.EROFS}


def refuse_outputs(folder: Path | None, single_file: Path | None, *, force: bool = False) -> None:
    """Return where both places may be written to: neither is written before the other is known to be free.

    Raises ``InputError`` (RG511-RG513, RG521).
    """
    if folder is not None:
        with _mended(folder):
            _refuse_place(folder, _absolute(folder))
            _refuse_folder(folder, _absolute(folder), force=force)
    if single_file is not None:
        with _mended(single_file):
            _refuse_file(single_file, _absolute(single_file), force=force)
    if folder is not None and single_file is not None:
        places = {_absolute(folder), _absolute(single_file)}
        if any(place in other.parents for place in places for other in places) or len(places) == 1:
            what = "stands in the report's folder, which is replaced whole" if len(places) == 2 else "is both outputs"
            mend = "name a file beside the folder"
            raise stop(Problem("RG521", what, Place(str(single_file)), mend=mend))


def write_folder(site: Site, out: Path, *, force: bool = False) -> Path:
    """The written folder. What stood there before stays until the new one is whole, and whenever anything fails.

    Parents are made. With ``force`` a folder that is not ours is replaced too, but never a root, the home folder or
    one that the process stands in. Raises ``InputError`` (RG511-RG518). Pages and ``report.json`` are synced to the
    disk before they take their place, pictures are not: a power cut costs a picture at most.
    """
    target = _absolute(out)
    _refuse_place(out, target)
    with _mended(out), _place(target):
        _restore(target)
        _refuse_folder(out, target, force=force)
        with _temporary(target) as temporary:
            _make_folder(temporary)
            n_bytes = 0
            for name, data in folder_files(site):
                n_bytes += len(data)
                _refuse_size(out, n_bytes)
                _write(temporary / name, data, n_bytes)
            _write(temporary / MARKER, _marker(), n_bytes)
            _swap(temporary, target)
    return out


def write_single(site: Site, path: Path, *, force: bool = False) -> Path:
    """The written file; an old report stays until the new one stands. Raises ``InputError`` (RG511-RG518)."""
    target = _absolute(path)
    with _mended(path), _place(target):
        _refuse_file(path, target, force=force)
        with _temporary(target) as temporary:
            data = single_file(site)
            _refuse_size(path, len(data))
            _write(temporary, data, len(data))
            os.replace(temporary, target)
            _sync_folder(target.parent)
    return path


def write_text(path: Path, text: str) -> Path:
    """The written file, in place of any that stands there: whole, or not at all.

    Raises ``InputError`` (RG515-RG517).
    """
    target = _absolute(path)
    with _mended(path), _place(target), _temporary(target) as temporary:
        _write(temporary, text.encode(), len(text))
        os.replace(temporary, target)
    return path


def weigh(path: Path) -> str:
    """What to say of a report that is heavy for hosts and mail, with its heaviest part; empty for others."""
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    total = sum(file.stat().st_size for file in files)
    if total <= WARN_BYTES:
        return ""
    media, data = (sum(file.stat().st_size for file in files if file.parent.name == name) for name in ("media", "data"))
    size = f"The report has {numbers.bytes_size(total)}"
    if data > media:
        return (
            f"{size}, {numbers.bytes_size(data)} of it columns of the samples, which a page loads when it needs them. "
            "--sample N makes it smaller."
        )
    part = f", {numbers.bytes_size(media)} of it pictures" if media else ""
    return f"{size}{part}. A lower media.budget in the manifest makes it smaller."


def _absolute(path: Path) -> Path:
    return path.expanduser().resolve()


def _refuse_place(out: Path, target: Path) -> None:
    """Bail at places whose loss nobody could want, whatever stands there."""
    here = Path.cwd().resolve()
    if target == Path(target.anchor) or target == Path.home().resolve() or target == here or target in here.parents:
        mend = "name a folder of its own: -o report"
        raise stop(Problem("RG511", "is never replaced by a report", Place(str(out)), mend=mend))
    if target.exists() and not target.is_dir():
        raise stop(Problem("RG512", "is a file", Place(str(out)), expected="a folder, or nothing at all"))


def _refuse_folder(out: Path, target: Path, *, force: bool) -> None:
    if force or not target.exists() or (target / MARKER).is_file() or not any(target.iterdir()):
        return
    raise stop(
        Problem(
            "RG513",
            "holds files that are not a report",
            Place(str(out)),
            mend="name another folder, or empty this one yourself",
        )
    )


def _refuse_file(path: Path, target: Path, *, force: bool) -> None:
    if target.is_dir():
        raise stop(Problem("RG512", "is a folder", Place(str(path)), expected="a file such as report.html"))
    if force or not target.exists():
        return
    with target.open("rb") as file:
        head = file.read(8192)
    if head and b'name="generator" content="reportgen ' not in head:
        raise stop(
            Problem("RG513", "is a file that is not a report", Place(str(path)), mend="name another file, or remove it")
        )


def _refuse_size(out: Path, n_bytes: int) -> None:
    if n_bytes > MOST_BYTES:
        raise stop(
            Problem(
                "RG518",
                f"the report is larger than {numbers.bytes_size(MOST_BYTES)}",
                Place(str(out)),
                mend="lower media.budget in the manifest, or take a part of the samples with --sample",
            )
        )


@contextmanager
def _mended(out: Path) -> Iterator[None]:
    """Turn what the file system refuses into an error that says what to do."""
    try:
        yield
    except OSError as error:
        raise _problem(out, error) from error


def _problem(out: Path, error: OSError) -> InputError:
    where = Place(str(out))
    what = error.strerror or str(error)
    if error.errno in _FULL:
        needed = getattr(error, "n_bytes", None)
        size = f" (it needs more than {numbers.bytes_size(needed)})" if needed else ""
        return stop(Problem("RG515", f"no space left while writing the report{size}", where, mend="free some space"))
    if error.errno in _REFUSED:
        user = f" by user {os.getuid()}" if hasattr(os, "getuid") else ""
        return stop(Problem("RG516", f"cannot be written{user}: {what}", where, mend="choose another place with -o"))
    return stop(Problem("RG517", f"cannot be written: {what}", where, mend="choose another place with -o"))


@contextmanager
def _place(target: Path) -> Iterator[None]:
    """The place of the target, its parents made, for us alone."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with locked(target):
        yield


@contextmanager
def _temporary(target: Path) -> Iterator[Path]:
    """A free name beside the target, on the same file system; whatever stands there at the end is removed."""
    for stale in target.parent.glob(f".{_quoted(target.name)}.tmp-*"):  # we hold the lock: nobody works in them
        _remove(stale)
    path = target.with_name(f".{target.name}.tmp-{os.getpid()}-{secrets.token_hex(4)}")
    try:
        yield path
    finally:
        _remove(path)


def _restore(target: Path) -> None:
    """Bring back an old report that a killed run had moved aside, or clear it away."""
    for old in sorted(target.parent.glob(f".{_quoted(target.name)}.old-*")):
        if target.exists():
            _remove(old)
        else:
            old.rename(target)


def _swap(temporary: Path, target: Path) -> None:
    for folder in sorted({path.parent for path in temporary.rglob("*")}):
        _sync_folder(folder)
    if target.exists():
        old = target.with_name(f".{target.name}.old-{os.getpid()}-{secrets.token_hex(4)}")
        target.rename(old)
        try:
            temporary.rename(target)
        except BaseException:
            old.rename(target)
            raise
        _remove(old)
    else:
        temporary.rename(target)
    _sync_folder(target.parent)


def _write(path: Path, data: bytes, n_bytes: int) -> None:
    """Write one file, readable by all whatever the umask; an error carries how much was wanted so far."""
    try:
        if not path.parent.is_dir():
            _make_folder(path.parent)
        with path.open("xb") as file:
            file.write(data)
            file.flush()
            if path.suffix in _SYNCED:
                os.fsync(file.fileno())
        path.chmod(0o644)
    except OSError as error:
        error.n_bytes = n_bytes  # type: ignore[attr-defined]
        raise


def _make_folder(path: Path) -> None:
    if not path.parent.is_dir():
        _make_folder(path.parent)
    path.mkdir()
    path.chmod(0o755)


def _sync_folder(path: Path) -> None:
    """Sync the names in a folder, where the system can."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    except OSError:
        return
    finally:
        os.close(handle)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _quoted(name: str) -> str:
    """The name as a pattern that matches itself alone."""
    return "".join(f"[{c}]" if c in "*?[" else c for c in name)


def _marker() -> bytes:
    """``{"generator": …, "note": …}``: what says that the folder is ours to replace."""
    note = "reportgen wrote this folder and will replace it whole. Keep nothing of your own in it."
    return (to_json({"generator": {"name": "reportgen", "version": __version__}, "note": note}) + "\n").encode()
