"""Opens a report in the browser, or serves it on this machine; without a display it says how to reach it."""

from __future__ import annotations

import functools
import getpass
import http.server
import os
import socket
import sys
import webbrowser
from pathlib import Path

from reportgen.errors import Place, Problem, stop


def open_report(report: Path, *, serve: bool, port: int) -> None:
    """Opens the report, or serves it until Ctrl-C.

    Raises:
        InputError: nothing that reportgen wrote stands there (RG504).
    """
    page = report / "index.html" if report.is_dir() else report
    if not page.is_file() or page.suffix != ".html":
        raise stop(
            Problem(
                "RG504",
                "no report here",
                Place(str(report)),
                expected="a report's folder or single file",
                mend="build one first: reportgen build",
            )
        )
    if serve:
        _serve(page, port)
    elif _has_display():
        webbrowser.open(page.resolve().as_uri())
        print(page)
    else:
        print(_ways(page), file=sys.stderr)
        print(page)


def _has_display() -> bool:
    return sys.platform in {"win32", "darwin"} or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _ways(page: Path) -> str:
    there = page.parent if page.name == "index.html" else page
    host = f"{getpass.getuser()}@{socket.gethostname()}"
    return (
        "There is no display here. To look at the report from your own machine, copy it:\n"
        f"  scp -r {host}:{there.resolve()} .\n"
        "or serve it here and tunnel to it:\n"
        f"  reportgen open {there} --serve --port 8000\n"
        f"  ssh -L 8000:127.0.0.1:8000 {host}    then open http://127.0.0.1:8000/{page.name}"
    )


def _serve(page: Path, port: int) -> None:
    handler = functools.partial(_Quiet, directory=str(page.parent))
    with http.server.ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        address = f"http://127.0.0.1:{server.server_port}/{page.name}"
        print(address, flush=True)
        print("Serving on this machine alone; Ctrl-C ends it.", file=sys.stderr)
        if _has_display():
            webbrowser.open(address)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print("Stopped.", file=sys.stderr)


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Says nothing of each request."""
