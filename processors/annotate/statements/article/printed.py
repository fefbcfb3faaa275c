"""What questions and answers were printed from, which their own words seldom tell."""

import datetime

from processors.annotate.setting import Passage, find_setting
from processors.annotate.statements.article.article import Article

# Kinds that the head of an interview has as well: "sat down with", "met the minister", "written answers".
_INTERVIEWS_TOO = frozenset({"opening", "meeting", "statement"})


def printed_form(article: Article, lang: str | None, published: datetime.datetime | None) -> str | None:
    """The kind of occasion of an article of questions and answers: what stands before the first of them tells it, else
    it is an interview. None where it is no such article, and after talks, where both are printed.
    """
    if not article.turns:
        return None
    head = Passage(0, min(article.turns))
    found = find_setting(
        article.text, [head], lang=lang, published=published, entities=article.entities_at([head]),
        knowledge=article.knowledge,
    )  # fmt: skip
    told = found.occasion if found is not None else None
    if told == "talks":
        return None
    return "interview" if told is None or told in _INTERVIEWS_TOO else told
