import hashlib
import re
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

import egov_cms.look

STATIC = Path(egov_cms.look.__file__).parent / "static" / "egov"
FONTS = STATIC / "fonts"
SORANI = "ئابپتجچحخدرڕزژسشعغفڤقکگلڵمنوۆهھەیێ"
ARABIC = "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي"
MARKS = "ًٌٍَُِّْـ\u200c\u200d"
DIGITS = "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹"
PUNCTUATION = "،؛؟٪٫٬"


def font(name):
    return TTFont(FONTS / f"egov-{name}.woff2")


def test_the_arabic_font_has_all_letters_digits_and_marks():
    missing = set(SORANI + ARABIC + MARKS + DIGITS + PUNCTUATION + " ") - set(
        map(chr, font("arabic").getBestCmap())
    )
    assert missing == set()


def test_the_numbers_font_has_digits_and_arabic_quotation_marks():
    assert set("0123456789«».,:/()-–—%+…·×") <= set(map(chr, font("numbers").getBestCmap()))


def test_the_latin_font_has_the_letters_of_english_and_kurmanji():
    letters = "".join(map(chr, range(0x20, 0x7F))) + "«»“”‘’–—…·×êîûçöüé£€"
    assert set(letters) <= set(map(chr, font("latin").getBestCmap()))


@pytest.mark.parametrize("name", ["arabic", "numbers", "latin"])
def test_fonts_are_variable_from_regular_to_bold_without_hinting(name):
    shipped = font(name)
    assert [(axis.axisTag, axis.minValue, axis.maxValue) for axis in shipped["fvar"].axes] == [
        ("wght", 400, 700)
    ]
    assert not {"fpgm", "prep", "cvt "} & set(shipped.keys())


@pytest.mark.parametrize("letter", "بپتچحخسشعغفڤقکگلڵمنهھیێئ")
@pytest.mark.parametrize("form", ["init", "medi", "fina"])
def test_letters_join(letter, form):
    assert substituted(font("arabic"), letter, form)


@pytest.mark.parametrize("letter", "ادرڕزژوۆەة")
def test_letters_that_join_on_one_side_only(letter):
    assert substituted(font("arabic"), letter, "fina")


def substituted(shipped, letter, form):
    """The glyph that the feature `form` substitutes for the isolated one, or None.

    The font first decomposes dotted letters (`ccmp`: ب is a stroke and a dot); the substitution applies to the stroke.
    """
    glyph = shipped.getBestCmap()[ord(letter)]
    for parts in substitutions(shipped, "ccmp", glyph):
        glyph = parts[0] if isinstance(parts, list) else parts
    return next(iter(substitutions(shipped, form, glyph)), None)


def substitutions(shipped, feature, glyph):
    gsub = shipped["GSUB"].table
    records = [record for record in gsub.FeatureList.FeatureRecord if record.FeatureTag == feature]
    for index in sorted({index for record in records for index in record.Feature.LookupListIndex}):
        for table in gsub.LookupList.Lookup[index].SubTable:
            mapping = getattr(getattr(table, "ExtSubTable", table), "mapping", {})
            if mapping.get(glyph, glyph) != glyph:
                yield mapping[glyph]


def test_a_page_in_arabic_or_latin_script_loads_at_most_25_kb():
    size = {name: (FONTS / f"egov-{name}.woff2").stat().st_size for name in ("arabic", "numbers", "latin")}
    assert size["arabic"] + size["numbers"] <= 25_000
    assert size["latin"] <= 25_000


def test_the_unicode_ranges_of_the_stylesheet_include_all_characters_of_the_fonts():
    css = (STATIC / "egov.css").read_text("utf-8")
    for name in ("arabic", "numbers", "latin"):
        ranges = re.search(rf"egov-{name}\.woff2.*?unicode-range: ([^;]+);", css)[1]
        asked = set()
        for part in ranges.split(","):
            first, _dash, last = part.strip().removeprefix("U+").partition("-")
            asked |= set(range(int(first, 16), int(last or first, 16) + 1))
        assert set(font(name).getBestCmap()) <= asked | {0xD, 0x200B}


def test_the_licence_is_in_the_folder_of_the_fonts():
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FONTS / "OFL.txt").read_text("utf-8")


def test_the_documentation_lists_every_font_file():
    page = (Path(__file__).parents[2] / "docs" / "fonts.md").read_text("utf-8")
    names = {path.name for path in FONTS.glob("*.woff2")}
    assert names == set(re.findall(r"`(egov-\w+\.woff2)`", page))
    assert len({hashlib.sha256(path.read_bytes()).hexdigest() for path in FONTS.glob("*.woff2")}) == len(
        names
    )
