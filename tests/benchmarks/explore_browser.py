"""Print how quickly Explore answers in a browser, and what it takes, beside the limits that it is held to.

    python tests/benchmarks/explore_browser.py report/ [--single-file report.html] [--changes 60] [--runs 5]
        [--many 5000000]

The report is one of 1,000,000 samples, 12 attributes, 10 classes and 2 versions:
``build_100k.py --samples 1000000 --classes 10 --keep DIR`` writes it. Chromium (``CHROMIUM`` names another one) opens
it from ``file://``, in a window of 1440 x 900, without a graphics card. Changes are clicks on values and ranges typed,
always the same ones; how the page is watched stands in ``explore_browser.js``. Memory is the proportional set size of
the page's process, the worker included. ``--many`` needs no report of that size: the engine alone gets columns of as
many samples, made in the page, in place of a report's chunks.

This prints and judges; it never fails.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import random
import re
import shutil
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import Browser, ElementHandle, Page, sync_playwright

from reportgen.site.plan import EXPLORER

ASSETS = Path(__file__).resolve().parents[2] / "assets"
PROBE = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-dev-shm-usage",
]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SEED = 20_261_122
QUIET = 0.25  # seconds without an answer or a change of a chart, after which a change is over
FIRST = 60.0  # seconds to wait for the first answer
NEXT = 5.0  # and for one after a change; a change that changes nothing has none

ANSWERED = "() => window.bench && window.bench.first && window.bench.first.painted"
REPLAY = """
async (requests) => {
  const meta = await window.reportgen.data.load("samples");
  const explorer = window.reportgen.explorer.open(meta);
  await explorer.ask({ ...requests[0], filters: [] });
  const names = meta.attributes.map((one) => one.column);
  const columns = new Map();
  const said = meta.versions.map((_, v) => `prediction-${v}`);
  for (const name of new Set([...names, "target", ...said])) {
    columns.set(name, await window.reportgen.data.load(name));
  }
  const sizes = meta.attributes.map((one) => one.values.length + 1);
  const found = [];
  for (const request of requests) {
    let start = performance.now();
    await explorer.ask(request);
    const engine = performance.now() - start;
    const outcome = new Uint8Array(meta.n);
    const [target, own] = [columns.get("target"), columns.get(said[request.candidate])];
    for (let i = 0; i < meta.n; i++) outcome[i] = own[i] === 0 ? 0 : own[i] === target[i] ? 2 : 1;
    start = performance.now();
    const mask = new Uint8Array(meta.n).fill(1);
    for (const { key, codes } of request.filters) {
      const is = (one) => `a.${one.name}` === key || (key === "label" && one.kind === "target");
      const attribute = meta.attributes.find(is);
      if (!attribute || !codes) continue;
      const pass = new Uint8Array(attribute.values.length + 1);
      for (const code of codes) pass[code] = 1;
      const column = columns.get(attribute.column);
      for (let i = 0; i < meta.n; i++) mask[i] &= pass[column[i]];
    }
    let sum = 0;
    names.forEach((name, at) => {
      const column = columns.get(name);
      const counts = new Uint32Array(3 * sizes[at]);
      for (let i = 0; i < meta.n; i++) if (mask[i]) counts[3 * column[i] + outcome[i]]++;
      sum += counts[1];
    });
    found.push({ engine, bare: performance.now() - start, sum });
  }
  return found;
}
"""
SYNTHETIC = """
async ([given, n, changes, seed]) => {
  let state = seed >>> 0;
  const draw = () => {
    state ^= state << 13; state >>>= 0; state ^= state >>> 17; state ^= state << 5; state >>>= 0;
    return state / 4294967296;
  };
  const meta = { ...given, n, grouped: false, weighted: false };
  const k = meta.classes.length;
  const chunks = new Map();
  const codes = (size) => Uint8Array.from({ length: n }, () => 1 + Math.floor(draw() * draw() * size));
  const target = codes(k);
  chunks.set("target", target);
  for (const one of meta.attributes) if (!chunks.has(one.column)) chunks.set(one.column, codes(one.values.length));
  meta.versions.forEach((one, v) => {
    const wrong = 0.22 - 0.03 * v;
    const said = (own) => (draw() < wrong ? 1 + Math.floor(draw() * k) : own);
    chunks.set(`prediction-${v}`, Uint8Array.from(target, said));
    const sure = () => Math.round(60000 * Math.sqrt(draw())) / 60000;
    if (one.confidence) chunks.set(`confidence-${v}`, Float32Array.from({ length: n }, sure));
  });
  window.reportgen.data = { packed: async (name) => chunks.get(name), load: async (name) => chunks.get(name) };
  const explorer = window.reportgen.explorer.open(meta);
  const request = { baseline: 0, candidate: 1, metric: "", order: "wrong", numbers: [], filters: [] };
  let start = performance.now();
  await explorer.ask(request);
  const first = performance.now() - start;
  const found = [];
  let filters = [];
  for (let i = 0; i < changes; i++) {
    const one = meta.attributes[Math.floor(draw() * meta.attributes.length)];
    const key = one.kind === "target" ? "label" : `a.${one.name}`;
    const own = filters.find((filter) => filter.key === key);
    const code = 1 + Math.floor(draw() * one.values.length);
    const allowed = new Set(own ? own.codes : []);
    if (allowed.has(code)) allowed.delete(code);
    else allowed.add(code);
    filters = filters.filter((filter) => filter.key !== key);
    if (allowed.size) filters.push({ key, codes: [...allowed] });
    if (filters.length > 4) filters = [];
    start = performance.now();
    const answer = await explorer.ask({ ...request, filters });
    found.push([performance.now() - start, answer.n]);
  }
  return { first, found, threaded: await explorer.threaded };
}
"""


@dataclass(frozen=True)
class Line:
    """One figure with what it is held to; no limit: it is told for comparison."""

    what: str
    value: float
    unit: str
    limit: float | None = None

    def __str__(self) -> str:
        digits = 2 if self.unit in {"s", "x"} else 1 if self.unit == "ms" else 0
        text = f"  {self.what:<66} {self.value:>9,.{digits}f} {self.unit}"
        if self.limit is None or math.isnan(self.value):
            return text
        verdict = "pass" if self.value <= self.limit else f"falls short: {self.value / self.limit:.2f} times the limit"
        return f"{text:<84} limit {self.limit:g} {self.unit}: {verdict}"


def high(values: Sequence[float]) -> float:
    """The 95th percentile, by the nearest rank; NaN of none."""
    known = sorted(value for value in values if not math.isnan(value))
    return known[math.ceil(0.95 * len(known)) - 1] if known else math.nan


def middle(values: Sequence[float]) -> float:
    """The median; NaN of none."""
    known = [value for value in values if not math.isnan(value)]
    return statistics.median(known) if known else math.nan


@contextmanager
def opened(browser: Browser, address: str, *, alone: bool = False) -> Iterator[Page]:
    """A page of its own at an address, once its first figures are painted; ``alone`` refuses it a worker."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, offline=True)
    page = context.new_page()
    page.add_init_script(f"window.benchAlone = {json.dumps(alone)};\n{PROBE}")
    page.goto(address, wait_until="commit")
    if not wait(page, ANSWERED):
        raise SystemExit(f"no answer within {FIRST:.0f} s: {address}")
    yield page
    context.close()


def wait(page: Page, expression: str, seconds: float = FIRST) -> bool:
    """Whether the expression came true in time; the page's policy refuses the waiting of Playwright's own."""
    end = time.monotonic() + seconds
    while not (found := page.evaluate(expression)) and time.monotonic() < end:
        time.sleep(0.02)
    return bool(found)


def settle(page: Page) -> None:
    """Until a while has passed without an answer or a change of a chart."""
    before: object = None
    while (seen := page.evaluate("() => [bench.changes.length, bench.changes.at(-1).charts.length]")) != before:
        before = seen
        time.sleep(QUIET)


def first_answers(browser: Browser, address: str, runs: int) -> list[float]:
    """The seconds from navigation to the paint after the first figures, run by run."""
    found = []
    for _ in range(runs):
        with opened(browser, address) as page:
            found.append(page.evaluate("() => bench.first.painted") / 1000)
    return found


def values_in(page: Page) -> list[ElementHandle]:
    """The values of filters that can be ticked."""
    return [
        one for one in page.query_selector_all("[data-rg-facet] label:has(input[data-rg-code])") if one.is_visible()
    ]


def change(page: Page, rng: random.Random) -> str:
    """One change of a filter, by its kind: mostly a value more or less, sometimes a range, sometimes all gone."""
    kind = rng.random()
    clear = page.query_selector("[data-rg-chips] > .rg-link")
    if kind < 0.1 and clear:
        clear.click()
        return "all filters gone"
    fields = page.query_selector('[data-rg-range="confidence"]')
    if kind < 0.25 and fields and fields.is_visible():
        low = fields.query_selector("[data-rg-from]")
        assert low
        low.fill(f"{rng.uniform(0.3, 0.95):.2f}")
        low.press("Enter")
        return "a range"
    rng.choice(values_in(page)).click()
    return "a value more or less"


def changes(browser: Browser, page: Page, n: int) -> list[dict[str, Any]]:
    """What each of ``n`` changes was and took, in milliseconds, and the memory after it, in MB."""
    rng = random.Random(SEED)
    page.evaluate("() => bench.watchCharts()")
    found = []
    while len(found) < n:
        settle(page)
        before = page.evaluate("() => { bench.blocked = bench.engine = 0; return bench.changes.length; }")
        kind = change(page, rng)
        if wait(page, f"() => bench.changes.length > {before} && bench.changes.at(-1).painted", NEXT):
            settle(page)
            found.append({**page.evaluate("() => bench.take()"), "memory": resident(browser), "kind": kind})
    return found


def resident(browser: Browser) -> float:
    """The proportional set size in MB of the largest renderer, which is the page's."""
    session = browser.new_browser_cdp_session()
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    return max((_set_size(one["id"]) for one in processes if one["type"] == "renderer"), default=math.nan)


def _set_size(pid: int) -> float:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8")
    except OSError:
        return math.nan
    found = re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)
    return int(found[1]) * 1024 / 1e6 if found else math.nan


def filter_of(folder: Path) -> str:
    """The address's part that chooses the first value of the report's first attribute."""
    text = (folder / "data" / "samples.js").read_text(encoding="utf-8")
    meta = _meta(text)
    attribute = next(one for one in meta["attributes"] if one["kind"] != "target")
    return urlencode({"v": 1, f"a.{attribute['name']}": attribute["values"][0]})


def _meta(script: str) -> dict[str, Any]:
    start = script.index("{")
    found, _ = json.JSONDecoder().raw_decode(script[start:])
    return dict(found)


def report_lines(browser: Browser, folder: Path, single: Path | None, n_changes: int, runs: int) -> Iterator[Line]:
    """Every figure of a report."""
    chosen = filter_of(folder)
    address = f"{(folder / 'explore.html').resolve().as_uri()}#?{chosen}"
    seconds = first_answers(browser, address, runs)
    yield Line(f"folder: navigation to first filter's paint, median of {runs}", middle(seconds), "s", 1.0)
    yield Line("  slowest", max(seconds), "s")
    if single:
        seconds = first_answers(browser, f"{single.resolve().as_uri()}#explore?{chosen}", runs)
        yield Line(f"single file: the same, {single.stat().st_size / 1e6:.1f} MB", middle(seconds), "s", 1.5)
        yield Line("  slowest", max(seconds), "s")
    with opened(browser, address) as page:
        settle(page)
        at_first = resident(browser)
        taken = changes(browser, page, n_changes)
        requests = page.evaluate("() => bench.requests")
    columns = {name: [one[name] for one in taken] for name in taken[0]}
    yield Line(f"a change: event to the last figure's text, median of {len(taken)}", middle(columns["figures"]), "ms")
    yield Line("  95th percentile", high(columns["figures"]), "ms", 50)
    for kind in sorted(set(columns["kind"])):
        own = [one["figures"] for one in taken if one["kind"] == kind]
        yield Line(f"  {kind}: median of {len(own)}", middle(own), "ms")
    parts = {
        "before": "until the engine is asked",
        "between": "until its answer is there",
        "after": "until the figures are written",
    }
    for name, what in parts.items():
        yield Line(f"  {what}, median ({high(columns[name]):.1f} at the 95th percentile)", middle(columns[name]), "ms")
    n_charts = sum(not math.isnan(value) for value in columns["charts"])
    yield Line(f"a change: event to the charts in view ({n_charts} had one), median", middle(columns["charts"]), "ms")
    yield Line("  95th percentile", high(columns["charts"]), "ms", 150)
    yield Line("a change: event to painted (second frame after figures), median", middle(columns["painted"]), "ms", 100)
    yield Line("  95th percentile", high(columns["painted"]), "ms")
    yield Line("main thread: longest task by the engine's messages", max(columns["engine"]), "ms", 16)
    yield Line("main thread: longest task at all (drawing too), median of changes", middle(columns["blocked"]), "ms")
    yield Line("  longest", max(columns["blocked"]), "ms")
    yield Line("memory of the page's process after the first answer", at_first, "MB", 400)
    yield Line("  the most after a change", max(columns["memory"]), "MB", 400)
    yield from engine_lines(browser, address, requests, middle(columns["figures"]))
    with opened(browser, address, alone=True) as page:
        settle(page)
        taken = changes(browser, page, max(10, n_changes // 4))
    blocked, figures = ([one[name] for one in taken] for name in ("blocked", "figures"))
    yield Line("without a worker: figures, median", middle(figures), "ms")
    yield Line("without a worker: longest task of the main thread, median of changes", middle(blocked), "ms")
    yield Line("  longest", max(blocked), "ms")


def engine_lines(browser: Browser, address: str, requests: Sequence[Any], figures: float) -> Iterator[Line]:
    """The engine's answers to the same requests, beside a bare loop over the same typed arrays under the same masks."""
    with opened(browser, address) as page:
        settle(page)
        found = page.evaluate(REPLAY, list(requests))
    engine, bare = ([one[name] for one in found] for name in ("engine", "bare"))
    yield Line(f"the engine alone: request to answer, median of {len(found)}", middle(engine), "ms")
    yield Line("  95th percentile", high(engine), "ms")
    yield Line("a bare loop (masks, then every attribute by outcome), median", middle(bare), "ms")
    ratios = [answer / loop for answer, loop in zip(engine, bare, strict=True)]
    yield Line("  the engine takes so many times the loop, median", middle(ratios), "x")
    yield Line("  a change's figures take so many times the loop, medians", figures / middle(bare), "x")


def many_lines(browser: Browser, meta: dict[str, Any], n: int, n_changes: int) -> Iterator[Line]:
    """The engine alone over synthetic columns of many samples."""
    page = browser.new_page()
    for path in EXPLORER:
        page.add_script_tag(path=ASSETS / path)
    found = page.evaluate(SYNTHETIC, [meta, n, n_changes, SEED])
    memory = resident(browser)
    page.close()
    taken = [value for value, _ in found["found"]]
    yield Line(f"{n:,} samples, engine alone: first answer, from typed arrays", found["first"] / 1000, "s")
    yield Line(f"{n:,} samples, engine alone: request to answer, median of {len(taken)}", middle(taken), "ms")
    yield Line("  95th percentile", high(taken), "ms", 150)
    yield Line("  memory of the process, the page's copy of the columns included", memory, "MB")


def main() -> None:
    """Open, measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("report", type=Path, help="the folder of a report with an Explore page")
    parser.add_argument("--single-file", type=Path, help="the same report as one file")
    parser.add_argument("--changes", type=int, default=60)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--many", type=int, default=5_000_000, help="samples of the synthetic columns; 0: none")
    arguments = parser.parse_args()
    meta = _meta((arguments.report / "data" / "samples.js").read_text(encoding="utf-8"))
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        n_attributes = sum(one["kind"] not in {"target", "pinned"} for one in meta["attributes"])
        print(
            f"report       {meta['n']:,} samples, {n_attributes} attributes, {len(meta['classes'])} classes, "
            f"{len(meta['versions'])} versions"
        )
        load = f"load {os.getloadavg()[0]:.1f}"
        print(f"machine      {platform.machine()}, {os.cpu_count()} cores, {platform.system()}, {load} at the start")
        print(f"browser      Chromium {browser.version}, no graphics card", flush=True)
        for line in report_lines(browser, arguments.report, arguments.single_file, arguments.changes, arguments.runs):
            print(line, flush=True)
        if arguments.many:
            for line in many_lines(browser, meta, arguments.many, max(10, arguments.changes // 2)):
                print(line, flush=True)
        print(f"load         {os.getloadavg()[0]:.1f} at the end")
        browser.close()


if __name__ == "__main__":
    main()
