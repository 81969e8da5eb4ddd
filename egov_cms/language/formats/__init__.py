"""Formats of Django's own forms and of the admin, the same in every language: dates day first, decimal point, thousands
comma, weeks from Saturday.

Django's own `ar` formats parse 05/07/2026 as 7 May and 25,000 as 25; its `ar` and `ckb` formats do not group digits. The
public site formats dates and numbers with `egov_cms.language` instead.
"""

DATE_FORMAT = "j F Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j F Y H:i"
YEAR_MONTH_FORMAT = "F Y"
MONTH_DAY_FORMAT = "j F"
SHORT_DATE_FORMAT = "d/m/Y"
SHORT_DATETIME_FORMAT = "d/m/Y H:i"
FIRST_DAY_OF_WEEK = 6

DATE_INPUT_FORMATS = ["%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y"]
TIME_INPUT_FORMATS = ["%H:%M", "%H:%M:%S", "%H:%M:%S.%f"]
DATETIME_INPUT_FORMATS = [
    f"{date}{joint}{time}"
    for date, joint in (("%d/%m/%Y", " "), ("%Y-%m-%d", " "), ("%Y-%m-%d", "T"), ("%d-%m-%Y", " "))
    for time in TIME_INPUT_FORMATS
]

DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
