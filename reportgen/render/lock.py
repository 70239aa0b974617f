"""One writer at a time: a lock beside the target, which the system frees when its holder ends, however it ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from reportgen.errors import Place, Problem, stop


@contextmanager
def locked(target: Path) -> Iterator[None]:
    """Hold the lock of a target; the file ``.<name>.lock`` beside it names the process that holds it.

    Raises ``InputError`` (RG514) where another process holds it.
    """
    path = target.with_name(f".{target.name}.lock")
    handle = _acquire(path, target)
    try:
        os.ftruncate(handle, 0)
        os.write(handle, str(os.getpid()).encode())
        yield
    finally:
        if sys.platform != "win32":  # Windows removes no file that is open
            path.unlink(missing_ok=True)
        os.close(handle)


def _acquire(path: Path, target: Path) -> int:
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        if not _try_lock(handle):
            holder = os.read(handle, 32).decode(errors="replace").strip()
            os.close(handle)
            who = f"process {holder}" if holder else "another process"
            raise stop(Problem("RG514", f"{who} is writing this report", Place(target.name), mend="wait for it to end"))
        # The last holder may have removed the file between our open and our lock: then the lock is on nothing.
        if path.exists() and os.path.samestat(os.fstat(handle), path.stat()):
            return handle
        os.close(handle)


if sys.platform == "win32":
    import msvcrt

    def _try_lock(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _try_lock(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
