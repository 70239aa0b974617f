"""The files that a check leaves for others: which are wished for, that they harm nothing, and their writing."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from reportgen.checking.address import Base, base_of
from reportgen.checking.junit import to_junit
from reportgen.checking.markdown import to_markdown
from reportgen.checking.programs import to_check
from reportgen.checking.sheet import Sheet
from reportgen.errors import InputError, Place, Problem
from reportgen.render.writer import write_text


@dataclass(frozen=True)
class CheckFiles:
    """Where a check is to be written, in which forms; None writes none.

    Attributes:
        summary_md: Markdown, for a job's summary or a review's comment.
        junit: JUnit XML, for a CI server.
        json: JSON, for programs.
        report_url: where the report will stand, for the links of the Markdown; "": beside it, or nowhere.
    """

    summary_md: Path | None = None
    junit: Path | None = None
    json: Path | None = None
    report_url: str = ""

    @property
    def paths(self) -> tuple[Path, ...]:
        """The files that are written."""
        return tuple(path for path in (self.summary_md, self.junit, self.json) if path is not None)

    def refuse(self, report: Path | None = None) -> None:
        """Return where each file has a place of its own, outside the report that is written in the same run.

        Raises:
            InputError: two are one file, or one stands in the report's folder (RG535), or the address is none (RG534).
        """
        base_of(self.report_url)
        places = [path.expanduser().resolve() for path in self.paths]
        folder = None if report is None else report.expanduser().resolve()
        problems = []
        for i, (path, place) in enumerate(zip(self.paths, places, strict=True)):
            if folder is not None and (folder == place or folder in place.parents):
                what = "would stand in the report, which is replaced whole"
            elif place in places[:i]:
                what = "is to hold two things"
            elif place.is_dir():
                what = "is a folder"
            else:
                continue
            problems.append(Problem("RG535", what, Place(str(path)), mend="name a file beside the report"))
        if problems:
            raise InputError(problems)

    def write(self, sheet: Sheet, report: Path | None = None) -> None:
        """Each file whole, in place of any that stood there. ``report`` is the report's own place, for relative links.

        Raises:
            InputError: a file cannot be written (RG515-RG517).
        """
        if self.summary_md is not None:
            write_text(self.summary_md, to_markdown(sheet, self._base(self.summary_md, report)))
        if self.junit is not None:
            write_text(self.junit, to_junit(sheet))
        if self.json is not None:
            write_text(self.json, to_check(sheet))

    def _base(self, text: Path, report: Path | None) -> Base:
        if self.report_url or report is None:
            return base_of(self.report_url)
        return base_of(Path(os.path.relpath(report.resolve(), text.resolve().parent)).as_posix())
