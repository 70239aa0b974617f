"""A manifest file, read, checked and placed: every error at once, each with its line."""

from __future__ import annotations

import codecs
import difflib
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

from pydantic import ValidationError

from reportgen.errors import InputError, Place, Problem, stop
from reportgen.inputs.belief_lines import Unreadable, parse_belief
from reportgen.inputs.formats.coco import begins_as_truth
from reportgen.inputs.manifest import (
    AttributeSpec,
    Columns,
    CriticalSpec,
    GateSpec,
    LoadedManifest,
    Manifest,
    MasksSpec,
    MediaSpec,
    ObjectsSpec,
    Part,
    PredictionColumns,
    SupportSpec,
    VersionSpec,
    parse_size,
    place_in,
    slug,
)
from reportgen.inputs.paths import find_entry, find_file, find_folder, kind_of, nearest_entry, place_folder
from reportgen.inputs.positions import Document, Loc, dotted, parse_document

ENDINGS = {".yaml", ".yml", ".toml", ".json"}
MAX_BYTES = 1_000_000

_PARTS: dict[str, type[Part]] = {
    "columns": Columns,
    "prediction_columns": PredictionColumns,
    "media": MediaSpec,
    "objects": ObjectsSpec,
    "masks": MasksSpec,
    "support": SupportSpec,
}
_ENTRIES: dict[str, type[Part]] = {
    "versions": VersionSpec,
    "attributes": AttributeSpec,
    "critical": CriticalSpec,
    "gates": GateSpec,
}


def is_manifest(path: Path) -> bool:
    """True for what its ending says is a manifest.

    JSON is a table where it is a list, or holds an object a line, and objects where it begins as COCO files do.
    """
    ending = path.suffix.lower()
    if ending != ".json" or not path.is_file():
        return ending in ENDINGS
    if begins_as_truth(path):
        return False
    try:
        with path.open("rb") as file:
            pieces = [file.readline(MAX_BYTES) for _ in range(20)]
    except OSError:
        return True  # reading it as one tells what is wrong
    first, *rest = [piece.strip() for piece in pieces if piece.strip(b"\xef\xbb\xbf \t\r\n")] or [b""]
    first = first.removeprefix(codecs.BOM_UTF8)
    return not first.startswith(b"[") and not (first.endswith(b"}") and bool(rest) and rest[0].startswith(b"{"))


def load_manifest(path: Path | str, *, root: Path | None = None, need_versions: bool = True) -> LoadedManifest:
    """The manifest in a YAML, TOML or JSON file, with the files that it names found.

    Args:
        path: the manifest, as errors and the report are to write it.
        root: where its relative paths begin; by default its own folder.
        need_versions: False where versions come from the command line.

    Raises:
        InputError: every problem of the file at once, in the order of lines (RG1xx).
    """
    path = Path(path)
    content = _read(path, str(path))
    document = parse_document(_decode(content, str(path)), str(path))
    root = path.resolve().parent if root is None else root.resolve()
    return _check(document, path, root, content, need_versions=need_versions)


def load_text(text: str, path: Path, root: Path, *, files: bool = True) -> LoadedManifest:
    """The manifest in a YAML text that is to stand at ``path``, its relative paths beginning in ``root``.

    Without ``files`` the tables that it names are not looked for: they are in memory.
    """
    document = parse_document(text, str(path))
    return _check(document, path, root.resolve(), text.encode(), need_versions=True, files=files)


def _read(path: Path, shown: str) -> bytes:
    if not path.exists():
        mend = nearest_entry(path.parent, path.name) or "run `reportgen init` to write one"
        raise stop(Problem("RG101", "manifest not found", Place(shown), mend=mend))
    if not path.is_file():
        raise stop(Problem("RG118", f"the manifest is {kind_of(path)}", Place(shown), expected="a regular file"))
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= MAX_BYTES else b""
    except OSError as error:
        raise stop(Problem("RG101", f"cannot be read: {error.strerror}", Place(shown))) from None
    if size > MAX_BYTES:
        raise stop(Problem("RG107", f"{size:,} bytes", Place(shown), expected=f"at most {MAX_BYTES:,} bytes"))
    return content


def _decode(content: bytes, shown: str) -> str:
    wide = Problem("RG103", "the manifest is UTF-16", Place(shown), expected="UTF-8", mend="save as UTF-8")
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise stop(wide)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        position = error.start - (content.rfind(b"\n", 0, error.start) + 1) + 1
        what = f"byte {error.start:,} is not UTF-8"
        raise stop(Problem("RG103", what, Place(shown, line, position), mend="save as UTF-8")) from None
    if "\0" in text[:200] and text[:200].count("\0") > len(text[:200]) // 4:
        raise stop(wide)
    return text


def _check(
    document: Document, path: Path, root: Path, content: bytes, *, need_versions: bool, files: bool = True
) -> LoadedManifest:
    shown = str(path)
    if document.data is None or document.data == {}:
        raise stop(Problem("RG102", "manifest is empty", Place(shown), mend="run `reportgen init`"))
    if not isinstance(document.data, dict):
        what = f"the manifest is {_kind(document.data)}"
        expected = "keys with values, such as `task: classification`"
        raise stop(Problem("RG112", what, Place(shown, 1, 1), expected=expected))
    if problem := _newer(document, shown):
        raise stop(problem)
    data = _without_nulls(document.data)
    found, problems = _find_all(data, document, shown, root) if files else ({}, [])
    problems += [_problem(one, document, shown) for one in _unknown_without_value(document.data)]
    try:
        manifest = Manifest.model_validate(data)
    except ValidationError as error:
        problems += [_problem(one, document, shown) for one in error.errors(include_url=False)]
        raise InputError(_by_line(problems)) from None
    names = dict(_named_files(data))
    paths = found if files else {loc: root / text for loc, text in names.items()}
    digest = hashlib.sha256(content).hexdigest()
    loaded = LoadedManifest(manifest, path, root, digest, root, {}, document=document)
    problems += _contradictions(loaded, need_versions=need_versions)
    if problems:
        raise InputError(_by_line(problems))
    trainings = {name: tuple(paths[loc] for loc in _prediction_keys(name, data)) for name in manifest.versions}
    return replace(
        loaded,
        samples_path=paths["samples",],
        prediction_paths={name: trained[0] for name, trained in trainings.items()},
        run_paths={name: trained[1:] for name, trained in trainings.items() if len(trained) > 1},
        config_paths={name: paths["versions", name, "config"] for name, one in manifest.versions.items() if one.config},
        pinned_paths={name: paths["pinned", name] for name in manifest.pinned},
        trained_paths={
            name: paths["versions", name, "trained_on"] for name, one in manifest.versions.items() if one.trained_on
        },
        reviewed_path=paths["reviewed",] if manifest.reviewed is not None else None,
        embeddings_path=paths["embeddings",] if manifest.embeddings is not None else None,
        objects_path=next((path for loc, path in paths.items() if loc[0] == "objects"), None),
        masks_path=next((path for loc, path in paths.items() if loc[0] == "masks"), None),
        shown_paths={paths[loc]: text for loc, text in names.items()},
        history_folder=None if manifest.history is None else (root / manifest.history).resolve(),
    )


_FOLDERS = {"objects", "masks", "versions"}  # what may be a folder of files in these tasks
_WITH_FOLDERS = {"detection", "segmentation"}


def _find_all(data: Any, document: Document, shown: str, root: Path) -> tuple[dict[Loc, Path], list[Problem]]:
    """The files that the manifest names, and what is wrong with any, whatever else is wrong with the manifest."""
    found: dict[Loc, Path] = {}
    problems: list[Problem] = []
    for loc, text in _named_files(data):
        find = find_entry if data.get("task") in _WITH_FOLDERS and loc[0] in _FOLDERS else find_file
        result = find(root, text, place_in(document, shown, loc), dotted(loc))
        if isinstance(result, Problem):
            problems.append(result)
        else:
            found[loc] = result
    media = data.get("media")
    if isinstance(media, dict) and isinstance(folder := media.get("root"), str) and folder:
        result = find_folder(root, folder, place_in(document, shown, ("media", "root")), "media.root")
        problems += [result] if isinstance(result, Problem) else []
    if isinstance(folder := data.get("history"), str):
        result = place_folder(root, folder, place_in(document, shown, ("history",)), "history")
        problems += [result] if isinstance(result, Problem) else []
    return found, problems


def _named_files(data: Any) -> Iterator[tuple[Loc, str]]:
    """Where the manifest names a file, and the name, as far as it is well-formed."""
    if isinstance(text := data.get("samples"), str):
        yield ("samples",), text
    versions = data.get("versions")
    for name, one in versions.items() if isinstance(versions, dict) else ():
        spec: Any = {"predictions": one} if isinstance(one, str) else one if isinstance(one, dict) else {}
        for loc in (*_prediction_keys(name, data), ("versions", name, "config"), ("versions", name, "trained_on")):
            text = spec.get(loc[2]) if len(loc) == 3 else spec["runs"][loc[3]]
            if isinstance(text, str) and (text or loc[2] not in {"config", "trained_on"}):
                yield loc, text
    for key in ("objects", "masks"):
        spec = data.get(key)
        loc = (key, "path") if isinstance(spec, dict) else (key,)
        if isinstance(text := spec.get("path") if isinstance(spec, dict) else spec, str):
            yield loc, text
    for key in ("reviewed", "embeddings"):
        if isinstance(text := data.get(key), str):
            yield (key,), text
    pinned = data.get("pinned")
    for name, text in pinned.items() if isinstance(pinned, dict) else ():
        if isinstance(text, str):
            yield ("pinned", name), text


def _prediction_keys(name: str, data: Any) -> list[Loc]:
    """Where the manifest names the prediction files of a version: one, or one a training."""
    spec = data["versions"][name]
    runs = spec.get("runs") if isinstance(spec, dict) else None
    if isinstance(runs, list):
        return [("versions", name, "runs", i) for i in range(len(runs))]
    return [("versions", name, "predictions")]


def _newer(document: Document, shown: str) -> Problem | None:
    version = document.data.get("version", "1")
    if version in ("1", None):
        return None
    place = place_in(document, shown, ("version",))
    return Problem(
        "RG108",
        f'the manifest is of version "{version}"',
        place,
        "version",
        expected="version 1",
        mend="install a newer reportgen, or leave the key out",
    )


_FREE = {
    "versions",
    "label_map",
    "phrases",
    "where",
    "pinned",
    "costs",
    "class_map",
    "thresholds",
    "classes",
}  # mappings whose keys are the user's own


def _without_nulls(value: Any, key: str = "") -> Any:
    """The value without keys that hold nothing, which mean the default; the user's own keys stay."""
    if isinstance(value, list):
        return [_without_nulls(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    kept = {name: inner for name, inner in value.items() if inner is not None or key in _FREE}
    return {name: _without_nulls(inner, str(name) if key not in _FREE else "") for name, inner in kept.items()}


def _unknown_without_value(data: Any) -> list[Any]:
    """What pydantic says of unknown keys that hold nothing, such as the rest of an unquoted text with a comma."""
    try:
        Manifest.model_validate(data)
    except ValidationError as error:
        return [
            one for one in error.errors(include_url=False) if one["type"] == "extra_forbidden" and one["input"] is None
        ]
    return []


def _contradictions(loaded: LoadedManifest, *, need_versions: bool) -> Iterator[Problem]:
    manifest = loaded.manifest
    yield from _version_names(loaded, need_versions=need_versions)
    support = manifest.support
    if not support.show <= support.test <= support.decide:
        what = f"show {support.show}, test {support.test}, decide {support.decide}"
        yield Problem("RG115", what, loaded.place("support"), "support", expected="show ≤ test ≤ decide")
    try:
        parse_size(manifest.media.budget)
    except ValueError as error:
        place = loaded.place("media", "budget")
        yield Problem("RG112", str(error), place, "media.budget", expected='a size such as "20 MB"')
    for i, spec in enumerate(manifest.attributes or ()):
        if spec.edges and any(a >= b for a, b in zip(spec.edges, spec.edges[1:], strict=False)):
            place = loaded.place("attributes", i, "edges")
            yield Problem("RG112", "edges do not rise", place, f"attributes[{i}].edges")
        if spec.edges and spec.bins:
            key = f"attributes[{i}]"
            yield Problem("RG112", "both bins and edges", loaded.place("attributes", i), key, mend="keep one of them")
    yield from _vectors(loaded)
    yield from _frames(loaded)
    yield from _objects(loaded)
    yield from _masks(loaded)
    yield from _repeated(loaded, ("classes",), manifest.classes)
    yield from _repeated(loaded, ("attributes",), [spec.column for spec in manifest.attributes or ()])
    yield from _repeated(loaded, ("metrics",), manifest.metrics)
    yield from _blank_conditions(loaded)
    yield from _gates(loaded)
    yield from _beliefs(loaded)
    if manifest.trained_splits and manifest.columns.split is None:
        what, mend = "the manifest names no split column", "name it: columns: {split: …}"
        yield Problem("RG112", what, loaded.place("trained_splits"), "trained_splits", mend=mend)
    yield from _repeated(loaded, ("trained_splits",), manifest.trained_splits)
    for name in manifest.pinned:
        if not name.strip():
            yield Problem("RG112", "a pinned set without a name", loaded.place("pinned", name, key=True), "pinned")
    if manifest.positive is not None and manifest.classes and manifest.positive not in manifest.classes:
        what, mend = f'"{manifest.positive}" is none of the classes', _near(manifest.positive, manifest.classes)
        yield Problem("RG112", what, loaded.place("positive"), "positive", mend=mend)
    if manifest.task == "regression":
        for key in ("classes", "positive", "costs"):
            if getattr(manifest, key):
                mend = "leave the key out, or set task: classification"
                yield Problem("RG112", "a regression has no classes", loaded.place(key), key, mend=mend)


def _vectors(loaded: LoadedManifest) -> Iterator[Problem]:
    if loaded.manifest.embeddings is not None and loaded.manifest.columns.embedding is not None:
        what = "both a file of vectors and a column of them"
        yield Problem("RG112", what, loaded.place("embeddings"), "embeddings", mend="keep one of them")


def _frames(loaded: LoadedManifest) -> Iterator[Problem]:
    """A sequence without frames has no order, and frames without a sequence are of nothing."""
    names = loaded.manifest.columns
    for key, other in (("sequence", "frame"), ("frame", "sequence")):
        if getattr(names, key) is not None and getattr(names, other) is None:
            mend = f"name the column of the {other} too"
            if key == "sequence":
                mend += "; where samples only belong together, that is `group`"
            yield Problem("RG112", f"no {other}", loaded.place("columns", key), f"columns.{key}", mend=mend)
    if names.sequence is not None and names.sequence in {names.frame, names.id}:
        what = f'"{names.sequence}" is the column of the {"frame" if names.sequence == names.frame else "id"}, too'
        yield Problem("RG112", what, loaded.place("columns", "sequence"), "columns.sequence", mend="name two columns")


def _blank_conditions(loaded: LoadedManifest) -> Iterator[Problem]:
    """Conditions that nothing was written for: forgotten, where null would name the samples without a value."""
    manifest = loaded.manifest
    wheres = [("critical", i, one.where) for i, one in enumerate(manifest.critical)]
    wheres += [("gates", i, one.where) for i, one in enumerate(manifest.gates)]
    for part, i, where in wheres:
        for name in where:
            loc = (part, i, "where", name)
            if loc in loaded.document.blank:
                mend = "write null for samples without a value"
                yield Problem("RG112", "no value", loaded.place(*loc), dotted(loc), expected="a text", mend=mend)


def _objects(loaded: LoadedManifest) -> Iterator[Problem]:
    """What is wrong with the true objects' place; what their file holds is seen when it is read."""
    manifest = loaded.manifest
    if manifest.task != "detection":
        if manifest.objects is not None:
            mend = "leave the key out, or set task: detection"
            yield Problem("RG112", f"a {manifest.task} has no objects", loaded.place("objects"), "objects", mend=mend)
    elif manifest.objects is None and Path(manifest.samples).suffix.lower() != ".json":
        yield Problem("RG111", "missing key", loaded.place(), "objects", expected=_MEANING["objects"])


def _masks(loaded: LoadedManifest) -> Iterator[Problem]:
    """What is wrong with the true masks' place and with what their pixels mean."""
    manifest, spec = loaded.manifest, loaded.manifest.masks
    if manifest.task != "segmentation":
        if spec is not None:
            mend = "leave the key out, or set task: segmentation"
            yield Problem("RG112", f"a {manifest.task} has no masks", loaded.place("masks"), "masks", mend=mend)
        return
    if manifest.classes:
        mend = "name each class with the value of its pixels: masks: {classes: {…: 1}}"
        yield Problem("RG112", "classes of masks have values", loaded.place("classes"), "classes", mend=mend)
    if spec is None or (spec.path is None and spec.column is None):
        place = loaded.place() if spec is None else loaded.place("masks")
        yield Problem("RG111", "missing key", place, "masks", expected=_MEANING["masks"])
        return
    named: list[tuple[Loc, str]] = [(("masks", "classes", name), value) for name, value in spec.classes.items()]
    named += [(("masks", "ignore", i), value) for i, value in enumerate(spec.ignore)]
    seen: set[str] = set()
    for loc, value in named:
        if value in seen:
            what = f'the value "{value}" stands twice'
            yield Problem("RG112", what, loaded.place(*loc), dotted(loc), mend="give it one meaning")
        seen.add(value)


def _gates(loaded: LoadedManifest) -> Iterator[Problem]:
    """What is wrong with a gate by itself; what its metric and slice ask for is seen when the samples are read."""
    for i, gate in enumerate(loaded.manifest.gates):
        key, place = f"gates[{i}]", loaded.place("gates", i)
        if len(gate.limits) != 1:
            told = " and ".join(gate.limits) or "none"
            what = f"a gate has one limit, and this one has {told}"
            yield Problem("RG124", what, place, key, expected="one of min, max or max_drop")
        if gate.where and gate.on != "overall":
            what = f'"on: {gate.on}" beside a slice of its own'
            yield Problem("RG124", what, loaded.place("gates", i, "on"), f"{key}.on", mend="keep one of on and where")
        if gate.on == "critical" and not loaded.manifest.critical:
            what = "the manifest names no critical slice"
            mend = "list them: critical: [{where: {…: …}, why: …}]"
            yield Problem("RG124", what, loaded.place("gates", i, "on"), f"{key}.on", mend=mend)


def _beliefs(loaded: LoadedManifest) -> Iterator[Problem]:
    for i, text in enumerate(loaded.manifest.expect):
        found = parse_belief(text)
        if isinstance(found, Unreadable):
            yield found.problem(loaded.place("expect", i), f"expect[{i}]")


def _version_names(loaded: LoadedManifest, *, need_versions: bool) -> Iterator[Problem]:
    manifest = loaded.manifest
    if not manifest.versions and need_versions:
        yield Problem(
            "RG119",
            "no version to report on",
            loaded.place("versions"),
            "versions",
            mend="name prediction files under `versions:`, or on the command line as NAME=PATH",
        )
    seen: dict[str, str] = {}
    for name in manifest.versions:
        if not name.strip():
            yield Problem("RG112", "a version without a name", loaded.place("versions", name, key=True), "versions")
        elif problem := _predictions_problem(loaded, name):
            yield problem
        elif (other := seen.setdefault(slug(name), name)) != name:
            yield same_name(
                other, name, loaded.place("versions", other, key=True).line, loaded.place("versions", name, key=True)
            )
    if not need_versions:
        return  # the command line may bring the versions that these name
    yield from pair_problems(loaded)


def _predictions_problem(loaded: LoadedManifest, name: str) -> Problem | None:
    """What is wrong where a version has neither predictions nor runs, or both."""
    spec, key = loaded.manifest.versions[name], f"versions.{name}"
    if spec.predictions is None and spec.runs is None:
        place = loaded.place("versions", name, key=True)
        return Problem("RG111", "missing key", place, f"{key}.predictions", expected=_MEANING["predictions"])
    if spec.predictions is not None and spec.runs is not None:
        place = loaded.place("versions", name, "runs", key=True)
        return Problem("RG112", "both predictions and runs", place, f"{key}.runs", mend="keep one of them")
    return None


def same_name(first: str, second: str, line: int | None, place: Place) -> Problem:
    """The problem of two versions whose names differ by nothing that a file name keeps."""
    where = f" on line {line}" if line is not None else ""
    what = f'"{second}" and "{first}"{where} are one name to file systems'
    return Problem("RG113", what, place, f"versions.{second}", mend="rename one of them")


def pair_problems(loaded: LoadedManifest) -> Iterator[Problem]:
    """What is wrong with baseline and candidate."""
    manifest = loaded.manifest
    names = list(manifest.versions)
    for key in ("baseline", "candidate"):
        name = getattr(manifest, key)
        if name is not None and names and name not in names:
            what = f'"{name}" is no version'
            yield Problem(
                "RG114",
                what,
                loaded.place(key),
                key,
                expected=_one_of([f'"{n}"' for n in names]),
                mend=_near(name, names),
            )
    if len(names) > 1 and manifest.first == manifest.last:
        key = "candidate" if manifest.candidate is not None else "baseline"
        what = f'"{manifest.first}" is both baseline and candidate'
        yield Problem("RG114", what, loaded.place(key), key, mend="name two versions")


def _repeated(loaded: LoadedManifest, loc: Loc, values: Sequence[str] | None) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for i, value in enumerate(values or ()):
        if seen.setdefault(value, i) != i:
            line = loaded.place(*loc, seen[value]).line
            what = f'"{value}" stands twice' + (f", first on line {line}" if line else "")
            yield Problem("RG112", what, loaded.place(*loc, i), dotted((*loc, i)), mend="keep one of them")


def _problem(error: Any, document: Document, shown: str) -> Problem:
    loc: Loc = error["loc"]
    kind: str = error["type"]
    context = error.get("ctx", {})
    if kind == "extra_forbidden":
        place = place_in(document, shown, loc, key=True)
        names = _keys_at(loc[:-1])
        mend = _near(str(loc[-1]), names) or f"the keys here are {', '.join(names)}"
        if error["input"] is None and " " in str(loc[-1]):
            mend = "a text with a comma needs quotes"
        return Problem("RG110", "unknown key", place, dotted(loc), mend=mend)
    if kind == "missing":
        place = place_in(document, shown, loc[:-1], key=True)
        return Problem("RG111", "missing key", place, dotted(loc), expected=_MEANING.get(str(loc[-1]), ""))
    value = error.get("input")
    what = f'"{value}" is not allowed' if isinstance(value, str) else f"is {_kind(value)}"
    expected = (_MEANING.get(str(loc[-1])) if kind == "too_short" else None) or _expected(kind, context)
    mend = ""
    if kind == "literal_error" and isinstance(value, str):
        options = _options(loc)
        expected, mend = _one_of(options), _near(value, options)
    return Problem("RG112", what, place_in(document, shown, loc), dotted(loc), expected, mend)


_MEANING = {
    "task": "classification, regression, multilabel, detection or segmentation",
    "objects": "the file or folder of the true objects",
    "masks": "the folder or file of the true masks, or the column of the samples that names them",
    "path": "a file or folder",
    "samples": "the path of the sample table",
    "predictions": "the path of the version's prediction file",
    "column": "the name of a column of the sample table",
    "metric": "the name of a metric",
    "where": "columns with a value each, such as {weather: rain}",
    "why": "a text that says why the slice is critical",
}


def _expected(kind: str, context: Mapping[str, Any]) -> str:
    if kind.startswith("int"):
        return "a whole number"
    if kind.startswith(("float", "finite")):
        return "a number"
    if kind.startswith("string"):
        return "a text"
    if kind in ("dict_type", "model_type", "model_attributes_type") or context.get("field_type") == "Dictionary":
        return "keys with values"
    if kind in ("list_type", "too_short"):
        return f"a list of at least {context['min_length']}" if "min_length" in context else "a list"
    signs = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than"}
    return " and ".join(f"{word} {context[sign]:g}" for sign, word in signs.items() if sign in context)


def _options(loc: Loc) -> list[str]:
    annotation = _model_at(loc[:-1]).model_fields[str(loc[-1])].annotation
    values = get_args(annotation)
    flat = [inner for value in values for inner in (get_args(value) or (value,))]
    return [value for value in flat if isinstance(value, str)]


def _keys_at(loc: Loc) -> list[str]:
    return [one.alias or name for name, one in _model_at(loc).model_fields.items()]


def _model_at(loc: Loc) -> type[Part]:
    """The part of the manifest whose keys stand at the place."""
    if not loc:
        return Manifest
    return _ENTRIES[str(loc[0])] if len(loc) == 2 else _PARTS[str(loc[0])]


def _near(text: str, names: Sequence[str]) -> str:
    near = difflib.get_close_matches(text.casefold(), [name.casefold() for name in names], n=1, cutoff=0.6)
    return next((f'did you mean "{name}"?' for name in names if near and name.casefold() == near[0]), "")


def _one_of(names: Sequence[str]) -> str:
    return " or ".join(names) if len(names) < 3 else ", ".join(names[:-1]) + f" or {names[-1]}"


def _kind(value: object) -> str:
    if value in ({}, []):
        return "empty"
    kinds = {dict: "keys with values", list: "a list", str: "a text", type(None): "empty"}
    return kinds.get(type(value), "something else")


def _by_line(problems: Sequence[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda p: (p.where.line or 0, p.where.position or 0, p.key))
