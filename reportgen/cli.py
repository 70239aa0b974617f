"""The command: parse, call, print the path, exit code. Nothing heavy is imported before a command needs it."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from reportgen import __version__

if TYPE_CHECKING:
    from reportgen.api import Written
    from reportgen.inputs.infer import Inferred

MANIFEST_ENDINGS = {".yaml", ".yml", ".toml", ".json"}
DEMO_OUT = "reportgen-demo"
DEFAULT_OUT = "report"


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="reportgen")
def main() -> None:
    r"""See what your models do: a static report of slices, version diffs and hard examples.

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
        click.option(
            "--sample",
            type=click.IntRange(min=1),
            metavar="N",
            help="A quick look at N samples; the report says so on every page.",
        ),
        click.option(
            "--single-file", type=click.Path(path_type=Path), metavar="FILE", help="Write the report as this one file."
        ),
        click.option(
            "-o",
            "--output",
            type=click.Path(path_type=Path),
            metavar="FOLDER",
            help="Write the report into this folder.",
        ),
    ):
        command = option(command)
    return command


@main.command()
@_outputs
def demo(output: Path | None, single_file: Path | None, quiet: bool, **how: Any) -> None:
    """Write the example report, from data that the package carries."""
    with _reported():
        from reportgen.api import Wish, build_manifest  # noqa: PLC0415
        from reportgen.render.assets import demo_folder  # noqa: PLC0415

        wish = Wish(output or (None if single_file else Path(DEMO_OUT)), single_file, **how)
        _write(lambda progress: build_manifest(demo_folder() / "reportgen.yaml", {}, wish, progress), quiet=quiet)


@main.command()
@click.argument("source", type=click.Path(path_type=Path))
@click.argument("predictions", nargs=-1, metavar="[[NAME=]PATH]...")
@_outputs
def build(
    source: Path, predictions: tuple[str, ...], output: Path | None, single_file: Path | None, quiet: bool, **how: Any
) -> None:
    """Build a report from SOURCE, a manifest or a sample table, and prediction files.

    Prediction files are NAME=PATH, or a bare path, which its stem names (or its folder, where several have one stem).
    They replace the manifest's versions of the same name, and are added otherwise. Without a manifest one is inferred
    from the files and saved beside the report.
    """
    with _reported():
        from reportgen.api import Wish, build_files, build_manifest  # noqa: PLC0415
        from reportgen.inputs.overrides import name_files  # noqa: PLC0415

        wish = Wish(output or (None if single_file else Path(DEFAULT_OUT)), single_file, **how)
        named = name_files(predictions)
        if source.suffix.lower() in MANIFEST_ENDINGS:
            _write(lambda progress: build_manifest(source, named, wish, progress), quiet=quiet)
            return
        written_to = wish.folder or wish.single_file
        assert written_to is not None
        inferred, saved = _infer(source, named, written_to.absolute().parent / "reportgen.yaml", wish.outputs)
        _write(lambda progress: build_files(inferred, saved, wish, progress), quiet=quiet)


@main.command()
@click.argument("samples", type=click.Path(path_type=Path))
@click.argument("predictions", nargs=-1, required=True, metavar="[NAME=]PATH...")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=Path("reportgen.yaml"),
    show_default=True,
    metavar="FILE",
    help="The manifest to write.",
)
@click.option("--force", is_flag=True, help="Replace a manifest that stands there.")
def init(samples: Path, predictions: tuple[str, ...], output: Path, force: bool) -> None:
    """Infer a manifest from SAMPLES and prediction files, say what was taken for what, and save it."""
    with _reported():
        from reportgen.errors import Place, Problem, stop  # noqa: PLC0415
        from reportgen.inputs.overrides import name_files  # noqa: PLC0415

        if output.exists() and not force:
            raise stop(
                Problem(
                    "RG503",
                    "a manifest stands there",
                    Place(str(output)),
                    mend="choose another name with -o, or replace it with --force",
                )
            )
        _, saved = _infer(samples, name_files(predictions), output, [output], replace=True)
        click.echo(str(saved))


@main.command("open")
@click.argument("report", type=click.Path(path_type=Path), default=Path(DEFAULT_OUT))
@click.option("--serve", is_flag=True, help="Serve it on this machine alone, until Ctrl-C.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="The port to serve on; any free one by default.")
def open_report(report: Path, serve: bool, port: int) -> None:
    """Open REPORT, a folder or a single file, in the browser."""
    with _reported():
        from reportgen.render import serve as server  # noqa: PLC0415

        server.open_report(report, serve=serve, port=port)


def _write(build_report: Callable[[Callable[[str], None]], Written], *, quiet: bool) -> None:
    """Build with progress, say the five lines on stderr, and print the written paths on stdout."""
    from reportgen.progress import stages  # noqa: PLC0415

    with stages(quiet=quiet) as progress:
        written = build_report(progress)
    if not quiet:
        _summarise(written)
    if written.folder is not None:
        click.echo(str(written.folder / "index.html"))
    if written.single_file is not None:
        click.echo(str(written.single_file))


def _summarise(written: Written) -> None:
    from reportgen.errors import printable  # noqa: PLC0415
    from reportgen.summary import five_lines  # noqa: PLC0415

    for line in five_lines(written.report, written.notes):
        click.echo(printable(line), err=True)


def _infer(
    samples: Path,
    predictions: Mapping[str, Path],
    target: Path,
    outputs: Sequence[Path],
    *,
    replace: bool = False,
) -> tuple[Inferred, Path]:
    """Infer a manifest, say on stderr what was taken for what, and save it without touching one that stands there.

    ``outputs`` are what this run writes in the end: where they clash with the files, nothing is saved.
    """
    from reportgen.api import infer, save_manifest  # noqa: PLC0415
    from reportgen.errors import printable  # noqa: PLC0415

    inferred = infer(samples, predictions, target.absolute().parent, outputs)
    saved = save_manifest(inferred, target, replace=replace)
    click.echo(printable(f"No manifest was given. This is what the files look like, saved as {saved}:"), err=True)
    for statement in inferred.statements:
        click.echo(printable(f"  {statement}"), err=True)
    return inferred, saved


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
