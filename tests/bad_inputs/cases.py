"""Every bad input of manifests and tables, made by code: the files, and the error or note that they must end in."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from tests.inputs.folders import MANIFEST, PREDICTIONS, SAMPLES

Files = Mapping[str, str | bytes]


@dataclass(frozen=True)
class Case:
    """Files that differ from the usual ones, and what they end in.

    Attributes:
        name: what is wrong.
        code: of the error, or with ``note`` of the note of an input that is built all the same.
        files: content by name.
        file: the file that is named.
        line: of a manifest.
        row: of a table, the header counted.
        column: of a table.
        contains: what the message says.
        note: the input is built, and the note has this severity.
        make: what files alone cannot be, such as a pipe.
    """

    name: str
    code: str
    files: Files = field(default_factory=dict)
    file: str = ""
    line: int | None = None
    row: int | None = None
    column: str | None = None
    contains: tuple[str, ...] = ()
    note: str = ""
    make: Callable[[Path], object] | None = None


def manifest(text: str) -> Files:
    """A folder whose manifest is this text."""
    return {"reportgen.yaml": text}


def predictions(text: str, extra: str = "") -> Files:
    """A folder whose predictions are this text; ``extra`` goes to the manifest."""
    return {"v1.csv": text, "reportgen.yaml": MANIFEST + extra}


def samples(text: str, extra: str = "") -> Files:
    """A folder whose samples are this text; ``extra`` goes to the manifest."""
    return {"samples.csv": text, "reportgen.yaml": MANIFEST + extra}


def jsonl(text: str) -> Files:
    """A folder whose predictions are JSON lines."""
    return {"v1.jsonl": text, "reportgen.yaml": MANIFEST.replace("v1.csv", "v1.jsonl")}


def named(name: str, content: str | bytes) -> Files:
    """A folder whose predictions stand in a file of that name."""
    return {name: content, "reportgen.yaml": MANIFEST.replace("v1.csv", name)}


def regression(values: str, targets: str = "1,2,3,4") -> Files:
    """Four samples with numbers for targets and predictions."""
    ids = "abcd"
    rows = zip(ids, targets.split(","), strict=True)
    found = zip(ids, values.split("|"), strict=True)
    return {
        "reportgen.yaml": MANIFEST.replace("classification", "regression"),
        "samples.csv": "id,label\n" + "".join(f"{key},{value}\n" for key, value in rows),
        "v1.csv": "id,value\n" + "".join(f"{key},{value}\n" for key, value in found),
    }


def probabilities(*rows: str, header: str = "prob_cat,prob_dog") -> Files:
    """Predictions of four samples with probabilities."""
    return predictions(f"id,{header}\n" + "".join(f"{key},{row}\n" for key, row in zip("abcd", rows, strict=True)))


def frames(*rows: str, more: str = "") -> Files:
    """Samples of the columns id, label, s (the sequence), f (the frame), and g where the manifest names ``more``."""
    named = "{target: label, sequence: s, frame: f" + (f", {more}" if more else "") + "}"
    header = "id,label,s,f" + (",g" if more else "")
    return {
        "samples.csv": "\n".join((header, *rows, "")),
        "reportgen.yaml": MANIFEST.replace("{target: label}", named),
    }


def parquet(frame: pl.DataFrame) -> bytes:
    """The frame as a Parquet file."""
    stream = io.BytesIO()
    frame.write_parquet(stream)
    return stream.getvalue()


def typed_samples(**attributes: object) -> Files:
    """Four samples with these declared attributes, in a Parquet file."""
    frame = pl.DataFrame({"id": ["a", "b", "c", "d"], "label": ["cat", "dog", "cat", "dog"], **attributes})
    text = MANIFEST.replace("samples.csv", "samples.parquet") + f"attributes: [{', '.join(attributes)}]\n"
    return {"samples.parquet": parquet(frame), "reportgen.yaml": text}


def arrow(frame: pl.DataFrame) -> bytes:
    """The frame as an Arrow file."""
    stream = io.BytesIO()
    frame.write_ipc(stream, compression="uncompressed")
    return stream.getvalue()


_FRAME = pl.DataFrame({"id": ["a", "b", "c", "d"], "prediction": ["cat", "dog", "dog", "dog"]})
_BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join([f'*{chr(97 + i)}'] * 9)}]\n" for i in range(9)
)


def _bad_link(folder: Path) -> None:
    (folder / "outside").mkdir()
    inner = folder / "inner"
    inner.mkdir()
    for path in (*folder.glob("*.csv"), folder / "reportgen.yaml"):
        path.rename(inner / path.name)
    (inner / "v1.csv").rename(folder / "outside" / "v1.csv")
    (inner / "v1.csv").symlink_to(folder / "outside" / "v1.csv")
    (folder / "reportgen.yaml").symlink_to(inner / "reportgen.yaml")


def _pipe(folder: Path) -> None:
    (folder / "v1.csv").unlink()
    os.mkfifo(folder / "v1.csv")


def _folder(folder: Path) -> None:
    (folder / "v1.csv").unlink()
    (folder / "v1.csv").mkdir()


MANIFESTS = (
    Case("no manifest", "RG101", make=lambda folder: (folder / "reportgen.yaml").unlink(), contains=("not found",)),
    Case("an empty manifest", "RG102", manifest(""), contains=("run `reportgen init`",)),
    Case("a manifest of comments", "RG102", manifest("# to do\n"), contains=("empty",)),
    Case("UTF-16", "RG103", {"reportgen.yaml": MANIFEST.encode("utf-16")}, contains=("UTF-16",)),
    Case("UTF-16 without a mark", "RG103", {"reportgen.yaml": MANIFEST.encode("utf-16-le")}, contains=("UTF-16",)),
    Case("Latin-1", "RG103", {"reportgen.yaml": MANIFEST.encode() + "title: café\n".encode("latin-1")}, line=5),
    Case(
        "tabs for indentation",
        "RG104",
        manifest("task: classification\ncolumns:\n\tid: a\n"),
        line=3,
        contains=("^", "spaces, not tabs"),
    ),
    Case("a bracket that does not close", "RG104", manifest("task: classification\nclasses: [a, b\nsamples: x\n")),
    Case("two documents", "RG104", manifest(MANIFEST + "---\ntask: regression\n"), line=5),
    Case("a control character", "RG104", manifest("task: \x07\n")),
    Case("a list for a key", "RG104", manifest("? [a, b]\n: 1\n"), line=1),
    Case("a key twice", "RG105", manifest(MANIFEST + "task: regression\n"), line=5, contains=("line 1", "line 5")),
    Case("a version twice", "RG105", manifest(MANIFEST.replace("{v1: v1.csv}", "{v1: v1.csv, v1: v1.csv}")), line=4),
    Case(
        "a tag that runs code",
        "RG106",
        manifest("task: !!python/object/apply:os.system [id]\n"),
        line=1,
        contains=("!!python/object/apply:os.system",),
    ),
    Case("aliases of aliases", "RG107", manifest(_BOMB), contains=("too many",)),
    Case("a hundred and one aliases", "RG107", manifest("a: &a 1\nb: [" + "*a, " * 101 + "]\n")),
    Case("an alias in itself", "RG107", manifest("a: &a [*a]\n")),
    Case("deep nesting", "RG107", manifest("a: " + "[" * 3000 + "]" * 3000 + "\n")),
    Case("a newer form", "RG108", manifest("version: 2\n" + MANIFEST), line=1, contains=("newer reportgen",)),
    Case(
        "an unknown key",
        "RG110",
        manifest(MANIFEST + "treshold: 0.4\n"),
        line=5,
        contains=('did you mean "threshold"?',),
    ),
    Case(
        "an unknown inner key",
        "RG110",
        manifest(MANIFEST.replace("{target: label}", "{target: label, idd: a}")),
        line=3,
        contains=("columns.idd", 'did you mean "id"?'),
    ),
    Case("a key of a later release", "RG110", manifest(MANIFEST + "share: {}\n"), line=5),
    Case("no task", "RG111", manifest(MANIFEST.replace("task: classification\n", "")), contains=("task",)),
    Case("a version without predictions", "RG111", manifest(MANIFEST.replace("v1: v1.csv", "v1: {note: a}")), line=4),
    Case(
        "an unknown task",
        "RG112",
        manifest(MANIFEST.replace("classification", "clasification")),
        line=1,
        contains=("classification, regression", 'did you mean "classification"?'),
    ),
    Case("a word for a number", "RG112", manifest(MANIFEST + "threshold: high\n"), line=5, contains=("a number",)),
    Case("a number out of range", "RG112", manifest(MANIFEST + "level: 1.5\n"), line=5, contains=("less than 1",)),
    Case(
        "a list for keys",
        "RG112",
        manifest(MANIFEST.replace("{target: label}", "[id]")),
        line=3,
        contains=("keys with values",),
    ),
    Case("a class twice", "RG112", manifest(MANIFEST + "classes: [cat, dog, cat]\n"), line=5, contains=("twice",)),
    Case("edges that fall", "RG112", manifest(MANIFEST + "attributes: [{column: x, edges: [3, 1]}]\n"), line=5),
    Case("bins and edges", "RG112", manifest(MANIFEST + "attributes: [{column: x, bins: 3, edges: [1, 3]}]\n"), line=5),
    Case(
        "a size without a unit",
        "RG112",
        manifest(MANIFEST + "media: {budget: 5 parsecs}\n"),
        line=5,
        contains=("20 MB",),
    ),
    Case(
        "a positive that is no class",
        "RG112",
        manifest(MANIFEST + "classes: [cat, dog]\npositive: cta\n"),
        line=6,
        contains=('did you mean "cat"?',),
    ),
    Case(
        "classes of a regression",
        "RG112",
        manifest(MANIFEST.replace("classification", "regression") + "classes: [a, b]\n"),
        line=5,
    ),
    Case("a list for a manifest", "RG112", manifest("- task\n"), line=1),
    Case(
        "names that differ by case",
        "RG113",
        manifest(MANIFEST.replace("{v1: v1.csv}", '{v1: v1.csv, "V1 ": v1.csv}')),
        line=4,
        contains=("on line 4",),
    ),
    Case("an unknown baseline", "RG114", manifest(MANIFEST + "baseline: v2\n"), line=5, contains=('"v1"',)),
    Case(
        "one version for both",
        "RG114",
        {**manifest(MANIFEST.replace("{v1: v1.csv}", "{v1: v1.csv, v2: v1.csv}") + "baseline: v1\ncandidate: v1\n")},
        line=6,
    ),
    Case(
        "thresholds that fall", "RG115", manifest(MANIFEST + "support: {show: 50}\n"), line=5, contains=("show ≤ test",)
    ),
    Case(
        "an absolute path", "RG116", manifest(MANIFEST.replace("v1.csv", "/etc/passwd")), line=4, contains=("absolute",)
    ),
    Case("a path upwards", "RG116", manifest(MANIFEST.replace("v1.csv", "a/../../x.csv")), line=4, contains=('".."',)),
    Case("a drive", "RG116", manifest(MANIFEST.replace("v1.csv", "'C:\\x.csv'")), line=4, contains=("drive",)),
    Case(
        "a network path",
        "RG116",
        manifest(MANIFEST.replace("v1.csv", "'\\\\srv\\x.csv'")),
        line=4,
        contains=("network",),
    ),
    Case(
        "a NUL in a path",
        "RG116",
        manifest(MANIFEST.replace("v1.csv", '"a\\0b.csv"')),
        line=4,
        contains=("versions.v1.predictions", "NUL"),
    ),
    Case("a link that leaves", "RG116", make=_bad_link, contains=("link",)),
    Case("a media root upwards", "RG116", manifest(MANIFEST + "media: {root: ../../etc}\n"), line=5),
    Case(
        "no such file",
        "RG117",
        manifest(MANIFEST.replace("v1.csv", "v11.csv")),
        line=4,
        contains=('did you mean "v1.csv"?',),
    ),
    Case(
        "a backslash for a slash",
        "RG117",
        {**manifest(MANIFEST.replace("v1.csv", "'preds\\v1.csv'")), "preds/v1.csv": PREDICTIONS},
        line=4,
        contains=("preds/v1.csv",),
    ),
    Case("a folder for a file", "RG118", make=_folder, line=4, contains=("a folder",)),
    Case("a pipe for a file", "RG118", make=_pipe, line=4, contains=("regular file",)),
    Case("no version", "RG119", manifest(MANIFEST.replace("versions: {v1: v1.csv}\n", "")), contains=("NAME=PATH",)),
)

TABLES = (
    Case(
        "Latin-1",
        "RG201",
        {"samples.csv": SAMPLES.encode() + "é,cat\n".encode("latin-1")},
        file="samples.csv",
        line=6,
        contains=("byte ", "é,cat"),
    ),
    Case("UTF-16", "RG201", {"samples.csv": SAMPLES.encode("utf-16")}, file="samples.csv", contains=("UTF-16",)),
    Case("UTF-16 without a mark", "RG201", {"samples.csv": SAMPLES.encode("utf-16-be")}, file="samples.csv"),
    Case("two delimiters", "RG202", samples("id,label;x\na,cat;1\nb,dog;2\n"), file="samples.csv"),
    Case(
        "a field too many",
        "RG203",
        predictions(PREDICTIONS + "e,cat,extra\n"),
        file="v1.csv",
        row=6,
        contains=("3 fields", "2"),
    ),
    Case(
        "a field too few",
        "RG203",
        predictions("id,prediction\na,cat\nb\nc,cat\n"),
        file="v1.csv",
        row=3,
        contains=("1 field",),
    ),
    Case("a header twice", "RG204", samples("id,label,label\na,cat,cat\n"), file="samples.csv", row=1, column="label"),
    Case("an empty file", "RG205", {"v1.csv": ""}, file="v1.csv", contains=("no rows",)),
    Case("a header alone", "RG205", {"v1.csv": "id,prediction\n"}, file="v1.csv", contains=("no rows",)),
    Case("blank lines alone", "RG205", {"v1.csv": "\n\n\n"}, file="v1.csv"),
    Case(
        "a quote that never closes",
        "RG206",
        predictions('id,prediction\na,cat\nb,"dog\nc,cat\nd,dog\n'),
        file="v1.csv",
        row=3,
        contains=("never closes",),
    ),
    Case("a broken JSON line", "RG207", jsonl('{"id":"a","prediction":"cat"}\n{"id":"b",\n'), file="v1.jsonl", row=2),
    Case(
        "NaN in JSON",
        "RG207",
        jsonl('{"id":"a","score":0.5}\n{"id":"b","score":NaN}\n'),
        file="v1.jsonl",
        row=2,
        contains=("NaN", "write null"),
    ),
    Case("a JSON line that is a list", "RG207", jsonl('{"id":"a"}\n["b"]\n'), file="v1.jsonl", row=2),
    Case("deep JSON", "RG207", jsonl('{"a":' * 3000 + "1" + "}" * 3000), file="v1.jsonl", row=1, contains=("deep",)),
    Case(
        "a JSON key twice",
        "RG208",
        jsonl('{"id":"a","prediction":"cat","id":"b"}\n'),
        file="v1.jsonl",
        row=1,
        contains=('"id"',),
    ),
    Case(
        "a truncated Parquet file",
        "RG209",
        named("v1.parquet", parquet(_FRAME)[:-20]),
        file="v1.parquet",
        contains=("not a valid Parquet file", "cut short"),
    ),
    Case("CSV named Parquet", "RG209", named("v1.parquet", PREDICTIONS), file="v1.parquet", contains=(".csv",)),
    Case("a truncated Arrow file", "RG210", named("v1.arrow", arrow(_FRAME)[:200]), file="v1.arrow"),
    Case("noise named Arrow", "RG210", named("v1.feather", b"ARROW1\0\0" + bytes(range(256))), file="v1.feather"),
    Case("a NumPy file", "RG211", named("v1.npy", b"\x93NUMPY"), file="v1.npy", contains=("write_parquet",)),
    Case("a pickle", "RG211", named("v1.pkl", b"\x80\x04."), file="v1.pkl", contains=("never opened", "write_parquet")),
    Case("a checkpoint", "RG211", named("v1.pt", b"PK\x03\x04"), file="v1.pt", contains=("never opened",)),
    Case("an unknown ending", "RG211", named("v1.xlsx", b"PK\x03\x04"), file="v1.xlsx", contains=(".parquet",)),
    Case("Parquet named CSV", "RG211", named("v1.csv", parquet(_FRAME)), file="v1.csv", contains=("Parquet",)),
    Case("gzip named CSV", "RG211", named("v1.csv", b"\x1f\x8b\x08\x00rest"), file="v1.csv", contains=("gzip",)),
    Case(
        "two thousand and one columns",
        "RG214",
        samples("id,label," + ",".join(f"x{i}" for i in range(2000)) + "\na,cat" + ",1" * 2000 + "\n"),
        file="samples.csv",
    ),
    Case(
        "blanks around names",
        "RG218",
        samples("id, label\na, cat\nb, dog\nc, cat\nd, dog\n"),
        column="label",
        note="info",
        contains=('"label"',),
    ),
    Case("a header twice but for blanks", "RG204", samples("id,label, label\na,cat,cat\n"), column="label"),
    Case(
        "several kinds in a JSON column",
        "RG215",
        jsonl(
            "\n".join(
                f'{{"id":"{key}","prediction":"cat","x":{x}}}'
                for key, x in zip("abcd", ("1", '"q"', "true", "null"), strict=True)
            )
        ),
        column="x",
        note="degraded",
    ),
    Case(
        "a lone surrogate",
        "RG216",
        jsonl("\n".join(f'{{"id":"{key}","prediction":"cat","x":"\\ud800"}}' for key in "abcd")),
        column="x",
        note="degraded",
    ),
    Case(
        "a binary column",
        "RG217",
        named("v1.parquet", parquet(_FRAME.with_columns(x=pl.lit(b"\x00\x01")))),
        column="x",
        note="info",
    ),
)

JOINS = (
    Case(
        "no such column",
        "RG301",
        manifest(MANIFEST.replace("label", "lable")),
        line=3,
        contains=('did you mean "label"?',),
    ),
    Case("no such attribute", "RG301", manifest(MANIFEST + "attributes: [weather]\n"), line=5, contains=("weather",)),
    Case(
        "no id in the predictions", "RG301", predictions("key,prediction\na,cat\n"), file="v1.csv", contains=('"id"',)
    ),
    Case(
        "no such prediction column",
        "RG301",
        predictions(PREDICTIONS, "prediction_columns: {label: predicton}\n"),
        line=5,
        contains=('did you mean "prediction"?',),
    ),
    Case("no prediction at all", "RG302", predictions("id,x\na,1\n"), file="v1.csv", contains=("prediction_columns",)),
    Case(
        "percents in columns of bare classes",
        "RG302",
        probabilities("20,80", "70,30", "50,50", "50,50", header="cat,dog"),
        contains=('probabilities: "{class}"',),
    ),
    Case("a sample without id", "RG303", samples("id,label\na,cat\n,dog\n"), file="samples.csv", row=3, column="id"),
    Case("a prediction without id", "RG303", predictions("id,prediction\na,cat\n,dog\n"), file="v1.csv", row=3),
    Case(
        "a sample twice",
        "RG304",
        samples("id,label\na,cat\nb,dog\na,cat\n"),
        file="samples.csv",
        row=2,
        column="id",
        contains=('"a"', "row 4"),
    ),
    Case(
        "a prediction twice",
        "RG305",
        predictions("id,prediction\na,cat\na,dog\nb,cat\n"),
        file="v1.csv",
        row=2,
        contains=("row 3",),
    ),
    Case("a prediction twice, alike", "RG306", predictions(PREDICTIONS + "a,cat\n"), column="id", note="degraded"),
    Case(
        "a sample without prediction",
        "RG307",
        predictions("id,prediction\na,cat\nb,dog\nc,cat\n"),
        note="degraded",
        contains=("1 of 4",),
    ),
    Case("a prediction without sample", "RG308", predictions(PREDICTIONS + "z,cat\n"), note="degraded"),
    Case(
        "ids of files",
        "RG309",
        {
            "samples.csv": "id,label\n" + "".join(f"img/{i}.jpg,cat\n" for i in range(9)),
            "v1.csv": "id,prediction\n" + "".join(f"{i},cat\n" for i in range(9)),
        },
        file="v1.csv",
        contains=("would match after: the file name without folder and ending (9 of 9)",),
    ),
    Case(
        "ids in another form of Unicode",
        "RG309",
        {"samples.csv": "id,label\ncafe\u0301,cat\n", "v1.csv": "id,prediction\ncaf\u00e9,cat\n"},
        contains=("Unicode NFC",),
    ),
    Case("ids with blanks", "RG309", predictions("id,prediction\na ,cat\nb ,dog\n"), contains=("stripping blanks",)),
    Case("ids in another case", "RG309", predictions("id,prediction\nA,cat\nB,dog\n"), contains=("ignoring case",)),
    Case("ids of something else", "RG309", predictions("id,prediction\nx,cat\ny,dog\n"), contains=("the same ids",)),
    Case(
        "a word in a score",
        "RG310",
        predictions("id,prediction,score\na,cat,0.1\nb,dog,0.9\nc,cat,oops\n"),
        file="v1.csv",
        row=4,
        column="score",
        contains=('"oops"',),
    ),
    Case(
        "a decimal comma",
        "RG310",
        predictions("id;prediction;score\na;cat;0,1\nb;dog;0,9\n"),
        file="v1.csv",
        row=2,
        column="score",
        contains=('decimals with "."',),
    ),
    Case("a word for a target", "RG310", regression("1|2|3|4", "1,2,x,4"), file="samples.csv", row=4, column="label"),
    Case(
        "words for probabilities",
        "RG310",
        named("v1.parquet", parquet(_FRAME.select("id", probabilities=pl.lit(["x", "y"])))),
        file="v1.parquet",
        column="probabilities",
        contains=("List(String), not lists of numbers",),
    ),
    Case(
        "lists of probabilities in lists",
        "RG310",
        named("v1.parquet", parquet(_FRAME.select("id", probabilities=pl.Series([[[0.1], [0.9]]] * 4)))),
        column="probabilities",
    ),
    Case(
        "an infinite score",
        "RG311",
        predictions("id,prediction,score\na,cat,0.1\nb,dog,inf\n"),
        file="v1.csv",
        row=3,
        column="score",
    ),
    Case(
        "a value beyond all measure",
        "RG311",
        regression("1|2|1e200|4"),
        file="v1.csv",
        row=4,
        column="value",
        contains=("too large to be squared",),
    ),
    Case("an infinite value", "RG311", regression("1|2|-inf|4"), file="v1.csv", row=4, column="value"),
    Case(
        "a probability above 1",
        "RG312",
        probabilities("0.2,0.8", "1.7,-0.7", "0.5,0.5", "0.5,0.5"),
        file="v1.csv",
        row=3,
        column="prob_cat",
    ),
    Case(
        "percent for probabilities", "RG312", probabilities("20,80", "70,30", "50,50", "50,50"), contains=("percent?",)
    ),
    Case("logits for probabilities", "RG312", probabilities("-2,2", "3,-3", "1,1", "0.5,-4"), contains=("logits?",)),
    Case(
        "sums a little off",
        "RG313",
        probabilities("0.21,0.8", "0.7,0.3", "0.5,0.5", "0.5,0.5"),
        note="degraded",
        contains=("1 ",),
    ),
    Case(
        "sums far off",
        "RG314",
        probabilities("0.2,0.8", "0.7,0.2", "0.5,0.5", "0.5,0.5"),
        file="v1.csv",
        row=3,
        contains=("0.9",),
    ),
    Case(
        "a class without column",
        "RG315",
        {
            **samples("id,label\na,cat\nb,dog\nc,cow\nd,cat\n"),
            **probabilities("0.2,0.8", "0.7,0.3", "0.5,0.5", "0.5,0.5"),
        },
        file="v1.csv",
        contains=("prob_cow", "prob_dog"),
    ),
    Case(
        "a list too long",
        "RG316",
        jsonl("\n".join(f'{{"id":"{key}","probabilities":[0.2,0.3,0.5]}}' for key in "abcd")),
        file="v1.jsonl",
        row=1,
        contains=("3", "2 classes"),
    ),
    Case(
        "a score that is no number",
        "RG317",
        predictions("id,prediction,score\na,cat,0.1\nb,dog,NaN\nc,dog,0.8\nd,cat,0.3\n"),
        note="degraded",
    ),
    Case(
        "an empty prediction",
        "RG317",
        predictions("id,prediction\na,cat\nb,\nc,NA\nd,dog\n"),
        note="degraded",
        contains=("2 ",),
    ),
    Case(
        "labels in another case",
        "RG318",
        predictions("id,prediction\na,Cat\nb,Dog\nc,cat\n"),
        file="v1.csv",
        column="prediction",
        contains=("Cat: cat", "Dog: dog", "label_map"),
    ),
    Case(
        "indices for names", "RG318", predictions("id,prediction\na,0\nb,1\nc,0\nd,1\n"), contains=("0: cat", "1: dog")
    ),
    Case("names for indices", "RG318", samples("id,label\na,0\nb,1\nc,0\nd,1\n"), contains=("cat: 0", "dog: 1")),
    Case(
        "labels of something else", "RG318", predictions("id,prediction\na,x\nb,y\nc,x\n"), contains=("same classes",)
    ),
    Case(
        "columns of indices",
        "RG318",
        probabilities("0.2,0.8", "0.7,0.3", "0.5,0.5", "0.5,0.5", header="prob_0,prob_1"),
        contains=("0: cat", "1: dog"),
    ),
    Case(
        "labels with decimals",
        "RG319",
        {**samples("id,label\na,0\nb,1\nc,0\nd,1\n"), **{"v1.csv": "id,prediction\na,0.0\nb,1.0\nc,1.0\nd,1.0\n"}},
        note="info",
    ),
    Case(
        "a class that is never true",
        "RG320",
        predictions("id,prediction\na,cat\nb,dog\nc,cow\nd,dog\n"),
        note="degraded",
        contains=('"cow"',),
    ),
    Case(
        "a target that is no class",
        "RG321",
        manifest(MANIFEST + "classes: [cat, cow]\n"),
        file="samples.csv",
        row=3,
        column="label",
        contains=('"dog"',),
    ),
    Case("a positive that is no target", "RG322", manifest(MANIFEST + "positive: cow\n"), line=5),
    Case(
        "scores of the other class",
        "RG322",
        {
            "samples.csv": "id,label\n" + "".join(f"{i},{'cat' if i % 2 else 'dog'}\n" for i in range(20)),
            "v1.csv": "id,prediction,score\n"
            + "".join(f"{i},{'cat,0.9' if i % 2 else 'dog,0.2'}\n" for i in range(20)),
            "reportgen.yaml": MANIFEST + "positive: dog\n",
        },
        file="v1.csv",
        column="score",
        contains=("positive: cat",),
    ),
    Case(
        "a score for three classes",
        "RG323",
        {**samples("id,label\na,cat\nb,dog\nc,cow\nd,cat\n"), "v1.csv": "id,score\na,0.1\nb,0.2\nc,0.3\nd,0.4\n"},
        file="v1.csv",
        column="score",
    ),
    Case("no target", "RG324", samples("id,label\na,\nb,NA\n"), file="samples.csv", column="label"),
    Case(
        "a sample without target",
        "RG325",
        samples("id,label\na,cat\nb,\nc,cat\nd,dog\n"),
        note="degraded",
        contains=("1 ",),
    ),
    Case(
        "a class named as nothing",
        "RG325",
        samples("id,label\na,cat\nb,NA\nc,cat\nd,dog\n"),
        note="degraded",
        contains=('"NA" was read as no value', "classes: […]"),
    ),
    Case(
        "a weight of zero",
        "RG326",
        {
            "samples.csv": "id,label,w\na,cat,1\nb,dog,0\n",
            "reportgen.yaml": MANIFEST.replace("{target: label}", "{target: label, weight: w}"),
        },
        file="samples.csv",
        row=3,
        column="w",
    ),
    Case(
        "a weight that vanishes beside the others",
        "RG326",
        {
            "samples.csv": "id,label,w\na,cat,1e80\nb,dog,1e-80\n",
            "reportgen.yaml": MANIFEST.replace("{target: label}", "{target: label, weight: w}"),
        },
        file="samples.csv",
        row=3,
        column="w",
    ),
    Case(
        "a sample without group",
        "RG327",
        {
            "samples.csv": "id,label,g\na,cat,1\nb,dog,\nc,cat,1\nd,dog,2\n",
            "reportgen.yaml": MANIFEST.replace("{target: label}", "{target: label, group: g}"),
        },
        note="degraded",
    ),
    Case(
        "a sequence without frames",
        "RG112",
        manifest(MANIFEST.replace("{target: label}", "{target: label, sequence: s}")),
        file="reportgen.yaml",
        line=3,
        contains=("columns.sequence", "no frame", "`group`"),
    ),
    Case(
        "frames of no sequence",
        "RG112",
        manifest(MANIFEST.replace("{target: label}", "{target: label, frame: f}")),
        file="reportgen.yaml",
        line=3,
        contains=("columns.frame", "no sequence"),
    ),
    Case(
        "sequences and frames in one column",
        "RG112",
        manifest(MANIFEST.replace("{target: label}", "{target: label, sequence: s, frame: s}")),
        file="reportgen.yaml",
        line=3,
        contains=("name two columns",),
    ),
    Case(
        "a frame that is no number",
        "RG310",
        frames("a,cat,x,1", "b,dog,x,second", "c,cat,x,3", "d,dog,x,4"),
        file="samples.csv",
        row=3,
        column="f",
        contains=('"second"',),
    ),
    Case(
        "a frame without a number",
        "RG344",
        frames("a,cat,x,1", "b,dog,x,", "c,cat,x,3", "d,dog,x,NA"),
        file="samples.csv",
        row=3,
        column="f",
        contains=('sequence "x"', "and 1 more", "a still"),
    ),
    Case(
        "a frame that stands twice",
        "RG349",
        frames("a,cat,x,1", "b,dog,y,1", "c,cat,y,2", "d,dog,x,1.0"),
        file="samples.csv",
        row=5,
        column="f",
        contains=('sequence "x"', "twice", "row 2"),
    ),
    Case(
        "a sequence of two groups",
        "RG350",
        frames("a,cat,x,1,g1", "b,dog,x,2,g2", "c,cat,y,1,g1", "d,dog,y,2,g1", more="group: g"),
        file="samples.csv",
        row=3,
        column="g",
        contains=('sequence "x"', '"g1" in row 2', '"g2" here'),
    ),
    Case(
        "a still among frames",
        "RG397",
        frames("a,cat,x,1", "b,dog,,", "c,cat,x,2", "d,dog,x,3"),
        file="samples.csv",
        column="s",
        contains=("1 sample without a sequence",),
        note="info",
    ),
    Case(
        "frames that are missing",
        "RG398",
        frames("a,cat,x,1", "b,dog,x,2", "c,cat,x,3", "d,dog,x,7"),
        file="samples.csv",
        column="s",
        contains=("1 sequence of 1 with gaps: 3 frames", "in 1 place"),
        note="info",
    ),
    Case(
        "sequences of one frame",
        "RG399",
        frames("a,cat,w,1", "b,dog,x,1", "c,cat,y,1", "d,dog,z,1"),
        file="samples.csv",
        column="s",
        note="degraded",
    ),
    Case(
        "links that lead elsewhere than to the web",
        "RG346",
        {
            "samples.csv": "id,label,l\na,cat,javascript:alert(1)\nb,dog,file:///etc/passwd\nc,cat,\nd,dog,http://x.y/d\n",
            "reportgen.yaml": MANIFEST.replace("{target: label}", "{target: label, link: l}"),
        },
        column="l",
        contains=("2 links left out",),
        note="degraded",
    ),
    Case(
        "scores that are confidences",
        "RG328",
        predictions("id,prediction,score\na,cat,0.9\nb,dog,0.8\nc,dog,0.7\nd,dog,0.6\n", "positive: dog\n"),
        note="degraded",
    ),
    Case(
        "no positive declared",
        "RG329",
        predictions("id,prediction,score\na,cat,0.1\nb,dog,0.8\nc,dog,0.7\nd,dog,0.6\n"),
        note="info",
        contains=('"dog"',),
    ),
    Case(
        "labels by another threshold",
        "RG330",
        predictions("id,prediction,score\na,cat,0.1\nb,dog,0.4\nc,dog,0.7\nd,dog,0.6\n", "positive: dog\n"),
        note="info",
        contains=("1 label ",),
    ),
    Case(
        "a thousand and one classes",
        "RG331",
        {
            "samples.csv": "id,label\n" + "".join(f"{i},c{i}\n" for i in range(1001)),
            "v1.csv": "id,prediction\n" + "".join(f"{i},c{i}\n" for i in range(1001)),
        },
        file="samples.csv",
        column="label",
    ),
    Case(
        "lists for an attribute",
        "RG339",
        typed_samples(tags=[["a"], ["b"], ["a", "b"], []]),
        file="samples.parquet",
        column="tags",
        contains=("List(String)", "one value a sample"),
    ),
    Case(
        "durations for an attribute",
        "RG339",
        typed_samples(took=pl.Series([1, 2, 3, 4], dtype=pl.Duration("ms"))),
        column="took",
        contains=("Duration", "seconds"),
    ),
    Case(
        "predictions that are all empty",
        "RG340",
        predictions("id,prediction\na,\nb,\nc,\nd,\n"),
        file="v1.csv",
        column="prediction",
        contains=("no prediction of v1 can be used",),
    ),
    Case(
        "values that are all empty",
        "RG340",
        {
            **regression("|||"),
            "reportgen.yaml": MANIFEST.replace("classification", "regression") + "prediction_columns: {value: value}\n",
        },
        column="value",
    ),
    Case("one class", "RG332", samples("id,label\na,cat\nb,cat\nc,cat\nd,cat\n"), note="degraded"),
    Case(
        "labels against their probabilities",
        "RG333",
        {
            **samples("id,label\na,cat\nb,dog\nc,cow\nd,cat\n"),
            "v1.csv": "id,prediction,prob_cat,prob_cow,prob_dog\n"
            "a,cow,0.6,0.2,0.2\nb,dog,0.1,0.1,0.8\nc,cow,0.4,0.4,0.2\nd,cat,0.7,0.2,0.1\n",
        },
        column="prediction",
        note="info",
        contains=("1 label of v1",),
    ),
    Case(
        "labels against the probabilities of two classes",
        "RG333",
        predictions("id,prediction,prob_cat,prob_dog\na,cat,0.6,0.4\nb,dog,0.8,0.2\nc,dog,0.3,0.7\nd,cat,0.1,0.9\n"),
        note="info",
        contains=("2 labels of v1",),
    ),
    Case("an empty score", "RG334", predictions("id,prediction,score\na,cat,\nb,dog,\nc,dog,\nd,dog,\n"), note="info"),
    Case(
        "a score that is no probability",
        "RG335",
        predictions("id,prediction,score\na,cat,-0.4\nb,dog,0.8\nc,dog,0.7\nd,dog,0.6\n"),
        note="info",
    ),
)

CASES = tuple(
    (f"{group}: {case.name}", case)
    for group, cases in (("manifest", MANIFESTS), ("table", TABLES), ("join", JOINS))
    for case in cases
)
