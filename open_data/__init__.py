"""Data sets that people and machines can ask."""
