"""The manifest's model: defaults, texts that stay text, sizes, slugs and the schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.inputs.infer import quote
from reportgen.inputs.load import load_manifest, load_text
from reportgen.inputs.manifest import SCHEMA, Manifest, manifest_schema, parse_size, slug
from reportgen.inputs.positions import parse_document
from tests.inputs.folders import MANIFEST, STEADY, USUAL, problems_of, write

HOSTILE = ("../x", "CON", "aux.html", "a:b", ".", "x" * 300, "</script><script>alert(1)</script>", "名前", "\u202eevil")


def test_defaults_are_those_of_the_design(tmp_path: Path) -> None:
    """A short manifest takes support 10, 30, 200 and 10 groups, 95 %, a threshold of a half and 20 MB."""
    manifest = load_manifest(write(tmp_path, USUAL) / "reportgen.yaml").manifest

    support = manifest.support
    assert (support.show, support.test, support.decide, support.groups) == (10, 30, 200, 10)
    assert (manifest.level, manifest.threshold, manifest.media.budget_bytes) == (0.95, 0.5, 20_000_000)
    assert manifest.columns.id == "id"
    assert manifest.attributes is None


def test_the_three_forms_say_the_same(tmp_path: Path) -> None:
    """YAML, TOML and JSON of one content load as one manifest."""
    write(tmp_path, USUAL)
    (tmp_path / "m.json").write_text(
        '{"task": "classification", "samples": "samples.csv", "columns": {"target": "label"},\n'
        '\t"classes": [1, 2.50, true], "versions": {"v1": "v1.csv"}}'
    )
    (tmp_path / "m.toml").write_text(
        'task = "classification"\nsamples = "samples.csv"\nclasses = [1, 2.50, true]\n'
        'columns = {target = "label"}\n[versions]\nv1 = "v1.csv"\n'
    )
    (tmp_path / "m.yaml").write_text(MANIFEST + "classes: [1, 2.50, true]\n")
    loaded = [load_manifest(tmp_path / name).manifest for name in ("m.yaml", "m.toml", "m.json")]

    assert loaded[0] == loaded[1] == loaded[2]
    assert loaded[0].classes == ["1", "2.50", "true"]


def test_words_that_are_booleans_elsewhere_stay_text(tmp_path: Path) -> None:
    """Classes no, yes, on, 1.0, null-like texts in quotes and dates are what is written."""
    files = {**USUAL, "reportgen.yaml": MANIFEST + 'classes: [no, yes, on, 1.0, 007, 2026-01-01, "null"]\n'}

    assert load_manifest(write(tmp_path, files) / "reportgen.yaml").manifest.classes == [
        "no", "yes", "on", "1.0", "007", "2026-01-01", "null",
    ]  # fmt: skip


def test_a_byte_order_mark_is_no_error(tmp_path: Path) -> None:
    """A manifest saved by Windows' editor loads."""
    files = {**USUAL, "reportgen.yaml": b"\xef\xbb\xbf" + MANIFEST.encode()}

    assert load_manifest(write(tmp_path, files) / "reportgen.yaml").manifest.task == "classification"


def test_keys_without_a_value_mean_their_default(tmp_path: Path) -> None:
    """A key left empty is as if it were not there, but a version left empty is an error."""
    empty = {**USUAL, "reportgen.yaml": MANIFEST + "title:\nsupport: {show: }\nattributes:\n"}
    manifest = load_manifest(write(tmp_path, empty) / "reportgen.yaml").manifest

    assert (manifest.title, manifest.support.show, manifest.attributes) == ("", 10, None)
    write(tmp_path, {"reportgen.yaml": MANIFEST.replace("v1: v1.csv", "v1: ")})
    assert problems_of(lambda: load_manifest(tmp_path / "reportgen.yaml"))[0].key == "versions.v1"


def test_all_errors_come_at_once_in_the_order_of_lines(tmp_path: Path) -> None:
    """Six faults of different kinds are told together, each with its line and column."""
    text = (
        "task: clasification\nsamples: samples.csv\ncolums: {id: a}\nthreshold: high\n"
        "attributes: [a, {column: b, bins: 1}]\nversions:\n  v1: {predictions: no.csv, treshold: 3}\n"
    )
    write(tmp_path, {**USUAL, "reportgen.yaml": text})
    problems = problems_of(lambda: load_manifest(tmp_path / "reportgen.yaml"))

    assert [(p.where.line, p.where.position, p.key) for p in problems] == [
        (1, 7, "task"),
        (3, 1, "colums"),
        (4, 12, "threshold"),
        (5, 35, "attributes[1].bins"),
        (7, 21, "versions.v1.predictions"),
        (7, 29, "versions.v1.treshold"),
    ]
    assert str(problems[1]).endswith('reportgen.yaml:3:1: colums: unknown key; did you mean "columns"?')


def test_an_unknown_key_without_a_value_is_told(tmp_path: Path) -> None:
    """The rest of an unquoted text with a comma is a key that holds nothing: told; a known key without one is not."""
    text = (
        "task: classification\nsamples: samples.csv\ncolumns: {target: label, id: }\nspare:\n"
        "versions:\n  v1: {predictions: v1.csv, note: one model, trained twice}\n"
    )
    write(tmp_path, {**USUAL, "reportgen.yaml": text})
    problems = problems_of(lambda: load_manifest(tmp_path / "reportgen.yaml"))

    assert [(p.code, p.where.line, p.key) for p in problems] == [
        ("RG110", 4, "spare"),
        ("RG110", 6, "versions.v1.trained twice"),
    ]
    assert problems[1].mend == "a text with a comma needs quotes"


def test_toml_errors_have_lines_too(tmp_path: Path) -> None:
    """An unknown key in a table, and one in an inline table, are told with the line of the key."""
    text = 'task = "regression"\nsamples = "s.csv"\ncolumns = {idd = "a"}\n[versions.v1]\npredictions = "p"\nnope = 3\n'
    problems = problems_of(lambda: load_manifest(write(tmp_path, {"m.toml": text}) / "m.toml"))

    assert [(p.where.line, p.key) for p in problems] == [
        (2, "samples"), (3, "columns.idd"), (5, "versions.v1.predictions"), (6, "versions.v1.nope"),
    ]  # fmt: skip


def test_json_errors_have_lines_and_columns(tmp_path: Path) -> None:
    """A syntax error of JSON, and an unknown key, are told where they stand."""
    write(tmp_path, {"a.json": '{"task": "regression",\n "samples": }', "b.json": '{\n\t"tsk": "regression"}'})

    assert problems_of(lambda: load_manifest(tmp_path / "a.json"))[0].where.line == 2
    places = {p.key: p.where.line for p in problems_of(lambda: load_manifest(tmp_path / "b.json"))}
    assert places["tsk"] == 2


@pytest.mark.parametrize("name", HOSTILE)
def test_any_version_name_is_allowed(name: str, tmp_path: Path) -> None:
    """Names that would be bad file names load and are kept as they are."""
    files = {**USUAL, "reportgen.yaml": MANIFEST.replace("{v1: v1.csv}", f"{{{quote(name)}: v1.csv}}")}

    assert list(load_manifest(write(tmp_path, files) / "reportgen.yaml").manifest.versions) == [name]


def test_the_key_of_a_wrong_value_is_placed_at_the_value(tmp_path: Path) -> None:
    """The place of a key's value, for what the analysis finds wrong with it later."""
    files = {**USUAL, "reportgen.yaml": MANIFEST + "metrics: [accuracy,\n  acuracy]\n"}
    loaded = load_manifest(write(tmp_path, files) / "reportgen.yaml")

    assert (loaded.place("metrics", 1).line, loaded.place("metrics", 1).position) == (6, 3)
    assert loaded.place("metrics").line == 5


@pytest.mark.parametrize(
    ("text", "n"), [("20 MB", 20_000_000), ("1.5 KiB", 1536), ("300", 300), ("2GB", 2 * 10**9), ("0 b", 0)]
)
def test_sizes_are_bytes(text: str, n: int) -> None:
    """Sizes are read with or without blanks, in powers of ten or two."""
    assert parse_size(text) == n


@pytest.mark.parametrize("text", ["", "MB", "-1 MB", "1 TB", "1e3", "nan"])
def test_other_texts_are_no_sizes(text: str) -> None:
    """What is no size is refused."""
    with pytest.raises(ValueError, match="no size"):
        parse_size(text)


def test_slugs_ignore_case_and_punctuation_only() -> None:
    """Names equal to a file system are one slug; names of punctuation are their own."""
    assert slug("V1 ") == slug("v1") == slug("ｖ１")
    assert len({slug(name) for name in HOSTILE}) == len(HOSTILE)


def test_the_schema_names_every_key_and_takes_bare_forms() -> None:
    """The JSON Schema lists the model's keys, refuses others, and allows a path for a version."""
    schema = manifest_schema()

    assert set(schema["properties"]) == set(Manifest.model_fields)
    assert schema["additionalProperties"] is False
    assert {"type": "string"} in schema["properties"]["versions"]["additionalProperties"]["anyOf"]
    assert json.loads(json.dumps(schema)) == schema


def test_the_schema_ships(request: pytest.FixtureRequest) -> None:
    """The package's file is the model's schema; with ``--update-gold`` it is written anew."""
    text = json.dumps(manifest_schema(), indent=1) + "\n"
    if request.config.getoption("--update-gold"):
        SCHEMA.write_text(text, encoding="utf-8")

    assert SCHEMA.read_text(encoding="utf-8") == text


@STEADY
@given(st.text(min_size=1))
def test_quoted_texts_read_back_as_themselves(text: str) -> None:
    """What the inferred manifest quotes is what YAML reads, as a key and as a value."""
    if any("\ud800" <= c <= "\udfff" for c in text):
        return

    assert parse_document(f"{quote(text)}: [{quote(text)}]\n", "m.yaml").data == {text: [text]}


_NAMES = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=8).filter(lambda name: name.strip())
_MANIFESTS = st.fixed_dictionaries(
    {"task": st.just("classification"), "samples": st.just("s.csv"), "versions": st.just({"v": "v.csv"})},
    optional={
        "title": _NAMES,
        "classes": st.lists(_NAMES, min_size=1, max_size=4, unique=True),
        "threshold": st.floats(0, 1),
        "level": st.floats(0.6, 0.99),
        "metrics": st.lists(_NAMES, min_size=1, max_size=3, unique=True),
        "attributes": st.lists(
            _NAMES | st.fixed_dictionaries({"column": _NAMES, "bins": st.integers(2, 9)}),
            max_size=4,
            unique_by=lambda one: one if isinstance(one, str) else one["column"],
        ),
        "columns": st.fixed_dictionaries({"id": _NAMES, "target": _NAMES}),
        "support": st.fixed_dictionaries({"show": st.integers(1, 30), "groups": st.integers(1, 99)}),
    },
)


@STEADY
@given(_MANIFESTS)
def test_a_manifest_that_is_written_loads_as_itself(data: dict[str, Any]) -> None:
    """What is written as JSON is what is loaded, whatever the names."""
    loaded = load_text(json.dumps(data), Path("m.json"), Path(), files=False)

    assert loaded.manifest == Manifest.model_validate(data)
