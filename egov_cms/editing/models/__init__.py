from .change_log import ChangeLogEntry
from .page_words import PageWords

__all__ = ["ChangeLogEntry", "PageWords"]
