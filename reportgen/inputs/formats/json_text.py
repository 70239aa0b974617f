"""JSON files of objects, parsed whole, with the place of a fault."""

from __future__ import annotations

import codecs
import gc
import json
from typing import Any

from reportgen.errors import Place, Problem, stop
from reportgen.inputs.delimited import refuse_encoding


def parse(content: bytes, shown: str) -> Any:
    """The value in the bytes; NaN and Infinity, which Python writes, are numbers.

    Raises:
        InputError: not UTF-8 (RG201), or no JSON (RG372).
    """
    refuse_encoding(content, shown)
    collecting = gc.isenabled()
    gc.disable()  # nothing of what is parsed is garbage yet, and looking for it costs as much as parsing
    try:
        return json.loads(content.removeprefix(codecs.BOM_UTF8))
    except json.JSONDecodeError as error:
        cut = error.pos >= len(content.rstrip()) - 1
        mend = "write or copy it again: it looks cut short" if cut else "write valid JSON"
        raise stop(Problem("RG372", error.msg, Place(shown, error.lineno, error.colno), mend=mend)) from None
    except RecursionError:
        raise stop(Problem("RG372", "nested too deep", Place(shown), mend="write plain values")) from None
    except ValueError as error:  # whole numbers of thousands of digits
        raise stop(Problem("RG372", str(error).split(";", maxsplit=1)[0], Place(shown))) from None
    finally:
        if collecting:
            gc.enable()
