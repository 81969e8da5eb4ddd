"""Initials for A-Z pages and sort keys in the order of each language's alphabet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egov_cms.language import alphabet, direction, initial, native_name, sort_key

LOCALES = ("ar", "ckb", "en", "kmr", "syr", "tr")


@pytest.mark.parametrize(
    ("text", "letter"),
    [
        ("التقاعد", "ت"),
        ("تقاعد", "ت"),
        ("الإقامة", "ا"),
        ("أجور", "ا"),
        ("إلغاء القيد", "ا"),
        ("الغاء القيد", "ا"),
        ("التماس", "ا"),
        ("الالتماس", "ا"),
        ("التزامات", "ا"),
        ("التقاطع", "ت"),
        ("«البطاقة الوطنية»", "ب"),
        ("آثار", "ا"),
        ("پاسبورت", "ب"),
        ("کركوك", "ك"),
        ("\u200fوزارة", "و"),
        ("ISO 9001", "#"),
        ("2026", "#"),
        ("", "#"),
        ("!?", "#"),
    ],
)
def test_arabic_initials(text, letter):
    assert initial(text, "ar") == letter


@pytest.mark.parametrize(
    ("text", "letter"),
    [
        ("ڕێگا", "ڕ"),
        ("رێگا", "ڕ"),
        ("ئەنجومەن", "ئ"),
        ("اسناد", "ئ"),
        ("ھەولێر", "ه"),
        ("كار", "ک"),
        ("يارمەتی", "ی"),
        ("ڤیزا", "ڤ"),
        ("صندوق", "س"),
    ],
)
def test_sorani_initials(text, letter):
    assert initial(text, "ckb") == letter


def test_english_and_turkish_initials():
    assert initial("driving licence", "en") == "D"
    assert initial("Élite", "en") == "E"
    assert initial("ilçe", "tr") == "İ"
    assert initial("ısı", "tr") == "I"
    assert initial("şîr", "kmr") == "Ş"


@given(st.text(max_size=30), st.sampled_from(LOCALES))
def test_every_text_has_an_initial(text, locale):
    assert initial(text, locale) in [*alphabet(locale), "#"]


@pytest.mark.parametrize("locale", LOCALES)
def test_letters_are_unique_and_sorted_in_alphabet_order(locale):
    letters = alphabet(locale)
    assert len(set(letters)) == len(letters)
    assert [initial(letter, locale) for letter in letters if letter not in "را" or locale != "ckb"] == [
        letter for letter in letters if letter not in "را" or locale != "ckb"
    ]
    assert sorted(letters, key=lambda letter: sort_key(f"x{letter}", locale)) == letters


def test_arabic_sorts_without_the_article_and_numbers_by_value():
    texts = ["المادة 10", "الهوية", "أجور", "المادة 2", "بطاقة", "البطاقة الوطنية", "إقامة"]
    assert sorted(texts, key=lambda text: sort_key(text, "ar")) == [
        *("أجور", "إقامة", "بطاقة", "البطاقة الوطنية", "المادة 2", "المادة 10", "الهوية")
    ]


def test_sorani_texts_are_sorted_in_the_sorani_alphabet():
    texts = ["یاسا", "هونەر", "وەزارەت", "لێژنە", "ڵاو", "گەشت", "کار", "چاپ", "جۆر", "پارە", "ئاو"]
    assert sorted(texts, key=lambda text: sort_key(text, "ckb")) == [
        *("ئاو", "پارە", "جۆر", "چاپ", "کار", "گەشت", "لێژنە", "ڵاو", "هونەر", "وەزارەت", "یاسا")
    ]
    assert sort_key("سوود", "ckb") > sort_key("سۆد", "ckb") > sort_key("سود", "ckb")


@given(st.lists(st.text(max_size=12), max_size=6), st.sampled_from(LOCALES))
def test_the_order_of_any_texts_does_not_depend_on_the_input_order(texts, locale):
    once = sorted(texts, key=lambda text: sort_key(text, locale))
    texts.reverse()
    assert sorted(texts, key=lambda text: sort_key(text, locale)) == once


def test_directions_and_native_names():
    assert [
        direction(code) for code in ("ar", "ckb", "syr", "en", "kmr", "tr", "ku", "ku-Arab", "ar-IQ", "xx")
    ] == [*("rtl", "rtl", "rtl", "ltr", "ltr", "ltr", "ltr", "rtl", "rtl", "ltr")]
    assert native_name("ckb") == "کوردی"
    assert native_name("ar-iq") == "العربية"
    assert native_name("de") == "Deutsch"
    assert native_name("xx") == "xx"


def test_a_site_can_define_names_of_languages(settings):
    settings.EGOV = {"LANGUAGE_NAMES": {"x-TKM": ("Türkmence", "ltr"), "ckb": ("کوردیی ناوەندی", "rtl")}}
    assert native_name("x-tkm") == "Türkmence"
    assert native_name("ckb") == "کوردیی ناوەندی"
