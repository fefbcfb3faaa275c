"""The language of a text by its script and its commonest words; None where neither tells clearly.

Pages declare what their template says, whatever language the text is in: what is detected comes first. ``annotate``
detects by more, this is for what cleaning itself states.
"""

import functools
import re
import tomllib
from importlib.resources import files

_LOOKED_AT = 3000
_LEAST_WORDS = 15
# Languages that put into endings what others say in small words have fewer of them.
_LEAST_SHARE = 0.07
_LEAD = 1.25
_SCRIPT_SHARE = 0.4
_KANA_SHARE = 0.08


def detected(text: str) -> str | None:
    """ISO 639-1 code."""
    sample = text[:_LOOKED_AT].casefold()
    letters = sum(character.isalpha() for character in sample)
    if not letters:
        return None
    words, scripts = _data()
    # Japanese is mostly written in signs that Chinese has, too: its own letters need only be there.
    for language, pattern in scripts.items():
        share = len(pattern.findall(sample)) / letters
        if share >= (_KANA_SHARE if language == "ja" else _SCRIPT_SHARE):
            return language
    found = re.findall(r"[^\W\d_]+", sample)
    if len(found) < _LEAST_WORDS:
        return None
    scores = sorted(((sum(word in own for word in found), language) for language, own in words.items()), reverse=True)
    (first, language), (second, _) = scores[:2]
    return language if first >= _LEAST_SHARE * len(found) and first >= _LEAD * second else None


@functools.cache
def _data() -> tuple[dict[str, frozenset[str]], dict[str, re.Pattern[str]]]:
    data = tomllib.loads(files("ingest.clean").joinpath("data/languages.toml").read_text(encoding="utf-8"))
    order = ("ja", *(language for language in data["scripts"] if language != "ja"))
    return (
        {language: frozenset(words.casefold().split()) for language, words in data["words"].items()},
        {language: re.compile(f"[{data['scripts'][language]}]") for language in order},
    )
