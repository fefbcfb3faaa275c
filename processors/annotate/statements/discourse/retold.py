"""Passives that retell a printed piece of whom the article is about: «Попытки … названы шантажом», "The rise is put
down to greed", "Die Teuerung wird auf Gier zurückgeführt". Elsewhere such a passive is anybody's.
"""

from processors.annotate.statements.discourse import continuation
from processors.annotate.statements.discourse.so_far import Discourse
from processors.annotate.statements.language.lexicon import Lexicon
from processors.annotate.statements.people.person import Person
from processors.annotate.statements.sentence.rows import Row

# Sentences at the head of an article in which a printed piece is named.
_HEAD = 4
_SUBJECT = 3
_BETWEEN = 3


def retells(row: Row, focus: Person, discourse: Discourse) -> bool:
    """Whether a sentence near a statement of his tells by such a passive what he has written."""
    lexicon = discourse.article.lexicon
    if not lexicon.has_any("retelling", row.lows) or not discourse.near(row.number) or not discourse.drafts:
        return False
    if discourse.drafts[-1].speaker is not focus or not _printed(focus, discourse):
        return False
    others = continuation.others_lead(row.mentions, row.lows, lexicon) or lexicon.has_any("agents", row.lows)
    named = lexicon.has_any("documents", row.lows[:_SUBJECT])  # «Статья называется …»
    return not others and not named and row.tokens[-1].text != "?" and _passive(row.lows, lexicon)


def _printed(focus: Person, discourse: Discourse) -> bool:
    """Whether the article's head tells of something printed that is his."""
    lexicon = discourse.article.lexicon
    return any(
        focus in discourse.topics.get(row.number, ()) and lexicon.has_any("documents", row.lows)
        for row in discourse.article.rows[:_HEAD]
    )


def _passive(lows: list[str], lexicon: Lexicon) -> bool:
    """Whether the verb is one by itself (Russian), or has its auxiliary: in front of it, in German far in front."""
    if not lexicon.words.get("retelling_auxiliaries"):
        return True
    for at, low in enumerate(lows):
        if lexicon.has("retelling", low):
            begin = 0 if lexicon.lang == "de" else max(0, at - _BETWEEN)
            if lexicon.has_any("retelling_auxiliaries", lows[begin:at]):
                return True
    return False
