"""Bad connections, by a proxy of our own: latency, resets, half-open, lost answers, refusals of requests and items."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from deploy.services import Services
from tests.faults.conftest import COUNT
from tests.faults.oracle import Indices, committed_but_not_durable
from tests.faults.proxy import ElasticsearchProxy, KafkaProxy, Proxy
from tests.faults.world import World, inputs, world

pytestmark = [pytest.mark.integration, pytest.mark.faults, pytest.mark.timeout(1800)]

ELASTICSEARCH = [
    ({"latency": 0.1}, "bulk"),
    ({"status": (429, 0.8)}, "429"),
    ({"item_status": (429, 0.6)}, "items"),
    ({"lost": 0.8}, "lost"),
    ({"largest": 12_000}, "413"),
    ({"status": (503, 0.8)}, "503"),
    ({"item_status": (503, 0.6)}, "items"),
    ({"resets": 0.8}, "reset"),
    ({"deaf": True}, "deaf"),
]
KAFKA = [({"latency": 0.05}, "connections"), ({"resets": 0.01}, "reset"), ({"deaf": True}, "deaf")]


def weathers(
    one: World, proxy: Proxy, forecast: list[tuple[dict[str, object], str]], pause: Callable[[], None]
) -> None:
    """A portion of the inputs in each weather, each of which must have been met; then fair."""
    made = inputs(COUNT)
    portion = len(made) // (len(forecast) + 1) + 1
    for number, (weather, sign) in enumerate(forecast):
        before = proxy.seen[sign]
        proxy.change(**weather)
        one.send(made[number * portion : (number + 1) * portion])
        one.until(lambda: proxy.seen[sign] > before, f"{weather}: {proxy.seen}")  # noqa: B023
        pause()
        assert committed_but_not_durable(one.direct, one.client) == [], weather
    proxy.change()
    one.send(made[len(forecast) * portion :])
    one.settle()


def test_elasticsearch_in_every_weather(breakable: Services, unique: str, tmp_path: Path, undisturbed: Indices) -> None:
    at = urlsplit(breakable.elasticsearch_url)
    with (
        ElasticsearchProxy((at.hostname or "", at.port or 0), seed=3) as proxy,
        world(breakable, unique, tmp_path, elasticsearch_at=f"http://{proxy.address}") as one,
        one.workers(),
    ):
        weathers(one, proxy, ELASTICSEARCH, lambda: None)
        one.assert_all_well(undisturbed)
        assert one.log("index").count("dead letter") == 0


@pytest.mark.whole
def test_kafka_in_every_weather(breakable: Services, unique: str, tmp_path: Path, undisturbed: Indices) -> None:
    host, _, port = breakable.bootstrap_servers.partition(":")
    with (
        KafkaProxy((host, int(port)), seed=4) as proxy,
        world(breakable, unique, tmp_path, kafka_at=proxy.address) as one,
        one.workers(),
    ):
        one.until(lambda: proxy.seen["connections"] > 8, "workers come through the proxy")

        def pause() -> None:
            proxy.cut()
            # Longer than the session timeout of six seconds, so that the group goes on without the worker.
            deadline = proxy.seen["deaf"] + 40
            if proxy.weather.deaf:
                one.until(lambda: proxy.seen["deaf"] > deadline, "half-open for a while")

        weathers(one, proxy, KAFKA, pause)
        one.assert_all_well(undisturbed)


@pytest.mark.whole
@pytest.mark.parametrize(
    "weather", [{"deaf": True}, {"refuses": True}, {"resets": 0.3}], ids=["deaf", "none", "resets"]
)
def test_workers_start_in_bad_weather_of_kafka(
    weather: dict[str, object], breakable: Services, unique: str, tmp_path: Path, undisturbed: Indices
) -> None:
    """Those that cannot start end and are started again; once the weather is fair the sum is whole."""
    host, _, port = breakable.bootstrap_servers.partition(":")
    with (
        KafkaProxy((host, int(port)), seed=6) as proxy,
        world(breakable, unique, tmp_path, kafka_at=proxy.address) as one,
    ):
        proxy.change(**weather)
        one.send(inputs(COUNT))
        with one.workers() as supervisor:
            one.until(lambda: any(supervisor.ends().values()), "one ends")
            proxy.change()
            one.settle()
            one.assert_all_well(undisturbed)
