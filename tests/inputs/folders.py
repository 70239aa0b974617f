"""Folders of small inputs, written by tests, and what the inputs layer makes of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from reportgen.errors import InputError, Problem
from reportgen.inputs.join import join_inputs
from reportgen.inputs.joined import Joined
from reportgen.inputs.load import load_manifest
from reportgen.inputs.tables import read_table
from reportgen.pipeline import scan

STEADY = settings(deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
"""Properties are tried on the same examples every time, however slow the machine."""

MANIFEST = "task: classification\nsamples: samples.csv\ncolumns: {target: label}\nversions: {v1: v1.csv}\n"
SAMPLES = "id,label\na,cat\nb,dog\nc,cat\nd,dog\n"
PREDICTIONS = "id,prediction\na,cat\nb,dog\nc,dog\nd,dog\n"
USUAL: Mapping[str, str | bytes] = {"reportgen.yaml": MANIFEST, "samples.csv": SAMPLES, "v1.csv": PREDICTIONS}


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """The folder, with the files in it."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def build(folder: Path, manifest: str = "reportgen.yaml") -> Joined:
    """The inputs of a folder, loaded, read and joined."""
    loaded = load_manifest(folder / manifest)
    sources = scan(loaded)
    return join_inputs(loaded, sources.samples, sources.predictions)


def join(folder: Path, files: Mapping[str, str | bytes]) -> Joined:
    """The usual inputs, some of them replaced, joined."""
    return build(write(folder, {**USUAL, **files}))


def problems_of(call: Callable[[], object]) -> tuple[Problem, ...]:
    """The problems that the call raises."""
    with pytest.raises(InputError) as caught:
        call()
    return caught.value.problems


def problem_of(call: Callable[[], object]) -> Problem:
    """The one problem that the call raises."""
    (problem,) = problems_of(call)
    return problem


def table_of(folder: Path, name: str, content: str | bytes):  # type: ignore[no-untyped-def]
    """The table in a file of that name and content."""
    write(folder, {name: content})
    return read_table(folder / name, "samples", name)
