"""The Markdown of a check, as a real renderer reads it."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from reportgen.checking.address import Base, base_of
from reportgen.checking.lines import verdict_lines
from reportgen.checking.markdown import MOST, escape, to_markdown
from reportgen.checking.sheet import sheet_of
from reportgen.errors import printable
from reportgen.model import Belief, Link
from tests import gated
from tests.checking.reports import HOSTILE, PLAIN, everywhere

URL = "https://ci.example/42/report"


class Tags(HTMLParser):
    """The tags of a page with their attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def named(self, *names: str) -> list[dict[str, str | None]]:
        """The attributes of the tags of these names."""
        return [attributes for tag, attributes in self.found if tag in names]


def rendered(markdown: str) -> Tags:
    """The page that a renderer makes of it; HTML in the source is let through, as hosts do."""
    return Tags(MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(markdown))


def test_a_row_a_gate() -> None:
    """State, name, figure, interval, n and limit of each gate stand in the table, as everywhere."""
    sheet = sheet_of(PLAIN)
    page = rendered(to_markdown(sheet, Base("")))

    assert len(page.named("tr")) == 1 + len(sheet.gates)
    assert len(page.named("td")) == 6 * len(sheet.gates)
    for gate in sheet.gates:
        words = sheet.words(gate)
        for part in (words.state, words.name, words.figure, words.limit, words.place, words.reason):
            assert part in page.text
    assert "Hold" in page.text
    assert sheet.sentence in page.text
    assert page.named("a") == []
    assert "Slice in detail" not in page.text  # the words of a link that leads nowhere


def test_links_lead_into_the_report() -> None:
    """With an address every count of samples is a link beneath it, in the form that stands there."""
    sheet = sheet_of(PLAIN)
    folder = [one["href"] for one in rendered(to_markdown(sheet, base_of(f"{URL}/index.html"))).named("a")]
    single = [one["href"] for one in rendered(to_markdown(sheet, base_of(f"{URL}.html"))).named("a")]

    assert f"{URL}/examples.html#?a.weather=rain&set=all" in folder
    assert f"{URL}.html#examples?a.weather=rain&set=all" in single
    assert len(folder) == len(single) > 3


def test_a_place_leads_to_its_own_slice() -> None:
    """The slice that a figure is of is never a link to another one; without a link to it, it is text."""
    links = tuple(Link("slices", name, (("slice", f"weather={name}"),)) for name in ("fog", "rain"))
    of_rain, of_fog = replace(gated.FAILS, links=links), replace(gated.FAILS, links=links[:1])
    found = [
        [one["href"] for one in rendered(to_markdown(sheet_of(replace(PLAIN, gates=(gate,))), base_of(URL))).named("a")]
        for gate in (of_rain, of_fog)
    ]

    assert f"{URL}/slices.html#?slice=weather%3Drain" in found[0]
    named = replace(of_rain, name="Accuracy, rain")
    told = to_markdown(sheet_of(replace(PLAIN, gates=(named,))), base_of(URL))
    assert f"[Accuracy, rain]({URL}/slices.html#?slice=weather%3Drain)" in told
    assert all("weather%3Dfog" not in href for href in (*found[0], *found[1]))


def test_a_quick_look_says_so() -> None:
    """A verdict on a part of the samples is never told without that."""
    assert "quick look" not in to_markdown(sheet_of(PLAIN), Base(""))
    sheet = sheet_of(replace(PLAIN, sampled=120))
    told = f"A quick look: 120 of {sheet.n_samples} samples were taken, so every figure here is rougher"

    assert told in to_markdown(sheet, Base(""))
    assert any(line.startswith(told) for line in verdict_lines(sheet))


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_text_stays_text(text: str) -> None:
    """No tag, link, mention, reference or table cell comes of a user's text, and it can be read."""
    calm, page = (rendered(to_markdown(sheet_of(everywhere(one)), Base(""))) for one in ("calm", text))

    assert [tag for tag, _ in page.found] == [tag for tag, _ in calm.found]
    assert all(not attributes or set(attributes) == {"style"} for _, attributes in page.found)
    assert not re.search(r"@\w|[#!]\d|https?:/|www\.|:\w+:|\b[0-9a-f]{7,}\b", page.text)
    shown = page.text.replace("\u200b", "")
    assert printable(" ".join(text.split())) in shown


@pytest.mark.parametrize("sign", ["|@", "|", "&1"])
def test_it_fits_a_comment(sign: str) -> None:
    """Under the limit with thousands of gates and texts without end; those that fail are cut last."""
    endless = sign * 5000
    report = everywhere(endless)
    many = tuple(replace(gate, name=f"{endless}{i}", slice=endless) for i in range(150) for gate in report.gates)
    beliefs = tuple(Belief(endless, "refuted", endless) for _ in range(500))
    markdown = to_markdown(sheet_of(replace(report, gates=many, beliefs=beliefs)), base_of(URL))
    short = tuple(replace(gated.OVERALL, name=f"gate {i}") for i in range(2000))
    told = to_markdown(sheet_of(replace(gated.held(), gates=(*short, gated.FAILS))), base_of(URL))

    assert 20_000 < len(markdown) < MOST
    assert len(told) < MOST
    assert gated.FAILS.name in told
    assert re.search(r"\d+ more gates stand in the report: [\d,]+ pass\.", told)


def test_what_the_renderer_is_given_back_is_the_text() -> None:
    """Escapes are undone by the renderer: only unseen breaks are added."""
    for text in ("boosting-blind (v2) 95% +1.4…+2.0", "a_b*c[d]`e`\\f", "R&D <5 | >9"):
        assert rendered(f"x {escape(text)}\n").text.strip().replace("\u200b", "") == f"x {text}"
