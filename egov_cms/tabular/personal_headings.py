"""Names of columns that promise personal data, in Arabic, Sorani and English."""

from __future__ import annotations

import re
from functools import lru_cache

from egov_cms.language import fold, strip_bidi

# A phrase is found where its words are words of the heading, one after the other; "ال" before a word does not count.
# Bare «الاسم» and «العنوان» are not here: tables of schools have a name, tables of laws a title.
ARABIC = {
    "name": (
        "اسم رباعي|اسم ثلاثي|اسم كامل|اسم واللقب|اسم ولقب|لقب|اسم الاب|اسم الجد|اسم الزوج|اسم الزوجة|اسم العائلة|"
        "اسم الشهرة|اسم الموظف|اسم المواطن|اسم المريض|اسم الطالب|اسم المستفيد|اسم المراجع|اسم المتقدم|اسم صاحب|"
        "اسم المالك|اسم المشتكي|اسم الشخص|اسم المتوفى|اسم الشهيد|اسم السجين|اسم الطفل|اسماء الموظفين|اسماء الطلبة"
    ),
    "mother_name": "اسم الام|اسم الوالدة",
    "birth_date": (
        "تاريخ الميلاد|تاريخ الولادة|تاريخ التولد|سنة الولادة|سنة التولد|سنة الميلاد|مواليد|"
        "تولد|محل الولادة|مكان الولادة|يوم الولادة"
    ),
    "phone": "هاتف|هواتف|موبايل|جوال|محمول|رقم النقال|نقال|واتساب|واتس اب",
    "email": "بريد الكتروني|ايميل|بريد",
    "national_id": (
        "بطاقة وطنية|بطاقة موحدة|رقم الهوية|هوية الاحوال|رقم وطني|رقم البطاقة|رقم الجنسية|شهادة الجنسية|بطاقة السكن|"
        "بطاقة تموينية|رقم القيد|رقم السجل المدني|رقم الاقامة"
    ),
    "passport": "جواز السفر|رقم الجواز",
    "iban": "ايبان",
    "account": "رقم الحساب|حساب مصرفي|حساب بنكي|رقم البطاقة المصرفية|ماستر كارد",
    "address": "عنوان السكن|عنوان الدار|محل السكن|محل الاقامة|مكان السكن|رقم الدار|رقم الزقاق|رقم المحلة",
    "sensitive": (
        "ديانة|دين|مذهب|طائفة|قومية|عرق|اصل عرقي|حالة اجتماعية|حالة زوجية|فصيلة الدم|صنف الدم|تشخيص|مرض|نوع الاعاقة|سوابق"
    ),
}
SORANI = {
    "name": (
        "ناوی سیانی|ناوی چواری|ناوی تەواو|ناوی باوک|ناوی باپیر|نازناو|ناوی فەرمانبەر|ناوی هاووڵاتی|ناوی نەخۆش|"
        "ناوی قوتابی|ناوی سوودمەند|ناوی خاوەن"
    ),
    "mother_name": "ناوی دایک",
    "birth_date": (
        "ڕێکەوتی لەدایکبوون|ڕێکەوتی لە دایکبوون|ڕێکەوتی لە دایک بوون|بەرواری لەدایکبوون|ساڵی لەدایکبوون|شوێنی لەدایکبوون"
    ),
    "phone": "تەلەفۆن|تەلەفون|مۆبایل|مۆبایەل|واتسئاپ",
    "email": "ئیمەیڵ|ئیمێڵ|پۆستی ئەلیکترۆنی",
    "national_id": ("کارتی نیشتمانی|ژمارەی نیشتمانی|ژمارەی ناسنامە|ناسنامەی باری|ڕەگەزنامە|کارتی خۆراک"),
    "passport": "پاسپۆرت|پاسەپۆرت",
    "account": "ژمارەی هەژمار|هەژماری بانک",
    "address": "ناونیشانی ماڵ|شوێنی نیشتەجێبوون|ژمارەی خانوو",
    "sensitive": "ئایین|ئاین|مەزهەب|نەتەوە|باری خێزانی|گرووپی خوێن|گروپی خوێن|نەخۆشی",
}
ENGLISH = {
    "name": (
        "full name|first name|last name|middle name|family name|surname|father name|father s name|grandfather name|"
        "beneficiary name|employee name|patient name|student name|citizen name|applicant name|owner name|"
        "name of beneficiary|name of employee|name of patient|name of student|name of citizen|name of applicant"
    ),
    "mother_name": "mother name|mother s name|name of mother|maiden name",
    "birth_date": (
        "date of birth|birth date|birthdate|birthday|dob|place of birth|year of birth|birth year|birthplace"
    ),
    "phone": "phone|mobile|telephone|cellphone|whatsapp|tel",
    "email": "email|e mail|mail address",
    "national_id": (
        "national id|national card|national number|national no|identity number|identity card|id card|id number|civil id|"
        "civil status number|ration card|residence card|personal number|ssn"
    ),
    "passport": "passport",
    "iban": "iban",
    "account": "bank account|account number|account no|account|card number|credit card",
    "address": (
        "home address|residence address|residential address|place of residence|house number|house no"
    ),
    "sensitive": (
        "religion|sect|ethnicity|ethnic origin|marital status|blood group|blood type|diagnosis|"
        "disability type|criminal record"
    ),
}
# What may stand at the end of each word of a phrase: Sorani's «-ی», «-ەکە»; the plural. All folded.
_LANGUAGES = ((ARABIC, ()), (SORANI, ("ی", "ە", "ەکە", "ەکەی", "ەکان")), (ENGLISH, ("s", "es")))
_WORDS = re.compile(r"[^\W_]+")
_CAMEL_CASE = re.compile(r"(?<=[a-z])(?=[A-Z])")


def kinds_promised(heading: str) -> list[str]:
    """The kinds of personal data that the name of a column promises, the likeliest (the longest phrase) first."""
    words = _words(_CAMEL_CASE.sub(" ", heading))
    found: dict[str, int] = {}
    for kind, phrase, endings in _phrases():
        if _stands_in(phrase, words, endings):
            found[kind] = max(found.get(kind, 0), sum(map(len, phrase)))
    return sorted(found, key=found.get, reverse=True)


@lru_cache(maxsize=1)
def _phrases():
    return [
        (kind, _words(phrase), ("", *map(fold, endings)))
        for phrases, endings in _LANGUAGES
        for kind, every in phrases.items()
        for phrase in every.split("|")
    ]


def _words(text: str) -> list[str]:
    folded = fold(strip_bidi(text)).replace("_", " ")
    return [word.removeprefix("ال") if len(word) > 4 else word for word in _WORDS.findall(folded)]


def _stands_in(phrase, words, endings):
    return any(
        all(
            word.startswith(wanted) and word[len(wanted) :] in endings
            for word, wanted in zip(words[start:], phrase, strict=False)
        )
        for start in range(len(words) - len(phrase) + 1)
    )
