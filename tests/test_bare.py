"""A run with neither images, texts, embeddings nor training tables shows only what it can know, and says why."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reportgen.api import Wish, build_manifest
from tests.benchmarks.card_worlds import write_world

SECTIONS = ("data-classes", "data-drift", "data-leaks", "data-supports", "data-duplicates")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a report of two versions with probabilities and one attribute, and nothing else."""
    folder = tmp_path_factory.mktemp("bare")
    manifest = write_world(folder, "nothing", seed=0)
    build_manifest(manifest, {}, Wish(folder / "site"), lambda _stage: None)
    return folder / "site"


def test_parts_that_could_not_be_looked_at_are_null(site: Path) -> None:
    """In report.json, each with what it lacks and what would bring it."""
    found = json.loads((site / "report.json").read_text(encoding="utf-8"))["inspection"]

    assert (found["training"], found["samples"], found["duplicates"]) == (None, None, None)
    assert found["labels"] is not None
    assert len(found["absent"]) == 3
    assert all(one["what"] and one["why"].endswith(".") for one in found["absent"])
    assert "trained_on" in " ".join(one["why"] for one in found["absent"])


def test_the_page_has_no_trace_of_them_but_one_list(site: Path) -> None:
    """No section of theirs and no cell of the strip; a card's rows say that they can't tell."""
    page = (site / "data.html").read_text(encoding="utf-8")

    assert not [one for one in SECTIONS if f'id="{one}"' in page]
    assert "Very dark" not in page
    assert 'id="data-absent"' in page
    assert 'id="data-labels"' in page
    assert page.count("can&#39;t tell from these data") + page.count("can't tell from these data") >= 5
    assert "towards the data" not in page
