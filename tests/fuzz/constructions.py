"""A strategy for texts of what the rules of statements wait for: every phrase and verb form of a language's lexicon,
names, offices, short quotations and marks in any order. Neither random words nor labelled articles put these together
as often: a conjunction and a quotation make a sentence, a byline ends after one word.
"""

import functools

from hypothesis import strategies as st

from processors.annotate.statements.language.lexicon_file import load_lexicon

_LANGUAGES = ("ar", "de", "en", "es", "fr", "pl", "ru", "tr", "uk")
_NAMES = ("Lavrov", "Lawrow", "Лавров", "Лаврова", "С.В.Лаврова", "لافروف", "Sergei", "Rubio", "Kallas", "Захарова")
_QUOTES = ("“Go home.”", "“Yes.”", "«Домой.»", "«Да»", "„Nein“", '"no one knows what it is"', "“", "”")
_MARKS = (".", ",", ":", ";", "—", "?", "…", "\n", "\n\n", ". ", "2026", "76")
_MOST_PIECES = 16


@functools.cache
def _pieces(lang: str) -> tuple[str, ...]:
    """What the lexicon of a language knows, each as one piece of text."""
    lexicon = load_lexicon(lang)
    phrases = {
        " ".join("Lavrov" if word == "…" else word for word in phrase)
        for table in lexicon.phrases.values()
        for some in table.values()
        for phrase in some
    }
    verbs = {" ".join(phrase) for hits in lexicon.cues.values() for phrase, _, _ in hits}
    roles = {" ".join(phrase) for hits in lexicon.role_words.values() for phrase, _ in hits}
    words = {word for some in lexicon.words.values() for word in some}
    return tuple(sorted(phrases | verbs | roles | words | set(lexicon.pronouns)))


@st.composite
def constructions(draw: st.DrawFn) -> tuple[str, str]:
    """A language, and a text of pieces of its lexicon; half of the pieces begin with a capital."""
    lang = draw(st.sampled_from(_LANGUAGES))
    known = st.sampled_from(_pieces(lang))
    piece = st.one_of(known, known.map(str.capitalize), *(st.sampled_from(some) for some in (_NAMES, _QUOTES, _MARKS)))
    return lang, " ".join(draw(st.lists(piece, min_size=1, max_size=_MOST_PIECES)))
