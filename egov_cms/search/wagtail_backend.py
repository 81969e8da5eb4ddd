"""A Wagtail search backend (for the admin's page explorer, choosers and snippets) that uses this app's analysis.

`WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "egov_cms.search.wagtail_backend"}}`. It extends Wagtail's backend
for the site's database: indexed texts and queries are converted to folded words and keys.
"""

from copy import copy

from wagtail.search.index import AutocompleteField, RelatedFields
from wagtail.search.query import Phrase, PlainText

from egov_cms.adapters.modelsearch import And, MatchAll, Or, database_backend
from egov_cms.search.analysis import query_keys, word_keys, words


def SearchBackend(params):
    """The backend for the vendor of the site's database."""
    backend_class, own = database_backend()
    return _analysed(backend_class)({**own, **params})


def _analysed(backend_class):
    class AnalysedIndex(backend_class.index_class):
        def add_items(self, model, objs):
            super().add_items(model, [AnalysedObject(obj) for obj in objs])

    class AnalysedBackend(backend_class):
        index_class = AnalysedIndex

        def search(self, query, model_or_queryset, fields=None, operator=None, **kwargs):
            asked = analysed_query(query, operator or "and")
            return super().search(asked, model_or_queryset, fields=fields, **kwargs)

        def autocomplete(self, query, model_or_queryset, fields=None, operator=None, **kwargs):
            if isinstance(query, str):
                query = " ".join(words(query, stop_words=False))
            return super().autocomplete(query, model_or_queryset, fields=fields, operator=operator, **kwargs)

    return AnalysedBackend


class AnalysedObject:
    """A wrapper of an object whose search fields return folded words and keys instead of texts."""

    def __init__(self, obj):
        self._obj = obj
        self.pk = obj.pk
        locale = getattr(obj, "locale", None)
        self._locale = locale.language_code if locale else ""

    def get_search_fields(self):
        return [self._field(field) for field in self._obj.get_search_fields()]

    def _field(self, field):
        analysed = copy(field)
        if isinstance(field, RelatedFields):
            analysed.fields = [self._field(each) for each in field.fields]
            analysed.get_value = lambda obj: field.get_value(_own(obj))
        elif isinstance(field, AutocompleteField):
            analysed.get_value = lambda obj: self._words(field.get_value(_own(obj)))
        else:
            analysed.get_value = lambda obj: self._keys(field.get_value(_own(obj)))
        return analysed

    def _words(self, value):
        return _each(value, lambda text: " ".join(words(text, stop_words=False)))

    def _keys(self, value):
        return _each(
            value,
            lambda text: " ".join(
                dict.fromkeys(
                    key
                    for word in words(text, stop_words=False)
                    for key in (word, *word_keys(word, self._locale))
                )
            ),
        )


def analysed_query(query, operator="and"):
    """The query with each word replaced by "any of its keys"; "" when it has no words."""
    if isinstance(query, MatchAll):
        return query
    if isinstance(query, And | Or):
        parts = [part for part in (analysed_query(each, operator) for each in query.subqueries) if part]
        return type(query)(parts) if parts else ""
    if isinstance(query, PlainText):
        query, operator = query.query_string, query.operator
    elif isinstance(query, Phrase):
        query = query.query_string
    if not isinstance(query, str):
        return query
    found = [Or([PlainText(key) for key in query_keys(word)]) for word in words(query)]
    if not found:
        return ""
    return And(found) if operator.lower() == "and" else Or(found)


def _own(obj):
    return obj._obj if isinstance(obj, AnalysedObject) else obj


def _each(value, change):
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list | tuple):
        return [_each(item, change) for item in value]
    if isinstance(value, dict):
        return {key: _each(item, change) for key, item in value.items()}
    return value
