"""Speeches printed in full, as ministries print them: a title that says whose they are and on which occasion, and below
it nothing but his words («Выступление Министра … на приеме», "Foreign Minister …'s remarks at …").
"""

from processors.annotate.statements.article.article import Article
from processors.annotate.statements.discourse.authorship import ends_or_places, in_first_person, stem
from processors.annotate.statements.language.lexicon import Lexicon
from processors.annotate.statements.people.mentions import Mention
from processors.annotate.statements.sentence import clauses
from processors.annotate.statements.sentence.rows import Row
from processors.annotate.statements.text.possessive import POSSESSIVE, without_possessive

_GENRE = 3
"""A speech is named among the first words of a title: "Opening remarks by", «Вступительное слово»."""
_BEHIND = 3
"""Or that far behind his name: "Sergei Lavrov's opening remarks"."""
# Words of the first person in a speech, at least.
_OWN_WORDS = 2
# Words of "Dear colleagues,", at most.
_GREETING = 16


def author_of(article: Article) -> Mention | None:
    """Whose speech the article prints; None where it is no such page.

    Its text is in the first person, and does not name him before the first question: who tells of a speech does.
    """
    title = next(iter(article.rows), None)
    if title is None or title.sentence.paragraph > 0 or any(t.text in ":?" for t in title.tokens):
        return None
    author = next((m for m in title.mentions if m.kind == "person" and m.id is not None), None)
    if author is None or not _heads(title, author, article.lexicon):
        return None
    begin = title.sentence.end
    end = min((start for start in article.turns if start > begin), default=len(article.text))
    if stem(without_possessive(author.text)) in article.text[begin:end]:
        return None
    own = sum(
        in_first_person(article.text[s.start : s.end], article.lexicon)
        for s in article.sentences
        if begin <= s.start < end
    )
    answers = any(turn.entity is not None and turn.entity.id == author.id for turn in article.turns.values())
    return author if own >= _OWN_WORDS - int(answers) else None


def greets(row: Row, article: Article) -> bool:
    """As "Dear colleagues, ladies and gentlemen," in a paragraph of its own."""
    paragraph = article.paragraphs[row.sentence.paragraph]
    alone = (row.sentence.start, row.sentence.end) == (paragraph.start, paragraph.end)
    return alone and len(row.tokens) <= _GREETING and row.tokens[-1].text in ("!", ",")


def _heads(title: Row, author: Mention, lexicon: Lexicon) -> bool:
    tokens, lows = title.tokens, title.lows
    genre = next((i for i in range(min(_GENRE, len(lows))) if lexicon.has("speeches", lows[i])), None)
    if genre is not None and genre < author.first:
        words = [t for t in tokens[genre + 1 : author.first] if t.text != "."]
        linked = lexicon.cases or lexicon.subject_follows or lexicon.has_any("bylines", lows[genre + 1 : author.first])
        linked = linked or any(lexicon.has(name, lows[genre + 1]) for name in ("prepositions", "determiners"))
        told = any(t.kind != "w" for t in words) or clauses.has_verb(tokens, genre + 1, len(tokens), lexicon)
        return linked and not told and ends_or_places(tokens, author, lexicon)
    # "Foreign Minister Sergei Lavrov's remarks at the reception"
    if author.first > 0 or not author.text.endswith(POSSESSIVE):
        return False
    genre = next((i for i in range(author.last, len(lows)) if lexicon.has("speeches", lows[i])), len(lows))
    # "Lavrov's remarks on the lake anger Oslo" is news.
    behind = lows[genre + 1 : genre + 2]
    return genre <= author.last + _BEHIND and not lexicon.has_any("topic_prepositions", behind)
