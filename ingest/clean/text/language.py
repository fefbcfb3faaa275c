"""The language of a text by its script and its commonest words; None where neither tells clearly.

Pages declare what their template says, whatever language the text is in: what is detected comes first. ``annotate``
detects by more, this is for what cleaning itself states.
"""

import functools
import re
from collections import Counter
from itertools import chain

from ingest.clean.text.tables import table

_WORD = re.compile(r"[^\W\d_]+")
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
    words, scripts, any_script = _data()
    if any_script.search(sample):
        letters = sum(character.isalpha() for character in sample)
        # Japanese is mostly written in signs that Chinese has, too: its own letters need only be there.
        for language, pattern in scripts.items():
            share = len(pattern.findall(sample)) / letters
            if share >= (_KANA_SHARE if language == "ja" else _SCRIPT_SHARE):
                return language
    found = _WORD.findall(sample)
    if len(found) < _LEAST_WORDS:
        return None
    counts = Counter(chain.from_iterable(filter(None, map(words.get, found))))
    (language, first), (_, second) = (*counts.most_common(2), ("", 0), ("", 0))[:2]
    return language if first >= _LEAST_SHARE * len(found) and first >= _LEAD * second else None


@functools.cache
def _data() -> tuple[dict[str, list[str]], dict[str, re.Pattern[str]], re.Pattern[str]]:
    """The languages of each word, the letters of each script that tells, and those of all of them."""
    data = table("languages")
    order = ("ja", *(language for language in data["scripts"] if language != "ja"))
    languages: dict[str, list[str]] = {}
    for language, words in data["words"].items():
        for word in sorted(set(words.casefold().split())):
            languages.setdefault(word, []).append(language)
    return (
        languages,
        {language: re.compile(f"[{data['scripts'][language]}]") for language in order},
        re.compile(f"[{''.join(data['scripts'].values())}]"),
    )
