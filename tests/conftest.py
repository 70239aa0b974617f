"""What every test shares: no network, the command run as a user runs it, and each example built once."""

from __future__ import annotations

import fcntl
import functools
import http.server
import importlib.util
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

ROOT = Path(__file__).resolve().parent.parent
OFFLINE = ROOT / "tests" / "offline"
if "PYTEST_XDIST_WORKER" in os.environ:  # a worker a core: threads of several would wait for each other
    for name in ("POLARS_MAX_THREADS", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ.setdefault(name, "1")
MANIFESTS = {
    path.parent.name if path.stem == "reportgen" else f"{path.parent.name}-{path.stem}": path
    for path in sorted(ROOT.glob("examples/*/*.yaml"))
}
"""The examples by name: ``digits``, and ``sentiment-rating`` for a second manifest of a folder."""
KINDS = {
    "audit": "pictures with classes, what the Data page says of suspects and copies",
    "income": "two classes by one score, the Confidence page with costs, tables without media",
    "nuclei-instances": "boxes with masks",
    "nuclei-masks": "masks of classes, their pixels",
    "scenes": "boxes of several classes, on frames of films",
    "scenes-labels": "several labels a sample",
    "sentiment-rating": "values, texts, groups",
    "weather-trainings": "several trainings a version",
}
"""The examples that have every page, kind of task and kind of media among them, each with what it alone stands for.

Costly tests run on these; the gold, links and complaints in the browser are looked at for every example.
"""

_guard = importlib.util.spec_from_file_location("offline", OFFLINE / "sitecustomize.py")
assert _guard is not None
assert _guard.loader is not None
_guard.loader.exec_module(importlib.util.module_from_spec(_guard))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-gold", action="store_true", help="accept what the examples give now as their gold")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for ``example_name`` runs once for each example."""
    if "example_name" in metafunc.fixturenames:
        metafunc.parametrize("example_name", list(MANIFESTS))


def _group(nodeid: str) -> str:
    """The example that a test runs on, else its file: one worker makes what its tests share."""
    file, _, test = nodeid.partition("::")
    given = f"-{test.partition('[')[2].removesuffix(']')}-"
    named = [name for name in MANIFESTS if given.startswith(f"-{name}-") or given.endswith(f"-{name}-")]
    return max(named, key=len, default=file)


class _ByGroup(LoadScopeScheduling):
    """Shares the tests out by group."""

    def _split_scope(self, nodeid: str) -> str:
        return _group(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """``--dist loadgroup`` would do, but xdist 3.8 marks groups where pytest 9.2 no longer looks."""
    return _ByGroup(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest comes first, so that both workers end together."""
    items.sort(key=lambda item: (_group(item.nodeid) not in MANIFESTS, item.get_closest_marker("browser") is None))


@dataclass(frozen=True)
class Site:
    """A built example, in both forms."""

    name: str
    manifest: Path
    folder: Path
    single_file: Path


Run = Callable[..., "subprocess.CompletedProcess[str]"]


def _shared(tmp_path_factory: pytest.TempPathFactory, name: str) -> Path:
    """A folder that all workers have."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / name
    shared.mkdir(exist_ok=True)
    return shared


@pytest.fixture(scope="session")
def reportgen(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The command in a child process: ``reportgen("build", …, cwd=…, TZ="UTC")``; variables join the environment.

    Where Python is told to keep no bytecode, the children keep theirs as long as the tests run: a second of each.
    """
    kept = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(_shared(tmp_path_factory, "bytecode"))}
    bytecode = kept if sys.dont_write_bytecode else {}

    def run(*args: str | Path, cwd: Path = ROOT, **variables: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "PYTHONPATH": f"{OFFLINE}{os.pathsep}{ROOT}", "SOURCE_DATE_EPOCH": "1790000000"}
        return subprocess.run(
            [sys.executable, "-c", "from reportgen.cli import main; main()", *map(str, args)],
            cwd=cwd,
            env=environment | bytecode | variables,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

    return run


@pytest.fixture(scope="session")
def example(reportgen: Run, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Site]:
    """Builds an example, folder and single file, the first time a test of any worker asks for it."""
    shared = _shared(tmp_path_factory, "examples")

    @functools.cache
    def build(name: str) -> Site:
        site = Site(name, MANIFESTS[name], shared / name, shared / f"{name}.html")
        with (shared / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (site.folder.exists() and site.single_file.exists()):
                outputs = ("-o", site.folder, "--single-file", site.single_file)
                # the example's own history stays as it is in git
                done = reportgen("build", site.manifest.name, *outputs, "--no-history", cwd=site.manifest.parent)
                assert done.returncode == 0, done.stderr
        return site

    return build


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def serve() -> Iterator[Callable[[Path], str]]:
    """Serves a folder on this machine until the test ends; gives its address."""
    with ExitStack() as stack:
        yield lambda folder: stack.enter_context(_served(folder))
