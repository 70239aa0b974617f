"""A static report of what models do: slices, version diffs and hard examples, with their uncertainty."""

__version__ = "0.1.0"
