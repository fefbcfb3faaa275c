"""Numbers of a text in one spelling, so that "1,000", "1 000", "1.000" and "a thousand" meet across languages."""

import re
from typing import Final

from processors.annotate.features.words import fold

# Cardinal words by their folded stems; a trailing "*" takes any ending (inflected languages).
_WORDS: Final[dict[str, dict[str, int]]] = {
    "en": {
        "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
        "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
        "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "dozen": 12,
    },
    "ru": {
        "два": 2, "две": 2, "двух": 2, "двум": 2, "двумя": 2, "три": 3, "трех": 3, "трем": 3, "тремя": 3,
        "четыре": 4, "четырех": 4, "четырьмя": 4, "пять": 5, "пяти": 5, "шесть": 6, "шести": 6, "семь": 7,
        "семи": 7, "восемь": 8, "восьми": 8, "девять": 9, "девяти": 9, "десять": 10, "десяти": 10,
        "двенадцать": 12, "двенадцати": 12, "пятнадцать": 15, "двадцать": 20, "двадцати": 20, "тридцать": 30,
        "тридцати": 30, "сорок": 40, "пятьдесят": 50,
    },
    "uk": {
        "два": 2, "двi": 2, "двох": 2, "двома": 2, "три": 3, "трьох": 3, "трьома": 3, "чотири": 4, "чотирьох": 4,
        "п'ять": 5, "шiсть": 6, "шести": 6, "сiм": 7, "вiсiм": 8, "дев'ять": 9, "десять": 10, "десяти": 10,
        "дванадцять": 12, "двадцять": 20, "тридцять": 30, "сорок": 40,
    },
    "de": {
        "zwei": 2, "drei": 3, "vier": 4, "funf": 5, "sechs": 6, "sieben": 7, "acht": 8, "neun": 9, "zehn": 10,
        "elf": 11, "zwolf": 12, "zwanzig": 20, "dreißig": 30, "dreissig": 30, "vierzig": 40, "funfzig": 50,
    },
    "fr": {
        "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8, "dix": 10, "onze": 11,
        "douze": 12, "quinze": 15, "vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50,
    },
    "tr": {
        "iki": 2, "uc": 3, "dort": 4, "bes": 5, "altı": 6, "yedi": 7, "sekiz": 8, "dokuz": 9, "on": 10,
        "yirmi": 20, "otuz": 30, "kırk": 40, "elli": 50,
    },
    "es": {
        "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9, "diez": 10,
        "once": 11, "doce": 12, "quince": 15, "veinte": 20, "treinta": 30, "cuarenta": 40, "cincuenta": 50,
    },
    "pl": {
        "dwa": 2, "dwie": 2, "dwoch": 2, "trzy": 3, "trzech": 3, "cztery": 4, "czterech": 4, "piec": 5, "pieciu": 5,
        "szesc": 6, "siedem": 7, "osiem": 8, "dziewiec": 9, "dziesiec": 10, "dwadziescia": 20,
    },
    "ar": {
        "اثنان": 2, "ثلاث": 3, "ثلاثة": 3, "اربع": 4, "اربعة": 4, "خمس": 5, "خمسة": 5, "ست": 6, "ستة": 6,
        "سبعة": 7, "ثمانية": 8, "تسعة": 9, "عشرة": 10, "عشرون": 20, "عشرين": 20,
    },
}  # fmt: skip

# Words that multiply what stands before them, by the beginning of the folded word.
_SCALES: Final[tuple[tuple[str, int], ...]] = (
    ("thousand", 1_000), ("million", 1_000_000), ("billion", 1_000_000_000), ("trillion", 1_000_000_000_000),
    ("тысяч", 1_000), ("тыс", 1_000), ("тисяч", 1_000), ("миллион", 1_000_000), ("млн", 1_000_000),
    ("мільйон", 1_000_000), ("миллиард", 1_000_000_000), ("млрд", 1_000_000_000), ("мільярд", 1_000_000_000),
    ("tausend", 1_000), ("milliard", 1_000_000_000), ("mrd", 1_000_000_000), ("mio", 1_000_000),
    ("mille", 1_000), ("milyon", 1_000_000), ("milyar", 1_000_000_000), ("bin", 1_000),
    ("millones", 1_000_000), ("millon", 1_000_000), ("mil", 1_000), ("tysiac", 1_000), ("milion", 1_000_000),
    ("miliard", 1_000_000_000), ("الف", 1_000), ("مليون", 1_000_000), ("مليار", 1_000_000_000),
)  # fmt: skip
_WHOLE_WORD_SCALES: Final = {"mil", "bin", "mille", "mio", "mrd", "тыс", "млн", "млрд"}

# Digits with groups of three, or plain, then perhaps a decimal part; not inside a word, a time of day or a date.
_FIGURE = re.compile(r"(?<![\w.,:/-])(\d{1,3}(?:[ .,'\u00a0\u202f]\d{3}){1,6}|\d+)(?:([.,])(\d{1,2}))?(?![\d:/]|\.\d)")
_DIGIT = re.compile(r"\d")
# What is larger is a key or a row of figures, and at 309 digits no float.
_MOST: Final = 1e18
_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_PERCENT = re.compile(r"\s?%|\s?(?:percent|per cent|процент|вiдсот|відсот|prozent|pour cent|por ciento|procent)")


def numbers(text: str, lang: str | None) -> list[str]:
    """Distinct numbers in order of first appearance, as decimal digits, with ``%`` after a percentage.

    Scale words are multiplied in ("1.5 million" is ``1500000``). Number words below two are left out: they are
    articles in most languages. ``lang`` (ISO 639-1) chooses the number words; digits are read in any language.
    """
    folded = fold(text)
    found: list[tuple[int, str]] = []
    for match in _FIGURE.finditer(folded) if _DIGIT.search(folded) else ():
        scale, end = _scale(folded, match.end())
        value = _value(match) * scale
        if value > _MOST:
            continue
        percent = "%" if _PERCENT.match(folded, end) else ""
        found.append((match.start(), _spell(value) + percent))
    vocabulary = _WORDS.get(lang or "", {})
    for token in _TOKEN.finditer(folded) if _any_of(vocabulary, folded) else ():
        cardinal = vocabulary.get(_typed(token.group()))
        cardinal = vocabulary.get(token.group()) if cardinal is None else cardinal
        if cardinal is not None:
            scale, end = _scale(folded, token.end())
            percent = "%" if _PERCENT.match(folded, end) else ""
            found.append((token.start(), _spell(cardinal * scale) + percent))
    return list(dict.fromkeys(spelled for _, spelled in sorted(found)))


def _typed(word: str) -> str:
    """As the number words are written here: one apostrophe, one i."""
    return word.replace("і", "i").replace("’", "'")


def _any_of(vocabulary: dict[str, int], folded: str) -> bool:
    """Whether any number word stands in a text; most sentences have none, and need no look at each of their words."""
    if not vocabulary:
        return False
    typed = _typed(folded)
    found = not vocabulary.keys().isdisjoint(_TOKEN.findall(typed))
    return found or (typed != folded and not vocabulary.keys().isdisjoint(_TOKEN.findall(folded)))


def _value(match: re.Match[str]) -> float:
    whole = re.sub(r"\D", "", match.group(1))
    return float(f"{whole}.{match.group(3)}") if match.group(3) else float(whole)


def _scale(text: str, at: int) -> tuple[int, int]:
    """The factor of the scale word that follows position ``at`` (1 if none does), and where reading ended."""
    token = _TOKEN.match(text, at + 1) if text[at : at + 1] in {" ", "-", "\u00a0", "\u202f"} else None
    if token is None:
        return 1, at
    word = token.group()
    for stem, factor in _SCALES:
        if word == stem or (stem not in _WHOLE_WORD_SCALES and word.startswith(stem)):
            return factor, token.end()
    return 1, at


def _spell(value: float) -> str:
    rounded = round(value, 2)
    return str(int(rounded)) if rounded == int(rounded) else f"{rounded:.2f}".rstrip("0")
