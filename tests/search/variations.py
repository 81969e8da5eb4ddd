"""Queries generated from the titles of the judged corpus by rules, in the classes of the judged queries.

The rules were not tuned to results, so they show whether search works in general or only for the judged queries.
"""

import random
import re

from egov_cms.language import fold
from egov_cms.search.analysis import STOP_WORDS

ARABIC_LETTERS = str.maketrans("أإآٱؤئ", "اااا" + "وي")
MARKS = "\u064e\u064f\u0650\u0652"
TO_PERSIAN = str.maketrans("يك", "یک")
SORANI_PLAIN = str.maketrans("ڕڵۆێ", "رلوی")
TO_EASTERN = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
TO_WESTERN = str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789")


def queries(cases, each=8, seed=11):
    """`[{"id", "query", "relevant", "class"}]`, up to `each` of a class."""
    chance = random.Random(seed)
    made = []
    for name, (language, change) in CLASSES.items():
        found = []
        for item in chance.sample(cases["corpus"], len(cases["corpus"])):
            if language in ("", item["lang"]) and (query := change(item, chance, cases)):
                relevant = _same(query, item, cases)
                found.append({"query": query, "relevant": relevant, "class": name})
        made += found[:each]
    return [{"id": f"v{number:03}", **query} for number, query in enumerate(made)]


def _content(text):
    return [word for word in re.findall(r"[^\W_]+", text) if fold(word) not in STOP_WORDS]


def _short(item):
    """The first three words that are not stop words."""
    return " ".join(_content(item["title"])[:3])


def _changed(change):
    """A class of queries with replaced letters; "" when nothing would be replaced."""

    def query(item, chance, cases):
        text = change(_short(item))
        return text if text != _short(item) else ""

    return query


def _marked(item, chance, cases):
    words = _content(item["title"])[:3]
    marked = ["".join(letter + chance.choice(MARKS) for letter in word) for word in words]
    marked[0] = words[0][:2] + "ـــ" + words[0][2:]
    return " ".join(marked)


def _prefixed(item, chance, cases):
    words = _content(item["title"])[:3]
    return " ".join(word[2:] if word.startswith("ال") and len(word) > 5 else f"ال{word}" for word in words)


def _joined(item, chance, cases):
    first, *rest = _content(item["title"])[:3]
    return " ".join([first, *(chance.choice("وب") + word for word in rest)]) if rest else ""


def _plural(item, chance, cases):
    words = _content(item["title"])[:3]
    changed = [word[:-1] + "ات" if word.endswith("ة") and len(word) > 4 else word for word in words]
    return " ".join(changed) if changed != words else ""


def _suffixed(item, chance, cases):
    words = _content(item["title"])[:2]
    suffix = chance.choice(["ەکان", "ەکە", "ێک", "ەکانی"])
    word = words[-1].removesuffix("ی").removesuffix("ە")
    return " ".join([*words[:-1], word + suffix]) if len(word) > 3 else ""


def _numbers(item, chance, cases):
    numbers = re.findall(r"[0-9٠-٩]{2,}", item["summary"])
    if not numbers:
        return ""
    number = numbers[0].translate(TO_WESTERN) if numbers[0] > "9" * 9 else numbers[0].translate(TO_EASTERN)
    return f"{_short(item)} {number}"


def _typo(item, chance, cases):
    words = _content(item["title"])[:3]
    long_words = [position for position, word in enumerate(words) if len(word) > 4]
    if not long_words:
        return ""
    position = chance.choice(long_words)
    word, at = words[position], chance.randrange(2, len(words[position]) - 1)
    words[position] = chance.choice(
        [
            word[:at] + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + word[at] + word[at:],
        ]
    )
    return " ".join(words)


def _replaced(other_script):
    def query(item, chance, cases):
        title = fold(item["title"])
        for group in cases["synonyms"]:
            for term in group:
                if re.search(rf"\b{re.escape(fold(term))}\b", title):
                    others = [
                        other
                        for other in group
                        if other != term and other.isascii() == other_script and fold(other) not in title
                    ]
                    if others:
                        return title.replace(fold(term), chance.choice(others))
        return ""

    return query


def _english(item, chance, cases):
    words = _content(item["title"].lower())[:3]
    return " ".join(word if word.endswith("s") else f"{word}s" for word in words)


def _same(query, item, cases):
    """The ids of all documents with the same title (folded), in any language."""
    return [each["id"] for each in cases["corpus"] if fold(each["title"]) == fold(item["title"])] or [
        item["id"]
    ]


CLASSES = {
    "exact": ("", lambda item, chance, cases: _short(item)),
    "hamza": ("ar", _changed(lambda text: text.translate(ARABIC_LETTERS).replace("ء", ""))),
    "ta_marbuta": ("ar", _changed(lambda text: text.replace("ة", "ه"))),
    "maqsura_ya": ("ar", _changed(lambda text: re.sub(r"ي\b", "ى", text))),
    "tatweel_diacritics": ("ar", _marked),
    "prefix_article": ("ar", _prefixed),
    "conjunction": ("ar", _joined),
    "plural_singular": ("ar", _plural),
    "persian_yk": ("ar", _changed(lambda text: text.translate(TO_PERSIAN))),
    "sorani_heh": ("ckb", _changed(lambda text: text.replace("ە", "ه\u200c"))),
    "sorani_letters": ("ckb", _changed(lambda text: text.translate(SORANI_PLAIN))),
    "sorani_morph": ("ckb", _suffixed),
    "digits": ("", _numbers),
    "code_mix": ("ar", _replaced(True)),
    "typo": ("", _typo),
    "synonym": ("ar", _replaced(False)),
    "english_morph": ("en", _english),
}
