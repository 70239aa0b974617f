"""Where the templates and assets are: in the installed package, or else in the repository."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_COMMENT = re.compile(r"^[ \t]*(?:/\*(?:(?!\*/).)*\*/[ \t]*|//[^\n]*)\n", re.MULTILINE | re.DOTALL)
_SPACE = re.compile(r"^[ \t]+|^\n", re.MULTILINE)
_PACKAGE = Path(__file__).resolve().parent.parent


def find(name: str) -> Path:
    """The folder ``templates`` or ``assets``, as ``reportgen/_templates`` in a wheel, else beside the package."""
    inside = _PACKAGE / f"_{name}"
    return inside if inside.is_dir() else _PACKAGE.parent / name


@cache
def read(path: str) -> str:
    """The text of one asset, for example ``js/state.js``, with a line break at its end.

    Raises ``ValueError`` where it could not stand inside a page as it is.
    """
    text = (find("assets") / path).read_bytes().decode()
    if "\r" in text or "</script" in text.lower() or "</style" in text.lower() or "<!--" in text:
        raise ValueError(f"{path} holds a carriage return or a closing tag")
    return text.rstrip("\n") + "\n"


@cache
def compact(path: str) -> str:
    """The text of one asset of our own without the comments that have lines of their own, and without indentation.

    What it does stays as it is: no text of ours runs over lines, which a test sees to. Vendored files stay whole.
    """
    text = read(path)
    return text if path.startswith("vendor/") else _SPACE.sub("", _COMMENT.sub("", text))


def demo_folder() -> Path:
    """The folder of the demo's manifest and data: in the installed package, or else among the examples."""
    inside = _PACKAGE / "_demo"
    return inside if inside.is_dir() else _PACKAGE.parent / "examples" / "digits"
