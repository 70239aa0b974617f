"""A report never takes the place of what it is built from, nor stands among its media."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.errors import InputError
from reportgen.render.clashes import find_clashes, refuse_clashes

INPUTS = ("data/reportgen.yaml", "data/samples.csv", "data/preds/v1.csv")


@pytest.mark.parametrize(
    ("out", "code"),
    [
        ("data", "RG519"),
        ("data/preds", "RG519"),
        ("data/samples.csv", "RG519"),
        ("data/media", "RG519"),
        ("data/media/report", "RG520"),
        ("data/media/a/report.html", "RG520"),
        ("link/report", "RG520"),
        (".", "RG519"),
    ],
)
def test_a_clash_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, out: str, code: str) -> None:
    """In place of an input or above it, and inside the media root, through a link, too."""
    (tmp_path / "data" / "media").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "data" / "media")
    monkeypatch.chdir(tmp_path)

    with pytest.raises(InputError) as caught:
        refuse_clashes([Path("fine"), Path(out)], map(Path, INPUTS), tmp_path / "data" / "media")

    (problem,) = caught.value.problems
    assert (problem.code, problem.where.file) == (code, out)


@pytest.mark.parametrize("out", ["data/report", "report.html", "data/samples.csv.html", "data/media-report"])
def test_a_place_beside_them_is_fine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, out: str) -> None:
    """Beside the manifest is where reports usually stand."""
    monkeypatch.chdir(tmp_path)

    assert list(find_clashes([Path(out)], map(Path, INPUTS), tmp_path / "data" / "media")) == []
