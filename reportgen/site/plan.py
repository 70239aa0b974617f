"""The site of a report: which pages there are, and what each carries."""

from __future__ import annotations

from dataclasses import replace

from reportgen.model import Report
from reportgen.site.about import plan_about
from reportgen.site.examples import plan_examples
from reportgen.site.footer import plan_footer, plan_header
from reportgen.site.media import Thumbnails, make_thumbnails, media_rows
from reportgen.site.overview import plan_overview
from reportgen.site.page import Page, Site
from reportgen.site.payload import make_payload
from reportgen.site.report_json import to_report


def plan(report: Report) -> Site:
    """The site, whole: pages in the order of the navigation, media, browser data and ``report.json``.

    A page exists only when it has content. What the media leave out joins the report's notes.
    """
    thumbnails = make_thumbnails(report.outcomes, *media_rows(report))
    report = replace(report, notes=(*report.notes, *thumbnails.notes))
    pages = [_overview(report, thumbnails), _examples(report, thumbnails), _about(report)]
    return Site(
        title=report.title,
        pages=tuple(pages),
        header=plan_header(report),
        footer=plan_footer(report),
        report=to_report(report),
        media=thumbnails.files,
        chunks=make_payload(report, thumbnails),
        notes=report.notes,
    )


def _overview(report: Report, thumbnails: Thumbnails) -> Page:
    return Page(
        name="overview",
        file="index.html",
        title="Overview",
        question="Is the candidate better, where is it worse, and what should we look at?",
        template="pages/overview.html",
        view=plan_overview(report, thumbnails),
        styles=("css/charts.css", "css/tile.css", "css/overview.css"),
    )


def _examples(report: Report, thumbnails: Thumbnails) -> Page:
    return Page(
        name="examples",
        file="examples.html",
        title="Examples",
        question="Which samples show it?",
        template="pages/examples.html",
        view=plan_examples(report, thumbnails),
        scripts=(
            "js/element.js",
            "js/data.js",
            "js/copy.js",
            *(f"js/engine/{name}.js" for name in ("outcomes", "sets", "filter", "query", "csv")),
            *(f"js/{name}.js" for name in ("samples", "tile", "chips", "lightbox", "spread", "examples")),
        ),
        styles=("css/charts.css", "css/tile.css", "css/examples.css", "css/lightbox.css"),
        data=("samples",),
    )


def _about(report: Report) -> Page:
    return Page(
        name="about",
        file="about.html",
        title="About",
        question="What was measured, how, from which files, and what can this evidence not show?",
        template="pages/about.html",
        view=plan_about(report),
        styles=("css/about.css",),
    )
