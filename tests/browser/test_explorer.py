"""The explorer in Chromium gives Python's figures of any selection, whatever was asked before."""

from __future__ import annotations

import base64
import functools
import gzip
import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page

from reportgen.analysis.object_cutoffs import walk_objects
from reportgen.site.media import Thumbnails
from reportgen.site.metric_columns import metrics_of
from reportgen.site.object_chunks import object_chunks
from reportgen.site.object_curves import plan_object_curves
from reportgen.site.packing import pack_json
from reportgen.site.payload import fit, make_payload, on_demand
from reportgen.site.plan import EXPLORER
from tests.browser.written import Blank
from tests.conftest import ROOT
from tests.selection_requests import draw_requests
from tests.selection_worlds import WORLDS
from tests.selections import Answer, Explored, Request, answers, average, of_one_class, rank, selection, unlike

SELECTIONS = {
    **{"classification": 120, "regression": 120, "grouped": 120, "twenty_versions": 40},
    **{"binary": 80, "grouped_values": 60, "one_version": 40},
    **{"objects": 80, "grouped_objects": 60},
    **{"segmentation": 60, "labels": 40, "grouped_labels": 40},
}
"""How many selections of each world are compared."""

START = """
chunks => {
  window.written = (value) => JSON.stringify(value, (_, one) => {
    if (ArrayBuffer.isView(one)) return Array.from(one);
    return typeof one === "number" && !Number.isFinite(one) ? String(one) : one;
  });
  for (const [name, value] of Object.entries(chunks)) window.reportgen.data.add(name, value);
}
"""
ASK = """
async ([requests, fresh]) => {
  const meta = await window.reportgen.data.load("samples");
  if (fresh || !window.explorer) window.explorer = window.reportgen.explorer.open(meta);
  const named = (line, before) => Object.fromEntries(Object.entries(line).map(([name, one]) => [before + name, one]));
  const columns = (lines) => {
    const names = lines.length ? Object.keys(lines[0]) : [];
    return Object.fromEntries(names.map((name) => [name, lines.map((line) => line[name])]));
  };
  const beside = ({ rest, ...own }) => ({ ...own, ...named(rest, "rest_") });
  const plain = ({ versions, differences, apart, ...answer }) => ({
    ...answer,
    versions: versions.map((one) => ({ ...one, estimates: columns(one.estimates.map(beside)) })),
    differences: columns(differences),
    apart: columns(apart),
  });
  const found = [];
  for (const request of requests) found.push(plain(await window.explorer.ask(request)));
  return window.written([await window.explorer.threaded, found]);
}
"""
RANK = """
async (wishes) => {
  const explorer = window.reportgen.explorer.open(await window.reportgen.data.load("samples"));
  const found = [];
  for (const [request, klass] of wishes) {
    await explorer.ask(request);
    found.push(await explorer.ranks(klass));
  }
  return window.written(found);
}
"""
AVERAGE = """
async (wishes) => {
  const explorer = window.reportgen.explorer.open(await window.reportgen.data.load("samples"));
  const found = [];
  for (const [request, metric, klass] of wishes) {
    await explorer.ask(request);
    found.push(await explorer.averages(metric, klass, true));
  }
  return window.written(found);
}
"""

pytestmark = pytest.mark.browser

explored = functools.cache(lambda world: Explored.of(WORLDS[world]()))


def start(blank: Blank, world: Explored, *, worker: bool = True) -> Page:
    """A blank page with the engine and the chunks of a report."""
    page = blank()
    none = Thumbnails()
    start_with(page, {**make_payload(world.report, none), **on_demand(world.report, none)}, worker=worker)
    return page


def start_with(page: Page, chunks: Mapping[str, object], *, worker: bool = True) -> None:
    """The engine and these chunks on a page."""
    if not worker:
        page.add_script_tag(content="window.Worker = undefined;")
    for path in EXPLORER:
        page.add_script_tag(path=ROOT / "assets" / path)
    page.evaluate(START, dict(chunks))


def ask(page: Page, requests: Sequence[Request], *, fresh: bool = False) -> tuple[bool, list[Answer]]:
    """Whether a worker answers, and what, request by request; of a new explorer or of the one that answered before."""
    threaded, found = json.loads(page.evaluate(ASK, [list(requests), fresh]))
    return threaded, [_numbered(one) for one in found]


def _numbered(answer: Any) -> Any:
    """An answer with -1 for no class, and under the names that Python's has."""
    for one in [*(version["estimates"] for version in answer["versions"]), answer["differences"]]:
        if "class" in one:
            one["class"] = [-1 if klass is None else klass for klass in one["class"]]
        for name in ("deltaLow", "deltaHigh"):
            if name in one:
                one[name.replace("L", "_l").replace("H", "_h")] = one.pop(name)
    return answer


def test_what_a_form_leaves_out_is_answered_without(blank: Blank) -> None:
    """No terms, numbers or ranks, as in a large report of one file: the answer has all other figures."""
    world = explored("classification")
    number = next(one.name for one in world.report.attributes if one.kind == "numeric")
    wish = {"baseline": 0, "candidate": 1, "metric": "brier", "filters": [], "order": "wrong", "numbers": [number]}
    page = start(blank, world)
    ((_, (whole,)), ranked) = ask(page, [wish]), json.loads(page.evaluate(RANK, [[wish, 0]]))

    page = blank()
    start_with(page, fit(make_payload(world.report, Thumbnails()), on_demand(world.report, Thumbnails()), budget=0))
    ((_, (part,)), unranked) = ask(page, [wish]), json.loads(page.evaluate(RANK, [[wish, 0]]))

    kept = [i for i, name in enumerate(whole["versions"][0]["estimates"]["metric"]) if name != "brier"]
    assert len(kept) < len(whole["versions"][0]["estimates"]["metric"])
    assert part["versions"][0]["estimates"]["value"] == [whole["versions"][0]["estimates"]["value"][i] for i in kept]
    assert set(whole["histograms"]) - set(part["histograms"]) == {f"n.{number}"}
    assert part["facets"] == whole["facets"]
    assert all(ranked[0]["versions"])
    assert unranked[0]["versions"] == [None] * len(ranked[0]["versions"])


@pytest.mark.parametrize("name", SELECTIONS)
def test_random_selections(blank: Blank, name: str) -> None:
    """Every field of every answer, asked one after the other of one explorer, so that each goes from the one before."""
    world = explored(name)
    wishes = draw_requests(world, SELECTIONS[name])
    page = start(blank, world)

    threaded, given = ask(page, wishes)

    assert threaded
    wrong = [
        (place, wish)
        for wish, mine, own in zip(wishes, given, answers(world, wishes), strict=True)
        for place in unlike(mine, own)
    ]
    assert wrong == []


@pytest.mark.parametrize("name", ["classification", "binary", "grouped", "labels", "grouped_labels"])
def test_ranks_of_random_selections(blank: Blank, name: str) -> None:
    """AUROC with its interval and its difference, and average precision, of a class in turn."""
    world = explored(name)
    wishes = draw_requests(world, SELECTIONS[name])[::4]
    classes = [k for k, label in enumerate(world.measure.classes) if world.outcomes.positive in (None, label)]
    asked = [(wish, classes[i % len(classes)]) for i, wish in enumerate(wishes)]
    page = start(blank, world)

    found = json.loads(page.evaluate(RANK, asked))

    for (wish, klass), given in zip(asked, found, strict=True):
        expected = rank(world, selection(world, wish), (wish["baseline"], wish["candidate"]), klass)
        assert list(unlike(given, expected)) == [], (wish, klass)


@pytest.mark.parametrize("name", ["objects", "grouped_objects"])
def test_average_precision_of_random_selections(blank: Blank, name: str) -> None:
    """Every figure of objects in turn, that of a class among them, of every version and of the change, with draws."""
    world = explored(name)
    known = [metric for _, metric in metrics_of(world.report, world.sides) if metric.kind == "objects"]
    classes = range(len(world.measure.classes))
    metrics = [(one.name, k) for one in known for k in ((None, *classes) if one.by_class else (None,))]
    wishes = [wish for wish in draw_requests(world, 90) if selection(world, wish).any()][::2]
    asked = [(wish, *metrics[i % len(metrics)]) for i, wish in enumerate(wishes)]
    page = start(blank, world)

    found = json.loads(page.evaluate(AVERAGE, asked))

    assert len(found) > len(metrics) > len(known) + 5
    for (wish, metric, klass), given in zip(asked, found, strict=True):
        expected = average(world, selection(world, wish), (wish["baseline"], wish["candidate"]), metric, klass)
        assert list(unlike(given, expected)) == [], (wish, metric, klass)


@pytest.mark.parametrize("name", ["objects", "grouped_objects"])
def test_any_cut_off_of_random_selections(blank: Blank, name: str) -> None:
    """Precision, recall and F1 where detections count from another score on, as though all were judged anew."""
    world = explored(name)
    steps = (0, 1, 29, 50, 57, 97, 100)
    drawn = [wish for wish in draw_requests(world, 240) if wish["baseline"] is not None][::4]
    wishes = [{**wish, "cutoff": steps[i % len(steps)]} for i, wish in enumerate(drawn)]
    page = start(blank, world)

    _, given = ask(page, [*wishes, {**wishes[0], "cutoff": None}])

    assert len(wishes) >= len(steps)
    assert list(unlike(given[-1], answers(world, wishes[:1])[0])) == []
    assert given[0]["versions"] != given[-1]["versions"]
    for step in steps:
        asked = [i for i, wish in enumerate(wishes) if wish["cutoff"] == step]
        expected = answers(world.at(step), [wishes[i] for i in asked])
        for i, own in zip(asked, expected, strict=True):
            told = [
                {name: _without_errors(one[name]) for name in ("versions", "differences")} for one in (given[i], own)
            ]
            assert list(unlike(*told)) == [], wishes[i]


def _without_errors(value: Any) -> Any:
    """Without the types of errors, which are told at each version's own cut-off alone."""
    if isinstance(value, list):
        return [_without_errors(one) for one in value]
    if "metric" not in value:
        return {name: _without_errors(one) if name == "estimates" else one for name, one in value.items()}
    kept = [i for i, name in enumerate(value["metric"]) if not name.endswith("_error")]

    def pick(one: Any) -> Any:
        if isinstance(one, np.ndarray):
            return one[kept]
        return {name: pick(of) for name, of in one.items()} if isinstance(one, dict) else [one[i] for i in kept]

    return {name: pick(one) for name, one in value.items()}


@pytest.mark.parametrize("name", ["objects", "grouped_objects", "segmentation", "labels", "grouped_labels"])
def test_one_class_of_random_selections(blank: Blank, name: str) -> None:
    """What is loaded for one class at a time, at each version's own cut-off and at others, as of all judged anew."""
    world = explored(name)
    classes = range(len(world.measure.classes))
    steps = (None, 0, 29, 57, 100) if "objects" in name else (None,)
    told = [
        {"metric": metric.name, "klass": k, "cutoff": step, "only": True}
        for metric in world.of_class
        for k in classes
        for step in steps
    ]
    drawn = draw_requests(world, 240)[:: max(1, 240 // max(len(told), 40))]
    wishes = [{**wish, **told[i % len(told)]} for i, wish in enumerate(drawn)]
    page = start(blank, world)

    _, given = ask(page, wishes)

    assert len(wishes) >= len(told) >= len(classes)
    at = {step: world if step is None else world.at(step) for step in steps}
    for wish, own in zip(wishes, given, strict=True):
        expected = of_one_class(at[wish["cutoff"]], wish)
        assert [len(one["estimates"]["value"]) for one in expected["versions"]] == [1] * len(world.sides)
        assert list(unlike({key: own[key] for key in expected}, expected)) == [], wish


def test_curves_over_all_cut_offs(blank: Blank) -> None:
    """Of a selection at some cut-offs as though it were asked for there, of the whole as the page has it at all."""
    world = explored("grouped_objects")
    wish = {"baseline": 0, "candidate": 1, "filters": [{"key": "a.time", "codes": [1]}], "order": "all", "numbers": []}
    wish |= {"metric": ""}
    page = start(blank, world)

    ask(page, [wish])
    part = page.evaluate("() => window.explorer.walk('precision', null)")
    of_class = page.evaluate("() => window.explorer.walk('recall', 1)")
    ask(page, [{**wish, "filters": []}])
    whole = page.evaluate("() => window.explorer.walk('f1', null)")

    names = ("n", "value", "low", "high")
    for step in (0, 29, 57):
        there = world.at(step)
        own = of_one_class(there, {**wish, "metric": "recall", "klass": 1})
        for metric, walked, versions in (
            ("precision", part, answers(there, [wish])[0]["versions"]),
            ("recall", of_class, own["versions"]),
        ):
            for version, mine in zip(versions, walked, strict=True):
                estimates = version["estimates"]
                place = estimates["metric"].tolist().index(metric)
                expected = [float(estimates[name][place]) for name in names]
                assert [mine[step][name] for name in names] == pytest.approx(expected, rel=1e-9, nan_ok=True), step
    for v, mine in enumerate(whole):
        found, sums = walk_objects(world.measure, next(one for one in world.metrics if one.name == "f1"), v)
        for name, own in (("value", found.value), ("low", found.low), ("high", found.high), ("n", sums.n)):
            assert [one[name] for one in mine] == pytest.approx(own.tolist(), rel=1e-9, nan_ok=True), name
    chart = plan_object_curves(world.report)
    assert chart is not None
    shown = [row["own"] for row in chart.rows if row["t"] in {"row", "point"}]
    assert [one for one in shown if one is not None] == pytest.approx(
        [100 * one["value"] for one in whole[1] if one["n"] >= world.report.limits.show]
    )


def test_what_takes_too_many_draws_has_no_interval(blank: Blank) -> None:
    """The figures are those of all others, and the answer says that draws were too dear."""
    world = explored("objects")
    wish = {"baseline": 0, "candidate": 1, "metric": "", "filters": [], "order": "wrong", "numbers": []}
    page = start(blank, world)
    chunks = object_chunks(world.outcomes)
    told = json.loads(gzip.decompress(base64.b64decode(str(chunks["objects"]["gzip"]))))
    page.evaluate("(many) => window.reportgen.data.add('objects', many)", pack_json({**told, "draws": 10**9}))

    (given,) = json.loads(page.evaluate(AVERAGE, [[wish, "ap", None]]))

    expected = average(world, selection(world, wish), (0, 1), "ap")
    assert given["dear"]
    assert [one["low"] for one in given["versions"]] == ["NaN"] * 3
    values = [one["value"] for one in expected["versions"]]
    assert [one["value"] for one in given["versions"]] == pytest.approx(values, abs=1e-12)
    assert (given["difference"]["delta"], given["difference"]["p"]) == (pytest.approx(values[1] - values[0]), "NaN")


def test_one_at_a_time_without_a_worker(blank: Blank) -> None:
    """On the page itself, each asked of a new explorer: the same figures, whatever was asked before."""
    world = explored("grouped")
    wishes = draw_requests(world, SELECTIONS["grouped"])[::15]
    page = start(blank, world, worker=False)

    found = [ask(page, [wish], fresh=True) for wish in wishes]

    assert not any(threaded for threaded, _ in found)
    for (_, (given,)), expected in zip(found, answers(world, wishes), strict=True):
        assert list(unlike(given, expected)) == []


def test_one_class_alone(blank: Blank) -> None:
    """Of pixels IoU and Dice of one class, or of the whole, are those that stand among all."""
    page = start(blank, explored("segmentation"))
    wish = {"baseline": 0, "candidate": 1, "metric": "", "filters": [{"key": "a.time", "codes": [1]}], "order": "all"}
    _, (every,) = ask(page, [wish])
    for metric in ("iou", "dice"):
        for klass in (None, 0, 2):
            _, (alone,) = ask(page, [{**wish, "metric": metric, "klass": klass, "only": True}])
            code = -1 if klass is None else klass
            kept = [i for i, one in enumerate(every["differences"]["metric"]) if one == metric]
            (place,) = (i for i in kept if every["differences"]["class"][i] == code)
            assert len(kept) == 4
            assert alone["differences"] == {name: [column[place]] for name, column in every["differences"].items()}


def test_one_metric_alone(blank: Blank) -> None:
    """Asked for no other, an answer has the figures of its metric as they are among all, and everything else."""
    page = start(blank, explored("classification"))
    chosen = [{"key": "label", "codes": [1, 2]}]
    for metric in ("accuracy", "f1", "macro_f1", "brier"):
        wish = {"baseline": 0, "candidate": 1, "metric": metric, "filters": chosen, "order": "wrong"}
        _, (whole, alone) = ask(page, [wish, {**wish, "only": True}])
        assert alone["differences"]["metric"]
        for part in ("versions", "differences"):
            assert alone.pop(part) == _of_metric(whole.pop(part), metric)
        assert alone == whole


def _of_metric(figures: Any, metric: str) -> Any:
    """The same figures, but for those of other metrics."""
    if isinstance(figures, list):
        return [{**one, "estimates": _of_metric(one["estimates"], metric)} for one in figures]
    kept = [i for i, one in enumerate(figures["metric"]) if one == metric]
    return {name: [column[i] for i in kept] for name, column in figures.items()}


@pytest.mark.parametrize("worker", [True, False])
def test_a_newer_request_overtakes(blank: Blank, worker: bool) -> None:
    """Of three at once the last one is answered, the one in the making perhaps, and no answer is that of another."""
    world = explored("classification")
    wishes = draw_requests(world, 12)
    page = start(blank, world, worker=worker)

    found = page.evaluate(
        """async (requests) => {
          const explorer = window.reportgen.explorer.open(await window.reportgen.data.load("samples"));
          const answers = await Promise.all(requests.map((request) => explorer.ask(request)));
          return answers.map((one) => one && one.n);
        }""",
        wishes,
    )

    expected = [one["n"] for one in answers(world, wishes)]
    assert found[-1] == expected[-1]
    assert None in found
    assert all(given in (None, own) for given, own in zip(found, expected, strict=True))


def test_samples_of_the_selection(blank: Blank) -> None:
    """The ids of all in the order of hardness, a table of chosen columns, and what tiles show of single ones."""
    world = explored("classification")
    wish = next(one for one in draw_requests(world, 60) if len(one["filters"]) == 3)
    page = start(blank, world)
    ask(page, [wish])
    ids, table, tiles = page.evaluate(
        """async () => [
          await window.explorer.ids(),
          await window.explorer.table(["id", "label", "prediction-1", "confidence-1", "a.weather", "n.brightness"], 30),
          await window.explorer.rows([3, 1999]),
        ]"""
    )

    (answer,) = answers(world, [{**wish, "order": "all"}])
    frame = world.outcomes.frame
    rows = answer["hardest"]["rows"].tolist()
    names = [*world.outcomes.classes, None]
    assert len(ids) == answer["n"] > 30
    assert ids[: len(rows)] == frame["id"][rows].to_list()
    weather = [*world.outcomes.attributes[0].values, None]
    for line, row in zip(table, frame[rows[:30]].iter_rows(named=True), strict=True):
        expected = row["id"], names[row["target"]], names[row["prediction_1"]], weather[row["a0"]]
        assert (line[0], line[1], line[2], line[4]) == expected
        assert line[3] == pytest.approx(row["confidence_1"] if row["scored_1"] else None)
    brightness = world.outcomes.samples["brightness"][rows[:30]].to_list()
    assert [line[5] for line in table] == brightness
    assert tiles["id"] == frame["id"][[3, 1999]].to_list()
    assert tiles["target"] == [code + 1 for code in frame["target"][[3, 1999]]]
    assert tiles["prediction"] == [[int(said[row]) for row in (3, 1999)] for said in world.said]
