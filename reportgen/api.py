"""The package as a library: a report from a manifest, from files, or from data frames in a training script."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import narwhals as nw

from reportgen import pipeline
from reportgen.checking.files import CheckFiles
from reportgen.checking.sheet import Sheet, is_report, read_sheet, refuse_no_gates, sheet_of
from reportgen.errors import InputError
from reportgen.inputs.history import file_of, to_keep
from reportgen.inputs.infer import Inferred, infer_manifest, infer_tables
from reportgen.inputs.load import load_manifest, load_text
from reportgen.inputs.manifest import LoadedManifest
from reportgen.inputs.overrides import apply_versions
from reportgen.inputs.tables import Table, plain
from reportgen.model import Note, PastReport
from reportgen.render.clashes import refuse_clashes
from reportgen.render.serialise import to_json
from reportgen.render.writer import refuse_outputs, write_folder, write_single, write_text
from reportgen.report import Report
from reportgen.site.plan import plan
from reportgen.suggestions import gate_lines, suggest_gates

if TYPE_CHECKING:
    from narwhals.typing import IntoDataFrame

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Wish:
    """What to write, and how: a folder, one file, or both.

    Attributes:
        folder: the folder to write; None writes none.
        single_file: the one file to write; None writes none.
        sample: look at so many samples only; the report says so on every page.
        strict: anything left out or repaired is an error.
        force: replace a folder or file that reportgen did not write.
        check: the files of a check of the gates in the same run; None checks none.
        no_history: keep nothing of this report in the manifest's history; past reports are read all the same.
    """

    folder: Path | None
    single_file: Path | None = None
    sample: int | None = None
    strict: bool = False
    force: bool = False
    check: CheckFiles | None = None
    no_history: bool = False

    @property
    def outputs(self) -> tuple[Path, ...]:
        """The places that are written."""
        checked = self.check.paths if self.check else ()
        return (*(path for path in (self.folder, self.single_file) if path is not None), *checked)


@dataclass(frozen=True)
class Written:
    """What a build left behind, and the report it says it with."""

    report: Report
    notes: tuple[Note, ...]  # the report's, and those of its media
    folder: Path | None
    single_file: Path | None
    manifest: Path | None = None  # the inferred one, where it was saved
    sheet: Sheet | None = None  # of the gates, where they were checked


def build(
    samples: IntoDataFrame,
    predictions: Mapping[str, IntoDataFrame],
    folder: str | Path | None = "report",
    *,
    single_file: str | Path | None = None,
    manifest: str | Path | None = None,
    force: bool = False,
) -> Written:
    """A report from data frames of any library that narwhals reads (Polars, pandas, Arrow, …), written.

    >>> from reportgen.api import build                                # doctest: +SKIP
    >>> build(samples, {"v1": old, "v2": new}, "report")               # doctest: +SKIP

    Args:
        samples: one row a sample: id, target and attributes.
        predictions: a frame a version, one row a sample; baseline first, candidate last.
        folder: the folder to write; None writes none.
        single_file: the one file to write; None writes none.
        manifest: a manifest whose tables the frames replace; without one, what the columns mean is inferred.
        force: replace a folder or file that reportgen did not write.

    Raises:
        InputError: every problem that the first failing stage found; nothing is written then.
    """
    sources = pipeline.Sources(
        _table(samples, "samples"), {name: _table(frame, name) for name, frame in predictions.items()}
    )
    if manifest is not None:
        loaded = load_manifest(Path(manifest), need_versions=False)
        loaded = apply_versions(loaded, {name: Path(name) for name in predictions})
        inferred = False
    else:
        guess = infer_tables(sources.samples, sources.predictions)
        loaded = load_text(guess.manifest_yaml, Path("reportgen.yaml"), guess.root, files=False)
        inferred = True
    wish = Wish(
        None if folder is None else Path(folder), None if single_file is None else Path(single_file), force=force
    )
    return _build(loaded, wish, lambda _stage: None, sources=sources, inferred=inferred)


def build_manifest(path: Path, versions: Mapping[str, Path], wish: Wish, progress: Progress) -> Written:
    """A report from a manifest, written; prediction files given by name replace its versions or are added to them.

    Raises:
        InputError: every problem that the first failing stage found; nothing is written then.
    """
    progress("Reading the manifest")
    loaded = load_manifest(path, need_versions=not versions)
    return _build(apply_versions(loaded, versions) if versions else loaded, wish, progress)


def build_files(inferred: Inferred, target: Path, wish: Wish, progress: Progress) -> Written:
    """A report from the manifest that files suggested, written, and then the manifest, too.

    The manifest takes the next free name (``reportgen-2.yaml``) where another one stands at ``target``.

    Raises:
        InputError: every problem that the first failing stage found; nothing is written then.
    """
    saved = _free_name(target, inferred.manifest_yaml)
    written = _build(load_text(inferred.manifest_yaml, saved, inferred.root), wish, progress, inferred=True)
    return replace(written, manifest=save_manifest(inferred, saved))


def check(
    source: Path,
    versions: Mapping[str, Path],
    files: CheckFiles,
    *,
    strict: bool = False,
    progress: Progress = lambda _stage: None,
) -> Sheet:
    """The gates of a manifest, judged without writing a report; or of a built report, with nothing computed again.

    Args:
        source: a manifest, or the folder of a built report.
        versions: of a manifest: prediction files by name, which replace its versions or are added to them.
        files: what to write of it.
        strict: of a manifest: anything left out or repaired is an error.
        progress: called with the name of each stage as it begins.

    Raises:
        InputError: every problem that the first failing stage found; nothing is written then.
    """
    files.refuse()
    if is_report(source):
        sheet, report = read_sheet(source), source if source.is_dir() else source.parent
        refuse_clashes(files.paths, report.iterdir())
        files.write(sheet, report)
        return sheet
    progress("Reading the manifest")
    loaded = load_manifest(source, need_versions=not versions)
    loaded = apply_versions(loaded, versions) if versions else loaded
    refuse_clashes(files.paths, loaded.input_paths)
    refuse_no_gates(loaded)
    sheet = sheet_of(pipeline.run(loaded, strict=strict, keep_history=False, progress=progress))
    files.write(sheet)
    return sheet


def infer(samples: Path, predictions: Mapping[str, Path], folder: Path, outputs: Iterable[Path] = ()) -> Inferred:
    """The manifest that files suggest, to stand in ``folder``, with what was taken for what.

    Raises:
        InputError: one of the ``outputs`` to come would replace a file, a file cannot be read, or no id or target is
            found.
    """
    refuse_clashes(outputs, [samples, *predictions.values()])
    return infer_manifest(samples, predictions, folder)


def with_gates(inferred: Inferred, path: Path) -> Inferred:
    """The manifest that files suggest, with gates suggested from its baseline, to stand at ``path``.

    Where the files cannot be joined as it says there is nothing to suggest from, and its statements say so.
    """
    try:
        gates = suggest_gates(load_text(inferred.manifest_yaml, path, inferred.root))
    except InputError as error:
        told = f"gates: none are suggested, since the baseline cannot be judged yet: {error.problems[0].what}"
        return replace(inferred, statements=(*inferred.statements, told))
    text = inferred.manifest_yaml + "\n".join(gate_lines(gates)) + "\n"
    told = f"gates: {len(gates)} suggested from the baseline, with their reasons in the manifest"
    return replace(inferred, manifest_yaml=text, statements=(*inferred.statements, told))


def save_manifest(inferred: Inferred, path: Path) -> Path:
    """The written manifest, in place of any file that stands there."""
    return write_text(path, inferred.manifest_yaml)


def _free_name(target: Path, text: str) -> Path:
    """The path, or the next one by number that is free or says the same already."""
    path, number = target, 2
    while path.exists() and path.read_text(encoding="utf-8", errors="replace") != text:
        path = target.with_stem(f"{target.stem}-{number}")
        number += 1
    return path


def _build(
    loaded: LoadedManifest,
    wish: Wish,
    progress: Progress,
    *,
    sources: pipeline.Sources | None = None,
    inferred: bool = False,
) -> Written:
    # A media root that is the manifest's own folder is where reports stand, too.
    media_root = loaded.media_root if loaded.media_root != loaded.root else None
    kept = () if loaded.history_folder is None else (loaded.history_folder,)
    refuse_clashes(wish.outputs, (*(loaded.input_paths if sources is None else (loaded.path,)), *kept), media_root)
    refuse_outputs(wish.folder, wish.single_file, force=wish.force)
    if wish.check:
        wish.check.refuse(wish.folder)
        refuse_no_gates(loaded)
    report = pipeline.run(
        loaded,
        sample=wish.sample,
        strict=wish.strict,
        inferred=inferred,
        sources=sources,
        keep_history=not wish.no_history,
        progress=progress,
    )
    sheet = sheet_of(report) if wish.check else None
    progress("Drawing pages")
    site = plan(report)
    if wish.strict:
        pipeline.refuse_degraded(site.notes)
    progress("Writing")
    folder = None if wish.folder is None else write_folder(site, wish.folder, force=wish.force)
    single = None if wish.single_file is None else write_single(site, wish.single_file, force=wish.force)
    if wish.check and sheet:
        wish.check.write(sheet, folder or single)
    if report.history is not None and not wish.no_history:
        _keep(report.history.now, loaded)
    return Written(report, site.notes, folder, single, sheet=sheet)


def _keep(now: PastReport, loaded: LoadedManifest) -> None:
    """Write what the history keeps of the report, unless it has one of the same inputs."""
    folder = loaded.history_folder
    assert folder is not None
    if not any(folder.glob(f"*-{now.inputs[:12]}.json")):
        write_text(folder / file_of(now), to_json(to_keep(now), depth=4) + "\n")


def _table(native: IntoDataFrame, name: str) -> Table:
    """A data frame as a table that was read; its hash is that of its Arrow form."""
    frame, notes = plain(nw.from_native(native, eager_only=True).to_polars(), name)
    stream = io.BytesIO()
    frame.write_ipc(stream, compression="uncompressed")
    return Table(frame, name, hashlib.sha256(stream.getbuffer()).hexdigest(), frame.height, tuple(notes))
