"""The wheel is whole: installed alone, with nothing but its declared dependencies, it writes the demo report."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.metadata import Distribution, PathDistribution, distribution
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
TEST_ONLY = ("pytest", "pandas", "scipy", "sklearn", "playwright", "hypothesis", "vega_datasets")


def run(*command: str | Path, cwd: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """The command in a child process that sees neither this repository nor this user's home."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL", "PYTEST"))}
    return subprocess.run(
        [*map(str, command)], cwd=cwd, env=kept | variables, capture_output=True, text=True, check=False, timeout=300
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built by the back end that is installed, without the network."""
    folder = tmp_path_factory.mktemp("wheel")
    options = ("--no-build-isolation", "--no-deps", "--no-index", "--disable-pip-version-check")
    done = run(sys.executable, "-m", "pip", "wheel", *options, "--wheel-dir", folder, ROOT, cwd=folder)
    assert done.returncode == 0, done.stderr
    (built,) = folder.glob("*.whl")
    return built


def dependencies(wheel: Path, unpacked: Path) -> dict[str, Distribution]:
    """What the wheel's own metadata asks for, and what that asks for in turn, by name; extras left out."""
    with ZipFile(wheel) as archive:
        archive.extractall(unpacked)
    (metadata,) = unpacked.glob("*.dist-info")
    found: dict[str, Distribution] = {}
    waiting = [*(PathDistribution(metadata).requires or [])]
    while waiting:
        requirement = Requirement(waiting.pop())
        name = canonicalize_name(requirement.name)
        if name in found or (requirement.marker and not requirement.marker.evaluate({"extra": ""})):
            continue
        found[name] = distribution(requirement.name)
        waiting += found[name].requires or []
    return found


@pytest.fixture(scope="module")
def alone(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment that holds the wheel and its dependencies only, linked from this one."""
    folder = tmp_path_factory.mktemp("alone")
    environment = folder / "venv"
    done = run(sys.executable, "-m", "venv", "--without-pip", environment, cwd=folder)
    assert done.returncode == 0, done.stderr
    python = environment / "bin" / "python"
    (site,) = environment.glob("lib/python*/site-packages")
    for found in dependencies(wheel, folder / "unpacked").values():
        for top in {file.parts[0] for file in found.files or [] if file.parts[0] not in ("..", "__pycache__")}:
            if not (site / top).exists():
                (site / top).symlink_to(Path(str(found.locate_file(top))))
    options = ("--no-deps", "--no-index", "--disable-pip-version-check")
    done = run(sys.executable, "-m", "pip", "--python", python, "install", *options, wheel, cwd=folder)
    assert done.returncode == 0, done.stderr
    return python


def test_the_wheel_carries_what_a_report_is_made_of(wheel: Path) -> None:
    """Templates, scripts with their licences, the demo's data and the type marker are inside; tests are not."""
    with ZipFile(wheel) as archive:
        names = archive.namelist()

    for pattern in (
        r"reportgen/_templates/.*\.html",
        r"reportgen/_assets/css/tokens\.css",
        r"reportgen/_assets/js/.*\.js",
        r"reportgen/_assets/vendor/.*LICENSE",
        r"reportgen/_demo/reportgen\.yaml",
        r"reportgen/_demo/README\.md",
        r"reportgen/inputs/manifest\.schema\.json",
        r"reportgen/py\.typed",
        r".*\.dist-info/licenses/LICENSE",
        r".*\.dist-info/licenses/assets/vendor/vega-[0-9.]+/LICENSE",
        r".*\.dist-info/licenses/examples/digits/README\.md",
    ):
        assert any(re.fullmatch(pattern, name) for name in names), pattern
    assert not [name for name in names if name.startswith(("tests", "examples", "templates", "assets"))]


@pytest.mark.parametrize("module", TEST_ONLY)
def test_the_environment_is_empty_but_for_the_dependencies(alone: Path, tmp_path: Path, module: str) -> None:
    """Nothing that only tests or examples need can be imported beside the wheel."""
    done = run(alone, "-c", f"import {module}", cwd=tmp_path)

    assert "ModuleNotFoundError" in done.stderr


def test_the_demo_runs_from_the_wheel_alone(alone: Path, tmp_path: Path) -> None:
    """``reportgen demo`` in an empty folder writes a whole site, says where, and names no place of this machine."""
    home = tmp_path / "home"
    work = tmp_path / "somewhere"
    home.mkdir()
    work.mkdir()

    done = run(alone.parent / "reportgen", "demo", cwd=work, HOME=str(home))

    assert done.returncode == 0, done.stderr
    written = work / done.stdout.splitlines()[-1]
    site = written if written.is_dir() else written.parent
    assert {"index.html", "slices.html", "compare.html", "examples.html", "about.html", "report.json"} <= {
        path.name for path in site.iterdir()
    }
    for path in site.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert str(ROOT).encode() not in content, path
            assert str(tmp_path).encode() not in content, path
            assert str(alone.parent.parent).encode() not in content, path
