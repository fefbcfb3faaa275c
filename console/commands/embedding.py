"""``remarkwire embedding``: another model of sentence vectors."""

from pathlib import Path
from typing import Annotated

import typer

from console.progress import errors, steps
from console.targets import writable
from runtime.logging import configure
from runtime.settings import load

app = typer.Typer(help="Another model of sentence vectors: prepare.", no_args_is_help=True, rich_markup_mode="rich")


@app.command()
def prepare(
    output: Annotated[
        Path, typer.Option("--output", help="Where the vector space goes, for group.vector_space.", metavar="FILE")
    ],
    model: Annotated[
        str | None,
        typer.Option(
            help="A model of sentence-transformers, by name or folder. Default: annotate.embedding_model.",
            metavar="MODEL",
        ),
    ] = None,
    prompt: Annotated[
        str | None,
        typer.Option(
            help='What it gets before each text, such as "passage: ". Default: annotate.embedding_prompt.',
            metavar="TEXT",
        ),
    ] = None,
) -> None:
    """Make the file by which vectors of another model are compared; the extra sentence-transformers must be installed.

    It has the mean vectors of languages, and at which of the model's cosines the same shares of pairs of statements lie
    as with the shipped one, for which weights and thresholds were made; both from sentences that are shipped. How well
    other models group was not measured. Name the model in annotate.embedding_model as here, and the file in
    group.vector_space; articles that are there already need `replay --from clean`.

    \b
    Examples:
      remarkwire embedding prepare --model intfloat/multilingual-e5-base --prompt "passage: " --output e5-base.json
      remarkwire embedding prepare --model models/own --output own.json
    """
    import msgspec

    from console.demo.statements import statements
    from processors.annotate.features import Embedder, SentenceModel
    from processors.group.model import default_model
    from processors.group.vectors.prepare import prepared
    from runtime.beside import created

    writable(output)
    settings = load()
    configure(settings.log, "embedding")
    named = SentenceModel(
        settings.annotate.embedding_model if model is None else model,
        settings.annotate.embedding_prompt if prompt is None else prompt,
    )
    if named.name == SentenceModel().name:
        raise typer.BadParameter(f"--model {named.name} is the shipped one, whose vector space is shipped, too")
    embedder = named.embedder()
    with steps("embedding") as say:
        say(f"loading {named}")
        embedder.embed(["What cannot be loaded is told before the work."])
        say("reading the demo's statements")
        said = statements()
        say("comparing them")
        made = prepared(named, embedder, Embedder(), said, default_model().vectors.prior)
    with created(output) as file:
        file.write(msgspec.json.format(msgspec.json.encode(made), indent=1) + b"\n")
    errors.print(
        f"{made.dimensions} dimensions, {len(made.means)} languages; group.vector_space = {output}", markup=False
    )
