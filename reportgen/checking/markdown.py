"""The check as Markdown, for a job's summary or a review's comment.

The text of users is escaped so that it stays text: it can make no link, picture, mention, reference or HTML, and it
breaks no table. What is too much for one comment is cut, the gates that pass first, and what was cut is counted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from reportgen import numbers
from reportgen.analysis.gate_words import BELIEFS, CAUTION, counted_link, near_words, pinned_words, place_link
from reportgen.checking.address import Base
from reportgen.checking.sheet import Sheet, Told
from reportgen.errors import printable
from reportgen.model import Belief, Gate, Link, PinnedSet

MOST = 65_536
"""Characters that a review's comment may have; GitHub's limit, the lowest of the hosts'."""
_ROOM = {"gates": 24_000, "beliefs": 6_000, "pinned": 3_000, "findings": 7_000}
"""Characters of each list; what is left holds the rest, were every character of it an entity."""
_NAME, _TEXT = 160, 500
"""Characters of a name and of a sentence that are shown."""
_SIGNS = {"passes": "✓", "near": "✓", "fails": "✕", "undecided": "○"}
_VERDICTS = {"go": "✓", "hold": "✕", "undecided": "○"}
_CONCERN = ("fails", "undecided", "near", "passes")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "|": "&#124;", "$": "&#36;", "~": "&#126;"}
"""Of HTML, of tables, of formulas and of struck text."""
_BREAK = "\u200b"
"""Stands, unseen, where a host would make a mention, a reference, an address or a sign of what was text."""
_WOULD_LINK = re.compile(
    r"""(?<=[@~])(?=[\w"])"""  # mentions, mails, labels
    r"""|(?<=[\#!&$%^])(?=[\d"])|(?<=\bGH)(?=-\d)"""  # references to issues, reviews and the like
    r"""|(?<=:)(?=[\w+/-])|(?<=\bwww)(?=\.)""",  # addresses and signs such as :bug:
    re.IGNORECASE,
)
_COMMIT = re.compile(r"\b(?=[a-f]*\d)[0-9a-f]{7,}\b", re.IGNORECASE)


def to_markdown(sheet: Sheet, base: Base) -> str:
    """The whole comment: under ``MOST`` characters, whatever the report holds."""
    release = sheet.release
    lines = (("Next", sheet.next), ("Not tested", sheet.not_tested))
    against = f" against {escape(sheet.baseline, _NAME)}" if sheet.baseline else ""
    parts = [
        f"## {_VERDICTS[release.state]} {escape(release.headline, _NAME)}: {escape(sheet.candidate, _NAME)}{against}",
        _paragraph(f"**{escape(release.sentence, _TEXT)}**", escape(near_words(sheet.gates), _TEXT)),
        f"**{escape(sheet.quick_look, _TEXT)}**" if sheet.quick_look else "",
        _paragraph(escape(sheet.sentence, _TEXT), *(escape(text, _TEXT) for text in sheet.support[:2])),
        _gates(sheet, base),
        *(f"**{word}** {escape(text, _TEXT)}" for word, text in lines if text),
        _listed("### What people believe", [_belief(one, base) for one in sheet.beliefs], _ROOM["beliefs"]),
        _listed("### Pinned sets", [_pinned(one, base) for one in sheet.pinned], _ROOM["pinned"]),
        _listed("### What we found", [_finding(one, base) for one in sheet.findings], _ROOM["findings"]),
        _foot(sheet, base),
    ]
    whole = "\n\n".join(part for part in parts if part) + "\n"
    assert len(whole) < MOST, len(whole)
    return whole


def escape(text: str, most: int = _TEXT) -> str:
    """A user's text as Markdown that shows it and nothing else, on one line, cut where it is long."""
    line = printable(" ".join(text[: 4 * most].split()))
    line = line if len(line) <= most else f"{line[: most - 1]}…"
    line = _WOULD_LINK.sub(_BREAK, line)
    line = _COMMIT.sub(lambda found: _BREAK.join(re.findall(".{1,6}", found[0])), line)
    line = re.sub(r"[&<>|$~]", lambda found: _ENTITIES[found[0]], line)
    return re.sub(r"[\\`*_\[\]]", r"\\\g<0>", line)


def _paragraph(*texts: str) -> str:
    """Texts, already escaped, one after the other; what would begin a list, a quote or a heading begins with a blank.

    A blank that Markdown does not take for one: U+200B.
    """
    whole = " ".join(text for text in texts if text)
    return re.sub(r"^(?=[-+=#]|\d+[.)])", _BREAK, whole)


def _link(text: str, href: str) -> str:
    """The text, already escaped, as a link where there is an address."""
    return f"[{text}]({href})" if href and text else text


def _links(links: Sequence[Link], base: Base) -> str:
    """The links that have an address, one after the other."""
    found = [(escape(link.text, _NAME), base.href(link.page, link)) for link in links]
    return ", ".join(_link(text, href) for text, href in found if href)


def _gates(sheet: Sheet, base: Base) -> str:
    rows = [_row(sheet, gate, base) for gate in sheet.gates]
    kept = _kept(rows, [_CONCERN.index(gate.state) for gate in sheet.gates], _ROOM["gates"])
    head = f"| | Gate | {escape(sheet.candidate, 40)} | {numbers.level(sheet.level)} | n | Limit |"
    table = [head, "|:--|:--|--:|--:|--:|:--|", *(rows[i] for i in kept)]
    if len(kept) < len(rows):
        left = [gate for i, gate in enumerate(sheet.gates) if i not in set(kept)]
        counts = ((word, sum(gate.state == state for gate in left)) for state, word in _LEFT.items())
        told = ", ".join(f"{numbers.count(n)} {word}" for word, n in counts if n)
        table += ["", f"{numbers.count(len(left))} more gates stand in the report: {told}."]
    return "\n".join(table)


_LEFT = {"fails": "fail", "undecided": "can't tell", "near": "pass near their limit", "passes": "pass"}


def _row(sheet: Sheet, gate: Gate, base: Base) -> str:
    words = sheet.words(gate)
    counted, place = counted_link(gate), place_link(gate)
    n = numbers.count(gate.n)
    state = f"{_SIGNS[gate.state]} {escape(words.state)}"
    name, where = escape(words.name, _NAME), escape(words.place, _NAME)
    if place:  # where the name says the slice already, it is the name that leads there
        href = base.href("slices", place)
        name, where = (name, _link(where, href)) if where else (_link(name, href), "")
    about = (name, where, escape(words.reason, _NAME))
    interval = words.interval.removeprefix(numbers.level(sheet.level)).strip()
    cells = (
        f"**{state}**" if sheet.blocks(gate) else state,
        " · ".join(part for part in about if part),
        f"**{words.figure}**",
        interval,
        _link(n, base.href(counted.page, counted)) if counted else n,
        escape(words.limit, _NAME),
    )
    return f"| {' | '.join(cells)} |"


def _kept(rows: Sequence[str], concern: Sequence[int], room: int) -> list[int]:
    """Which rows fit, those of most concern first, in the order in which they stand."""
    kept, taken = [], 0
    for i in sorted(range(len(rows)), key=lambda i: (concern[i], i)):
        taken += len(rows[i]) + 1
        if taken > room:
            break
        kept.append(i)
    return sorted(kept)


def _listed(heading: str, items: Sequence[str], room: int) -> str:
    """A heading and a list of what fits; empty where there is nothing to list."""
    if not items:
        return ""
    kept = _kept(items, [0] * len(items), room)
    more = [f"- … and {numbers.count(len(items) - len(kept))} more"] if len(kept) < len(items) else []
    return "\n".join([heading, "", *(items[i] for i in kept), *more])


def _belief(one: Belief, base: Base) -> str:
    link = one.links[0] if one.links else None
    text = escape(one.text, _NAME)
    said = _link(text, base.href(link.page, link)) if link else text
    return f"- **{escape(BELIEFS[one.state])}** {said}: {escape(one.evidence, _TEXT)}"


def _pinned(one: PinnedSet, base: Base) -> str:
    told = _links(one.links, base)
    return f"- **{escape(one.name, _NAME)}** {escape(pinned_words(one))}" + (f" ({told})" if told else "")


def _finding(one: Told, base: Base) -> str:
    told = _links(one.links, base)
    return f"- **{escape(one.headline, _NAME)}** {escape(one.text, _TEXT)}" + (f" {told}" if told else "")


def _foot(sheet: Sheet, base: Base) -> str:
    title = _link(escape(sheet.title, _NAME), base.href("overview"))
    return _paragraph(title, "·", CAUTION)
