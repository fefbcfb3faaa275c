"""Whose an impersonal report is by what stands before the verb: "Aus dem Weißen Haus hieß es", «В сообщении Пентагона
отмечается», "Kremlin'den yapılan açıklamada … belirtildi". It is not that of whom the article is about.
"""

from processors.annotate.morphology import parses
from processors.annotate.statements.attribution.strangers import noun_at
from processors.annotate.statements.language.case import LANGUAGES
from processors.annotate.statements.language.lexicon import Lexicon
from processors.annotate.statements.people.mentions import Mention
from processors.annotate.statements.text.tokens import Token

# Words between the beginning of a clause and the institution from which words came, at most.
_REACH = 12
# Words of an institution's name, at most.
_NAME_WORDS = 5
# "yapılan yazılı açıklamada"
_ISSUED_WORDS = 3
# An ending that other words have as well: "Rat" and "Referat".
_SHORT = 5
_LOCATIVE = ("da", "de", "ta", "te")
_OWNERS = ("dan", "den", "tan", "ten", "ın", "in", "un", "ün")


def issuer(tokens: list[Token], lows: list[str], at: int, mentions: list[Mention], lexicon: Lexicon) -> Mention | None:
    """The institution, or the capital, with which a clause begins behind "in" or "from"; ``at``: where the verb is."""
    end = at - int(at > 0 and tokens[at - 1].text == ",")
    begin = end
    while begin > 0 and end - begin < _REACH and tokens[begin - 1].kind == "w":
        begin -= 1
    if lexicon.order == "sov":
        return _turkish(tokens, lows, begin, end, mentions, lexicon)
    if begin >= end or not lexicon.has("origins", lows[begin]):
        return None
    for mention in reversed(mentions):
        if mention.kind != "org" or not begin < mention.first or mention.last > end:
            continue
        between = range(begin + 1, mention.first)
        direct = mention.last == end and all(lexicon.has("determiners", lows[i]) for i in between)
        if direct or any(_released(lows[i], lexicon) for i in between):
            return None if _released(lows[mention.last - 1], lexicon) else mention
    return _compound(tokens, lows, begin + 1, end, lexicon)


def _compound(tokens: list[Token], lows: list[str], at: int, end: int, lexicon: Lexicon) -> Mention | None:
    """As in "Aus dem Außenministerium in Kiew hieß es": a German noun whose last part is an institution."""
    while at < end and lexicon.has("determiners", lows[at]):
        at += 1
    if lexicon.lang != "de" or at >= end:
        return None
    texts = lexicon.words.get("documents", frozenset()) | lexicon.words.get("releases", frozenset())
    ends = tuple(noun for noun in lexicon.words.get("collective", ()) if len(noun) > _SHORT and noun not in texts)
    return noun_at(tokens, at, end) if lows[at].endswith(ends) else None


def _turkish(
    tokens: list[Token], lows: list[str], begin: int, end: int, mentions: list[Mention], lexicon: Lexicon
) -> Mention | None:
    """As in "Ukrayna Dışişleri Bakanlığından yapılan açıklamada": an owner in the ablative or genitive, and a text."""
    texts = tuple(lexicon.words.get("releases", ()))
    text = next((i for i in range(end - 1, begin, -1) if lows[i].startswith(texts) and lows[i].endswith(_LOCATIVE)), 0)
    if not texts or not text:
        return None
    reach = range(text - 1, max(begin, text - 1 - _ISSUED_WORDS) - 1, -1)
    last = next((i for i in reach if lows[i].endswith(_OWNERS)), -1)
    if last < 0:
        return None
    known = next((m for m in mentions if m.last == last + 1), None)
    first = last
    while first > begin and last - first < _NAME_WORDS and tokens[first - 1].capital:
        first -= 1
    if known is not None and (known.kind != "org" or known.first <= first):
        return known
    institution = any(t.capital for t in tokens[first : last + 1]) or lexicon.has("ministries", lows[last])
    return noun_at(tokens, first, last + 1) if institution else None


def _released(low: str, lexicon: Lexicon) -> bool:
    """Whether a noun, in whatever case, is that of a text which an institution puts out."""
    if lexicon.has("releases", low):
        return True
    if lexicon.lang not in LANGUAGES:
        return False
    return any(lexicon.has("releases", parse.normal_form) for parse in parses(low, lexicon.lang or "ru")[:2])
