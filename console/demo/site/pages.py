"""An article as its outlet's web page: the text in the middle of everything else that news sites put around it."""

import datetime
import functools
import json
from collections.abc import Sequence
from typing import Any

import jinja2
from babel.dates import format_datetime

from console.demo.data import Article, Outlet, url_of
from console.demo.site.fronts import Entry, Front
from console.demo.site.page import Page

_RELATED = 4


@functools.cache
def environment() -> jinja2.Environment:
    loader = jinja2.PackageLoader("console.demo.site")
    return jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)


def article_page(
    front: Front,
    outlet: Outlet,
    article: Article,
    *,
    original: Article | None,
    origin: Outlet | None,
    related: Sequence[Article],
    new_advert: bool = False,
    amp: bool = False,
) -> Page:
    """``original`` and ``origin``: whose article it credits, if it does. ``new_advert``: see the front.

    The syndicator (template ``digest``) names the original as canonical, as such sites do.
    """
    canonical = url_of(original) if original and front.template == "digest" else url_of(article)
    context: dict[str, Any] = {
        "article": article,
        "canonical": canonical,
        "amphtml": f"{url_of(article)}amp/" if front.amp else None,
        "original": original,
        "origin": origin,
        "related": related[-_RELATED:][::-1],
        "url_of": url_of,
        "advert": front.new_advert if new_advert else front.advert,
        "date": _date(article.published, front),
        "updated": _date(article.modified, front) if article.modified and article.modified > article.published else "",
        "jsonld": _json_ld(article, outlet, canonical),
        "titled": article.id not in front.untitled,
    }
    return page_of(
        front,
        outlet,
        "amp" if amp else front.template,
        modified=article.modified or article.published,
        kind="amp" if amp else "article",
        failures=1 if article.id in front.fails_once else 0,
        **context,
    )


def section_page(front: Front, outlet: Outlet, articles: Sequence[Article], *, title: str) -> Page:
    """A list of headlines: the front page, or a section that a feed took for an article."""
    newest = max(article.published for article in articles)
    return page_of(
        front, outlet, "section", modified=newest, kind="section", title=title, articles=articles[::-1], url_of=url_of
    )


def entry_page(front: Front, outlet: Outlet, entry: Entry) -> Page:
    """A page of an entry that is no article: a bare video, or what robots.txt keeps for the house."""
    return page_of(front, outlet, entry.page, modified=entry.at, kind=entry.page, entry=entry)


def page_of(
    front: Front,
    outlet: Outlet,
    template: str,
    *,
    modified: datetime.datetime,
    kind: str,
    failures: int = 0,
    **context: Any,
) -> Page:
    """Render and encode; what the outlet's charset has not becomes a character reference."""
    html = environment().get_template(f"{template}.html").render(front=front, outlet=outlet, w=front.words, **context)
    return Page(
        body=html.encode(front.charset, errors="xmlcharrefreplace"),
        content_type=f"text/html; charset={front.charset}" if front.declared else "text/html",
        modified=modified,
        kind=kind,
        failures=failures,
        gzip=front.gzip,
    )


def _date(moment: datetime.datetime, front: Front) -> str:
    return str(format_datetime(moment, front.date, locale=front.locale, tzinfo=moment.tzinfo))


def _json_ld(article: Article, outlet: Outlet, canonical: str) -> str:
    data = {
        "@context": "https://schema.org",
        "@type": "LiveBlogPosting" if article.paragraphs[0][:2].isdigit() else "NewsArticle",
        "headline": article.title,
        "datePublished": article.published.isoformat(),
        "dateModified": (article.modified or article.published).isoformat(),
        "author": [{"@type": "Person", "name": name} for name in article.authors],
        "publisher": {"@type": "NewsMediaOrganization", "name": outlet.name},
        "mainEntityOfPage": canonical,
        "inLanguage": article.lang,
    }
    return json.dumps(data, indent=1)
