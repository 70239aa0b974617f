"""The site of a report: which pages there are, and what each carries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from reportgen.report import Report
from reportgen.site.about import plan_about
from reportgen.site.charts import Chart
from reportgen.site.compare import compare_chunk, plan_compare
from reportgen.site.confidence import confidence_chunks, plan_confidence
from reportgen.site.data.boxes import suspect_box_rows
from reportgen.site.data.duplicates import twin_rows
from reportgen.site.data.labels import suspect_rows
from reportgen.site.data.page import plan_data
from reportgen.site.data.regions import suspect_region_rows
from reportgen.site.data.samples import sample_rows
from reportgen.site.drawing import SCRIPT, VEGA, chart_chunks
from reportgen.site.examples import plan_examples
from reportgen.site.explore import plan_explore
from reportgen.site.footer import plan_footer, plan_header
from reportgen.site.lists import list_files
from reportgen.site.media import Thumbnails, make_thumbnails, media_rows
from reportgen.site.overview import plan_overview
from reportgen.site.overview_pairs import overview_chunk
from reportgen.site.page import Page, Site
from reportgen.site.payload import core_chunks, make_payload, on_demand
from reportgen.site.report_json import to_report
from reportgen.site.slices import SlicesView, plan_slices, slice_chunks

DATA = ("js/engine/define.js", "js/engine/texts.js", "js/engine/unpack.js", "js/data.js")
"""What a page needs that reads the browser's data."""

EXPLORER = (
    *DATA,
    *(
        f"js/engine/{name}.js"
        for name in (
            *("rounding", "distributions", "intervals", "confidences", "outcomes", "object_sets", "sets", "bits"),
            *("counter", "states"),
            *(
                "sums",
                "cells",
                "influence",
                "terms",
                "parts",
                "figures",
                "apart",
                "hardest",
                "ranking",
                "draws",
                "objects",
                "columns",
                "model",
            ),
            *(
                "passing",
                "said",
                "object_cutoffs",
                "measures",
                "object_measures",
                "listing",
                "decide",
                "confusions",
                "pixels",
                "pairing",
                "contributions",
            ),
            *("slice_sums", "slice_pairs", "cutoff_pairs", "explore", "serve"),
        )
    ),
    "js/explorer.js",
)
"""What a page needs that explores selections: the engine's modules, each after those that it needs."""

SLICE_DATA = (
    "js/engine/wording.js",
    "js/engine/row_plots.js",
    "js/engine/slice_rows.js",
    "js/engine/slice_words.js",
    "js/engine/slice_made.js",
    "js/slice_data.js",
)
"""What a page needs, beside the explorer, that tells of slices."""

OTHER_PAIRS = (
    *EXPLORER,
    SCRIPT,
    *SLICE_DATA,
    *(
        f"js/engine/{name}.js"
        for name in ("pair_said", "chart_rows", "flip_charts", "scorecard", "diverged", "overview_view")
    ),
    "js/overview_parts.js",
)
"""What the Overview needs once another pair than the built one is chosen."""

OTHER_CONFIDENCE = (
    *EXPLORER,
    SCRIPT,
    *(f"js/engine/{name}.js" for name in ("wording", "pair_said", "risk_rows")),
    "js/confidence_parts.js",
)
"""What the Confidence page needs once another pair than the built one is chosen."""

LISTS = ("js/engine/csv.js", "js/engine/pins.js", "js/engine/query.js", "js/engine/lists.js", "js/list_menu.js")
"""What a page needs that makes lists of what is selected on it."""

SAMPLES = (
    *DATA,
    "js/engine/filter.js",
    "js/engine/kinds.js",
    "js/engine/mistaken.js",
    "js/engine/confidences.js",
    "js/engine/outcomes.js",
    "js/engine/object_sets.js",
    "js/engine/sets.js",
    "js/engine/csv.js",
    "js/engine/regions.js",
    "js/samples.js",
    "js/overlay.js",
    "js/region_shapes.js",
    "js/crop.js",
    "js/tile.js",
)
"""What a page needs that shows samples from the browser's data."""


def plan(report: Report) -> Site:
    """The site, whole: pages in the order of the navigation, media, browser data and ``report.json``.

    A page exists only when it has content. What the media leave out joins the report's notes.
    """
    suspects = [*suspect_rows(report), *suspect_box_rows(report), *suspect_region_rows(report)]
    shown = [*suspects, *twin_rows(report), *sample_rows(report)]
    thumbnails = make_thumbnails(report.outcomes, *media_rows(report, shown))
    report = replace(report, notes=(*report.notes, *thumbnails.notes))
    slices = plan_slices(report)
    found = (
        _overview(report, thumbnails),
        _slices(slices),
        _compare(report, thumbnails),
        _examples(report, thumbnails),
        _explore(report, thumbnails),
        _data(report, thumbnails),
        _confidence(report),
        _about(report),
    )
    pages = tuple(_with_live_charts(page) for page in found if page is not None)
    return Site(
        title=report.title,
        pages=pages,
        header=plan_header(report),
        footer=plan_footer(report),
        report=to_report(report),
        media=thumbnails.files,
        chunks=_chunks(report, thumbnails, slices, pages),
        on_demand=on_demand(report, thumbnails),
        lists=list_files(report),
        notes=report.notes,
    )


def _chunks(report: Report, thumbnails: Thumbnails, slices: SlicesView, pages: Iterable[Page]) -> Mapping[str, object]:
    """The browser's data: the samples, what single pages add, and the specs of each page's live charts."""
    found = {**make_payload(report, thumbnails), **slice_chunks(report, slices)}
    if report.baseline is not None:
        found |= {"compare": compare_chunk(report), "overview": overview_chunk(report)}
    if any(page.name == "confidence" for page in pages):
        found |= confidence_chunks(report)
    for page in pages:
        found |= chart_chunks(page.charts)
    return found


def _with_live_charts(page: Page) -> Page:
    """The page with the script of live charts, where it has such a chart; no other loads Vega."""
    if not any(chart.live for chart in page.charts):
        return page
    return replace(page, scripts=(*DATA, SCRIPT, *page.scripts), lazy=VEGA)


def _drawn(*charts: Chart | None) -> tuple[Chart, ...]:
    return tuple(chart for chart in charts if chart is not None)


def _overview(report: Report, thumbnails: Thumbnails) -> Page:
    view = plan_overview(report, thumbnails)
    return Page(
        name="overview",
        file="index.html",
        title="Overview",
        question="Is the candidate better, where is it worse, may it ship, and what should we look at?",
        template="pages/overview.html",
        view=view,
        charts=view.charts,
        scripts=("js/share.js",) if view.pair is None else (*DATA, "js/share.js", "js/follow.js"),
        styles=("css/charts.css", "css/tile.css", "css/overview.css", "css/verdict.css"),
        later=() if view.pair is None else OTHER_PAIRS,
        lazy=() if view.pair is None else VEGA,
    )


def _slices(view: SlicesView) -> Page:
    return Page(
        name="slices",
        file="slices.html",
        title="Slices",
        question="On which kinds of samples does it fail, and how sure are we?",
        template="pages/slices.html",
        view=view,
        charts=_drawn(view.heat.chart if view.heat else None),
        scripts=(
            *EXPLORER,
            *SAMPLES,
            "js/share.js",
            *SLICE_DATA,
            "js/engine/shades.js",
            "js/engine/slice_heat.js",
            "js/heat.js",
            *LISTS,
            "js/slices.js",
            "js/drawer.js",
        ),
        styles=("css/charts.css", "css/tile.css", "css/slices.css", "css/drawer.css", "css/list_menu.css"),
    )


def _compare(report: Report, thumbnails: Thumbnails) -> Page | None:
    view = plan_compare(report, thumbnails)
    if view is None:
        return None
    return Page(
        name="compare",
        file="compare.html",
        title="Compare",
        question="What did the change fix, what did it break, and where?",
        template="pages/compare.html",
        view=view,
        charts=_drawn(
            view.classes,
            view.confusion,
            *(chart for one, _ in view.pixels for _, chart in one.charts),
            view.errors,
            *((view.objects.precision, view.objects.overlaps) if view.objects else ()),
            *((view.ious.chart,) if view.ious else ()),
            view.made_of.chart if view.made_of else None,
            view.trainings,
            *(chart for _, chart in view.splits),
            *(one.chart for one in (*view.trends.leading, *view.trends.others)),
        ),
        scripts=(
            *EXPLORER,
            *SAMPLES,
            "js/share.js",
            "js/engine/wording.js",
            "js/engine/pair_said.js",
            "js/engine/pair_view.js",
            "js/engine/shades.js",
            "js/engine/chart_rows.js",
            "js/engine/pair_charts.js",
            "js/engine/row_plots.js",
            "js/compare_versions.js",
            "js/compare_pixels.js",
            "js/compare_objects.js",
            "js/compare.js",
        ),
        styles=("css/charts.css", "css/tile.css", "css/slices.css", "css/compare.css"),
    )


def _examples(report: Report, thumbnails: Thumbnails) -> Page:
    view = plan_examples(report, thumbnails)
    return Page(
        name="examples",
        file="examples.html",
        title="Examples",
        question="Show me.",
        template="pages/examples.html",
        view=view,
        charts=_drawn(view.spread),
        scripts=(
            *SAMPLES,
            *LISTS,
            "js/chips.js",
            "js/spread.js",
            *(
                ()
                if view.sequences is None
                else ("js/engine/sequences.js", "js/strips.js", "js/frames.js", "js/sequences.js")
            ),
            "js/box_shapes.js",
            "js/stage.js",
            "js/drawn_objects.js",
            "js/drawn_regions.js",
            "js/viewer.js",
            "js/lightbox.js",
            "js/examples.js",
        ),
        styles=(
            "css/charts.css",
            "css/tile.css",
            "css/examples.css",
            "css/list_menu.css",
            "css/lightbox.css",
            "css/viewer.css",
            *(() if view.sequences is None else ("css/sequences.css",)),
        ),
    )


def _explore(report: Report, thumbnails: Thumbnails) -> Page:
    view = plan_explore(report, thumbnails)
    return Page(
        name="explore",
        file="explore.html",
        title="Explore",
        question="What if I look at just these?",
        template="pages/explore.html",
        view=view,
        charts=view.charts,
        early=(*EXPLORER, "js/explore_start.js"),
        data=tuple(core_chunks(report)),
        scripts=(
            "js/engine/wording.js",
            "js/engine/regions.js",
            "js/samples.js",
            "js/overlay.js",
            "js/region_shapes.js",
            "js/crop.js",
            "js/tile.js",
            *LISTS,
            "js/engine/row_plots.js",
            "js/engine/selection.js",
            "js/brush.js",
            "js/explore_facets.js",
            "js/explore_figures.js",
            "js/explore_samples.js",
            "js/explore_ranges.js",
            "js/explore_cutoff.js",
            "js/explore_measure.js",
            "js/explore_handing.js",
            "js/explore_pixels.js",
            "js/explore.js",
        ),
        styles=(
            "css/charts.css",
            "css/tile.css",
            "css/examples.css",
            "css/slices.css",
            "css/list_menu.css",
            "css/slider.css",
            "css/explore.css",
        ),
    )


def _data(report: Report, thumbnails: Thumbnails) -> Page | None:
    view = plan_data(report, thumbnails)
    if view is None:
        return None
    return Page(
        name="data",
        file="data.html",
        title="Data",
        question="Is it the data?",
        template="pages/data.html",
        view=view,
        charts=view.charts,
        scripts=(*DATA, "js/list_file.js", "js/cards.js"),
        styles=("css/charts.css", "css/tile.css", "css/overview.css", "css/data.css"),
    )


def _confidence(report: Report) -> Page | None:
    view = plan_confidence(report)
    if view is None:
        return None
    return Page(
        name="confidence",
        file="confidence.html",
        title="Confidence",
        question="Does it know when it is wrong, and where should the threshold be?",
        template="pages/confidence.html",
        view=view,
        charts=view.charts,
        scripts=(
            *DATA,
            "js/share.js",
            "js/engine/rounding.js",
            "js/engine/distributions.js",
            "js/engine/intervals.js",
            "js/engine/cutoffs.js",
            "js/reliability.js",
            "js/cutoff_panel.js",
            *(() if view.baseline is None else ("js/follow.js",)),
        ),
        later=() if view.baseline is None else OTHER_CONFIDENCE,
        lazy=() if view.baseline is None else VEGA,
        styles=("css/charts.css", "css/slices.css", "css/compare.css", "css/slider.css", "css/confidence.css"),
    )


def _about(report: Report) -> Page:
    view = plan_about(report)
    return Page(
        name="about",
        file="about.html",
        title="About",
        question="What was measured, how, from which files, and what can this evidence not show?",
        template="pages/about.html",
        view=view,
        charts=_drawn(view.coverage.chart),
        styles=("css/charts.css", "css/about.css"),
    )
