"""Whether a text speaks of somebody's remarks without reporting them: "Lavrov's statement", «слова Лаврова»."""

import re
from collections.abc import Iterable

from processors.annotate.features.words import fold

# Beginnings of folded nouns and verbs for what somebody said, in the languages that are watched.
_STEMS = (
    "remark", "comment", "statement", "claim", "words", "said", "says", "told", "speech", "allegation", "interview",
    "заявлен", "слова", "словам", "слов", "высказыван", "комментари", "сказал", "заявил", "тезис", "утвержден", "речь",
    "заяв", "слов", "висловлюван", "коментар", "сказав", "твердженн", "промов",
    "acıklama", "soz", "iddia", "ifade", "dedi", "soyledi", "yorum", "konusma",
    "außerung", "aussag", "erklarung", "worte", "sagte", "erklarte", "behauptung", "kommentar", "rede",
    "propos", "declaration", "parole", "affirmation", "commentaire", "discours", "declare",
    "declaracion", "palabra", "comentario", "afirmacion", "dijo", "discurso",
    "slowa", "wypowiedz", "oswiadczeni", "stwierdz", "powiedzial", "vyrok", "slova", "prohlaseni", "rekl",
    "изявлени", "думи",
    "تصريح", "كلام", "قال", "اقوال", "كلمة",
)  # fmt: skip
# Arabic joins the article and "and" with the word.
_PATTERN = re.compile(r"(?<!\w)(?:ال|و)?(?:" + "|".join(sorted(set(_STEMS), key=lambda s: (-len(s), s))) + r")")
_REACH = 60


def remarks_named(text: str, mentions: Iterable[tuple[int, int]]) -> int:
    """How many of the mentions (character offsets) have a word for remarks within 60 characters, in one sentence."""
    return sum(_PATTERN.search(_near(text, start, end)) is not None for start, end in mentions)


def _near(text: str, start: int, end: int) -> str:
    before = re.split(r"[.!?\n]\s", text[max(0, start - _REACH) : start])[-1]
    after = re.split(r"[.!?\n](?:\s|$)", text[end : end + _REACH])[0]
    return fold(f"{before} {after}")
