"""One question a file, asked of the sums and the outcomes."""
