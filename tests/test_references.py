"""Every figure that ``examples/make_references.py`` computed without this package stands in the example's report."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from ruamel.yaml import YAML

from reportgen.model import ALL

OVERALL_ONLY = {"auroc", "average_precision"}  # no sums: not computed for every slice


def figures(reference: dict[str, Any]) -> Iterator[tuple[str, tuple[str, str] | None, str, float]]:
    """Version, slice (attribute and value; None: all samples), name and value of each figure."""
    for version, parts in reference.items():
        for part, inner in parts.items():
            if part == "all":
                yield from ((version, None, name, value) for name, value in inner.items())
            elif part.startswith("by "):
                attribute = part.removeprefix("by ")
                for shown, found in inner.items():
                    yield from ((version, (attribute, shown), name, value) for name, value in found.items())


def read_estimates(report: dict[str, Any]) -> dict[tuple[str, str, str, str | None], tuple[float | None, int]]:
    """Value and n by slice, version, metric and class."""
    table = report["estimates"]
    keys = zip(table["slice"], table["version"], table["metric"], table["class"], strict=True)
    return dict(zip(keys, zip(table["value"], table["n"], strict=True), strict=True))


def test_the_figures_of_the_reference_are_in_the_report(example_name: str, example: Callable[[str], Any]) -> None:
    """To 1e-6, for every version, over all samples and for each value of one attribute."""
    site = example(example_name)
    suffix = "" if site.manifest.stem == "reportgen" else f"-{site.manifest.stem}"
    reference = json.loads((site.manifest.parent / f"reference{suffix}.json").read_text(encoding="utf-8"))
    report = json.loads((site.folder / "report.json").read_text(encoding="utf-8"))
    estimates = read_estimates(report)
    lead = next(metric["name"] for metric in report["metrics"] if metric["primary"])
    of_class = {name for _, _, name, klass in estimates if klass is not None}
    positive = YAML(typ="safe").load(site.manifest).get("positive")
    slices = {
        (slice_["terms"][0]["attribute"], slice_["terms"][0]["value"]): slice_["id"]
        for slice_ in report["slices"]
        if len(slice_["terms"]) == 1
    }
    compared = 0
    for version, terms, name, value in figures(reference):
        place = ALL if terms is None else slices[terms]
        if terms is not None and name in OVERALL_ONLY:
            continue
        if name == "n":
            # F1 of objects is over the images that have any; AP is over all
            whole = "ap" if (place, version, "ap", None) in estimates else lead
            assert estimates[place, version, whole, None][1] == value, (version, terms)
        elif name == "n_right":
            rate, n = estimates[place, version, "accuracy", None]
            assert rate is not None
            assert round(rate * n) == value, (version, terms)
        else:
            found, _ = estimates[place, version, name, positive if name in of_class else None]
            assert found == pytest.approx(value, rel=1e-6, abs=1e-6), (version, terms, name)
        compared += 1

    assert compared >= 4 * len(reference)


@pytest.mark.parametrize("name", ["nuclei-masks", "scenes-masks"])
def test_classes_of_pixels_and_what_they_are_taken_for_are_those_of_the_reference(
    name: str, example: Callable[[str], Any]
) -> None:
    """IoU and Dice to 1e-9 where there are several classes; how many pixels of each, or of none, are taken for each."""
    site = example(name)
    reference = json.loads((site.manifest.parent / "reference-masks.json").read_text(encoding="utf-8"))
    report = json.loads((site.folder / "report.json").read_text(encoding="utf-8"))
    estimates, cells = read_estimates(report), report["pixel_confusions"]
    keys = zip(cells["version"], cells["target"], cells["prediction"], strict=True)
    counts = dict(zip(keys, cells["n"], strict=True))
    for version, parts in reference.items():
        for klass, figures_of_class in parts.get("classes", {}).items():
            for metric, value in figures_of_class.items():
                assert estimates[ALL, version, metric, klass][0] == pytest.approx(value, abs=1e-9), (klass, metric)
        for true, row in parts["pixels"].items():
            for said, n in row.items():
                assert counts.get((version, true, said), 0) == n, (version, true, said)
