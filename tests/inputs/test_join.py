"""Samples and predictions joined."""

from __future__ import annotations

import json
import random
from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen import columns
from reportgen.inputs.join import join_inputs
from reportgen.inputs.joined import Joined
from reportgen.inputs.load import load_manifest
from reportgen.inputs.overrides import apply_versions
from reportgen.inputs.trained import read_training
from reportgen.pipeline import scan
from tests.inputs.folders import MANIFEST, PREDICTIONS, STEADY, USUAL, join, problem_of, write

BINARY = "id,label\na,no\nb,yes\nc,no\nd,yes\n"
THREE = "id,label\na,cat\nb,dog\nc,cow\nd,cat\n"


def column(joined: Joined, name: str) -> list[object]:
    """A column of the outcome frame."""
    return joined.frame[name].to_list()


def labels(joined: Joined, version: int = 0) -> list[str | None]:
    """The predicted labels by sample."""
    codes = joined.frame[columns.prediction(version)].to_list()
    return [None if code < 0 else joined.classes[code] for code in codes]


def test_samples_stand_in_the_order_of_ids_with_their_own_columns(tmp_path: Path) -> None:
    """Frame and samples have the same rows, sorted by id, whatever the order of the files."""
    joined = join(
        tmp_path, {"samples.csv": "id,label,x\nc,cat,3\na,dog,1\nb,cat,2\n", "v1.csv": "id,pred\nb,dog\na,dog\nc,cat\n"}
    )

    assert column(joined, "id") == joined.samples["id"].to_list() == ["a", "b", "c"]
    assert joined.samples["x"].to_list() == [1, 2, 3]
    assert (joined.classes, column(joined, "target")) == (("cat", "dog"), [1, 0, 0])
    assert labels(joined) == ["dog", "dog", "cat"]
    assert joined.frame.schema["target"] == joined.frame.schema["prediction_0"] == pl.Int32


def test_ids_that_look_alike_to_numbers_are_two(tmp_path: Path) -> None:
    """007 and 7 are two samples, also beside a Parquet file's whole numbers."""
    joined = join(tmp_path, {"samples.csv": "id,label\n007,cat\n7,dog\n", "v1.csv": "id,pred\n7,dog\n007,dog\n"})

    assert column(joined, "id") == ["007", "7"]
    assert labels(joined) == ["dog", "dog"]


def test_whole_numbers_join_with_text(tmp_path: Path) -> None:
    """Ids that one file holds as numbers and the other as text are the same ids."""
    pl.DataFrame({"id": [2**60 + 1, 2**60], "pred": ["cat", "dog"]}).write_parquet(tmp_path / "v1.parquet")
    manifest = MANIFEST.replace("v1.csv", "v1.parquet")
    samples = f"id,label\n{2**60},dog\n{2**60 + 1},cat\n"
    joined = join(tmp_path, {"samples.csv": samples, "reportgen.yaml": manifest})

    assert labels(joined) == ["dog", "cat"]


def test_every_sample_is_counted_once(tmp_path: Path) -> None:
    """Scored, missing, invalid and excluded add up to the samples; unknown predictions stand beside."""
    joined = join(
        tmp_path,
        {
            "samples.csv": "id,label\na,cat\nb,dog\nc,\nd,dog\ne,cat\n",
            "v1.csv": "id,prediction\na,cat\nb,\nc,cat\nd,cat\nz,cat\n",
        },
    )
    (version,) = joined.versions

    assert (version.n_scored, version.n_missing, version.n_invalid, version.n_unknown) == (2, 1, 1, 1)
    assert (joined.n_samples, joined.n_excluded) == (5, 1)
    assert column(joined, "scored_0") == [True, False, True, False]
    assert column(joined, "invalid_0") == [False, True, False, False]
    assert column(joined, "prediction_0") == [0, -1, 0, -1]
    assert {note.code: note.examples for note in joined.notes} == {
        "RG325": ("c",), "RG307": ("e",), "RG317": ("b",), "RG308": ("z",),
    }  # fmt: skip


@STEADY
@given(
    truths=st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from(["cat", "dog", ""]), min_size=1),
    found=st.dictionaries(st.sampled_from("abcdefghijk"), st.sampled_from(["cat", "dog", "", "cow"]), min_size=1),
)
def test_counts_add_up_for_any_two_files(truths: dict[str, str], found: dict[str, str], tmp_path: Path) -> None:
    """The parts add up to the samples, and the frame shows the same counts."""
    if not any(truths.values()) or not any(found[key] for key in truths.keys() & found.keys()):
        return
    if not set(found.values()) & set(truths.values()) - {""}:
        return  # no predicted label is a target: an error of its own
    joined = join(
        tmp_path,
        {
            "samples.csv": "id,label\n" + "".join(f"{key},{value}\n" for key, value in truths.items()),
            "v1.csv": "id,prediction\n" + "".join(f"{key},{value}\n" for key, value in found.items()),
        },
    )
    (version,) = joined.versions

    assert (
        version.n_scored + version.n_missing + version.n_invalid + joined.n_excluded == joined.n_samples == len(truths)
    )
    assert version.n_scored == joined.frame["scored_0"].sum()
    assert version.n_invalid == joined.frame["invalid_0"].sum()
    assert version.n_unknown == len(found.keys() - truths.keys())


def test_a_class_named_na_is_a_class_where_the_format_has_nulls(tmp_path: Path) -> None:
    """Parquet and JSON lines say null where there is no value; in CSV the manifest's classes say that NA is one."""
    frame = pl.DataFrame({"id": ["a", "b", "c"], "label": ["NA", "EU", "NA"], "prediction": ["NA", "NA", "EU"]})
    frame.write_parquet(tmp_path / "all.parquet")
    frame.write_ndjson(tmp_path / "all.jsonl")
    frame.write_csv(tmp_path / "all.csv")
    for name, extra in (("all.parquet", ""), ("all.jsonl", ""), ("all.csv", "classes: [EU, NA]\n")):
        text = MANIFEST.replace("samples.csv", name).replace("v1.csv", name) + extra
        joined = join(tmp_path, {"reportgen.yaml": text})
        assert (joined.classes, joined.versions[0].n_scored) == (("EU", "NA"), 3), name


def test_shuffled_files_give_the_same_frames(tmp_path: Path) -> None:
    """The order of rows says nothing."""
    generator = random.Random(1)
    truths = [f"s{i},{'cat' if i % 3 else 'dog'},g{i % 4}" for i in range(60)]
    found = [f"s{i},{'cat' if i % 2 else 'dog'},{i % 10 / 10}" for i in range(60)]
    manifest = MANIFEST.replace("{target: label}", "{target: label, group: g}")
    results = []
    for _ in range(2):
        generator.shuffle(truths)
        generator.shuffle(found)
        files = {
            "reportgen.yaml": manifest,
            "samples.csv": "id,label,g\n" + "\n".join(truths),
            "v1.csv": "id,prediction,score\n" + "\n".join(found),
        }
        results.append(join(tmp_path, files))

    assert results[0].frame.equals(results[1].frame)
    assert results[0].samples.equals(results[1].samples)
    assert results[0].group_names == results[1].group_names == ("g0", "g1", "g2", "g3")


def test_a_binary_score_alone_predicts_by_its_threshold(tmp_path: Path) -> None:
    """A score at the threshold is positive; confidence is that of the predicted label."""
    files = {"samples.csv": BINARY, "v1.csv": "id,score\na,0.1\nb,0.6\nc,0.7\nd,0.59\n"}
    joined = join(tmp_path, {**files, "reportgen.yaml": MANIFEST + "threshold: 0.6\n"})

    assert (joined.positive, joined.threshold) == ("yes", 0.6)
    assert labels(joined) == ["no", "yes", "yes", "no"]
    assert column(joined, "score_0") == [0.1, 0.6, 0.7, 0.59]
    assert joined.frame["confidence_0"].cast(pl.Float64).round(6).to_list() == [0.9, 0.6, 0.7, 0.41]


def test_a_binary_label_stands_beside_its_score(tmp_path: Path) -> None:
    """The label decides, the score is P(positive)."""
    joined = join(
        tmp_path, {"samples.csv": BINARY, "v1.csv": "id,prediction,score\na,yes,0.4\nb,yes,0.9\nc,no,0.2\nd,no,0.1\n"}
    )

    assert labels(joined) == ["yes", "yes", "no", "no"]
    assert joined.frame["confidence_0"].cast(pl.Float64).round(6).to_list() == [0.4, 0.9, 0.8, 0.9]
    assert [note.code for note in joined.notes] == ["RG329", "RG330"]


def test_confidences_of_labels_become_probabilities_of_the_positive(tmp_path: Path) -> None:
    """Scores that are never below a half, though labels are negative, are turned round for the negative ones."""
    joined = join(
        tmp_path, {"samples.csv": BINARY, "v1.csv": "id,prediction,score\na,no,0.9\nb,yes,0.8\nc,no,0.7\nd,no,0.6\n"}
    )

    assert joined.frame["score_0"].round(6).to_list() == [0.1, 0.8, 0.3, 0.4]
    assert joined.frame["confidence_0"].cast(pl.Float64).round(6).to_list() == [0.9, 0.8, 0.7, 0.6]


def test_the_positive_class_follows_the_scores_where_names_do_not_tell(tmp_path: Path) -> None:
    """Of cat and dog, the one with the higher scores is positive."""
    files = {
        "samples.csv": "id,label\na,cat\nb,dog\nc,cat\nd,dog\n",
        "v1.csv": "id,prediction,score\na,cat,0.9\nb,dog,0.2\nc,cat,0.7\nd,dog,0.3\n",
    }

    assert join(tmp_path, files).positive == "cat"


def test_two_probabilities_are_a_score_of_the_positive(tmp_path: Path) -> None:
    """Binary probabilities give score, confidence and label."""
    joined = join(
        tmp_path,
        {"samples.csv": BINARY, "v1.csv": "id,prob_no,prob_yes\na,0.9,0.1\nb,0.25,0.75\nc,0.5,0.5\nd,0.4,0.6\n"},
    )

    assert column(joined, "score_0") == [0.1, 0.75, 0.5, 0.6]
    assert labels(joined) == ["no", "yes", "yes", "yes"]
    assert {"p0_0", "p1_0"} <= set(joined.frame.columns)
    assert joined.versions[0].has_probabilities


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("v1.csv", "id,prob_cat,prob_cow,prob_dog\na,0.5,0.3,0.2\nb,0.1,0.2,0.7\nc,0.2,0.5,0.3\nd,0.4,0.5,0.1\n"),
        (
            "v1.csv",
            'id,probabilities\na,"[0.5, 0.3, 0.2]"\nb,"[0.1, 0.2, 0.7]"\nc,"[0.2,0.5,0.3]"\nd,"[0.4,0.5,0.1]"\n',
        ),
        (
            "v1.jsonl",
            "\n".join(
                json.dumps({"id": key, "probs": row})
                for key, row in zip(
                    "abcd", [[0.5, 0.3, 0.2], [0.1, 0.2, 0.7], [0.2, 0.5, 0.3], [0.4, 0.5, 0.1]], strict=True
                )
            ),
        ),
        (
            "v1.jsonl",
            "\n".join(
                json.dumps({"id": key, "probs": dict(zip(("cat", "cow", "dog"), row, strict=True))})
                for key, row in zip(
                    "abcd", [[0.5, 0.3, 0.2], [0.1, 0.2, 0.7], [0.2, 0.5, 0.3], [0.4, 0.5, 0.1]], strict=True
                )
            ),
        ),
    ],
)
def test_probabilities_come_in_four_forms(name: str, content: str, tmp_path: Path) -> None:
    """A column a class, a list column as text or as a list, and an object a row give the same outcomes."""
    files = {"samples.csv": THREE, name: content, "reportgen.yaml": MANIFEST.replace("v1.csv", name)}
    joined = join(tmp_path, files)

    assert joined.classes == ("cat", "cow", "dog")
    assert labels(joined) == ["cat", "dog", "cow", "cow"]
    assert joined.frame["confidence_0"].cast(pl.Float64).round(6).to_list() == [0.5, 0.7, 0.5, 0.5]
    assert joined.frame["p2_0"].cast(pl.Float64).round(6).to_list() == [0.2, 0.7, 0.3, 0.1]


def test_a_list_follows_the_order_of_declared_classes(tmp_path: Path) -> None:
    """The first number of a list is the first class of the manifest."""
    manifest = MANIFEST + "classes: [dog, cat]\n"
    content = 'id,probabilities\na,"[0.9, 0.1]"\nb,"[0.2, 0.8]"\nc,"[0.1, 0.9]"\nd,"[0.6, 0.4]"\n'

    assert labels(join(tmp_path, {"v1.csv": content, "reportgen.yaml": manifest})) == ["dog", "cat", "cat", "dog"]


def test_a_class_with_a_probability_but_no_sample_is_extra(tmp_path: Path) -> None:
    """A column of probabilities more than there are targets is a class that comes last."""
    content = "id,prob_cat,prob_bee,prob_dog\n" + "".join(f"{key},0.2,0.7,0.1\n" for key in "abcd")
    joined = join(tmp_path, {"v1.csv": content})

    assert joined.classes == ("cat", "dog", "bee")
    assert labels(joined) == ["bee"] * 4


def test_beside_probabilities_a_score_is_the_confidence(tmp_path: Path) -> None:
    """The score is taken as it is, not the probability of the label."""
    content = "id,prediction,score,prob_cat,prob_cow,prob_dog\n" + "".join(f"{k},cat,0.9,0.5,0.3,0.2\n" for k in "abcd")
    joined = join(tmp_path, {"samples.csv": THREE, "v1.csv": content})

    assert joined.frame["confidence_0"].cast(pl.Float64).round(6).to_list() == [0.9] * 4


def test_a_score_without_number_makes_the_prediction_invalid(tmp_path: Path) -> None:
    """NaN and empty scores are counted with their ids; the rest is used."""
    joined = join(
        tmp_path, {"samples.csv": THREE, "v1.csv": "id,prediction,score\na,cat,0.5\nb,dog,NaN\nc,cow,\nd,cat,0.4\n"}
    )

    assert joined.versions[0].n_invalid == 2
    assert next(note for note in joined.notes if note.code == "RG317").examples == ("b", "c")
    assert joined.frame["confidence_0"].null_count() == 2


def test_a_label_map_translates_labels_and_columns(tmp_path: Path) -> None:
    """The mapping that an error offers is what makes the files match."""
    manifest = MANIFEST + "prediction_columns: {label_map: {0: cat, 1: dog}}\n"
    joined = join(
        tmp_path, {"reportgen.yaml": manifest, "v1.csv": "id,prediction,prob_0,prob_1\na,0,0.9,0.1\nb,1,0.2,0.8\n"}
    )

    assert labels(joined) == ["cat", "dog", None, None]
    assert joined.frame["score_0"].to_list()[:2] == [0.1, 0.8]


def test_only_declared_prediction_columns_are_read(tmp_path: Path) -> None:
    """A declared label leaves scores and probabilities out, even broken ones."""
    manifest = MANIFEST + "prediction_columns: {label: guess}\n"
    joined = join(tmp_path, {"reportgen.yaml": manifest, "v1.csv": "id,guess,prediction,score\na,cat,dog,oops\n"})

    assert labels(joined) == ["cat", None, None, None]
    assert not joined.versions[0].has_confidence


def test_classes_keep_the_manifests_order_and_its_unseen_ones(tmp_path: Path) -> None:
    """A class that no sample has is a class all the same."""
    joined = join(tmp_path, {"reportgen.yaml": MANIFEST + "classes: [emu, dog, cat]\n"})

    assert joined.classes == ("emu", "dog", "cat")
    assert column(joined, "target") == [2, 1, 2, 1]


def test_numbers_are_joined_for_a_regression(tmp_path: Path) -> None:
    """Values are floats; NaN and null tokens are invalid, targets without a number excluded."""
    files = {
        "reportgen.yaml": MANIFEST.replace("classification", "regression"),
        "samples.csv": "id,label\na,1\nb,2.5\nc,NA\nd,4\n",
        "v1.csv": "id,prediction\na,1.5\nb,NaN\nc,1\nd,-\n",
    }
    joined = join(tmp_path, files)

    assert (joined.classes, joined.positive, joined.threshold) == ((), None, None)
    assert column(joined, "target") == [1.0, 2.5, 4.0]
    assert column(joined, "prediction_0") == [1.5, None, None]
    assert (joined.versions[0].n_invalid, joined.n_excluded) == (2, 1)


def test_a_regression_takes_no_labels(tmp_path: Path) -> None:
    """A declared column of the other task is an error of the manifest."""
    manifest = MANIFEST.replace("classification", "regression") + "prediction_columns: {label: prediction}\n"

    assert (
        problem_of(lambda: join(tmp_path, {"reportgen.yaml": manifest, "samples.csv": "id,label\na,1\n"})).code
        == "RG112"
    )


def test_a_sample_without_group_is_a_group_of_its_own(tmp_path: Path) -> None:
    """Codes follow the order of names; lone samples come last."""
    files = {
        "samples.csv": "id,label,g\na,cat,y\nb,dog,\nc,cat,x\nd,dog,y\ne,dog,NA\n",
        "reportgen.yaml": MANIFEST.replace("{target: label}", "{target: label, group: g}"),
    }
    joined = join(tmp_path, files)

    assert joined.group_names == ("x", "y", "(no group) b", "(no group) e")
    assert column(joined, "group") == [1, 2, 0, 1, 3]


def test_weights_are_numbers(tmp_path: Path) -> None:
    """Weights stand in the frame as floats."""
    files = {
        "samples.csv": "id,label,w\na,cat,1\nb,dog,0.5\n",
        "reportgen.yaml": MANIFEST.replace("{target: label}", "{target: label, weight: w}"),
    }

    assert column(join(tmp_path, files), "weight") == [1.0, 0.5]


def test_what_changed_stands_beside_each_version(tmp_path: Path) -> None:
    """Note, commit and configuration are compared with the baseline's, key by key; secrets are hidden."""
    versions = (
        "versions:\n  v1: {predictions: v1.csv, commit: 3f2a91c, config: a.yaml}\n"
        "  v2: {predictions: v1.csv, commit: 4e1, config: b.toml, note: more night data}\n  v3: v1.csv\n"
    )
    files = {
        "reportgen.yaml": MANIFEST.replace("versions: {v1: v1.csv}\n", versions),
        "a.yaml": "model: {depth: 3, lr: 1e-3}\nlayers: [1, 2]\napi_key: abc\n",
        "b.toml": 'layers = [1, 2]\napi_key = "xyz"\n[model]\ndepth = 4\nlr = 1e-3\ndropout = 0.1\n',
    }
    joined = join(tmp_path, files)
    changes = {
        version.name: [(change.what, change.before, change.after) for change in version.changes]
        for version in joined.versions
    }

    assert [(one.path, one.sha256, one.n_rows) for one in joined.inputs if one.role == "config"] == [
        (name, sha256(files[name].encode()).hexdigest(), None) for name in ("a.yaml", "b.toml")
    ]
    assert changes == {
        "v1": [],
        "v2": [
            ("note", None, "more night data"),
            ("commit", "3f2a91c", "4e1"),
            ("config: model.depth", "3", "4"),
            ("config: api_key", "(hidden)", "(hidden)"),
            ("config: model.dropout", None, "0.1"),
        ],
        "v3": [("commit", "3f2a91c", None), ("config", "a.yaml", None)],
    }


def test_a_broken_configuration_file_is_told_by_its_line(tmp_path: Path) -> None:
    """The file and line are the configuration's own."""
    versions = "versions:\n  v1: {predictions: v1.csv, config: a.yaml}\n  v2: {predictions: v1.csv, config: b.yaml}\n"
    files = {
        "reportgen.yaml": MANIFEST.replace("versions: {v1: v1.csv}\n", versions),
        "a.yaml": "a: 1\n",
        "b.yaml": "a: [\n",
    }
    problem = problem_of(lambda: join(tmp_path, files))

    assert (problem.code, problem.where.file) == ("RG104", "b.yaml")


def test_files_are_named_as_the_user_wrote_them(tmp_path: Path) -> None:
    """Inputs hold relative paths, hashes and rows."""
    joined = join(tmp_path, {"reportgen.yaml": MANIFEST.replace("v1.csv", "./v1.csv")})

    assert [(one.path, one.n_rows, one.role) for one in joined.inputs] == [
        ("samples.csv", 4, "samples"), ("./v1.csv", 4, "predictions of v1"),
    ]  # fmt: skip
    assert all(len(one.sha256) == 64 for one in joined.inputs)


def test_a_hostile_class_is_a_class(tmp_path: Path) -> None:
    """Markup in labels, ids and columns is text."""
    evil = "</script><img src=x onerror=alert(1)>"
    joined = join(
        tmp_path,
        {
            "samples.csv": f"id,label,a.b[0]\n{evil},{evil},1\nb,dog,2\n",
            "v1.csv": f"id,prediction\n{evil},{evil}\nb,dog\n",
        },
    )

    assert joined.classes == (evil, "dog")
    assert "a.b[0]" in joined.samples.columns


def test_a_quick_look_counts_what_it_takes(tmp_path: Path) -> None:
    """Missing, scored and excluded are those of the samples taken, and add up; notes count them too."""
    ids = [f"s{i:03d}" for i in range(300)]
    samples = "id,label\n" + "".join(
        f"{one},{'' if i < 60 else 'cat' if i % 2 else 'dog'}\n" for i, one in enumerate(ids)
    )
    predictions = "id,prediction\n" + "".join(f"{one},cat\n" for i, one in enumerate(ids) if i % 10)
    loaded = load_manifest(write(tmp_path, {**USUAL, "samples.csv": samples, "v1.csv": predictions}) / "reportgen.yaml")
    sources = scan(loaded)
    taken = join_inputs(loaded, sources.samples, sources.predictions, take=100)
    (version,) = taken.versions

    assert (taken.frame.height, taken.n_taken, taken.n_excluded) == (100, 100, 200)
    assert version.n_scored + version.n_missing == 100
    assert 0 < version.n_missing < 30
    assert [note.n for note in taken.notes if note.code == "RG307"] == [version.n_missing]
    assert version.n_unknown == 0
    assert join_inputs(loaded, sources.samples, sources.predictions, take=270).n_taken is None


def test_a_quick_look_takes_whole_groups(tmp_path: Path) -> None:
    """No group is cut, and the look is never larger than asked for, unless one group is."""
    samples = "id,label,drive\n" + "".join(f"s{i:03d},{'cat' if i % 2 else 'dog'},d{i // 10}\n" for i in range(300))
    predictions = "id,prediction\n" + "".join(f"s{i:03d},cat\n" for i in range(300))
    manifest = MANIFEST.replace("target: label", "target: label, group: drive")
    files = {"reportgen.yaml": manifest, "samples.csv": samples, "v1.csv": predictions}
    loaded = load_manifest(write(tmp_path, files) / "reportgen.yaml")
    sources = scan(loaded)

    for asked, got in ((105, 100), (100, 100), (3, 10)):
        taken = join_inputs(loaded, sources.samples, sources.predictions, take=asked)
        assert taken.frame.height == got
        assert set(taken.frame["group"].value_counts()["count"]) == {10}


ADDRESSES = [
    ("https://data.example/a.jpg", True),
    ("HTTP://data.example:8080/a%20b?x=1&y=2#z", True),
    ("https://[2001:db8::1]/a", True),
    ("https://例え.jp/猫?q='1'", True),
    ("  https://data.example/a.jpg ", True),
    ("https://data.example", True),
    ("javascript:alert(1)", False),
    ("JavaScript:alert(1)//https://data.example", False),
    ("data:text/html,<script>alert(1)</script>", False),
    ("vbscript:x", False),
    ("file:///etc/passwd", False),
    ("//data.example/a", False),
    ("a.jpg", False),
    ("https://", False),
    ("https:///a", False),
    ("https:data.example", False),
    ("https://name:word@data.example/a", False),
    ("https://data.example\\@other.example/", False),
    ('https://data.example/"onmouseover="alert(1)', False),
    ("https://data.example/<b>", False),
    ("https://data.example/a b", False),
    ("https://data.example/a\njavascript:alert(1)", False),
    ("java\tscript:alert(1)", False),
    ("https://data.example/\u202egpj.exe", False),
    ("https://data.example/\u2028x", False),
    ("https://data.example/\x00", False),
    ("https://data.example/" + "a" * 2100, False),
]


@pytest.mark.parametrize(("address", "kept"), ADDRESSES)
def test_links_are_addresses_of_the_web(tmp_path: Path, address: str, *, kept: bool) -> None:
    """Http and https with a host, and nothing that runs, hides or breaks out; the rest is left out and noted."""
    files = {
        "samples.jsonl": "".join(
            json.dumps({"id": key, "label": label, "url": url}) + "\n"
            for key, label, url in [("b", "dog", None), ("a", "cat", address), ("c", "dog", "")]
        ),
        "reportgen.yaml": MANIFEST.replace("samples.csv", "samples.jsonl").replace("label}", "label, link: url}"),
    }
    joined = join(tmp_path, files)
    noted = [(note.severity, note.n, note.examples) for note in joined.notes if note.code == "RG346"]

    assert column(joined, columns.LINK) == [address.strip() if kept else None, None, None]
    assert noted == ([] if kept else [("degraded", 1, ("a",))])


def test_without_a_column_of_links_there_is_none(tmp_path: Path) -> None:
    """One that the manifest does not name is a column like any other; a named one that is not there is told."""
    files = {"samples.csv": "id,label,url\na,cat,https://x.y\nb,dog,https://x.y\n"}

    assert columns.LINK not in join(tmp_path, files).frame.columns
    absent = {"reportgen.yaml": MANIFEST.replace("label}", "label, link: uri}")}
    problem = problem_of(lambda: join(tmp_path, {**files, **absent}))
    assert (problem.code, problem.key, problem.mend) == ("RG301", "columns.link", 'did you mean "url"?')


RUNS = MANIFEST.replace("v1: v1.csv", "v1: {runs: [v1.csv, again.csv]}")


def test_further_trainings_follow_the_versions_in_the_frame(tmp_path: Path) -> None:
    """Each is joined like a version's file, and the version knows its files."""
    again = PREDICTIONS.replace("c,dog", "c,cat").replace("d,dog\n", "")
    folder = write(tmp_path, {**USUAL, "reportgen.yaml": RUNS, "again.csv": again})
    loaded = load_manifest(folder / "reportgen.yaml")
    sources = scan(loaded)
    found = join_inputs(loaded, sources.samples, sources.predictions, runs=sources.runs)

    assert [one.name for one in found.versions] == ["v1"]
    assert found.versions[0].runs == ("v1.csv", "again.csv")
    assert found.runs == ((0, 1),)
    assert found.frame["scored_1"].to_list() == [True, True, True, False]
    assert [one.role for one in found.inputs] == ["samples", "predictions of v1", "predictions of v1, training 2"]
    assert [note.message for note in found.notes] == ["v1, training 2 has no prediction for 1 of 4 samples"]


@pytest.mark.parametrize(
    ("entry", "code", "key"),
    [
        ("{note: new}", "RG111", "versions.v1.predictions"),
        ("{predictions: v1.csv, runs: [v1.csv]}", "RG112", "versions.v1.runs"),
        ("{runs: []}", "RG112", "versions.v1.runs"),
        ("{runs: [v1.csv, gone.csv]}", "RG117", "versions.v1.runs[1]"),
        ("{runs: [../v1.csv]}", "RG116", "versions.v1.runs[0]"),
    ],
)
def test_a_version_has_predictions_or_runs(tmp_path: Path, entry: str, code: str, key: str) -> None:
    """One of the two, and each file of runs is there."""
    folder = write(tmp_path, {**USUAL, "reportgen.yaml": MANIFEST.replace("v1: v1.csv", f"v1: {entry}")})
    problem = problem_of(lambda: load_manifest(folder / "reportgen.yaml"))

    assert (problem.code, problem.key) == (code, key)


def test_a_file_on_the_command_line_replaces_all_trainings(tmp_path: Path) -> None:
    """Then the version is that one training."""
    folder = write(tmp_path, {**USUAL, "reportgen.yaml": RUNS, "again.csv": PREDICTIONS})
    loaded = apply_versions(load_manifest(folder / "reportgen.yaml"), {"v1": folder / "again.csv"})

    assert loaded.run_paths == {}
    assert loaded.manifest.versions["v1"].runs is None
    assert loaded.prediction_paths["v1"].name == "again.csv"


def test_training_tables_are_read_once_and_say_what_they_lack(tmp_path: Path) -> None:
    """One file of two versions is one table; the columns that slice are kept, and missing ones noted."""
    manifest = MANIFEST.replace(
        "v1: v1.csv", "v1: {predictions: v1.csv, trained_on: t.csv}, v2: {predictions: v1.csv, trained_on: t.csv}"
    )
    folder = write(tmp_path, {**USUAL, "reportgen.yaml": manifest, "t.csv": "label,size,secret\ncat,1,x\ndog,2,y\n"})
    tables, files, notes = read_training(load_manifest(folder / "reportgen.yaml"), ["size", "colour", "label"])

    assert tables["v1"] is tables["v2"]
    assert tables["v1"].frame.to_dict(as_series=False) == {"size": [1, 2], "label": ["cat", "dog"]}
    assert tables["v1"].ids is None
    assert [one.role for one in files] == ["training data of v1", "training data of v2"]
    assert [(note.code, note.examples) for note in notes] == [("RG345", ("colour",))]


def test_training_tables_keep_ids_and_groups(tmp_path: Path) -> None:
    """As text, as the samples' are, where the table has their columns; nothing is said where it has none."""
    manifest = MANIFEST.replace("v1: v1.csv", "v1: {predictions: v1.csv, trained_on: t.csv}").replace(
        "target: label", "target: label, group: size"
    )
    files = {**USUAL, "reportgen.yaml": manifest, "t.csv": "id,label,size\n007,cat,1\n,dog,2\n"}
    tables, _, notes = read_training(load_manifest(write(tmp_path, files) / "reportgen.yaml"), ["label"])
    (table,) = tables.values()

    assert table.ids is not None
    assert table.ids.to_list() == ["007", None]
    assert table.groups is not None
    assert table.groups.to_list() == ["1", "2"]
    assert table.frame.columns == ["label"]
    assert notes == ()
