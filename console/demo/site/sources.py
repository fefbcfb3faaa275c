"""What `remarkwire fetch` is told about the demo's press: the list of sources, as data and as YAML."""

from typing import Any

import yaml

from console.demo.data import Gold, load_gold, url_of
from console.demo.site.fronts import load_fronts


def sources(gold: Gold | None = None) -> list[dict[str, Any]]:
    """One entry an outlet: ``outlet``, ``name``, ``country``, ``lang``, ``kind``, ``feeds``, ``sitemaps``, ``pages``.

    An outlet with neither feed nor sitemap is followed by the addresses of its articles.
    """
    gold = gold or load_gold()
    entries = []
    for outlet in gold.outlets:
        front = load_fronts()[outlet.outlet]
        listed = front.feed_path or front.sitemap_path
        entries.append(
            {
                "outlet": outlet.outlet,
                "name": outlet.name,
                "country": outlet.country,
                "lang": outlet.lang,
                "kind": outlet.kind,
                "feeds": [front.url + front.feed_path] if front.feed_path else [],
                "sitemaps": [front.url + front.sitemap_path] if front.sitemap_path else [],
                "pages": [] if listed else [url_of(a) for a in gold.articles if a.outlet == outlet.outlet],
            }
        )
    return entries


def sources_yaml(gold: Gold | None = None) -> str:
    """The text of a ``sources.yaml`` for the demo's press."""
    return yaml.safe_dump({"sources": sources(gold)}, allow_unicode=True, sort_keys=False)
