"""Imports run one way only, wherever in a module they stand, and the command starts without the heavy libraries."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "reportgen"
LAYERS = (
    {"cli", "__init__", "__main__"},
    {"api", "progress", "summary"},
    {"checking", "suggestions"},
    {"render"},
    {"site"},
    {"pipeline"},
    {"analysis", "inputs", "engines"},
    {"tasks"},
    {"stats"},
    {"declarations", "report", "inspection", "model", "columns", "errors", "kept", "numbers", "spreadsheet"},
)
"""From the top down. A part imports from layers below its own; parts side by side do not know each other."""

PARTS = {part: level for level, parts in enumerate(LAYERS) for part in parts}
MODULES = {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in sorted(PACKAGE.rglob("*.py"))}


def part(module: str) -> str:
    """The part of the package that a module stands in: ``stats`` for ``reportgen.stats.metrics``."""
    return module.split(".")[1] if "." in module else "__init__"


def imported(module: str, path: Path) -> Iterator[tuple[int, str]]:
    """Every module of the package that a module imports, function-level imports too, with the line."""
    package = module.split(".") if path.name == "__init__.py" else module.split(".")[:-1]
    package = [name for name in package if name != "__init__"]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names if name.name.split(".")[0] == "reportgen")
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            source = ".".join([*above, *filter(None, [node.module])])
            if source.split(".")[0] != "reportgen":
                continue
            for name in node.names:
                whole = f"{source}.{name.name}"
                is_module = whole in MODULES or f"{whole}.__init__" in MODULES
                if whole != "reportgen.__version__":
                    yield node.lineno, whole if is_module else source


@pytest.mark.parametrize("module", MODULES)
def test_imports_go_down(module: str) -> None:
    """A module imports from its own part and from layers below it, and every part has its layer."""
    own = part(module)
    assert own in PARTS, f"{module}: say in LAYERS where {own} stands"

    wrong = [
        f"{MODULES[module].relative_to(ROOT)}:{line}: {own} may not import {target}"
        for line, target in imported(module, MODULES[module])
        if part(target) != own
        and not (PARTS[part(target)] > PARTS[own] or PARTS[own] == PARTS[part(target)] == len(LAYERS) - 1)
    ]

    assert wrong == []


def test_no_module_imports_itself_in_a_circle() -> None:
    """The modules can be put in one order, lazy imports included."""
    names = {module.removesuffix(".__init__") for module in MODULES}
    graph = {
        module.removesuffix(".__init__"): {
            target for _, target in imported(module, path) if target in names and target != module
        }
        for module, path in MODULES.items()
    }

    order = list(TopologicalSorter(graph).static_order())

    assert set(order) == names


def test_the_command_starts_light() -> None:
    """``reportgen --help`` loads no dataframe, chart, image or array library."""
    code = (
        "import sys\nfrom reportgen.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit as stop: assert not stop.code\n"
        "print('loaded:', *sorted({'polars', 'altair', 'numpy', 'pyarrow', 'PIL', 'vl_convert', 'pydantic', 'pandas',"
        " 'jinja2'} & sys.modules.keys()))"
    )

    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.stdout.splitlines()[-1:] == ["loaded:"], done.stderr


@pytest.mark.parametrize("folder", ["helpers", "utils", "core", "manager", "common", "misc"])
def test_modules_are_named_for_what_they_hold(folder: str) -> None:
    """No module bears a name that anything would fit."""
    assert [module for module in MODULES if folder in module.split(".")] == []
