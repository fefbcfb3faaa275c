"""``python -m tests.bench.lengths [LONGEST]``: seconds of annotation for texts of doubling length, up to 1 MB.

Reports in every language that has a lexicon and in two that have none, and texts that are no articles: only quotation
marks, one endless sentence, mixed scripts, zero-width characters, NULs. The time must double with the length, not grow
with its square. Ends with 1 where one grows faster than that.
"""

import datetime
import sys
import time
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path

import yaml
from rich.console import Console
from rich.table import Table

from processors.annotate.core import annotate
from processors.annotate.entities import Recognizer, find_entities, load_gazetteer
from processors.annotate.knowledge import knowledge_of
from processors.annotate.statements import find_statements
from schemas import CleanArticle, Outlet, Seq

DAY = datetime.datetime(2026, 5, 20, 12, tzinfo=datetime.UTC)
STEPS = 4
STEEPEST = 12.0
"""Of the time for eight times the length: 8 is linear, 64 quadratic."""
REPORTS = Path(__file__).parents[1] / "unit" / "annotate" / "fresh"
LANGUAGES = ("ar", "de", "en", "es", "fr", "pl", "ru", "tr", "uk")


def _names() -> Iterator[str]:
    """A new stranger in each sentence."""
    for number in count():
        word = "".join(chr(ord("a") + int(digit)) for digit in str(number))
        yield f"Mr X{word} said that the ferries will sail. "


TEXTS: dict[str, tuple[str, Iterator[str] | str]] = {
    "report": (
        "en",
        'Lavrov told Harbour TV on Monday that "the ferries will not sail". He added that Rubio agreed.\n',
    ),
    "new names": ("en", _names()),
    "one sentence": ("en", "the minister said and Lavrov added that he knew, "),
    "no space": ("en", "абв"),
    "opening marks": ("ru", "«a "),
    "only marks": ("en", '"“„«‹‘'),
    "mixed scripts": ("ru", "Лавров said أن 外相 „што“ "),
    "right to left": ("ar", "وقال لافروف إن \u200fالعبارات\u200e ستعود. "),
    "zero width, NUL, emoji": ("en", "Lav\u200brov\u200d sa\u00adid \x00 🙂 “x\u2060”. "),
    "list under a colon": ("en", "- Lavrov said so:\n"),
    "questions": ("ru", "Вопрос: Так ли?\nС.В.Лавров: Так.\n"),
    "dashes": ("ru", "«Да, — сказал Лавров. — Нет, — "),
    "Czech": ("cs", "Lavrov v Moskvě řekl, že „trajekty nevyplují“. Ministr dodal, že se čeká na Ankaru.\n"),
    "Bulgarian": ("bg", "Лавров каза в Москва, че „фериботите няма да тръгнат“. Министърът добави, че чакат Анкара.\n"),
}


def _reports(lang: str) -> str:
    """The constructions that the tests have for a language, one after the other."""
    cases = yaml.safe_load((REPORTS / f"{lang}.yaml").read_text(encoding="utf-8"))
    return "".join(str(case) for case in cases.values()).replace("{{", "").replace("}}", "")


TEXTS.update({f"reports, {lang}": (lang, _reports(lang)) for lang in LANGUAGES})


def main() -> None:
    """Prints one row for each kind of text as it is measured."""
    longest = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    gazetteer, recognizer = load_gazetteer(), Recognizer()
    lengths = [longest >> (STEPS - 1 - i) for i in range(STEPS)]
    out = Console(width=112)
    steepest = 0.0
    table = Table("text", *(f"{n:,}" for n in lengths), "last / first", "of these statements")
    for name, (lang, source) in TEXTS.items():
        pieces = source if isinstance(source, str) else "".join(islice(source, longest // 40))
        text = pieces * (longest // len(pieces) + 1)
        annotate(article(text[:5000], lang), gazetteer=gazetteer, recognizer=recognizer)
        seconds = []
        for length in lengths:
            given = article(text[:length], lang)
            begin = time.process_time()
            annotate(given, gazetteer=gazetteer, recognizer=recognizer)
            seconds.append(time.process_time() - begin)
        full = f"Title\n{text[: lengths[0]]}"
        entities = find_entities(full, lang, gazetteer)
        begin = time.process_time()
        find_statements(full, lang, entities, DAY, knowledge=knowledge_of(gazetteer))
        share = (time.process_time() - begin) / seconds[0]
        steepest = max(steepest, seconds[-1] / seconds[0])
        row = (name, *(f"{s:.2f}" for s in seconds), f"{seconds[-1] / seconds[0]:.1f}", f"{share:.2f}")
        print(*row, sep="\t", file=sys.stderr, flush=True)
        table.add_row(*row)
    out.print(table)
    sys.exit(steepest > STEEPEST)


def article(text: str, lang: str) -> CleanArticle:
    """A text under a title of its own."""
    return CleanArticle(
        article_id="a", seq=Seq(0, "a"), revision="", url="", outlet=Outlet(id=""), fetched=DAY, title="Title",
        text=text, lang=lang, published=DAY,
    )  # fmt: skip


if __name__ == "__main__":
    main()
