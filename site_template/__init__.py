"""The template of a ministry's own project."""
