"""The examples page in Chromium: the same samples in the same order as Python, filters, lightbox, keys, both forms."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from playwright.sync_api import Page, expect

from reportgen.inputs.load import load_manifest
from reportgen.inputs.pinned import read_pinned
from reportgen.model import Media, Outcomes
from reportgen.report import Report
from reportgen.site.media import Thumbnails, make_thumbnails, media_rows
from reportgen.site.packing import (
    pack_codes,
    pack_confidence,
    pack_floats,
    pack_json,
    pack_numbers,
    pack_predictions,
    pack_ranks,
    pack_texts,
)
from reportgen.site.payload import make_payload
from reportgen.tasks import classification, regression
from tests import builders
from tests.browser.written import AXE, DESKTOP, RULES, TREES, Visit, Written, miscounted

ALL_LINKS = ("digits", "weather-trainings")
SOME = 25
"""Counted links of an example that are opened, where not all are."""

pytestmark = [pytest.mark.browser]


class Gallery(Written):
    """A report opened at the examples page."""

    def __init__(self, report: Report, folder: Path) -> None:
        super().__init__(report, folder, page="examples", ready="[data-rg-part=examples]")

    def open(self, visit: Visit, *state: tuple[str, str], form: str = "folder", **options: Any) -> Any:
        """The page with its gallery drawn."""
        found = super().open(visit, *state, form=form, **options)
        expect(found.page.locator(".rg-ex-count")).not_to_be_empty()
        return found


@pytest.fixture(scope="session")
def images(tmp_path_factory: pytest.TempPathFactory) -> Gallery:
    """Images: of 300 samples the first 200 have one."""
    folder = tmp_path_factory.mktemp("images")
    builders.write_digits(folder, 200)
    return Gallery(builders.report(n=300, media=Media("image", "image", str(folder))), folder)


@pytest.fixture(scope="session")
def cards(tmp_path_factory: pytest.TempPathFactory) -> Gallery:
    """Samples without media."""
    return Gallery(builders.report(), tmp_path_factory.mktemp("cards"))


@pytest.fixture(scope="session")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Gallery:
    """Samples of text."""
    return Gallery(builders.report(n=300, media=Media("text", "body")), tmp_path_factory.mktemp("texts"))


def count(page: Page) -> int:
    """How many samples the page says it shows."""
    return int(page.locator(".rg-ex-count").inner_text().split()[0].replace(",", ""))


def ids(page: Page) -> list[str]:
    """The ids of the tiles, in order."""
    links = page.locator("[data-rg-tiles] a").evaluate_all("all => all.map(a => a.getAttribute('aria-label'))")
    return [re.findall(r"\(sample (.*)\)$", link)[0] for link in links]


def run(page: Page, chunks: dict[str, object], script: str, *arguments: object) -> Any:
    """What a script makes of chunks that are given to the page as if they had been loaded."""
    return page.evaluate(
        "async ([chunks, args, script]) => {"
        " for (const [name, value] of Object.entries(chunks)) reportgen.data.add(name, value);"
        " return window.probe[script](...args); }",
        [chunks, list(arguments), script],
    )


def probe(page: Page) -> None:
    """Functions that the tests call: the policy forbids to hand over their text."""
    page.evaluate(
        """() => { window.probe = {
          values: async (name) => { const v = await reportgen.data.load(name);
            return {kind: v.constructor.name, values: Array.from(v, (x) => Number.isNaN(x) ? null : x)}; },
          json: (name) => reportgen.data.load(name),
          confidences: async (name) => Array.from(await reportgen.data.load(name), (code) => {
            const one = reportgen.confidences.of(code); return Number.isNaN(one) ? null : one; }),
          texts: async (name, some, part) => {
            const texts = await reportgen.data.load(name);
            const holding = texts.holding(part);
            const all = Array.from({ length: texts.length }, (_, i) => i);
            return {
              length: texts.length, one: some.map((_, i) => texts.at(i)), few: texts.pick(all.slice(0, some.length)),
              all: texts.pick(all), places: some.map((one) => texts.indexOf(one)), none: texts.indexOf("nobody"),
              holding: all.filter((i) => holding[i]) }; },
          members: async (prefix, spec, name, baseline, version) => {
            const load = (one) => reportgen.data.load(prefix + one);
            const samples = {...spec, target: await load("target"), confidence: [], prediction: []};
            for (let v = 0; v < spec.versions; v++) {
              samples.prediction.push(await load(`prediction-${v}`));
              samples.confidence.push(spec.confident ? await load(`confidence-${v}`) : null);
            }
            return Array.from(reportgen.sets.members(samples, name, baseline, version)); },
          csv: (rows) => reportgen.csv.write(rows),
        }; }"""
    )


def test_every_kind_of_column_comes_back(cards: Gallery, visit: Visit) -> None:
    """Codes of each width, floats of both, texts and JSON are in the browser what they were in Python."""
    page = cards.open(visit).page
    probe(page)
    rng = np.random.default_rng(2)
    sizes = {"u8": 200, "u16": 60_000, "u32": 3_000_000, "one": 1, "four": 4, "fifteen": 15}
    codes = {name: rng.integers(-1, top, 499) for name, top in sizes.items()}
    floats = np.append(rng.standard_normal(99), np.nan)
    target = rng.integers(-1, 10, 499)
    numbers = np.append(rng.integers(0, 90, 499) / 7, np.nan)
    text = {"id": ["007", "7", "ü\u2028</script>"], "none": None}
    chunks = {
        **{f"t-{name}": pack_codes(pl.Series(values), sizes[name]) for name, values in codes.items()},
        "t-f32": pack_floats(floats.astype(np.float32), "f32"),
        "t-f64": pack_floats(floats, "f64"),
        "t-json": pack_json(text),
        "t-sevenths": pack_numbers(numbers),
        "t-decimals": pack_numbers(numbers.round(3) - 2),
        "t-ranks": pack_ranks(numbers),
        "t-target": pack_codes(pl.Series(target), 10),
        "t-beyond": {**pack_predictions(pl.Series(codes["u8"] % 10), pl.Series(target), 10), "of": "t-target"},
        "t-steps": pack_confidence(pl.Series([0.0, 0.9, None, 0.12345, 1.0], dtype=pl.Float32)),
    }

    for name, values in codes.items():
        got = run(page, chunks, "values", f"t-{name}")
        assert got["kind"] == {"u16": "Uint16Array", "u32": "Uint32Array"}.get(name, "Uint8Array")
        assert got["values"] == (values + 1).tolist()
    for name, dtype in (("t-f32", np.float32), ("t-f64", np.float64)):
        got = run(page, chunks, "values", name)["values"]
        assert got[-1] is None
        assert got[:-1] == floats.astype(dtype).astype(np.float64).tolist()[:-1]
    assert run(page, chunks, "json", "t-json") == text
    assert run(page, chunks, "values", "t-beyond")["values"] == (codes["u8"] % 10 + 1).tolist()
    for name, kept in (("t-sevenths", numbers), ("t-decimals", numbers.round(3) - 2)):
        found = run(page, chunks, "values", name)
        assert found["kind"] == "Float64Array"
        assert found["values"] == [None if np.isnan(x) else x for x in kept.tolist()]
    ranks = pl.Series(numbers).fill_nan(None).rank("dense").fill_null(0).to_list()
    assert run(page, chunks, "values", "t-ranks")["values"] == ranks
    steps = (np.array([0, 54_000, 7_407, 60_000]) / 60_000).astype(np.float32).astype(np.float64).tolist()
    assert run(page, chunks, "confidences", "t-steps") == [*steps[:2], None, *steps[2:]]


def test_texts_are_made_when_they_are_asked_for(cards: Gallery, visit: Visit) -> None:
    """Ids of any letters, one by one, many at once, by the text and by a part of it in whatever case."""
    page = cards.open(visit).page
    probe(page)
    odd = [
        "",
        'a","b',
        '","',
        "\\",
        '\\"',
        "line\nend",
        "tab\t",
        "\u0001",
        "Ünï",
        "007",
        "7",
        "\u2028</script>",
        "🙂",
        "[x]",
        "'",
    ]
    texts = [*odd, *(f"{k:05d}" for k in range(9000))]
    chunks = {"t-texts": pack_texts(texts)}

    found = run(page, chunks, "texts", "t-texts", odd, "ÜN")

    assert found["length"] == len(texts)
    assert found["one"] == odd
    assert found["few"] == odd
    assert found["all"] == texts
    assert found["places"] == list(range(len(odd)))
    assert found["none"] == -1
    assert found["holding"] == [odd.index("Ünï")]


def ranked(mask: np.ndarray, score: np.ndarray) -> list[int]:  # type: ignore[type-arg]
    """Rows of the mask, highest score first, ties in the order of rows."""
    rows = np.flatnonzero(mask)
    return [int(row) for row in rows[np.lexsort((rows, -score[rows].astype(np.float64)))]]


@pytest.mark.parametrize("version", [0, 1, 2])
def test_sets_of_classes_are_those_of_python(cards: Gallery, visit: Visit, version: int) -> None:
    """Every set holds the same samples in the same order as in Python, for each version as the candidate."""
    page = cards.open(visit).page
    probe(page)
    n = 400
    rng = np.random.default_rng(11)
    data: dict[str, Any] = {"id": [f"s{i:03d}" for i in range(n)], "target": rng.integers(0, 3, n)}
    for v in range(3):
        data[f"scored_{v}"] = rng.random(n) > 0.05
        data[f"prediction_{v}"] = np.where(rng.random(n) < 0.6, data["target"], rng.integers(0, 3, n))
        data[f"confidence_{v}"] = (rng.integers(0, 20, n) / 20).astype(np.float32)  # many ties
    frame = classification.outcomes(pl.DataFrame(data), 3)
    plain = cards.report
    outcomes = replace(plain.outcomes, frame=frame, attributes=(), classes=("a", "b", "c"))
    small = replace(plain, outcomes=outcomes, examples=plain.examples.clear(), findings=())
    payload = make_payload(small, Thumbnails())
    own = f"set{version}-"
    chunks = {
        f"{own}{name}": {**value, "of": f"{own}target"} if isinstance(value, dict) and "of" in value else value
        for name, value in payload.items()
    }
    spec = {"n": n, "values": False, "versions": 3, "confident": True, "tolerance": None, "margin": None}
    hard = frame[f"confidence_{version}"].to_numpy()
    scored = frame[f"scored_{version}"].to_numpy()
    correct = frame[f"correct_{version}"].to_numpy() == 1
    always = np.all([(frame[f"scored_{v}"] & (frame[f"correct_{v}"] == 0)).to_numpy() for v in range(3)], axis=0)
    whole = np.all([frame[f"scored_{v}"].to_numpy() for v in range(3)], axis=0)
    right = np.stack([(frame[f"correct_{v}"] == 1).fill_null(False).to_numpy() for v in range(3)])
    expected = {
        "surest_wrong": ranked(scored & ~correct, hard),
        "wrong": ranked(scored & ~correct, hard),
        "sure_wrong": ranked(scored & ~correct & (hard >= np.float32(0.9)), hard),
        "right": ranked(scored & correct, hard),
        "always_wrong": ranked(always, hard),
        "once_right": ranked(whole & ~correct & right.any(axis=0), hard),
        "flip_flops": ranked(whole & ((right[0] != right[1]) & (right[1] != right[2])), hard),
        "all": list(range(n)),
    }
    if version:
        codes = classification.flip_codes(frame, 0, version, None)
        names = ("both_wrong", "newly_fixed", "newly_broken", "both_right")
        expected |= {name: ranked(codes == code, hard) for code, name in enumerate(names)}

    for name, rows in expected.items():
        got = run(page, chunks, "members", own, spec, name, 0 if version else None, version)
        assert got == rows, name


def test_sets_of_values_are_those_of_python(cards: Gallery, visit: Visit) -> None:
    """For values too: largest errors, moves beyond the margin, and what every version has far off."""
    page = cards.open(visit).page
    probe(page)
    n = 300
    rng = np.random.default_rng(12)
    target = np.round(rng.normal(0, 2, n), 1)
    data: dict[str, Any] = {"id": [f"s{i:03d}" for i in range(n)], "target": target}
    for v in range(2):
        data[f"scored_{v}"] = rng.random(n) > 0.05
        data[f"prediction_{v}"] = np.round(target + rng.normal(0, 1, n), 1)
    frame = regression.outcomes(pl.DataFrame(data), 2, 0.5)
    plain = cards.report
    outcomes = Outcomes(frame, frame.select("id"), (), (), ("v1", "v2"), tolerance=0.5, flip_margin=0.3)
    metrics = tuple(replace(m.info, primary=m.name == regression.PRIMARY) for m in regression.METRICS)
    pair = replace(plain, task="regression", outcomes=outcomes, baseline="v1", candidate="v2", metrics=metrics)
    small = replace(pair, examples=plain.examples.clear(), findings=())
    chunks = {f"val-{name}": value for name, value in make_payload(small, Thumbnails()).items()}
    spec = {"n": n, "values": True, "versions": 2, "confident": False, "tolerance": 0.5, "margin": 0.3}
    errors = [frame[f"loss_{v}"].fill_null(0.0).to_numpy().astype(np.float32) for v in range(2)]
    codes = regression.flip_codes(frame, 0, 1, 0.3)
    far = np.all([(frame[f"scored_{v}"] & (frame[f"correct_{v}"] == 0)).to_numpy() for v in range(2)], axis=0)
    expected = {
        "largest_error": ranked(frame["scored_1"].to_numpy(), errors[1]),
        "newly_broken": ranked(codes == 2, errors[1] - errors[0]),
        "newly_fixed": ranked(codes == 1, errors[0] - errors[1]),
        "both_right": ranked(codes == 3, errors[1]),
        "always_wrong": ranked(far, errors[1]),
    }

    for name, rows in expected.items():
        assert run(page, chunks, "members", "val-", spec, name, 0, 1) == rows, name


def test_gallery_begins_with_the_sets_of_the_report(images: Gallery, visit: Visit) -> None:
    """Each tab has the report's total, and its first tiles are the report's first examples."""
    opened = images.open(visit)
    for one in images.report.example_sets:
        opened.page.locator(f'[data-rg-set="{one.name}"]').click()
        expect(opened.page.locator(f'[data-rg-set="{one.name}"]')).to_have_attribute("aria-selected", "true")
        first = images.report.examples.filter(pl.col("set") == one.name).sort("rank")["id"].to_list()

        assert count(opened.page) == one.n_total
        assert ids(opened.page) == first[:40]
    assert opened.complaints == []


@pytest.mark.parametrize("kind", ["images", "texts", "cards"])
def test_scripts_draw_the_tiles_that_stand_in_the_page(kind: str, visit: Visit, request: pytest.FixtureRequest) -> None:
    """A tile made by the script is the same tree as the one in the HTML."""
    written: Gallery = request.getfixturevalue(kind)
    bare = visit(written.address(), written.folder.parent.as_uri() + "/", java_script_enabled=False).page
    drawn = written.open(visit).page
    made = drawn.locator("[data-rg-tiles] .rg-tile")
    expect(made.first).to_be_visible()

    # a page with scripts off cannot be asked by script: its HTML is put into the other page as text
    drawn.evaluate(
        "html => { const t = document.createElement('template'); t.innerHTML = html; window.still = t.content; }",
        bare.locator("[data-rg-static] .rg-tiles").first.inner_html(),
    )
    still = drawn.evaluate(f"() => ({TREES})([...window.still.querySelectorAll('.rg-tile')])")

    assert len(still) == 16
    assert made.evaluate_all(TREES) == still


# fmt: off
LINKS: list[tuple[tuple[tuple[str, str], ...], Callable[[pl.DataFrame], pl.Series]]] = [
    ((("set", "all"), ("label", "car"), ("predicted", "van")),
     lambda f: (f["target"] == 0) & (f["prediction_2"] == 3)),
    ((("set", "all"), ("version", "v2"), ("predicted", "van")), lambda f: f["prediction_1"] == 3),
    ((("set", "wrong"), ("a.weather", "rain"), ("a.time", "night")),
     lambda f: (f["correct_2"] == 0) & (f["a0"] == 2) & (f["a1"] == 1)),
    ((("set", "newly_broken"), ("a.weather", "rain"), ("a.weather", "fog")),
     lambda f: (f["correct_0"] == 1) & (f["correct_2"] == 0) & (f["a0"] >= 1)),
    ((("set", "both_right"), ("version", "v2")), lambda f: (f["correct_0"] == 1) & (f["correct_1"] == 1)),
    ((("set", "sure_wrong"),), lambda f: (f["correct_2"] == 0) & (f["confidence_2"] >= np.float32(0.9))),
    ((("set", "right"), ("label", "cyclist")), lambda f: (f["correct_2"] == 1) & (f["target"] == 1)),
    ((("set", "all"), ("was", "wrong"), ("now", "right")), lambda f: (f["correct_0"] == 0) & (f["correct_2"] == 1)),
    ((("set", "all"), ("q", "S0001")), lambda f: f["id"].str.starts_with("s0001")),
    ((("set", "all"), ("label", "nobody"), ("a.weather", "hail"), ("a.no", "x"), ("page", "-3"), ("sort", "?")),
     lambda f: f["target"] >= 0),
]
# fmt: on


def test_a_link_opens_exactly_its_samples(cards: Gallery, visit: Visit) -> None:
    """The count on the page is the count over all samples; what the report does not know is ignored."""
    opened = cards.open(visit)
    page = opened.page
    frame = cards.report.outcomes.frame
    for state, mask in LINKS:
        page.goto(cards.address(*state))
        expected = frame.filter(mask(frame))["id"].to_list()
        total = f"{len(expected):,} " if len(expected) < 1200 else "1,200 samples"
        expect(page.locator(".rg-ex-count")).to_have_text(re.compile(f"^{total}"))

        assert set(ids(page)) <= set(expected), state
        assert len(ids(page)) == min(40, len(expected)), state
    assert opened.complaints == []


def test_chips_filter_count_and_clear(cards: Gallery, visit: Visit) -> None:
    """A chip's menu counts what each value would leave; chosen values stand on the chip and in the address."""
    opened = cards.open(visit, ("set", "all"))
    page = opened.page
    frame = cards.report.outcomes.frame
    weather = page.locator(".rg-chip-box").filter(has=page.locator(".rg-chip-text", has_text="weather"))

    weather.locator(".rg-chip-open").click()
    item = weather.locator(".rg-menu-item").filter(has_text="fog")
    expect(item.locator(".rg-menu-count")).to_have_text(str(frame.filter(pl.col("a0") == 1).height))
    item.locator("input").check()
    weather.locator(".rg-menu-item").filter(has_text="rain").locator("input").check()
    expect(weather.locator(".rg-chip-text")).to_have_text("weather: fog, rain")
    n = frame.filter(pl.col("a0") >= 1).height
    expect(page.locator(".rg-ex-count")).to_have_text(f"{n} of {frame.height:,} samples")
    assert "a.weather=fog&a.weather=rain" in page.url
    page.keyboard.press("Escape")
    expect(weather.locator(".rg-menu")).to_be_hidden()
    expect(weather.locator(".rg-chip-open")).to_be_focused()
    weather.locator(".rg-chip-clear").click()
    expect(page.locator(".rg-ex-count")).to_have_text(f"{frame.height:,} samples")
    assert opened.complaints == []


def test_filters_of_the_outcome_are_right_and_wrong(cards: Gallery, visit: Visit) -> None:
    """What a version made of a sample is wrong or right; sets over all versions are no values of that filter."""
    page = cards.open(visit, ("set", "all")).page
    filters = page.evaluate(
        "reportgen.data.load('samples').then(meta => reportgen.query.choices(meta).map(c => [c.key, [...c.values]]))"
    )

    assert [values for key, values in filters if key in ("was", "now")] == [["wrong", "right"]] * 2


def test_nothing_left_says_why_and_how_to_go_on(cards: Gallery, visit: Visit) -> None:
    """An empty selection names the filter that emptied it; removing it, or all, brings the samples back."""
    state = (("set", "surest_wrong"), ("label", "car"), ("predicted", "car"))
    page = cards.open(visit, *state).page
    expect(page.locator("[data-rg-empty]")).to_contain_text("The filter predicted left none.")
    expect(page.locator("[data-rg-spread]")).to_be_hidden()

    page.get_by_role("button", name="Remove it").click()
    expect(page.locator("[data-rg-empty]")).to_be_hidden()
    expect(page.locator("[data-rg-spread]")).to_be_visible()
    page.locator("[data-rg-part=examples] [data-rg-find]").fill("no such id")
    expect(page.locator("[data-rg-empty]")).to_contain_text("No ID holds “no such id”.")
    page.get_by_role("button", name="clear all").click()

    expect(page.locator("[data-rg-empty]")).to_be_hidden()
    assert page.url.endswith("#?set=surest_wrong")


def test_pages_of_forty(cards: Gallery, visit: Visit) -> None:
    """Next and previous walk through the selection; the range says where one is."""
    page = cards.open(visit, ("set", "all")).page
    all_ids = cards.report.outcomes.frame["id"].to_list()
    page.locator("[data-rg-after]").click()
    expect(page.locator("[data-rg-range]")).to_contain_text("41–80 of 1,200.")

    assert ids(page) == all_ids[40:80]
    page.locator("[data-rg-before]").click()
    expect(page.locator("[data-rg-range]")).to_contain_text("1–40 of 1,200.")
    assert page.url.endswith("#?set=all")


def test_sort_orders_by_what_it_says(cards: Gallery, visit: Visit) -> None:
    """By confidence, either way, and by id."""
    frame = cards.report.outcomes.frame.with_row_index("row")
    wrong = frame.filter(pl.col("correct_2") == 0)
    expected = {
        "hard": wrong.sort(["confidence_2", "row"], descending=[True, False]),
        "easy": wrong.sort(["confidence_2", "row"]),
        "id": wrong.sort("row"),
    }
    page = cards.open(visit, ("set", "wrong")).page
    for value, rows in expected.items():
        page.locator("[data-rg-sort-by]").select_option(value)
        expect(page.locator("[data-rg-tiles] a").first).to_have_attribute(
            "aria-label", re.compile(rf"sample {rows['id'][0]}\)$")
        )
        assert ids(page) == rows["id"].to_list()[:40]


@pytest.mark.parametrize(("old", "new"), [("v1", "v2"), ("v3", "v1"), ("v3", "v2")])
def test_another_pair_changes_sets_and_rules(cards: Gallery, visit: Visit, old: str, new: str) -> None:
    """The versions picked in the header are baseline and candidate of every set, tile and filter."""
    page = cards.open(visit, ("set", "newly_broken")).page
    page.get_by_role("combobox", name="Candidate", exact=True).select_option(new)
    page.get_by_role("combobox", name="Baseline", exact=True).select_option(old)
    was, now = (cards.report.outcomes.versions.index(name) for name in (old, new))
    frame = cards.report.outcomes.frame
    n = frame.filter((pl.col(f"correct_{was}") == 1) & (pl.col(f"correct_{now}") == 0)).height

    expect(page.locator("[data-rg-rule]")).to_contain_text(f"{old} got these right, {new} gets them wrong")
    expect(page.locator(".rg-ex-count")).to_have_text(f"{n} samples")
    first = page.locator("[data-rg-tiles] a").first
    expect(first).to_have_attribute("aria-label", re.compile(f"{old} right, .*; {new} wrong, "))
    first.click()
    box = page.locator("dialog.rg-lightbox")
    expect(box.locator("[data-rg-severity]")).to_have_text("Newly broken")
    expect(box.locator("[data-rg-words]")).to_contain_text(f"{old} was right")
    expect(box.locator(".rg-lb-version bdi")).to_have_text([new, *({"v1", "v2", "v3"} - {old, new}), old])


def test_lightbox_by_mouse_and_by_keys(images: Gallery, visit: Visit) -> None:
    """A tile opens large with what happened in words; arrows browse the selection; Esc closes and returns the focus."""
    opened = images.open(visit, ("set", "newly_broken"))
    page = opened.page
    first = images.report.examples.filter(pl.col("set") == "newly_broken").sort("rank")["id"].to_list()
    n = next(one.n_total for one in images.report.example_sets if one.name == "newly_broken")
    page.locator("[data-rg-tiles] a").nth(1).click()
    box = page.locator("dialog.rg-lightbox")

    expect(box).to_be_visible()
    expect(box.locator("[data-rg-id]")).to_have_text(first[1])
    expect(box.locator("[data-rg-place]")).to_have_text(f"Newly broken, 2 of {n}")
    row = images.report.outcomes.frame.filter(pl.col("id") == first[1]).row(0, named=True)
    label, said = builders.CLASSES[row["target"]], builders.CLASSES[row["prediction_2"]]
    expect(box.locator("[data-rg-title]")).to_have_text(f"Labelled {label}, taken for {said}")
    expect(box.locator("[data-rg-words]")).to_contain_text("v1 was right (")
    expect(box.locator("[data-rg-words]")).to_contain_text("v3 is wrong")
    page.keyboard.press("ArrowRight")
    expect(box.locator("[data-rg-id]")).to_have_text(first[2])
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(box.locator("[data-rg-id]")).to_have_text(first[0])
    page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    expect(page.locator("[data-rg-tiles] a").first).to_be_focused()
    assert page.url.endswith("#?set=newly_broken")
    assert opened.complaints == []


def test_a_link_to_a_sample_opens_it(texts: Gallery, visit: Visit) -> None:
    """A link of another page opens the lightbox on load; closing it leaves the gallery of its set."""
    opened = texts.open(visit, ("set", "all"), ("sample", "s00012"))
    box = opened.page.locator("dialog.rg-lightbox")

    expect(box.locator("[data-rg-id]")).to_have_text("s00012")
    expect(box.locator(".rg-lb-text")).to_have_text(texts.report.outcomes.samples["body"][12])
    box.get_by_role("button", name="Close").click()
    expect(box).to_be_hidden()
    assert opened.page.url.endswith("#?set=all")


def test_links_to_samples_alike_count_right(cards: Gallery, visit: Visit) -> None:
    """The link "All n like this" opens n samples: the same label, taken for the same."""
    page = cards.open(visit, ("set", "wrong"), ("sample", "s00007")).page
    frame = cards.report.outcomes.frame
    row = frame.row(7, named=True)
    n = frame.filter((pl.col("target") == row["target"]) & (pl.col("prediction_2") == row["prediction_2"])).height
    link = page.get_by_role("link", name=f"All {n} like this")

    link.click()
    expect(page.locator("dialog.rg-lightbox")).to_be_hidden()

    assert count(page) == n


def test_keys_choose_sets_and_walk_the_tiles(cards: Gallery, visit: Visit) -> None:
    """1 to 7 choose a set, j, k and the arrows move, Enter opens."""
    page = cards.open(visit).page
    page.keyboard.press("3")
    expect(page.locator('[data-rg-set="newly_fixed"]')).to_have_attribute("aria-selected", "true")
    page.keyboard.press("j")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("k")
    tiles = page.locator("[data-rg-tiles] a")
    expect(tiles.nth(4)).to_be_focused()

    page.keyboard.press("Enter")
    expect(page.locator("dialog.rg-lightbox [data-rg-place]")).to_contain_text("Newly fixed, 5 of ")


def pinned_by(line: str, ids: list[str], folder: Path) -> tuple[str, ...]:
    """The ids that a manifest with this line reads, of samples that have these ids and more."""
    pl.DataFrame({"id": [*ids, "other"], "label": ["a", "b"] * (len(ids) // 2) + ["a"] * (1 + len(ids) % 2)}).write_csv(
        folder / "samples.csv"
    )
    (folder / "v1.csv").write_text("id,prediction\nother,a\n")
    text = f"task: classification\nsamples: samples.csv\nversions: {{v1: v1.csv}}\ncolumns: {{target: label}}\n{line}\n"
    (folder / "reportgen.yaml").write_text(text, encoding="utf-8")
    (found,) = read_pinned(load_manifest(folder / "reportgen.yaml")).sets
    return found.ids


def test_saved_ids_are_what_a_manifest_pins(cards: Gallery, visit: Visit, tmp_path: Path) -> None:
    """Any selection is saved as a file, and the line that the page gives for the manifest pins exactly it."""
    page = cards.open(visit, ("set", "newly_broken"), ("a.weather", "rain")).page
    with page.expect_download() as caught:
        page.locator("[data-rg-ids]").click()
    name = caught.value.suggested_filename
    caught.value.save_as(tmp_path / name)
    line = page.locator("[data-rg-pin] code").inner_text()
    shown = ids(page)
    found = pinned_by(line, shown, tmp_path)

    assert line == f"pinned: {{newly_broken-rain: {name}}}"
    assert len(found) == count(page)
    assert list(found[:40]) == shown
    page.locator('[data-rg-set="newly_fixed"]').click()
    expect(page.locator("[data-rg-pin]")).to_be_hidden()


@pytest.mark.parametrize("risky", [("007", "7", 'a"b,c', " x "), ("=cmd()", "-5", "@x", "ü日"), ("+1", "two\nlines")])
def test_ids_of_any_kind_are_pinned_as_they_are(
    cards: Gallery, visit: Visit, tmp_path: Path, risky: tuple[str, ...]
) -> None:
    """A table where no spreadsheet would run an id, else a line each; nothing is lost but what neither can hold."""
    page = cards.open(visit).page
    file = page.evaluate("ids => reportgen.pins.file(ids)", list(risky))
    (tmp_path / f"ids.{file['ending']}").write_text(file["text"], encoding="utf-8", newline="")
    found = pinned_by(f"pinned: {{it: ids.{file['ending']}}}", list(risky), tmp_path)

    kept = tuple(f"'{one}" if "\n" in "".join(risky) and one[0] in "=+-@" else one for one in risky)
    assert found == kept


def test_tables_are_saved_without_formulas(cards: Gallery, visit: Visit, tmp_path: Path) -> None:
    """The file has the head and every sample of the selection; a text that a spreadsheet would run is defused."""
    page = cards.open(visit, ("set", "newly_broken")).page
    probe(page)
    with page.expect_download() as caught:
        page.locator("[data-rg-table]").click()
    caught.value.save_as(tmp_path / "table.csv")
    lines = (tmp_path / "table.csv").read_text(encoding="utf-8").splitlines()
    hostile = [["=cmd()", "+1", "-2+3", "@x", "\tx", -0.5, 'a"b,c', None]]

    assert lines[0] == "id,label,v1,v3"
    assert len(lines) - 1 == count(page)
    written = page.evaluate("rows => window.probe.csv(rows)", hostile)
    assert written == "'=cmd(),'+1,'-2+3,'@x,'\tx,-0.5,\"a\"\"b,c\",\r\n"


HOSTILE = (
    "?set=<img src=x onerror=alert(1)>&sample=</script><script>alert(1)</script>",
    "?set=__proto__&label=constructor&version=toString&by=__proto__&sort=hasOwnProperty",
    "?%E0%A4%A&%%%=&a.%00=&page=1e99&sample=%00",
    "?" + "a.weather=rain&" * 3000,
    "?page=99999&q=" + "x" * 5000,
)


def test_hostile_addresses_are_harmless(cards: Gallery, visit: Visit) -> None:
    """Whatever stands in the hash, on arrival or later, the page works and nothing complains."""
    address = (cards.folder / "examples.html").as_uri()
    opened = visit(f"{address}#{HOSTILE[0]}", cards.folder.parent.as_uri() + "/", viewport=DESKTOP)
    for state in HOSTILE:
        opened.page.goto(f"{address}#{state}")

        expect(opened.page.locator("[role=tab][aria-selected=true]")).to_have_count(1)
        expect(opened.page.locator(".rg-ex-count")).not_to_be_empty()
    assert opened.complaints == []


def test_hostile_names_are_only_ever_text(tmp_path: Path, visit: Visit) -> None:
    """Ids, labels, values and versions that are markup stand on tiles, chips and in the lightbox as they are."""
    text = "</script><img src=x onerror=\"console.error('ran')\">{{7*7}}"
    written = Gallery(builders.hostile(text), tmp_path)
    for form in ("folder", "single"):
        opened = written.open(visit, ("set", "all"), form=form)
        page = opened.page
        expect(page.locator("[data-rg-tiles] .rg-tile-label").first).to_contain_text(text)
        page.locator(".rg-chip-open").first.click()
        expect(page.locator(".rg-menu-item").first).to_contain_text(text)
        page.keyboard.press("Escape")
        page.locator("[data-rg-tiles] a").first.click()
        expect(page.locator("dialog.rg-lightbox [data-rg-id]")).to_contain_text(text)
        assert page.locator("img[src=x]").count() == 0
        assert opened.complaints == []
        opened.leave()


def test_one_version_without_attributes(tmp_path: Path, visit: Visit) -> None:
    """One version and nothing to slice by: its mistakes, all samples, no baseline anywhere."""
    written = Gallery(builders.one_version(attributes=False), tmp_path)
    opened = written.open(visit)
    page = opened.page
    n = written.report.example_sets[0].n_total

    assert page.locator("[role=tab]").evaluate_all("all => all.map(a => a.dataset.rgSet)") == ["surest_wrong", "all"]
    assert count(page) == n
    page.locator("[data-rg-tiles] a").first.click()
    expect(page.locator("dialog.rg-lightbox [data-rg-place]")).to_have_text(f"Surest mistakes, 1 of {n}")
    expect(page.locator(".rg-lb-said")).to_have_count(1)
    assert opened.complaints == []


def test_single_file_shows_pictures_and_keeps_its_state(images: Gallery, visit: Visit) -> None:
    """In one file the gallery has its pictures, and the address of a selection restores it."""
    opened = images.open(visit, ("set", "newly_fixed"), form="single")
    page = opened.page
    picture = page.locator("[data-rg-tiles] img").first

    expect(picture).to_be_visible()
    assert picture.get_attribute("src").startswith("data:image/webp;base64,")
    expect(picture).to_have_js_property("naturalWidth", 32)
    picture.click()
    expect(page.locator("dialog.rg-lightbox img")).to_be_visible()
    assert "#examples?set=newly_fixed&sample=" in page.url
    assert opened.complaints == []


def test_readable_with_scripts_off(images: Gallery, visit: Visit) -> None:
    """Without scripts each set has its rule, its total and its first tiles with their pictures."""
    page = visit(images.address(), images.folder.parent.as_uri() + "/", java_script_enabled=False).page
    for one in images.report.example_sets:
        section = page.locator("section").filter(has=page.locator(f"#examples-{one.name}"))
        expect(section.locator(".rg-caption")).to_contain_text(one.rule)
        expect(section.locator("h2")).to_contain_text(f"{one.n_total:,}")
        assert section.locator(".rg-tile").count() == min(16, one.n_total)
    expect(page.locator("[data-rg-part=examples]")).to_be_hidden()
    expect(page.locator("dialog")).to_have_count(2)
    assert page.locator("dialog:visible").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_gallery_menu_and_lightbox_are_accessible(images: Gallery, visit: Visit, scheme: str) -> None:
    """Axe finds nothing on the gallery, with a menu open, or in the lightbox, on a desktop and a phone."""
    for size in (DESKTOP, {"width": 390, "height": 844}):
        opened = images.open(visit, ("set", "newly_broken"), color_scheme=scheme, viewport=size)
        page = opened.page
        page.evaluate(AXE)
        page.locator(".rg-chip-open").first.click()
        expect(page.locator(".rg-menu:visible")).to_have_count(1)
        found = page.evaluate(f"axe.run(document, {RULES})")["violations"]
        page.keyboard.press("Escape")
        page.locator("[data-rg-tiles] a").first.click()
        expect(page.locator("dialog.rg-lightbox")).to_be_visible()
        page.wait_for_timeout(200)
        found += page.evaluate(f"axe.run(document, {RULES})")["violations"]
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        opened.leave()

        assert [(one["id"], one["nodes"][0]["target"]) for one in found] == []
        assert wide <= 0


def test_media_of_the_gallery_are_the_report_s(images: Gallery) -> None:
    """The folder holds one file a picture, and every name in the payload is there."""
    shown = make_thumbnails(images.report.outcomes, *media_rows(images.report))
    names = sorted(path.name for path in (images.folder / "media").iterdir())

    assert names == sorted(shown.files)


@pytest.mark.parametrize("name", [*ALL_LINKS, "audit", "sentiment-rating"])
def test_every_counted_link_opens_as_many(name: str, example: Callable[[str], Any], visit: Visit) -> None:
    """Whatever page of an example a link with a count stands on, the gallery it opens holds that many.

    Of the reports that show every kind of link all are opened, of the others some.
    """
    site = example(name)
    inside = site.folder.parent.as_uri() + "/"
    links: set[tuple[str, int]] = set()
    page = visit(f"{site.folder.as_uri()}/examples.html", inside, viewport=DESKTOP).page
    for path in sorted(site.folder.glob("*.html")):
        page.goto(path.as_uri())
        page.wait_for_timeout(300)  # tables are drawn by scripts
        found = page.locator('a[data-rg-to="examples"][data-rg-count]')
        links |= {
            (href, int(n))
            for href, n in found.evaluate_all("all => all.map(a => [a.getAttribute('href'), a.dataset.rgCount])")
        }

    assert len(links) > 5
    step = 1 if name in ALL_LINKS else len(links) // SOME + 1
    page.goto(f"{site.folder.as_uri()}/examples.html")
    assert {href.partition("#")[0] for href, _ in links} == {"examples.html"}
    assert miscounted(page, ".rg-ex-count", sorted(links)[::step]) == []
