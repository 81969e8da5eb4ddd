"""Synonyms at query time: folded, stemmed, longest phrase first; effective on the next request.

No rebuild is needed.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from egov_cms.search.analysis import STOP_WORDS, apparent_locale, not_stop_words, query_keys, words

LONGEST_TERM = 4
MOST_INTERPRETATIONS = 16


@dataclass(frozen=True)
class Term:
    """The folded words of a term, and the language it seems to be in."""

    words: tuple[str, ...]
    locale: str


@dataclass(frozen=True)
class Rule:
    """If the words of `term` stand in a query, each of `replacements` may stand there instead. Words are
    folded."""

    term: tuple[str, ...]
    replacements: tuple["Term", ...]
    scope: str = "all"


class Synonyms:
    """Rules by the keys of their first word. Made of `(terms, targets, scope)` groups; without targets, both
    ways."""

    def __init__(self, groups=()):
        self._rules = {}
        self.keys = set()
        self.words = set()
        for terms, targets, scope in groups:
            self._add(terms, targets, scope)
        for rules in self._rules.values():
            rules.sort(key=lambda rule: -len(rule.term))

    def _add(self, terms, targets, scope):
        folded = {term: tuple(words(term)) for term in [*terms, *targets]}
        for term in terms:
            sources = targets or [other for other in terms if folded[other] != folded[term]]
            replacements = tuple(
                dict.fromkeys(
                    Term(folded[other], apparent_locale(other)) for other in sources if folded[other]
                )
            )
            if folded[term] and replacements:
                rule = Rule(folded[term], replacements, scope)
                for key in query_keys(folded[term][0]):
                    self._rules.setdefault(key, []).append(rule)
        for term in [*terms, *targets]:
            for word in folded[term]:
                self.keys.update(query_keys(word))
                self.words.add(word)

    def at(self, token_keys, position, scopes):
        """The rules whose whole term stands at a position of a query; `token_keys` are sets of keys."""
        found = []
        for key in token_keys[position]:
            for rule in self._rules.get(key, ()):
                if rule.scope != "all" and rule.scope not in scopes:
                    continue
                end = position + len(rule.term)
                if end <= len(token_keys) and all(
                    keys.intersection(query_keys(word))
                    for keys, word in zip(token_keys[position:end], rule.term, strict=True)
                ):
                    found.append(rule)
        return sorted(dict.fromkeys(found), key=lambda rule: -len(rule.term))


def problems(terms, targets):
    """What is wrong with a group, as messages for its editor."""
    found, seen = [], {}
    for term in [*terms, *targets]:
        folded = tuple(words(term))
        if (STOP_WORDS - not_stop_words(term)).issuperset(folded):
            found.append(_("“%(term)s” holds no word that search uses.") % {"term": term})
        elif len(folded) > LONGEST_TERM:
            found.append(_("“%(term)s” has more than four words.") % {"term": term})
        elif folded in seen:
            found.append(
                _("“%(term)s” and “%(other)s” are the same to search; keep one.")
                % {"term": term, "other": seen[folded]}
            )
        seen.setdefault(folded, term)
    if len(terms) + len(targets) < 2 or not terms:
        found.append(_("Give at least two terms."))
    return found
