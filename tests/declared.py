"""A small folder whose manifest declares gates, critical slices, expectations and a pinned set, for whole builds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

MANIFEST = """\
task: classification
samples: samples.csv
columns: {target: label}
classes: [car, van]
attributes: [weather, time]
versions: {v1: v1.csv, v2: v2.csv}
critical:
- {where: {weather: rain, time: night}, why: safety case 4.2, name: rainy nights}
expect:
- v2 is better where time = day
- v2 is not worse where weather = rain and time = night
- v2 accuracy is at least 99%
pinned: {old: ids/old.csv}
gates:
- {metric: accuracy, max_drop: 0.02}
- {metric: accuracy, on: critical, max_drop: 0.02}
- {metric: recall, class: van, min: 0.5}
- {metric: newly_broken, where: {time: day, weather: rain, label: car}, max: 3}
undecided: fail
"""


def write_declared(folder: Path, n: int = 1600) -> pl.DataFrame:
    """Writes the folder; v2 gains everywhere and loses in rainy nights. The samples, with who has which right."""
    rng = np.random.default_rng(3)
    hard = rng.random(n)
    samples = pl.DataFrame(
        {
            "id": [f"s{i:04d}" for i in range(n)],
            "label": rng.choice(["car", "van"], n),
            "weather": rng.choice(["clear", "rain"], n),
            "time": rng.choice(["day", "night"], n),
        }
    )
    dark = ((samples["weather"] == "rain") & (samples["time"] == "night")).to_numpy()
    right = {"v1": hard < 0.8, "v2": hard < np.where(dark, 0.5, 0.97)}
    samples.write_csv(folder / "samples.csv")
    other = samples["label"].replace({"car": "van", "van": "car"})
    for name, mark in right.items():
        said = pl.select(pl.when(pl.Series(mark)).then(samples["label"]).otherwise(other)).to_series()
        pl.DataFrame({"id": samples["id"], "prediction": said}).write_csv(folder / f"{name}.csv")
    (folder / "ids").mkdir()
    pinned = [*samples["id"].filter(pl.Series(~right["v1"])).head(60), *samples["id"].filter(pl.Series(dark)).head(40)]
    pl.DataFrame({"id": [*dict.fromkeys(pinned), "gone"]}).write_csv(folder / "ids" / "old.csv")
    (folder / "reportgen.yaml").write_text(MANIFEST, encoding="utf-8")
    return samples.with_columns(
        **{name: pl.Series(mark) for name, mark in right.items()}, pinned=samples["id"].is_in(pinned)
    )
