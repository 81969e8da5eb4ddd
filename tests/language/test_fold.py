"""fold() makes variant spellings equal; fold_map() maps folded letters to the original."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egov_cms.language import fold, fold_map, strip_bidi
from egov_cms.language.fold import INVISIBLE, LETTERS

# Letters with folding rules; `texts` adds any other characters of Unicode.
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
def test_variant_spellings_fold_to_the_same_text(one, other):
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
def test_folded_text_contains_no_letter_that_is_replaced_or_removed(text):
    folded = fold(text)
    assert not set(folded) & {chr(code) for code in LETTERS}
    assert not set(folded) & INVISIBLE
    assert not set(folded) & set("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹\u064e\u0651\u0670\u0301")
    assert "وو" not in folded
    assert folded == folded.casefold()


@given(texts)
def test_offsets_are_inside_the_text_and_ascend(text):
    folded, offsets = fold_map(text)
    assert folded == fold(text)
    assert len(offsets) == len(folded)
    assert offsets == sorted(offsets)
    assert all(0 <= offset < len(text) for offset in offsets)


@given(texts, texts)
def test_the_folding_of_a_line_does_not_depend_on_other_lines(one, other):
    assert fold(f"{one}\n\n{other}") == f"{fold(one)}\n\n{fold(other)}"


def test_offsets_give_the_original_letters():
    text = "تجديد الإجــازة"
    folded, offsets = fold_map(text)
    start = folded.index("اجازه")
    first, last = offsets[start], offsets[start + 4]
    assert text[first : last + 1] == "إجــازة"


@given(st.text())
def test_only_bidi_controls_are_stripped(text):
    stripped = strip_bidi(text)
    assert not set(stripped) & set("\u200e\u200f\u061c\u202a\u202e\u2066\u2069")
    assert strip_bidi("\u2067" + text + "\u2069") == stripped
    assert strip_bidi("a\u200cb") == "a\u200cb"
