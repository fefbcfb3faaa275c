"""Reads the small topic of overrides whole, before the first report is decided."""

from processors.group.overrides import Overrides
from runtime.kafka import headers
from runtime.logging import logger
from runtime.records import records
from runtime.settings import Settings
from runtime.topics import names
from schemas import Override
from schemas.errors import MessageError
from schemas.topics import OVERRIDES

log = logger(__name__)


def read_overrides(settings: Settings) -> Overrides:
    """All overrides that hold now; a tombstone takes one back. One that cannot be read is named and left out."""
    found: dict[bytes | None, Override] = {}
    for record in records(settings, names(settings, OVERRIDES)):
        if record.value() is None:
            found.pop(record.key(), None)
            continue
        try:
            found[record.key()] = Override.decode(record.value(), headers(record))
        except MessageError as error:
            log.warning("override left out", offset=record.offset(), reason=error.reason, error=str(error))
    return Overrides.of(found.values())
