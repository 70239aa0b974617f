"""The command: parse, call, print the path, exit code. Nothing heavy is imported before a command needs it."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from reportgen import __version__

if TYPE_CHECKING:
    from reportgen.api import Written

MANIFEST_ENDINGS = {".yaml", ".yml", ".toml", ".json"}
DEMO_OUT = "reportgen-demo"
DEFAULT_OUT = "report"


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="reportgen")
def main() -> None:
    """See what your models do: a static report of slices, version diffs and hard examples.

    \b
    reportgen demo                                    the example report
    reportgen build samples.parquet preds/*.parquet   from files alone; infers a manifest
    reportgen build reportgen.yaml -o report/         from a manifest
    reportgen open report/                            in the browser
    """


def _outputs(command: Callable[..., None]) -> Callable[..., None]:
    for option in (
        click.option("-q", "--quiet", is_flag=True, help="No progress and no summary on stderr."),
        click.option("--force", is_flag=True, help="Replace a folder that reportgen did not write."),
        click.option("--strict", is_flag=True, help="Anything left out or repaired is an error."),
        click.option("--sample", type=click.IntRange(min=1), metavar="N",
                     help="A quick look at N samples; the report says so on every page."),
        click.option("--single-file", type=click.Path(path_type=Path), metavar="FILE",
                     help="Write the report as this one file."),
        click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FOLDER",
                     help="Write the report into this folder."),
    ):
        command = option(command)
    return command


@main.command()
@_outputs
def demo(output: Path | None, single_file: Path | None, sample: int | None, strict: bool, force: bool,
         quiet: bool) -> None:
    """Write the example report, from data that the package carries."""
    with _reported():
        from reportgen.render.assets import demo_folder  # noqa: PLC0415

        manifest = demo_folder() / "reportgen.yaml"
        out = output or (None if single_file else Path(DEMO_OUT))
        _build(manifest, (), out, single_file, sample=sample, strict=strict, force=force, quiet=quiet)


@main.command()
@click.argument("source", type=click.Path(path_type=Path))
@click.argument("predictions", nargs=-1, metavar="[[NAME=]PATH]...")
@_outputs
def build(source: Path, predictions: tuple[str, ...], output: Path | None, single_file: Path | None,
          sample: int | None, strict: bool, force: bool, quiet: bool) -> None:
    """Build a report from SOURCE, a manifest or a sample table, and prediction files.

    Prediction files are NAME=PATH, or a bare path, which its stem names. They replace the manifest's versions of the
    same name, and are added otherwise. Without a manifest one is inferred from the files and saved beside the report.
    """
    with _reported():
        out = output or (None if single_file else Path(DEFAULT_OUT))
        named = _named(predictions)
        root = None
        if source.suffix.lower() not in MANIFEST_ENDINGS:
            beside = (out or single_file or Path(DEFAULT_OUT)).absolute().parent
            source, root = _save_inferred(source, named, beside / "reportgen.yaml")
            named = []
        _build(source, named, out, single_file, root=root, sample=sample, strict=strict, force=force, quiet=quiet)


@main.command()
@click.argument("samples", type=click.Path(path_type=Path))
@click.argument("predictions", nargs=-1, required=True, metavar="[NAME=]PATH...")
@click.option("-o", "--output", type=click.Path(path_type=Path), default=Path("reportgen.yaml"), show_default=True,
              metavar="FILE", help="The manifest to write.")
@click.option("--force", is_flag=True, help="Replace a manifest that stands there.")
def init(samples: Path, predictions: tuple[str, ...], output: Path, force: bool) -> None:
    """Infer a manifest from SAMPLES and prediction files, say what was taken for what, and save it."""
    with _reported():
        if output.exists() and not force:
            from reportgen.errors import Place, Problem, stop  # noqa: PLC0415

            raise stop(Problem("RG503", "a manifest stands there", Place(str(output)),
                               mend="choose another name with -o, or replace it with --force"))
        click.echo(str(_save_inferred(samples, _named(predictions), output, replace=True)[0]))


@main.command("open")
@click.argument("report", type=click.Path(path_type=Path), default=Path(DEFAULT_OUT))
@click.option("--serve", is_flag=True, help="Serve it on this machine alone, until Ctrl-C.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="The port to serve on; any free one by default.")
def open_report(report: Path, serve: bool, port: int) -> None:
    """Open REPORT, a folder or a single file, in the browser."""
    with _reported():
        from reportgen.render import serve as server  # noqa: PLC0415

        server.open_report(report, serve=serve, port=port)


def _build(manifest: Path, versions: list[tuple[str, Path]] | tuple[()], out: Path | None, single_file: Path | None, *,
           sample: int | None, strict: bool, force: bool, quiet: bool, root: Path | None = None) -> None:
    from reportgen.api import build_manifest  # noqa: PLC0415
    from reportgen.progress import stages  # noqa: PLC0415

    with stages(quiet=quiet) as progress:
        written = build_manifest(manifest, versions, out=out, root=root, single_file=single_file, sample=sample,
                                 strict=strict, force=force, progress=progress)
    if not quiet:
        _summarise(written)
    for path in (written.folder, written.single_file):
        if path is not None:
            click.echo(str(path / "index.html" if path.is_dir() else path))


def _summarise(written: Written) -> None:
    from reportgen.errors import printable  # noqa: PLC0415
    from reportgen.summary import five_lines  # noqa: PLC0415

    for line in five_lines(written.report, written.notes):
        click.echo(printable(line), err=True)


def _named(predictions: tuple[str, ...]) -> list[tuple[str, Path]]:
    """NAME=PATH, or a bare path named by its stem; a path with "=" in it is bare where such a file is there."""
    named = []
    for text in predictions:
        name, equals, path = text.partition("=")
        bare = not equals or Path(text).exists()
        named.append((Path(text).stem, Path(text)) if bare else (name, Path(path)))
    return named


def _save_inferred(samples: Path, predictions: list[tuple[str, Path]], target: Path, *,
                   replace: bool = False) -> tuple[Path, Path]:
    """Infer a manifest, say on stderr what was taken for what, and save it without touching one that stands there.

    Returns where it was saved, and where its paths begin.
    """
    from reportgen.api import save_inferred  # noqa: PLC0415
    from reportgen.errors import printable  # noqa: PLC0415

    saved, inferred = save_inferred(samples, predictions, target, replace=replace)
    click.echo(printable(f"No manifest was given; this is what the files look like, saved as {saved}:"), err=True)
    for statement in inferred.statements:
        click.echo(printable(f"  {statement}"), err=True)
    return saved, inferred.root


class _reported:  # noqa: N801  (reads as a phrase: with _reported())
    """Turns errors into messages and exit codes: 2 for the user's, 3 for ours, 130 for Ctrl-C."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _trace: object) -> None:
        if error is None or isinstance(error, (click.exceptions.Exit, click.ClickException, SystemExit)):
            return
        from reportgen.errors import SHOWN, InputError, printable  # noqa: PLC0415

        if isinstance(error, InputError):
            for problem in error.problems[:SHOWN]:
                click.echo(printable(str(problem)), err=True)
            if len(error.problems) > SHOWN:
                click.echo(f"… and {len(error.problems) - SHOWN:,} more", err=True)
            n = len(error.problems)
            click.echo(f"Nothing was written: {n:,} {'problem' if n == 1 else 'problems'} to mend.", err=True)
            _exit(2)
        if isinstance(error, KeyboardInterrupt):
            click.echo("Stopped; nothing was written.", err=True)
            _exit(130)
        if isinstance(error, BrokenPipeError):
            # the reader of stdout has gone, as with `| head`: there is nobody to tell
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            _exit(0)
        traceback.print_exception(error)
        click.echo("This is a fault of reportgen, not of your files. Please report it with the lines above.", err=True)
        _exit(3)


def _exit(code: int) -> NoReturn:
    sys.exit(code)


if __name__ == "__main__":
    main()
