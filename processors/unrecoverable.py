"""How a worker gives up: where what an event caused cannot be made durable, or nothing arrives any more.

Faust acknowledges an event whose agent raised, and a batch that was cancelled. So the process ends without a graceful
commit, its supervisor starts it again, and the events come again.
"""

import contextlib
import logging
import os
from typing import NoReturn

from runtime.logging import logger
from runtime.watch import EXIT_UNRECOVERABLE

log = logger(__name__)


def die(reason: str, error: BaseException | None = None) -> NoReturn:
    """Ends the process at once, without commit: what is not acknowledged comes again to the next worker."""
    log.critical("unrecoverable; the worker ends and must be started again", reason=reason, error=repr(error))
    logging.shutdown()
    os._exit(EXIT_UNRECOVERABLE)


class LastResort(contextlib.AbstractContextManager[None]):
    """Around an agent's loop: an error that gets so far ends the worker.

    Faust would commit, start the agent again and go on behind the event, which would hold back all commits for ever.
    """

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, Exception):
            die("an agent failed", error)
