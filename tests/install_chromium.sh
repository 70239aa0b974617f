#!/bin/sh
# Print the path of a Chromium for the browser tests; install one first where there is none.
# In this order: $CHROMIUM, one on PATH, Debian's package, Playwright's own build. Everything but the path goes to stderr.
set -u

on_path() {
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        command -v "$name" && return 0
    done
    return 1
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

from_debian() {
    command -v apt-get || return 1
    as_root apt-get update &&
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -o DPkg::Lock::Timeout=300 chromium
}

from_playwright() {
    .venv/bin/playwright install chromium >&2 &&
        .venv/bin/python -c 'from playwright.sync_api import sync_playwright as start
with start() as playwright: print(playwright.chromium.executable_path)'
}

if [ -n "${CHROMIUM:-}" ]; then
    echo "$CHROMIUM"
elif on_path; then
    :
elif from_debian >&2 && on_path; then
    :
elif from_playwright; then
    :
else
    echo "No Chromium for the browser tests: install one, or set CHROMIUM to its path." >&2
    exit 1
fi
