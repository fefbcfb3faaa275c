"""Who passes on words at the end of a sentence, where it is an outlet with a name in quotation marks.

No gazetteer need know it: "…, сообщает «Гавань»", "…, rapporte le quotidien « Le Phare »". Or, behind an attribution of
somebody else, where it is an institution: "…, заявил министр, передает ТАСС".
"""

from processors.annotate.statements.language.case import LANGUAGES, is_nominative
from processors.annotate.statements.language.lexicon import Lexicon
from processors.annotate.statements.people.mentions import Mention
from processors.annotate.statements.sentence.clauses import ends
from processors.annotate.statements.text.tokens import DASHES, Token

# Words of a clause before the outlet's verb, at least.
_CLAUSE_BEFORE = 3
_NOUN_WORDS = 4
"""At most, before the name: "the state news agency"."""
# Spaces in the name of an outlet, at most.
_NAME_SPACES = 3
_MARKS = "«»“”„\"‹›‘’' \u00a0\u202f"
_NO_PEOPLE = ("org", "noun")


def outlet_behind(
    tokens: list[Token], first: int, last: int, mentions: list[Mention], lexicon: Lexicon, *, further: bool
) -> Mention | None:
    """The outlet behind the verb at ``[first, last)``, where a clause stands before the verb and nothing behind the
    name but circumstances. ``further``: there is an attribution before.
    """
    if first < _CLAUSE_BEFORE or (tokens[first - 1].text != "," and tokens[first - 1].text not in DASHES):
        return None
    at = last
    while at < len(tokens) and at - last < _NOUN_WORDS and tokens[at].text[0] not in _MARKS:
        token = tokens[at]
        body = next((m for m in mentions if m.first == at and m.kind == "org"), None)
        if further and body is not None and not body.places and not lexicon.subject_follows:
            behind = body.last
            while behind < len(tokens) and tokens[behind].capital:
                behind += 1  # "die Agentur Tass"
            if ends(tokens, behind, lexicon):
                return body
        person = any(m.first <= at < m.last and m.kind not in _NO_PEOPLE for m in mentions)
        if token.kind != "w" or person or lexicon.has("prepositions", token.low) or token.low in lexicon.pronouns:
            return None
        at += 1
    if at >= len(tokens) or not _named(tokens[at]) or not ends(tokens, at + 1, lexicon):
        return None
    lang = lexicon.lang or ""
    if at == last and lang in LANGUAGES and not is_nominative(_words(tokens[at])[-1].lower(), lang):
        return None  # «…, сказал «Гавани»»: to whom
    text = " ".join(t.text for t in tokens[last : at + 1])
    return Mention(last, at + 1, tokens[last].start, tokens[at].end, text, "org", name=tokens[at].text.strip(_MARKS))


def _named(token: Token) -> bool:
    """Whether a few words with a capital stand in quotation marks, and no sentence."""
    words = token.text.strip(_MARKS)
    marked = token.text[0] in _MARKS and words[:1].isupper()
    return marked and words.count(" ") <= _NAME_SPACES and words[-1] not in ",.!?…"


def _words(token: Token) -> list[str]:
    return token.text.strip(_MARKS).split()
