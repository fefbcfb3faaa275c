"""The marks of articles that were taken out: they keep ``clean`` from making anything of these again."""

import contextlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from runtime import kafka
from runtime.logging import logger
from runtime.records import records
from runtime.settings import Settings
from runtime.topics import names
from schemas import Forgotten, headers_of
from schemas.errors import MessageError
from schemas.topics import FORGOTTEN


def known(settings: Settings) -> dict[str, Forgotten]:
    """The articles that were taken out, by id."""
    found: dict[str, Forgotten] = {}
    for record in records(settings, names(settings, FORGOTTEN)):
        if record.value() is None:
            found.pop((record.key() or b"").decode(errors="replace"), None)
            continue
        try:
            one = Forgotten.decode(record.value(), kafka.headers(record))
        except MessageError as error:
            # Its key alone takes the article out, for the services as well; only when and why is lost.
            key = (record.key() or b"").decode(errors="replace")
            logger(__name__).warning("mark of a forgotten article passed over", key=key, error=str(error)[:500])
            continue
        found[one.article_id] = one
    return found


def mark(settings: Settings, every: Iterable[Forgotten]) -> None:
    deliveries = kafka.Deliveries(kafka.producer(settings))
    for one in every:
        found = headers_of(one, "forget")
        deliveries.send(names(settings, FORGOTTEN), one.encode(), key=one.article_id, headers=found)
    deliveries.flush()


@contextlib.contextmanager
def noted(settings: Settings, marks: Mapping[str, Forgotten], removed: Mapping[str, Counter[str]]) -> Iterator[None]:
    """Adds to the marks what was removed, however the step ends: the next call finds nothing of it to count."""
    try:
        yield
    finally:
        # Most steps of a call that is given again remove nothing: no client is made for these.
        if any(removed.values()):
            mark(
                settings,
                [
                    msgspec.structs.replace(one, removed=dict(Counter(one.removed) + removed[article_id]))
                    for article_id, one in marks.items()
                    if removed[article_id]
                ],
            )
