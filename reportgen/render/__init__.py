"""HTML, and the files it is written to."""
