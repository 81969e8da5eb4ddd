from .page_words import PageWords

__all__ = ["PageWords"]
