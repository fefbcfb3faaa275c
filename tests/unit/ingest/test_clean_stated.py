"""What a page states of itself in JSON-LD as content systems write it. All texts are synthetic."""

import datetime
import json

import pytest

from ingest.clean import clean_page
from schemas import CleanArticle
from tests.builders import raw_article

AT = datetime.datetime(2026, 6, 3, 9, 0, tzinfo=datetime.UTC)
URL = "https://example.org/world/bridge"
BODY = "".join(
    f"<p>{text}</p>"
    for text in (
        "The invented minister said on Tuesday that the invented bridge would open before the end of the year.",
        "He told reporters in the invented town that the builders had never been late by more than a week.",
        "Asked about the price, he answered that it was lower than that of the tunnel which nobody wanted.",
    )
)
OWN = {
    "@type": "NewsArticle",
    "headline": "Bridge to open this year, minister says",
    "url": URL,
    "author": {"@type": "Person", "name": "Ann Other"},
    "datePublished": "2026-06-01T10:00:00+03:00",
}
TEASER = {
    "@type": "NewsArticle",
    "headline": "Cats of the invented city get a new home",
    "url": "https://example.org/city/cats",
    "author": {"@type": "Person", "name": "Cy Stranger"},
    "datePublished": "2026-05-01T10:00:00+03:00",
    "dateModified": "2026-05-02T10:00:00+03:00",
    "image": "https://example.org/cats.jpg",
}


def cleaned(*blocks: object, head: str = "", kind: str = "application/ld+json") -> CleanArticle:
    scripts = "".join(
        f'<script type="{kind}">{block if isinstance(block, str) else json.dumps(block)}</script>' for block in blocks
    )
    head = f"<title>Bridge</title>{head}{scripts}"
    html = f"<html lang='en'><head>{head}</head><body><article>{BODY}</article></body></html>"
    found = clean_page(raw_article(html, url=URL, fetched=AT))
    assert isinstance(found, CleanArticle), found
    return found


def test_escapes_of_html_in_json_ld_are_no_part_of_a_name() -> None:
    names = {
        "headline": "The minister&#8217;s &#x201c;bridge&#x201d; &amp; the tunnel",
        "author": [{"name": "Ann O&#8217;Other"}, {"name": "Dirk M&uuml;ller"}],
        "articleSection": ["News &amp; Politics"],
        "publisher": {"name": "Example &amp; Daily"},
    }
    found = cleaned(OWN | names)
    assert found.title == "The minister’s “bridge” & the tunnel"
    assert found.authors == ["Ann O’Other", "Dirk Müller"]
    assert (found.section, found.site) == ("News & Politics", "Example & Daily")


def test_an_address_in_json_ld_is_not_escaped() -> None:
    found = cleaned(OWN | {"image": "https://example.org/i?a=1&copy=2&lt;=3"})
    assert found.image == "https://example.org/i?a=1&copy=2&lt;=3"


def test_what_json_ld_refers_to_by_its_id_is_looked_up() -> None:
    article = OWN | {
        "author": [{"@id": "#/person/1"}, {"@id": "#/person/unknown"}],
        "publisher": {"@id": "#/organization"},
        "image": {"@id": "#/picture"},
    }
    graph = [
        article,
        {"@type": "Person", "@id": "#/person/1", "name": "Ann Other"},
        {"@type": "Organization", "@id": "#/organization", "name": "Example Daily"},
        {"@type": "ImageObject", "@id": "#/picture", "contentUrl": "https://example.org/bridge.jpg"},
    ]
    found = cleaned({"@context": "https://schema.org", "@graph": graph})
    assert (found.authors, found.site, found.image) == (
        ["Ann Other"],
        "Example Daily",
        "https://example.org/bridge.jpg",
    )


@pytest.mark.parametrize("blocks", [[OWN, TEASER], [TEASER, OWN], [[TEASER, OWN]], [{"@graph": [TEASER, OWN]}]])
@pytest.mark.parametrize(
    "head",
    [f"<link rel='canonical' href='{URL}/'>", "<meta property='og:url' content='http://www.example.org/world/bridge'>"],
)
def test_what_json_ld_says_of_other_articles_is_not_the_pages(blocks: list[object], head: str) -> None:
    found = cleaned(*blocks, head=head)
    assert (found.title, found.authors) == (OWN["headline"], ["Ann Other"])
    assert found.published is not None
    assert found.published.isoformat() == OWN["datePublished"]
    assert (found.modified, found.image) == (None, None)


def test_one_article_in_two_blocks_of_json_ld() -> None:
    other = {"@type": "Article", "headline": OWN["headline"], "articleSection": "World"}
    found = cleaned(other, OWN, head=f"<link rel='canonical' href='{URL}'>")
    assert (found.section, found.authors) == ("World", ["Ann Other"])


@pytest.mark.parametrize(
    ("before", "behind"),
    [("", ";"), ("/*<![CDATA[*/", "/*]]>*/"), ("//<![CDATA[\n", "\n//]]>"), ("<![CDATA[", "]]>"), ("<!--\n", "\n-->")],
)
def test_what_stands_around_json_ld(before: str, behind: str) -> None:
    assert cleaned(before + json.dumps(OWN) + behind).authors == ["Ann Other"]
    assert cleaned(before + json.dumps([OWN]) + behind).authors == ["Ann Other"]


def test_a_media_type_with_a_parameter_and_a_list_of_dates() -> None:
    found = cleaned(OWN | {"datePublished": [OWN["datePublished"]]}, kind="application/ld+json; charset=utf-8")
    assert (found.published_from, found.authors) == ("json-ld", ["Ann Other"])


@pytest.mark.parametrize(
    ("byline", "expected"),
    [
        ("By Ann Other and Bob Some", ["Ann Other", "Bob Some"]),
        ("BY ANN OTHER AND BOB SOME", ["ANN OTHER", "BOB SOME"]),
        ("By Ann Other, Bob van der Some and Cy J. Third", ["Ann Other", "Bob van der Some", "Cy J. Third"]),
        ("Von Anna Andere und Bernd Weiter", ["Anna Andere", "Bernd Weiter"]),
        ("Par Anne Autre et Jean-Luc d'Encore", ["Anne Autre", "Jean-Luc d'Encore"]),
        ("Por Ana Otra y Blas Más", ["Ana Otra", "Blas Más"]),
        ("Иван Выдуманный и Пётр Придуманный", ["Иван Выдуманный", "Пётр Придуманный"]),
        ("Іван Вигаданий та Петро Придуманий", ["Іван Вигаданий", "Петро Придуманий"]),
        ("Ayşe Uydurma ve İbrahim Başka", ["Ayşe Uydurma", "İbrahim Başka"]),
        # One name, or none of people.
        ("Ana Otra y Ejemplo", ["Ana Otra y Ejemplo"]),
        ("Ministry of Bridges and Inland Ferries", ["Ministry of Bridges and Inland Ferries"]),
        ("Bridges and Ferries", ["Bridges and Ferries"]),
    ],
)
def test_two_authors_of_one_byline(byline: str, expected: list[str]) -> None:
    assert cleaned(OWN | {"author": {"name": byline}}).authors == expected
