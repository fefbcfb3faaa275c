"""What an index field is: its name, its Elasticsearch mapping, and what it means to a reader."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

# Longer values stay in the document but cannot be aggregated. Lucene's limit is 32,766 bytes a term: safe in UTF-8.
KEYWORD_CHARS = 4096

# Ukrainian's analyzer is a plugin that must be installed, so it has the standard one, as have all languages not named.
ANALYZERS: Mapping[str, str] = MappingProxyType(
    {
        "en": "english",
        "ru": "russian",
        "uk": "standard",
        "tr": "turkish",
        "de": "german",
        "fr": "french",
        "es": "spanish",
        "ar": "arabic",
        "other": "standard",
    }
)


@dataclass(frozen=True)
class Field:
    """One field of an index. ``mapping`` is its Elasticsearch mapping, ``meaning`` its line in ``docs/indices.md``."""

    name: str
    mapping: Mapping[str, Any]
    meaning: str


def keyword(name: str, meaning: str) -> Field:
    return Field(name, {"type": "keyword", "ignore_above": KEYWORD_CHARS}, meaning)


def date(name: str, meaning: str) -> Field:
    return Field(name, {"type": "date"}, meaning)


def day(name: str, meaning: str) -> Field:
    """A calendar day without time and zone."""
    return Field(name, {"type": "date", "format": "strict_date"}, meaning)


def integer(name: str, meaning: str) -> Field:
    return Field(name, {"type": "integer"}, meaning)


def long(name: str, meaning: str) -> Field:
    return Field(name, {"type": "long"}, meaning)


def real(name: str, meaning: str) -> Field:
    return Field(name, {"type": "float"}, meaning)


def flag(name: str, meaning: str) -> Field:
    return Field(name, {"type": "boolean"}, meaning)


def text(name: str, meaning: str) -> Field:
    return Field(name, {"type": "text"}, meaning)


def texts(stem: str, meaning: str) -> tuple[Field, ...]:
    """A text field for each language (``title_en``, …): a document fills the one of its language."""
    return tuple(
        Field(f"{stem}_{lang}", {"type": "text", "analyzer": analyzer}, f"{meaning}, {_LANGUAGES[lang]}")
        for lang, analyzer in ANALYZERS.items()
    )


def language_field(stem: str, lang: str | None) -> str:
    """The name of the text field that a text in ``lang`` (ISO 639-1) goes to."""
    return f"{stem}_{lang if lang in ANALYZERS else 'other'}"


_LANGUAGES = {
    "en": "English",
    "ru": "Russian",
    "uk": "Ukrainian",
    "tr": "Turkish",
    "de": "German",
    "fr": "French",
    "es": "Spanish",
    "ar": "Arabic",
    "other": "any other language",
}
