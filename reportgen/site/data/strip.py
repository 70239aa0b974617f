"""The strip above the page's sections: what was looked at, in one figure each, and whether to look closer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class StripCell:
    """One figure: ``state`` is a mark and a word, ``value`` the figure, ``below`` its unit, share or interval."""

    state: Literal["check", "fine"]
    name: str
    value: str
    below: str
    section: str  # the place on the Data page that tells more: "labels"
