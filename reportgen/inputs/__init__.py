"""Reads the manifest and the tables, and joins predictions to samples."""
