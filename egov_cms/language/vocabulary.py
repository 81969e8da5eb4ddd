"""The words and patterns that formatters need in each language. A new language is a new entry in `VOCABULARIES`.

Months and weekdays are those of CLDR for Iraq (Django uses يناير and, in Sorani, the month names of the Kurdish solar
calendar). Friday in Sorani is written with U+0647 as in Iraq, not with U+06BE as in CLDR.
"""

from dataclasses import dataclass

from egov_cms.language.locales import lookup


@dataclass(frozen=True)
class Unit:
    """The forms of a counted noun by plural category. `dual` is the form without a preposition, `two` the form after
    one."""

    one: str
    other: str
    two: str = ""
    few: str = ""
    many: str = ""
    dual: str = ""


@dataclass(frozen=True)
class Vocabulary:
    """The words and patterns of one language."""

    months: tuple
    weekdays: tuple  # Monday first, as date.weekday() counts
    hijri_months: tuple
    date: dict  # style → pattern with {day}, {month}, {year}, {weekday}
    hijri: str
    moment: str  # {date}, {time}
    clock: str  # {time}, {period}
    periods: tuple  # (first hour, words), ascending
    units: dict
    ago: str
    ahead: str
    now: str
    days: dict  # -1, 0, 1 → words
    same_day: str
    between: str  # {low}, {high}
    at_most: str
    at_least: str
    until: str
    since: str
    scales: tuple  # (power of ten, name, name after 3 to 10), ascending
    currencies: dict


EN = Vocabulary(
    months=(
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
    weekdays=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    hijri_months=(
        *("Muharram", "Safar", "Rabi al-Awwal", "Rabi al-Thani", "Jumada al-Ula", "Jumada al-Akhira"),
        *("Rajab", "Shaban", "Ramadan", "Shawwal", "Dhu al-Qadah", "Dhu al-Hijjah"),
    ),
    date={
        "long": "{day} {month} {year}",
        "month": "{month} {year}",
        "weekday": "{weekday} {day} {month} {year}",
        "near": "{weekday} {day} {month}",
        "day": "{day}",
        "day_month": "{day} {month}",
    },
    hijri="{day} {month} {year} AH",
    moment="{date} at {time}",
    clock="{time} {period}",
    periods=((0, "am"), (12, "pm")),
    units={
        "minute": Unit("1 minute", "minutes"),
        "hour": Unit("1 hour", "hours"),
        "day": Unit("1 day", "days"),
        "working_day": Unit("1 working day", "working days"),
        "week": Unit("1 week", "weeks"),
        "month": Unit("1 month", "months"),
        "year": Unit("1 year", "years"),
    },
    ago="{} ago",
    ahead="in {}",
    now="just now",
    days={-1: "yesterday", 0: "today", 1: "tomorrow"},
    same_day="the same day",
    between="{low} to {high}",
    at_most="up to {}",
    at_least="{} or more",
    until="until {}",
    since="from {}",
    scales=((6, "million", "million"), (9, "billion", "billion"), (12, "trillion", "trillion")),
    currencies={},
)

AR = Vocabulary(
    months=(
        *("كانون الثاني", "شباط", "آذار", "نيسان", "أيار", "حزيران"),
        *("تموز", "آب", "أيلول", "تشرين الأول", "تشرين الثاني", "كانون الأول"),
    ),
    weekdays=("الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"),
    hijri_months=(
        *("محرم", "صفر", "ربيع الأول", "ربيع الآخر", "جمادى الأولى", "جمادى الآخرة"),
        *("رجب", "شعبان", "رمضان", "شوال", "ذو القعدة", "ذو الحجة"),
    ),
    date={
        "long": "{day} {month} {year}",
        "month": "{month} {year}",
        "weekday": "{weekday} {day} {month} {year}",
        "near": "{weekday} {day} {month}",
        "day": "{day}",
        "day_month": "{day} {month}",
    },
    hijri="{day} {month} {year} هـ",
    moment="{date}، الساعة {time}",
    clock="{time} {period}",
    periods=((0, "ليلاً"), (4, "صباحاً"), (12, "ظهراً"), (13, "بعد الظهر"), (17, "مساءً")),
    units={
        "minute": Unit("دقيقة واحدة", "دقيقة", "دقيقتين", "دقائق", "دقيقة", "دقيقتان"),
        "hour": Unit("ساعة واحدة", "ساعة", "ساعتين", "ساعات", "ساعة", "ساعتان"),
        "day": Unit("يوم واحد", "يوم", "يومين", "أيام", "يوماً", "يومان"),
        "working_day": Unit("يوم عمل واحد", "يوم عمل", "يومي عمل", "أيام عمل", "يوم عمل", "يوما عمل"),
        "week": Unit("أسبوع واحد", "أسبوع", "أسبوعين", "أسابيع", "أسبوعاً", "أسبوعان"),
        "month": Unit("شهر واحد", "شهر", "شهرين", "أشهر", "شهراً", "شهران"),
        "year": Unit("سنة واحدة", "سنة", "سنتين", "سنوات", "سنة", "سنتان"),
    },
    ago="قبل {}",
    ahead="بعد {}",
    now="الآن",
    days={-1: "أمس", 0: "اليوم", 1: "غداً"},
    same_day="في اليوم نفسه",
    between="{low} إلى {high}",
    at_most="حتى {}",
    at_least="{} فأكثر",
    until="حتى {}",
    since="من {}",
    scales=((6, "مليون", "ملايين"), (9, "مليار", "مليارات"), (12, "ترليون", "ترليونات")),
    currencies={"IQD": "د.ع", "USD": "دولار أمريكي", "EUR": "يورو", "GBP": "جنيه إسترليني"},
)

CKB = Vocabulary(
    months=(
        *("کانوونی دووەم", "شوبات", "ئازار", "نیسان", "ئایار", "حوزەیران"),
        *("تەمووز", "ئاب", "ئەیلوول", "تشرینی یەکەم", "تشرینی دووەم", "کانوونی یەکەم"),
    ),
    weekdays=("دووشەممە", "سێشەممە", "چوارشەممە", "پێنجشەممە", "هەینی", "شەممە", "یەکشەممە"),
    hijri_months=(
        *("موحەڕەم", "سەفەر", "ڕەبیعی یەکەم", "ڕەبیعی دووەم", "جومادی یەکەم", "جومادی دووەم"),
        *("ڕەجەب", "شەعبان", "ڕەمەزان", "شەوال", "زیلقەعدە", "زیلحەججە"),
    ),
    date={
        "long": "{day}ی {month}ی {year}",
        "month": "{month}ی {year}",
        "weekday": "{weekday}، {day}ی {month}ی {year}",
        "near": "{weekday}، {day}ی {month}",
        "day": "{day}",
        "day_month": "{day}ی {month}",
    },
    hijri="{day}ی {month}ی {year}ی کۆچی",
    moment="{date}، کاتژمێر {time}",
    clock="{time}ی {period}",
    periods=((0, "شەو"), (4, "بەیانی"), (12, "نیوەڕۆ"), (13, "دوای نیوەڕۆ"), (17, "ئێوارە"), (20, "شەو")),
    units={
        "minute": Unit("1 خولەک", "خولەک"),
        "hour": Unit("1 کاتژمێر", "کاتژمێر"),
        "day": Unit("1 ڕۆژ", "ڕۆژ"),
        "working_day": Unit("1 ڕۆژی کار", "ڕۆژی کار"),
        "week": Unit("1 هەفتە", "هەفتە"),
        "month": Unit("1 مانگ", "مانگ"),
        "year": Unit("1 ساڵ", "ساڵ"),
    },
    ago="پێش {}",
    ahead="دوای {}",
    now="ئێستا",
    days={-1: "دوێنێ", 0: "ئەمڕۆ", 1: "سبەینێ"},
    same_day="لە هەمان ڕۆژدا",
    between="{low} بۆ {high}",
    at_most="تا {}",
    at_least="{} و زیاتر",
    until="تا {}",
    since="لە {}ەوە",
    scales=((6, "ملیۆن", "ملیۆن"), (9, "ملیار", "ملیار"), (12, "تریلیۆن", "تریلیۆن")),
    currencies={"IQD": "د.ع", "USD": "دۆلاری ئەمریکی", "EUR": "یۆرۆ", "GBP": "پاوەندی بەریتانی"},
)

VOCABULARIES = {"ar": AR, "ckb": CKB, "en": EN}


def vocabulary(locale=None):
    """The vocabulary of `locale`; the English one for a language without its own."""
    return lookup(VOCABULARIES, locale)


def plural_category(number, locale=None):
    """The CLDR plural category of a whole number: "zero", "one", "two", "few", "many" or "other"."""
    if vocabulary(locale) is not AR:
        return "one" if number == 1 else "other"
    if number in (0, 1, 2):
        return ("zero", "one", "two")[number]
    rest = number % 100
    return "few" if 3 <= rest <= 10 else "many" if rest >= 11 else "other"
