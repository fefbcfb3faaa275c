"""The language of a text, among those that the press of this field is written in.

lingua's statistical models, restricted to a set of languages: fewer candidates make short texts surer and keep the
models small (26 languages take 270 MB more than 15). A neighbour of theirs, which would be taken for one of them, is a
candidate where the page declares it. Models are loaded on first use.
"""

import re
from functools import cache
from typing import Any

LANGUAGES = (
    "ARABIC", "BULGARIAN", "CZECH", "ENGLISH", "FRENCH", "GERMAN", "ITALIAN", "PERSIAN", "POLISH", "PORTUGUESE",
    "RUSSIAN", "SERBIAN", "SPANISH", "TURKISH", "UKRAINIAN",
)  # fmt: skip
# Candidates where they are declared, and only these, so that what pages declare does not fill the memory.
DECLARED = {
    "az": "AZERBAIJANI", "be": "BELARUSIAN", "da": "DANISH", "et": "ESTONIAN", "fi": "FINNISH", "hr": "CROATIAN",
    "hu": "HUNGARIAN", "kk": "KAZAKH", "nb": "BOKMAL", "nl": "DUTCH", "no": "BOKMAL", "ro": "ROMANIAN", "sk": "SLOVAK",
    "sv": "SWEDISH",
}  # fmt: skip
_MAX_CHARS = 390
_MIN_LETTERS = 12
_SURE = 0.5
_REGION = re.compile(r"[-_].*", re.DOTALL)
_NOISE = re.compile(r"https?://\S{1,200}|[\d_@#]")


@cache
def _detector(more: str | None) -> Any:
    from lingua import Language, LanguageDetectorBuilder

    names = (*LANGUAGES, more) if more else LANGUAGES
    return LanguageDetectorBuilder.from_languages(*(getattr(Language, name) for name in names)).build()


def identify(text: str, declared: str | None = None) -> str | None:
    """ISO 639-1 code, or None where the text is too short or two languages are equally likely. ``declared``: what the
    page says, with or without a region.

    Only three samples of a long text are looked at (beginning, middle and end), so that the cost is bounded and a
    foreign quotation at the beginning does not decide.
    """
    sample = _NOISE.sub(" ", _sample(text))
    if sum(map(str.isalpha, sample)) < _MIN_LETTERS:
        return None
    code = _REGION.sub("", declared or "").lower()
    more = DECLARED.get(code)
    ranked = _detector(more).compute_language_confidence_values(sample)
    best = ranked[0]
    if best.value < _SURE:
        return None
    if best.language.name == more:
        return code
    found: str = best.language.iso_code_639_1.name.lower()
    return found


def _sample(text: str) -> str:
    if len(text) <= _MAX_CHARS:
        return text
    part = _MAX_CHARS // 3
    middle = len(text) // 2
    return " ".join((text[:part], text[middle : middle + part], text[-part:]))
