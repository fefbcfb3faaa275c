"""Content that follows a leading attribution: "Lavrov said that X", «заявил о готовности к переговорам»."""

from processors.annotate.statements.language.case import is_infinitive
from processors.annotate.statements.language.lexicon import Lexicon
from processors.annotate.statements.language.mood import subjunctive
from processors.annotate.statements.sentence import clauses
from processors.annotate.statements.sentence.addressees import skip_addressee
from processors.annotate.statements.sentence.claims import CLAIM
from processors.annotate.statements.sentence.deeds import by_deed
from processors.annotate.statements.sentence.groups import ABOUT_WORDS, TOLD_WORDS, Group, is_participle
from processors.annotate.statements.text.tokens import Token, names_something

# "en una rueda de prensa con su par", at most.
_CIRCUMSTANCE_WORDS = 16
# Words before a participle without a comma, at least.
_VERB_AHEAD = 3
# From "describing" to "as".
_OBJECT_REACH = 7
# From an infinitive to its colon.
_COLON_REACH = 6
# The Arabic preposition that is written together with its noun, and words too short to have it.
_ATTACHED = "ب"
_SHORT = 4


def content_behind(
    tokens: list[Token], group: Group, stop: int, limit: int, lexicon: Lexicon
) -> tuple[int, int] | None:
    """What follows a leading attribution; its complementizer stands before the next cue (``limit``)."""
    end = min(stop, clauses.end(tokens))
    if group.cue.kinds == {"infinitive"}:
        reach = range(group.cue.last, min(end, group.cue.last + _COLON_REACH))
        colon = next((i for i in reach if tokens[i].text == ":"), end)
        return clauses.trim(tokens, colon + 1, end) if colon + 2 < end else None
    if group.cue.kinds == {"noun"}:
        least = 2 if group.cue.base == CLAIM else 3
        enough = end - group.last >= least or any(t.kind == "q" for t in tokens[group.last : end])
        return clauses.trim(tokens, group.last, end) if enough else None
    at = _marked(tokens, group, end, limit, lexicon)
    if at is None and is_participle(tokens, group, lexicon) and not _participle_reports(tokens, group, end, lexicon):
        return None
    if at is None:
        at = _unmarked(tokens, group, end, lexicon)
    return _checked(tokens, group, at, end, lexicon) if at is not None else None


def _marked(tokens: list[Token], group: Group, end: int, limit: int, lexicon: Lexicon) -> int | None:
    """Where content begins that a word marks: a preposition of what is spoken about, an infinitive, "that"."""
    cue, last = group.cue, group.last
    at = _about(tokens, group, end, lexicon)
    if at is None and last < end and lexicon.has("content_infinitives", tokens[last].low):
        # "a indiqué avoir échangé quelques mots": the clause is an infinitive's
        at = last if "say" in cue.kinds else None
    if at is None and last < end and lexicon.cases and "_" in cue.base:
        # «выразил готовность принять груз»
        at = last if is_infinitive(tokens[last].low, lexicon.lang or "") else None
    if at is None:
        at = clauses.complement(tokens, last, min(end, limit), lexicon, lexicon.has("told", cue.base))
    if at is not None and "name" in cue.kinds and at > last + 1:
        at = None if cue.kinds == {"name"} or _of_another_clause(tokens, last, at, lexicon) else at
    if at is None and lexicon.order != "svo" and lexicon.has("of_verbs", cue.base):
        at = _behind_warned(tokens, last, end, lexicon)
    return at


def _participle_reports(tokens: list[Token], group: Group, end: int, lexicon: Lexicon) -> bool:
    """As in "…, citing the lack of progress"; "Citing the lack of progress, he left" reports nothing."""
    if not group.cue.kinds & {"say", "name"}:
        return False
    if _verdict(tokens, group, end, lexicon):
        return True
    if group.first == 0:
        return False
    before = tokens[group.first - 1]
    if lexicon.has("hearing", before.low):
        return True  # "was heard demanding"
    joined = before.text in ",—–" or before.text[-2:-1] == "," or lexicon.has("conjunctions", before.low)
    return joined and group.first > 1


def _unmarked(tokens: list[Token], group: Group, end: int, lexicon: Lexicon) -> int | None:
    """Where content begins that no word marks: at a quotation, a colon or comma, an object or a bare clause."""
    cue = group.cue
    rest = _behind_circumstance(tokens, clauses.skip_adjuncts(tokens, group.last, end, lexicon), end, lexicon)
    if rest + 1 < end and tokens[rest + 1].text in ",:" and lexicon.has("particles", tokens[rest].low):
        rest += 1  # "teilte mit, …"
    mark = next((i for i in range(rest, end) if tokens[i].kind == "q" or tokens[i].text == ":"), None)
    if mark is not None and mark + 1 < end and tokens[mark + 1].text == ":" and names_something(tokens[mark]):
        mark += 1  # «рассказал телеканалу «Река»: …»
    comma = next((i for i in range(rest, end) if tokens[i].text == ","), None)
    if lexicon.has("with_object", cue.base) and comma is not None and rest < comma:
        if not _condition(tokens, comma + 1, end, lexicon):
            return comma + 1  # "warf dem Rat vor, die Fähren aufzuhalten"
        # "drohte den Käufern mit Zöllen, sollte niemand antworten"
        return next((i for i in range(rest, comma) if lexicon.has("prepositions", tokens[i].low)), comma + 1)
    if "name" in cue.kinds and not lexicon.has("told", cue.base):
        return _object(tokens, rest, end, lexicon) if lexicon.subject_follows else rest
    if mark is not None and tokens[mark].text == ":":
        return mark + 1
    if mark is not None and mark - rest <= 1:
        return mark
    circumstance = comma is not None and _circumstance(tokens, rest, comma, lexicon)
    if comma is not None and circumstance and _bare_clause(tokens, group, comma, end, lexicon):
        return comma + 1
    if "say" in cue.kinds and lexicon.order == "svo":
        return _said(tokens, group, rest, end, lexicon)
    if mark is not None and all(t.kind != "p" for t in tokens[rest:mark]):
        return mark
    bare = lexicon.has("bare_clauses", cue.base) and _begins_clause(tokens, rest, end, lexicon)
    return rest if bare else None


def _said(tokens: list[Token], group: Group, at: int, end: int, lexicon: Lexicon) -> int | None:
    """Where the object or clause of a verb of saying begins, behind those who are told; None where none follows."""
    cue = group.cue
    # "responded to the speech", "answered questions": what is answered is another's.
    if lexicon.has("responders", cue.base) and at < end and (
        lexicon.has("to", tokens[at].low)
        or lexicon.has_any("questions", [t.low for t in tokens[at : at + 3]])
        or by_deed(tokens, at, cue.base, lexicon)
    ):  # fmt: skip
        return None
    if lexicon.has("clausal", cue.base) and not _says(tokens, at, end, lexicon):
        return None
    if _addressed(tokens, at, end, lexicon):
        return None
    if not lexicon.has("told", cue.base):
        return at
    behind = skip_addressee(tokens, at, end, lexicon, about=lexicon.has("of_verbs", cue.base))
    if behind is None and "name" in cue.kinds and at < end and tokens[at].kind == "w":
        return at
    return behind


def _checked(tokens: list[Token], group: Group, at: int, end: int, lexicon: Lexicon) -> tuple[int, int] | None:
    """The content from ``at`` on, without what is not part of it; None where too little is left, or only a name."""
    first, last = clauses.trim(tokens, _behind_particle(tokens, group, at, end, lexicon), end)
    last = _without_connectors(tokens, first, last, lexicon)
    if first < last:
        # "…, and this at a press conference in Moscow" (Arabic) is the reporter's.
        last = next((i for i in range(first + 1, last) if lexicon.has("afterthoughts", tokens[i].low)), last)
    first, last = clauses.trim(tokens, first, last)
    if last > first and last == end and _particle_of(tokens, group, last - 1, lexicon):
        last -= 1
        if all(t.text.islower() and not lexicon.has("determiners", t.low) for t in tokens[first:last]):
            return None  # "lehnte er strikt ab"
    content = tokens[first:last]
    words = sum(1 for t in content if t.kind == "w")
    if words < 2 and not any(t.kind == "q" for t in content):
        return None
    if not words and _only_named(tokens, group, at, first, last, lexicon):
        return None
    return first, last


def _only_named(tokens: list[Token], group: Group, at: int, first: int, last: int, lexicon: Lexicon) -> bool:
    """Whether a quotation is a name in quotation marks: «передает „Веста“»."""
    content, before = tokens[first:last], tokens[first - 1]
    beside = at <= group.last + 1 or before.kind == "w"
    if not beside or before.text == ":" or any(t.kind == "q" and t.text.count(" ") >= 2 for t in content):
        return False
    if "name" not in group.cue.kinds:
        direct = at == group.last or tokens[at - 1].text == ","
        return not (direct and all(_speech(t) for t in content))
    related = group.first > 0 and _relates(tokens[group.first - 1], lexicon)
    return not (related and all(_speech(t) and " " in t.text for t in content))  # "what he termed “chronic laziness”"


def _relates(before: Token, lexicon: Lexicon) -> bool:
    return lexicon.has("free_relatives", before.low) or lexicon.has("complementizers", before.low)


def _speech(quotation: Token) -> bool:
    """Whether few words in quotation marks are somebody's, and no name: in small letters, or with a mark at the end."""
    return not names_something(quotation) or quotation.text[-2:-1] in ".!?"


def _without_connectors(tokens: list[Token], first: int, last: int, lexicon: Lexicon) -> int:
    """Where content ends whose last words begin the clause of the next attribution: "the strait was shut hours after
    [Rubio said …]", but neither "would hold for 72 hours", "had not met him before", nor "for 72 hours and [Rubio …]".
    """
    joined = False
    while last > first and tokens[last - 1].kind == "w" and lexicon.has("connectors", tokens[last - 1].low):
        conjunction = lexicon.has("conjunctions", tokens[last - 1].low)
        if not conjunction and (joined or last == len(tokens) or tokens[last].kind != "w"):
            break
        before = tokens[last - 2]
        if not conjunction and (before.text.isdigit() or lexicon.has("determiners", before.low)):
            break
        joined = joined or conjunction
        last -= 1
    return last


def _particle_of(tokens: list[Token], group: Group, at: int, lexicon: Lexicon) -> bool:
    """German: whether a particle belongs to the verb: "lehnte den Plan ab"."""
    low, verb = tokens[at].low, tokens[group.cue.first].low
    apart = lexicon.lang == "de" and lexicon.has("particles", low) and not verb.startswith(low)
    return apart and group.cue.base.startswith(low)


def _behind_particle(tokens: list[Token], group: Group, at: int, end: int, lexicon: Lexicon) -> int:
    """German: where a reported clause begins behind no more than the verb's particle: "Spekulationen wies er knapp
    zurück; ein Gesuch habe er nicht geschrieben"; else ``at``.
    """
    mark = next((i for i in range(at + 1, end) if tokens[i].kind != "w"), end) if lexicon.lang == "de" else end
    if mark + ABOUT_WORDS >= end or tokens[mark].text != ";" or not _particle_of(tokens, group, mark - 1, lexicon):
        return at
    bare = all(t.text.islower() and not lexicon.has("determiners", t.low) for t in tokens[at:mark])
    return mark + 1 if bare and subjunctive(tokens[mark + 1 : end], lexicon) else at


def _condition(tokens: list[Token], at: int, end: int, lexicon: Lexicon) -> bool:
    """German: whether a clause only says when or whether: "wenn niemand antwortet", "sollte niemand antworten"."""
    return at < end and any(lexicon.has(name, tokens[at].low) for name in ("connectors", "modals", "going_on"))


def _verdict(tokens: list[Token], group: Group, end: int, lexicon: Lexicon) -> bool:
    """As in "emerged from the talks describing them as useful", without a comma."""
    if group.first < _VERB_AHEAD or not lexicon.has("verdicts", group.cue.base):
        return False
    before = tokens[group.first - 1]
    free = (
        before.kind == "w"
        and not lexicon.has("prepositions", before.low)
        and not lexicon.has("auxiliaries", before.low)
    )
    ahead = [t.low for t in tokens[group.last : min(end, group.last + _OBJECT_REACH)]]
    return free and any(lexicon.phrase_at("as_verb", [low], 0) for low in ahead)


def _addressed(tokens: list[Token], at: int, end: int, lexicon: Lexicon) -> bool:
    """Whether only those follow who were told: "shouted to the crowd", but not "promised to return"."""
    if at + 1 >= end or not lexicon.has("to", tokens[at].low):
        return False
    return tokens[at + 1].capital or lexicon.has("determiners", tokens[at + 1].low)


def _says(tokens: list[Token], at: int, end: int, lexicon: Lexicon) -> bool:
    """Whether there is a clause without a complementizer: "maintains the deal is dead", but not "maintains its ban"."""
    return any(
        t.kind == "q" or lexicon.has("finite_auxiliaries", t.low) or lexicon.has("modals", t.low)
        for t in tokens[at + 1 : end]
    )


def _begins_clause(tokens: list[Token], at: int, end: int, lexicon: Lexicon) -> bool:
    """As in "believes the deal will hold": words up to a finite verb, none of which begins another clause."""
    if at >= end or lexicon.has("prepositions", tokens[at].low):
        return False
    for token in tokens[at + 1 : end]:
        if token.kind != "w" or lexicon.has("relatives", token.low) or lexicon.has("connectors", token.low):
            return False
        if lexicon.has("finite_auxiliaries", token.low) or lexicon.has("modals", token.low):
            return True
    return False


def _about(tokens: list[Token], group: Group, end: int, lexicon: Lexicon) -> int | None:
    """Where the object of a verb of speech begins: «заявил о готовности к переговорам», «выразил надежду на ответ»."""
    if "say" not in group.cue.kinds:
        return None
    at = clauses.skip_adjuncts(tokens, group.last, end, lexicon)
    if at + ABOUT_WORDS >= end or tokens[at].kind != "w":
        return None
    low = tokens[at].low
    governed = lexicon.has("about", low) or (
        lexicon.cases and "_" in group.cue.base and lexicon.has("prepositions", low)
    )
    if not governed and lexicon.has("object_prepositions", low):
        # «указал на полную недопустимость ударов», but «указал на встрече»
        governed = lexicon.has_any("abstracts", [t.low for t in tokens[at + 1 : at + 1 + ABOUT_WORDS]])
    if not governed or lexicon.has("correlatives", tokens[at + 1].low) or lexicon.is_time(tokens[at + 1].low):
        return None
    words = 0
    while at + 1 + words < end and tokens[at + 1 + words].kind == "w":
        words += 1
    return at + 1 if words >= ABOUT_WORDS else None


def _behind_warned(tokens: list[Token], at: int, end: int, lexicon: Lexicon) -> int | None:
    """Where begins of what somebody is warned: "warnte Rubio vor neuen Sanktionen", «предупредил Киев о последствиях».
    German "vor" has two meanings: "warnte am Montag vor Abgeordneten, …".
    """
    first = tokens[at].low if at < end else ""
    if lexicon.lang == "de" and (lexicon.has("prepositions", first) or lexicon.is_time(first)):
        return None
    for i in range(at, min(end - 1, at + TOLD_WORDS)):
        if tokens[i].kind != "w":
            return None
        if lexicon.has("told_of", tokens[i].low):
            return None if lexicon.is_time(tokens[i + 1].low) else i + 1
    return None


def _of_another_clause(tokens: list[Token], last: int, at: int, lexicon: Lexicon) -> bool:
    """«جدد استعداد بلاده …، وهو ما سبق أن رفضته …»: an Arabic complementizer behind a comma and other words."""
    if not lexicon.subject_follows or tokens[last].text == ",":
        return False
    comma = next((i for i in range(at - 1, last, -1) if tokens[i].text == ","), at)
    return any(not lexicon.has("prepositions", t.low) for t in tokens[comma + 1 : at - 1])


def _object(tokens: list[Token], at: int, end: int, lexicon: Lexicon) -> int | None:
    """Where the object of an Arabic verb begins, with or without its preposition («شدد على ضرورة …», «جدد استعداد …»);
    it may stand behind a circumstance («رحب في كلمته بنمو …»), and a circumstance alone is none («أكد في كلمته»).
    """
    if at + 1 < end and lexicon.has("contrasting", tokens[at + 1].low):
        at += 2  # «شدد من جانبه على»
    if at >= end or not lexicon.has("prepositions", tokens[at].low):
        return at
    if lexicon.has("object_prepositions", tokens[at].low):
        return at + 1
    for i in range(at + 1, min(end, at + _CIRCUMSTANCE_WORDS // 2)):
        if tokens[i].kind != "w":
            return None
        if lexicon.has("object_prepositions", tokens[i].low):
            return i + 1
        if tokens[i].low.startswith(_ATTACHED) and len(tokens[i].low) > _SHORT:
            return i
    return None


def _behind_circumstance(tokens: list[Token], at: int, end: int, lexicon: Lexicon) -> int:
    """Over when and where it was said, between commas: "rechazó, en una rueda de prensa con su par, cualquier …"."""
    if lexicon.lang == "de" or at + 2 >= end or tokens[at].text != ",":
        return at  # a German clause of content begins with its comma
    if not lexicon.has("prepositions", tokens[at + 1].low):
        return at
    for i in range(at + 2, min(end - ABOUT_WORDS, at + _CIRCUMSTANCE_WORDS)):
        if tokens[i].text == ",":
            return i + 1
        if tokens[i].kind != "w" or lexicon.has("relatives", tokens[i].low):
            return at
    return at


def _circumstance(tokens: list[Token], at: int, comma: int, lexicon: Lexicon) -> bool:
    """Whether nothing, or only a circumstance ("auf einem Forum in Minsk"), stands before the comma; in German also
    those who were told ("sagte Journalisten in Moskau, …", "sagte dem Sender, …").
    """
    if at >= comma:
        return True
    if lexicon.order == "v2" and at + 1 < comma and lexicon.has("adverbs", tokens[at].low):
        at += 1  # "erklärte zuletzt am 4. März, …"
    low = tokens[at].low
    if lexicon.has("time_qualifiers", low):
        return comma - at <= TOLD_WORDS  # "sagte vergangene Woche in Minsk, …"
    if lexicon.lang == "de" and (tokens[at].capital or lexicon.has("determiners", low)):
        return comma - at <= TOLD_WORDS and not clauses.has_verb(tokens, at, comma, lexicon)
    return lexicon.order == "v2" and comma - at < 14 and (lexicon.has("prepositions", low) or lexicon.is_time(low))


def _bare_clause(tokens: list[Token], group: Group, comma: int, end: int, lexicon: Lexicon) -> bool:
    """German reports without a complementizer: "sagte, die Straße sei gesperrt"."""
    if any(lexicon.has("subjunctive", t.low) for t in tokens[comma:end]):
        return True
    if lexicon.lang != "de" or "say" not in group.cue.kinds or comma + 2 >= end:
        return False
    after, then = tokens[comma + 1], tokens[comma + 2]
    relative = lexicon.has("relatives", after.low) and not then.capital
    return not relative and not lexicon.has("connectors", after.low)
