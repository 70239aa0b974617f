"""The files of a site: every page, asset, chunk and picture as bytes, in a fixed order."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator

from jinja2 import Environment

from reportgen import __version__
from reportgen.render import assets
from reportgen.render.environment import (
    FOLDER_POLICY,
    Folder,
    Single,
    environment,
    render_page,
    single_policy,
)
from reportgen.render.serialise import to_json
from reportgen.site.packing import pack_json
from reportgen.site.page import Page, Site
from reportgen.site.payload import fit
from reportgen.site.report_json import SCHEMA

FIRST_SCRIPT = "js/theme.js"
"""Runs in the head, before anything is painted."""
COMMON_SCRIPTS = (
    "js/element.js",
    "js/state.js",
    "js/numbers.js",
    "js/verdicts.js",
    "js/keys.js",
    "js/copy.js",
    "js/later.js",
    "js/find.js",
    "js/engine/pair.js",
    "js/versions.js",
)
LAST_SCRIPT = "js/main.js"
COMMON_STYLES = ("css/tokens.css", "css/base.css", "css/parts.css", "css/header.css")
LAST_STYLE = "css/print.css"
ICON = "icon.svg"
MEDIA_CHUNK = "files"


def folder_files(site: Site) -> Iterator[tuple[str, bytes]]:
    """Path and bytes of every file of the folder, ``index.html`` last."""
    yield from _asset_files(site)
    for name, value in {**site.chunks, **site.on_demand}.items():
        yield f"data/{name}.js", _chunk(name, value).encode()
    for name, data in site.media.items():
        yield f"media/{name}", data
    for key, text in site.lists.items():
        yield f"lists/{key}.csv", text.encode()
    yield "report.json", (to_json(site.report, depth=2) + "\n").encode()
    yield "report.schema.json", SCHEMA.read_bytes()
    env = environment(site, Folder(site))
    for page in sorted(site.pages, key=lambda page: page.file == "index.html"):
        yield page.file, _folder_page(env, page).encode()


def single_file(site: Site) -> bytes:
    """The whole site as one HTML document."""
    env = environment(site, Single(site))
    scripts = _ordered((FIRST_SCRIPT,), *(page.early for page in site.pages), COMMON_SCRIPTS, *_scripts(*site.pages))
    texts = {path: assets.compact(path) for path in scripts}
    kept = {**fit(site.chunks, site.on_demand), **_media_chunk(site), **_list_chunks(site)}
    chunks = [_chunk(name, value) for name, value in kept.items()]
    last = [assets.compact("js/pages.js"), assets.compact(LAST_SCRIPT)]
    first = texts.pop(FIRST_SCRIPT)
    body = [*texts.values(), *chunks, *last]
    style = "".join(assets.compact(path) for path in _styles(*site.pages))
    return (
        env.get_template("single.html")
        .render(
            version=__version__,
            policy=single_policy([first, *body], [style]),
            icon=assets.read(ICON),
            style=style,
            first_script=first,
            scripts=body,
            fragments=[(page, render_page(env, page)) for page in site.pages],
        )
        .encode()
    )


def _inlined(site: Site) -> dict[str, str]:
    """The media in base64 by name, for scripts; ``assets/js/data.js`` makes addresses of them."""
    return {name: base64.b64encode(data).decode() for name, data in site.media.items()}


def _folder_page(env: Environment, page: Page) -> str:
    return env.get_template("base.html").render(
        version=__version__,
        policy=FOLDER_POLICY,
        icon=f"assets/{ICON}",
        page=page,
        styles=[f"assets/{path}" for path in _styles(page)],
        first_scripts=[f"assets/{path}" for path in (FIRST_SCRIPT, *_early_file(page))],
        lazy=[f"assets/{path}" for path in page.lazy],
        data=[f"data/{name}.js" for name in page.data],
        scripts=[
            *(f"assets/{path}" for path in _ordered(COMMON_SCRIPTS, page.scripts) if path not in page.early),
            f"assets/{LAST_SCRIPT}",
        ],
        later=[f"assets/{path}" for path in page.later if path not in page.scripts],
        fragment=render_page(env, page),
    )


def _asset_files(site: Site) -> Iterator[tuple[str, bytes]]:
    """The assets that some page of the site uses, and the licences of the vendored ones among them."""
    scripts = _ordered((FIRST_SCRIPT, *COMMON_SCRIPTS), *_scripts(*site.pages), (LAST_SCRIPT,))
    for path in sorted({*scripts, *_styles(*site.pages), ICON}):
        yield f"assets/{path}", assets.read(path).encode()
    for page in site.pages:
        for path in _early_file(page):
            yield f"assets/{path}", "".join(assets.compact(one) for one in page.early).encode()
    for folder in sorted({path.rpartition("/")[0] for path in scripts if path.startswith("vendor/")}):
        for licence in sorted((assets.find("assets") / folder).glob("LICENSE*")):
            yield f"assets/{folder}/{licence.name}", licence.read_bytes()


def _early_file(page: Page) -> list[str]:
    """The one file of the scripts that run while the page is read, which waits for each; none without any."""
    return [f"js/early/{page.name}.js"] if page.early else []


def _scripts(*pages: Page) -> Iterator[tuple[str, ...]]:
    """Of each page its scripts and what they load, before those that are asked for later."""
    yield from ((*page.lazy, *page.scripts) for page in pages)
    yield from (page.later for page in pages)


def _styles(*pages: Page) -> list[str]:
    return _ordered(COMMON_STYLES, *(page.styles for page in pages), (LAST_STYLE,))


def _ordered(*groups: Iterable[str]) -> list[str]:
    """Each path once, in the order of its first appearance."""
    return list(dict.fromkeys(path for group in groups for path in group))


def _media_chunk(site: Site) -> dict[str, object]:
    """The media as a chunk, for the tiles that scripts draw where there are no files beside the page."""
    files = {name: base64.b64encode(data).decode() for name, data in site.media.items()}
    return {"files": files} if files else {}


def _list_chunks(site: Site) -> dict[str, object]:
    """The lists as chunks, for the buttons that save them where there are no files beside the page."""
    return {f"list-{key}": pack_json(text) for key, text in site.lists.items()}


def _chunk(name: str, value: object) -> str:
    return f"reportgen.data.add({to_json(name)},{to_json(value)});\n"
