"""Worlds whose failing slice has one planted cause: does "Data or model?" lean the right way?

``write_world`` writes a small manifest with images, embeddings, training tables and the predictions of three versions.
In every world it is foggy for a fifth of the samples, and the newest version fails there; why differs:

===============  ==================================================================================================
mislabelled      a third of the foggy samples have another class's label; all versions say what is to be seen
under-seen       the newest version was trained on a tenth of the foggy samples that the one before had
corrupted        half of the foggy images are black, and 2 % of the others; nobody can say what is on them
model            the newest version takes foggy samples for others: labels, images and training are sound
drifted          the newest version was trained on no foggy samples of half of the cameras, and fails on these
leaked           most foggy samples are copies of ones in the split that the older versions were trained on
repeated         most foggy samples that the newest version fails on are copies of a few others
nothing          as ``model``, but there are no images, no training tables, no embeddings and no third version
===============  ==================================================================================================

Run as a script it builds each world for several seeds and prints which rows leaned which way; then worlds of which the
predictions were dealt anew among samples of one label, so that nothing leans but by chance.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
from PIL import Image

from reportgen import columns, pipeline
from reportgen.analysis.measure import measure
from reportgen.analysis.quality.cards import ask_all
from reportgen.analysis.quality.cases import Background, Case, Mode, losses
from reportgen.analysis.quality.given import Given
from reportgen.analysis.quality.support import code_tables, in_training_split
from reportgen.inputs.load import load_manifest
from reportgen.inputs.trained import read_training
from reportgen.inspection.cards import Card, Evidence
from reportgen.report import Report

WORLDS = ("mislabelled", "under-seen", "corrupted", "model", "leaked", "nothing", "drifted", "repeated")
CLASSES = ("bus", "car", "van")
N = 1500
N_TRAINED = 6000
SIZE = 24
DIMENSIONS = 8
FOG = "fog"
CAMERAS = tuple(f"c{k:02d}" for k in range(12))

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def write_world(folder: Path, world: str, seed: int, *, permuted: bool = False) -> Path:
    """The manifest of a world; ``permuted``: every version's predictions are dealt anew among samples of one label."""
    rng = np.random.default_rng([seed, WORLDS.index(world)])
    truth = rng.choice(3, N, p=[0.3, 0.4, 0.3])
    weather = rng.choice(["clear", "rain", FOG], N, p=[0.5, 0.3, 0.2])
    fog = weather == FOG
    vectors = rng.normal(0, 0.35, (N, DIMENSIONS)) + 1.0
    vectors[np.arange(N), truth] += 2.0
    split = np.where(rng.random(N) < 0.3, "train", "test") if world == "leaked" else np.full(N, "test")
    label = truth.copy()
    if world == "mislabelled":
        wrong = fog & (rng.random(N) < 0.35)
        label[wrong] = (truth[wrong] + rng.integers(1, 3, int(wrong.sum()))) % 3
    black = (fog & (rng.random(N) < 0.5)) | (~fog & (rng.random(N) < 0.03)) if world == "corrupted" else fog & False
    twin = np.full(N, -1)
    if world == "leaked":
        twin = _twins(rng, fog, split, label)
    if world == "repeated":
        twin = _repeated(rng, fog)
        truth = np.where(twin >= 0, truth[twin], truth)
        vectors = np.where((twin >= 0)[:, None], vectors[twin], vectors)
        label = truth.copy()
    error = {name: np.where(black, 0.6, rate) for name, rate in (("v1", 0.08), ("v2", 0.08), ("v3", 0.08))}
    if world in {"under-seen", "model", "nothing"}:
        error["v3"] = np.where(fog, 0.35, error["v3"])
    if world == "leaked":
        error["v3"] = np.where(fog, 0.3, error["v3"])
        known = fog & (twin >= 0)
        error["v1"], error["v2"] = (np.where(known, 0.0, np.where(fog, 0.3, error[name])) for name in ("v1", "v2"))
    camera = np.random.default_rng([seed, WORLDS.index(world), 1]).choice(CAMERAS, N)
    if world == "drifted":
        error["v3"] = np.where(fog & (camera < CAMERAS[6]), 0.5, error["v3"])
    if world == "repeated":
        error["v3"] = np.where(np.isin(np.arange(N), twin), 0.8, error["v3"])
    tables = {name: _probabilities(rng, truth, error[name]) for name in error}
    if world == "repeated":
        tables = {name: np.where((twin >= 0)[:, None], table[twin], table) for name, table in tables.items()}
    if permuted:
        order = _dealt(rng, label)
        tables = {name: table[order] for name, table in tables.items()}
    bare = world == "nothing"
    _write(folder, label, weather, camera, split, tables, bare=bare)
    if not bare:
        np.save(folder / "vectors.npy", vectors.astype(np.float32))
        _write_images(folder / "images", rng, black, twin)
        few = 0.1 if world == "under-seen" else 1.0
        _write_training(folder, rng, {"v1": 1.0, "v2": 1.0, "v3": few}, drifted=world == "drifted")
    manifest = folder / "reportgen.yaml"
    manifest.write_text(_manifest(world, bare=bare), encoding="utf-8")
    return manifest


def report_of(manifest: Path) -> Report:
    """The report of a manifest, as a build makes it."""
    return pipeline.run(load_manifest(manifest), keep_history=False)


def foggy(report: Report) -> Card | None:
    """The report's card of the slice in which the cause was planted."""
    return next((card for card in report.inspection.cards if f"weather={FOG}" in card.slice.split("&")), None)


def foggy_case(report: Report, manifest: Path, mode: Mode) -> tuple[Case, Background]:
    """The same slice as a case, whether or not it is a finding, and what is known beside it."""
    one = next(one for one in report.slices if one.id == f"weather={FOG}")
    weather = next(a for a in report.attributes if a.name == "weather")
    inside = report.outcomes.frame[columns.attribute(weather.index)].to_numpy() == weather.values.index(FOG)
    names = report.outcomes.versions
    measured = measure(report.outcomes, report.limits, [report.primary.name])
    pair = names.index("v2"), names.index("v3")
    case = Case(measured, 1, one, inside, mode, *pair, losses(measured, mode, *pair))
    outcomes = report.outcomes
    loaded = load_manifest(manifest)
    training, _, _ = read_training(loaded, ["weather", "camera", "label"])
    splits = tuple(loaded.manifest.trained_splits)
    given = Given(trained_splits=splits, training=training, target="label", candidate="v3")
    return case, Background(
        report.inspection, report.supports, in_training_split(outcomes, given), code_tables(outcomes, given)
    )


def leans(rows: Iterable[Evidence]) -> dict[str, int | None]:
    """Which way each row leans."""
    return {row.key: row.lean for row in rows}


def _probabilities(rng: np.random.Generator, truth: Ints, error: Floats) -> Floats:
    """Sure of the right class, and of a wrong one with the chance of an error, where it is less sure."""
    wrong = rng.random(N) < error
    said = np.where(wrong, (truth + rng.integers(1, 3, N)) % 3, truth)
    sure = np.where(wrong, rng.uniform(0.4, 0.75, N), rng.uniform(0.7, 0.98, N))
    table = np.repeat(((1 - sure) / 2)[:, None], 3, axis=1)
    table[np.arange(N), said] = sure
    return np.round(table, 4)


def _dealt(rng: np.random.Generator, label: Ints) -> Ints:
    order = np.arange(N)
    for k in range(3):
        rows = np.flatnonzero(label == k)
        order[rows] = rng.permutation(rows)
    return order


def _twins(rng: np.random.Generator, fog: npt.NDArray[np.bool_], split: npt.NDArray[np.str_], label: Ints) -> Ints:
    """For most foggy samples of the test split a sample of the training split that is the same image."""
    twin = np.full(N, -1)
    for k in range(3):
        left, right = (np.flatnonzero(fog & (split == name) & (label == k)) for name in ("test", "train"))
        right = np.resize(rng.permutation(right), len(left)) if len(right) else np.empty(0, np.int64)
        for a, b in zip(left, right, strict=False):
            if rng.random() < 0.7:
                twin[a] = b
    return twin


def _repeated(rng: np.random.Generator, fog: npt.NDArray[np.bool_]) -> Ints:
    """For a third of the foggy samples one of fifteen others that is the same image."""
    rows = rng.permutation(np.flatnonzero(fog))
    n = len(rows) // 3
    twin = np.full(N, -1)
    twin[rows[:n]] = rng.choice(rows[n : n + 15], n)
    return twin


def _write(
    folder: Path,
    label: Ints,
    weather: npt.NDArray[np.str_],
    camera: npt.NDArray[np.str_],
    split: npt.NDArray[np.str_],
    tables: dict[str, Floats],
    *,
    bare: bool,
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    names = np.array(CLASSES)
    ids = [f"s{i:05d}" for i in range(N)]
    samples = pl.DataFrame({"id": ids, "label": names[label], "weather": weather, "split": split})
    if not bare:
        samples = samples.with_columns(pl.format("{}.png", "id").alias("image"), camera=camera)
    samples.write_csv(folder / "samples.csv")
    for name, table in tables.items():
        columns = {f"prob_{one}": table[:, k] for k, one in enumerate(CLASSES)}
        pl.DataFrame({"id": ids, **columns}).write_csv(folder / f"{name}.csv")


def _write_images(folder: Path, rng: np.random.Generator, black: npt.NDArray[np.bool_], twin: Ints) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    pixels = rng.integers(30, 226, (N, SIZE, SIZE, 3)).astype(np.uint8)
    pixels[black] = rng.integers(0, 4, (int(black.sum()), SIZE, SIZE, 3)).astype(np.uint8)
    for i in range(N):
        Image.fromarray(pixels[twin[i] if twin[i] >= 0 else i]).save(folder / f"s{i:05d}.png", compress_level=1)


def _write_training(folder: Path, rng: np.random.Generator, share_of_fog: dict[str, float], *, drifted: bool) -> None:
    """A table a version, of the samples' mix but for fog; ``drifted``: the last one has it of half of the cameras."""
    weather = rng.choice(["clear", "rain", FOG], N_TRAINED, p=[0.5, 0.3, 0.2])
    label = np.array(CLASSES)[rng.choice(3, N_TRAINED, p=[0.3, 0.4, 0.3])]
    camera = rng.choice(CAMERAS, N_TRAINED)
    for name, share in share_of_fog.items():
        kept = (weather != FOG) | (rng.random(N_TRAINED) < share)
        if drifted and name == "v3":
            kept &= (weather != FOG) | (camera >= CAMERAS[6])
        table = pl.DataFrame({"label": label, "weather": weather, "camera": camera})
        table.filter(pl.Series(kept)).write_csv(folder / f"train-{name}.csv")


def _manifest(world: str, *, bare: bool) -> str:
    versions = ("v2", "v3") if bare else ("v1", "v2", "v3")
    trained = {name: "" if bare else f", trained_on: train-{name}.csv" for name in versions}
    lines = [f"  {name}: {{predictions: {name}.csv{trained[name]}}}" for name in versions]
    media = "" if bare else ", media: image"
    attributes = "weather" if bare else "weather, camera"
    split = ", split: split" if world == "leaked" else ""
    more = "" if bare else "media: {root: images, kind: image}\nembeddings: vectors.npy\n"
    more += "trained_splits: [train]\n" if world == "leaked" else ""
    return (
        f"title: {world}\ntask: classification\nsamples: samples.csv\n"
        f"columns: {{target: label{media}{split}}}\nattributes: [{attributes}]\n{more}"
        "versions:\n" + "\n".join(lines) + "\nbaseline: v2\ncandidate: v3\n"
    )


def main(arguments: list[str]) -> None:
    """Print, for each world, how often each row leaned towards the data, the model, neither, or could not tell."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--only", nargs="*", default=WORLDS)
    given = parser.parse_args(arguments)
    for permuted in (False, True):
        print("predictions dealt anew: the slice's rows" if permuted else "as planted: the rows of the card")
        for world in given.only:
            rows: Counter[tuple[str, str]] = Counter()
            n_cards = 0
            for seed in range(given.seeds):
                with tempfile.TemporaryDirectory() as folder:
                    manifest = write_world(Path(folder), world, seed, permuted=permuted)
                    report = report_of(manifest)
                    case = foggy_case(report, manifest, "change")
                card = foggy(report)
                n_cards += card is not None
                told = ask_all(*case) if permuted else card.rows if card else ()
                for key, lean in leans(told).items():
                    word = "can't tell" if lean is None else "data" if lean < 0 else "model" if lean else "neither"
                    rows[key, word] += 1
            print(f"  {world}: {n_cards} cards of {given.seeds}")
            for (key, word), n in sorted(rows.items()):
                print(f"    {key:12} {word:10} {n}")


if __name__ == "__main__":
    main(sys.argv[1:])
