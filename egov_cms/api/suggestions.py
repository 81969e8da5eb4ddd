"""What somebody probably meant: the nearest of the names that exist."""

from rapidfuzz import fuzz, process

from egov_cms.language import fold

SIMILAR_ENOUGH = 60
# So many names stand in the text of a problem; the description has them all.
MOST_LISTED = 30


class Refusal(ValueError):
    """A value cannot be used; the text says why, to the reader and in her language."""

    def __init__(self, message, suggestion=""):
        super().__init__(message)
        self.suggestion = suggestion


def nearest(name, names):
    """The one of `names` that is spelled most like `name`, whatever its letters; "" when none is close."""
    found = process.extractOne(
        name[:200], list(names), scorer=fuzz.ratio, processor=fold, score_cutoff=SIMILAR_ENOUGH
    )
    return found[0] if found else ""


def listed(names):
    """The names in one line of text, cut where there are very many."""
    names = list(names)
    return ", ".join(names[:MOST_LISTED]) + (" …" if len(names) > MOST_LISTED else "")
