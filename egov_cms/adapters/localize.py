"""wagtail-localize: what is translated, and what its editor keeps. The suite runs without it.

Documented (wagtail-localize.org): `override_translatable_fields`, SynchronizedField. Not documented: the segments of a
block of one's own, and the tables of its editor.
"""

from django.apps import apps

SEEN_IN = ("1.14",)


def is_installed() -> bool:
    """Is it part of this site?"""
    return apps.is_installed("wagtail_localize")


def synchronise(model, names) -> None:
    """These fields of a model are copied to translations: never translated, never overridden."""
    from wagtail_localize.fields import SynchronizedField

    declared = getattr(model, "override_translatable_fields", [])
    others = [field for field in declared if field.field_name not in names]
    model.override_translatable_fields = [
        *others,
        *(SynchronizedField(name, overridable=False) for name in names),
    ]


def string_segments(texts: dict[str, str]) -> list:
    """Key → text, as a block's `get_translatable_segments` gives it to the translation editor."""
    from wagtail_localize.segments import StringSegmentValue

    return [StringSegmentValue(key, text) for key, text in texts.items()]


def translated_strings(segments) -> dict[str, str]:
    """What `restore_translated_segments` is given: key → translated text."""
    return {segment.path: segment.render_text() for segment in segments}


def in_translation_editor(translation_keys) -> set[tuple]:
    """(translation key, primary key of the language) of the pages whose words the translation editor keeps.

    What it publishes overwrites words that were saved on the page itself, and no hook tells so.
    """
    if not is_installed():
        return set()
    from wagtail_localize.models import Translation

    kept = Translation.objects.filter(enabled=True, source__object__in=list(translation_keys))
    return set(kept.values_list("source__object_id", "target_locale_id"))
