"""One file a task: what a prediction is worth, sample by sample."""
