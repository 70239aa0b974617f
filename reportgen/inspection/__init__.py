"""What the data were found to be: frozen types only, one file a part."""
