"""Synonyms, applied at query time: folded, stemmed, longest phrase first.

A change is effective from the next request; no rebuild of the index is needed.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from egov_cms.search.analysis import STOP_WORDS, detect_locale, query_keys, stop_word_exceptions, words

LONGEST_TERM = 4
MOST_INTERPRETATIONS = 16


@dataclass(frozen=True)
class Term:
    """The folded words of a term, and its detected language."""

    words: tuple[str, ...]
    locale: str


@dataclass(frozen=True)
class Rule:
    """The words of `term` in a query can be replaced by each of `replacements`. All words are folded."""

    term: tuple[str, ...]
    replacements: tuple["Term", ...]
    scope: str = "all"


class Synonyms:
    """Replacement rules, indexed by the keys of their first word. Made from `(terms, targets, scope)` groups; a group
    without targets works in both directions."""

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
                dict.fromkeys(Term(folded[other], detect_locale(other)) for other in sources if folded[other])
            )
            if folded[term] and replacements:
                rule = Rule(folded[term], replacements, scope)
                for key in query_keys(folded[term][0]):
                    self._rules.setdefault(key, []).append(rule)
        for term in [*terms, *targets]:
            for word in folded[term]:
                self.keys.update(query_keys(word))
                self.words.add(word)

    def rules_at(self, token_keys, position, scopes):
        """The rules whose whole term is at this position of a query; `token_keys` has a set of keys for each word."""
        matching = []
        for key in token_keys[position]:
            for rule in self._rules.get(key, ()):
                if rule.scope != "all" and rule.scope not in scopes:
                    continue
                end = position + len(rule.term)
                if end <= len(token_keys) and all(
                    keys.intersection(query_keys(word))
                    for keys, word in zip(token_keys[position:end], rule.term, strict=True)
                ):
                    matching.append(rule)
        return sorted(dict.fromkeys(matching), key=lambda rule: -len(rule.term))


def problems(terms, targets):
    """The errors of a group, as messages for the editor."""
    messages, seen = [], {}
    for term in [*terms, *targets]:
        folded = tuple(words(term))
        if (STOP_WORDS - stop_word_exceptions(term)).issuperset(folded):
            messages.append(_("“%(term)s” holds no word that search uses.") % {"term": term})
        elif len(folded) > LONGEST_TERM:
            messages.append(_("“%(term)s” has more than four words.") % {"term": term})
        elif folded in seen:
            messages.append(
                _("“%(term)s” and “%(other)s” are the same to search; keep one.")
                % {"term": term, "other": seen[folded]}
            )
        seen.setdefault(folded, term)
    if len(terms) + len(targets) < 2 or not terms:
        messages.append(_("Give at least two terms."))
    return messages
