"""What Django's own forms and admin read and show, the same in every language: day first, dot, comma,
Saturday.

Django's `ar` reads 05/07/2026 as 7 May and 25,000 as 25; its `ar` and `ckb` do not group digits. The public
site's dates and numbers come from `egov_cms.language` instead.
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
