"""TLS, passwords and rights on a real broker; TLS and an API key before Elasticsearch. Who is refused is told why."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from confluent_kafka import KafkaError, Producer
from confluent_kafka.admin import (  # type: ignore[attr-defined]
    AclBinding,
    AclOperation,
    AclPermissionType,
    ResourcePatternType,
    ResourceType,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialUpsertion,
)

from deploy.security.acls import OPERATOR, Acl, acls, stages, user_of
from deploy.services import Kind, Services
from runtime import elastic, kafka
from runtime.access import check_elasticsearch, check_kafka
from runtime.records import records
from runtime.settings import AnnotateSettings, ElasticsearchSettings, MonitorSettings, PipelineSettings, Settings
from runtime.topics import names
from schemas import Report
from schemas.dlq import Origin, dlq_headers
from schemas.errors import AccessRefused, InvalidMessage, KafkaUnavailable
from schemas.index import alias_of
from schemas.topics import ANNOTATED, CLEAN, RAW, REPORTS, STAGES, STORIES, TOPICS, dlq_name
from tests.cli import done, remarkwire
from tests.integration.secured import API_KEY, PASSWORD, Authority, Broker, broker, tls_before
from tests.integration.test_annotate_worker import article
from tests.integration.test_monitor import documents, send
from tests.pipeline import dead_letters, eventually, put, values, workers
from tests.press import Answer, Press, page, source
from tests.press import settings_of as press_settings
from tests.services_fixture import require

pytestmark = pytest.mark.integration
LOCAL = pytest.mark.parametrize("services", [Kind.LOCAL], indirect=True, ids=str)
USERS = [user_of(stage) for stage in (*stages(), OPERATOR)]


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    require(Kind.LOCAL)
    with broker(tmp_path_factory.mktemp("secured")) as running:
        info = ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096)
        wanted = [UserScramCredentialUpsertion(user, info, PASSWORD.format(user).encode()) for user in USERS]
        # The client is kept: its futures end with it.
        admin = running.admin
        for future in admin.alter_user_scram_credentials(wanted).values():
            future.result(60)
        yield running


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("other"), "other")


def settings_of(secured: Broker, user: str, url: str, unique: str, folder: Path) -> Settings:
    https = url.startswith("https")
    return Settings(
        kafka=secured.settings(user_of(user)),
        elasticsearch=ElasticsearchSettings(
            url=url, api_key=API_KEY if https else None, ca_certs=secured.authority.file if https else None  # type: ignore[arg-type]
        ),
        pipeline=PipelineSettings(prefix=f"{unique}.", index_prefix=unique, partitions=2, data=folder),
        annotate=AnnotateSettings(embeddings=False, recognition=False),
    )  # fmt: skip


def grant(secured: Broker, settings: Settings) -> None:
    admin = secured.admin
    for future in admin.create_acls([binding(acl) for acl in acls(settings)]).values():
        future.result(60)


def binding(acl: Acl) -> AclBinding:
    operation = "".join("_" + c if c.isupper() else c for c in acl.operation).strip("_").upper()
    return AclBinding(
        {"topic": ResourceType.TOPIC, "group": ResourceType.GROUP, "cluster": ResourceType.BROKER}[acl.kind],
        acl.name,
        ResourcePatternType.PREFIXED if acl.prefixed else ResourcePatternType.LITERAL,
        f"User:{acl.user}",
        "*",
        AclOperation[operation],
        AclPermissionType.ALLOW,
    )


def may_not_write_stories(settings: Settings) -> None:
    deliveries = kafka.Deliveries(kafka.producer(settings))
    deliveries.send(names(settings, STORIES), b"{}", key="x")
    with pytest.raises(KafkaUnavailable, match=r"(?i)authorization"):
        deliveries.flush(30)


@LOCAL
def test_a_stage_works_with_its_own_rights_and_may_not_write_what_is_anothers(
    secured: Broker, services: Services, unique: str, tmp_path: Path
) -> None:
    with tls_before(services.elasticsearch_url, secured.authority) as url:
        operator = settings_of(secured, OPERATOR, url, unique, tmp_path)
        grant(secured, operator)
        assert "generation 1 is ready" in done(operator, "setup")
        annotate = settings_of(secured, "annotate", url, unique, tmp_path)
        quoting = article(
            "“Six ferries will sail by autumn,” Foreign Minister Sergei Lavrov said in Ankara on Tuesday."
        )
        put(settings_of(secured, "clean", url, unique, tmp_path), CLEAN, quoting.article_id, quoting)
        with workers(annotate, tmp_path, "annotate") as supervisor:
            eventually(lambda: len(values(operator, REPORTS)) == 1, "a report", tmp_path, supervisor)
        assert Report.decode(values(operator, REPORTS)[0][1]).speaker_id == "Q58217"
        may_not_write_stories(annotate)
        shown = done(operator, "status", "--json")
    for secret in (*(PASSWORD.format(user) for user in USERS), API_KEY):
        assert secret not in shown
        for log in (tmp_path / "logs").glob("*.log"):
            assert secret not in log.read_text(errors="replace")


@LOCAL
def test_a_stage_that_shows_a_certificate_works_with_its_own_rights(
    secured: Broker, services: Services, unique: str, tmp_path: Path
) -> None:
    """Setup, annotate and group, so librdkafka and aiokafka; keys are locked with a password."""
    with tls_before(services.elasticsearch_url, secured.authority) as url:

        def certified(user: str) -> Settings:
            kafka_settings = secured.certified(user_of(user))
            return settings_of(secured, user, url, unique, tmp_path).model_copy(update={"kafka": kafka_settings})

        operator = certified(OPERATOR)
        grant(secured, operator)
        assert "generation 1 is ready" in done(operator, "setup")
        quoting = article("“Nine trams will run by May,” Foreign Minister Sergei Lavrov said in Ankara on Tuesday.")
        put(certified("clean"), CLEAN, quoting.article_id, quoting)
        with ExitStack() as running:
            for stage in ("annotate", "group"):
                supervisor = running.enter_context(workers(certified(stage), tmp_path, stage))
            eventually(lambda: len(values(operator, STORIES)) == 1, "a story", tmp_path, supervisor)
        may_not_write_stories(certified("annotate"))
        for log in (tmp_path / "logs").glob("*.log"):
            assert "canary" not in log.read_text(errors="replace")


@LOCAL
def test_the_whole_way_and_its_dead_letters_with_the_rights_of_each_stage(
    secured: Broker, services: Services, unique: str, tmp_path: Path
) -> None:
    spoilt = (RAW, CLEAN, ANNOTATED, REPORTS, STORIES)
    with ExitStack() as running:
        url = running.enter_context(tls_before(services.elasticsearch_url, secured.authority))
        press = running.enter_context(Press())
        operator = settings_of(secured, OPERATOR, url, unique, tmp_path)
        grant(secured, operator)
        assert "generation 1 is ready" in done(operator, "setup")
        for topic in spoilt:
            deliveries = kafka.Deliveries(kafka.producer(operator))
            deliveries.send(names(operator, topic), b"no message", key="x")
            deliveries.flush(30)
        said = "“Six ferries will sail by autumn,” Foreign Minister Sergei Lavrov said in Ankara on Tuesday."
        press.feed("one.example", "/1")
        press.routes["one.example/1"] = Answer(page(1, said))
        sources = tmp_path / "sources.yaml"
        sources.write_text(f"sources:{source(feeds=['http://one.example/rss'])}\n", encoding="utf-8")
        fetching = press_settings(press, tmp_path).fetch.model_copy(update={"sources": sources})
        for stage in ("fetch", "clean", "annotate", "group", "index"):
            own = settings_of(secured, stage, url, unique, tmp_path).model_copy(update={"fetch": fetching})
            supervisor = running.enter_context(workers(own, tmp_path, stage))
        client = elastic.client(operator)
        running.callback(client.close)

        def told() -> bool:
            client.indices.refresh(index=f"{unique}-*")
            found = (client.count(index=alias_of(role, unique))["count"] for role in ("articles", "reports", "stories"))
            return list(found) == [1, 1, 1]

        eventually(told, "an article, a report and a story in the indices", tmp_path, supervisor)
        for topic in spoilt:
            eventually(lambda: bool(dead_letters(operator, topic)), f"a dead letter of {topic}", tmp_path, supervisor)  # noqa: B023


@LOCAL
def test_the_monitor_measures_with_its_own_rights_and_may_not_read_articles(
    secured: Broker, services: Services, unique: str, tmp_path: Path
) -> None:
    buried = [topic for topic in TOPICS if topic.dlq]
    with tls_before(services.elasticsearch_url, secured.authority) as url:
        operator = settings_of(secured, OPERATOR, url, unique, tmp_path)
        grant(secured, operator)
        assert "generation 1 is ready" in done(operator, "setup")
        send(operator)
        deliveries = kafka.Deliveries(kafka.producer(operator))
        for topic in buried:
            origin = Origin(names(operator, topic), 0, 7, 0)
            headers = dlq_headers(None, InvalidMessage("x"), stage="test", origin=origin, attempts=1, version="1")
            deliveries.send(dlq_name(origin.topic), b"{}", key="a", headers=headers)
            deliveries.send(origin.topic, b"no message", key="x")
        deliveries.flush(30)
        monitor = settings_of(secured, "monitor", url, unique, tmp_path)
        monitor = monitor.model_copy(update={"monitor": MonitorSettings(interval_seconds=1)})
        client = elastic.client(operator)

        def told(what: str, name: str) -> set[str]:
            return {one[name] for one in documents(client, operator, what)}

        with workers(monitor, tmp_path, "monitor") as supervisor:
            letters = {names(operator, topic) for topic in buried}
            eventually(lambda: told("dead_letter", "topic") == letters, "dead letters", tmp_path, supervisor)
            eventually(lambda: told("skipped", "reason") == {"gone"}, "what was skipped", tmp_path, supervisor)
            eventually(lambda: told("lag", "stage") == set(STAGES), "the lag of each stage", tmp_path, supervisor)
            assert supervisor.ends() == {"monitor": 0}
        client.close()
        # Ours would not even begin: who may write to no topic gets no number for an idempotent producer.
        refused: list[KafkaError | None] = []
        plain = Producer(kafka.connection(monitor.kafka))
        plain.produce(names(monitor, STORIES), b"{}", on_delivery=lambda error, _: refused.append(error))
        plain.flush(30)
        assert [error.code() for error in refused if error] == [KafkaError.TOPIC_AUTHORIZATION_FAILED]
        with pytest.raises(KafkaUnavailable, match=r"(?i)authorization"):
            list(records(monitor, names(monitor, RAW)))
    log = (tmp_path / "logs" / "monitor.log").read_text(errors="replace")
    assert "not measured" not in log
    assert "commit failed" not in log


REFUSED = {
    "another authority": ({"ssl_ca": None}, "kafka.ssl_ca"),
    "wrong password": ({"sasl_password": "canary-wrong"}, "REMARKWIRE_KAFKA__SASL_PASSWORD"),
    "unknown user": ({"sasl_username": "nobody"}, "kafka.sasl_username"),
    "plaintext": ({"security_protocol": "PLAINTEXT"}, "set kafka.security_protocol"),
}


# Each way with some, and one way with each.
TOLD = [
    *((command, case) for case in REFUSED for command in ("setup", "status", "annotate")),
    *((stage, "another authority") for stage in stages() if stage != "annotate"),
]


@pytest.mark.parametrize(("command", "case"), TOLD)
def test_who_is_refused_by_the_broker_is_told_why_at_once(
    secured: Broker, other: Authority, case: str, command: str, tmp_path: Path
) -> None:
    changes, advice = REFUSED[case]
    if case == "another authority":
        changes = {"ssl_ca": other.file}
    settings = Settings(kafka=secured.settings(user_of(OPERATOR), **changes), pipeline=PipelineSettings(data=tmp_path))
    begin = time.monotonic()
    result = remarkwire(settings, command)
    assert isinstance(result.exception, AccessRefused), (result.output, result.exception)
    assert advice in str(result.exception)
    assert "canary" not in str(result.exception) + result.output
    assert time.monotonic() - begin < 30


@pytest.mark.parametrize("case", ["none", "of another authority"])
def test_who_shows_no_certificate_or_a_strangers_is_told_so(
    secured: Broker, other: Authority, case: str, tmp_path: Path
) -> None:
    theirs: dict[str, object] = {"ssl_certificate": None, "ssl_key": None}
    if case != "none":
        theirs["ssl_certificate"], theirs["ssl_key"] = other.client("stranger", PASSWORD.format(user_of(OPERATOR)))
    settings = Settings(kafka=secured.certified(user_of(OPERATOR), **theirs), pipeline=PipelineSettings(data=tmp_path))
    with pytest.raises(AccessRefused, match=r"kafka\.ssl_certificate"):
        check_kafka(settings)


def test_a_broker_that_is_not_there_is_no_refusal(tmp_path: Path) -> None:
    check_kafka(Settings(kafka={"bootstrap_servers": "127.0.0.1:9"}))  # type: ignore[arg-type]


@LOCAL
def test_who_is_refused_before_elasticsearch_is_told_why(
    secured: Broker, other: Authority, services: Services, unique: str, tmp_path: Path
) -> None:
    with tls_before(services.elasticsearch_url, secured.authority) as url:
        right = settings_of(secured, OPERATOR, url, unique, tmp_path)
        check_elasticsearch(right)
        for changes, advice in (
            ({"api_key": "canary-wrong"}, "REMARKWIRE_ELASTICSEARCH__API_KEY"),
            ({"api_key": None}, "REMARKWIRE_ELASTICSEARCH__API_KEY"),
            ({"api_key": None, "username": "u", "password": "canary-wrong"}, "REMARKWIRE_ELASTICSEARCH__PASSWORD"),
            ({"ca_certs": other.file}, "elasticsearch.ca_certs"),
            ({"url": url.replace("https", "http"), "ca_certs": None}, "https://"),
        ):
            given = {**right.elasticsearch.model_dump(), **changes}
            wrong = right.model_copy(update={"elasticsearch": ElasticsearchSettings.model_validate(given)})
            with pytest.raises(AccessRefused, match=advice.replace(".", r"\.")) as error:
                check_elasticsearch(wrong)
            assert "canary" not in str(error.value)
