"""Sums, and the estimates, intervals and tests that follow from them. Arrays in, arrays out."""
