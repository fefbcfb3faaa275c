"""Every released version of a message is read by today's code, and today's schemas are fully compatible with it."""

import json
from pathlib import Path
from typing import Annotated, Any, Literal

import jsonschema
import msgspec
import pytest

import schemas
from schemas import release
from schemas.compatibility import findings
from schemas.examples import example, is_whole
from schemas.message import Message, headers_of
from schemas.topics import TOPICS

TYPES = {message.TYPE: message for message in release.message_types()}
FOLDERS = sorted(path for path in release.RELEASED.iterdir() if path.is_dir())
RELEASED = [(folder, path.name.removesuffix(".schema.json")) for folder in FOLDERS for path in folder.glob("*.json")]
OF_TODAY = release.RELEASED / release.release_name(Message.VERSION)

each_release = pytest.mark.parametrize(
    ("folder", "kind"), RELEASED, ids=[f"{folder.name}-{kind}" for folder, kind in RELEASED]
)


def schema_of(folder: Path, kind: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((folder / f"{kind}.schema.json").read_bytes())
    return loaded


def golden(folder: Path, kind: str) -> tuple[bytes, schemas.Headers]:
    headers = json.loads((folder / "golden" / f"{kind}.headers.json").read_bytes())
    return (folder / "golden" / f"{kind}.json").read_bytes(), [(key, value.encode()) for key, value in headers]


@each_release
def test_golden_bytes_are_read_and_written_again_alike(folder: Path, kind: str) -> None:
    value, headers = golden(folder, kind)
    message = TYPES[kind].decode(value, headers)
    assert message.encode() == value


@each_release
def test_golden_bytes_are_valid_in_the_released_schema(folder: Path, kind: str) -> None:
    value, _ = golden(folder, kind)
    jsonschema.Draft202012Validator.check_schema(schema_of(folder, kind))
    jsonschema.Draft202012Validator(schema_of(folder, kind)).validate(json.loads(value))


@each_release
def test_todays_schema_is_fully_compatible_with_the_released_one(folder: Path, kind: str) -> None:
    found = findings(schema_of(folder, kind), release.json_schema(TYPES[kind]))
    assert not found, "raise the major version, or keep the old field: " + "; ".join(map(str, found))


@each_release
def test_golden_headers_are_those_of_today(folder: Path, kind: str) -> None:
    value, headers = golden(folder, kind)
    ours = dict(headers_of(TYPES[kind].decode(value), "example"))  # type: ignore[arg-type]
    theirs = dict(headers)
    assert {key: ours[key] for key in theirs if key != "schema_version"} == {
        key: value for key, value in theirs.items() if key != "schema_version"
    }


def test_every_message_of_a_topic_is_released() -> None:
    assert OF_TODAY.is_dir(), "release today's version: python -m schemas.release"
    assert {topic.message.TYPE for topic in TOPICS} <= TYPES.keys()
    assert {kind for folder, kind in RELEASED if folder == OF_TODAY} == TYPES.keys()


@pytest.mark.parametrize("kind", sorted(TYPES))
def test_what_is_added_is_released_under_a_new_version(kind: str) -> None:
    assert without_words(release.json_schema(TYPES[kind])) == without_words(schema_of(OF_TODAY, kind)), (
        f"{kind} has changed since {OF_TODAY.name}: raise the minor version and run python -m schemas.release"
    )


def without_words(schema: Any) -> Any:
    """Less the descriptions, whose words may change."""
    if isinstance(schema, dict):
        return {key: without_words(value) for key, value in schema.items() if key != "description"}
    return [without_words(one) for one in schema] if isinstance(schema, list) else schema


@pytest.mark.parametrize("kind", sorted(TYPES))
def test_examples_leave_no_field_at_its_default(kind: str) -> None:
    assert is_whole(example(TYPES[kind]))
    assert example(TYPES[kind]) == example(TYPES[kind])


def test_an_example_with_a_default_is_not_whole() -> None:
    assert not is_whole(msgspec.structs.replace(example(schemas.Story), reports=0))


def test_a_release_is_not_overwritten(tmp_path: Path) -> None:
    folder = tmp_path / release.release_name(Message.VERSION)
    assert release.main([], tmp_path) == 0
    assert release.main([], tmp_path) == 0
    story = folder / "story.schema.json"
    story.write_bytes(b"{}")
    assert release.main([], tmp_path) == 1
    assert story.read_bytes() == b"{}"
    assert release.main(["--force"], tmp_path) == 0
    assert not release.differences(folder, release.files())


# What the checker must catch, on small schemas of our own.


class Inner(msgspec.Struct):
    """Synthetic."""

    a: str
    b: int = 0


class Before(msgspec.Struct):
    """Synthetic."""

    id: str
    role: schemas.Role
    inner: Inner
    count: int = 0
    note: str | None = None
    seq: schemas.Seq | None = None
    many: list[str] = []
    table: dict[str, int] = {}


def change(name: str, kind: Any, *default: Any) -> type[msgspec.Struct]:
    """``Before`` with one field changed, added or (``kind`` None) removed."""
    fields: dict[str, tuple[Any, ...]] = {}
    for one in msgspec.structs.fields(Before):
        if one.default_factory is not msgspec.NODEFAULT:
            fields[one.name] = (one.name, one.type, msgspec.field(default_factory=one.default_factory))
        elif one.default is not msgspec.NODEFAULT:
            fields[one.name] = (one.name, one.type, one.default)
        else:
            fields[one.name] = (one.name, one.type)
    if kind is None:
        del fields[name]
    else:
        fields[name] = (name, kind, *default)
    return msgspec.defstruct("Before", list(fields.values()), kw_only=True)


def changes(after: type[msgspec.Struct]) -> list[str]:
    return [str(one) for one in findings(msgspec.json.schema(Before), msgspec.json.schema(after))]


NarrowRole = Literal["report", "copy", "reaction"]
WideRole = Literal["report", "copy", "reaction", "background", "rumour"]
LongInner = msgspec.defstruct("Inner", [("a", str), ("b", int, 0), ("c", str)], kw_only=True)
OtherInner = msgspec.defstruct("Inner", [("a", int), ("b", int, 0)])
LongSeq = msgspec.defstruct("Seq", [("ms", int), ("article_id", str), ("more", int, 0)], array_like=True)


def test_no_change_and_a_new_field_with_a_default_are_compatible() -> None:
    assert changes(Before) == []
    assert changes(change("more", str | None, None)) == []
    assert changes(change("more", list[str], msgspec.field(default_factory=list))) == []


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (change("note", None), "$.note: field removed (breaks both compatibility)"),
        (change("more", str), "$.more: newly required (breaks backward compatibility)"),
        (change("count", int), "$.count: newly required (breaks backward compatibility)"),
        (change("id", str, ""), "$.id: no longer required (breaks forward compatibility)"),
        (change("id", int), "$.id: no longer takes string (breaks backward compatibility)"),
        (change("id", str | None), "$.id: now takes null too (breaks forward compatibility)"),
        (change("count", float, 0), "$.count: no longer takes integer (breaks backward compatibility)"),
        (change("count", int, 1), "$.count: default 0 became 1 (breaks both compatibility)"),
        (change("note", str, ""), "$.note: no longer takes null (breaks backward compatibility)"),
        (change("role", NarrowRole), "$.role: values gone: 'background' (breaks backward compatibility)"),
        (change("role", WideRole), "$.role: values added: 'rumour' (breaks forward compatibility)"),
        (change("role", str), "$.role: values were limited or freed (breaks forward compatibility)"),
        (change("id", schemas.Role), "$.id: values were limited or freed (breaks backward compatibility)"),
        (change("inner", LongInner), "$.inner.c: newly required (breaks backward compatibility)"),
        (change("inner", OtherInner), "$.inner.a: no longer takes string (breaks backward compatibility)"),
        (change("seq", LongSeq | None, None), "$.seq: 2 fixed places became 3 (breaks both compatibility)"),
        (change("many", list[int], msgspec.field(default_factory=list)), "$.many[]: no longer takes string"),
        (change("table", dict[str, str], msgspec.field(default_factory=dict)), "$.table.*: no longer takes integer"),
        (
            change("id", Annotated[str, msgspec.Meta(max_length=5)]),
            "$.id: maxLength None became 5 (breaks both compatibility)",
        ),
    ],
)
def test_an_incompatible_change_is_found(after: type[msgspec.Struct], expected: str) -> None:
    assert any(found.startswith(expected) for found in changes(after)), changes(after)
