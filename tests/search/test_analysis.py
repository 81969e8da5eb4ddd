"""Words, stems and keys: plain functions over text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egov_cms.search import analysis, stemming

TEXTS = st.text(max_size=300) | st.text(
    alphabet="اأإآبتةهيىئؤء ـًَُِّْۆوێەڕڵکك0123٤٥,.\u200c\u200f'\"", max_size=120
)


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("ar", "إجازة اجازه الإجازة للإجازة بالإجازة إجازات"),
        ("ar", "شركة شركات الشركات"),
        ("ar", "صيدلية الصيدليات"),
        ("ar", "المركزي المركزى مركزية"),
        ("ckb", "پاسپۆرت پاسپۆرتەکان پاسپۆرتەکانمان پاسپۆرتێک پاسپورتی"),
        ("ckb", "زانکۆ زانکۆکان زانکۆکانی"),
        ("ckb", "مووچە مووچەی موچە مووچه‌"),
        ("en", "licence licences license licensing"),
        ("en", "passport passports"),
    ],
)
def test_the_forms_of_a_word_share_a_key(locale, words):
    keys = [set(analysis.keys(word, locale)) for word in words.split()]
    assert set.intersection(*keys), keys


def test_a_stem_keeps_three_letters():
    assert stemming.stem("ماء", "ar") == "ماء"
    assert stemming.stem("الي", "ar") == "الي"


@pytest.mark.parametrize("word", ["2014", "كوفيد19", "b2b"])
def test_numbers_and_codes_are_not_stemmed(word):
    assert all(stemming.stem(word, locale) == word for locale in ("ar", "ckb", "en"))


def test_a_word_with_a_leading_conjunction_is_indexed_with_and_without_it():
    assert set(analysis.keys("وتسليم", "ar")) >= {"وتسليم", "تسليم"}


def test_stop_words_are_left_out_unless_the_text_has_no_other_words():
    assert analysis.words("كيف أجدد جواز السفر في بغداد") == ["اجدد", "جواز", "السفر", "بغداد"]
    assert analysis.words("من أين") == ["من", "اين"]


def test_water_is_not_a_stop_word_although_it_folds_to_one():
    assert analysis.words("اشتراك ماء") == ["اشتراك", "ما"]
    assert analysis.words("ما هي رسوم الماء") == ["رسوم", "الما"]
    assert analysis.words("پارەی ئاو لەگەڵ ئەو") == ["پارهي", "او"]
    assert analysis.keys("دفع قوائم الماء", "ar")[-1] in analysis.query_keys(analysis.words("ماءٍ")[0])


@pytest.mark.parametrize(
    ("text", "site", "locale"),
    [
        ("driver license", "ar", "en"),
        ("مۆڵەت", "ar", "ckb"),
        ("مولت", "ckb", "ckb"),
        ("إجازة", "en", "ar"),
        ("تجديد passport", "ar", "ar"),
        ("", "ckb", "ckb"),
    ],
)
def test_the_language_of_a_query_is_detected_by_its_letters(text, site, locale):
    assert analysis.detect_locale(text, site) == locale


@given(TEXTS)
def test_keys_contain_only_letters_and_digits(text):
    for locale in ("ar", "ckb", "en", "tr"):
        for key in analysis.keys(text, locale):
            assert key.isalnum()
            assert len(key) <= analysis.LONGEST_WORD


@given(TEXTS)
def test_a_query_word_is_found_in_a_document_of_any_language(text):
    for locale in ("ar", "ckb", "en"):
        for word in analysis.words(text):
            assert set(analysis.query_keys(word)) & set(analysis.word_keys(word, locale))


@given(TEXTS)
def test_positions_of_words_ascend_and_are_inside_the_text(text):
    end = 0
    for word in analysis.words_with_positions(text):
        assert end <= word.start < word.end <= len(text)
        end = word.end
