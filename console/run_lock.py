"""Keeps a second ``remarkwire run`` out of where its workers would have the names of the first one's, and fence them.

Both locks are the kernel's and end with their process, however that ends. So a member that a crash left in a consumer
group, which the brokers cannot tell from one that lives, keeps nobody out.
"""

import contextlib
import errno
import hashlib
import socket
import sys
from collections.abc import Iterator

from filelock import FileLock, Timeout

from runtime.settings import Settings
from schemas.errors import SettingsError


@contextlib.contextmanager
def only_one(settings: Settings) -> Iterator[None]:
    """Takes the data folder. Raises ``SettingsError`` where another ``run`` has it."""
    folder = settings.pipeline.data
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / "run.lock").acquire(timeout=0)
    except Timeout as error:
        raise SettingsError(
            f"{folder}: another `remarkwire run` works in this folder; end it first, or set another pipeline.data and "
            "pipeline.instance"
        ) from error
    except OSError as error:
        raise SettingsError(f"pipeline.data: {folder} cannot be written ({error.strerror})") from error
    with lock:
        yield


@contextlib.contextmanager
def only_one_instance(settings: Settings) -> Iterator[None]:
    """Takes the workers' names on this machine, whatever the data folder. Raises ``SettingsError`` where another
    ``run`` has them.

    By the name of a socket that belongs to no file, which only Linux has; elsewhere, and on machines of one host name,
    the errors of the services that are fenced name the cause (``runtime.kafka``).
    """
    if sys.platform != "linux":
        yield
        return
    kafka, pipeline = settings.kafka, settings.pipeline
    servers = ",".join(sorted(server.strip() for server in kafka.bootstrap_servers.split(",")))
    names = f"{servers}\n{pipeline.prefix}\n{socket.gethostname()}\n{pipeline.instance}"
    name = hashlib.sha256(names.encode()).hexdigest()
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as taken:
        try:
            taken.bind(f"\0remarkwire-run-{name}")
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            raise SettingsError(
                f"pipeline.instance = {pipeline.instance!r}: another `remarkwire run` on this machine works on "
                f"{servers} under this name, and the two would take each other's place in the consumer groups; end "
                "it first, or set another pipeline.instance here"
            ) from error
        yield
