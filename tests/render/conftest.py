"""A site of the planted world, planned once."""

from __future__ import annotations

import pytest

from reportgen.site.page import Site
from reportgen.site.plan import plan
from tests import builders

HOSTILE = "</script><img src=x onerror=alert(1)>"


@pytest.fixture(scope="session")
def site() -> Site:
    """Three versions, three attributes, no media."""
    return plan(builders.report(n=600))


@pytest.fixture(scope="session")
def hostile_site() -> Site:
    """Every name is markup."""
    return plan(builders.hostile(HOSTILE))
