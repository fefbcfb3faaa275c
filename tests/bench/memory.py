"""``python -m tests.bench.memory [ARTICLES]``: memory of an ``annotate`` process with embeddings and recognition on.

Articles in four languages with words that no other article has, so that whatever is remembered by word is filled, and
remarks of the watched speaker in every other one. Ends with 1 where the process takes more than 1.5 GB.
"""

import datetime
import random
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import yaml
from rich.console import Console
from rich.table import Table

from processors.annotate.core import annotate
from processors.annotate.entities import Recognizer, load_gazetteer
from processors.annotate.features import Embedder
from schemas import CleanArticle, Outlet, Seq

MOST = 1_500_000_000
ARTICLES = 2000
SPEAKER = "Q58217"
LANGUAGES = ("en", "ru", "de", "uk")
_FRESH = Path(__file__).parents[1] / "unit" / "annotate" / "fresh"
_STEPS = 8
_LATIN = [a + b for a in "bdfgklmnprstvz" for b in "aeiou"]
_CYRILLIC = [a + b for a in "бдгклмнпрств" for b in "аеиоу"]
_SAID = {
    "en": "Lavrov said in {a} that the {b} would cost {n} thousand, and {A} {B} agreed.",
    "ru": "Лавров заявил, что {b} обойдётся в {n} тысяч, а {A} {B} с ним согласился.",
    "de": "Lawrow sagte in {A}, die {B} werde {n} Tausend kosten.",
    "uk": "Лавров заявив, що {b} коштуватиме {n} тисяч, а {A} {B} погодився.",
}
_MEANWHILE = {
    "en": "Meanwhile {A} {B} of {C} waited for {n} {b}, {c} and {a}. ",
    "ru": "Тем временем {A} {B} из {C} ждал {n} {b}, {c} и {a}. ",
    "de": "Derweil wartete {A} {B} aus {C} auf {n} {b}, {c} und {a}. ",
    "uk": "Тим часом {A} {B} із {C} чекав на {n} {b}, {c} та {a}. ",
}


def articles(number: int) -> Iterator[CleanArticle]:
    """Invented ones, languages in turn."""
    chosen = random.Random(7)
    moment = datetime.datetime(2026, 5, 20, 12, tzinfo=datetime.UTC)
    reports = {lang: list(yaml.safe_load((_FRESH / f"{lang}.yaml").read_text("utf-8")).values()) for lang in LANGUAGES}
    for at in range(number):
        lang = LANGUAGES[at % len(LANGUAGES)]
        text = chosen.choice(reports[lang]).replace("{{", "").replace("}}", "")
        text += "".join(_sentence(_MEANWHILE[lang], lang, chosen) for _ in range(12))
        if at // len(LANGUAGES) % 2:
            text += "\n" + _sentence(_SAID[lang], lang, chosen)
        yield CleanArticle(
            article_id=f"a{at}", seq=Seq(at, f"a{at}"), revision="", url="", outlet=Outlet(id=""), fetched=moment,
            title=_sentence("{A} {b}", lang, chosen), text=text, lang=lang, published=moment,
        )  # fmt: skip


def _sentence(pattern: str, lang: str, chosen: random.Random) -> str:
    syllables = _CYRILLIC if lang in ("ru", "uk") else _LATIN
    words = {letter: "".join(chosen.choices(syllables, k=chosen.randint(2, 4))) for letter in "abc"}
    names = {letter.upper(): "".join(chosen.choices(syllables, k=3)).title() for letter in "abc"}
    return pattern.format(n=chosen.randint(2, 999), **words, **names)


def printed(out: Console, number: int = ARTICLES) -> bool:
    """Prints the resident memory as the articles go by; whether it stays below ``MOST``."""
    process = psutil.Process()
    table = Table("articles", "MiB", title="Memory of annotation with all models", title_justify="left")
    table.add_row("before", str(process.memory_info().rss >> 20))
    gazetteer, embedder, recognizer = load_gazetteer(), Embedder(), Recognizer()
    largest = 0
    for at, article in enumerate(articles(number), start=1):
        annotate(article, gazetteer=gazetteer, embedder=embedder, recognizer=recognizer, speakers={SPEAKER},
                 skip_unwatched=False)  # fmt: skip
        size = process.memory_info().rss
        largest = max(largest, size)
        if at == 1 or at % max(1, number // _STEPS) == 0:
            table.add_row(f"{at:,}", str(size >> 20))
            print(at, size >> 20, file=sys.stderr, flush=True)
    table.add_row("largest", str(largest >> 20))
    out.print(table)
    return largest <= MOST


def main() -> None:
    sys.exit(not printed(Console(width=60), int(sys.argv[1]) if len(sys.argv) > 1 else ARTICLES))


if __name__ == "__main__":
    main()
