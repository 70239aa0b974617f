"""The package as a library: a report from a manifest, from files, or from data frames in a notebook or training script."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen import pipeline
from reportgen.inputs.infer import Inferred, infer_manifest
from reportgen.inputs.load import load_manifest
from reportgen.inputs.manifest import LoadedManifest
from reportgen.inputs.overrides import apply_versions
from reportgen.model import Note, Report
from reportgen.render.assets import demo_folder
from reportgen.render.writer import write_folder, write_single
from reportgen.site.plan import plan

if TYPE_CHECKING:
    from narwhals.typing import IntoDataFrame

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Written:
    """What a build left behind, and the report it says it with."""

    report: Report
    notes: tuple[Note, ...]  # the report's, and those of its media
    folder: Path | None
    single_file: Path | None


def build_manifest(
    path: Path,
    versions: Sequence[tuple[str, Path]] = (),
    *,
    out: Path | None,
    root: Path | None = None,
    single_file: Path | None = None,
    sample: int | None = None,
    strict: bool = False,
    force: bool = False,
    progress: Progress = lambda _stage: None,
) -> Written:
    """A report from a manifest, written.

    Args:
        path: the manifest.
        versions: prediction files by name, which replace the manifest's or are added to them.
        out: the folder to write; None writes none.
        root: where the paths of a manifest inferred just now begin; a given manifest's begin in its own folder.
        single_file: the one file to write.
        sample: look at so many samples only.
        strict: anything left out or repaired is an error.
        force: replace a folder that reportgen did not write.
        progress: called with the name of each stage as it begins.

    Raises:
        InputError: every problem that the first failing stage found; nothing is written then.
    """
    progress("Reading the manifest")
    loaded = load_manifest(path, root=root, need_versions=not versions)
    loaded = apply_versions(loaded, versions) if versions else loaded
    return _build(
        loaded, None, out, single_file,
        sample=sample, strict=strict, force=force, inferred=root is not None, progress=progress,
    )


def save_inferred(
    samples: Path, predictions: Sequence[tuple[str, Path]], target: Path, *, replace: bool = False
) -> tuple[Path, Inferred]:
    """Where the manifest that files alone suggest was saved, and what was taken for what.

    Paths in it are relative to its folder where all files lie beneath that, else to theirs (``Inferred.root``). A file
    of the user's own that stands there is left alone: the manifest is then saved under the next free name
    (``reportgen-2.yaml``), unless ``replace`` is set.
    """
    inferred = infer_manifest(samples, dict(predictions), target.absolute().parent)
    path = target
    number = 2
    while not replace and path.exists() and path.read_text(encoding="utf-8", errors="replace") != inferred.manifest_yaml:
        path = target.with_stem(f"{target.stem}-{number}")
        number += 1
    write_text(path, inferred.manifest_yaml)
    return path, inferred


def _build(
    loaded: LoadedManifest,
    sources: pipeline.Sources | None,
    out: Path | None,
    single_file: Path | None,
    *,
    sample: int | None = None,
    strict: bool = False,
    force: bool = False,
    inferred: bool = False,
    progress: Progress,
) -> Written:
    report = pipeline.run(
        loaded, sample=sample, strict=strict, inferred=inferred, sources=sources, progress=progress
    )
    progress("Drawing pages")
    site = plan(report)
    progress("Writing")
    folder = None if out is None else write_folder(site, out, force=force)
    single = None if single_file is None else write_single(site, single_file)
    return Written(report, site.notes, folder, single)
