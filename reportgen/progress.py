"""Progress on stderr: a line that changes on a terminal, plain lines elsewhere, nothing where it is not wanted."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Progress = Callable[[str], None]


@contextmanager
def stages(*, quiet: bool = False) -> Iterator[Progress]:
    """What to call with the name of each stage as it begins."""
    if quiet:
        yield lambda _stage: None
    elif sys.stderr.isatty():
        yield from _on_terminal()
    else:
        yield from _plain()


def _on_terminal() -> Iterator[Progress]:
    from rich.console import Console  # noqa: PLC0415  (a terminal alone needs it)

    console = Console(stderr=True, highlight=False)
    with console.status("Starting", spinner="line") as status:
        yield lambda stage: status.update(f"{stage} …")


def _plain() -> Iterator[Progress]:
    begun = time.monotonic()

    def tell(stage: str) -> None:
        print(f"{time.monotonic() - begun:5.1f} s  {stage}", file=sys.stderr, flush=True)

    yield tell
