"""What a page and a site are made of: plain data that the templates read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from reportgen.model import Link, Note
from reportgen.site.charts import Chart


@dataclass(frozen=True, eq=False)
class Page:
    """One page.

    ``template`` is a fragment below ``templates/`` that begins with the page's h1; it reads ``page``, ``view`` (this
    page's frozen dataclass) and ``site``. In the single file every page stands in one document: ids in a template begin
    with the page's name. ``scripts`` and ``styles`` are the files below ``assets/`` ("js/slices.js", "css/slices.css")
    that this page needs beside the common ones, in order; those that are ``early`` run before them all, while the page
    is still read, and those that are ``lazy`` are loaded by whichever of them wants them; ``later`` are those that a
    script asks for when it first needs them (``js/later.js``). ``data`` are the chunks that the page asks for at
    once, where they are files of their own.
    """

    name: str  # "overview"; the address of the page in state and links
    file: str  # "index.html"
    title: str  # "Overview"
    question: str  # the question it answers, as the page's description
    template: str
    view: Any
    charts: tuple[Chart, ...] = ()
    early: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()
    lazy: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    later: tuple[str, ...] = ()


@dataclass(frozen=True)
class Header:
    """What stands on top of every page. Of the versions, any two can be held against each other."""

    title: str
    baseline: str | None
    candidate: str
    versions: tuple[str, ...]
    quick_look: str = ""  # said on every page where --sample left samples out


@dataclass(frozen=True)
class Footer:
    """What stands under every page: how to read the figures, and where they come from."""

    sentences: tuple[str, ...]
    links: tuple[Link, ...]
    source: str  # "streets.yaml · samples.parquet · inputs 9f3c41…e21a"
    made: str  # "made by reportgen 0.1.0 · 22 Nov 2026, 17:06 UTC"


@dataclass(frozen=True, eq=False)
class Site:
    """Everything that is written, before any HTML. The same report gives the same site.

    ``media`` are files by name; ``chunks`` are JSON-able values by name, each a script of its own in the folder that
    calls ``reportgen.data.add(name, value)``; those ``on_demand`` may be left out of the single file
    (``payload.fit``); ``report`` is ``report.json``; ``lists`` are tables as CSV by key, to take away.
    """

    title: str
    pages: tuple[Page, ...]
    header: Header
    footer: Footer
    report: Mapping[str, object]
    media: Mapping[str, bytes] = field(default_factory=dict)
    chunks: Mapping[str, object] = field(default_factory=dict)
    on_demand: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    lists: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()  # the report's, and those of its media

    def page(self, name: str) -> Page | None:
        """The page of that name, where there is one."""
        return next((page for page in self.pages if page.name == name), None)
