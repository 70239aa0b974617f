"""Prediction files of the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.inputs.join import join_inputs
from reportgen.inputs.load import load_manifest
from reportgen.inputs.manifest import LoadedManifest
from reportgen.inputs.overrides import apply_versions, name_files
from reportgen.pipeline import scan
from tests.inputs.folders import MANIFEST, PREDICTIONS, USUAL, problem_of, write


def load(folder: Path, extra: str = "") -> LoadedManifest:
    """The usual manifest with more keys."""
    return load_manifest(write(folder, {**USUAL, "reportgen.yaml": MANIFEST + extra}) / "reportgen.yaml")


def test_a_file_replaces_its_version_and_others_are_added(tmp_path: Path) -> None:
    """The order is the manifest's, then the command line's; files may stand anywhere."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "new.csv").write_text(PREDICTIONS)
    (tmp_path / "here").mkdir()
    loaded = apply_versions(load(tmp_path / "here"), {"v2": elsewhere / "new.csv", "v1": elsewhere / "new.csv"})
    sources = scan(loaded)
    joined = join_inputs(loaded, sources.samples, sources.predictions)

    assert [version.name for version in joined.versions] == ["v1", "v2"]
    assert [one.path for one in joined.inputs] == ["samples.csv", "new.csv", "new.csv"]


def test_a_baseline_may_come_from_the_command_line(tmp_path: Path) -> None:
    """A manifest without versions may name a baseline that the command line brings."""
    text = MANIFEST.replace("versions: {v1: v1.csv}\n", "") + "baseline: old\n"
    loaded = load_manifest(write(tmp_path, {**USUAL, "reportgen.yaml": text}) / "reportgen.yaml", need_versions=False)

    given = {"old": tmp_path / "v1.csv", "new": tmp_path / "v1.csv"}
    assert apply_versions(loaded, given).manifest.first == "old"
    assert problem_of(lambda: apply_versions(loaded, {"new": tmp_path / "v1.csv"})).code == "RG114"


def test_a_name_that_file_systems_take_for_another_is_refused(tmp_path: Path) -> None:
    """V1 is no new version beside v1."""
    loaded = load(tmp_path)

    assert problem_of(lambda: apply_versions(loaded, {"V1": tmp_path / "v1.csv"})).code == "RG113"


@pytest.mark.parametrize(
    ("given", "names"),
    [
        (["a/old.csv", "b/new.csv"], ["old", "new"]),
        (["v1/preds.csv", "v2/preds.csv", "other.csv"], ["v1", "v2", "other"]),
        (["preds.csv", "v2/preds.csv"], ["preds", "v2"]),
        (["preds=a.csv", "v2/preds.csv"], ["preds", "v2"]),
        (["a/V1.csv", "b/v1.csv"], ["a", "b"]),
    ],
)
def test_bare_paths_are_named_by_their_stem_or_else_their_folder(given: list[str], names: list[str]) -> None:
    """The folder names those whose stems are one name."""
    assert list(name_files(given)) == names


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (["a=x.csv", "a=y.csv"], "RG113"),
        (["a/p/v.csv", "b/p/v.csv"], "RG113"),
        (["=x.csv"], "RG122"),
        (["v9="], "RG122"),
        ([""], "RG122"),
    ],
)
def test_no_file_is_lost_to_a_name(given: list[str], code: str) -> None:
    """Two files of one name, and a name or path that is empty, are errors."""
    assert problem_of(lambda: name_files(given)).code == code


def test_what_the_manifest_says_of_a_replaced_version_stays(tmp_path: Path) -> None:
    """Note and commit are the manifest's."""
    text = MANIFEST.replace("v1: v1.csv", "v1: {predictions: v1.csv, note: kept}")
    loaded = load_manifest(write(tmp_path, {**USUAL, "reportgen.yaml": text}) / "reportgen.yaml")

    assert apply_versions(loaded, {"v1": tmp_path / "v1.csv"}).manifest.versions["v1"].note == "kept"
