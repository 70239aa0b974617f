"""The level of the intervals that the manifest asks for stands wherever an interval does."""

from __future__ import annotations

import base64
import gzip
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from reportgen.inputs.load import load_manifest
from reportgen.model import Limits
from reportgen.pipeline import run
from reportgen.render.pages import folder_files
from reportgen.render.serialise import to_json
from reportgen.report import Report
from reportgen.site.charts import effect
from reportgen.site.page import Site
from reportgen.site.plan import plan
from reportgen.summary import five_lines
from tests import builders

N = 1200
KINDS = ("pair", "one version", "errors", "apart")
TICK = 'transform="translate(-8,4)" font-size="12px" fill="#62676E">'  # of a value axis
TICKS = 'transform="translate(-8,4)">'  # of one whose labels say that once, together
OVER_ROWS = ' y="12">'  # of the axis in a table's head
AXES = "".join(f"(?<!{re.escape(label)})" for label in (TICK, TICKS, OVER_ROWS))
OTHER_LEVEL = re.compile(f'(?<![\\d.])(?<!"label":"){AXES}(?<!<td><bdi>)95 ?%|19 of 20')
"""The usual level's words; the label of an axis may be any percentage."""


def build(folder: Path, kind: str) -> Report:
    """A report at the level 0.8: of three versions, the last worse in the rain and in calling cars vans, or of others.

    ``one version``: of the last alone. ``errors``: of a regression. ``apart``: of versions that scored other samples.
    """
    rng = np.random.default_rng(3)
    rain, night = rng.random(N) < 0.3, rng.random(N) < 0.4
    car = rng.random(N) < 0.6
    ids = pl.Series("id", [f"s{i:04d}" for i in range(N)])
    weather, time = np.where(rain, "rain", "clear"), np.where(night, "night", "day")
    number = rng.normal(20, 4, N).round(3)
    target = number if kind == "errors" else np.where(car, "car", "van")
    pl.DataFrame({"id": ids, "target": target, "weather": weather, "time": time}).write_csv(folder / "samples.csv")
    names = ["v3"] if kind == "one version" else ["v1", "v2", "v3"]
    hard = rng.random(N)
    for name in names:
        bad = (0.4 if name == "v3" else 0.1) * (rain & car)
        if kind == "errors":
            said = pl.Series("said", number + rng.normal(0, 1 + 3 * bad).round(3))
        else:
            wrong = hard < (0.15 if name == "v1" else 0.1) * ~rain + bad
            said = pl.Series("said", np.where(wrong ^ car, "car", "van"))
        sure = rng.uniform(0.85 if name == "v3" else 0.5, 1, N)
        score = pl.Series("score", np.where(said.to_numpy() == "van", sure, 1 - sure).round(3))
        early = np.arange(N) < N // 2
        own = np.ones(N, bool) if kind != "apart" else ~early if name == "v3" else early
        pl.DataFrame([ids, said, score]).filter(own).write_csv(folder / f"{name}.csv")
    predicted = "{value: said}" if kind == "errors" else "{label: said, score: score}\npositive: van"
    manifest = folder / "reportgen.yaml"
    manifest.write_text(
        f"task: {'regression' if kind == 'errors' else 'classification'}\nsamples: samples.csv\nlevel: 0.8\n"
        f"columns: {{id: id, target: target}}\nprediction_columns: {predicted}\nattributes: [weather, time]\n"
        f"versions: {{{', '.join(f'{name}: {name}.csv' for name in names)}}}\n"
    )
    return run(load_manifest(manifest))


def texts(site: Site) -> Iterator[tuple[str, str]]:
    """What stands in the site by file: pages, ``report.json``, and the chunks with what is packed in them."""
    for path, data in folder_files(site):
        if path.endswith((".html", "report.json")):
            yield path, data.decode()
    for name, chunk in site.chunks.items():
        packed = isinstance(chunk, dict) and chunk.get("type") == "json"
        told = json.loads(gzip.decompress(base64.b64decode(chunk["gzip"]))) if packed else chunk  # type: ignore[index]
        yield name, "" if isinstance(chunk, dict) and "gzip" in chunk and not packed else to_json(told)


def others(found: Iterable[tuple[str, str]]) -> list[str]:
    """Where the usual level is spoken of."""
    return [
        f"{name}: {text[max(0, hit.start() - 60) : hit.end() + 20]}"
        for name, text in found
        for hit in OTHER_LEVEL.finditer(text)
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_no_interval_is_called_by_another_level(tmp_path: Path, kind: str) -> None:
    """Pages, findings, browser data and the lines of the terminal say 80%, and nowhere 95%."""
    report = build(tmp_path, kind)
    site = plan(report)
    found = [*texts(site), ("five lines", "\n".join(five_lines(report, ())))]

    assert not others(found)
    said = {name for name, text in found if "80%" in text}
    assert {"index.html", "about.html", "slices.html", "slices", "report.json", "five lines"} <= said
    assert ({"compare.html", "compare"} <= said) == (kind != "one version")
    assert "4 of 5 such intervals" in dict(found)["index.html"]
    units = [one.effect.unit for one in report.findings if one.effect is not None and one.kind != "data"]
    assert units
    assert all("80% " in unit for unit in units)


def test_charts_of_a_planted_report_take_its_level() -> None:
    """Classes, cells, slices and their tables name the report's level, as the footer does."""
    report = replace(builders.report(n=1200), limits=Limits(level=0.8))
    found = list(texts(plan(report)))

    assert not others(found)
    heads = {chart.id: str(chart.head) for page in plan(report).pages for chart in page.charts}
    assert all("80% interval" in heads[name] for name in ("compare-classes", "compare-confusion", "slices-heat"))


@pytest.mark.parametrize("kind", ["difference", "pair", "share"])
def test_a_finding_s_chart_takes_the_level(kind: str) -> None:
    """Each kind of effect heads its interval with the level."""
    rows = next(f.effect.rows for f in builders.report(n=300).findings if f.effect is not None and f.effect.rows)
    chart = effect("one", "One", rows, kind=kind, level=0.8)  # type: ignore[arg-type]

    assert "80% interval" in chart.head
    assert "95%" not in repr(vars(chart))
