"""``python -m tests.bench.lengths [LONGEST]``: seconds of statements and settings for texts of doubling length.

Texts that are no articles: only quotation marks, one endless sentence, mixed scripts, zero-width characters, NULs. The
time must double with the length, not grow with its square.
"""

import datetime
import sys
import time
from collections.abc import Iterator
from itertools import count, islice

from rich.console import Console
from rich.table import Table

from processors.annotate.entities import find_entities, load_gazetteer
from processors.annotate.knowledge import knowledge_of
from processors.annotate.statements import find_statements

DAY = datetime.datetime(2026, 5, 20, 12, tzinfo=datetime.UTC)
STEPS = 4


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
}


def main() -> None:
    """Prints one row for each kind of text."""
    longest = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    gazetteer = load_gazetteer()
    lengths = [longest >> (STEPS - 1 - i) for i in range(STEPS)]
    table = Table("text", *(f"{n:,}" for n in lengths), "last / first")
    for name, (lang, source) in TEXTS.items():
        pieces = source if isinstance(source, str) else "".join(islice(source, longest // 40))
        text = pieces * (longest // len(pieces) + 1)
        seconds = []
        for length in lengths:
            full = f"Title\n{text[:length]}"
            entities = find_entities(full, lang, gazetteer)
            begin = time.process_time()
            find_statements(full, lang, entities, DAY, knowledge=knowledge_of(gazetteer))
            seconds.append(time.process_time() - begin)
        table.add_row(name, *(f"{s:.2f}" for s in seconds), f"{seconds[-1] / seconds[0]:.1f}")
    Console(width=112).print(table)


if __name__ == "__main__":
    main()
