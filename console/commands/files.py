"""``remarkwire import`` and ``remarkwire batch``: articles from files."""

from pathlib import Path
from typing import Annotated

import typer

from console.outcome import exit_code
from console.progress import bar, errors
from console.speakers import refuse_unknown, speakers
from console.targets import writable
from console.times import moment
from runtime.logging import configure
from runtime.settings import load
from schemas import ANY


def import_(
    paths: Annotated[
        list[Path],
        typer.Argument(
            help="JSONL (.jsonl, .jsonl.gz), JSON arrays (.json, named each), HTML, text and WARC files, or folders.",
            metavar="PATH…",
        ),
    ],
    outlet: Annotated[
        str | None, typer.Option(help="Outlet of articles that name none (host).", metavar="HOST")
    ] = None,
    published: Annotated[
        str | None,
        typer.Option(help="Publication of articles that name none: a date, or 90m, 2h, 7d ago.", metavar="TIME"),
    ] = None,
    again: Annotated[
        bool,
        typer.Option(
            "--again",
            help="Known, and changed since: put them above what is there, and take back what they no longer say.",
        ),
    ] = False,
) -> None:
    """Bring articles from files into articles.raw; from there they go the way of fetched ones.

    A line that cannot be read is named with its file and number (the first hundred are), counted, and passed over; an
    article that was taken out by `forget` is counted. The same file twice gives the same articles. Outlets that are in
    the list of sources have their name, kind and country from there. An article that was fetched stays as it was
    fetched, and is counted, unless the file dates it later than the last visit or --again is given. Where an article
    has changed since (by its address it is the same one) and no longer has a watched speaker, his words of before stay
    unless --again is given. It ends with code 3 where some lines or files could not be read, and with 1 where none
    could, or before it begins where a path does not exist.

    \b
    Examples:
      remarkwire import articles.jsonl.gz
      remarkwire import crawl.warc.gz          # keeps the dates of the fetches
      remarkwire import saved-pages/ --outlet harbour-post.example --published 2026-06-03
      remarkwire import corrected.jsonl --again
    """
    from ingest.beforehand import known_in
    from ingest.fetch.publish import KafkaPublisher
    from ingest.imports import ImportTotals, import_paths

    date = moment(published)
    settings = load()
    configure(settings.log, "import")
    totals = ImportTotals()
    try:
        with (
            known_in(settings.pipeline.data, settings.fetch.sources) as known,
            bar("importing") as advance,
            KafkaPublisher(settings) as publisher,
        ):
            import_paths(
                paths, publisher, outlet=outlet, published=date, again=again, progress=advance, totals=totals,
                known=known,
            )  # fmt: skip
    finally:
        # Where Kafka goes away, too: what was published before stays so.
        for problem in totals.problems:
            errors.print(problem, soft_wrap=True, markup=False)
        if more := totals.failed - len(totals.problems):
            errors.print(f"… and {more} more that could not be read")
        errors.print(str(totals))
    raise typer.Exit(exit_code(totals.imported + totals.forgotten + totals.fetched, totals.failed))


def batch(
    input_: Annotated[
        Path, typer.Option("--input", help="Articles, JSONL (.gz) or a JSON array: id, title, text, …", metavar="FILE")
    ],
    output: Annotated[
        Path, typer.Option("--output", help="One line for each input line; .gz compresses.", metavar="FILE")
    ],
    speaker: Annotated[
        list[str] | None,
        typer.Option(help="Whom to watch: Wikidata ids, or `any`. Default: the settings' speakers.", metavar="QID"),
    ] = None,
    whole_articles: Annotated[
        bool, typer.Option("--whole-articles", help="Take each whole text as one statement of a nameless speaker.")
    ] = False,
    model: Annotated[
        Path | None, typer.Option(help="Another weights file of the grouping model.", metavar="FILE")
    ] = None,
    workers: Annotated[int, typer.Option(min=0, help="Processes for annotation; 0: one per core.", metavar="N")] = 0,
) -> None:
    """Annotate and group articles of a file, with the code of the services, without Kafka and Elasticsearch.

    The whole file is one window, however far its dates are apart: the same wording a year later is a copy here, while
    the services compare within group.window_days only. It ends with code 3 where some lines could not be used, and with
    1 where none could; their output lines say why.

    An output line has the article's `id`, `outlet`, `published`, `title` and `lang`, its `entities` and `statements`,
    and `reports`: for each watched speaker and occasion the `story`, `role`, `copy_of` (an id), `remarks` with their
    text, `brings` (ids of those that nobody had before), `evidence`, `confidence` (how sure each decision is) and
    `review` (one of them should be looked at); `main` is false for what is told beside the main occasion. Each of
    `remarks` has `evidence`, `confidence` and `review` of its own.

    \b
    Examples:
      remarkwire batch --input articles.jsonl --output out.jsonl
      remarkwire batch --input articles.jsonl.gz --output out.jsonl --speaker Q58217 --speaker Q7747
      remarkwire batch --input any-news.jsonl --output out.jsonl --speaker any --whole-articles
    """
    from console.batch_files import batch_file
    from processors.annotate.features import SentenceModel
    from processors.group.vectors.space import space_for

    watched = speakers(speaker, anybody=True)
    writable(output, input_)
    settings = load()
    configure(settings.log, "batch")
    watched = watched or settings.pipeline.speakers
    if watched != [ANY] and not whole_articles:
        refuse_unknown(watched, settings.pipeline.gazetteer)
    sentences = SentenceModel.of(settings.annotate)
    space = space_for(sentences, settings.group.vector_space)
    with bar("batch") as advance:
        totals = batch_file(
            input_,
            output,
            speakers=tuple(watched),
            whole_articles=whole_articles,
            model=model,
            embeddings=settings.annotate.embeddings,
            free_indirect=settings.annotate.free_indirect,
            sentences=sentences,
            space=space,
            workers=workers,
            gazetteer=settings.pipeline.gazetteer,
            progress=advance,
        )
    errors.print(str(totals))
    raise typer.Exit(exit_code(totals.articles, totals.failed))
