"""Outputs that would harm what a report is built from; refused before anything is computed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from reportgen.errors import InputError, Place, Problem


def refuse_clashes(outputs: Iterable[Path], inputs: Iterable[Path], media_root: Path | None = None) -> None:
    """Return where the outputs leave the inputs alone; ``--force`` does not weigh here.

    Raises:
        InputError: the clashes that there are.
    """
    problems = list(find_clashes(outputs, inputs, media_root))
    if problems:
        raise InputError(problems)


def find_clashes(outputs: Iterable[Path], inputs: Iterable[Path], media_root: Path | None = None) -> Iterator[Problem]:
    """The outputs that take the place of an input (RG519), or stand inside the media root (RG520).

    A folder is replaced whole, so no input may stand in it. The media root holds what is shown, so no report may stand
    in that: the next one might show the last one's pictures.
    """
    kept = [*(path.resolve() for path in inputs), *([] if media_root is None else [media_root])]
    mend = "name another place with -o or --single-file"
    for out in outputs:
        target = out.expanduser().resolve()
        lost = next((path for path in kept if target in (path, *path.parents)), None)
        if lost is not None:
            held = "it" if lost == target else f"{lost.name}, which stands in it"
            yield Problem("RG519", f"the report is built from {held}", Place(str(out)), mend=mend)
        elif media_root in target.parents:
            yield Problem("RG520", "stands inside the media root", Place(str(out)), mend=mend)
