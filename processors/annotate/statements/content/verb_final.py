"""Contents in languages whose verb closes the clause (Turkish): what stands between the speaker and the verb."""

from processors.annotate.statements.language.lexicon import Lexicon
from processors.annotate.statements.sentence.claims import CLAIM
from processors.annotate.statements.sentence.deeds import with_deed
from processors.annotate.statements.sentence.nominals import CLAUSE_ENDS, GENITIVE, OBJECT_ENDS
from processors.annotate.statements.sentence.parts import Content, Cue
from processors.annotate.statements.text.tokens import Token

# Words between a quotation and its verb, at most.
_QUOTE_REACH = 3
# Words from the subject to where a circumstance may end.
_CIRCUMSTANCE_REACH = 16
# Words from the subject to a place: "Lavrov, dün Moskova'da".
_PLACE_REACH = 3
# Words of content, at least: one word is a topic.
_TOPIC_WORDS = 2
# "Rubio, Rus mevkidaşı Sergey Lavrov'un"
_OWNER = 6
# Two may be a sentence: "masaya dönmeyeceğiz".
_FRAMED_WORDS = 2
_ENDS = (".", "!", "…")


def find_before(tokens: list[Token], cues: list[Cue], lexicon: Lexicon) -> tuple[list[Content], list[Cue]]:
    """Contents in order, and the cues that have none in their sentence."""
    contents: list[Content] = []
    lone: list[Cue] = []
    floor = 0
    for index, cue in enumerate(cues):
        if cue.base == CLAIM and cue.source is not None:
            begin = _skip_circumstances(tokens, cue.source.last, cue.first, lexicon)
            contents.append(Content(cue, begin, cue.first))
            floor = cue.last
            continue
        if cue.accord or cue.kinds == {"noun"}:
            contents.extend(_framed(tokens, cue) or _quoted_in_front(tokens, cue))
            continue
        if _retold(tokens, cue, cues[index + 1 :]):
            continue
        source = cue.source
        if source is None and lexicon.is_participle(tokens[cue.last - 1].low):
            # "Lavrov, feribotların duracağını belirterek … söyledi": the subject of the verb behind it.
            source = next((c.source for c in cues[index + 1 :] if c.source is not None), None)
        first = source.last if source is not None and floor <= source.first < cue.first else floor
        while first < cue.first and (tokens[first].kind == "p" or lexicon.has("auxiliaries", tokens[first].low)):
            first += 1
        if cue.last + 1 < len(tokens) and tokens[cue.last].text == ":" and tokens[cue.last + 1].kind == "q":
            # 'Sert konuştu: "…"'; 'X tehdidinde bulundu: "…"' tells something in front as well.
            tells = cue.last - cue.first > 1 and not lexicon.has("responders", cue.base)
            before = _content(tokens, first, cue.first) if tells else None
            contents.extend([Content(cue, *before)] if before is not None else [])
            contents.extend(_framed(tokens, cue))
            floor = len(tokens)
            continue
        told = cue.last < len(tokens) and tokens[cue.last].text == ":" and tokens[-1].text in _ENDS
        if told and _framed(tokens, cue):
            # "Limandan sevgiyle söz etti: gemiler …", but no title
            contents.extend(_framed(tokens, cue))
            floor = len(tokens)
            continue
        first = _skip_circumstances(tokens, first, cue.first, lexicon)
        first += int(first < cue.first and lexicon.has("contrasting", tokens[first].low))
        span = _content(tokens, first, cue.first)
        if span is not None and tokens[span[1] - 1].low.startswith(tuple(lexicon.words.get("claims", ()))):
            # "açıklamasını değerlendirerek": another's words that are commented on
            span = None if lexicon.is_participle(tokens[cue.last - 1].low) else span
        if (
            span is not None
            and lexicon.has("responders", cue.base)
            and tokens[span[1] - 1].low.startswith(lexicon.question_stems)
        ):
            span = None  # "sorularını yanıtladı": what is answered is another's
        if span is not None and with_deed(tokens[span[1] - 1], cue.base, lexicon):
            span = None
        if span is not None and lexicon.has("clausal", cue.base) and not _reported(tokens, span, cue, lexicon):
            span = None  # "ortak basın toplantısında konuştu": where he spoke
        if span is not None and "name" in cue.kinds and _bare_topic(tokens[span[0] : span[1]], lexicon):
            span = None
        if span is None:
            lone.append(cue)
        else:
            contents.append(Content(cue, *span))
        floor = cue.last if source is None or source.first < cue.last else source.last
    return contents, lone


def _retold(tokens: list[Token], cue: Cue, later: list[Cue]) -> bool:
    """Whether a verb's noun is the object of the next one, and whose it is stands in the genitive within what that one
    reports: "Rubio, Lavrov'un yolun kapanacağını söylediğini açıkladı".
    """
    source = cue.source
    if not later or later[0].first != cue.last or source is None or later[0].source != source:
        return False
    between = tokens[source.last : cue.first]
    owned = any(t.low.partition("'")[2].endswith(GENITIVE) for t in between[: _OWNER + 1])
    return owned and tokens[cue.last - 1].low.endswith(OBJECT_ENDS)


def _reported(tokens: list[Token], span: tuple[int, int], cue: Cue, lexicon: Lexicon) -> bool:
    """Whether words of whoever speaks stand before the verb: a quotation, or a clause that "diye" closes."""
    closed = lexicon.has("complementizers", tokens[cue.first - 1].low)
    return closed or any(t.kind == "q" for t in tokens[span[0] : span[1]])


def _bare_topic(tokens: list[Token], lexicon: Lexicon) -> bool:
    """As in "neden kapılardan söz etti" ("why he spoke of doors"): one word, and what asks or points."""
    if any(t.kind == "q" for t in tokens):
        return False
    classes = ("common_starts", "determiners", "auxiliaries", "conjunctions")
    full = [t for t in tokens if t.kind == "w" and not any(lexicon.has(name, t.low) for name in classes)]
    return len(full) < _TOPIC_WORDS


def _skip_circumstances(tokens: list[Token], first: int, last: int, lexicon: Lexicon) -> int:
    """Behind the words that say when, where and to whom ("… röportajda", "gazetecilere"), if a clause is left."""
    begin = first
    # "foruma katılacağını bildirdi": where they will go.
    clause = 1 + int(tokens[last - 1].low.endswith(CLAUSE_ENDS))
    for i in range(first, min(last - clause, first + _CIRCUMSTANCE_REACH)):
        token = tokens[i]
        if token.kind == "q" and token.text.count(" ") >= 2:
            break
        if token.kind != "w":
            continue
        low = token.low
        closing = low.startswith(lexicon.circumstances) and low.endswith(lexicon.circumstance_ends)
        closing = closing and not low.endswith(lexicon.complement_ends)  # "görüşmeye hazır": what they are ready for
        if (
            closing
            or (i == begin and (lexicon.is_time(low) or lexicon.has("day_words", low)))
            or (low.endswith(lexicon.place_ends) and i - first < _PLACE_REACH)
        ):
            begin = i + 1
    return begin


def _content(tokens: list[Token], first: int, last: int) -> tuple[int, int] | None:
    """The quotation that ends at the verb, or all words before it."""
    for i in range(last - 1, max(first, last - 1 - _QUOTE_REACH) - 1, -1):
        if tokens[i].kind == "q":
            if tokens[i].text.count(" ") >= 2 or i == first:
                start = i
                while start > first and tokens[start - 1].kind == "q":
                    start -= 1
                return start, i + 1
            break
    while last > first and tokens[last - 1].kind == "p":
        last -= 1
    words = sum(1 for t in tokens[first:last] if t.kind == "w")
    return (first, last) if words >= 2 else None


def _framed(tokens: list[Token], cue: Cue) -> list[Content]:
    end = len(tokens)
    while end > cue.last and tokens[end - 1].kind == "p":
        end -= 1
    first = cue.last
    while first < end and tokens[first].kind == "p":
        first += 1
    quoted = any(t.kind == "q" for t in tokens[first:end])
    least = _FRAMED_WORDS + int(tokens[-1].text not in _ENDS)
    return [Content(cue, first, end)] if end - first >= least or quoted else []


def _quoted_in_front(tokens: list[Token], cue: Cue) -> list[Content]:
    """The quotation that a closing "Lavrov'a göre" stands behind."""
    last = min(cue.first, cue.source.first) if cue.source is not None else cue.first
    while last > 0 and tokens[last - 1].kind == "p":
        last -= 1
    first = last
    while first > 0 and tokens[first - 1].kind == "q":
        first -= 1
    return [Content(cue, first, last)] if first < last else []
