"""Reports with gates, plain and hostile, for tests of what a check prints."""

from __future__ import annotations

from dataclasses import replace

from reportgen.model import Answer, Pointer
from reportgen.report import Report
from tests import builders, gated

HOSTILE = [
    "</td><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![p](https://evil.example/p.png)",
    "[click](https://evil.example)",
    "https://evil.example www.evil.example me@evil.example",
    "@octocat and @org/team, see #123, !45, GH-9, org/repo#1, ~bug, ~\"bug\", %\"1.0\"",
    "a | b || c",
    "line one\nline two\r\n\n# heading\n\n- item",
    "1. one",
    "- item",
    "# heading",
    "> quote",
    "`code` ``code`` *b* _i_ ~~s~~ $x$ :bug: \\",
    "&lt;b&gt; &amp; &copy; &#64;octocat",
    "<!-- comment --> ]]> {{ x }} {% x %}",
    "fixed in 3f2a91c and 0123456789abcdef0123456789abcdef01234567",
    "\x00\x1b[31mred\u202egnp.exe\ud800",
]  # fmt: skip
PLAIN = gated.held(builders.report(n=300))


def everywhere(text: str) -> Report:
    """A report where each text that a check prints is this one."""
    slices = tuple(replace(one, terms=tuple(replace(term, value=text) for term in one.terms)) for one in PLAIN.slices)
    return replace(
        PLAIN,
        title=text,
        baseline=text,
        candidate=f"{text} again",
        slices=slices,
        answer=Answer("worse", text, text, (text, text), next=Pointer(text), not_tested=Pointer(text)),
        findings=tuple(replace(one, headline=text, text=text) for one in PLAIN.findings),
        gates=tuple(replace(gate, name=text, rule=text, reason=text) for gate in PLAIN.gates),
        release=replace(gated.HOLD, headline=text, sentence=text),
        beliefs=tuple(replace(one, text=text, evidence=text) for one in PLAIN.beliefs),
        pinned=tuple(replace(one, name=text) for one in PLAIN.pinned),
    )
