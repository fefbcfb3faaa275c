"""pymorphy3's dictionaries, loaded once a process for all who ask, and what they lately said of a word."""

from functools import cache, lru_cache
from typing import Any

_REMEMBERED = 4096


@cache
def _analyser(lang: str) -> Any:
    import pymorphy3

    return pymorphy3.MorphAnalyzer(lang=lang)


@lru_cache(maxsize=_REMEMBERED)
def parses(word: str, lang: str) -> tuple[Any, ...]:
    """pymorphy3's readings of a word (``ru``, ``uk``), the likeliest first."""
    try:
        return tuple(_analyser(lang).parse(word))
    except ValueError:
        # It asks the Unicode name of each character, and some scripts (Tangut, private use) have none.
        return ()
