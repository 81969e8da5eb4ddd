"""Wagtail: the base page, its tree, references, blocks, panels, search, and the admin.

The parts are modules of their own because they can be imported at different times: `admin` and `rich_text` only
when all models are there, the others also while models are being defined.
"""

SEEN_IN = ("7.4", "8.0")
