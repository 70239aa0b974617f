"""What stands on each page, no HTML."""
