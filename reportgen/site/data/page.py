"""The Data page: is it the data?"""

from __future__ import annotations

from dataclasses import dataclass

from reportgen.analysis.sentences import listed, lowered
from reportgen.inspection import Absent
from reportgen.report import Report
from reportgen.site import words
from reportgen.site.charts import Chart
from reportgen.site.data.acted import ActedView, plan_acted
from reportgen.site.data.attributes import attribute_cells
from reportgen.site.data.boxes import box_cells, plan_boxes
from reportgen.site.data.cards import CardView, WithoutCard, plan_cards, plan_without
from reportgen.site.data.duplicates import DuplicatesView, duplicate_cells, plan_duplicates
from reportgen.site.data.labels import LabelsView, label_cells, plan_labels
from reportgen.site.data.regions import plan_regions, region_cells
from reportgen.site.data.samples import SamplesView, plan_samples, sample_cells
from reportgen.site.data.strip import StripCell
from reportgen.site.data.suspects import SuspectsView
from reportgen.site.data.training import TrainingView, plan_training, training_cells
from reportgen.site.lists import ListRow, plan_lists
from reportgen.site.media import Thumbnails


@dataclass(frozen=True)
class DataView:
    """What stands on the page; a section is none where it could not be looked at, and ``absent`` says why."""

    key: str  # what to look at first, in a sentence
    pair: tuple[str, str] | None
    strip: tuple[StripCell, ...]
    cards: tuple[CardView, ...]
    without_card: tuple[WithoutCard, ...]
    labels: LabelsView | None
    boxes: SuspectsView | None
    regions: SuspectsView | None
    duplicates: DuplicatesView | None
    samples: SamplesView | None
    training: TrainingView | None
    absent: tuple[Absent, ...]
    lists: tuple[ListRow, ...] = ()
    acted: ActedView | None = None

    @property
    def charts(self) -> tuple[Chart, ...]:
        """The charts of all sections."""
        return tuple(chart for one in (self.training, self.acted) if one is not None for chart in one.charts)


def plan_data(report: Report, thumbnails: Thumbnails) -> DataView | None:
    """The page's view; none where there is nothing that it could show."""
    strip = data_cells(report)
    view = DataView(
        key=_key(strip),
        pair=None if report.baseline is None else (report.baseline, report.candidate),
        strip=strip,
        cards=plan_cards(report),
        without_card=plan_without(report),
        labels=plan_labels(report, thumbnails),
        boxes=plan_boxes(report, thumbnails),
        regions=plan_regions(report, thumbnails),
        duplicates=plan_duplicates(report, thumbnails),
        samples=plan_samples(report, thumbnails),
        training=plan_training(report),
        absent=report.inspection.absent,
        lists=plan_lists(report),
        acted=plan_acted(report),
    )
    shown = (view.labels, view.boxes, view.regions, view.duplicates, view.samples, view.training)
    return view if any(one is not None for one in shown) else None


def data_cells(report: Report) -> tuple[StripCell, ...]:
    """What was looked at, a figure each, in the order of the page."""
    return (
        *training_cells(report),
        *label_cells(report),
        *box_cells(report),
        *region_cells(report),
        *duplicate_cells(report),
        *sample_cells(report),
        *attribute_cells(report),
    )


def _key(strip: tuple[StripCell, ...]) -> str:
    """How many of the checks found something to look at, and which."""
    found = [lowered(cell.name) for cell in strip if cell.state == "check"]
    if not strip:
        return ""
    if not found:
        return "Nothing stands out in what was looked at."
    n, of = words.number_word(len(found)), words.number_word(len(strip)).lower()
    return f"{words.capital(n)} of {of} checks ask{'s' if len(found) == 1 else ''} for a look: {listed(found)}."
