"""Keeps a second ``run`` or ``replay`` out of where its workers would have the first one's names, and fence them.

All locks are the kernel's and end with their process, however that ends. So a member that a crash left in a consumer
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
    servers, instance = _servers(settings), settings.pipeline.instance
    names = f"{servers}\n{settings.pipeline.prefix}\n{socket.gethostname()}\n{instance}"
    refusal = (
        f"pipeline.instance = {instance!r}: another `remarkwire run` on this machine works on {servers} under this "
        "name, and the two would take each other's place in the consumer groups; end it first, or set another "
        "pipeline.instance here"
    )
    with _name_taken("run", names, refusal):
        yield


@contextlib.contextmanager
def only_one_replay(settings: Settings) -> Iterator[None]:
    """Takes the one replay that a pipeline may have at a time, on this machine, as ``only_one_instance`` does. Raises
    ``SettingsError`` where another ``replay`` is at work.
    """
    servers = _servers(settings)
    refusal = (
        f"another `remarkwire replay` on this machine fills a generation on {servers}: wait for it, or end it, and the "
        "same command goes on"
    )
    with _name_taken("replay", f"{servers}\n{settings.pipeline.prefix}", refusal):
        yield


def _servers(settings: Settings) -> str:
    return ",".join(sorted(server.strip() for server in settings.kafka.bootstrap_servers.split(",")))


@contextlib.contextmanager
def _name_taken(what: str, names: str, refusal: str) -> Iterator[None]:
    if sys.platform != "linux":
        yield
        return
    name = hashlib.sha256(names.encode()).hexdigest()
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as taken:
        try:
            taken.bind(f"\0remarkwire-{what}-{name}")
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            raise SettingsError(refusal) from error
        yield
