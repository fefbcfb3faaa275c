"""Names that nothing but their capitals shows, and what the form of a name tells: case and gender."""

import re

from processors.annotate.statements.language.case import LANGUAGES, is_short_form, is_thing, name_case, past_gender
from processors.annotate.statements.language.lexicon import Lexicon
from processors.annotate.statements.sentence.parts import Mention
from processors.annotate.statements.text.tokens import Token

_ACRONYM = re.compile(r"^[A-ZА-ЯІЇЄҐÄÖÜÇĞİŞ]{2,6}$")
# Of American lawmakers: "Carlos Gimenez, R-Fla."
_PARTY = re.compile(r"[dri]-[a-z]+$")
# Parts of names from anywhere, whatever the language of the article.
_PARTICLES = frozenset(
    [
        "de",
        "del",
        "della",
        "di",
        "da",
        "dos",
        "von",
        "van",
        "der",
        "den",
        "bin",
        "ibn",
        "al",
        "el",
        "la",
        "le",
        "ben",
        "ter",
        "ten",
        "zu",
        "ul",
    ]
)
_STARTS = ("common_starts", "determiners", "these", "pointers")
_ABBREVIATED = frozenset(["mr", "mrs", "ms", "dr", "st", "gen", "sen", "rep", "gov"])
_MASCULINE = ("ов", "ев", "ёв", "ин", "ын", "ий", "ой", "ко")
_OBLIQUE = re.compile(
    r"(?:(?:ов|ев|ёв|ин|ын|єв|їв)(?:у|ым|им|е|ой|ою|ых|ыми|і)|(?:ск|цк|ьк)(?:ого|ому|им|ом|ой|их|ою))$"
)
_FEMININE_OR_OBLIQUE = re.compile(r"(?:(?:ов|ев|ёв|ин|ын|єв|їв)а)$")


def case_of(tokens: list[Token], lexicon: Lexicon) -> tuple[bool, str]:
    """Whether a name stands in an oblique case, and the gender that it shows."""
    low = tokens[-1].low
    if lexicon.lang in LANGUAGES:
        return name_case([t.text for t in tokens if t.kind == "w"], lexicon.lang)
    if lexicon.lang == "tr":
        return "'" in low, ""
    if low.endswith(("'s", "s'")):
        return True, ""
    if lexicon.cases:
        if _OBLIQUE.search(low):
            return True, ""
        if _FEMININE_OR_OBLIQUE.search(low):
            return False, "f"
        if low.endswith(_MASCULINE):
            return False, "m"
    return False, ""


def function_word(low: str, lexicon: Lexicon) -> bool:
    return low in lexicon.closed or lexicon.is_time(low)


def _no_ones(low: str, lexicon: Lexicon) -> bool:
    """Whether a word that begins a sentence is no name's, as "Such" and «Такой» in «Такой срок назвал министр»."""
    return function_word(low, lexicon) or any(lexicon.has(name, low) for name in _STARTS)


def _thing(low: str, lexicon: Lexicon) -> bool:
    """Whether a word that begins a sentence is no one's name, as «Порт» and «Оглядел» (no subject stands before it)."""
    lang = lexicon.lang or "ru"
    return lang in LANGUAGES and (is_thing(low, lang) or past_gender(low, lang) != "" or is_short_form(low, lang))


def _governs(tokens: list[Token], at: int, lexicon: Lexicon) -> bool:
    """As in "Respecto a la economía, descarta que …", "Hubo un guiño": a word that opens a sentence, and no name."""
    low = tokens[at].low if at < len(tokens) else ""
    return any(lexicon.has(words, low) for words in ("prepositions", "determiners", "adverbs"))


def _describes(tokens: list[Token], at: int, lexicon: Lexicon) -> bool:
    """As in "Small groups of protesters", "Top officials said": in front of an English plural a word is no name."""
    if lexicon.lang != "en" or at + 1 >= len(tokens) or not tokens[at].text.islower():
        return False
    low, then = tokens[at].low, tokens[at + 1].low
    if not low.endswith("s") or low in lexicon.closed or low in lexicon.cues:
        return False
    return lexicon.has("genitives", then) or lexicon.has("auxiliaries", then) or then in lexicon.cues


def _particle(tokens: list[Token], at: int, lexicon: Lexicon) -> bool:
    """Whether a small word can be part of a name; a German article is one behind "von" alone ("Waffen der Ukraine")."""
    low = tokens[at].low
    if lexicon.lang == "de" and low in ("der", "den", "zu"):
        return tokens[at - 1].low == "von"
    return low in _PARTICLES


def find_names(text: str, tokens: list[Token], lexicon: Lexicon, taken: set[int]) -> list[Mention]:
    """Runs of capitalised words; in German, where every noun has a capital, only runs of two or more."""
    found: list[Mention] = []
    at = 0
    while at < len(tokens):
        if at in taken or not tokens[at].capital or tokens[at].low in lexicon.pronouns:
            at += 1
            continue
        low = tokens[at].low
        sentence_start = at == 0 or tokens[at - 1].kind == "q" or tokens[at - 1].text in ".:!?•"
        if (
            (sentence_start and _no_ones(low, lexicon))
            or lexicon.is_time(low)
            or (lexicon.has("common_starts", low) and len(low) < 4)
        ):
            at += 1
            continue
        last = at + 1
        while last < len(tokens) and last not in taken:
            token = tokens[last]
            if (
                (token.capital and not lexicon.is_time(token.low))
                or (
                    token.text == "."
                    and last >= 1
                    and (len(tokens[last - 1].text) == 1 or tokens[last - 1].low in _ABBREVIATED)
                )
                or (_particle(tokens, last, lexicon) and last + 1 < len(tokens) and tokens[last + 1].capital)
            ):
                last += 1
            else:
                break
        while last > at + 1 and tokens[last - 1].kind == "p":
            last -= 1
        if last - at < 2 and sentence_start and lexicon.pro_drop and _governs(tokens, last, lexicon):
            at = last
            continue
        if last - at < 2 and (lexicon.lang == "de" or (sentence_start and _thing(low, lexicon)) or _PARTY.match(low)):
            at = last
            continue
        if last - at < 2 and sentence_start and _describes(tokens, last, lexicon):
            at = last
            continue
        tail = tokens[last - 1]
        first = at
        while first < last - 1 and _ACRONYM.match(tokens[first].text):
            first += 1
        oblique, gender = case_of(tokens[first:last], lexicon)
        surface = text[tokens[first].start : tail.end]
        found.append(
            Mention(
                first,
                last,
                tokens[first].start,
                tail.end,
                surface,
                "name",
                oblique=oblique,
                gender=gender,
                name=surface,
            )
        )
        at = last
    return found
