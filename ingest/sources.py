"""The list of sources, ``sources.yaml``: which outlets, and where their articles are announced."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from ingest.identity import host_of, is_address
from schemas.article import Outlet
from schemas.errors import InputError, SettingsError

Kind = Literal["agency", "state", "broadcaster", "paper", "aggregator"]


def _web_address(value: str) -> str:
    try:
        host_of(value)
    except InputError as error:
        raise ValueError(str(error)) from error
    return value


def _host(value: str) -> str:
    try:
        found = host_of(f"https://{value}/")
    except InputError as error:
        raise ValueError(str(error)) from error
    if "/" in value or found != value.lower():
        raise ValueError(f"{value!r} is not an outlet's host as it should be; write {found!r}")
    return found


Address = Annotated[str, AfterValidator(_web_address)]


class SourceEntry(BaseModel):
    """One outlet and the places where its articles are announced. ``interval`` is in seconds.

    ``discover`` is the address of a home page, whose feeds and sitemaps are looked for.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    outlet: Annotated[str, AfterValidator(_host)]
    name: str
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = None
    lang: Annotated[str, Field(pattern=r"^[a-z]{2,3}$")] | None = None
    kind: Kind
    feeds: list[Address] = []
    sitemaps: list[Address] = []
    pages: list[Address] = []
    discover: Address | None = None
    interval: Annotated[float, Field(gt=0)] | None = None

    def as_outlet(self) -> Outlet:
        return Outlet(id=self.outlet, name=self.name, country=self.country, lang=self.lang, kind=self.kind)


class SourceList(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sources: list[SourceEntry]


def load_sources(path: Path) -> list[SourceEntry]:
    """Reads ``sources.yaml``. Raises ``SettingsError`` that names the entry, the key, the value and what is allowed."""
    return parse_sources(text_of(path), str(path))


def listed(path: Path) -> list[SourceEntry]:
    """As ``load_sources``; none where there is no list yet, or nothing in it."""
    text = text_of(path) if path.exists() else ""
    return [] if _is_blank(text) else parse_sources(text, str(path))


def text_of(path: Path) -> str:
    """The text of a list. Raises ``SettingsError`` where it cannot be read."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise SettingsError(
            f"{path}: cannot be read ({error.strerror}); copy deploy/sources.example.yaml or set fetch.sources"
        ) from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: is no UTF-8: {error}") from error


def parse_sources(text: str, name: str = "sources") -> list[SourceEntry]:
    """As ``load_sources``, from text; ``name`` stands in messages."""
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise SettingsError(f"{name}: is no YAML: {error}") from error
    if not isinstance(data, dict):
        raise SettingsError(f"{name}: expected a mapping with the key 'sources', found {type(data).__name__}")
    try:
        found = SourceList.model_validate(data).sources
    except ValidationError as error:
        raise SettingsError(f"{name}: {_explain(error, data)}") from error
    _refuse_doubles(found, name)
    return found


def _refuse_doubles(sources: list[SourceEntry], name: str) -> None:
    seen: dict[str, str] = {}
    for source in sources:
        homes = [source.discover] if source.discover else []
        if not (source.feeds or source.sitemaps or source.pages or homes):
            raise SettingsError(
                f"{name}: {source.outlet}: names no feed, sitemap or page, and no home page to discover; give one"
            )
        for url in (*source.feeds, *source.sitemaps, *homes):
            if url in seen:
                raise SettingsError(f"{name}: {url} is named twice, under {seen[url]} and {source.outlet}")
            seen[url] = source.outlet


def _explain(error: ValidationError, data: dict[object, object]) -> str:
    lines = []
    for item in error.errors(include_url=False):
        where = ".".join(str(part) for part in item["loc"])
        outlet = _outlet_at(data, item["loc"])
        advice = item["msg"]
        if item["type"] == "extra_forbidden":
            model = SourceList if len(item["loc"]) == 1 else SourceEntry
            advice = f"no such key; allowed are {', '.join(model.model_fields)}"
        elif item["type"] != "missing":
            advice = f"{advice} (found {item['input']!r})"
        lines.append(f"{where}{f' ({outlet})' if outlet else ''}: {advice}")
    return "; ".join(lines)


def _outlet_at(data: dict[object, object], where: tuple[int | str, ...]) -> str | None:
    entries = data.get("sources")
    if len(where) > 1 and isinstance(entries, list) and isinstance(where[1], int) and where[1] < len(entries):
        entry = entries[where[1]]
        return str(entry["outlet"]) if isinstance(entry, dict) and "outlet" in entry else None
    return None


def doubts(entry: SourceEntry, others: Sequence[SourceEntry]) -> list[str]:
    """What may be a slip in the host that an outlet is known by: it is its id in all articles, and cannot be told apart
    from another of the same.
    """
    found = []
    if same := [other for other in others if other.outlet == entry.outlet and other.name != entry.name]:
        names = ", ".join(dict.fromkeys(other.name for other in same))
        found.append(
            f"{entry.outlet} is the id of {names} too, and all of its articles count as of one outlet; give --outlet "
            "with a host of its own where it is another"
        )
    if is_address(entry.outlet):
        found.append(
            f"{entry.outlet} is an address and no name, and becomes the outlet's id everywhere; give real hosts, and "
            "map them by fetch.resolve to where they lie"
        )
    return found


def _indent_of_entries(text: str) -> str:
    """The white space before the entries that are there: the next one must stand as they do."""
    found = re.search(r"^sources:[^\n]*\n(?:[ \t]*(?:#[^\n]*)?\n)*( *)- ", text, re.MULTILINE)
    return found[1] if found else "  "


def _is_blank(text: str) -> bool:
    """Whether it is empty, has comments alone, or ``sources`` without entries."""
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError:
        return False
    return data is None or data in ({"sources": None}, {"sources": []})


def _begun(text: str) -> str:
    """A blank list with the key that entries can follow; comments stay."""
    if yaml.safe_load(text) is None:
        return f"{text}{'' if not text or text.endswith(chr(10)) else chr(10)}sources:\n"
    return re.sub(r"^(sources[ \t]*:)[ \t]*(?:\[\s*\]|~|null|Null|NULL)", r"\1", text, count=1, flags=re.MULTILINE)


def with_source(text: str, entry: SourceEntry, name: str = "sources") -> str:
    """The text of a list with one more outlet at its end; comments and order of the others stay.

    Raises ``SettingsError`` where the result would not be a good list.
    """
    made = entry.model_dump(exclude_defaults=True, mode="json")
    block = yaml.safe_dump([made], sort_keys=False, allow_unicode=True, width=1000)
    start = _begun(text) if _is_blank(text) else text
    indent = _indent_of_entries(start)
    indented = "".join(f"{indent}{line}\n" for line in block.splitlines())
    added = f"{start}{'' if start.endswith(chr(10)) else chr(10)}{indented}"
    parse_sources(added, name)
    return added
