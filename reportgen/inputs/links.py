"""The address of each sample's original: of the web and nothing else, since whoever reads the report may follow it."""

from __future__ import annotations

import polars as pl

from reportgen import columns
from reportgen.inputs.tables import Table
from reportgen.inputs.values import read_labels, several
from reportgen.model import Note

MOST_LETTERS = 2048
"""Of an address; longer ones are not followed everywhere."""

ADDRESS = r'^(?i:https?)://[\p{L}\p{N}\[][^\s\p{C}/?#@\\"<>]*(?:[/?#][^\s\p{C}"<>\\]*)?$'
"""http or https, a host without a name or password before it, and no space, quote or sign that cannot be seen."""


def read_links(samples: Table, column: str, rows: pl.Series, ids: pl.Series) -> tuple[pl.Series, tuple[Note, ...]]:
    """The addresses of the rows, null where there is none, and a note of those that are no address of the web.

    Args:
        samples: the sample table.
        column: with the addresses.
        rows: of the table, those to read.
        ids: the samples' own.
    """
    given = read_labels(samples.frame[column], tokens=samples.null_tokens)[rows].str.strip_chars()
    fit = given.str.contains(ADDRESS) & (given.str.len_chars() <= MOST_LETTERS)
    links = pl.select(pl.when(fit).then(given)).to_series().alias(columns.LINK)
    refused = ids.filter(given.is_not_null() & (given != "") & links.is_null())
    if not len(refused):
        return links, ()
    message = (
        f"{several(len(refused), 'link')} left out: no address of the web (http:// or https://, no spaces or quotes)"
    )
    first = tuple(refused.head(5).to_list())
    return links, (Note("RG346", "degraded", message, samples.path, column, len(refused), first),)
