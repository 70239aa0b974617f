"""Where a link leads from outside the report: beneath an address, or a folder beside the text."""

from __future__ import annotations

from urllib.parse import quote, urlencode, urlsplit

from reportgen.errors import Place, Problem, stop
from reportgen.model import Link

LONGEST = 2000
"""Characters of an address that every browser and host takes."""
_FILES = {"overview": "index.html", "slices": "slices.html", "examples": "examples.html", "about": "about.html"}
"""The pages that every report has; only to these do links from outside lead."""
_KEPT = "/:?#[]@!$&'+,;=%~"


class Base:
    """Where a report stands: the address of its folder, or of its single file; "" where it stands nowhere."""

    def __init__(self, address: str) -> None:
        self._address = address

    def href(self, page: str, link: Link | None = None) -> str:
        """The address of a page in the state of a link; "" where none can be given."""
        if not self._address or page not in _FILES:
            return ""
        state = urlencode(link.state) if link else ""
        if self._address.endswith(".html"):
            found = f"{self._address}#{page}" + (f"?{state}" if state else "")
        else:
            found = f"{self._address}{_FILES[page]}" + (f"#?{state}" if state else "")
        return found if len(found) <= LONGEST else ""


def base_of(given: str) -> Base:
    """The base that an address gives, safe to stand in Markdown; a folder's without its ``index.html``.

    Raises:
        InputError: the address is of no kind that a report is reached by (RG534).
    """
    text = given.strip()
    if not text:
        return Base("")
    try:
        scheme = urlsplit(text).scheme
    except ValueError:
        scheme = "?"
    if scheme not in {"", "http", "https"} or text.startswith("//"):
        expected = "http://…, https://… or a relative path"
        raise stop(Problem("RG534", f'"{given}" is no address of a report', Place("--report-url"), expected=expected))
    quoted = quote(text, safe=_KEPT).removesuffix("index.html")
    return Base(quoted if quoted.endswith((".html", "/")) else f"{quoted}/")
