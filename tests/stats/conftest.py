"""Properties are tried on the same examples every time."""

from hypothesis import settings

settings.register_profile("steady", derandomize=True, deadline=None, max_examples=40, database=None)
settings.load_profile("steady")
