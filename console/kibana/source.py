"""The source of the dashboards: ``deploy/kibana/*.yaml``, read into types. A key that is not known is refused."""

import re
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Literal

import msgspec
import yaml

from schemas.errors import SettingsError

Chart = Literal["metric", "bar", "bar_horizontal", "line", "table", "donut"]
Operation = Literal["count", "unique", "sum", "average", "median", "min", "max", "last"]
# x, y, width and height; 48 columns.
Place = tuple[int, int, int, int]

FOLDER = "kibana"


class View(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A data view. ``index``: what follows the prefix; ``only``: KQL that every panel on it adds to its own.

    ``links``: fields that hold an address.
    """

    index: str
    name: str
    time: str
    only: str = ""
    links: list[str] = []


class Band(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From ``at_least`` to below ``below``, None for open ends."""

    label: str
    at_least: float | None = None
    below: float | None = None


class Bucket(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a panel groups by: exactly one of ``date``, ``terms`` and ``bands_of`` names the field.

    ``order_by`` is the label of a metric (the first one where it is empty), or ``value`` for the alphabet.
    """

    date: str | None = None
    terms: str | None = None
    bands_of: str | None = None
    bands: list[Band] = []
    interval: str = "auto"
    size: int = 10
    order_by: str = ""
    ascending: bool = False
    other: bool = False
    label: str = ""

    @property
    def field(self) -> str:
        return self.date or self.terms or self.bands_of or ""

    def __post_init__(self) -> None:
        if sum(one is not None for one in (self.date, self.terms, self.bands_of)) != 1:
            raise ValueError("a bucket has exactly one of date, terms, bands_of")
        if (self.bands_of is None) != (not self.bands):
            raise ValueError("bands_of and bands go together")


class Metric(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a panel shows. ``where``: KQL that narrows this number alone. ``shift``: earlier by this much (``1w``).

    ``last`` is the value of the latest document that has the field.
    """

    op: Operation
    label: str
    field: str = ""
    where: str = ""
    shift: str = ""
    decimals: int | None = None

    def __post_init__(self) -> None:
        if (self.op == "count") != (not self.field):
            raise ValueError(f"{self.label}: count has no field, all others have one")


class Lens(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="lens", tag_field="kind"):
    title: str
    at: Place
    chart: Chart
    view: str
    show: list[Metric]
    by: list[Bucket] = []
    query: str = ""
    note: str = ""
    # Name of a dashboard that a click on a value leads to, with that value as filter.
    opens: str = ""


class Vega(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="vega", tag_field="kind"):
    """``spec``: a file in ``deploy/kibana/vega``; ``index`` in it is the name of a view."""

    title: str
    at: Place
    spec: str
    note: str = ""


class Found(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="search", tag_field="kind"):
    """A saved search on a dashboard."""

    title: str
    at: Place
    search: str
    note: str = ""


Panel = Lens | Vega | Found


class Control(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A list to choose from. ``one``: not more than one value at a time."""

    title: str
    view: str
    field: str
    one: bool = False


class Search(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A saved search: rows of documents, the newest first where ``sort`` says nothing else."""

    title: str
    view: str
    columns: list[str]
    query: str = ""
    note: str = ""
    sort: str = ""
    ascending: bool = False


class Dashboard(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    title: str
    note: str
    panels: list[Panel]
    since: str = "now-14d"
    refresh_seconds: int = 60
    controls: list[Control] = []


class Source(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    views: dict[str, View]
    searches: dict[str, Search]
    dashboards: dict[str, Dashboard]
    vega: dict[str, dict[str, Any]]


def load(folder: Traversable | None = None) -> Source:
    """Reads the folder (the package's own by default). Raises ``SettingsError`` that names the file and the place."""
    root = folder or files("deploy") / FOLDER
    views = _read(root / "views.yaml", dict[str, View])
    searches = _read(root / "searches.yaml", dict[str, Search])
    boards = {
        slug(file.name.removesuffix(".yaml")): _read(file, Dashboard)
        for file in sorted((root / "dashboards").iterdir(), key=lambda one: one.name)
        if file.name.endswith(".yaml")
    }
    specs = {file.name: _json(file) for file in sorted((root / "vega").iterdir(), key=lambda one: one.name)}
    return Source(views=views, searches=searches, dashboards=boards, vega=specs)


def slug(title: str) -> str:
    """A title as a part of an id."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")


def _read(file: Traversable, kind: Any) -> Any:
    try:
        return msgspec.convert(yaml.safe_load(file.read_text(encoding="utf-8")), kind)
    except (yaml.YAMLError, msgspec.ValidationError, OSError) as error:
        raise SettingsError(f"{file.name}: {error}") from error


def _json(file: Traversable) -> dict[str, Any]:
    try:
        return msgspec.json.decode(file.read_bytes(), type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise SettingsError(f"{file.name}: {error}") from error
