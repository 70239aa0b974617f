"""Is it the data? One question a file, asked of the samples, their media and what versions were trained on."""
