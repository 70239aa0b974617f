"""Draw ``docs/overview.png``, the picture of the README, from the demo: ``make screenshot``."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from reportgen.api import Wish, build_manifest
from reportgen.render.assets import demo_folder

TARGET = Path(__file__).with_name("overview.png")
SIZE = {"width": 1280, "height": 900}
MOST_BYTES = 300_000


def main() -> None:
    """Build the demo, open it, and keep its first screen in a palette of 256 colours."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        build_manifest(demo_folder() / "reportgen.yaml", {}, Wish(Path(folder) / "report"), lambda _stage: None)
        browser = playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM"), args=["--no-sandbox"])
        page = browser.new_page(viewport=SIZE, color_scheme="light")
        page.goto((Path(folder) / "report" / "index.html").as_uri())
        page.wait_for_timeout(1_000)
        page.screenshot(path=TARGET)
        browser.close()
    with Image.open(TARGET) as picture:
        small = picture.convert("RGB").quantize(256, dither=Image.Dither.NONE)
    small.save(TARGET, optimize=True)
    size = TARGET.stat().st_size
    if size > MOST_BYTES:
        raise SystemExit(f"{TARGET.name} has {size:,} bytes, more than {MOST_BYTES:,}")
    print(f"docs/{TARGET.name}: {size:,} bytes")


if __name__ == "__main__":
    main()
