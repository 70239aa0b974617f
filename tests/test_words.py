"""One word for each thing, and no trace of the machine that a file was written on."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

IDENTIFIERS = {
    "segment": "slice",
    "segments": "slices",
    "subgroup": "slice",
    "subgroups": "slices",
    "datapoint": "sample",
    "records": "samples",
    "ground": "target",  # ground_truth
    "gt": "target",
    "helper": "a verb",
    "helpers": "a verb",
    "utils": "a noun of what it holds",
    "manager": "a noun of what it holds",
}
"""Words that no name in the code is made of, and what stands for them."""

SPOKEN = {
    r"\bsub-?groups?\b": "slice",
    r"\bsegments?\b": "slice",
    r"\bdata ?points?\b": "sample",
    r"\brecords?\b": "sample",
    r"\bpercentage points?\b|\d pp\b": "points",
    r"\b(true|false) (positives?|negatives?)\b": "right and wrong, of a class",
    r"\bground[ -]truth\b": "target",
    r"\bstatistically significant\b": "clear",
}
"""What no page says, and what it says instead."""

MACHINE = {
    r"(?<![\w.~<-])/(?:home|root|Users|workspace|work|tmp|opt|mnt|srv)/\w": "a path of one machine",
    r"\b[A-Z]:\\\\?Users": "a path of one machine",
    r"://[\w.-]+/(?:simple|packages|debian)\b|\b(?:pypi|npmjs|pythonhosted)\.(?:org|com)\b": "a package index",
    r"://registry\.": "a package index",
    r"(?<!no-emit)-(?:index-url|find-links)\b": "a package index",
}


def tracked(*patterns: str) -> list[Path]:
    """The files in git that match, without vendored scripts and without data."""
    done = subprocess.run(["git", "ls-files", "-z", *patterns], cwd=ROOT, capture_output=True, text=True, check=True)
    paths = [ROOT / name for name in done.stdout.split("\0") if name and not name.startswith("assets/vendor/")]
    return [path for path in paths if path.is_file()]


def names_of(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every name that a module gives: functions, classes, arguments and variables."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id


def texts_of(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every string of a module that is not a docstring and reads like prose."""
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in docstrings:
            continue
        if " " in node.value:
            yield node.lineno, node.value


def test_code_uses_one_word_for_each_thing() -> None:
    """No name in the package is made of a synonym of the words that README lists."""
    found = [
        f"{path.relative_to(ROOT)}:{line}: {name}: say {IDENTIFIERS[word]}"
        for path in tracked("reportgen/*.py")
        for line, name in names_of(ast.parse(path.read_text(encoding="utf-8")))
        for word in name.lower().split("_")
        if word in IDENTIFIERS
    ]

    assert found == []


def test_pages_use_one_word_for_each_thing() -> None:
    """No text of a page, neither of a template nor of the code that speaks, uses another word for a thing."""
    spoken = [
        (path, line, text)
        for folder in ("site", "analysis", "tasks")
        for path in tracked(f"reportgen/{folder}/*.py")
        for line, text in texts_of(ast.parse(path.read_text(encoding="utf-8")))
    ] + [
        (path, line, re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<[^>]*>", " ", text))
        for path in tracked("templates/*")
        for line, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
    ]

    found = [
        f"{path.relative_to(ROOT)}:{line}: say {word}: {text.strip()[:80]}"
        for path, line, text in spoken
        for pattern, word in SPOKEN.items()
        if re.search(pattern, text, re.IGNORECASE)
    ]

    assert found == []


@pytest.mark.parametrize("pattern", MACHINE)
def test_no_tracked_file_names_a_machine_or_an_index(pattern: str) -> None:
    """What is in git could have been written anywhere: no absolute path of a machine, no address of a package index."""
    found = []
    for path in tracked():
        if path.suffix in {".png", ".jpg", ".webp", ".parquet", ".arrow", ".gz", ".csv"} or path == Path(__file__):
            continue
        for line, text in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if re.search(pattern, text):
                found.append(f"{path.relative_to(ROOT)}:{line}: {MACHINE[pattern]}: {text.strip()[:100]}")

    assert found == []
