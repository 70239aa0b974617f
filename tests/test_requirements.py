"""What development installs is pinned, with hashes and without addresses, and is what ``pyproject.toml`` asks for."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
FILES = ("requirements.txt", "requirements-dev.txt")


def pins(file: str) -> list[str]:
    """The entries of a requirements file, each on one line with its hashes."""
    text = re.sub(r"\\\n\s*", "", (ROOT / file).read_text(encoding="utf-8"))
    return [line for line in text.splitlines() if line.strip() and not line.strip().startswith(("#", "-r "))]


@pytest.mark.parametrize("file", FILES)
def test_every_requirement_has_hashes_and_no_address(file: str) -> None:
    """Each entry is ``name==version`` with at least one SHA-256, and the file names no place to fetch it from."""
    entries = pins(file)

    assert len(entries) > 10
    assert [entry for entry in entries if not re.match(r"[a-z0-9-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", entry)] == []
    assert "://" not in (ROOT / file).read_text(encoding="utf-8")


def test_what_the_project_asks_for_is_pinned() -> None:
    """Every dependency of the package, its examples, its build and its tests has a pin that fits its lower bound."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [
        *project["project"]["dependencies"],
        *project["project"]["optional-dependencies"]["examples"],
        *project["dependency-groups"]["test"],
        "hatchling",
    ]
    found = {
        canonicalize_name(Requirement(entry.split("--hash")[0].strip()).name): entry.split("==")[1].split()[0]
        for file in FILES
        for entry in pins(file)
    }

    for text in wanted:
        requirement = Requirement(text)
        assert found[canonicalize_name(requirement.name)] in requirement.specifier, text
