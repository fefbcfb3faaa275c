"""The files of ``remarkwire batch``: JSONL or a JSON array in, one line out for each row in, in input order."""

import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from ingest.clean.metadata.credit import with_credit
from ingest.rows import bounded_rows, opened
from processors.annotate.features import SentenceModel
from processors.batch import published_of, run_batch
from processors.group.model import load_model
from processors.group.vectors.space import Space
from runtime.beside import created
from runtime.counts import counted
from schemas import ImportedArticle
from schemas.errors import InputError

_SHIPPED = SentenceModel()


@dataclass(frozen=True)
class BatchTotals:
    """How many lines were processed, and how many could not be used."""

    articles: int
    failed: int

    def __str__(self) -> str:
        why = "its output line says why" if self.failed == 1 else "their output lines say why"
        bad = f", {counted(self.failed, 'line')} could not be used ({why})" if self.failed else ""
        return f"{counted(self.articles, 'article')}{bad}"


def batch_file(
    source: Path,
    target: Path,
    *,
    speakers: Sequence[str],
    whole_articles: bool,
    model: Path | None,
    embeddings: bool,
    free_indirect: bool = True,
    sentences: SentenceModel = _SHIPPED,
    space: Space | None = None,
    workers: int,
    gazetteer: Path | None = None,
    progress: Callable[[int, int | None], None],
) -> BatchTotals:
    """Reads ``source`` (JSONL or a JSON array, gzipped or not), writes ``target``, gzipped where its
    name ends with ``.gz``, as a whole or not at all.

    Whom an article credits is what its line says, else what ``clean`` would find in its text.

    A line that is no article, has a date that is none, no id or that of a line before it, or that meets a defect of
    ours, becomes ``{"id": …, "error": …}`` in its place. Raises ``InputError`` where the file itself cannot be read or
    written.
    """
    rows: list[ImportedArticle | dict[str, Any]] = list(_read(source))
    articles = [row for row in rows if isinstance(row, ImportedArticle)]
    results = run_batch(
        articles,
        speakers=speakers,
        whole=whole_articles,
        model=load_model(model) if model else None,
        embeddings=embeddings,
        free_indirect=free_indirect,
        sentences=sentences,
        space=space,
        workers=workers or None,
        gazetteer=gazetteer,
        progress=progress,
    )
    defects = sum(1 for result in results if "error" in result)
    left = iter(results)
    encoder = msgspec.json.Encoder()
    with created(target) as out:
        for row in rows:
            out.write(encoder.encode(next(left) if isinstance(row, ImportedArticle) else row) + b"\n")
    return BatchTotals(len(articles) - defects, len(rows) - len(articles) + defects)


def _read(source: Path) -> Iterator[ImportedArticle | dict[str, Any]]:
    seen: set[str] = set()
    try:
        with opened(source) as lines:
            for row in bounded_rows(lines):
                if not row.body.strip():
                    continue
                try:
                    article = msgspec.json.decode(row.body, type=ImportedArticle)
                    published_of(article)
                    if not article.id.strip():
                        raise InputError("id is empty; every line needs an id of its own")
                    if article.id in seen:
                        raise InputError(f"id {article.id!r} comes twice; every line needs an id of its own")
                except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, InputError) as error:
                    yield {"id": _id(row.body), "error": f"{row}: {error}"}
                    continue
                seen.add(article.id)
                yield with_credit(article)
    except (OSError, EOFError, zlib.error, InputError) as error:
        raise InputError(f"{source}: cannot be read: {error}") from error


def _id(line: bytes) -> str | None:
    """The id of a line that is no article, where it has one."""
    try:
        found = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    value = found.get("id") if isinstance(found, dict) else None
    return value if isinstance(value, str) else None
