"""Make the sentiment example: texts that people rated, and what four released sentiment scorers say of them.

Run by hand; nothing else of the project needs it. It needs polars, afinn 0.1, textblob 0.20.1, requests (VADER 2.5
imports it), and three files of one project, left packed:

    pip download --no-deps vaderSentiment==2.5 -d DIR
    pip download --no-deps vaderSentiment==3.3.2 -d DIR
    pip download --no-deps --no-binary :all: vaderSentiment==3.3.2 -d DIR
    python make_data.py DIR

The texts and their ratings are in the source archive of VADER 3.3.2 (MIT). No random numbers: the texts are the
1,500 of each domain whose id has the smallest SHA-256. A defect is planted: eight product reviews, those of the largest
SHA-256, have lost their text after they were rated and described, and the scorers score what is left. planted.csv
names them.
"""

from __future__ import annotations

import hashlib
import io
import json
import math
import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

import polars as pl
from afinn import Afinn
from textblob import TextBlob

HERE = Path(__file__).parent
DOMAINS = {
    "tweets": "tweets",
    "amazon_reviews": "amazonReviewSnippets",
    "movie_reviews": "movieReviewSnippets",
    "nyt_editorials": "nytEditorialSnippets",
}
N_PER_DOMAIN = 1_500
NEUTRAL_WITHIN = 0.2  # on the scale from -4 to 4; VADER's own band, 0.05 of its scale from -1 to 1
NEGATIONS = re.compile(r"\b(not|no|never|none|nothing|neither|nor|cannot|without|\w+n't)\b", re.IGNORECASE)
LOST = {"amazon_reviews": ("", "", "", "", "", "   ", "\u00a0", "\u200b\n")}  # what is left of the texts
EMOTICONS = re.compile(r"(?<!\w)[:;=8xX][-o']?[()\[\]dDpP/\\|3](?!\w)|<3")

SCORE_VADER = """
import json, sys
sys.path.insert(0, sys.argv[1])
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer
analyzer = SentimentIntensityAnalyzer()
json.dump([analyzer.polarity_scores(text)["compound"] for text in json.load(sys.stdin)], sys.stdout)
"""


def label_of(rating: float) -> str:
    """The class of a rating from -4 to 4."""
    if abs(rating) <= NEUTRAL_WITHIN:
        return "neutral"
    return "positive" if rating > 0 else "negative"


def read_texts(source: Path) -> pl.DataFrame:
    """All rated texts of the archive within the archive: domain, id, text, rating and the raters' spread."""
    with tarfile.open(source) as outer:
        name = next(n for n in outer.getnames() if n.endswith("hutto_ICWSM_2014.tar.gz"))
        inner = outer.extractfile(name).read()
    rows = []
    with tarfile.open(fileobj=io.BytesIO(inner)) as archive:
        for domain, stem in DOMAINS.items():
            truth = archive.extractfile(f"hutto_ICWSM_2014/{stem}_GroundTruth.txt").read().decode("utf-8-sig")
            spread = archive.extractfile(f"hutto_ICWSM_2014/{stem}_anonDataRatings.txt").read().decode("utf-8-sig")
            spreads = dict(line.split("\t")[::2][:2] for line in spread.splitlines() if line.strip())
            for line in truth.splitlines():
                if line.strip():
                    number, rating, text = line.split("\t", 2)
                    rows.append((domain, f"{domain}:{number}", text.strip(), float(rating), float(spreads[number])))
    return pl.DataFrame(rows, schema=["domain", "id", "text", "rating", "spread"], orient="row")


def select(texts: pl.DataFrame) -> pl.DataFrame:
    """The texts of the example, by the smallest hash of the id within each domain; rows in the order of ids."""
    key = pl.col("id").map_elements(lambda text: hashlib.sha256(text.encode()).hexdigest(), return_dtype=pl.String)
    chosen = texts.with_columns(key=key).sort("key").group_by("domain", maintain_order=True).head(N_PER_DOMAIN)
    return chosen.sort("id").drop("key")


def lose_texts(samples: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The samples, some without their text: nothing, blanks, or a sign that nobody sees; and which."""
    key = pl.col("id").map_elements(lambda text: hashlib.sha256(text.encode()).hexdigest(), return_dtype=pl.String)
    left = {}
    for domain, texts in LOST.items():
        last = samples.filter(pl.col("domain") == domain).sort(key)["id"].to_list()[-len(texts) :]
        left |= dict(zip(last, texts, strict=True))
    text = pl.col("id").replace_strict(left, default=pl.col("text"), return_dtype=pl.String)
    planted = pl.DataFrame({"id": sorted(left), "planted": ["empty text"] * len(left)})
    return samples.with_columns(text=text), planted


def level(number: pl.Expr, upto: dict[float, str], beyond: str) -> pl.Expr:
    """The name of the first limit that the number does not exceed."""
    expr = pl.lit(beyond)
    for limit in sorted(upto, reverse=True):
        expr = pl.when(number <= limit).then(pl.lit(upto[limit])).otherwise(expr)
    return expr


def describe(texts: pl.DataFrame) -> pl.DataFrame:
    """The sample table: each text with its target, its document and what can be seen in it."""

    def yes_no(pattern: re.Pattern[str]) -> pl.Expr:
        return pl.col("text").map_elements(lambda t: "yes" if pattern.search(t) else "no", return_dtype=pl.String)

    return texts.select(
        "id",
        "domain",
        # several sentences of one review or one editorial are judged together: tweets stand alone
        document=pl.col("id").str.replace(r"_\d+$", ""),
        text="text",
        rating=pl.col("rating").round(6),
        label=pl.col("rating").map_elements(label_of, return_dtype=pl.String),
        strength=level(pl.col("rating").abs(), {0.5: "weak", 1.5: "mild", 2.5: "strong"}, "extreme"),
        raters=level(pl.col("spread"), {0.8: "agree", 1.2: "differ a little"}, "differ a lot"),
        words=pl.col("text").str.count_matches(r"\S+"),
        negation=yes_no(NEGATIONS),
        but=yes_no(re.compile(r"\bbut\b", re.IGNORECASE)),
        exclamation=yes_no(re.compile("!")),
        capitals=yes_no(re.compile(r"\b[A-Z]{3,}\b")),
        emoticon=yes_no(EMOTICONS),
    )


def score_vader(wheel: Path, texts: list[str]) -> list[float]:
    """The scores of one release of VADER, -1 to 1; each in a process of its own, since they share a name."""
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
        run = [sys.executable, "-c", SCORE_VADER, folder]
        done = subprocess.run(run, input=json.dumps(texts), text=True, capture_output=True, check=True)
        return json.loads(done.stdout)


def score_afinn(texts: list[str]) -> list[float]:
    """AFINN's sum of word values, brought to -1 to 1 by tanh(sum / 6): six points are a clearly felt text."""
    afinn = Afinn()
    return [math.tanh(afinn.score(text) / 6) for text in texts]


def score_textblob(texts: list[str]) -> list[float]:
    """TextBlob's polarity, -1 to 1."""
    return [TextBlob(text).sentiment.polarity for text in texts]


def write_predictions(name: str, ids: pl.Series, scores: list[float]) -> None:
    """Writes one version's file: the rating from -4 to 4, and the class it falls in."""
    rating = pl.Series("rating", [round(4 * score, 4) for score in scores])
    label = pl.Series("label", [label_of(value) for value in rating])
    pl.DataFrame([ids, label, rating]).write_ndjson(HERE / "predictions" / f"{name}.jsonl")


def main(downloads: Path) -> None:
    """Writes samples.csv, planted.csv and predictions/*.jsonl beside this script."""
    samples, planted = lose_texts(describe(select(read_texts(downloads / "vaderSentiment-3.3.2.tar.gz"))))
    samples.write_csv(HERE / "samples.csv")
    planted.write_csv(HERE / "planted.csv")
    (HERE / "predictions").mkdir(exist_ok=True)
    texts = samples["text"].to_list()
    for release in ("2.5", "3.3.2"):
        scores = score_vader(downloads / f"vaderSentiment-{release}-py2.py3-none-any.whl", texts)
        write_predictions(f"vader-{release}", samples["id"], scores)
    write_predictions("afinn", samples["id"], score_afinn(texts))
    write_predictions("textblob", samples["id"], score_textblob(texts))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
