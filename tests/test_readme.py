"""What the README says is so: its commands exist, every key and code stands in it, and its links lead somewhere."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from pydantic import BaseModel

from reportgen.cli import main
from reportgen.errors import CODES
from reportgen.inputs.manifest import AttributeSpec, CriticalSpec, GateSpec, Manifest, VersionSpec

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [
    shlex.split(line, comments=True)[1:] for line in README.splitlines() if re.match(r" {4}reportgen [a-z]", line)
]
CODES_HEAD = """\
# Codes of errors and notes

An error stops the build and nothing is written. A note stands in the report's About page, in `report.json` and on
stderr; with `--strict`, one that says that something was left out or repaired is an error too.
Written from `reportgen/errors.py` by `make test ARGS="--update-gold -k codes"`.
"""
LISTS = {
    "attributes": ("attributes[].", AttributeSpec),
    "versions": ("versions.NAME.", VersionSpec),
    "critical": ("critical[].", CriticalSpec),
    "gates": ("gates[].", GateSpec),
}


def keys(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    """Every key of the manifest, nested ones with their parents."""
    for name, field in model.model_fields.items():
        inner = field.annotation
        if name in LISTS:
            yield from keys(LISTS[name][1], LISTS[name][0])
        elif isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from keys(inner, f"{prefix}{name}.")
        else:
            yield f"{prefix}{field.alias or name}"


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_of_the_readme_exists(words: list[str]) -> None:
    """Each command line names a command and options that the program has."""
    command = main.commands[words[0]]
    options = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}

    assert {word for word in words[1:] if word.startswith("-")} <= options


@pytest.mark.parametrize("name", main.commands)
def test_every_command_is_in_the_readme_and_has_help(name: str) -> None:
    """The README shows each command, and its help begins with a sentence."""
    command = main.commands[name]

    assert name in {words[0] for words in COMMANDS}
    assert (command.help or "").split("\n")[0].endswith(".")
    assert all(option.help for option in command.params if isinstance(option, click.Option))


@pytest.mark.parametrize("key", sorted(keys(Manifest)))
def test_every_key_of_the_manifest_is_in_the_readme(key: str) -> None:
    """The table of the manifest names each key and says what it means."""
    row = re.compile(rf"^\|[^|]*`{re.escape(key)}`[^|]*\| \S[^|]*\| \S[^|]*\|$", re.MULTILINE)

    assert row.search(README)


def test_the_readme_names_no_key_that_does_not_exist() -> None:
    """Each row of the manifest's table is about keys that the manifest knows."""
    start = README.index("| key | means |")
    table = README[start : README.index("\n\n", start)].splitlines()[2:]
    named = {name for row in table for name in re.findall(r"`([^`]+)`", row.split("|")[1])}

    assert named - {"attributes", "versions.NAME"} == set(keys(Manifest))


def test_codes_are_documented(request: pytest.FixtureRequest) -> None:
    """The page of codes is the registry of codes; with ``--update-gold`` it is written anew."""
    page = ROOT / "docs" / "codes.md"
    rows = "".join(f"| `{code}` | {meaning} |\n" for code, meaning in CODES.items())
    whole = f"{CODES_HEAD}\n| code | says |\n|---|---|\n{rows}"
    if request.config.getoption("--update-gold"):
        page.write_text(whole, encoding="utf-8")

    assert page.read_text(encoding="utf-8") == whole


def test_codes_are_registered_and_given() -> None:
    """The codes in the registry are those that the program gives, and no others."""
    given = {
        code
        for path in (ROOT / "reportgen").rglob("*.py")
        if path.name != "errors.py"
        for code in re.findall(r'"(RG\d{3})"', path.read_text(encoding="utf-8"))
    }

    assert given == set(CODES)


def test_the_readme_begins_with_the_two_commands() -> None:
    """A newcomer reads ``make demo`` and ``make test`` before anything else."""
    first = [line.split("#")[0].strip() for line in README.splitlines() if line.startswith("    ")][:2]

    assert first == ["make demo", "make test"]


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(([^)#]+)\)", README))))
def test_every_link_of_the_readme_leads_somewhere(link: str) -> None:
    """Pictures and files that the README links to are in the repository."""
    assert (ROOT / link).exists()


def test_the_walk_through_works(reportgen: Callable[..., Any], tmp_path: Path) -> None:
    """The lines under "Your own data" run as they stand, in a copy of the example, and leave what they promise."""
    start = README.index("## Your own data")
    block = README[start : README.index("\n## ", start + 3)]
    lines = [shlex.split(line, comments=True) for line in block.splitlines() if line.startswith("    ")]
    (enter, folder), *commands = lines
    place = tmp_path / "mine"
    shutil.copytree(ROOT / folder, place)
    for _, *words in commands:
        if words[0] == "open":  # it would open a browser
            continue
        found = [
            sorted(path.relative_to(place) for path in place.glob(word)) if "*" in word else [word] for word in words
        ]
        done = reportgen(*(word for some in found for word in some), cwd=place)
        assert done.returncode == 0, done.stderr

    assert enter == "cd"
    assert len(lines) == 5
    assert (place / "my.yaml").is_file()
    assert (place / "report" / "index.html").is_file()
    assert (place / "report.html").is_file()
