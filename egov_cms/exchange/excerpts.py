"""The part of two long texts that shows how they differ."""

from __future__ import annotations

LONGEST_TEXT = 2_000
# Letters shown before the first difference.
SAME_BEFORE = 200


def around_difference(before, after):
    """Both texts, cut to the part that begins shortly before the first letter in which they differ."""
    start = 0
    if isinstance(before, str) and isinstance(after, str):
        pairs = enumerate(zip(before, after, strict=False))
        same = next((number for number, (one, other) in pairs if one != other), min(len(before), len(after)))
        start = max(0, same - SAME_BEFORE)
    return _cut(before, start), _cut(after, start)


def _cut(value, start):
    if not isinstance(value, str) or (len(value) <= LONGEST_TEXT and not start):
        return value
    text = value[start : start + LONGEST_TEXT]
    return f"{'…' if start else ''}{text}{'…' if start + LONGEST_TEXT < len(value) else ''}"
