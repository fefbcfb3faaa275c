"""Words that no cue has: quotations by themselves, and sentences that go on with what somebody says.

Which sentences do, ``continuation`` tells by their words; here it is decided by what stands before them.
"""

import re

from processors.annotate.statements.article.drafts import Draft
from processors.annotate.statements.discourse import continuation
from processors.annotate.statements.discourse.retold import retells
from processors.annotate.statements.discourse.so_far import Discourse
from processors.annotate.statements.language.lexicon import Lexicon
from processors.annotate.statements.language.mood import dated, prospective, subjunctive
from processors.annotate.statements.people.person import Person
from processors.annotate.statements.sentence.rows import Row
from processors.annotate.statements.text.tokens import DASHES
from schemas import Span

_WORD = re.compile(r"[^\W_]+")
# Chinese and Japanese.
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
# Words of a quotation that is somebody's without a cue, at least: fewer are a name or a term.
_QUOTE_WORDS = 4
# Words between a quotation and the name of whose it is, in a language without data, at most.
_BESIDE = 8
# Words of one that its marks and place make a sentence, at least; what introduces it has more.
_SENTENCE_WORDS = 2
# Words of a name in quotation marks, at most: «Новая гавань».
_NAME_WORDS = 2
# Words beside quotations, at most, that say nothing of their own.
_FEW = 4
# Words of what introduces a short quotation, at most: "He was brief:".
_BRIEF = 5
_ENDS = (".", "!", "?", "…")
# Statements, or sentences, in which a speaker is looked for who goes on.
_SINCE = 3
# Words of a sentence that only says how somebody spoke on a topic, at most.
_TURNING = 18
# Words from a country that begins a sentence to its verb: "Russia will not wait".
_VERB_REACH = 3
_PEOPLE = frozenset({("pronoun", "s"), ("pronoun", "p")})


def add_quotations(
    row: Row, claimed: set[int], before: Person | None, subject: Person | None, discourse: Discourse, *, alone: bool
) -> None:
    """Quotations outside the tokens that are ``claimed``: the speaker ``before`` goes on, or the sentence's subject is
    quoted in part; where the sentence names nobody (``alone``), whom the article is about.
    """
    article, focus = discourse.article, discourse.speakers.focus
    words = sum(1 for t in row.tokens if t.kind == "w")
    for i, token in enumerate(row.tokens):
        if token.kind != "q" or i in claimed:
            continue
        if article.lexicon.lang is None and _by_name_beside(row, i, discourse):
            continue
        least = _SENTENCE_WORDS if _a_sentence(row, i, subject, discourse) else _QUOTE_WORDS
        if _length(token.text) < least:
            continue
        goes_on = before if discourse.near(row.number) else None
        if goes_on is not None:
            goes_on = discourse.answerer(row.number, goes_on)
        person = goes_on if words <= 2 else subject
        last = discourse.drafts[-1] if discourse.drafts else None
        if words <= _FEW and i == 0 and last is not None and last.end in article.unclosed and last.speaker is not None:
            # A quotation that was not closed goes on in this paragraph.
            person = last.speaker
        if not words and last is not None and last.sentence == row.number - 1 and _by_nobody(last, discourse):
            person = None  # '"X," said a manager over lunch. "Y."'
        elif person is None and alone:
            person = focus
        told = words > _FEW and alone and person is not None and not dated(row.tokens, article.lexicon)
        if told and not claimed:
            # Where nobody else is named, what surrounds his words tells them as well.
            discourse.add_row(row, person)
            return
        draft = Draft(token.start, token.end, person, None, None, row.number)
        discourse.drafts.append(draft)
        if token.end in article.unclosed and person is None:
            discourse.open.append(draft)


def _by_name_beside(row: Row, at: int, discourse: Discourse) -> bool:
    """Notes a quotation of a language that has no data, if the only person whom its sentence names is near: whatever
    the words between are ('"X", zei Lavrov'), it is that person's.
    """
    tokens = row.tokens
    people = [m for m in row.mentions if m.kind == "person"]
    if len({m.id or m.name for m in people}) != 1:
        return False
    # Two words are no name where marks set them apart, as a sentence is from who says it: «Siamo pronti», ha detto …
    before, behind = tokens[at - 1].text if at else "", tokens[at + 1].text if at + 1 < len(tokens) else ""
    apart = (before in ("", ":") and behind in (",", ".")) or before == ":"
    titled = all(word[:1].isupper() for word in _WORD.findall(tokens[at].text))
    if _length(tokens[at].text) < (_SENTENCE_WORDS if apart and not titled else _QUOTE_WORDS):
        return False
    name = min(people, key=lambda m: abs(m.first - at))
    between = tokens[at + 1 : name.first] if name.first > at else tokens[name.last : at]
    if len(between) > _BESIDE or any(t.text in ";." for t in between):
        return False
    person = discourse.speakers.see(name)
    source = Span(name.start, name.end)
    discourse.drafts.append(Draft(tokens[at].start, tokens[at].end, person, source, None, row.number))
    if person is not None:
        discourse.speakers.told(person)
        discourse.speakers.topic(person)
    return True


def _length(text: str) -> int:
    """Words of a text; in scripts without spaces two characters are one."""
    unspaced = len(_UNSPACED.findall(text))
    return len(_WORD.findall(_UNSPACED.sub(" ", text))) + (unspaced + 1) // 2


def _by_nobody(draft: Draft, discourse: Discourse) -> bool:
    """Whether somebody is quoted whom nobody knows; two words are a name («Новая гавань»)."""
    article = discourse.article
    words = len(_WORD.findall(article.text[draft.start : draft.end]))
    told = draft.speaker is None and draft.cue is not None
    return told and words > _NAME_WORDS and draft.start in article.quote_starts


def _a_sentence(row: Row, at: int, subject: Person | None, discourse: Discourse) -> bool:
    """Whether a short quotation is a sentence by its marks and somebody's by its place: "Asked about Minsk: “Not this
    year.”", "He was brief: “Not now.”", or behind one that asks whom the article is about. What stands on a poster is
    nobody's.
    """
    lexicon, token, behind = discourse.article.lexicon, row.tokens[at], [t.text for t in row.tokens[at + 1 :]]
    # Russian has the full stop behind the quotation mark.
    if not (behind in (["."], ["…"]) or (not behind and token.text[-2:-1] in _ENDS)):
        return False
    if at > 0:
        if row.lows[at - 1] != ":":
            return False
        lows = row.lows[int(lexicon.has("conjunctions", row.lows[0])) : at]
        named = any(lexicon.has(name, lows[0]) for name in ("topic_prepositions", "to")) and len(lows) > _SENTENCE_WORDS
        topical = (named and not lexicon.has("determiners", lows[1])) or lexicon.has("openers", lows[0])
        brief = subject is not None and (lexicon.has_any("copulas", lows) or lexicon.has_any("auxiliaries", lows))
        return len(lows) <= _BRIEF and (topical or brief)
    if row.number == 0 or not discourse.article.same_paragraph(row.number - 1, row.number):
        return False
    before = discourse.article.rows[row.number - 1]
    people = {discourse.speakers.focus} == discourse.topics.get(row.number - 1)
    asked = lexicon.has_any("openers", before.lows) and token.text[-2:-1] != "?"
    return people and asked and not any(m.kind in ("name", "role") for m in before.mentions)


def go_on(row: Row, before: Person | None, subject: Person | None, place: int, discourse: Discourse) -> None:
    """A sentence without a cue that may still report its ``subject`` (at token ``place``), the last speaker,
    ``before``, or whom the article is about.
    """
    number, focus, lexicon = row.number, discourse.speakers.focus, discourse.article.lexicon
    explained = continuation.announced_by_colon(row.tokens, lexicon)
    explained = explained or continuation.reported_behind(row.tokens, lexicon)
    if place < explained and subject is not None and subject is focus and row.sentence.paragraph > 0:
        discourse.add(number, row.tokens, explained, len(row.tokens), subject)
    elif focus is not None and retells(row, focus, discourse):
        discourse.add_row(row, focus)
    elif focus is not None and _answers(row, discourse):
        discourse.add_row(row, _prompted_speaker(row, focus, discourse))
    elif focus is not None and _told_how(row, focus, discourse):
        discourse.add_row(row, focus)
    else:
        _go_on_near(row, before, discourse)


def _go_on_near(row: Row, before: Person | None, discourse: Discourse) -> None:
    """A sentence that neither announces words nor is announced: it may report whoever has just spoken."""
    number, focus, lexicon = row.number, discourse.speakers.focus, discourse.article.lexicon
    moved = discourse.moved == number - 1 >= 0 and discourse.article.same_paragraph(number - 1, number)
    near = discourse.near(number)
    if moved and not near:
        mover = before or focus
        if mover is not None and row.tokens[-1].text != "?" and not _led_or_dated(row, lexicon):
            discourse.add_row(row, mover)
        return
    led = continuation.others_lead(row.mentions, row.lows, lexicon)
    reported = row.tokens[-1].text != "?" and subjunctive(row.tokens, lexicon)
    silent = before is None or not near
    if focus is not None and silent and reported and not led and _only_his(row, focus, discourse):
        # The mood says that these are somebody's words, and no other has spoken.
        discourse.add_row(row, focus)
    elif before is not None and near:
        _go_on_with(row, before, discourse, led=led, moved=moved, reported=reported)
    elif focus is not None and continuation.names_a_topic(row.tokens, lexicon):
        discourse.moved = number


def _only_his(row: Row, focus: Person, discourse: Discourse) -> bool:
    """Whether words whose mood says that they are somebody's can be nobody's but of whom the article is about."""
    if row.sentence.paragraph == 0 or not _only_voice(discourse, focus):
        return False
    # The French conditional is also that of reporters, and of other people.
    return not (discourse.article.lexicon.reportive_ends and _behind_another(row.number, focus, discourse))


def _go_on_with(row: Row, before: Person, discourse: Discourse, *, led: bool, moved: bool, reported: bool) -> None:
    """A sentence near a statement: it may go on with its speaker, with ``before``, or under a heading with whom the
    article is about. ``led``: somebody else opens it; ``moved``: the one before it has turned to its topic;
    ``reported``: its mood says that it is somebody's words.
    """
    number, focus, lexicon = row.number, discourse.speakers.focus, discourse.article.lexicon
    last = discourse.drafts[-1]
    teller = last.speaker
    # "Kapitän Sund widersprach: …" has its speaker.
    others = led and ":" in row.lows
    if reported and not others and teller is not None and teller.kind == "person":
        # The mood says that somebody's words go on, whoever has become the topic in between.
        discourse.add_row(row, teller)
        return
    colon = continuation.topic_colon(row.tokens, lexicon)
    whose = focus if teller is focus else before
    if colon and teller is whose and last.sentence >= number - _SINCE:
        discourse.add(number, row.tokens, colon, len(row.tokens), whose)
        return
    topical = focus is not None or teller is before or moved
    if topical and continuation.names_a_topic(row.tokens, lexicon):
        discourse.moved = discourse.heading = number
        return
    if moved and discourse.heading == number - 1 and focus is not None:
        before = focus  # under a heading an article goes on with whom it is about
    if (teller is before or moved) and _reports_on(row, before, discourse, led=led, moved=moved):
        discourse.add_row(row, before)


def _behind_another(number: int, person: Person | None, discourse: Discourse) -> bool:
    """Whether the sentence before, in the same paragraph, is about others and tells nothing of a person's."""
    if number == 0 or not discourse.article.same_paragraph(number - 1, number):
        return False
    told = any(draft.sentence == number - 1 for draft in discourse.drafts[-_SINCE:])
    about = discourse.topics.get(number - 1, set())
    return bool(about) and person not in about and not told


def _only_voice(discourse: Discourse, person: Person) -> bool:
    """Whether the article's last statements are a person's, or there are none."""
    return all(draft.speaker is person for draft in discourse.drafts[-_SINCE:])


def _reports_on(row: Row, person: Person, discourse: Discourse, *, led: bool, moved: bool) -> bool:
    """Whether a sentence near one of a person's reports him too. ``led``: somebody else opens it; ``moved``: the one
    before it has turned to its topic.
    """
    number, article = row.number, discourse.article
    lexicon, last = article.lexicon, discourse.drafts[-1]
    joined = number > 0 and article.same_paragraph(number - 1, number)
    adjacent = joined and last.sentence == number - 1
    told = {draft.sentence for draft in discourse.drafts[-2:]}
    spoken_of = joined and person in discourse.topics.get(number - 1, ()) and number - 1 not in told
    return (
        ((adjacent or spoken_of) and not led and continuation.claims(row.tokens, lexicon))
        or (adjacent and not led and (_of_his_country(row, person, discourse) or _foretells(row, discourse)))
        or (adjacent and continuation.plans(row.tokens, row.mentions, lexicon))
        or (adjacent and not led and continuation.shifted(row.tokens, article.rows[number - 1].tokens, lexicon))
        or (moved and not led and not dated(row.tokens, lexicon))
        or (adjacent and article.text[article.paragraphs[row.sentence.paragraph].start] in DASHES)
    )


def _of_his_country(row: Row, person: Person, discourse: Discourse) -> bool:
    """Whether a sentence says what the country of a person, whose office speaks for it, will do: "Lavrov said the deal
    was dead. Russia will not wait for another". Of a talks' second day, or of others, a reporter says so as well.
    """
    lexicon, speakers = discourse.article.lexicon, discourse.speakers
    first = next((m for m in row.mentions if m.first <= 1), None)
    if person.id is None or first is None or first.kind != "org" or not first.places or first.oblique:
        return False
    if speakers.country_of(first) not in {place for _, place in speakers.knowledge.offices_of(person.id)}:
        return False
    verb = row.tokens[first.last : first.last + _VERB_REACH]
    return prospective(verb, lexicon) and row.tokens[-1].text != "?" and not dated(row.tokens, lexicon)


def _foretells(row: Row, discourse: Discourse) -> bool:
    """Whether a sentence tells what will be, right behind one whose words an attribution gives to somebody: "…, the
    minister went on. Seven embassies will open by the end of the decade." Of people ("They will fly on", "Whoever
    remembers it will smile") and countries the reporter says what they will do.
    """
    lexicon, first = discourse.article.lexicon, next(iter(row.mentions), None)
    words = [t for t in row.tokens if t.kind == "w"]
    told = any(d.sentence == row.number - 1 and d.cue is not None for d in discourse.drafts[-_SINCE:])
    if not told or not words or row.tokens[-1].text == "?" or dated(row.tokens, lexicon):
        return False
    if first is not None and first.first <= 1 and (first.kind == "org" or (first.kind, first.number) in _PEOPLE):
        return False
    opening = words[0].low
    joined = any(lexicon.has(name, opening) for name in ("connectors", "complementizers", "relatives"))
    # German "die" is an article as well.
    return (not joined or lexicon.has("determiners", opening)) and prospective(row.tokens, lexicon)


def _led_or_dated(row: Row, lexicon: Lexicon) -> bool:
    """Whether a sentence is led by somebody else, or told as an event."""
    return continuation.others_lead(row.mentions, row.lows, lexicon) or dated(row.tokens, lexicon)


def _answers(row: Row, discourse: Discourse) -> bool:
    """Whether a sentence says what the one before it asked or announced; its paragraph says nothing else."""
    number, article = row.number, discourse.article
    if not 0 <= discourse.prompted == number - 1:
        return False
    lexicon = article.lexicon
    asked = article.text[article.sentences[number - 1].end - 1] == "?"
    pronoun = any(m.kind == "pronoun" and m.first <= 1 for m in row.mentions)
    taken_up = pronoun or lexicon.has("pointers", row.lows[0])
    return (
        # "The phrase is not new. It was first heard in May": about the words, not the words.
        (asked or not taken_up)
        and article.same_paragraph(number - 1, number)
        and not continuation.others_lead(row.mentions, row.lows, lexicon)
        # "… for another year" may be announced, what happened on Tuesday is told.
        and not any(low.startswith(lexicon.weekday_stems) for low in row.lows)
        and row.tokens[-1].text != "?"
    )


def _told_how(row: Row, focus: Person, discourse: Discourse) -> bool:
    """Whether the sentence before says how whoever the article is about spoke on a topic, and not what: "On ecology he
    sounded almost conciliatory. Russia would pay for the first three years."
    """
    number, article = row.number, discourse.article
    lexicon = article.lexicon
    if number == 0 or not article.same_paragraph(number - 1, number) or discourse.topics.get(number - 1) != {focus}:
        return False
    before = article.rows[number - 1]
    topical = lexicon.has("topic_prepositions", before.lows[0]) and len(before.tokens) <= _TURNING
    # "On arrival Lavrov laid flowers. The square was closed" stands where nobody has spoken yet.
    last = discourse.drafts[-1] if discourse.drafts else None
    speaks = last is not None and last.speaker is focus and last.sentence < number - 1
    return (
        topical
        and speaks
        and not dated(before.tokens, lexicon)
        and sum(t.kind == "w" for t in row.tokens) > _FEW
        and row.tokens[-1].text != "?"
        and not _led_or_dated(row, lexicon)
    )


def _prompted_speaker(row: Row, focus: Person, discourse: Discourse) -> Person:
    """Whose an announced sentence is: of the last speaker in its paragraph, if he is known, else ``focus``."""
    last = discourse.drafts[-1] if discourse.drafts else None
    if last is None or not discourse.article.same_paragraph(last.sentence, row.number):
        return focus
    teller = last.speaker
    return teller if teller is not None and teller.kind == "person" and teller.id is not None else focus
