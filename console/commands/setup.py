"""``remarkwire setup``."""

from console import output
from console.generations import lineage, registry
from console.progress import errors
from processors.index.setup import NeedsNewGeneration, install
from runtime.settings import Settings, load
from schemas.errors import SettingsError


def setup() -> None:
    """Make topics, templates, indices and aliases of the generation; what exists is left as it is.

    \b
    Examples:
      remarkwire setup
      remarkwire --config production.toml setup
    """
    settings = load()
    made, installed = prepare_fed(settings)
    out = output.out()
    out.print(f"topics: {len(made)} made" + (f" ({', '.join(made[:4])} …)" if made else ", all were there"))
    out.print("indices: " + (", ".join(installed) + " made" if installed else "all were there"))
    out.print(f"generation {registry.live(settings).pipeline.generation} is ready; next: remarkwire run")


def prepare_fed(settings: Settings) -> tuple[list[str], list[str]]:
    """Prepares every generation that is fed, and the one of the settings where none is known yet.

    Raises ``SettingsError`` for one that is not among those known: it would be empty, and look as if it were filled.
    """
    from runtime.access import check_elasticsearch, check_kafka

    check_kafka(settings)
    check_elasticsearch(settings)
    known = registry.read(settings)
    if not known:
        return prepare(settings)
    try:
        registry.known(known, settings.pipeline.generation)
    except SettingsError as error:
        raise SettingsError(
            f"pipeline.generation: {error}. `remarkwire replay` makes another one and fills it"
        ) from error
    found = registry.live_now(settings)
    last = lineage.last_promoted(known)
    live = last.generation if found is None and last is not None else found
    made, installed = [], []
    # Of a pruned one only some topics are left; it must not get the others back.
    # The live one first: a read alias that is nowhere is put on the first generation that is prepared.
    for one in sorted(lineage.fed(known), key=lambda one: one.generation != live):
        if one.state != "ready":
            continue
        try:
            topics, indices = prepare(registry.settings_of(settings, one))
        except NeedsNewGeneration as error:
            if one.generation == live:
                raise
            # It is from before a field was changed; what it cannot take goes to its dead letters.
            errors.print(f"generation {one.generation} is fed with what still fits: {error}", soft_wrap=True)
            continue
        made += topics
        installed += indices
    if found is None and last is not None:
        why = "was promoted last" if last.promoted else "is the oldest; none was promoted"
        errors.print(f"no read alias was there: generation {live} is live now, which {why}", soft_wrap=True)
    return made, installed


def prepare(settings: Settings) -> tuple[list[str], list[str]]:
    """Topics, then templates and indices of one generation, which is noted. Returns the names of what was made."""
    from runtime import elastic, kafka, topics
    from runtime.beginnings import commit_beginnings

    admin = kafka.admin(settings)
    made = topics.create(admin, settings)
    for told in topics.confirmed_by_too_few(admin, settings):
        errors.print(told, soft_wrap=True, markup=False)
    commit_beginnings(settings)
    client = elastic.client(settings)
    try:
        installed = install(client, settings)
    finally:
        client.close()
    registry.register(settings)
    return made, installed
