"""The command: parse, call, print the path, exit code. Nothing heavy is imported before a command needs it."""

from __future__ import annotations

import gc
import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from reportgen import __version__

if TYPE_CHECKING:
    from reportgen.api import Written
    from reportgen.checking.sheet import Sheet
    from reportgen.inputs.infer import Inferred

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
    reportgen check reportgen.yaml                    the release gates alone, for CI
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


def _check_outputs(command: Callable[..., None]) -> Callable[..., None]:
    for option in (
        click.option(
            "--report-url",
            default="",
            metavar="URL",
            help="Where the report will stand, for the links of --summary-md.",
        ),
        click.option("--json", type=click.Path(path_type=Path), metavar="FILE", help="Write the check as JSON."),
        click.option("--junit", type=click.Path(path_type=Path), metavar="FILE", help="Write the check as JUnit XML."),
        click.option(
            "--summary-md",
            type=click.Path(path_type=Path),
            metavar="FILE",
            help="Write the check as Markdown, for a job's summary or a review's comment.",
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
@click.option("--no-history", is_flag=True, help="Keep nothing of this report in the manifest's history.")
@_outputs
@click.option("--check", "checked", is_flag=True, help="Judge the release gates too: exit 1 where one fails.")
@_check_outputs
def build(
    source: Path,
    predictions: tuple[str, ...],
    output: Path | None,
    single_file: Path | None,
    quiet: bool,
    checked: bool,
    summary_md: Path | None,
    junit: Path | None,
    json: Path | None,
    report_url: str,
    **how: Any,
) -> None:
    """Build a report from SOURCE, a manifest or a sample table, and prediction files.

    Prediction files are NAME=PATH, or a bare path, which its stem names (or its folder, where several have one stem).
    They replace the manifest's versions of the same name, and are added otherwise. Without a manifest one is inferred
    from the files and saved beside the report.
    """
    if not checked and (summary_md or junit or json or report_url):
        raise click.UsageError("--summary-md, --junit, --json and --report-url are of a check: add --check.")
    with _reported():
        from reportgen.api import Wish, build_files, build_manifest  # noqa: PLC0415
        from reportgen.checking.files import CheckFiles  # noqa: PLC0415
        from reportgen.inputs.load import is_manifest  # noqa: PLC0415
        from reportgen.inputs.overrides import name_files  # noqa: PLC0415

        files = CheckFiles(summary_md, junit, json, report_url) if checked else None
        wish = Wish(output or (None if single_file else Path(DEFAULT_OUT)), single_file, check=files, **how)
        named = name_files(predictions)
        if is_manifest(source):
            _write(lambda progress: build_manifest(source, named, wish, progress), quiet=quiet)
            return
        written_to = wish.folder or wish.single_file
        assert written_to is not None
        target = written_to.absolute().parent / "reportgen.yaml"
        click.echo("No manifest was given; `reportgen init` writes one, where it is to be corrected.", err=True)
        inferred = _infer(source, named, target, wish.outputs)
        _write(lambda progress: build_files(inferred, target, wish, progress), quiet=quiet, inferred=inferred)


@main.command()
@click.argument("source", type=click.Path(path_type=Path), metavar="MANIFEST|REPORT")
@click.argument("predictions", nargs=-1, metavar="[[NAME=]PATH]...")
@_check_outputs
@click.option("--strict", is_flag=True, help="Anything left out or repaired is an error.")
@click.option("-q", "--quiet", is_flag=True, help="No progress on stderr.")
def check(
    source: Path,
    predictions: tuple[str, ...],
    summary_md: Path | None,
    junit: Path | None,
    json: Path | None,
    report_url: str,
    strict: bool,
    quiet: bool,
) -> None:
    """Judge the release gates of a manifest, or of the folder of a built report, a line each.

    A manifest is computed, with prediction files as `build` takes them, and no report is written; of a built report
    nothing is computed again. Exit 0 where every gate passes, 1 where one fails, 2 where there is none to judge.
    """
    with _reported():
        from reportgen.api import check as judge  # noqa: PLC0415
        from reportgen.checking.files import CheckFiles  # noqa: PLC0415
        from reportgen.checking.sheet import is_report  # noqa: PLC0415
        from reportgen.inputs.overrides import name_files  # noqa: PLC0415
        from reportgen.progress import stages  # noqa: PLC0415

        built = is_report(source)
        if built and (predictions or strict):
            raise click.UsageError("A built report is only read: prediction files and --strict go with a manifest.")
        files = CheckFiles(summary_md, junit, json, report_url)
        with _uncollected(), stages(quiet=quiet or built) as progress:
            sheet = judge(source, name_files(predictions), files, strict=strict, progress=progress)
        _judged(sheet, err=False)


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
    """Infer a manifest from SAMPLES and prediction files, say what was taken for what, and save it.

    Its gates are suggestions from the baseline, the first of the files, each with its reason.
    """
    with _reported():
        from reportgen.api import save_manifest  # noqa: PLC0415
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
        inferred = _infer(samples, name_files(predictions), output, [output], gates=True)
        _tell_saved(inferred, save_manifest(inferred, output))
        click.echo(str(output))


@main.command("open")
@click.argument("report", type=click.Path(path_type=Path), default=Path(DEFAULT_OUT))
@click.option("--serve", is_flag=True, help="Serve it on this machine alone, until Ctrl-C.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="The port to serve on; any free one by default.")
def open_report(report: Path, serve: bool, port: int) -> None:
    """Open REPORT, a folder or a single file, in the browser."""
    with _reported():
        from reportgen.render import serve as server  # noqa: PLC0415

        server.open_report(report, serve=serve, port=port)


def _write(
    build_report: Callable[[Callable[[str], None]], Written], *, quiet: bool, inferred: Inferred | None = None
) -> None:
    """Build with progress, say the five lines on stderr, and print the written paths on stdout."""
    from reportgen.progress import stages  # noqa: PLC0415

    with _uncollected(), stages(quiet=quiet) as progress:
        written = build_report(progress)
    if inferred is not None and written.manifest is not None:
        _tell_saved(inferred, written.manifest)
    if not quiet:
        _summarise(written)
    if written.folder is not None:
        click.echo(str(written.folder / "index.html"))
    if written.single_file is not None:
        click.echo(str(written.single_file))
    if written.sheet is not None:
        _judged(written.sheet, err=True)


def _judged(sheet: Sheet, *, err: bool) -> None:
    """Print a line a gate, then the verdict, and end with 1 where a gate fails."""
    from reportgen.checking.lines import encodable, gate_lines, verdict_lines  # noqa: PLC0415

    encoding = (sys.stderr if err else sys.stdout).encoding
    for line in (*gate_lines(sheet), "", *verdict_lines(sheet)):
        click.echo(encodable(line, encoding), err=err)
    if not sheet.passes:
        _exit(1)


def _summarise(written: Written) -> None:
    from reportgen.errors import printable  # noqa: PLC0415
    from reportgen.summary import five_lines  # noqa: PLC0415

    for line in five_lines(written.report, written.notes):
        click.echo(printable(line), err=True)


def _infer(
    samples: Path, predictions: Mapping[str, Path], target: Path, outputs: Sequence[Path], *, gates: bool = False
) -> Inferred:
    """Infer a manifest that is to stand at the target, and say on stderr what was taken for what.

    ``outputs`` are what this run writes in the end: where they clash with the files, nothing is read. With ``gates`` it
    has some, suggested from the baseline.
    """
    from reportgen.api import infer, with_gates  # noqa: PLC0415
    from reportgen.errors import printable  # noqa: PLC0415

    inferred = infer(samples, predictions, target.absolute().parent, outputs)
    inferred = with_gates(inferred, target) if gates else inferred
    click.echo("This is what the files look like:", err=True)
    for statement in inferred.statements:
        click.echo(printable(f"  {statement}"), err=True)
    return inferred


def _tell_saved(inferred: Inferred, path: Path) -> None:
    """Say on stderr where the manifest stands, and where to, if it cannot be built there."""
    from reportgen.errors import printable  # noqa: PLC0415

    click.echo(printable(f"The manifest is saved as {path}."), err=True)
    if path.resolve().parent != inferred.root:
        why = "a manifest reads only files beneath its own folder"
        click.echo(printable(f"To build from it, move it to {inferred.root}: {why}."), err=True)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Cycles wait: a build makes many objects and few cycles, and looking for those would take a tenth of its time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


class _Terminated(KeyboardInterrupt):
    """SIGTERM, as a scheduler sends it: what was begun is cleared away as after Ctrl-C."""


def _terminate(_number: int, _frame: object) -> NoReturn:
    raise _Terminated


class _reported:  # noqa: N801  (reads as a phrase: with _reported())
    """Turns errors into messages and exit codes: 2 for the user's, 3 for ours, 130 for Ctrl-C, 143 for SIGTERM."""

    def __enter__(self) -> None:
        self._former = signal.signal(signal.SIGTERM, _terminate)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _trace: object) -> None:
        signal.signal(signal.SIGTERM, self._former)
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
            _exit(143 if isinstance(error, _Terminated) else 130)
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
