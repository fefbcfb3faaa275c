"""``remarkwire setup``."""

from rich.console import Console

from runtime.settings import Settings, load


def setup() -> None:
    """Make topics, templates, indices and aliases of the generation; what exists is left as it is.

    \b
    Examples:
      remarkwire setup
      remarkwire --config production.toml setup
    """
    settings = load()
    made, installed = prepare(settings)
    out = Console(highlight=False)
    out.print(f"topics: {len(made)} made" + (f" ({', '.join(made[:4])} …)" if made else ", all were there"))
    out.print("indices: " + (", ".join(installed) + " made" if installed else "all were there"))
    out.print(f"generation {settings.pipeline.generation} is ready; next: remarkwire run")


def prepare(settings: Settings) -> tuple[list[str], list[str]]:
    """Topics, then templates and indices. Returns the names of what was made."""
    from processors.index.setup import install
    from runtime import elastic, kafka, topics

    made = topics.create(kafka.admin(settings), settings)
    client = elastic.client(settings)
    try:
        return made, install(client, settings)
    finally:
        client.close()
