"""One example of each message with every field set to other than its default: the golden bytes of a release.

Made from the types, so that a new field cannot be forgotten. The values are synthetic and mean nothing: a text is the
name of its field.
"""

import datetime
from typing import Any, TypeVar

import msgspec
from msgspec import inspect

from schemas.message import Message

_MOMENT = datetime.datetime(2026, 6, 3, 11, 30, 56, 789000, tzinfo=datetime.timezone(datetime.timedelta(hours=3)))

M = TypeVar("M", bound=Message)


def example(message: type[M]) -> M:
    """The same for the same type, always."""
    made: M = _struct(inspect.type_info(message))
    return made


def _struct(kind: inspect.Type) -> Any:
    if not isinstance(kind, inspect.StructType):
        raise TypeError(f"{kind}: no struct")
    return kind.cls(**{field.name: _value(field.type, field.name, field.default) for field in kind.fields})


def _value(kind: inspect.Type, name: str, default: object = None) -> Any:
    """A value of ``kind`` that is not ``default``."""
    match kind:
        case inspect.StructType():
            return _struct(kind)
        case inspect.UnionType():
            return _value(next(one for one in kind.types if not isinstance(one, inspect.NoneType)), name, default)
        case inspect.LiteralType():
            return next(value for value in kind.values if value != default)
        case inspect.ListType():
            return [_value(kind.item_type, name)]
        case inspect.DictType():
            return {name: _value(kind.value_type, name)}
        case inspect.BoolType():
            return not default
        case inspect.IntType():
            return 2 if default != 2 else 3
        case inspect.FloatType():
            return 0.25
        case inspect.StrType():
            return f"example {name}"
        case inspect.BytesType():
            return bytes(range(8))
        case inspect.DateTimeType():
            return _MOMENT
        case _:
            raise TypeError(f"{name}: no example is known for {kind}; add one here")


def is_whole(value: object) -> bool:
    """Whether no field of a message, or of its parts, has its default; what is at its default is not in the JSON."""
    if isinstance(value, msgspec.Struct):
        fields = msgspec.structs.fields(value)
        return all(
            getattr(value, one.name) != _default(one) and is_whole(getattr(value, one.name)) for one in fields
        )  # fmt: skip
    if isinstance(value, list):
        return bool(value) and all(is_whole(one) for one in value)
    return True


def _default(field: msgspec.structs.FieldInfo) -> object:
    if field.default_factory is not msgspec.NODEFAULT:
        return field.default_factory()
    return field.default
