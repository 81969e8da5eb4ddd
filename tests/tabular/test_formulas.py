"""Texts that a spreadsheet would run, and those that only begin like them."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egov_cms.tabular import guarded, unguarded

RUN = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://example.invalid","x")',
    "@SUM(A1:A9)",
    "+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C x'!A1",
    "+1+1",
    "-1-1",
    "-1/2",
    "-A1",
    "-(1)",
    "+A1",
    "- بند فرعي",
    "-",
    "+",
    "-5\n=1",
    "-5=1",
    "-5;=1",
    "\t=1",
    "\r=1",
    "\n=1",
    "\t5",
    " =1",
    "\u200f=1",
    "\ufeff@a",
    "＝1",
    "＋A1",
    "－A1",
    "＠a",
    "'=1",
    "''+x",
    "+964 CALL(x)",
    "+12345678|x",
]
LEFT = [
    "",
    "plain",
    "رسم=1",
    "'quoted'",
    "1-1",
    "-5",
    "+5",
    "-5.00",
    "-1,234.56",
    "-1.234,50",
    "- 5",
    "-٥٬٠٠٠",
    "-۵",
    "-77٫4",
    "\u22125",
    "-5%",
    "-5 ٪",
    "-1e-7",
    "-.5",
    "+9647701234567",
    "+964 770 123 4567",
    "+964-770-123-4567",
    "+964 (0)770 123 4567",
    "+81 3 1234 5678",
    "+٩٦٤٧٧٠١٢٣٤٥٦٧",
    "'-5",
    "'+964 770 123 4567",
]


@pytest.mark.parametrize("text", RUN)
def test_what_would_run_is_guarded(text):
    assert guarded(text) == f"'{text}"
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("text", LEFT)
def test_numbers_telephone_numbers_and_words_are_left(text):
    assert guarded(text) == unguarded(text) == text


@pytest.mark.parametrize("value", [-5, Decimal("-5.5"), -0.5, None, True])
def test_only_texts_are_guarded(value):
    assert guarded(value) is value


@given(st.text() | st.text("'=+-@\t\r\n 05.,%()|A\u200f＝", max_size=12))
def test_the_guard_is_taken_back_for_every_text(text):
    assert unguarded(guarded(text)) == text
    assert unguarded(text) == text or guarded(unguarded(text)) == text


@given(st.text("=+-@\t\r\n 05.,%()|A", max_size=12) | st.text(max_size=12))
def test_what_is_guarded_begins_with_no_sign_unless_it_is_a_number(text):
    safe = guarded(text)
    assert not re.match(r"\s*[=@\t\r]", safe)
    if re.match(r"\s*[+-]", safe):
        assert re.fullmatch(r"\s*[+-]\s?[\d.,' ()%٪eE٫٬،+\-\u00a0\u202f]+\s*", safe)


def test_a_long_text_is_looked_at_quickly():
    long = ("+" + "1" * 100_000, "-" + "1," * 50_000, "+1" + " 1" * 50_000 + "x", " " * 100_000 + "x")
    for text in (*long, "'" * 100_000):
        assert unguarded(guarded(text)) == text
