"""A report beside past ones: findings are new, standing or gone, and each gone one says what the figures say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from reportgen.analysis.facts import Facts
from reportgen.analysis.findings import derive_findings
from reportgen.analysis.history import Identity, look_back
from reportgen.inspection import Inspection
from reportgen.model import ALL, Finding, Gate, History, InputFile, PastFinding, PastReport
from tests.analysis.worlds import analyse, classify

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
IDENTITY = Identity("Scenes", "classification", NOW, "0" * 64, (InputFile("s.csv", "1" * 64, 2000, "samples"),))


@pytest.fixture(scope="module")
def facts() -> Facts:
    """A world that got worse at night in the rain and better elsewhere."""
    return analyse(classify()).facts


def looked(facts: Facts, *past: PastReport, gates: tuple[Gate, ...] = ()) -> tuple[tuple[Finding, ...], History]:
    """The findings beside the past reports, and the history."""
    return look_back(facts, derive_findings(facts), gates, IDENTITY, past, Inspection())


def earlier(now: PastReport, days: int, **changes: object) -> PastReport:
    """A report of so many days ago, of other inputs."""
    return replace(now, created=NOW - timedelta(days), inputs=f"{days:064d}", **changes)  # type: ignore[arg-type]


def test_the_first_report_has_no_past(facts: Facts) -> None:
    """Nothing is new, standing or gone; what is to be kept stands ready."""
    findings, history = looked(facts)

    assert {one.since for one in findings} == {None}
    assert history.past == ()
    assert history.gone == ()
    assert history.last is None
    accuracy = next(one for one in history.now.figures if one.name == "accuracy")
    level = facts.level(ALL)
    assert (accuracy.value, accuracy.low, accuracy.high, accuracy.n) == tuple(
        level[name] for name in ("value", "low", "high", "n")
    )
    assert [one.headline for one in history.now.findings] == [one.headline for one in findings]


def test_a_report_of_the_same_inputs_or_a_younger_one_does_not_count(facts: Facts) -> None:
    """A rebuild says what the first build said."""
    now = looked(facts)[1].now

    assert looked(facts, replace(now, created=NOW - timedelta(1)))[1].past == ()
    assert looked(facts, earlier(now, -1))[1].past == ()
    assert looked(facts, earlier(now, 0))[1].past != ()


def test_findings_are_new_or_standing_since_the_first_report_that_has_them(facts: Facts) -> None:
    """A break in the chain begins it anew."""
    now = looked(facts)[1].now
    whole, bare = now.findings, now.findings[1:]
    findings, history = looked(facts, earlier(now, 4), earlier(now, 3, findings=bare), earlier(now, 2), earlier(now, 1))

    assert history.gone == ()
    assert {one.since for one in findings} == {"standing"}
    assert findings[0].first_seen == NOW - timedelta(2)
    assert findings[1].first_seen == NOW - timedelta(4)
    assert len(whole) > 1

    findings, _ = looked(facts, earlier(now, 1, findings=bare))
    assert (findings[0].since, findings[0].first_seen) == ("new", None)


def test_what_is_gone_says_what_the_figures_say(facts: Facts) -> None:
    """No clear change any more, still so but not listed, or nothing to say it by."""
    now = looked(facts)[1].now
    unclear = next(s for s, row in facts.changes.items() if row["verdict"] == "unclear")
    better = next(s for s, row in facts.changes.items() if row["verdict"] == "better" and s != ALL)
    lost = (
        PastFinding("regression", unclear, "accuracy", "", "critical", "once worse"),
        PastFinding("improvement", better, "accuracy", "", "better", "still better"),
        PastFinding("regression", "moon=full", "accuracy", "", "watch", "no such slice"),
        PastFinding("confusion", None, None, "car>cyclist", "watch", "cars were cyclists"),
        PastFinding("data", None, None, "RG307 v.csv", "data", "12 entries were left out"),
        PastFinding("none", ALL, "accuracy", "", "data", "Nothing got worse"),
    )
    gone = looked(facts, earlier(now, 1, findings=(*now.findings, *lost)))[1].gone
    states = {one.finding.headline: (one.state, one.evidence) for one in gone}

    assert states["once worse"][0] == "gone"
    assert states["once worse"][1].startswith("No clear change now (")
    assert "n = " in states["once worse"][1]
    assert states["still better"][0] == "unlisted"
    assert states["no such slice"][0] == "unknown"
    assert states["cars were cyclists"][0] == "gone"
    assert states["12 entries were left out"] == ("gone", "Not found in this report.")
    assert "Nothing got worse" not in states


def test_one_version_has_a_history_too() -> None:
    """Weak slices stand or are gone."""
    facts = analyse(classify(n_versions=1)).facts
    now = looked(facts)[1].now
    strong = facts.weaknesses.filter(facts.weaknesses["verdict"] != "worse")["slice"][0]
    lost = PastFinding("weak", strong, "accuracy", "", "watch", "once weak")
    gone = looked(facts, earlier(now, 1, findings=(lost,)))[1].gone

    assert [(one.state, one.evidence.startswith("No clear weakness now (")) for one in gone] == [("gone", True)]


def test_gates_are_kept_with_their_state(facts: Facts) -> None:
    """Value, interval, n and state, under the gate's name."""
    gate = Gate(
        "no loss", "may lose at most 1.0 point", "near", "max_drop", "overall", "accuracy", None, ALL, "rate", 0.01,
        -0.005, -0.009, 0.001, 2000,
    )  # fmt: skip
    now = looked(facts, gates=(gate,))[1].now
    (kept,) = (one for one in now.figures if one.kind == "gate")

    assert (kept.name, kept.value, kept.low, kept.high, kept.n, kept.state, kept.change) == (
        "no loss", -0.005, -0.009, 0.001, 2000, "near", True,
    )  # fmt: skip
