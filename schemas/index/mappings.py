"""The fields of the four indices. Strict and flat: Kibana's Lens cannot aggregate what is nested."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal

from schemas.index.fields import Field, date, day, flag, integer, keyword, long, real, text, texts

IndexRole = Literal["articles", "reports", "remarks", "stories"]

# Grows with every change of a field below. Added fields reach existing indices; other changes need a new generation.
VERSION = 3

_OUTLET = (
    keyword("outlet_id", "host of the outlet"),
    keyword("outlet_name", "name of the outlet; its host where the name is not known"),
    keyword("outlet_kind", "agency, state, broadcaster, paper, aggregator or unknown"),
    keyword("country", "country of the outlet, ISO 3166-1 alpha-2"),
)
_WHEN = (
    date("time", "when it was published, or fetched where that is not known: the time field of dashboards"),
    date("published", "when it was published, as far as known; never later than `fetched`"),
    date("fetched", "when this revision was fetched"),
)
_SPEAKER = (
    keyword("speaker_id", "Wikidata id of the speaker"),
    keyword("speaker_name", "name of the speaker; his id where the name is not known"),
)
_PAGE = (
    keyword("url", "address of the article"),
    keyword("title", "title of the article, whole: for tables"),
    *texts("title", "title for search"),
    keyword("lang", "language of the article, detected, ISO 639-1"),
)
_LAG = integer("lag_minutes", "minutes behind the first reporter of the story")

ARTICLES: tuple[Field, ...] = (
    keyword("article_id", "id of the article, and of the document"),
    keyword("revision", "hash of the cleaned body"),
    *_WHEN,
    date("first_seen", "when the article was fetched for the first time: its place in the order of decisions"),
    keyword("published_from", "where the time of publication was found"),
    integer("visit", "number of the version: 1 at first, one more whenever the page had another body"),
    *_PAGE,
    keyword("lang_declared", "language that the page declares"),
    keyword("canonical_url", "canonical address that the page declares"),
    *_OUTLET,
    keyword("authors", "authors as the page names them"),
    keyword("section", "section of the outlet"),
    keyword("credited", "agency or paper that the article names as its source"),
    *texts("text", "cleaned text for search"),
    integer("chars", "characters of the cleaned text"),
    long("profile_version", "version of the outlet's furniture that cleaning used"),
    keyword("speaker_ids", "Wikidata ids of all speakers with a statement in the article"),
    keyword("speaker_names", "their names"),
    keyword("speaker_name", "the same, under the name that reports have: one filter of a dashboard fits both"),
    integer("statements", "number of statements, of all speakers"),
    keyword("entity_ids", "Wikidata ids of the entities that the article names"),
    keyword("entity_names", "names of all entities: the knowledge base's where linked, else the article's words"),
    keyword("people", "those of `entity_names` that are people"),
    keyword("organisations", "those of `entity_names` that are organisations"),
    keyword("places", "those of `entity_names` that are places"),
    keyword("agreements", "those of `entity_names` that are agreements and treaties"),
    keyword(
        "main_entities", "the most salient of `entity_names`, five at most: in headline or first paragraph, or often"
    ),
    keyword("main_entity_ids", "their Wikidata ids, as far as linked"),
    keyword("headline_entities", "those of `entity_names` that the headline has"),
)

REPORTS: tuple[Field, ...] = (
    keyword("report_id", "article and speaker; id of the document"),
    keyword("article_id", "id of the article"),
    keyword("revision", "hash of the cleaned body that was grouped"),
    *_SPEAKER,
    long("decision_seq", "number of the decision in the speaker's order; the document's version"),
    *_WHEN,
    *_PAGE,
    *_OUTLET,
    keyword("credited", "agency or paper that the article names as its source"),
    keyword("story_id", "story of the main part"),
    keyword("story_ids", "stories of all parts, the main one first"),
    keyword("role", "role of the main part: report, copy, reaction or background"),
    keyword("roles", "roles of all parts, the main one first"),
    keyword("copy_of", "report that the main part was copied from"),
    keyword("original_outlet_id", "host of the outlet that the main part was copied from (copies only)"),
    keyword("original_outlet_name", "name of that outlet"),
    real("overlap", "share of its 3-word shingles that stand in the original (copies only)"),
    real("copy_distance", "share of them that do not: 0 is verbatim (copies only)"),
    flag("translated", "the main part is a translation of the original"),
    _LAG,
    integer("new_remarks", "remarks that no report had before it"),
    integer("remarks", "statements that are wording of a remark, in all parts"),
    keyword("remark_ids", "remarks that the report has, in all parts"),
    keyword("repeats_of", "remarks of earlier stories that it has again"),
    integer("repeats", "statements that repeat a remark of an earlier story"),
    keyword("missing", "remarks of its main story that it leaves out"),
    integer("missing_remarks", "how many it leaves out"),
    keyword("entity_ids", "Wikidata ids of what the article names, the speaker left out"),
    keyword("entity_names", "their names"),
    text("evidence", "why it was decided so, a line each: feature, ours, theirs, score"),
    keyword("evidence_features", "features that the evidence names"),
    keyword("evidence_against", "reports, stories, remarks and statements that it was compared with"),
    keyword("brings", "wordings of the remarks that no report had before it"),
    text("changed", "its quotations against the canonical ones of their language: [-left out-] {+put in+}"),
    real("confidence_story", "how sure it is that the main part is in the right story"),
    real("confidence_copy", "how sure it is that it is a copy of that original"),
    real("confidence_role", "how sure its role is"),
    flag("review", "one of its decisions is so unsure that a person should look at it"),
    integer("unsure_remarks", "statements of which it is so unsure which remark they word that a person should look"),
    flag("late", "came after the reorder window, and was decided on arrival"),
    flag("retracted", "a later revision of the article no longer has the speaker; a page that was taken down stays"),
)

REMARKS: tuple[Field, ...] = (
    keyword("statement_id", "id of the statement, and of the document"),
    keyword("remark_id", "remark that the statement words"),
    keyword("story_id", "story of the remark"),
    keyword("report_id", "report that the statement stands in"),
    keyword("article_id", "id of the article"),
    *_SPEAKER,
    long("decision_seq", "number of the decision in the speaker's order; the document's version"),
    keyword("role", "role of the report in the story"),
    *_WHEN,
    keyword("url", "address of the article"),
    keyword("lang", "language of the article, ISO 639-1"),
    *_OUTLET,
    keyword("wording", "the statement in the article's words, whole: for tables and counts of variants"),
    *texts("text", "the statement for search"),
    integer("chars", "characters of the wording"),
    keyword("canonical", "canonical wording of the remark: its longest direct quotation, in the speaker's language"),
    text("diff", "the quotation against the canonical one of its language: [-left out-] {+put in+}"),
    keyword("kind", "direct, indirect or mixed"),
    integer("start", "first character in title, line break, text"),
    integer("end", "character after the last one"),
    keyword("repeats_of", "remark of an earlier story that this one repeats"),
    flag("repeats", "whether it repeats one"),
    flag("first", "no statement had the remark before this one"),
    text("evidence", "why it is a wording of this remark, and why that repeats one: feature, what both have, score"),
    keyword("evidence_against", "statements that it was compared with"),
    real("confidence", "how sure it is that this is its remark"),
    flag("review", "that is so unsure that a person should look at it"),
    keyword("entity_ids", "Wikidata ids of what the statement names"),
    keyword("entity_names", "their names"),
    _LAG,
    flag("retracted", "a later revision of the article no longer has the statement; one that was taken down stays"),
)

STORIES: tuple[Field, ...] = (
    keyword("story_id", "id of the story, and of the document"),
    *_SPEAKER,
    long("decision_seq", "number of the last decision that changed the story; the document's version"),
    date("time", "first publication, or the last change where that is not known: the time field of dashboards"),
    date("updated", "when the report was fetched that changed the story last"),
    keyword("title", "title of the story, whole: for tables"),
    *texts("title", "title for search; in the field of each language of the story"),
    day("occasion_date", "day of the occasion"),
    keyword("occasion_kind", "interview, press conference, talks, …"),
    keyword("occasion_place", "where it was: Wikidata id, or the articles' words"),
    keyword("occasion_place_name", "where it was, by name"),
    keyword("occasion_counterparts", "with whom: Wikidata ids, or the articles' words"),
    keyword("occasion_counterpart_names", "with whom, by name"),
    keyword("occasion_medium", "broadcaster or paper that he spoke to"),
    keyword("first_report", "earliest report"),
    keyword("first_outlet", "outlet of the earliest report"),
    keyword("first_url", "address of the earliest report"),
    date("first_published", "earliest publication"),
    date("last_published", "latest publication"),
    integer("span_minutes", "minutes from the first publication to the last"),
    integer("reports", "reports in words of their own"),
    integer("copies", "copies"),
    integer("reactions", "reactions of others"),
    integer("backgrounds", "background pieces"),
    integer("members", "all of them"),
    keyword("outlets", "outlets that have the story"),
    integer("outlet_count", "how many they are"),
    real("outlets_per_hour", "how fast it spread: outlets for each hour from the first to the last, one at least"),
    keyword("countries", "countries of the outlets"),
    keyword("langs", "languages of the articles"),
    keyword(
        "outlet_id", "the same as `outlets`, under the name that reports have: one filter of a dashboard fits both"
    ),
    keyword("country", "the same as `countries`"),
    keyword("lang", "the same as `langs`"),
    keyword("role", "roles of its members"),
    keyword("remark_ids", "remarks, in order of first appearance"),
    keyword("remarks", "their canonical wordings"),
    integer("remark_count", "how many they are"),
    *texts("text", "canonical wordings for search; in the field of each language of the story"),
    text(
        "details",
        "each remark on a line: canonical wording, who had it first and when, how many have it, who left it out, "
        "what it repeats and why that is thought, how many of its statements are unsure",
    ),
    keyword("first_outlets", "outlets that had a remark first"),
    integer("unsure", "parts of its reports that are marked for review"),
    keyword("merged_into", "read this story instead"),
    flag("merged", "whether it was merged into another"),
)

INDICES: Mapping[IndexRole, tuple[Field, ...]] = MappingProxyType(
    {"articles": ARTICLES, "reports": REPORTS, "remarks": REMARKS, "stories": STORIES}
)


def mapping(role: IndexRole) -> dict[str, Any]:
    """The mapping as Elasticsearch takes it. A field that is not in it is refused."""
    return {
        "dynamic": "strict",
        "properties": {field.name: dict(field.mapping) for field in INDICES[role]},
    }
