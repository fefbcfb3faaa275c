"""From a message to what is written to an index: pure, and the same for the same message.

The version of a document is the time of fetching (articles) or the number of the decision in the speaker's order
(reports, remarks, stories), so that what comes late, twice or from a replay never overwrites what is newer.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from schemas.annotated import AnnotatedArticle, EntityType
from schemas.article import Outlet
from schemas.decision import Confidence, Evidence, Part
from schemas.errors import InvalidMessage
from schemas.grouped import GroupedReport, Remark, Story, StoryRemark
from schemas.index.fields import language_field
from schemas.index.mappings import IndexRole

Indexed = AnnotatedArticle | GroupedReport | Remark | Story
Names = Mapping[str, str]
Body = dict[str, Any]

_MAIN_ENTITIES = 5
_MAIN_SCORE = 0.3
_EMPTY: tuple[Any, ...] = ("", [], ())
_NO_NAMES: Names = MappingProxyType({})
_FIELD_OF_TYPE: Mapping[EntityType, str] = MappingProxyType(
    {"PER": "people", "ORG": "organisations", "GPE": "places", "LOC": "places", "AGR": "agreements"}
)


@dataclass(frozen=True)
class Action:
    """Write ``body`` as document ``id`` of an index, unless a higher ``version`` is there (``external_gte``).

    ``time_ms``: when the article was fetched that brought it about, milliseconds since 1970 (UTC).
    """

    role: IndexRole
    id: str
    version: int
    time_ms: int
    body: Body


def document(message: Indexed, names: Names = _NO_NAMES) -> Action:
    """What to write for a message.

    ``names`` maps Wikidata ids to the names that readers see; an id that it lacks stays an id, or the article's words.
    Raises ``InvalidMessage`` where the message has a time without zone, or no id or version to write it under.
    """
    match message:
        case AnnotatedArticle():
            action = _article(message, names)
        case GroupedReport():
            action = _report(message, names)
        case Remark():
            action = _remark(message, names)
        case Story():
            action = _story(message, names)
    if not action.id or action.version < 0:
        raise InvalidMessage(
            f"{message.TYPE}: id {action.id!r}, version {action.version}: the id must not be empty, the version not < 0"
        )
    return action


def _article(message: AnnotatedArticle, names: Names) -> Action:
    article = message.article
    lang = message.lang or article.lang
    body = {
        "article_id": article.article_id,
        "revision": article.revision,
        **_when(article.published, article.fetched),
        "first_seen": article.seq.ms,
        "published_from": article.published_from,
        "visit": article.visit,
        **_page(article.url, article.title, lang),
        "lang_declared": article.lang,
        "canonical_url": article.canonical_url,
        **_outlet(article.outlet),
        "authors": article.authors,
        "section": article.section,
        "credited": article.credited,
        language_field("text", lang): article.text,
        "chars": len(article.text),
        "profile_version": article.profile_version,
        "statements": len(message.statements),
        **_speakers(message, names),
        **_entities(message, names),
        **_salient(message, names),
    }
    fetched_ms = article.time_ms
    return Action("articles", article.article_id, fetched_ms, fetched_ms, _filled(body))


def _report(message: GroupedReport, names: Names) -> Action:
    decision = message.decision
    uses = [use for part in decision.parts for use in part.remarks]
    repeated = [use.repeats_of for use in uses if use.repeats_of]
    evidence = [(number, item) for number, part in enumerate(decision.parts) for item in part.evidence]
    main = decision.parts[0] if decision.parts else None
    body = {
        "report_id": decision.report_id,
        "article_id": message.article_id,
        "revision": message.revision,
        **_speaker(message.speaker_id, names),
        "decision_seq": decision.decision_seq,
        **_when(message.published, message.fetched),
        **_page(message.url, message.title, message.lang),
        **_outlet(message.outlet),
        "credited": message.credited,
        **(_main(main) if main else {}),
        "story_ids": _distinct(part.story_id for part in decision.parts),
        "roles": [part.role for part in decision.parts],
        **_original(message),
        "lag_minutes": message.lag_minutes,
        "new_remarks": message.new_remarks,
        "remarks": len(uses),
        "remark_ids": _distinct(use.remark_id for use in uses),
        "repeats_of": _distinct(repeated),
        "repeats": len(repeated),
        "missing": message.missing,
        "missing_remarks": len(message.missing),
        **_named(message.entity_ids, names),
        "evidence": [evidence_line(item, number, names) for number, item in evidence],
        "evidence_features": _distinct(item.feature for _, item in evidence),
        "evidence_against": _distinct(item.against for _, item in evidence),
        "brings": message.brings,
        "changed": message.changed,
        "review": message.review,
        "unsure_remarks": sum(use.review for use in uses),
        "late": decision.late,
        "retracted": decision.retracted,
    }
    return Action("reports", decision.report_id, decision.decision_seq, message.time_ms, _filled(body))


def _remark(message: Remark, names: Names) -> Action:
    body = {
        "statement_id": message.statement_id,
        "remark_id": message.remark_id,
        "story_id": message.story_id,
        "report_id": message.report_id,
        "article_id": message.article_id,
        **_speaker(message.speaker_id, names),
        "decision_seq": message.decision_seq,
        "role": message.role,
        **_when(message.published, message.fetched),
        "url": message.url,
        "lang": message.lang,
        **_outlet(message.outlet),
        "wording": message.text,
        language_field("text", message.lang): message.text,
        "chars": len(message.text),
        "canonical": message.canonical,
        "diff": message.diff,
        "kind": message.kind,
        "start": message.start,
        "end": message.end,
        "repeats_of": message.repeats_of,
        "repeats": message.repeats_of is not None,
        "first": message.first,
        "evidence": [evidence_line(item, names=names) for item in message.evidence],
        "evidence_against": _distinct(item.against for item in message.evidence),
        "confidence": message.confidence,
        "review": message.review,
        **_named(message.entity_ids, names),
        "lag_minutes": message.lag_minutes,
        "retracted": message.retracted,
    }
    return Action("remarks", message.statement_id, message.decision_seq, message.time_ms, _filled(body))


def _story(message: Story, names: Names) -> Action:
    occasion = message.occasion
    # Which of the story's languages a wording is in is not in the message; it is searched as each of them.
    langs: Sequence[str | None] = message.langs or [None]
    title = {language_field("title", lang): message.title for lang in langs}
    remarks = {language_field("text", lang): message.remarks for lang in langs}
    body = {
        "story_id": message.story_id,
        **_speaker(message.speaker_id, names),
        "decision_seq": message.decision_seq,
        "time": _iso(message.first_published or message.updated),
        "updated": _iso(message.updated),
        "title": message.title,
        **title,
        "occasion_date": occasion.date,
        "occasion_kind": occasion.kind,
        "occasion_place": occasion.place,
        "occasion_place_name": _name(occasion.place, names),
        "occasion_counterparts": occasion.counterparts,
        "occasion_counterpart_names": _distinct(_name(one, names) for one in occasion.counterparts),
        "occasion_medium": occasion.medium,
        "first_report": message.first_report,
        "first_outlet": message.first_outlet,
        "first_url": message.first_url,
        "first_published": _iso(message.first_published),
        "last_published": _iso(message.last_published),
        "span_minutes": _minutes(message.first_published, message.last_published),
        "reports": message.reports,
        "copies": message.copies,
        "reactions": message.reactions,
        "backgrounds": message.backgrounds,
        "members": message.reports + message.copies + message.reactions + message.backgrounds,
        "outlets": message.outlets,
        "outlet_count": len(message.outlets),
        "outlets_per_hour": _per_hour(len(message.outlets), message.first_published, message.last_published),
        "countries": message.countries,
        "langs": message.langs,
        "outlet_id": message.outlets,
        "country": message.countries,
        "lang": message.langs,
        "role": _roles(message),
        "remark_ids": message.remark_ids,
        "remarks": message.remarks,
        "remark_count": len(message.remark_ids),
        **remarks,
        "details": [remark_line(one, names) for one in message.details],
        "first_outlets": _distinct(one.first_outlet for one in message.details),
        "unsure": message.unsure,
        "merged_into": message.merged_into,
        "merged": message.merged_into is not None,
    }
    return Action("stories", message.story_id, message.decision_seq, message.time_ms, _filled(body))


def evidence_line(item: Evidence, part: int = 0, names: Names = _NO_NAMES) -> str:
    """One reason as a line: ``date: 2026-06-03 = 2026-06-03 (+1.5)``. Parts other than the main one are numbered, and
    what a list has as an id is named.
    """
    where = f"part {part + 1}, " if part else ""
    ours, theirs = (", ".join(names.get(one, one) for one in told.split(", ")) for told in (item.value, item.other))
    values = f"{ours} {'=' if item.value == item.other else '/'} {theirs}" if item.other else ours
    against = f" [{item.against}]" if item.against else ""
    score = "" if item.score is None else f" ({item.score:+.4g})"
    return f"{where}{item.feature}: {values}{against}{score}"


def remark_line(one: StoryRemark, names: Names = _NO_NAMES) -> str:
    """A remark as a line: ``“…” (first a.example 2026-06-03 11:30 UTC; 3 outlets; left out by b.example)``.

    The wording is the canonical one, which need not be that of the first. What it repeats comes with the reasons, and
    how many of its statements are unsure, where there are any.
    """
    when = _minute(one.first_published) if one.first_published else ""
    left = f"; left out by {', '.join(one.left_out)}" if one.left_out else ""
    again = f"; repeats {one.repeats_of}" if one.repeats_of else ""
    again += "".join(f", {evidence_line(item, names=names)}" for item in one.evidence)
    unsure = f"; {one.unsure} of its wordings unsure" if one.unsure else ""
    number = f"{one.having} {'outlet' if one.having == 1 else 'outlets'}"
    return f"“{one.canonical}” (first {one.first_outlet or 'unknown'}{when}; {number}{left}{again}{unsure})"


def _minute(when: datetime.datetime) -> str:
    try:
        return when.astimezone(datetime.UTC).strftime(" %Y-%m-%d %H:%M UTC")
    except OverflowError:
        # In UTC it lies outside of the years 1 to 9999: as it was written.
        return f" {when.isoformat(' ', 'minutes')}"


def _main(part: Part) -> Body:
    sure = part.confidence or Confidence()
    return {
        "confidence_story": sure.story,
        "confidence_copy": sure.copy,
        "confidence_role": sure.role,
        "story_id": part.story_id,
        "role": part.role,
        "copy_of": part.copy_of,
        "translated": part.translated,
    }


def _original(message: GroupedReport) -> Body:
    overlap = message.decision.overlap
    outlet = message.original
    return {
        "original_outlet_id": outlet.id if outlet else None,
        "original_outlet_name": (outlet.name or outlet.id) if outlet else None,
        "overlap": overlap,
        # Rounded, so that 1 - 0.95 is not 0.050000000000000044.
        "copy_distance": None if overlap is None else round(1.0 - overlap, 4),
    }


def _roles(message: Story) -> list[str]:
    counts = {
        "report": message.reports,
        "copy": message.copies,
        "reaction": message.reactions,
        "background": message.backgrounds,
    }
    return [role for role, count in counts.items() if count]


def _named(ids: Sequence[str], names: Names) -> Body:
    return {"entity_ids": list(ids), "entity_names": _distinct(_name(one, names) for one in ids)}


def _speaker(speaker_id: str, names: Names) -> Body:
    return {"speaker_id": speaker_id, "speaker_name": names.get(speaker_id, speaker_id)}


def _speakers(message: AnnotatedArticle, names: Names) -> Body:
    linked = [one for one in message.statements if one.speaker_id]
    found = _distinct(names.get(one.speaker_id or "", one.speaker or one.speaker_id) for one in linked)
    return {
        "speaker_ids": _distinct(one.speaker_id for one in linked),
        "speaker_names": found,
        "speaker_name": found,
    }


def _entities(message: AnnotatedArticle, names: Names) -> dict[str, list[str]]:
    """An article mentions a few things many times, so this is a good part of the sink's work."""
    ids: dict[str, None] = {}
    labels: dict[str, None] = {}
    by_field: dict[str, dict[str, None]] = {}
    first_words: dict[str, str] = {}
    field_of = _FIELD_OF_TYPE.get
    for entity in message.entities:
        known = entity.id
        if known is None:
            label = entity.norm or entity.text
        else:
            ids[known] = None
            label = names.get(known) or first_words.get(known, "")
            if not label:
                if entity.derived:
                    continue  # an adjective is no name to show
                label = first_words[known] = entity.text
        labels[label] = None
        if field := field_of(entity.type):
            if field in by_field:
                by_field[field][label] = None
            else:
                by_field[field] = {label: None}
    found = {"entity_ids": ids, "entity_names": labels, **by_field}
    return {field: [one for one in values if one] for field, values in found.items()}


def _salient(message: AnnotatedArticle, names: Names) -> dict[str, list[str]]:
    """``salience`` is ordered: the first that pass are the article's own matter."""
    main = [one for one in message.salience if one.score >= _MAIN_SCORE][:_MAIN_ENTITIES]
    return {
        "main_entities": _distinct(names.get(one.id or "", one.name) for one in main),
        "main_entity_ids": _distinct(one.id for one in main),
        "headline_entities": _distinct(names.get(one.id or "", one.name) for one in message.salience if one.headline),
    }


def _outlet(outlet: Outlet) -> Body:
    return {
        "outlet_id": outlet.id,
        "outlet_name": outlet.name or outlet.id,
        "outlet_kind": outlet.kind,
        "country": outlet.country,
    }


def _page(url: str, title: str, lang: str | None) -> Body:
    return {"url": url, "title": title, language_field("title", lang): title, "lang": lang}


def _when(published: datetime.datetime | None, fetched: datetime.datetime) -> Body:
    public, ours = _iso(published), _iso(fetched)
    return {"time": public or ours, "published": public, "fetched": ours}


def _iso(moment: datetime.datetime | None) -> str | None:
    if moment is None:
        return None
    if moment.tzinfo is None:
        raise InvalidMessage(f"time {moment.isoformat()} has no zone; every time needs one")
    return moment.isoformat(timespec="milliseconds")


def _minutes(first: datetime.datetime | None, last: datetime.datetime | None) -> int | None:
    return None if first is None or last is None else (last - first) // datetime.timedelta(minutes=1)


def _per_hour(outlets: int, first: datetime.datetime | None, last: datetime.datetime | None) -> float | None:
    if first is None or last is None:
        return None
    return round(outlets / max(1.0, (last - first) / datetime.timedelta(hours=1)), 2)


def _name(value: str | None, names: Names) -> str | None:
    return None if value is None else names.get(value, value)


def _distinct(values: Iterable[str | None]) -> list[str]:
    return list(dict.fromkeys(filter(None, values)))


def _filled(body: Body) -> Body:
    """Without what says nothing: None, empty text and empty lists. False and zero say something."""
    return {key: value for key, value in body.items() if value is not None and value not in _EMPTY}
