"""Browser data: every sample as columns, packed small, exactly what Python has, the same each time."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest

from reportgen import columns, numbers
from reportgen.model import ALL, Attribute, Limits, Media, Outcomes
from reportgen.render.serialise import to_json
from reportgen.report import Report
from reportgen.site.media import Text, Thumb, Thumbnails
from reportgen.site.packing import (
    pack_codes,
    pack_confidence,
    pack_floats,
    pack_json,
    pack_numbers,
    pack_predictions,
    pack_ranks,
)
from reportgen.site.payload import fit, make_payload, on_demand
from reportgen.tasks.regression import METRICS, PRIMARY
from tests import builders

DTYPES = {"u8": "<u1", "u16": "<u2", "u32": "<u4", "f32": "<f4", "f64": "<f8"}


def unpack(chunk: Any, others: Any = None) -> Any:
    """What a chunk holds, as the browser reads it; ``others`` is what it says that its codes are beyond."""
    data = gzip.decompress(base64.b64decode(chunk["gzip"]))
    if chunk["type"] in ("json", "texts"):
        return json.loads(data)
    flat = np.frombuffer(data, np.uint8)
    if "radix" in chunk:
        each = [radix for k in range(8) if (radix := chunk["radix"] ** k) * chunk["radix"] <= 256]
        values = np.stack([flat // one % chunk["radix"] for one in each], 1).ravel()[: chunk["n"]]
    else:
        planes = flat.reshape(-1, chunk["n"])
        values = np.ascontiguousarray(planes.T).view(DTYPES[chunk["type"]]).ravel()
    assert len(values) == chunk["n"]
    if "per" in chunk:
        return np.where(values > 0, (values.astype(float) - 1 + chunk["least"]) / chunk["per"], np.nan)
    if "of" in chunk:
        round_ = (values.astype(int) + others - 2) % chunk["classes"] + 1
        return np.where((values > 0) & (np.asarray(others) > 0), round_, values)
    if "steps" in chunk:  # read as engine/confidences.js reads them
        return np.where(values > 0, (values - 1.0) / chunk["steps"], np.nan).astype(np.float32)
    return values


def regression() -> Report:
    """A report of values: two versions, one of which did not score the second sample."""
    plain = builders.report(n=300, n_versions=2, attributes=False)
    frame = pl.DataFrame(
        {
            "id": ["a", "b", "c"],
            "target": [1.5, 2.0, -0.25],
            "a0": pl.Series([0, 1, -1], dtype=pl.Int32),
            "scored_0": [True, True, True],
            "prediction_0": [1.0, 2.0, 0.0],
            "correct_0": pl.Series([0, 1, 1], dtype=pl.Int8),
            "scored_1": [True, False, True],
            "prediction_1": [1.5, None, 3.0],
            "correct_1": pl.Series([1, 0, 0], dtype=pl.Int8),
        }
    )
    samples = pl.DataFrame({"id": ["a", "b", "c"], "size": [0.1234567, 2.5, None]})
    attribute = Attribute("size", "numeric", ("< 1", "≥ 1"), 0, (0.0, 1.0, 3.0))
    outcomes = Outcomes(frame, samples, (), (attribute,), ("v1", "v2"), tolerance=0.4, flip_margin=0.3)
    examples = pl.DataFrame([("largest_error", 1, 2, "c", 3.25)], schema=columns.EXAMPLES, orient="row")
    metrics = tuple(replace(m.info, primary=m.name == PRIMARY) for m in METRICS)
    return replace(plain, task="regression", outcomes=outcomes, examples=examples, metrics=metrics, findings=())


@pytest.mark.parametrize(("n_values", "kind"), [(1, "u8"), (255, "u8"), (256, "u16"), (65_535, "u16"), (65_536, "u32")])
def test_codes_take_the_smallest_integers(n_values: int, kind: str) -> None:
    """A column of codes is as narrow as its values allow, and -1 and null both come out as 0."""
    codes = pl.Series([-1, 0, None, n_values - 1], dtype=pl.Int32)

    chunk = pack_codes(codes, n_values)

    assert chunk["type"] == kind
    assert unpack(chunk).tolist() == [0, 1, 0, n_values]


@pytest.mark.parametrize("n_values", [1, 2, 3, 4, 5, 6, 7, 15, 16])
@pytest.mark.parametrize("n", [1, 2, 7, 1000])
def test_few_codes_share_bytes(n_values: int, n: int) -> None:
    """Up to 15 values and "missing" are digits of bytes: as many as fit, and all come back."""
    codes = np.random.default_rng(n).integers(-1, n_values, n)

    chunk = pack_codes(pl.Series(codes), n_values)

    assert unpack(chunk).tolist() == (codes + 1).tolist()
    size = len(gzip.decompress(base64.b64decode(str(chunk["gzip"]))))
    each = next(k for k in range(8, 0, -1) if (n_values + 1) ** k <= 256)
    assert size == -(-n // each)


def test_floats_keep_their_bits() -> None:
    """32 bits and 64."""
    values = np.random.default_rng(1).random(1000)

    assert (unpack(pack_floats(values.astype(np.float32), "f32")) == values.astype(np.float32)).all()
    assert (unpack(pack_floats(values, "f64")) == values).all()


def test_predictions_are_packed_as_what_they_are_beyond_the_target() -> None:
    """Right ones are all alike; missing predictions and targets come back, too."""
    target = pl.Series([0, 1, 2, -1, 2, None], dtype=pl.Int32)
    codes = pl.Series([0, 0, 2, 1, None, -1], dtype=pl.Int32)

    chunk = pack_predictions(codes, target, 3)

    assert unpack({**chunk, "of": "target"}, np.array([1, 2, 3, 0, 3, 0])).tolist() == [1, 1, 3, 2, 0, 0]
    assert unpack(pack_codes(pl.Series([0, 2, 0, 1, -1, -1]), 3)).tolist() == [1, 3, 1, 2, 0, 0]
    assert {k: v for k, v in chunk.items() if k not in ("of", "classes")} == pack_codes(
        pl.Series([0, 2, 0, 1, -1, -1]), 3
    )


def test_confidences_on_the_grid_keep_their_bits() -> None:
    """As the Float32 that Python ranks by, in 16 bits; missing ones are no number."""
    steps = np.random.default_rng(1).integers(0, columns.CONFIDENCE_STEPS + 1, 1000)
    known = (steps / columns.CONFIDENCE_STEPS).astype(np.float32)
    chunk = pack_confidence(pl.Series([*known.tolist(), None], dtype=pl.Float32))

    assert chunk["type"] == "u16"
    assert (unpack(chunk)[:-1] == known).all()
    assert np.isnan(unpack(chunk)[-1])


@pytest.mark.parametrize(
    ("numbers", "kind"),
    [
        ([18.0, 65.0, 42.0], "u8"),
        ([-3.5, 0.1, 1234.7], "u16"),
        ([0.1 + 0.2, 1.0], "f64"),
        ([float(np.float32(0.1)), 1e30], "f64"),
        ([float(np.float32(0.1)), 1.0], "f32"),
        ([5e-324, 1.0], "f64"),
        ([4e9, -4e9], "f32"),
        ([9007199254740994.0, 9007199254740992.0], "f64"),
        ([1e-6, 4294.0], "u32"),
        ([1e-6, 4295.0], "f64"),
        ([1e300, 1e-300], "f64"),
        ([1.7e308, -1.7e308, 1.0], "f64"),
        ([], "f32"),
    ],
)
def test_numbers_keep_their_bits(numbers: list[float], kind: str) -> None:
    """In as few bits as they need: decimals as whole numbers; what is no finite number is missing."""
    given = np.array([np.nan, *numbers, np.inf, -np.inf])

    chunk = pack_numbers(given)
    found = unpack(chunk)

    assert chunk["type"] == kind
    assert found[1:-2].tolist() == numbers
    assert np.isnan(found[[0, -2, -1]]).all()


def test_ranks_are_places_among_all() -> None:
    """From 1, ties alike, 0 where there is none; in no more bits than there are different scores."""
    scores = np.array([0.5, 0.25, np.nan, 0.5, 0.75, -0.0, 0.0])
    many = np.random.default_rng(1).random(70_000)

    assert unpack(pack_ranks(scores)).tolist() == [3, 2, 0, 3, 4, 1, 1]
    assert (pack_ranks(scores)["type"], pack_ranks(many)["type"]) == ("u8", "u32")
    assert (unpack(pack_ranks(many)) == np.argsort(np.argsort(many)) + 1).all()


def test_every_sample_is_there_and_correctness_follows() -> None:
    """Target and predictions give back the outcome frame's correctness for every sample and version."""
    report = builders.report(n=500)

    chunks = make_payload(report, Thumbnails())

    frame = report.outcomes.frame
    target = unpack(chunks["target"])
    assert unpack(chunks["ids"]) == frame["id"].to_list()
    for v in range(3):
        right = (unpack(chunks[f"prediction-{v}"], target) == target).astype(np.int8)
        assert right.tolist() == frame[columns.correct(v)].to_list()
        assert (unpack(chunks[f"confidence-{v}"]) == frame[columns.confidence(v)].to_numpy()).all()
    assert (unpack(chunks["a0"]) == frame["a0"].to_numpy() + 1).all()
    assert "a2" not in chunks  # the class slices by the target itself


def test_groups_and_weights_where_there_are_any() -> None:
    """Groups are codes, weights the numbers themselves; without them there is no such column."""
    plain = builders.report(n=300)
    rng = np.random.default_rng(2)
    group, weight = rng.integers(0, 40, 300).astype(np.int32), rng.uniform(0.5, 2, 300)
    frame = plain.outcomes.frame.with_columns(group=pl.Series(group), weight=pl.Series(weight))
    names = tuple(f"g{i}" for i in range(40))
    report = replace(plain, outcomes=replace(plain.outcomes, frame=frame, group_names=names))

    chunks = make_payload(report, Thumbnails())
    without = make_payload(plain, Thumbnails())

    assert (unpack(chunks["group"]) == group + 1).all()
    assert (unpack(chunks["weight"]) == weight).all()
    assert not {"group", "weight"} & set(without)
    found: Any = (chunks["samples"], without["samples"])
    assert [(one["grouped"], one["weighted"]) for one in found] == [(True, True), (False, False)]


def test_limits_and_roles_are_those_of_the_report() -> None:
    """Level, support, positive class, costs, and whose training is shown; nothing is absent from the whole."""
    plain = builders.report(n=300)
    costs = ((0.0, 2.0), (1.0, 0.0))
    outcomes = replace(plain.outcomes, classes=("no", "yes"), positive="yes", costs=costs)
    versions = (plain.versions[0], replace(plain.versions[1], runs=("a.csv", "b.csv")), plain.versions[2])
    limits = Limits(show=5, test=20, decide=100, groups=8, level=0.9)
    found: Any = make_payload(replace(plain, outcomes=outcomes, versions=versions, limits=limits), Thumbnails())[
        "samples"
    ]

    assert (found["level"], found["support"]) == (0.9, {"show": 5, "test": 20, "decide": 100, "groups": 8})
    assert (found["positive"], found["costs"], found["absent"]) == (1, costs, [])
    assert "of v2 are those of its first training" in found["first_training"]


def test_unscored_predictions_are_missing() -> None:
    """A version without a usable prediction has none in the browser, whatever its column holds."""
    report = builders.report(n=300)
    frame = report.outcomes.frame.with_columns((pl.col("id") != "s00007").alias("scored_1"))
    report = replace(report, outcomes=replace(report.outcomes, frame=frame))

    chunks = make_payload(report, Thumbnails())
    prediction = unpack(chunks["prediction-1"], unpack(chunks["target"]))

    assert np.flatnonzero(prediction == 0).tolist() == [7]


def test_values_of_a_regression() -> None:
    """Targets and predicted values are 64 bits wide, a missing one is not a number; exact numbers stand beside bins."""
    chunks = make_payload(regression(), Thumbnails())

    details = unpack(chunks["details"])
    assert unpack(chunks["target"]).tolist() == [1.5, 2.0, -0.25]
    assert np.isnan(unpack(chunks["prediction-1"])).tolist() == [False, True, False]
    assert unpack(chunks["a0"]).tolist() == [1, 2, 0]
    assert details["rows"] == [0, 1, 2]
    assert details["numbers"] == {"a0": ["0.123457", "2.5", ""]}
    assert details["likeliest"] == {}


def test_numbers_of_bins_on_demand() -> None:
    """An attribute of bins has a chunk with its numbers, and says which; a target of values is its own."""
    report = regression()
    true = Attribute("price", "target", ("< 0", "≥ 0"), 1, (-1.0, 0.0, 3.0))
    frame = report.outcomes.frame.with_columns(a1=pl.Series([1, 1, 0], dtype=pl.Int32))
    outcomes = replace(report.outcomes, frame=frame, attributes=(*report.outcomes.attributes, true))
    report = replace(report, outcomes=outcomes)
    told: Any = make_payload(report, Thumbnails())["samples"]

    chunks = on_demand(report, Thumbnails())

    assert list(chunks) == ["number-0"]
    assert unpack(chunks["number-0"]).tolist()[:2] == [0.1234567, 2.5]
    assert np.isnan(unpack(chunks["number-0"])[2])
    assert [one["number"] for one in told["attributes"]] == ["number-0", "target"]
    assert [one["edges"] for one in told["attributes"]] == [[0, 1, 3], [-1, 0, 3]]


def test_links_on_demand() -> None:
    """What they begin with stands once; a sample without one has none."""
    links = ["https://data.example/img/a.jpg", None, "https://data.example/img/猫.jpg"]
    report = regression()
    frame = report.outcomes.frame.with_columns(pl.Series(columns.LINK, links))
    linked = replace(report, outcomes=replace(report.outcomes, frame=frame))
    nothing = frame.with_columns(pl.lit(None, pl.String).alias(columns.LINK))
    told: Any = make_payload(linked, Thumbnails())["samples"], make_payload(report, Thumbnails())["samples"]

    assert unpack(on_demand(linked, Thumbnails())["links"]) == {
        "start": "https://data.example/img/",
        "ends": ["a.jpg", None, "猫.jpg"],
    }
    assert unpack(
        on_demand(replace(report, outcomes=replace(report.outcomes, frame=nothing)), Thumbnails())["links"]
    ) == {
        "start": "",
        "ends": [None] * 3,
    }
    assert [one["links"] for one in told] == [True, False]


def test_one_file_has_what_is_on_demand_where_it_is_small() -> None:
    """All of it or none; what it lacks is named in the file itself, and the folder's chunks stay as they are."""
    chunks = make_payload(builders.report(n=300), Thumbnails())
    lazy = {name: pack_codes(pl.Series(range(5000)), 5000) for name in ("rank-0-0", "rank-1-0")}

    small, large = fit(chunks, lazy), fit(chunks, lazy, budget=10_000)
    told: Any = large["samples"]

    assert set(small) == {*chunks, *lazy}
    assert set(large) == set(chunks)
    assert told["absent"] == ["rank-0-0", "rank-1-0"]
    assert {**told, "absent": []} == chunks["samples"] == small["samples"]


def test_details_are_of_few_samples_or_of_those_that_are_shown() -> None:
    """Every sample of 3,000; of more, those of findings and galleries, or all that have media."""
    few, many, shown = (
        builders.report(n=n, media=Media(kind, "image", "."))
        for n, kind in ((3000, "none"), (3001, "none"), (3001, "image"))
    )
    rows = [unpack(make_payload(report, Thumbnails())["details"])["rows"] for report in (few, many, shown)]
    told = {*many.examples["row"].to_list(), *(row for finding in many.findings for row in finding.rows)}

    assert rows[0] == list(range(3000))
    assert rows[1] == sorted(told)
    assert len(rows[1]) < len(rows[2]) == 3000


def test_likeliest_classes_hold_the_true_one() -> None:
    """The five likeliest classes stand likeliest first, and the true class is among them; nothing where not scored."""
    report = builders.report(n=300, n_versions=1)
    k = 8
    rng = np.random.default_rng(3)
    table = rng.dirichlet(np.ones(k), 300).astype(np.float32)
    added = [pl.Series(columns.probability(c, 0), table[:, c]) for c in range(k)]
    frame = report.outcomes.frame.with_columns(*added, (pl.col("id") != "s00003").alias("scored_0"))
    classes = tuple(f"c{c}" for c in range(k))
    report = replace(report, outcomes=replace(report.outcomes, frame=frame, classes=classes))

    details = unpack(make_payload(report, Thumbnails())["details"])

    for row, bars in zip(details["rows"], details["likeliest"]["0"], strict=True):
        if row == 3:
            assert bars is None
            continue
        assert len(bars) == 5
        assert frame["target"][row] in [code for code, _ in bars]
        assert bars[0][0] == int(table[row].argmax())
        assert all(numbers.probability(p) == numbers.probability(table[row, code]) for code, p in bars)


def test_scores_of_a_binary_task_become_two_probabilities() -> None:
    """P(positive) alone gives the probabilities of both classes."""
    report = builders.report(n=300, n_versions=1)
    frame = report.outcomes.frame.with_columns(
        pl.lit(0.75).alias("score_0"), pl.lit(0, pl.Int32).alias("target"), pl.lit(1, pl.Int32).alias("prediction_0")
    )
    report = replace(report, outcomes=replace(report.outcomes, frame=frame, classes=("no", "yes"), positive="yes"))

    details = unpack(make_payload(report, Thumbnails())["details"])

    assert details["likeliest"]["0"][0] == [[1, 0.75], [0, 0.25]]


def test_sets_and_rules_are_those_of_the_analysis() -> None:
    """The browser has the rules of any two versions, with places for their names; without confidence they say so."""
    described: Any = make_payload(builders.report(n=300), Thumbnails())["samples"]

    sure, plain = (
        {name: (rule, paired) for name, _, rule, paired in described["sets"][key]} for key in ("sure", "plain")
    )
    assert list(sure) == ["surest_wrong", "newly_broken", "newly_fixed", "always_wrong"]
    assert sure["newly_broken"][0].startswith("{baseline} got these right, {candidate} gets them wrong.")
    assert [paired for _, paired in sure.values()] == [False, True, True, False]
    assert "{candidate} gives no confidence to rank by" in plain["always_wrong"][0]


def test_worse_slices_name_the_codes_they_hold() -> None:
    """Each slice that got worse is given by columns and stored codes that select exactly its samples."""
    report = builders.report()

    chunks = make_payload(report, Thumbnails())

    described: Any = chunks["samples"]
    worse = described["worse"][2]
    sizes = {s.id: s.n for s in report.slices}
    held = {
        one["id"]: int(np.all([unpack(chunks[c]) == code for c, code in one["codes"].items()], axis=0).sum())
        for one in worse
    }
    assert held
    assert ALL not in held
    assert held == {id_: sizes[id_] for id_ in held}


def test_media_and_texts_by_row() -> None:
    """Pictures stand by row with their sizes, and a missing one with its reason; texts with whether they were cut."""
    image = builders.report(n=300, media=Media("image", "image", "."))
    shown = Thumbnails({"x.webp": b"1"}, {4: Thumb("x.webp", 28, 20, true=True)}, missing={5: "truncated"})
    media = unpack(make_payload(image, shown)["media"])
    texts = Thumbnails(texts={2: Text("</script>\u2028", cut=True)})

    found = unpack(make_payload(builders.report(n=300, media=Media("text", "body")), texts)["texts"])

    assert (media["rows"], media["names"], media["widths"], media["true"]) == ([4], ["x.webp"], [28], [1])
    assert media["missing"] == {"5": "image unreadable: truncated"}
    assert found == {"2": ["</script>\u2028", True]}


def test_hostile_names_are_inert_in_scripts() -> None:
    """No chunk, written as its script, holds a tag or a line separator of a user's."""
    text = "</script><img src=x onerror=alert(1)>\u2028"

    chunks = make_payload(builders.hostile(text), Thumbnails())

    for value in chunks.values():
        written = to_json(value)
        assert "<" not in written
        assert "\u2028" not in written


def test_the_same_bytes_each_time() -> None:
    """Two payloads of one report are equal to the byte."""
    report = builders.report(n=400)

    assert to_json(make_payload(report, Thumbnails())) == to_json(make_payload(report, Thumbnails()))
    assert pack_json({"b": 1, "a": 2}) == pack_json({"a": 2, "b": 1})


def test_hundred_thousand_samples_stay_small() -> None:
    """100,000 samples, 12 attributes, 2 versions with confidences: the data scripts are under 4 MB."""
    n = 100_000
    rng = np.random.default_rng(5)
    plain = builders.report(n=300, n_versions=2)
    attributes = tuple(Attribute(f"a{i}", "categorical", tuple("abcdefgh"), i) for i in range(12))
    data: Mapping[str, Any] = {
        "id": [f"sample-{i:06d}" for i in range(n)],
        "target": rng.integers(0, 4, n, dtype=np.int32),
        **{f"a{i}": rng.integers(0, 8, n, dtype=np.int32) for i in range(12)},
        **{f"scored_{v}": np.ones(n, bool) for v in range(2)},
        **{f"prediction_{v}": rng.integers(0, 4, n, dtype=np.int32) for v in range(2)},
        **{f"confidence_{v}": rng.random(n, dtype=np.float32) for v in range(2)},
        **{f"correct_{v}": np.ones(n, np.int8) for v in range(2)},
    }
    frame = pl.DataFrame(data)
    outcomes = replace(plain.outcomes, frame=frame, samples=frame.select("id"), attributes=attributes)

    chunks = make_payload(replace(plain, outcomes=outcomes), Thumbnails())

    assert sum(len(to_json(value)) for value in chunks.values()) < 4_000_000
