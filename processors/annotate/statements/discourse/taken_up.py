"""Sentences that attribute the one before them: "This was stated by Lavrov", "That was the answer he gave"."""

from collections.abc import Mapping, Sequence

from processors.annotate.statements.discourse.pointing import (
    names_words,
    pointed,
    pointed_object,
    stated_by,
    these_in_front,
)
from processors.annotate.statements.discourse.so_far import Discourse
from processors.annotate.statements.people.person import Person
from processors.annotate.statements.sentence.groups import TELLERS
from processors.annotate.statements.sentence.parts import Cue
from processors.annotate.statements.sentence.rows import Row

_SAY = frozenset({"say"})
_VERDICT = frozenset({"name"})


def take_up(
    row: Row, lone: Sequence[Cue], whom: Mapping[int, Person | None], subject: Person | None, discourse: Discourse,
    *, claimed: bool, compared: bool,
) -> None:  # fmt: skip
    """The sentence before is the content of the ``lone`` cues, which have none here, or of what points at it without
    any; who asks there is noted.

    ``whom``: speakers by cue; ``subject``: of the sentence; ``claimed``: it has content of its own; ``compared``: its
    cues are another's, with whom it only compares.
    """
    if claimed and not lone:
        return
    lexicon, speakers = discourse.article.lexicon, discourse.speakers
    named, pointer = names_words(row.tokens, lexicon), pointed(row.tokens, lexicon)
    taken = False
    for cue in lone if not compared else ():
        if lexicon.has("asking", cue.base):
            discourse.asked = row.number, whom[cue.first]
        if lexicon.has("denials", cue.base) or cue.kinds == {"infinitive"}:
            continue  # "Ukraine has denied this before": the sentence before is not Ukraine's
        given = these_in_front(row.tokens, cue, lexicon)
        if cue.kinds == _VERDICT and lexicon.order != "free" and not given:
            continue  # "Kallas called that a lie": nor hers; but «Такое мнение выразил»
        if taken and lexicon.has("relay_verbs", cue.base):
            continue  # «Про це він сказав журналістам, повідомляє …»
        back = named or pointer >= 0 or pointed_object(row.tokens, cue, lexicon)
        taken = taken or (back and whom[cue.first] is not None)
        discourse.claim_previous(row, cue, whom[cue.first], back=back)
    if claimed:
        return
    agent = stated_by(row.tokens, row.mentions, lexicon)
    if agent is not None:
        stated = Cue(agent.first - 2, agent.first - 1, _SAY, "", agent)
        discourse.claim_previous(row, stated, speakers.see(agent), back=True)
    taken_up = subject or (speakers.focus if named else None)
    any_verb = named or (pointer >= 0 and lexicon.order == "free")
    if any_verb and not lone and taken_up is not None:
        # «С таким заявлением выступил министр», "That was the answer he gave".
        at = 0 if named else pointer
        discourse.claim_previous(row, Cue(at, at + 1, _SAY, "", None, True), taken_up, back=True)


def take_given(row: Row, given: Cue, discourse: Discourse) -> bool:
    """The sentence before is whose the date, the figure or the pledge is that it ``given``; not if it has been told as
    somebody's.
    """
    person = discourse.speakers.see(given.source) if given.source is not None else None
    if person is None or row.number == 0 or discourse.attributed(row.number - 1):
        return False
    before = discourse.article.rows[row.number - 1].mentions
    if any(m.first <= 1 and m.kind in TELLERS for m in before):
        return False  # "He came to Baku. Lavrov gave the date": told by the reporter
    discourse.claim_previous(row, given, person, back=True)
    return True
