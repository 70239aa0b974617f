"""The files of a site: safe, linked, and the same every time."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser

import polars as pl
import pytest

from reportgen.render.environment import FOLDER_POLICY
from reportgen.render.pages import folder_files, single_file
from reportgen.site.packing import pack_codes
from reportgen.site.page import Site
from tests.render.conftest import HOSTILE


class Parsed(HTMLParser):
    """Tags with their attributes, and the text of scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.raw: list[tuple[str, str]] = []
        self.shown: list[str] = []
        self._inside = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        del tag
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside in {"script", "style"}:
            self.raw.append((self._inside, data))
        else:
            self.shown.append(data)


@pytest.fixture(scope="module")
def files(site: Site) -> dict[str, bytes]:
    """The folder."""
    return dict(folder_files(site))


def pages(files: dict[str, bytes]) -> dict[str, Parsed]:
    """The folder's pages."""
    return {name: Parsed(data.decode()) for name, data in files.items() if name.endswith(".html")}


def policy_of(page: Parsed) -> str:
    """What the page's Content-Security-Policy says."""
    return next(
        str(attributes["content"])
        for tag, attributes in page.tags
        if tag == "meta" and attributes.get("http-equiv") == "Content-Security-Policy"
    )


def test_a_page_exists_for_each_question(site: Site, files: dict[str, bytes]) -> None:
    """Every page of the plan is a file, and the front page is the last one written."""
    assert {page.file for page in site.pages} == {name for name in files if name.endswith(".html")}
    assert list(files)[-1] == "index.html"


def test_the_folder_keeps_its_policy(files: dict[str, bytes]) -> None:
    """The policy is the design's; nothing stands inline, nothing comes from outside."""
    for name, page in pages(files).items():
        assert policy_of(page) == FOLDER_POLICY
        assert page.raw == [], name
        for tag, attributes in page.tags:
            assert "style" not in attributes, (name, tag)
            assert not [key for key in attributes if key.startswith("on")], (name, tag)
            for key in ("src", "href"):
                address = attributes.get(key) or ""
                assert "://" not in address, (name, address)
                assert not address.startswith(("data:", "//", "javascript:")), (name, address)


def test_every_link_leads_somewhere(files: dict[str, bytes]) -> None:
    """Every address is a file of the folder, and every place on a page an element there."""
    found = pages(files)
    ids = {name: {a["id"] for _, a in page.tags if a.get("id")} for name, page in found.items()}
    for name, page in found.items():
        for _, attributes in page.tags:
            address = attributes.get("href") or attributes.get("src") or ""
            if not address:
                continue
            path, _, anchor = address.partition("#")
            assert not path or path in files, (name, address)
            if anchor and not anchor.startswith("?"):
                assert anchor in ids[path or name], (name, address)


def test_ids_are_unique(site: Site, files: dict[str, bytes]) -> None:
    """No id stands twice on a page, in the single file neither, where all pages stand together."""
    for name, page in {**pages(files), "single": Parsed(single_file(site).decode())}.items():
        ids = [attributes["id"] for _, attributes in page.tags if attributes.get("id")]
        assert len(ids) == len(set(ids)), (name, sorted({i for i in ids if ids.count(i) > 1}))


def test_the_single_file_allows_its_own_scripts_alone(site: Site) -> None:
    """Each inline script and style is allowed by its hash, and nothing refers to another file."""
    page = Parsed(single_file(site).decode())
    policy = policy_of(page)
    for _, text in page.raw:
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert "unsafe" not in policy
    for tag, attributes in page.tags:
        assert "style" not in attributes
        if tag in {"script", "img", "link"}:
            assert str(attributes.get("src") or attributes.get("href") or "data:").startswith("data:")


def test_the_same_site_gives_the_same_bytes(site: Site, files: dict[str, bytes]) -> None:
    """Drawn twice, every file is the same."""
    assert dict(folder_files(site)) == files
    assert single_file(site) == single_file(site)


def test_hostile_names_are_text(hostile_site: Site) -> None:
    """Markup in every name a user can give stands on the pages as text, and as nothing else."""
    for name, data in [*folder_files(hostile_site), ("single.html", single_file(hostile_site))]:
        text = data.decode()
        if name.endswith((".html", ".js", ".json")):
            assert HOSTILE not in text, name
        if name.endswith(".html"):
            page = Parsed(text)
            assert not [a for tag, a in page.tags if tag == "img" and a.get("src") == "x"], name
            assert HOSTILE in "".join(page.shown), name


def test_pages_carry_only_what_they_use(site: Site, files: dict[str, bytes]) -> None:
    """A page without a live chart loads no Vega, and assets hold no file that no page names."""
    text = b"".join(files.values()).decode(errors="ignore")
    named = set(" ".join(re.findall(r'(?:src|href|data-rg-drawing|data-rg-on-demand)="(assets/[^"]+)"', text)).split())
    licences = {name for name in files if name.rpartition("/")[2].startswith("LICENSE")}
    assert {name for name in files if name.startswith("assets/")} - licences == named
    for page in site.pages:
        if not any(chart.live for chart in page.charts):
            assert b'src="assets/vendor/vega' not in files[page.file], page.name


def test_what_is_on_demand_stands_in_the_folder_and_in_a_file_that_has_room(site: Site) -> None:
    """A file that leaves it out names it; nothing else of it differs."""
    light = replace(site, on_demand={"rank-0-0": pack_codes(pl.Series([0]), 1)})
    heavy = replace(site, on_demand={"rank-0-0": {"type": "u8", "n": 1, "gzip": "A" * 1_000_001}})

    assert b'reportgen.data.add("rank-0-0",' in dict(folder_files(heavy))["data/rank-0-0.js"]
    assert b'reportgen.data.add("rank-0-0",' in single_file(light)
    assert b'reportgen.data.add("rank-0-0",' not in single_file(heavy)
    assert b'"absent":["rank-0-0"]' in single_file(heavy)
    assert b'"absent":[]' in single_file(light)
