"""Make the weather example: the days of Seattle, and what two models fitted here with numpy say of their weather.

Run by hand; nothing else of the project needs it. It needs numpy, polars and vega-datasets, which carries the data, so
nothing is fetched: `python make_data.py`. The models and their settings are read from configs/*.toml, so that what
stands there is what was fitted. v1 and v2 take no random numbers; the repeated trainings take theirs from their seeds.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from vega_datasets import data

HERE = Path(__file__).parent
VERSIONS = ("v1", "v2")
TRAINED_AGAIN = ("one-year", "two-years")
CLASSES = ("drizzle", "fog", "rain", "snow", "sun")
SEASONS = ("winter", "spring", "summer", "autumn")
EVALUATED = (2014, 2015)


def read_days() -> pl.DataFrame:
    """A row a day, 2012 to 2015, in order: date, precipitation (mm), temperatures (°C), wind (m/s), weather."""
    return pl.read_csv(data.seattle_weather.filepath, try_parse_dates=True).sort("date")


def describe(days: pl.DataFrame, years: Sequence[int] = EVALUATED) -> pl.DataFrame:
    """The table of the days of some years, by default the samples: the target is `label`."""
    date = pl.col("date")
    season = (date.dt.month() % 12 // 3).cast(pl.Int64).replace_strict(dict(enumerate(SEASONS)), return_dtype=pl.String)
    return days.select(
        id=date.dt.strftime("%Y-%m-%d"),
        week=date.dt.strftime("%G-W%V"),  # neighbouring days are alike: a week is a group
        label="weather",
        season=season,
        year=date.dt.year().cast(pl.String),
        yesterday=pl.col("weather").shift(1),
        precipitation="precipitation",
        temp_max="temp_max",
        temp_min="temp_min",
        wind="wind",
    ).filter(pl.col("year").cast(pl.Int64).is_in(years))


def to_features(days: pl.DataFrame, names: list[str]) -> np.ndarray:
    """The named features of every day, a column each, and a column a class for yesterday's weather."""
    columns = {
        "precipitation": pl.col("precipitation").log1p(),
        "temp_max": pl.col("temp_max"),
        "temp_min": pl.col("temp_min"),
        "wind": pl.col("wind"),
        "any_precipitation": (pl.col("precipitation") > 0).cast(pl.Float64),
        "temp_range": pl.col("temp_max") - pl.col("temp_min"),
        "temp_change": pl.col("temp_max").diff().fill_null(0),
    }
    table = days.select(columns[name].alias(name) for name in names if name in columns)
    if "weather_yesterday" in names:
        yesterday = pl.col("weather").shift(1)
        was = [(yesterday == name).fill_null(False).cast(pl.Float64).alias(name) for name in CLASSES]
        table = table.hstack(days.select(was))
    return table.to_numpy()


def to_probabilities(scores: np.ndarray) -> np.ndarray:
    """Softmax of each row."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def fit_and_predict(config: dict[str, Any], days: pl.DataFrame) -> np.ndarray:
    """Every day's probabilities by a softmax regression, fitted by gradient descent on the config's years."""
    features = to_features(days, config["features"])
    fitted = days["date"].dt.year().is_in(config["fitted_on"]).to_numpy()
    centre, spread = features[fitted].mean(axis=0), features[fitted].std(axis=0)
    rows = np.column_stack([(features - centre) / spread, np.ones(len(features))])
    truth = (days["weather"].to_numpy()[:, None] == np.array(CLASSES)).astype(float)[fitted]
    weights = np.zeros((rows.shape[1], len(CLASSES)))
    for _ in range(config["steps"]):
        error = to_probabilities(rows[fitted] @ weights) - truth
        weights -= config["step_size"] * (rows[fitted].T @ error / len(truth) + config["ridge"] * weights)
    return to_probabilities(rows @ weights)


def fit_in_batches(config: dict[str, Any], days: pl.DataFrame, seed: int) -> np.ndarray:
    """As ``fit_and_predict``, but by a few rounds over small batches in an order of chance: no two trainings agree."""
    rng = np.random.default_rng(seed)
    features = to_features(days, config["features"])
    fitted = days["date"].dt.year().is_in(config["fitted_on"]).to_numpy()
    centre, spread = features[fitted].mean(axis=0), features[fitted].std(axis=0)
    rows = np.column_stack([(features - centre) / np.where(spread > 0, spread, 1), np.ones(len(features))])
    truth = (days["weather"].to_numpy()[:, None] == np.array(CLASSES)).astype(float)
    weights = rng.normal(0, config["start"], (rows.shape[1], len(CLASSES)))
    for _ in range(config["rounds"]):
        for batch in np.array_split(rng.permutation(np.flatnonzero(fitted)), fitted.sum() // config["batch"]):
            error = to_probabilities(rows[batch] @ weights) - truth[batch]
            weights -= config["step_size"] * (rows[batch].T @ error / len(batch) + config["ridge"] * weights)
    return to_probabilities(rows @ weights)


def train_again(days: pl.DataFrame, samples: pl.DataFrame) -> None:
    """Writes trainings/*.csv, what each training of one model says, and training-data/*.csv, what it was fitted on."""
    for folder in ("trainings", "training-data"):
        (HERE / folder).mkdir(exist_ok=True)
    for name in TRAINED_AGAIN:
        config = tomllib.loads((HERE / "configs" / f"{name}.toml").read_text(encoding="utf-8"))
        fitted = describe(days, config["fitted_on"]).drop("temp_min")
        fitted.write_csv(HERE / "training-data" / f"{name}.csv")
        for seed in config["seeds"]:
            codes = fit_in_batches(config, days, seed)[-len(samples) :].argmax(axis=1)
            table = pl.DataFrame({"id": samples["id"], "prediction": [CLASSES[code] for code in codes]})
            table.write_csv(HERE / "trainings" / f"{name}-{seed}.csv")
            print(f"{name}, seed {seed}: {(table['prediction'] == samples['label']).mean():.4f} right")


def evaluate_apart() -> None:
    """Writes years/*.csv: v1 as it was evaluated on 2014, v2 on 2015."""
    (HERE / "years").mkdir(exist_ok=True)
    for version, year in zip(VERSIONS, ("2014", "2015"), strict=True):
        table = pl.read_csv(HERE / "preds" / f"{version}.csv").filter(pl.col("id").str.starts_with(year))
        table.select("id", "prediction").write_csv(HERE / "years" / f"{version}-{year}.csv")


def round_to_one(probabilities: np.ndarray) -> np.ndarray:
    """The probabilities to 6 digits, none below 0.000001; the largest of a row takes what is left to the sum of 1."""
    rounded = np.round(probabilities, 6).clip(1e-6, 1)
    rows, largest = np.arange(len(rounded)), probabilities.argmax(axis=1)
    rounded[rows, largest] = np.round(1 - (rounded.sum(axis=1) - rounded[rows, largest]), 6)
    return rounded


def main() -> None:
    """Writes samples.csv, preds/*.csv, trainings/*.csv, training-data/*.csv and years/*.csv beside this script."""
    days = read_days()
    samples = describe(days)
    samples.write_csv(HERE / "samples.csv")
    (HERE / "preds").mkdir(exist_ok=True)
    for version in VERSIONS:
        config = tomllib.loads((HERE / "configs" / f"{version}.toml").read_text(encoding="utf-8"))
        probabilities = round_to_one(fit_and_predict(config, days)[-len(samples) :])
        columns = {f"prob_{name}": probabilities[:, code] for code, name in enumerate(CLASSES)}
        said = [CLASSES[code] for code in probabilities.argmax(axis=1)]
        table = pl.DataFrame({"id": samples["id"], "prediction": said, **columns})
        table.write_csv(HERE / "preds" / f"{version}.csv", float_precision=6)
        print(f"{version}: {(table['prediction'] == samples['label']).mean():.4f} right")
    train_again(days, samples)
    evaluate_apart()


if __name__ == "__main__":
    main()
