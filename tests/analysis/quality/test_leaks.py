"""Samples that training tables have too: what counts, what does not, and which versions it concerns."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from reportgen.analysis.quality import leaks as module
from reportgen.analysis.quality.given import Given
from reportgen.analysis.quality.support import code_tables
from reportgen.analysis.quality.training import look_at_training
from reportgen.inspection import Training
from reportgen.inspection.training import TrainingTable
from reportgen.model import Media, Outcomes
from tests.analysis.worlds import classify, regress

TEXTS = [f"the {k}th of many sentences about {k * k} things and {k} more of them" for k in range(60)]


def world(*, values: bool = False) -> Outcomes:
    """Sixty samples with a text each."""
    outcomes = regress(60) if values else classify(60)
    samples = outcomes.samples.with_columns(text=pl.Series(TEXTS))
    return replace(outcomes, samples=samples, media=Media("text", "text"))


def table(n: int, label: str | float = "car", **more: object) -> TrainingTable:
    """A training table of so many rows."""
    return TrainingTable("t.csv", "0", n, pl.DataFrame({"label": [label] * n}), **more)


def looked(
    outcomes: Outcomes, vectors: np.ndarray | None = None, trained_splits: tuple[str, ...] = (), **tables: TrainingTable
) -> Training:
    """What is seen with these tables by version."""
    given = Given(
        training=tables,
        target="label",
        vectors=vectors,
        trained_splits=trained_splits,
        baseline=outcomes.versions[0],
        candidate=outcomes.versions[-1],
    )
    found = look_at_training(outcomes, given, code_tables(outcomes, given), 0.95)
    assert isinstance(found, Training)
    return found


def test_a_leak_concerns_every_version_whose_table_has_it() -> None:
    """The most telling row leads; a table of two versions is looked at once; empty texts are nobody's copy."""
    outcomes = world()
    old = table(3, texts=pl.Series([TEXTS[4].replace("sentences", "sentence"), None, "?"]))
    new = table(2, texts=pl.Series([TEXTS[4].title(), TEXTS[9]]))
    found = looked(outcomes, v1=old, v2=new)
    one, other = found.leaks.iter_rows(named=True)

    assert (one["row"], one["how"], one["likeness"], one["versions"], one["there"]) == (
        4,
        "text",
        None,
        ["v2", "v1"],
        0,
    )
    assert (other["row"], other["versions"], other["there_text"]) == (9, ["v2"], TEXTS[9])
    assert [(t.content[0].n_same, t.content[0].n_near, t.content[0].n_there) for t in found.tables] == [
        (0, 1, 2),
        (2, 0, 2),
    ]
    *_, leaked = found.sets
    assert leaked.rows.tolist() == [4, 9]
    assert leaked.rule == (
        "What v1 and v2 were trained on has it too: the same text but for case, blanks and punctuation."
    )


def test_samples_of_a_training_split_are_no_leaks() -> None:
    """They are what versions were trained on: that the table has them is as it should be."""
    outcomes = world()
    split = pl.Series(["train"] * 30 + ["test"] * 30)
    held_out = replace(outcomes, samples=outcomes.samples.with_columns(split=split), split="split")
    found = looked(held_out, trained_splits=("train",), v2=table(60, texts=pl.Series(TEXTS)))

    assert found.leaks["row"].to_list() == list(range(30, 60))
    assert found.tables[0].content[0].n_here == 30


def test_by_id_comes_before_content() -> None:
    """A sample that is told by its id is not counted by its text again."""
    outcomes = world()
    rows, ids = outcomes.samples.head(5), outcomes.frame["id"].head(5)
    same = TrainingTable("t.csv", "0", 5, rows.drop("text"), ids=ids, texts=rows["text"])
    found = looked(outcomes, v2=same)

    assert found.tables[0].n_trained_on == 5
    assert (found.tables[0].content[0].n_same, found.tables[0].content[0].n_near) == (0, 0)
    assert found.leaks["how"].to_list() == ["id"] * 5
    assert found.leaks["there"].to_list() == [0, 1, 2, 3, 4]


def test_labels_of_both_are_held_against_each_other() -> None:
    """Of classes another one, of values one that is further away than the tolerance; null where there is none."""
    outcomes, values = world(), replace(world(values=True), tolerance=0.5)
    truth = values.frame["target"].to_list()
    known = [outcomes.classes[k] for k in outcomes.frame["target"].to_list()]
    several = table(60, texts=pl.Series(TEXTS))
    found = looked(outcomes, v2=several).leaks
    near = replace(table(60, texts=pl.Series(TEXTS)), frame=pl.DataFrame({"label": [v + 0.2 for v in truth]}))
    far = replace(near, frame=pl.DataFrame({"label": [v + 2.0 for v in truth]}))
    none = replace(near, frame=pl.DataFrame({"other": [1.0] * 60}))

    assert found["other_label"].to_list() == [one != "car" for one in known]
    assert looked(values, v2=near).leaks["other_label"].to_list() == [False] * 60
    assert looked(values, v2=far).leaks["other_label"].to_list() == [True] * 60
    assert looked(values, v2=none).leaks["other_label"].to_list() == [None] * 60


def test_vectors_that_tell_nothing_apart_are_no_leaks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A chain of most of both sides says nothing, nor do more pairs than are compared; equal vectors still count."""
    outcomes = classify(120)
    rng = np.random.default_rng(1)
    here = np.ones((120, 8), np.float32) + rng.normal(0, 0.01, (120, 8)).astype(np.float32)
    there = np.ones((130, 8), np.float32) + rng.normal(0, 0.01, (130, 8)).astype(np.float32)
    there[5], there[6] = here[7], np.nan
    found = looked(outcomes, here, v2=table(130, vectors=there))
    (content,) = found.tables[0].content
    monkeypatch.setattr(module, "MOST_PRODUCTS", 100)
    (large,) = looked(outcomes, here, v2=table(130, vectors=there)).tables[0].content

    assert (content.untold, content.too_many, content.n_here, content.n_there) == (True, False, 120, 129)
    assert (content.n_same, content.n_near) == (1, 0)
    assert found.leaks.select("row", "there", "how", "likeness").row(0) == (7, 5, "vectors", None)
    assert (large.untold, large.too_many, large.n_same) == (False, True, 1)
