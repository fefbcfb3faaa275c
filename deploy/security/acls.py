"""``python -m deploy.security.acls``: the kafka-acls commands that give each stage's user its rights and no more.

With the settings of the pipeline (prefix, generation, inputs): a generation that is filled beside the live one has
topics and groups of its own, so it is run again for each. Users are named ``remarkwire-<stage>``; the monitor has one,
too, which writes nothing. ``remarkwire-operator`` is who runs `setup`, `status`, `replay`, `dlq` and
`forget`: everything below the prefix, nothing beside it.
"""

import shlex
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal

import yaml

from runtime.kafka import group_id
from runtime.settings import Settings, load
from runtime.topics import names
from schemas.errors import RemarkwireError
from schemas.topics import OVERRIDES, TOPICS, Topic, dlq_name

OPERATOR = "operator"
Kind = Literal["topic", "group", "cluster"]
_BY_NAME: Mapping[str, Topic] = {topic.name: topic for topic in TOPICS}


@dataclass(frozen=True, order=True)
class Acl:
    """``name`` is a whole name, or where names begin (``prefixed``)."""

    user: str
    operation: str
    kind: Kind
    name: str
    prefixed: bool = False

    def command(self, bootstrap: str) -> str:
        """A line for a shell."""
        where = ["--cluster"] if self.kind == "cluster" else [f"--{self.kind}", self.name]
        pattern = ["--resource-pattern-type", "prefixed"] if self.prefixed else []
        words = ["kafka-acls.sh", "--bootstrap-server", bootstrap, "--add", "--allow-principal", f"User:{self.user}"]
        return shlex.join([*words, "--operation", self.operation, *where, *pattern])


def stages() -> dict[str, dict[str, list[str]]]:
    """What kafka-acls.yaml says."""
    text = files("deploy.security").joinpath("kafka-acls.yaml").read_text(encoding="utf-8")
    found: dict[str, dict[str, list[str]]] = yaml.safe_load(text)
    return found


def user_of(stage: str) -> str:
    return f"remarkwire-{stage}"


def acls(settings: Settings) -> list[Acl]:
    """The rights of all stages, the monitor and the operator, for the generation that the settings name."""
    out = [acl for stage, rights in stages().items() for acl in _of_stage(settings, stage, rights)]
    return sorted({*out, *_of_operator(settings)})


def _of_stage(settings: Settings, stage: str, rights: Mapping[str, list[str]]) -> Iterator[Acl]:
    user, prefix = user_of(stage), settings.pipeline.prefix
    read = [names(settings, _BY_NAME[name]) for name in (*rights["consumes"], *rights["reads"])]
    for topic in (*read, *(dlq_name(names(settings, _BY_NAME[name])) for name in rights.get("letters", ()))):
        yield Acl(user, "Read", "topic", topic)
        yield Acl(user, "Describe", "topic", topic)
    for name in rights.get("looks", ()):
        yield Acl(user, "Describe", "topic", names(settings, _BY_NAME[name]))
    for other in rights.get("groups", ()):
        yield Acl(user, "Describe", "group", group_id(settings, other))
    for name in rights["writes"]:
        yield Acl(user, "Write", "topic", names(settings, _BY_NAME[name]))
    for name in rights["consumes"]:
        if _BY_NAME[name].dlq:
            yield Acl(user, "Write", "topic", dlq_name(names(settings, _BY_NAME[name])))
    if rights["consumes"]:
        yield Acl(user, "Read", "group", group_id(settings, stage))
    # Topics that are read whole, or looked at, by consumers that join no group and still name one.
    if rights["reads"]:
        yield Acl(user, "Read", "group", f"{prefix}remarkwire-reader")
    if OVERRIDES.name in rights["reads"]:
        yield Acl(user, "Read", "group", f"{prefix}remarkwire-overrides")


def _of_operator(settings: Settings) -> Iterator[Acl]:
    user, prefix = user_of(OPERATOR), settings.pipeline.prefix
    # Without a prefix nothing tells our topics from others but their names.
    topics = [(prefix, True)] if prefix else [(topic.name, True) for topic in TOPICS]
    for name, prefixed in topics:
        for operation in ("Create", "Delete", "Describe", "DescribeConfigs", "Read", "Write"):
            yield Acl(user, operation, "topic", name, prefixed)
    for operation in ("Describe", "Read", "Delete"):
        yield Acl(user, operation, "group", f"{prefix}remarkwire-", prefixed=True)
    yield Acl(user, "Describe", "cluster", "kafka-cluster")


def main() -> None:
    """Prints the commands; an argument is the bootstrap address to write into them."""
    bootstrap = sys.argv[1] if len(sys.argv) > 1 else "$BOOTSTRAP"
    try:
        for acl in acls(load()):
            print(acl.command(bootstrap).replace("'$BOOTSTRAP'", '"$BOOTSTRAP"'))  # noqa: T201 - its work
    except RemarkwireError as error:
        sys.exit(f"acls: {error}")


if __name__ == "__main__":
    main()
