"""fold(): what readers take for the same is the same, and highlights find their way back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egov_cms.language import fold, fold_map, strip_bidi
from egov_cms.language.fold import INVISIBLE, LETTERS

# Letters that matter here, joined by whatever else Unicode has.
ARABIC = "ابتثجحخدذرزسشصضطظعغفقكلمنهويىةءآأإؤئٱپچژڤگکڕڒڵەھہۃۆۇێیېےۀ٠١٢٣٤٥٦٧٨٩۰۵۹٫٬،ـًٌٍَُِّْٰٕٔﷲﻻﺋﯽ"
PIECES = ARABIC + "".join(INVISIBLE) + "aZéÉßİıϔﬁ 0123456789,.-/'\"«»\n"
texts = st.text(st.one_of(st.sampled_from(PIECES), st.characters()), max_size=60)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("إجازة السّوق", "اجازه السوق"),
        ("الإقـــامة", "الاقامه"),
        ("مستشفى", "مستشفي"),
        ("مسؤول", "مسوول"),
        ("ملكیة", "ملكية"),
        ("نوێكردنه‌وه‌ى", "نوێکردنەوەی"),
        ("مۆڵەتی شۆفێری", "مولەتی شوفیری"),
        ("ئۆتۆمبێل", "ۆتۆمبێل"),
        ("کەرکووک", "کەرکوک"),
        ("ھەولێر", "هەولێر"),
        ("القانون رقم ٢٥", "القانون رقم 25"),
        ("۲۵٬۰۰۰", "25000"),
        ("25,000", "25000"),
        ("ﻻ", "لا"),
        ("Café", "CAFE"),
        ("\u202bوزارة\u202c", "وزارة"),
        ("ئامانج", "ئامانج"),
    ],
)
def test_what_is_read_as_the_same_folds_to_the_same(one, other):
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("چ", "ج"), ("پ", "ب"), ("گ", "ك"), ("ژ", "ز"), ("1,5", "15"), ("12,34", "1234"), ("س", "ش")],
)
def test_different_sounds_and_numbers_stay_different(one, other):
    assert fold(one) != fold(other)


def test_a_list_of_numbers_keeps_its_commas():
    assert fold("1,2,3") == "1,2,3"
    assert fold("1,234,567 و 12,3456") == "1234567 و 12,3456"


@given(texts)
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(texts)
def test_no_letter_that_folds_survives(text):
    folded = fold(text)
    assert not set(folded) & {chr(code) for code in LETTERS}
    assert not set(folded) & INVISIBLE
    assert not set(folded) & set("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹\u064e\u0651\u0670\u0301")
    assert "وو" not in folded
    assert folded == folded.casefold()


@given(texts)
def test_offsets_point_into_the_text_and_never_go_back(text):
    folded, offsets = fold_map(text)
    assert folded == fold(text)
    assert len(offsets) == len(folded)
    assert offsets == sorted(offsets)
    assert all(0 <= offset < len(text) for offset in offsets)


@given(texts, texts)
def test_words_fold_alone_as_they_do_in_a_sentence(one, other):
    assert fold(f"{one}\n\n{other}") == f"{fold(one)}\n\n{fold(other)}"


def test_offsets_lead_back_to_the_original_letters():
    text = "تجديد الإجــازة"
    folded, offsets = fold_map(text)
    start = folded.index("اجازه")
    first, last = offsets[start], offsets[start + 4]
    assert text[first : last + 1] == "إجــازة"


@given(st.text())
def test_bidi_controls_go_and_nothing_else(text):
    stripped = strip_bidi(text)
    assert not set(stripped) & set("\u200e\u200f\u061c\u202a\u202e\u2066\u2069")
    assert strip_bidi("\u2067" + text + "\u2069") == stripped
    assert strip_bidi("a\u200cb") == "a\u200cb"
