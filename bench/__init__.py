"""Benchmarks: `python -m bench [NAME …]` prints tables and writes them as JSON."""
