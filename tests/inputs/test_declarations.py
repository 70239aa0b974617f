"""Gates, critical slices, beliefs and pinned sets of a manifest: what is looked up, and every error with its place."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from reportgen.declarations import Declarations
from reportgen.errors import Problem
from reportgen.inputs.declarations import Known, resolve_declarations
from reportgen.inputs.load import load_manifest, load_text
from reportgen.inputs.pinned import read_pinned
from reportgen.model import Attribute, Term
from reportgen.tasks import classification, regression
from tests.inputs.folders import MANIFEST, USUAL, problem_of, problems_of, write

KNOWN = Known(
    attributes=(
        Attribute("weather", "categorical", ("clear", "fog", "rain"), 0),
        Attribute("brightness", "numeric", ("< 10", "10–25", "≥ 25"), 1, (0.0, 10.0, 25.0, 40.0)),
        Attribute("label", "target", ("car", "van", "bus"), 2),
    ),
    classes=("car", "van", "bus"),
    positive=None,
    versions=("v1", "v2", "v3"),
    baseline="v1",
    metrics={metric.name: metric.info for metric in classification.METRICS},
    target="label",
    columns=frozenset({"weather", "brightness", "label", "city", "lens"}),
    left_out=frozenset({"lens"}),
)
BINARY = replace(KNOWN, classes=("no", "yes"), positive="yes")
VALUES = replace(
    KNOWN,
    classes=(),
    metrics={metric.name: metric.info for metric in regression.METRICS},
    directionless=frozenset(metric.name for metric in regression.METRICS if not metric.compared),
)


def resolve(text: str, known: Known = KNOWN) -> Declarations:
    """What a manifest with these lines declares."""
    return resolve_declarations(load_text(MANIFEST + text, Path("m.yaml"), Path(), files=False), known)


def refused(text: str, known: Known = KNOWN) -> Problem:
    """The one problem that a manifest with these lines has."""
    return problem_of(lambda: resolve(text, known))


def test_a_whole_manifest_is_looked_up() -> None:
    """Terms stand in the attributes' order, bins as a keyboard has them are found, classes come from the slice."""
    found = resolve(
        "critical: [{where: {label: van, weather: rain}, why: case 4, name: wet vans}]\n"
        "undecided: fail\n"
        "gates:\n"
        "- {metric: accuracy, max_drop: 0.01}\n"
        "- {metric: recall, where: {label: bus}, min: 0.9, name: buses}\n"
        '- {metric: log_loss, where: {brightness: ">= 25"}, max: 2}\n'
        '- {metric: newly_broken, where: {brightness: "10-25"}, max: 3}\n'
        "- {metric: f1, class: car, on: critical, min: 0.5}\n"
        "expect: [v2 is better where weather = fog and brightness = <10, v3 recall of car is at least 90%]\n"
    )

    assert found.critical[0].where == (Term("weather", "=", "rain"), Term("label", "=", "van"))
    assert (found.critical[0].why, found.critical[0].name, found.undecided) == ("case 4", "wet vans", "fail")
    assert [(one.metric.name, one.kind, one.limit, one.on, one.klass) for one in found.gates] == [
        ("accuracy", "max_drop", 0.01, "overall", None),
        ("recall", "min", 0.9, "overall", "bus"),
        ("log_loss", "max", 2.0, "overall", None),
        ("newly_broken", "max", 3.0, "overall", None),
        ("f1", "min", 0.5, "critical", "car"),
    ]
    assert found.gates[1].name == "buses"
    assert found.gates[2].where == (Term("brightness", "in", "≥ 25"),)
    assert found.gates[3].where == (Term("brightness", "in", "10–25"),)
    first, second = found.beliefs
    assert (first.version, first.other, first.metric.name) == ("v2", "v1", "accuracy")
    assert first.where == (Term("weather", "=", "fog"), Term("brightness", "in", "< 10"))
    assert (second.metric.name, second.klass, second.limit, second.other) == ("recall", "car", 0.9, None)


def test_null_names_the_samples_without_a_value() -> None:
    """It can't clash with a value: of one called "missing", or "null" in quotes, the value is meant."""
    word = Attribute("lamp", "categorical", ("missing", "null", "on"), 3)
    found = resolve(
        'critical: [{where: {weather: null}, why: who knows}, {where: {brightness: null, lamp: "null"}, why: dark}]\n'
        "gates:\n"
        "- {metric: accuracy, where: {lamp: null}, min: 0.5}\n"
        "- {metric: accuracy, where: {lamp: missing}, min: 0.5}\n"
        'expect: [v2 is better where weather = null and lamp = "null"]\n',
        replace(KNOWN, attributes=(*KNOWN.attributes, word)),
    )

    assert found.critical[0].where == (Term("weather", "=", "missing", "weather missing"),)
    assert found.critical[1].where == (
        Term("brightness", "=", "missing", "brightness missing"),
        Term("lamp", "=", "null"),
    )
    assert found.gates[0].where == (Term("lamp", "=", "missing value", "lamp missing"),)
    assert found.gates[1].where == (Term("lamp", "=", "missing"),)
    assert found.beliefs[0].where == (Term("weather", "=", "missing", "weather missing"), Term("lamp", "=", "null"))


def test_the_positive_class_is_meant_where_none_is_named() -> None:
    """Of two classes one is looked for."""
    assert resolve("gates: [{metric: recall, min: 0.9}]", BINARY).gates[0].klass == "yes"
    assert resolve("expect: [v2 is better on recall]", BINARY).beliefs[0].klass == "yes"


def test_missing_counted_as_wrong_can_be_asked_for_whether_any_is_missing_or_not() -> None:
    """The metric keeps the name of its own."""
    (gate,) = resolve("gates: [{metric: accuracy_missing_as_wrong, min: 0.9}]").gates

    assert (gate.metric.name, gate.metric.label) == (
        "accuracy_missing_as_wrong",
        "Accuracy, missing counted as wrong",
    )


def test_a_metric_without_a_better_direction_has_floor_and_ceiling() -> None:
    """Bias may lie between two limits."""
    found = resolve("gates: [{metric: bias, min: -0.1}, {metric: bias, max: 0.1}]", VALUES).gates

    assert [one.kind for one in found] == ["min", "max"]


@pytest.mark.parametrize(
    ("text", "code", "key", "place", "told"),
    [
        ("gates: [{metric: acuracy, min: 0.9}]", "RG120", "gates[0].metric", (5, 18), 'did you mean "accuracy"?'),
        ("gates: [{metric: accuracy, min: 95}]", "RG124", "gates[0].min", (5, 33), "write 0.95 for 95%"),
        ("gates: [{metric: accuracy, max: 0.9}]", "RG124", "gates[0].max", (5, 33), "higher is better"),
        ("gates: [{metric: log_loss, min: 0.9}]", "RG124", "gates[0].min", (5, 33), "write max, or max_drop"),
        ("gates: [{metric: newly_broken, max: 1.5}]", "RG124", "gates[0].max", (5, 37), "a whole number"),
        ("gates: [{metric: newly_broken, max: -1}]", "RG124", "gates[0].max", (5, 37), "a whole number"),
        ("gates: [{metric: newly_broken, min: 1}]", "RG124", "gates[0].min", (5, 37), "lower is better; write max"),
        ("gates: [{metric: churn_rate, max_drop: 0.1}]", "RG124", "gates[0].max_drop", (5, 40), "write max instead"),
        ("gates: [{metric: newly_broken, max: 1, on: every slice}]", "RG124", "gates[0].on", (5, 44), "one slice"),
        (
            "gates: [{metric: churn_rate, max: 0.1, where: {weather: rain}}]",
            "RG124", "gates[0].where", (5, 47), "over all samples",
        ),
        ("gates: [{metric: recall, min: 0.9}]", "RG124", "gates[0]", (5, 9), 'expected "car", "van", "bus"'),
        ("gates: [{metric: recall, class: cra, min: 0.9}]", "RG124", "gates[0].class", (5, 33), 'did you mean "car"?'),
        ("gates: [{metric: accuracy, class: car, min: 0.9}]", "RG124", "gates[0].class", (5, 35), "not of a class"),
        (
            "gates: [{metric: accuracy, min: 0.9, where: {wether: rain}}]",
            "RG123", "gates[0].where", (5, 46), 'did you mean "weather"?',
        ),
        (
            "gates: [{metric: accuracy, min: 0.9, where: {weather: rian}}]",
            "RG123", "gates[0].where.weather", (5, 55), 'did you mean "rain"?',
        ),
        (
            "critical: [{where: {brightness: 12}, why: dim}]",
            "RG123", "critical[0].where.brightness", (5, 33), 'one of the bins "< 10", "10–25", "≥ 25"',
        ),
        ("critical: [{where: {city: a}, why: x}]", "RG123", "critical[0].where", (5, 21), "add it to the attributes"),
        ("critical: [{where: {lens: wide}, why: x}]", "RG123", "critical[0].where", (5, 21), "one value here"),
        ("expect: [v4 is better]", "RG125", "expect[0]", (5, 10), '"v4" is no version'),
        ("expect: [v2 is better than v3]", "RG125", "expect[0]", (5, 10), 'with the baseline "v1"'),
        ("expect: [v2 is better than v2]", "RG125", "expect[0]", (5, 10), "compared with itself"),
        ("expect: [v1 is better]", "RG125", "expect[0]", (5, 10), "compared with itself"),
        ("expect: [v2 is better on acuracy]", "RG120", "expect[0]", (5, 10), 'did you mean "accuracy"?'),
        ("expect: [v2 is better where rain = 1]", "RG123", "expect[0]", (5, 10), '"rain" is no attribute'),
        ("critical: [{where: {weather: nan}, why: x}]", "RG123", "critical[0].where.weather", (5, 30), "write null"),
        ("critical: [{where: {label: null}, why: x}]", "RG123", "critical[0].where.label", (5, 28), "has a label"),
        ("expect: [v2 is better where weather = none]", "RG123", "expect[0].weather", (5, 10), "write null"),
        ("expect: [v2 is better where weather = sun]", "RG123", "expect[0].weather", (5, 10), 'no value "sun"'),
        (
            "expect: [v2 is better where weather = fog and weather = rain]",
            "RG123", "expect[0]", (5, 10), '"weather" stands twice',
        ),
        ("expect: [v2 is better on churn_rate]", "RG125", "expect[0]", (5, 10), "no better or worse"),
    ],
)  # fmt: skip
def test_names_and_limits_that_do_not_fit(text: str, code: str, key: str, place: tuple[int, int], told: str) -> None:
    """The code, the key, line and column, and what mends it."""
    problem = refused(text)

    assert (problem.code, problem.key) == (code, key)
    assert (problem.where.line, problem.where.position) == place
    assert told in str(problem)


@pytest.mark.parametrize(
    ("text", "known", "told"),
    [
        ("gates: [{metric: recall, class: 'no', min: 0.9}]", BINARY, "the positive class alone"),
        ("expect: [v2 is better]", replace(KNOWN, baseline=None), "one version"),
        ("expect: [v2 is better on bias]", VALUES, "no better or worse"),
        ("gates: [{metric: bias, max_drop: 0.1}]", VALUES, "can't drop against the baseline"),
        ("gates: [{metric: recall, min: 0.9}]", VALUES, '"recall" is no metric of this task'),
    ],
)
def test_what_does_not_fit_the_task(text: str, known: Known, told: str) -> None:
    """Of two classes, of one version, of a regression."""
    assert told in str(refused(text, known))


def test_all_problems_are_told_at_once() -> None:
    """Of every part, in their order."""
    text = (
        "critical: [{where: {wether: rain, label: bike}, why: x}]\n"
        "gates: [{metric: nope, min: 0.9, where: {weather: sun}}, {metric: accuracy, max: 3}]\n"
        "expect: [v9 is better on nope where weather = sun]\n"
    )

    assert [problem.code for problem in problems_of(lambda: resolve(text))] == [
        "RG123", "RG123", "RG123", "RG120", "RG124", "RG124", "RG125", "RG120", "RG123",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "code", "key", "place", "told"),
    [
        ("gates: [{metric: accuracy}]", "RG124", "gates[0]", (5, 9), "one limit, and this one has none"),
        ("gates: [{metric: accuracy, min: 0.9, max: 1}]", "RG124", "gates[0]", (5, 9), "has min and max"),
        ("gates: [{metric: accuracy, min: 0.9, on: every slice, where: {a: b}}]", "RG124", "gates[0].on", (5, 42), ""),
        ("gates: [{metric: accuracy, min: 0.9, on: critical}]", "RG124", "gates[0].on", (5, 42), "no critical slice"),
        ("gates: [{metric: accuracy, min: 0.9, on: overal}]", "RG112", "gates[0].on", (5, 42), 'mean "overall"?'),
        ("gates: [{metric: accuracy, mni: 0.9}]", "RG110", "gates[0].mni", (5, 28), 'did you mean "min"?'),
        ("gates: [{metric: accuracy, clas: a, min: 1}]", "RG110", "gates[0].clas", (5, 28), 'did you mean "class"?'),
        ("gates: [{min: 1}]", "RG111", "gates[0].metric", (5, 9), "the name of a metric"),
        ("gates: [{metric: accuracy, min: high}]", "RG112", "gates[0].min", (5, 33), "a number"),
        ("gates: [{metric: accuracy, min: .nan}]", "RG112", "gates[0].min", (5, 33), "a number"),
        ("gates: [{metric: accuracy, max_drop: -1}]", "RG112", "gates[0].max_drop", (5, 38), "at least 0"),
        ("gates: accuracy", "RG112", "gates", (5, 8), "a list"),
        ("critical: [{where: {a: b}}]", "RG111", "critical[0].why", (5, 12), "why the slice is critical"),
        ("critical: [{where: {}, why: x}]", "RG112", "critical[0].where", (5, 20), "is empty; expected columns"),
        ("critical: [{where: {a: }, why: x}]", "RG112", "critical[0].where.a", (5, 23), "a text"),
        ("undecided: fial", "RG112", "undecided", (5, 12), 'did you mean "fail"?'),
        ("expect: [v2 is nice]", "RG125", "expect[0]", (5, 10), "at its character 7"),
        ('pinned: {" ": ids.csv}', "RG112", "pinned", (5, 10), "without a name"),
    ],
)
def test_what_the_manifest_alone_shows(text: str, code: str, key: str, place: tuple[int, int], told: str) -> None:
    """Before any table is read: keys, values and lines that can't be, each at its place."""
    problem = problem_of(lambda: load_text(MANIFEST + text, Path("m.yaml"), Path(), files=False))

    assert (problem.code, problem.key) == (code, key)
    assert (problem.where.line, problem.where.position) == place
    assert told in str(problem)


def pinned(folder: Path, name: str, content: str) -> tuple[str, ...]:
    """The ids of a pinned file."""
    files = {**USUAL, "reportgen.yaml": MANIFEST + f"pinned: {{old: {name}}}\n", name: content}
    found = read_pinned(load_manifest(write(folder, files) / "reportgen.yaml"))
    (file,) = found.inputs
    assert (file.path, file.role) == (name, "pinned old")
    assert (found.sets[0].name, found.sets[0].file) == ("old", name)
    return found.sets[0].ids


@pytest.mark.parametrize(
    ("name", "content", "ids"),
    [
        ("ids.csv", "id,why\na,x\nb,y\n", ("a", "b")),
        ("ids.csv", "id\n007\nb\n007\n", ("007", "b")),
        ("ids.jsonl", '{"id": "a"}\n{"id": "c"}\n', ("a", "c")),
        ("ids.txt", "\ufeffa\n\n b b \nid,2\n", ("a", "b b", "id,2")),
    ],
)
def test_pinned_ids_are_read(tmp_path: Path, name: str, content: str, ids: tuple[str, ...]) -> None:
    """From any table with the samples' id column, or one a line; as text, each once."""
    assert pinned(tmp_path, name, content) == ids


@pytest.mark.parametrize(
    ("name", "content", "code", "told"),
    [
        ("ids.csv", "identity\na\n", "RG301", "pinned.old"),
        ("ids.csv", "id,b\n,x\n", "RG303", "row 2"),
        ("ids.txt", "\n", "RG205", "no ids"),
        ("ids.pkl", "x", "RG211", "never opened"),
    ],
)
def test_pinned_files_that_cant_be_read(tmp_path: Path, name: str, content: str, code: str, told: str) -> None:
    """Told as of any other table."""
    problem = problem_of(lambda: pinned(tmp_path, name, content))

    assert problem.code == code
    assert told in str(problem)


def test_pinned_files_are_looked_for_with_the_others(tmp_path: Path) -> None:
    """One that is missing or outside the folder is told with its place; a report replaces none of them."""
    files = {**USUAL, "reportgen.yaml": MANIFEST + "pinned: {a: idz.csv, b: ../x.csv}\n", "ids.csv": "id\na\n"}
    problems = problems_of(lambda: load_manifest(write(tmp_path, files) / "reportgen.yaml"))

    assert [(one.code, one.key) for one in problems] == [("RG117", "pinned.a"), ("RG116", "pinned.b")]
    assert 'did you mean "ids.csv"?' in str(problems[0])
    write(tmp_path, {"reportgen.yaml": MANIFEST + "pinned: {a: ids.csv}\n"})
    assert (tmp_path / "ids.csv").resolve() in load_manifest(tmp_path / "reportgen.yaml").input_paths
