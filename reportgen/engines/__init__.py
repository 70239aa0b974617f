"""Where the sums are made."""
