"""What the whole article tells of its people before the first sentence is judged.

Roles are bound by their names wherever these stand, so that a lead without the name is resolved too; with that the
mentions that another sentence explains ("its foreign minister", a surname alone) are completed.
"""

from collections.abc import Iterable

from processors.annotate.statements.article.article import Article
from processors.annotate.statements.people.mentions import Mention
from processors.annotate.statements.people.ministries import names_foreign_ministry
from processors.annotate.statements.people.person import Person
from processors.annotate.statements.people.possessives import place_possessed
from processors.annotate.statements.people.speakers import Speakers
from processors.annotate.statements.people.unlinked import surnames_of, with_known, with_surnames


def get_acquainted(article: Article, speakers: Speakers) -> None:
    """Completes the article's rows, and tells ``speakers`` who holds which office and whom the article is about."""
    if any(names_foreign_ministry(row.tokens, article.lexicon) for row in article.rows):
        speakers.go_abroad()
    # "Russia's Top Diplomat Takes Aim": no stranger's name.
    told = (m for row in article.rows for m in row.mentions if row.sentence.paragraph > 0 or m.kind != "name")
    roles = _holders(told, speakers)
    place_possessed(article.rows, article.lexicon, speakers)
    if speakers.surnames:
        for row in article.rows:
            row.mentions = with_known(row.tokens, row.mentions, speakers.surnames)
    if article.lexicon.lang == "de":
        surnames = surnames_of(row.mentions for row in article.rows)
        for row in article.rows if surnames else ():
            row.mentions = with_surnames(row.tokens, row.mentions, surnames)
    names = [m for row in article.rows for m in row.mentions if m.kind == "name"]
    speakers.look_at(article.text, article.entities, names, roles, article.lead_end)


def _holders(mentions: Iterable[Mention], speakers: Speakers) -> list[tuple[int, str]]:
    """Where an office alone stands for somebody known, and for whom."""
    roles: list[tuple[int, str]] = []
    for mention in mentions:
        speakers.learn(mention)
        tells = mention.kind in ("person", "name") or (
            mention.kind == "role" and (mention.name or (mention.places and mention.office == "foreign_minister"))
        )
        if mention.office and tells:
            person = speakers.see(mention)
            if mention.kind == "role" and person is not None and person.id is not None:
                roles.append((mention.start, person.id))
    return roles


def interviewed(article: Article, speakers: Speakers, begin: int) -> Person | None:
    """Who is interviewed: whom the text before the first question, at ``begin``, says to answer, else the first known
    person there, by name or office, else the first named. None where nobody is: then questions are the headings of an
    explainer.
    """
    answering = _answering(article, begin)
    if answering is not None:
        person = speakers.see(answering)
        if person is not None and person.id is not None:
            return person
    ahead = [m for row in article.rows if row.sentence.start < begin for m in row.mentions]
    named = [m for m in ahead if m.kind == "person" or (m.kind == "role" and m.name)]
    seen = (speakers.see(m) for m in ahead if m in named[:1] or (m.kind == "role" and not m.oblique))
    known = next((p for p in seen if p is not None and p.id is not None), None)
    return known or (speakers.see(named[0]) if named else None)


def _answering(article: Article, end: int) -> Mention | None:
    """As in "Trade and tankers: Lavrov answers questions": who stands before a verb of answering."""
    for row in article.rows:
        if row.sentence.start >= end:
            break
        for mention in row.mentions:
            verb = article.lexicon.verb_at(row.lows, mention.last) if mention.last < len(row.lows) else None
            answers = verb is not None and article.lexicon.has("responders", verb.base)
            if answers and mention.kind == "person" and not mention.oblique:
                return mention
    return None
