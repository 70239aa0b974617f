"""The Jinja environment: every text is escaped, every missing name is an error, links know the form they stand in."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import replace
from types import CodeType
from typing import Protocol
from urllib.parse import urlencode
from weakref import WeakKeyDictionary

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket

from reportgen import numbers
from reportgen.model import Link
from reportgen.render import assets
from reportgen.render.serialise import to_json
from reportgen.site import words
from reportgen.site.charts import Chart
from reportgen.site.drawing import Drawing, draw
from reportgen.site.page import Page, Site

FOLDER_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; worker-src blob:; "
    "base-uri 'none'; form-action 'none'"
)


class Form(Protocol):
    """One of the two outputs, as far as a template sees it: where links lead and where media stand."""

    name: str

    def href(self, link: Link) -> str:
        """The address of a link."""

    def media(self, name: str) -> str:
        """The address of a file of ``site.media``."""


class Folder:
    """A page a file, with scripts, styles and media beside it."""

    name = "folder"

    def __init__(self, site: Site) -> None:
        self._files = {page.name: page.file for page in site.pages}

    def href(self, link: Link) -> str:
        """``slices.html#?slice=…``; the state ``at`` names a place on the page: ``about.html#about-glossary``."""
        anchor, state = _split(link)
        return self._files[link.page] + (f"#{anchor}" if anchor else f"#?{state}" if state else "")

    def media(self, name: str) -> str:
        """``media/…``."""
        return f"media/{name}"


class Single:
    """Everything in one file; media are ``data:`` addresses."""

    name = "single"
    _TYPES: Mapping[str, str] = {"webp": "image/webp", "png": "image/png", "jpg": "image/jpeg", "svg": "image/svg+xml"}

    def __init__(self, site: Site) -> None:
        self._media = site.media

    def href(self, link: Link) -> str:
        """``#slices?slice=…``, or ``#about-glossary`` for a place."""
        anchor, state = _split(link)
        return f"#{anchor}" if anchor else f"#{link.page}" + (f"?{state}" if state else "")

    def media(self, name: str) -> str:
        """``data:image/webp;base64,…``."""
        kind = self._TYPES[name.rpartition(".")[2]]
        return f"data:{kind};base64,{base64.b64encode(self._media[name]).decode()}"


def _split(link: Link) -> tuple[str, str]:
    """The place that a link names, and the rest of its state as the address has it."""
    place = next((value for key, value in link.state if key == "at"), "")
    state = urlencode([pair for pair in link.state if pair[0] != "at"])
    return (f"{link.page}-{place}" if place else ""), state


def single_policy(scripts: list[str], styles: list[str]) -> str:
    """The policy of the single file: its own scripts and styles by hash, and nothing from outside."""
    return (
        f"default-src 'none'; script-src {_hashes(scripts)}; style-src {_hashes(styles)}; img-src data: blob:; "
        "media-src data: blob:; worker-src blob:; base-uri 'none'; form-action 'none'"
    )


def _hashes(texts: list[str]) -> str:
    digests = (hashlib.sha256(text.encode()).digest() for text in texts)
    return " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests) or "'none'"


class _Compiled(BytecodeCache):
    """The code of templates, which both forms and every report of this process share: to compile takes a second."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give the bucket the code of the same template with the same text."""
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the bucket's code."""
        if bucket.code is not None:
            self._code[bucket.key, bucket.checksum] = bucket.code


_COMPILED = _Compiled()


def environment(site: Site, form: Form) -> Environment:
    """The environment in which the pages of a site are drawn in one form.

    Templates have ``site``, ``form``, ``numbers`` (the module), ``signs`` and ``verdicts`` (a verdict's sign and word),
    ``href(link)``, ``on_page(link, page name, text)`` (the same state elsewhere), ``address(page name, place)``,
    ``has_page(name)``, ``media(name)``, ``draw(chart)`` and ``to_json(value)``, whose result is escaped once more where
    it stands in an attribute.
    """
    env = Environment(
        loader=FileSystemLoader(assets.find("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        bytecode_cache=_COMPILED,
    )
    env.globals.update(
        site=site,
        form=form,
        numbers=numbers,
        signs=words.SIGNS,
        verdicts=words.VERDICTS,
        href=form.href,
        address=lambda page, place="": form.href(Link(page, "", (("at", place),) if place else ())),
        on_page=lambda link, page, text: replace(link, page=page, text=text),
        has_page=lambda name: site.page(name) is not None,
        media=form.media,
        draw=_drawn,
        to_json=to_json,
    )
    return env


_DRAWINGS: WeakKeyDictionary[Chart, Drawing] = WeakKeyDictionary()


def _drawn(chart: Chart) -> Drawing:
    """The chart's drawing, made once for both forms."""
    if chart not in _DRAWINGS:
        _DRAWINGS[chart] = draw(chart)
    return _DRAWINGS[chart]


def render_page(env: Environment, page: Page, **context: object) -> str:
    """The fragment of one page: what stands inside ``main``."""
    return env.get_template(page.template).render(page=page, view=page.view, **context)
