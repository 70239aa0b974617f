"""Assets as the single file carries them: shorter, and the same to a browser."""

from __future__ import annotations

import pytest

from reportgen.render import assets

ROOT = assets.find("assets")
OWN = sorted(str(path.relative_to(ROOT)) for folder in ("js", "css") for path in (ROOT / folder).rglob("*.*"))


def code_lines(path: str) -> list[str]:
    """The lines of an asset that are no comment, by the plainest of ways."""
    found, inside = [], False
    for line in map(str.strip, assets.read(path).splitlines()):
        begins = not inside and line.startswith("/*")
        if begins or inside:
            inside = "*/" not in line
            if begins and not inside and not line.endswith("*/"):
                found.append(line)  # code behind a comment
        elif line and not line.startswith("//"):
            found.append(line)
    return found


@pytest.mark.parametrize("path", OWN)
def test_a_compact_asset_has_every_line_of_code(path: str) -> None:
    """Only comments, empty lines and indentation are gone; no template runs over lines, so none of it was text."""
    lines = assets.compact(path).splitlines()

    assert lines == code_lines(path)
    assert not [line for line in lines if line.count("`") % 2]
    assert not [line for line in lines if line.endswith("\\")]


def test_compact_drops_what_only_readers_of_the_source_need() -> None:
    """A third of a well explained script; vendored ones keep their licence's lines."""
    vendored = "vendor/vega-6.4.0/vega.min.js"

    assert len(assets.compact("js/engine/unpack.js")) < 0.7 * len(assets.read("js/engine/unpack.js"))
    assert assets.compact(vendored) == assets.read(vendored)
