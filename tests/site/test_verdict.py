"""The verdict on the Overview: its rows are the gates, and its tracks say what the figures say."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from reportgen.analysis.gate_words import CAUTION, NO_GATES
from reportgen.model import Gate
from reportgen.report import Report
from reportgen.site.charts import heat
from reportgen.site.declared import plan_declared
from reportgen.site.glossary import glossary
from reportgen.site.media import Thumbnails
from reportgen.site.overview import plan_overview
from reportgen.site.verdict import PAD, WIDTH, plan_verdict
from tests import builders, gated


@pytest.fixture(scope="module")
def held() -> Report:
    """A report with a gate in each state."""
    return gated.held(builders.report(n=400))


def track(gate: Gate) -> object:
    """The track of a gate alone."""
    view = plan_verdict(replace(gated.held(builders.report(n=60)), gates=(gate,)))
    assert view is not None
    return view.rows[0].track


def test_the_verdict_takes_the_place_of_the_answers_headline(held: Report) -> None:
    """With gates the panel says Hold and how many fail, and the points make room; the answer's sentence stays."""
    answer = plan_overview(held, Thumbnails()).answer

    assert answer.verdict is not None
    assert (answer.headline, answer.icon, answer.tint, answer.points) == ("Hold", "hold", "worse", ())
    assert (answer.sentence, answer.verdict.caution) == (held.answer.sentence, CAUTION)
    assert answer.verdict.near == "1 gate passes near its limit."
    assert answer.verdict.folded == "2 gates pass"
    assert [row.state for row in answer.verdict.rows] == [gate.state for gate in held.gates]


def test_without_gates_the_panel_says_so() -> None:
    """Today's panel with its points, and how to get a verdict."""
    answer = plan_overview(builders.report(n=60), Thumbnails()).answer

    assert answer.verdict is None
    assert answer.no_gates == NO_GATES
    assert answer.points


GATES = (gated.OVERALL, gated.FAILS, gated.FLOOR, gated.COUNT, gated.ERROR)


@pytest.mark.parametrize("gate", GATES, ids=lambda gate: gate.name)
def test_a_track_shows_the_figure_on_its_side_of_the_limit(gate: Gate) -> None:
    """What passes lies wholly beside the failing side, what fails wholly in it, and all of it on the scale."""
    one = track(gate)
    ends = [x for x in (one.left, one.at, one.right) if x is not None]

    assert PAD <= min(*ends, one.limit) <= max(*ends, one.limit) <= WIDTH - PAD
    assert one.limit in (one.fail_left, one.fail_right)
    inside = [one.fail_left <= x <= one.fail_right for x in ends]
    if gate.state == "fails":
        assert all(inside)
    elif gate.state in {"passes", "near"}:
        assert not any(inside)
    else:
        assert {True, False} == set(inside)
    assert one.fails is (gate.state == "fails")
    assert gate.rule in one.label


def test_what_has_no_figure_has_a_track_all_the_same() -> None:
    """No value, no interval, or a count of nothing: the limit stands, and no mark is made up."""
    bare = track(replace(gated.FLOOR, value=None, low=None, high=None))
    none = track(replace(gated.COUNT, value=0, limit=0))

    assert (bare.at, bare.left, bare.right) == (None, None, None)
    assert bare.fail_left < bare.limit == bare.fail_right
    assert none.at == none.limit == none.fail_left < none.fail_right


def test_counted_samples_are_linked(held: Report) -> None:
    """The link that counts as many samples as the gate does is the n's own."""
    view = plan_verdict(held)
    assert view is not None
    fails = view.rows[1]

    assert fails.counted is not None
    assert fails.counted.count == gated.FAILS.n
    assert fails.counted not in fails.links


def test_beliefs_and_pinned_sets(held: Report) -> None:
    """Each belief with its state in words, each set with its counts; neither, no section."""
    view = plan_declared(held)
    assert view is not None

    assert [(row.state, row.mark) for row in view.beliefs] == [("Refuted", "wrong"), ("Confirmed", "right")]
    assert view.tally == "1 confirmed, 1 refuted"
    assert [(word, n) for word, n, _ in view.pinned[0].counts] == [
        ("Open", "3"), ("Closed", "30"), ("Back", "2"), ("Right in both", "1"),
    ]  # fmt: skip
    assert [link and (link.text, link.count) for _, _, link in view.pinned[0].counts] == [("3", 3), None, None, None]
    assert view.pinned[0].links == ()
    assert view.pinned[0].unknown == "1 of its ids is not among the samples"
    assert plan_declared(builders.report(n=60)) is None


def test_one_version_has_neither_closed_nor_back() -> None:
    """Without a baseline a pinned set is open or right."""
    view = plan_declared(replace(builders.one_version(n=60), pinned=(gated.PINNED,)))
    assert view is not None

    assert view.heads == ("Open", "Right")
    assert view.key == "Open: v1 has it wrong still."


def test_the_words_of_the_verdict_are_explained_where_they_stand(held: Report) -> None:
    """Gate and pinned set are in the glossary of a report that has them, and of no other."""
    terms = {"Gate", "Pinned set"}

    assert terms <= dict(glossary(held)).keys()
    assert not terms & dict(glossary(builders.report(n=60))).keys()


def test_the_failing_side_stands_out_of_its_track_in_the_dark() -> None:
    """A contrast of 3 at least to the track, whose ground is another one where the gate fails."""
    css = (Path(__file__).parents[2] / "assets" / "css" / "tokens.css").read_text(encoding="utf-8")
    blocks = [block for block in css.split("color-scheme:")[1:] if "--rg-bg: #121416" in block]

    assert len(blocks) == 2
    for block in blocks:
        colours = dict(re.findall(r"--rg-([\w-]+): (#\w{6});", block))
        share = int(re.search(r"--rg-track-fail: color-mix\(in srgb, var\(--rg-worse-mark\) (\d+)%", block)[1]) / 100  # type: ignore[index]
        for ground in (colours["sunken"], colours["surface"]):
            parts = zip(_channels(colours["worse-mark"]), _channels(ground), strict=True)
            side = "#" + "".join(f"{round(share * a + (1 - share) * b):02x}" for a, b in parts)
            assert heat.contrast(side, ground) >= 3
            assert heat.contrast(side, colours["ink"]) >= 3


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))
