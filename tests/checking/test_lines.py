"""The lines of a check in a terminal, or where there is none."""

from __future__ import annotations

from dataclasses import replace

from reportgen.analysis.gate_words import CAUTION
from reportgen.checking.lines import encodable, gate_lines, verdict_lines
from reportgen.checking.sheet import sheet_of
from tests.checking.reports import PLAIN


def test_a_line_a_gate_in_columns() -> None:
    """State, name, number, interval, n and limit stand under each other."""
    lines = gate_lines(sheet_of(PLAIN))

    assert lines[1] == (
        "Fails               Accuracy, every slice          −8.3 points  95% −11.2…−5.4     n = 812     "
        "may lose at most 3.0 points  rain; 1 beyond doubt, 1 to watch"
    )
    assert len(lines) == 5
    assert len({line.index("n = ") for line in lines}) == 1


def test_a_line_says_its_slice_once() -> None:
    """In the gate's name, or after the limit."""
    alone = replace(PLAIN.gates[1], on="overall", name="Accuracy, rain", reason="")
    line = gate_lines(sheet_of(replace(PLAIN, gates=(alone,))))[0]

    assert line.count("rain") == 1
    assert line.endswith("may lose at most 3.0 points")


def test_the_verdict_and_what_it_says_of_beliefs_and_pinned_sets() -> None:
    """The verdict, then a line each."""
    verdict, refuted, confirmed, pinned = verdict_lines(sheet_of(PLAIN))

    assert verdict == f"Hold: 1 of 5 release gates fails. {CAUTION}"
    assert refuted.startswith("Refuted    v3 is better where weather = rain: In the rain v3 loses")
    assert confirmed.startswith("Confirmed  v3 is better overall: ")
    assert pinned.startswith("Pinned     regressions-2026-10: 3 open")


def test_names_that_are_wide_or_hostile_keep_to_their_line() -> None:
    """A name without end pushes its own line alone; control characters are shown, never sent."""
    names = ("x" * 300, "日本語のゲート", "\x1b[31mred\nnext", "plain", "last")
    report = PLAIN
    gates = tuple(replace(gate, name=name) for gate, name in zip(report.gates, names, strict=True))
    lines = gate_lines(sheet_of(replace(report, gates=gates)))

    assert len(lines) == 5
    assert all(line.isprintable() for line in lines)
    assert lines[3].index("7 ") == lines[4].index("+0.120")


def test_a_stream_without_the_signs_gets_ascii() -> None:
    """What a stream cannot hold is told in ASCII; one that can gets the text as it is."""
    line = "−8.3 points  95% −11.2…−5.4 × ü 日"

    assert encodable(line, "utf-8") == line
    assert encodable(line, "ascii") == "-8.3 points  95% -11.2..-5.4 x \\xfc \\u65e5"
    assert encodable("−1", "cp1252") == "-1"
