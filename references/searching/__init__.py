"""Searches of other libraries: saved, run by the task worker, each kept as it was run."""
