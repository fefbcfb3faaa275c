"""Who speaks an attribution: from its source, or without one from what the sentence and those before it tell."""

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from processors.annotate.statements.attribution.hearsay import HEARD, TOLD
from processors.annotate.statements.attribution.led_up import GIST, LED_UP
from processors.annotate.statements.attribution.phrases import REPLY
from processors.annotate.statements.attribution.subjects import tells_news
from processors.annotate.statements.discourse.so_far import Discourse
from processors.annotate.statements.language.lexicon import Lexicon
from processors.annotate.statements.people.mentions import LATTER, Mention
from processors.annotate.statements.people.person import Person
from processors.annotate.statements.sentence.claims import ADJECTIVE
from processors.annotate.statements.sentence.parts import Cue
from processors.annotate.statements.sentence.rows import Row

_TOGETHER = frozenset({"person", "role"})
# Kinds of cues that never have a subject; a participle's is that of its clause, known or not.
_UNSAID = frozenset({"noun", "impersonal", REPLY})
_LED_UP = (LED_UP, GIST)
# "the document", but not "the United Nations document".
_DOCUMENT_WORDS = 2
# Sentences in which the place of an event is looked for.
_PLACES_REACH = 12


def speakers_of(
    row: Row, cues: Sequence[Cue], telling: frozenset[int], subject: Person | None, place: int,
    before: Person | None, discourse: Discourse,
) -> dict[int, Person | None]:  # fmt: skip
    """The speaker of each cue of a sentence, by the token where the cue begins.

    ``telling``: where the cues begin that have content; ``subject``: of the sentence, at token ``place``; ``before``:
    who could be meant by a pronoun at its beginning.
    """
    whom: dict[int, Person | None] = {}
    previous: Person | None = None
    for found in cues:
        cue = replace(found, source=None, elided=True) if _where_they_met(row, found, discourse) else found
        here = subject if place < cue.first else None
        if here is None and cue.self_contained and discourse.article.lexicon.cases:
            # «На це відреагувала віцеспікер: мовляв, …» is not who spoke in the sentence before.
            here = next(reversed(whom.values()), None) or _stranger(row.mentions, cue, discourse)
        if cue.source is None or cue.self_contained:
            person = _unnamed(row, cue, previous, here, place, before, discourse)
        else:
            person = _named(row, cue, cue.source, discourse)
        whom[cue.first] = person
        if cue.first in telling:
            previous = person or previous
    return whom


def _where_they_met(row: Row, cue: Cue, discourse: Discourse) -> bool:
    """Whether an impersonal report is of the place in which the article tells of an event: "In Ankara hieß es"."""
    source = cue.source
    if source is None or cue.base != "impersonal" or not source.places or source.last > cue.first:
        return False
    lexicon = discourse.article.lexicon
    return any(
        m.id == source.id and m.first > 0 and lexicon.has("prepositions", before.lows[m.first - 1])
        for before in discourse.article.rows[max(0, row.number - _PLACES_REACH) : row.number]
        for m in before.mentions
        if m.kind == "org"
    )


def first_of(whom: Mapping[int, Person | None]) -> Person | None:
    """The first speaker who is somebody."""
    return next((person for person in whom.values() if person is not None), None)


def _unnamed(
    row: Row, cue: Cue, previous: Person | None, subject: Person | None, place: int, before: Person | None,
    discourse: Discourse,
) -> Person | None:  # fmt: skip
    """The speaker of a cue without a source of its own. ``previous``: whose words the sentence has told so far."""
    lexicon, focus = discourse.article.lexicon, discourse.speakers.focus
    here = previous or subject or _led(row, cue, discourse) or before
    if cue.self_contained:
        leads = subject is not None and any(t.text == ":" for t in row.tokens[place : cue.first])
        return previous or (subject if leads else _of_phrase(row, cue, subject, before, discourse))
    if cue.base in _LED_UP:
        return _by_colon(row, cue, previous or subject or before, discourse)
    if cue.base == REPLY:
        here = focus or discourse.answerer(row.number, here)
    if previous is None and lexicon.pro_drop and cue.first > 0 and row.tokens[cue.first - 1].text == ",":
        # "X, dijo, Y": who has spoken, whoever was named in between.
        here = discourse.teller(row.number) or here
    if previous is None and cue.base not in _UNSAID and _its(row, cue, lexicon):
        # "Iran's read-out was shorter. It made no mention of oil and said …"
        return None
    asked = here is not None and (here.id is None or here.passing) and focus is not None
    if asked and previous is None and cue.elided and lexicon.has("responders", cue.base):
        # "Un periodista le recordó que … El reactor, contestó, …": not who has asked.
        here = focus
    owner = _owner(row, discourse) if cue.base == "noun" and previous is None and subject is None else None
    if owner is not None:
        return owner
    if cue.base in _UNSAID and (here is None or here.id is None):
        # «Оказалось, что …» after somebody's question is whom the article is about.
        here = focus or here
    if not cue.elided:
        here = before if lexicon.order == "sov" else None
    return (_voice(row, here, discourse) if previous is None and subject is None else None) or here


def _owner(row: Row, discourse: Discourse) -> Person | None:
    """The stranger of whom the sentence before tells, where this one tells of his words: "Anna Berg spoke. Her message
    was plain: …".
    """
    number, lexicon = row.number, discourse.article.lexicon
    if not number or not lexicon.has("own", row.lows[0]) or not discourse.article.same_paragraph(number - 1, number):
        return None
    first = next(iter(discourse.article.rows[number - 1].mentions), None)
    named = first is not None and first.kind == "name" and first.first <= 1 and " " in first.text
    return discourse.speakers.see(first) if first is not None and named and not first.oblique else None


def _by_colon(row: Row, cue: Cue, here: Person | None, discourse: Discourse) -> Person | None:
    """Who says what a clause without a subject leads up to: the last speaker, else whom the article is about; the gist
    is that of whom this sentence or the one before is about, as is that of a speech without a name.
    """
    lexicon, focus, number = discourse.article.lexicon, discourse.speakers.focus, row.number
    if row.sentence.paragraph == 0:
        return None
    around = [discourse.topics.get(n, set()) for n in (number, number - 1)]
    if cue.base == LED_UP:
        spoke = here is not None and here.kind == "person" and (here.spoke or here.id is not None)
        person = here if spoke and discourse.near(number) else focus
        # «Лоцман вернулся. Проверил карту: …»: the last sentence is about somebody else, though nobody known.
        return person if row.sentence.first or person in around[1] else None
    if here is not None and any(here in people for people in around):
        return here
    last = discourse.article.rows[number - 1]
    told = any(lexicon.has_any(name, last.lows) for name in ("speeches", "documents"))
    others = any(p for people in around for p in people if p is not focus) or _strangers(last)
    return focus if told and not others else None


def _of_phrase(
    row: Row, cue: Cue, subject: Person | None, before: Person | None, discourse: Discourse
) -> Person | None:
    """Who "he" is in "in his words": rather whom the article is about than several, or somebody only spoken of
    («После встречи с Рубио … Договор, по его словам, …»).
    """
    focus, lexicon = discourse.speakers.focus, discourse.article.lexicon
    voice = _voice(row, before, discourse) if subject is None else None
    if voice is not None:
        return voice
    his = any(lexicon.has("possessives", t.low) for t in row.tokens[cue.first : cue.last])
    for person in (subject, before):
        if person is None or focus is None:
            continue
        several = his and person.number == "p"
        silent = not discourse.speakers.has_spoken(person) and (person.gender != "f" or focus.gender == "f")
        if not several and not silent:
            return person
    return focus or subject or before


def _named(row: Row, cue: Cue, source: Mention, discourse: Discourse) -> Person | None:
    """The speaker of a cue with a source."""
    article, speakers = discourse.article, discourse.speakers
    if source.name == ADJECTIVE:
        return speakers.speaks_for(source, claim=True)
    if source.name == LATTER:
        # «Депутат спросил министра. Тот сообщил, что …»: not the subject of the sentence before.
        latter = _latter(row, discourse) or speakers.focus
        if latter is not None:
            return latter
    if source.kind != "pronoun" and cue.base in (HEARD, TOLD):
        # Passengers of whom nobody speaks may be told things as well.
        return discourse.teller(row.number) or (speakers.focus if cue.base == HEARD else None)
    if source.kind == "pronoun" and source.number == "n":
        return discourse.institution(row.number)
    pronoun = source.kind == "pronoun" and source.number == "s"
    if pronoun and article.lexicon.has("continuing", cue.base):
        # "…," he went on: who has spoken, whoever was named in between.
        teller = discourse.teller(row.number)
        if teller is not None and _agrees(teller, source):
            return teller
    joint = _joint(row, source, discourse)
    if joint is not None:
        return joint
    told = source.start > article.paragraphs[0].end and tells_news(row.tokens, cue, article.lexicon)
    person = (speakers.speaks_for(source) if told else None) or speakers.see(source)
    if pronoun:
        person = _meant(row, cue, source, person, discourse)
    if person is None:
        meant = (speakers.focus, discourse.only_one(row.number - 1)) if pronoun else ()
        # "Lavrov said that … \"…,\" she said": somebody else, whoever she is.
        return next((one for one in meant if one is not None and _agrees(one, source)), None)
    speakers.heard(person)
    if person.kind in ("org", "noun") and _a_document(source, article.lexicon):
        # «…, отмечается в документе»: the text of whom the article is about.
        return speakers.focus or person
    return person


def _joint(row: Row, source: Mention, discourse: Discourse) -> Person | None:
    """Of two who say it together, whom the article is about, else the first: "Lavrov and Rubio agreed that …"."""
    speakers, lexicon = discourse.speakers, discourse.article.lexicon
    if source.kind not in _TOGETHER:
        return None
    joined = source.first - 1
    if joined < 1 or not lexicon.has("conjunctions", row.tokens[joined].low):
        return None
    other = next((m for m in row.mentions if m.last == joined and m.kind in _TOGETHER and not m.oblique), None)
    if other is None:
        return None
    first, second = speakers.see(other), speakers.see(source)
    return second if second is speakers.focus else first


def _meant(row: Row, cue: Cue, pronoun: Mention, person: Person | None, discourse: Discourse) -> Person | None:
    """Whom a pronoun in the singular means, where ``person`` is the one named last whom it fits."""
    article, speakers, focus = discourse.article, discourse.speakers, discourse.speakers.focus
    if row.sentence.first and focus is not None and person is not None and person is not focus:
        # "Quizzed by reporters, he sneered": not whom others have only spoken of.
        person = person if speakers.has_spoken(person) or not _agrees(focus, pronoun) else focus
    voice = _voice(row, person, discourse)
    if voice is not None and _agrees(voice, pronoun) and not (voice.passing and person is focus):
        person = voice
    if pronoun.gender == "f":
        # "… since Kaja Kallas came to Nairobi, where she said"
        before = [speakers.see(m) for m in row.mentions if m.kind == "person" and m.last <= pronoun.first]
        person = next((p for p in reversed(before) if p is not None and p.gender == "f"), person)
    stray = not row.sentence.first and person is not focus
    if stray and person is not None and not discourse.spoken_of(row.number, person):
        # "More from Lavrov in the lower house. He says …": rather than whom another paragraph is about.
        near = discourse.only_one(row.number - 1) if not _strangers(article.rows[row.number - 1]) else None
        person = near if near is not None and near.id is not None and _agrees(near, pronoun) else person
    if person is not None and person.passing and article.lexicon.has("responders", cue.base):
        # "Another envoy wanted to know. …, he replied": not who has asked.
        person = focus or person
    return person


def _voice(row: Row, person: Person | None, discourse: Discourse) -> Person | None:
    """The only one who has spoken so far, where a paragraph begins and who was named last has not: "Lavrov had been in
    the city.¶ “Visitors come and go,” he said".
    """
    if not row.sentence.first or person is None or person.spoke or (person.id is None and person.offices):
        return None
    voice = discourse.speakers.only_voice
    if voice is None or voice.number != "s":
        return None
    return voice if voice.offices or " " in voice.name else None


def _latter(row: Row, discourse: Discourse) -> Person | None:
    """Whom the sentence before names last, where it names two."""
    before = discourse.article.rows[row.number - 1].mentions if row.number > 0 else []
    people = [discourse.speakers.see(m) for m in before if m.kind in ("person", "role") and m.number == "s"]
    return people[-1] if len(people) > 1 and people[-1] is not people[0] else None


def _stranger(mentions: list[Mention], cue: Cue, discourse: Discourse) -> Person | None:
    """Whom a full name that nobody knows introduces: «Відповіла віцеспікер Ганна Гук: мовляв, …»."""
    named = [m for m in mentions if m.kind == "name" and " " in m.text and not m.oblique and m.last <= cue.first]
    return discourse.speakers.see(named[-1]) if named else None


def _led(row: Row, cue: Cue, discourse: Discourse) -> Person | None:
    """The stranger with whose name a sentence begins, a participle's subject: «Сабуров уклонился, сказав …»."""
    first = row.mentions[0] if row.mentions else None
    if first is None or not (cue.elided and discourse.article.lexicon.cases and row.sentence.paragraph > 0):
        return None
    leads = first.kind == "name" and first.first == 0 and first.gender and not first.oblique and first.last < cue.first
    return discourse.speakers.see(first) if leads else None


def _strangers(row: Row) -> bool:
    return any(mention.kind == "name" for mention in row.mentions)


def _its(row: Row, cue: Cue, lexicon: Lexicon) -> bool:
    """Whether the sentence's subject is a thing."""
    first = row.mentions[0] if row.mentions else None
    thing = first is not None and first.kind == "pronoun" and first.number == "n" and first.first == 0
    return thing and lexicon.order == "svo" and cue.first > 1


def _a_document(source: Mention, lexicon: Lexicon) -> bool:
    words = source.text.lower().split()
    return len(words) <= _DOCUMENT_WORDS and lexicon.has("documents", words[-1])


def _agrees(person: Person, pronoun: Mention) -> bool:
    return not (person.gender and pronoun.gender) or person.gender == pronoun.gender
