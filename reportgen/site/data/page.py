"""The Data page: is it the data?"""

from __future__ import annotations

from dataclasses import dataclass

from reportgen.inspection import Absent
from reportgen.report import Report
from reportgen.site.data.duplicates import DuplicatesView, duplicate_cells, plan_duplicates
from reportgen.site.data.labels import LabelsView, label_cells, plan_labels
from reportgen.site.data.strip import StripCell
from reportgen.site.lists import ListRow, plan_lists
from reportgen.site.media import Thumbnails


@dataclass(frozen=True)
class DataView:
    """What stands on the page; a section is none where it could not be looked at, and ``absent`` says why."""

    strip: tuple[StripCell, ...]
    labels: LabelsView | None
    duplicates: DuplicatesView | None
    absent: tuple[Absent, ...]
    lists: tuple[ListRow, ...] = ()


def plan_data(report: Report, thumbnails: Thumbnails) -> DataView | None:
    """The page's view; none where there is nothing that it could show."""
    view = DataView(
        strip=(*label_cells(report), *duplicate_cells(report)),
        labels=plan_labels(report, thumbnails),
        duplicates=plan_duplicates(report, thumbnails),
        absent=report.inspection.absent,
        lists=plan_lists(report),
    )
    return None if view.labels is None and view.duplicates is None else view
