"""Documents with positions."""

from __future__ import annotations

import contextlib
import json
import string

from hypothesis import given
from hypothesis import strategies as st

from reportgen.errors import InputError
from reportgen.inputs.positions import dotted, parse_document
from tests.inputs.folders import STEADY

_KEYS = st.text(string.ascii_lowercase, min_size=1, max_size=6)
_TREES = st.recursive(
    st.integers(0, 99).map(str),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=3),
    max_leaves=12,
)


def test_values_stand_where_they_are_written() -> None:
    """Lines and columns count from 1, of keys and of values."""
    document = parse_document("a: 1\nb:\n  - x\n  - {c: y}\n", "m.yaml")

    assert document.data == {"a": "1", "b": ["x", {"c": "y"}]}
    assert document.spot(("a",)) == (1, 4)
    assert document.spot(("b", 1, "c")) == (4, 9)
    assert document.spot(("b", 1, "c"), key=True) == (4, 6)


def test_what_is_not_there_stands_with_what_is_around_it() -> None:
    """The place of a missing key is that of the mapping that lacks it."""
    document = parse_document("a:\n  b: 1\n", "m.yaml")

    assert document.spot(("a", "missing")) == document.spot(("a",)) == (2, 3)


def test_toml_tables_lists_of_tables_and_dotted_keys_have_lines() -> None:
    """Each key at the beginning of a line has its place, whatever table it is in."""
    document = parse_document('x.y = 1\n[t]\nk = "v"\n[[l]]\na = 1\n[[l]]\na = 2\n["q r"]\n', "m.toml")

    assert document.data == {"x": {"y": "1"}, "t": {"k": "v"}, "l": [{"a": "1"}, {"a": "2"}], "q r": {}}
    assert [document.spot(loc) for loc in (("x", "y"), ("t", "k"), ("l", 1, "a"), ("q r",))] == [
        (1, 1), (3, 1), (7, 1), (8, 1),
    ]  # fmt: skip


def test_locations_read_as_people_write_them() -> None:
    """Keys are joined by dots, positions stand in brackets."""
    assert dotted(("attributes", 3, "bins")) == "attributes[3].bins"


@STEADY
@given(_TREES)
def test_every_value_of_a_json_document_has_a_place(tree: object) -> None:
    """JSON with tabs and newlines gives the values of Python's reader, and a place for each."""
    document = parse_document(json.dumps({"root": tree}, indent="\t"), "m.json")

    assert document.data == {"root": tree}
    assert ("root",) in document.values


@STEADY
@given(st.text(max_size=60), st.sampled_from(["m.yaml", "m.toml", "m.json"]))
def test_any_text_is_a_document_or_an_input_error(text: str, name: str) -> None:
    """No text ends in another exception."""
    with contextlib.suppress(InputError):
        document = parse_document(text, name)

        assert document.data is None or isinstance(document.data, str | list | dict)
