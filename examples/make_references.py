"""Compute the figures that the examples' reports must show, without reportgen.

Run by hand after the data changed: `python examples/make_references.py`. It needs numpy, polars, Pillow,
scikit-learn, ruamel.yaml and pycocotools. For each manifest it writes `reference.json` beside it (`reference-NAME.json`
for another NAME.yaml): a figure per version over all samples, and per value of one attribute; of masks per class, and
how many pixels of each class are taken for each.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from PIL import Image
from ruamel.yaml import YAML
from sklearn import metrics

HERE = Path(__file__).parent
MANIFESTS = {  # manifest: the attribute whose values get figures of their own
    "audit/reportgen.yaml": "slant",
    "digits/reportgen.yaml": "noise",
    "income/reportgen.yaml": "sex",
    "nuclei/reportgen.yaml": "",
    "nuclei/instances.yaml": "",
    "scenes/labels.yaml": "lighting",
    "scenes/masks.yaml": "",
    "scenes/reportgen.yaml": "",
    "nuclei/masks.yaml": "",
    "sentiment/reportgen.yaml": "domain",
    "sentiment/rating.yaml": "domain",
    "weather/reportgen.yaml": "season",
    "weather/trainings.yaml": "season",
    "weather/years.yaml": "season",
}
SIZES = ("small", "medium", "large")
READERS = {
    ".csv": lambda path: pl.read_csv(path, schema_overrides={"id": pl.String}),
    ".parquet": pl.read_parquet,
    ".jsonl": pl.read_ndjson,
    ".arrow": pl.read_ipc,
}


def read(path: Path) -> pl.DataFrame:
    """A table, by its ending."""
    return READERS[path.suffix](path)


def figures_of_labels(manifest: dict[str, Any], target: pl.Series, table: pl.DataFrame) -> dict[str, float | int]:
    """Figures of a classification; log loss and Brier (the sum over classes) where there are probabilities."""
    names, classes = manifest["prediction_columns"], [str(c) for c in manifest["classes"]]
    truth = target.cast(pl.String).to_numpy()
    figures: dict[str, float | int] = {"n": len(truth)}
    if "positive" in manifest:
        positive, score = truth == manifest["positive"], table[names["score"]].to_numpy()
        said = score >= manifest.get("threshold", 0.5)
        figures["n_right"] = int((said == positive).sum())
        figures["accuracy"] = float(metrics.accuracy_score(positive, said))
        figures["precision"] = float(metrics.precision_score(positive, said))
        figures["recall"] = float(metrics.recall_score(positive, said))
        figures["auroc"] = float(metrics.roc_auc_score(positive, score))
        figures["log_loss"] = float(metrics.log_loss(positive, score))
        figures["brier"] = float(metrics.brier_score_loss(positive, score))
        return figures
    said = table[names["label"]].cast(pl.String).to_numpy()
    figures["n_right"] = int((said == truth).sum())
    figures["accuracy"] = float(metrics.accuracy_score(truth, said))
    # the mean recall of the classes that occur as target
    figures["balanced_accuracy"] = float(np.mean([(said == truth)[truth == c].mean() for c in np.unique(truth)]))
    # the mean over the classes that occur, as target or as prediction
    figures["macro_f1"] = float(metrics.f1_score(truth, said, average="macro", zero_division=0))
    if "probabilities" in names:
        columns = [names["probabilities"].replace("{class}", c) for c in classes]
        p = table.select(columns).cast(pl.Float64).to_numpy()
        one_hot = truth[:, None] == np.array(classes)[None, :]
        figures["log_loss"] = float(-np.log(p[one_hot]).mean())
        figures["brier"] = float(((p - one_hot) ** 2).sum(axis=1).mean())
    return figures


def figures_of_values(manifest: dict[str, Any], target: pl.Series, table: pl.DataFrame) -> dict[str, float | int]:
    """Figures of a regression."""
    truth, value = target.to_numpy(), table[manifest["prediction_columns"]["value"]].to_numpy()
    return {
        "n": len(truth),
        "mae": float(metrics.mean_absolute_error(truth, value)),
        "rmse": float(metrics.root_mean_squared_error(truth, value)),
        "bias": float((value - truth).mean()),
        "r2": float(metrics.r2_score(truth, value)),
        "pearson_r": float(np.corrcoef(truth, value)[0, 1]),
    }


def figures_of_sets(manifest: dict[str, Any], target: pl.Series, table: pl.DataFrame) -> dict[str, float | int]:
    """Figures of sets of labels, from scores with thresholds."""
    classes = manifest["classes"]
    truth = np.array([[name in str(text or "").split("|") for name in classes] for text in target])
    pattern, thresholds = manifest["prediction_columns"]["probabilities"], manifest["thresholds"]
    said = np.stack([table[pattern.replace("{class}", c)].to_numpy() >= thresholds[c] for c in classes], axis=1)
    return {
        "precision": float(metrics.precision_score(truth, said, average="micro")),
        "recall": float(metrics.recall_score(truth, said, average="micro")),
        "f1": float(metrics.f1_score(truth, said, average="micro")),
        "exact_match": float(metrics.accuracy_score(truth, said)),
        "hamming_loss": float(metrics.hamming_loss(truth, said)),
        "jaccard": float(metrics.jaccard_score(truth, said, average="samples", zero_division=1.0)),
    }


def coco_results(path: Path, truth: Any) -> list[dict[str, Any]]:
    """Detections as COCO's results: of COCO, of Ultralytics (images by their stem), or of a YOLO folder."""
    numbers = {Path(image["file_name"]).stem: image for image in truth.imgs.values()}
    if path.suffix == ".json":
        found = json.loads(path.read_text(encoding="utf-8"))
        return [
            one | {"image_id": numbers[one["image_id"]]["id"] if isinstance(one["image_id"], str) else one["image_id"]}
            for one in found
        ]
    names = YAML(typ="safe").load(path / "data.yaml")["names"]
    ids = {one["name"]: one["id"] for one in truth.cats.values()}
    found = []
    for file in sorted((path / "labels").glob("*.txt")):
        image = numbers[file.stem]
        for line in file.read_text(encoding="utf-8").splitlines():
            klass, *shares, score = line.split()
            x, y, w, h = (float(one) for one in shares)
            box = [(x - w / 2) * image["width"], (y - h / 2) * image["height"], w * image["width"], h * image["height"]]
            found.append(
                {"image_id": image["id"], "category_id": ids[names[int(klass)]], "bbox": box, "score": float(score)}
            )
    return found


def figures_of_objects(folder: Path, manifest: dict[str, Any]) -> dict[str, Any]:
    """The figures of COCO for each version; those that are not defined are left out."""
    from pycocotools.coco import COCO  # noqa: PLC0415
    from pycocotools.cocoeval import COCOeval  # noqa: PLC0415

    names = (
        "ap",
        "ap50",
        "ap75",
        *(f"ap_{size}" for size in SIZES),
        "ar1",
        "ar10",
        "ar100",
        *(f"ar_{s}" for s in SIZES),
    )
    given = manifest["objects"]
    objects = given if isinstance(given, dict) else {"path": given}
    by_masks = objects.get("overlap") == "mask"
    truth = COCO(folder / objects["path"])
    found = {}
    for version, spec in manifest["versions"].items():
        results = coco_results(folder / spec["predictions"], truth)
        if by_masks:  # beside a box the tool takes its area for the mask's
            results = [{key: value for key, value in one.items() if key != "bbox"} for one in results]
        run = COCOeval(truth, truth.loadRes(results), "segm" if by_masks else "bbox")
        run.evaluate()
        run.accumulate()
        run.summarize()
        known = {name: float(value) for name, value in zip(names, run.stats, strict=True) if value >= 0}
        found[version] = {"all": {"n": len(truth.imgs), **known}}
    return found


def read_pixels(source: Path, names: list[str]) -> np.ndarray:
    """The value of each pixel (image, height, width): of PNGs, or of COCO's results, the surest of which lie on top."""
    if source.is_dir():
        return np.stack([np.asarray(Image.open(source / f"{name}.png")) for name in names])
    from pycocotools import mask as tool  # noqa: PLC0415

    found = sorted(json.loads(source.read_text(encoding="utf-8")), key=lambda one: one["score"])
    values = np.zeros((len(names), *found[0]["segmentation"]["size"]), np.uint8)
    for one in found:
        values[names.index(one["image_id"])][tool.decode(one["segmentation"]) > 0] = one["category_id"]
    return values


def figures_of_masks(folder: Path, manifest: dict[str, Any]) -> dict[str, Any]:
    """The figures of each version over the pixels of all images, those of each class, and the confusion of pixels."""
    spec = manifest["masks"]
    names = sorted(path.stem for path in (folder / spec["path"]).glob("*.png"))
    names_of, classes = ["background", *spec["classes"]], list(spec["classes"].values())
    true = read_pixels(folder / spec["path"], names)
    counted = ~np.isin(true, spec.get("ignore", []))
    flat, found = true[counted], {}
    for version, entry in manifest["versions"].items():
        said = read_pixels(folder / entry["predictions"], names)[counted]
        cells = metrics.confusion_matrix(flat, said, labels=[0, *classes])
        hit, of, taken = np.diag(cells)[1:], cells[1:].sum(axis=1), cells[:, 1:].sum(axis=0)
        known = {"n": len(names), "iou": float(hit.sum() / (of + taken - hit).sum())}
        known["dice"] = float(2 * hit.sum() / (of + taken).sum())
        known["pixel_accuracy"] = float(metrics.accuracy_score(flat, said))
        found[version] = {
            "all": known,
            "pixels": {
                name: dict(zip(names_of, row, strict=True)) for name, row in zip(names_of, cells.tolist(), strict=True)
            },
        }
        if len(classes) > 1:
            ious = metrics.jaccard_score(flat, said, labels=classes, average=None)
            dices = metrics.f1_score(flat, said, labels=classes, average=None)
            known["mean_iou"] = float(ious.mean())
            pairs = [{"iou": float(iou), "dice": float(dice)} for iou, dice in zip(ious, dices, strict=True)]
            found[version]["classes"] = dict(zip(names_of[1:], pairs, strict=True))
    return found


def reference(path: Path, attribute: str) -> dict[str, Any]:
    """The figures of one manifest: version -> all, and version -> attribute -> value."""
    manifest = YAML(typ="safe").load(path)
    if manifest["task"] == "detection":
        return figures_of_objects(path.parent, manifest)
    if manifest["task"] == "segmentation":
        return figures_of_masks(path.parent, manifest)
    samples = read(path.parent / manifest["samples"])
    target = manifest["columns"]["target"]
    judge = {"regression": figures_of_values, "multilabel": figures_of_sets}.get(manifest["task"], figures_of_labels)
    versions = {}
    for name, version in manifest["versions"].items():
        trainings = []
        for file in version.get("runs") or [version["predictions"]]:
            predicted = read(path.parent / file)
            # a version is judged on what it scored
            seen = samples.filter(pl.col("id").is_in(predicted["id"].implode()))
            table = seen.select("id").join(predicted, on="id", how="left", validate="1:1", maintain_order="left")
            slices = {}
            for value in sorted(seen[attribute].unique()):
                rows = seen[attribute] == value
                slices[str(value)] = judge(manifest, seen.filter(rows)[target], table.filter(rows))
            trainings.append({"all": judge(manifest, seen[target], table), f"by {attribute}": slices})
        versions[name] = trainings[0] if len(trainings) == 1 else mean(trainings)
    return versions


def mean(trainings: list[Any]) -> Any:
    """The mean figures of several trainings of one version; how many are right is no whole number then."""
    if isinstance(trainings[0], dict):
        return {key: mean([one[key] for one in trainings]) for key in trainings[0] if key != "n_right"}
    return trainings[0] if len(set(trainings)) == 1 else float(np.mean(trainings))


def main() -> None:
    """Writes every manifest's reference file."""
    for name, attribute in MANIFESTS.items():
        path = HERE / name
        if path.exists():
            file = "reference.json" if path.stem == "reportgen" else f"reference-{path.stem}.json"
            text = json.dumps(reference(path, attribute), indent=1, ensure_ascii=False)
            (path.parent / file).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
