"""The check as JUnit XML, as CI servers read it: a test case a gate."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from reportgen.checking.sheet import Sheet
from reportgen.model import Gate

_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, not even as a reference."""


def to_junit(sheet: Sheet) -> str:
    """``testsuites`` with one suite of the gates: a failure where one fails, skipped where one can't tell.

    A gate that can't tell is a failure where the manifest counts it so, so that the file and the exit code agree.
    """
    failures = sum(sheet.blocks(gate) for gate in sheet.gates)
    skipped = sum(gate.state == "undecided" and not sheet.blocks(gate) for gate in sheet.gates)
    counts = {"tests": len(sheet.gates), "failures": failures, "errors": 0, "skipped": skipped, "time": 0}
    attributes = {key: str(value) for key, value in counts.items()}
    root = ET.Element("testsuites", {"name": "reportgen", **attributes})
    suite = ET.SubElement(root, "testsuite", {"name": _clean(f"Release gates: {sheet.title}"), **attributes})
    for name, gate in zip(_names(sheet), sheet.gates, strict=True):
        case = ET.SubElement(suite, "testcase", {"classname": "reportgen.gates", "name": name, "time": "0"})
        _judge(case, sheet, gate)
    ET.indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _judge(case: ET.Element, sheet: Sheet, gate: Gate) -> None:
    words = sheet.words(gate)
    figure = " ".join(filter(None, (words.figure, words.interval, words.n)))
    parts = (f"{words.state}: {figure}", words.limit, words.place, words.reason)
    message = _clean("; ".join(part for part in parts if part))
    if sheet.blocks(gate):
        ET.SubElement(case, "failure", {"message": message, "type": "gate"}).text = message
    elif gate.state == "undecided":
        ET.SubElement(case, "skipped", {"message": message})
    else:
        ET.SubElement(case, "system-out").text = message


def _names(sheet: Sheet) -> list[str]:
    """The gates' names, a number behind those that stand more than once: CI servers know a case by its name."""
    found: list[str] = []
    for gate in sheet.gates:
        name = clean = _clean(gate.name) or "gate"
        number = 2
        while name in found:
            name, number = f"{clean} ({number})", number + 1
        found.append(name)
    return found


def _clean(text: str) -> str:
    """The text on one line, without what XML cannot hold."""
    return " ".join(_ILLEGAL.sub(" ", text).split())
