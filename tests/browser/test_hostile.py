"""A hostile, broken data set from end to end: built by the command, opened in Chromium, and nothing runs or is lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from PIL import Image

pytestmark = [pytest.mark.browser]

ATTACK = "</script><img src=x onerror=alert(1)>"
PAGES = ("index.html", "slices.html", "compare.html", "examples.html", "about.html")
HASHES = (
    "#?set=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E",
    "#?__proto__=1&constructor=2&a.__proto__=x",
    "#?slice=" + "x" * 100_000,
    "#?version=%E0%A4%A&n=NaN&sort=toString&open=%00",
)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, reportgen: Callable[..., Any]) -> Path:
    """A folder with the built report (``report``, ``report.html``) and what the command said of it (``said``)."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "images").mkdir()
    n = 240
    ids = ["007", "7", *(f"s{i:03d}{ATTACK if i % 50 == 0 else ''}" for i in range(n - 2))]
    label = [ATTACK if i % 3 else "plain" for i in range(n)]
    for i in range(n):
        Image.new("L", (28, 28), i % 256).save(folder / "images" / f"{i}.png")
    whole = (folder / "images" / "0.png").read_bytes()
    (folder / "images" / "0.png").write_bytes(whole[: len(whole) // 2])
    pl.DataFrame(
        {
            "id": ids,
            "label": label,
            "a.b[0]": [("x'\"<b>", "{{7*7}}", "__proto__")[i % 3] for i in range(n)],
            "__proto__": [("one", "two")[i % 2] for i in range(n)],
            "image": [f"{i}.png" for i in range(n)],
        }
    ).write_csv(folder / "samples.csv")
    for v, step in enumerate((4, 5)):
        said = [
            ("plain" if right == ATTACK else ATTACK) if i % step == 0 or i < 2 else right
            for i, right in enumerate(label)
        ]
        score = ["NaN" if i == 5 else f"{0.5 + (i % 50) / 100:.3f}" for i in range(n)]
        frame = pl.DataFrame({"id": ids, "prediction": said, "score": score})
        frame.write_csv(folder / f"v{v}.csv")
    (folder / "reportgen.yaml").write_text(
        f"title: 'Attack {ATTACK}'\ntask: classification\nsamples: samples.csv\n"
        "columns: {id: id, target: label, media: image}\nprediction_columns: {label: prediction}\n"
        "attributes: ['a.b[0]', __proto__]\nmedia: {root: images, kind: image}\n"
        f"versions:\n  'v {ATTACK}': {{predictions: v0.csv, note: '{ATTACK}'}}\n  v2: {{predictions: v1.csv}}\n"
    )
    done = reportgen("build", "reportgen.yaml", "-o", "report", "--single-file", "report.html", cwd=folder)
    assert done.returncode == 0, done.stderr
    (folder / "said").write_text(done.stderr)
    return folder


@pytest.mark.parametrize("page", PAGES)
def test_markup_in_names_is_shown_and_never_run(hostile: Path, page: str, visit: Callable[..., Any]) -> None:
    """The attack stands in the page as text; no dialog, no complaint, no request."""
    watched = visit((hostile / "report" / page).as_uri(), hostile.as_uri())
    watched.page.wait_for_timeout(400)

    assert ATTACK in watched.page.locator("body").inner_text()
    assert watched.page.locator("img[src='x']").count() == 0
    assert watched.complaints == []


def test_the_single_file_is_as_safe(hostile: Path, visit: Callable[..., Any]) -> None:
    """The same, everything inlined."""
    watched = visit((hostile / "report.html").as_uri(), (hostile / "report.html").as_uri())
    watched.page.wait_for_timeout(400)

    assert watched.page.locator("img[src='x']").count() == 0
    assert watched.complaints == []


@pytest.mark.parametrize("state", HASHES, ids=range(len(HASHES)))
@pytest.mark.parametrize("page", ["slices.html", "compare.html", "examples.html"])
def test_a_hostile_hash_changes_nothing(hostile: Path, page: str, state: str, visit: Callable[..., Any]) -> None:
    """A hash that is markup, a prototype, huge or broken leaves a page that works."""
    watched = visit((hostile / "report" / page).as_uri() + state, hostile.as_uri())
    watched.page.wait_for_timeout(300)

    assert watched.page.locator("h1").first.is_visible()
    assert watched.page.evaluate("({}).polluted === undefined && Object.keys(Object.prototype).length") == 0
    assert watched.complaints == []


def test_ids_stay_two(hostile: Path) -> None:
    """007 and 7 are two samples, in the counts and among the examples."""
    report = json.loads((hostile / "report" / "report.json").read_text())

    assert report["counts"]["n_samples"] == 240
    assert {"007", "7"} <= set(report["examples"]["id"])


def test_a_column_with_a_path_as_its_name_has_its_slices_and_marks(hostile: Path, visit: Callable[..., Any]) -> None:
    """The attribute a.b[0] slices, and its charts hold marks."""
    report = json.loads((hostile / "report" / "report.json").read_text())
    names = {attribute["name"] for attribute in report["attributes"]}
    watched = visit((hostile / "report" / "slices.html").as_uri(), hostile.as_uri())
    watched.page.wait_for_timeout(600)

    assert {"a.b[0]", "__proto__"} <= names
    assert watched.page.locator("svg.rg-chart path, svg.rg-chart rect").count() > 6
    assert "a.b[0]" in watched.page.locator("body").inner_text()


def test_a_truncated_image_is_noted_and_never_a_broken_picture(hostile: Path, visit: Callable[..., Any]) -> None:
    """One image is unreadable: a note with its id, and no picture that fails to load."""
    notes = json.loads((hostile / "report" / "report.json").read_text())["notes"]
    watched = visit((hostile / "report" / "examples.html").as_uri(), hostile.as_uri())
    watched.page.wait_for_timeout(400)
    broken = watched.page.evaluate("[...document.images].filter(i => i.complete && !i.naturalWidth).length")

    assert any(note["code"].startswith("RG4") and note["n"] == 1 and "007" in note["examples"] for note in notes)
    assert broken == 0


def test_nan_scores_are_told_where_scores_are_read(hostile: Path, reportgen: Callable[..., Any]) -> None:
    """A NaN score leaves its sample out of that version, counted, and the counts add up."""
    text = (hostile / "reportgen.yaml").read_text().replace("{label: prediction}", "{label: prediction, score: score}")
    (hostile / "scores.yaml").write_text(text)
    done = reportgen("build", "scores.yaml", "-o", "scores", cwd=hostile)
    report = json.loads((hostile / "scores" / "report.json").read_text())
    counts = report["counts"]

    assert done.returncode == 0
    assert counts["n_invalid"] == 1
    assert counts["n_samples"] == sum(
        counts[k] for k in ("n_scored", "n_missing_prediction", "n_invalid", "n_excluded")
    )


def test_a_missing_prediction_file_names_the_line_and_the_nearest(hostile: Path, reportgen: Callable[..., Any]) -> None:
    """The error has file, line, column and the nearest name; nothing is written."""
    (hostile / "gone.yaml").write_text((hostile / "reportgen.yaml").read_text().replace("v1.csv", "v11.csv"))
    done = reportgen("build", "gone.yaml", "-o", "gone", cwd=hostile)

    assert done.returncode == 2
    assert "gone.yaml:10:" in done.stderr
    assert "v11.csv" in done.stderr
    assert "did you mean" in done.stderr
    assert not (hostile / "gone").exists()
