"""Generated pages in four languages, of the length of real articles, with the furniture that pages have."""

import datetime
import random
import re
from collections.abc import Iterator

import zstandard

from console.demo.data import load_gold
from ingest.identity import article_id
from schemas import Outlet, RawArticle, Seq, epoch_ms
from tests.bench.stages import grown

LANGS = ("en", "ru", "de", "tr")
_CHARS, _SPREAD = 2400, 0.6
_HIS = re.compile(r"Lavrov|Лавров|Lawrow|minist|министр|МИД|bakan|diplom|диплом", re.IGNORECASE)
_BEGAN = datetime.datetime(2026, 5, 2, tzinfo=datetime.UTC)


def pages(count: int, seed: int = 4) -> Iterator[RawArticle]:
    """Sentences of the demo's invented articles, mixed anew; nine of ten without those that name him or an office."""
    chosen = random.Random(seed)
    gold = load_gold().as_of()
    by_lang = {lang: [one for one in gold if one.lang == lang and one.text] for lang in LANGS}
    plain = {
        lang: [s for one in known for s in _sentences(one.text) if not _names(s)] for lang, known in by_lang.items()
    }
    for number in range(count):
        lang = LANGS[number % len(LANGS)]
        one = chosen.choice(by_lang[lang] or by_lang["en"])
        wanted = max(300, int(chosen.lognormvariate(0, _SPREAD) * _CHARS))
        watched = number % 10 == 0
        parts = one.text.splitlines() if watched else []
        while sum(map(len, parts)) < wanted:
            some = [chosen.choice(plain[lang] or plain["en"]) for _ in range(3)]
            parts.append(" ".join([*some, f"{chosen.randrange(10**6)}."]))
        title = one.title if watched else f"{chosen.choice(plain[lang] or plain['en'])[:60]} {number}"
        yield _page(number, lang, title, parts)


def _names(sentence: str) -> bool:
    """Names the speaker, or an office that can stand for him: an article on something else would become a report."""
    return _HIS.search(sentence) is not None


def _sentences(text: str) -> list[str]:
    return [f"{part.strip()}." for line in text.splitlines() for part in line.split(". ") if len(part) > 40]


def _page(number: int, lang: str, title: str, parts: list[str]) -> RawArticle:
    body = "".join(f"<p>{part}</p>" for part in parts)
    url = f"https://outlet-{number % 40}.example/{number}"
    identity = article_id(url)
    fetched = _BEGAN + datetime.timedelta(seconds=20 * number)
    published = (fetched - datetime.timedelta(minutes=number % 50)).isoformat()
    html = (
        f'<html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title><link rel="canonical" href="{url}">'
        f'<meta property="article:published_time" content="{published}"></head><body><article><h1>{title}</h1>'
        f"{body}</article></body></html>"
    )
    return RawArticle(
        article_id=identity, seq=Seq(epoch_ms(fetched), identity), url=url,
        outlet=Outlet(id=f"outlet-{number % 40}.example"), fetched=fetched, media_type="text/html", charset="utf-8",
        body=zstandard.compress(grown(html.encode())),
    )  # fmt: skip
