"""Vectors of samples: what is read from a column and from each kind of file, and every error."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from reportgen.inputs import embeddings
from reportgen.inputs.embeddings import Embedding, read_embedding
from reportgen.inputs.load import load_manifest
from reportgen.pipeline import scan
from tests.inputs.folders import MANIFEST, USUAL, problem_of, write

VECTORS = np.array([[1, 0, 2], [0, 3, 0], [4, 4, 4], [-1, 0.5, 0]], np.float32)
IDS = ["a", "b", "c", "d"]


def array(vectors: object) -> bytes:
    """The bytes of an ``.npy`` file."""
    file = io.BytesIO()
    np.save(file, np.asarray(vectors))
    return file.getvalue()


def arrays(**named: object) -> bytes:
    """The bytes of an ``.npz`` file."""
    file = io.BytesIO()
    np.savez(file, **{name: np.asarray(one) for name, one in named.items()})  # type: ignore[arg-type]
    return file.getvalue()


def parquet(frame: pl.DataFrame) -> bytes:
    """The bytes of a Parquet file."""
    file = io.BytesIO()
    frame.write_parquet(file)
    return file.getvalue()


def read(folder: Path, name: str, content: bytes | str, wanted: list[str] | None = None) -> Embedding:
    """The vectors of a file of this name and content."""
    write(folder, {**USUAL, "reportgen.yaml": f"{MANIFEST}embeddings: {name}\n", name: content})
    loaded = load_manifest(folder / "reportgen.yaml")
    return read_embedding(loaded, scan(loaded).samples, wanted or IDS)


def read_column(folder: Path, frame: pl.DataFrame) -> Embedding:
    """The vectors of a column of the samples."""
    manifest = MANIFEST.replace("samples.csv", "samples.parquet").replace(
        "{target: label}", "{target: label, embedding: e}"
    )
    write(folder, {**USUAL, "reportgen.yaml": manifest, "samples.parquet": parquet(frame)})
    loaded = load_manifest(folder / "reportgen.yaml")
    return read_embedding(loaded, scan(loaded).samples, IDS)


FILES: dict[str, bytes | str] = {
    "e.npy": array(VECTORS.astype(np.float64)),
    "e.npz": arrays(ids=IDS[::-1], vectors=VECTORS[::-1]),
    "e.parquet": parquet(pl.DataFrame({"id": IDS[::-1], "e": VECTORS[::-1].tolist()})),
    "fixed.parquet": parquet(pl.DataFrame({"id": IDS, "e": pl.Series(VECTORS, dtype=pl.Array(pl.Float32, 3))})),
    "e.csv": "id,x,y,z\nb,0,3,0\na,1,0,2\nc,4,4,4\nd,-1,0.5,0\n",
    "lists.csv": 'id,e\na,"[1,0,2]"\nb,"[0,3,0]"\nc,"[4,4,4]"\nd,"[-1,0.5,0]"\n',
}


@pytest.mark.parametrize("name", FILES)
def test_every_kind_of_file_gives_the_same_vectors(tmp_path: Path, name: str) -> None:
    """In the order asked for, whatever the order of the file; the file is among the report's inputs."""
    found = read(tmp_path, name, FILES[name])

    assert found.vectors is not None
    np.testing.assert_array_equal(found.vectors, VECTORS)
    assert found.notes == ()
    (given,) = found.inputs
    assert (given.path, given.role, given.n_rows, len(given.sha256)) == (name, "embeddings", 4, 64)


def test_a_column_of_the_samples(tmp_path: Path) -> None:
    """A null is a sample without a vector, which a note counts."""
    lists = [VECTORS[0].tolist(), None, *VECTORS[2:].tolist()]
    found = read_column(tmp_path, pl.DataFrame({"id": IDS, "label": ["cat", "dog"] * 2, "e": lists}))

    assert found.vectors is not None
    assert np.isnan(found.vectors[1]).all()
    np.testing.assert_array_equal(found.vectors[[0, 2, 3]], VECTORS[[0, 2, 3]])
    assert found.inputs == ()
    assert [(note.code, note.n, note.examples) for note in found.notes] == [("RG366", 1, ("b",))]


def test_nothing_named_gives_nothing(tmp_path: Path) -> None:
    """Neither vectors nor notes."""
    loaded = load_manifest(write(tmp_path, USUAL) / "reportgen.yaml")

    found = read_embedding(loaded, scan(loaded).samples, IDS)

    assert (found.vectors, found.inputs, found.notes) == (None, (), ())


def test_what_is_left_out_is_told(tmp_path: Path) -> None:
    """Samples without a vector, vectors of no sample, and vectors without a direction."""
    found = read(tmp_path, "e.csv", "id,x,y\na,1,2\nz,1,2\nc,0,0\nd,,\n")

    assert [(note.code, note.n, note.examples) for note in found.notes] == [
        ("RG366", 2, ("b", "d")),
        ("RG367", 1, ("z",)),
        ("RG369", 1, ("c",)),
    ]


def test_too_many_samples_are_not_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A note says what is not computed; it is no error."""
    monkeypatch.setattr(embeddings, "MOST", 3)
    found = read(tmp_path, "e.npy", FILES["e.npy"])

    assert found.vectors is None
    assert [(note.code, note.severity) for note in found.notes] == [("RG368", "info")]
    assert len(found.inputs) == 1


FAULTS: dict[str, tuple[str, bytes | str, str, str]] = {
    "pickled": ("e.npy", array(np.array([{"a": 1}], dtype=object)), "RG361", "without running code"),
    "text named npy": ("e.npy", "not an array", "RG361", "without running code"),
    "empty file": ("e.npz", b"", "RG361", "without running code"),
    "one dimension": ("e.npy", array([1.0, 2.0]), "RG361", "shape (2,)"),
    "texts": ("e.npy", array([["x", "y"]] * 4), "RG361", "type <U1"),
    "several arrays": ("e.npz", arrays(a=VECTORS, b=VECTORS), "RG361", "arrays a, b"),
    "no arrays": ("e.npz", arrays(), "RG361", "arrays of no name"),
    "ids of halves": ("e.npz", arrays(ids=[0.5] * 4, vectors=VECTORS), "RG361", "type float64"),
    "fewer rows": ("e.npy", array(VECTORS[:3]), "RG362", "3 vectors without ids, and 4 rows of samples"),
    "fewer ids": ("e.npz", arrays(ids=IDS[:3], vectors=VECTORS), "RG362", "3 ids and 4 vectors"),
    "not a number": ("e.npy", array([[1, np.nan]] * 4), "RG363", 'of "a" holds NaN or infinite numbers, and 3 more'),
    "too large": ("e.npy", array([[1, 1e300]] + [[1, 1]] * 3), "RG363", "infinite"),
    "unequal lists": ("e.csv", 'id,e\na,"[1,2]"\nb,"[1]"\n', "RG362", "a vector of 1 numbers, where the first has 2"),
    "missing number": ("e.csv", "id,x,y\na,1,2\nb,,2\n", "RG363", "numbers that are missing"),
    "no numbers": ("e.csv", "id,x\na,cat\n", "RG310", "not a number"),
    "no list": ("e.csv", 'id,e\na,"[1,2]"\nb,"[x"\n', "RG361", "not every value is a list"),
    "two lists": ("e.csv", 'id,e,f\na,"[1,2]","[1]"\n', "RG361", "2 columns of lists: e, f"),
    "no vectors": ("e.csv", "id\na\n", "RG361", "no column beside the ids"),
    "no ids": ("e.csv", "x,y\n1,2\n", "RG301", "id"),
    "a row without id": ("e.csv", "id,x\na,1\n,2\n", "RG303", "no id"),
    "two of one id": ("e.csv", "id,x\na,1\na,2\n", "RG364", '1 id with several vectors, such as "a"'),
    "other ids": ("e.csv", "id,x\nq,1\nr,2\n", "RG365", '"q", "r" there, and "a", "b" in the samples'),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_faults(tmp_path: Path, fault: str) -> None:
    """Each has its code and names its file."""
    name, content, code, said = FAULTS[fault]

    problem = problem_of(lambda: read(tmp_path, name, content))

    assert problem.code == code
    assert said in str(problem)
    assert name in str(problem)


def test_a_column_of_something_else(tmp_path: Path) -> None:
    """Only lists of numbers are vectors."""
    frame = pl.DataFrame({"id": IDS, "label": ["cat", "dog"] * 2, "e": [1.0, 2.0, 3.0, 4.0]})
    problem = problem_of(lambda: read_column(tmp_path, frame))

    assert (problem.code, problem.where.column) == ("RG361", "e")


def test_a_column_and_a_file_contradict_each_other(tmp_path: Path) -> None:
    """The manifest names one of them."""
    manifest = MANIFEST.replace("{target: label}", "{target: label, embedding: e}") + "embeddings: e.npy\n"
    write(tmp_path, {**USUAL, "reportgen.yaml": manifest, "e.npy": FILES["e.npy"]})
    problem = problem_of(lambda: load_manifest(tmp_path / "reportgen.yaml"))

    assert (problem.code, problem.key) == ("RG112", "embeddings")


def test_the_file_is_one_that_a_report_never_replaces(tmp_path: Path) -> None:
    """It is among the paths that the manifest reads."""
    write(tmp_path, {**USUAL, "reportgen.yaml": f"{MANIFEST}embeddings: e.npy\n", "e.npy": FILES["e.npy"]})

    assert (tmp_path / "e.npy").resolve() in load_manifest(tmp_path / "reportgen.yaml").input_paths
