"""Connection to Elasticsearch."""

import contextlib
import os
from collections.abc import Iterator

from elasticsearch import ApiError, Elasticsearch, NotFoundError, TransportError

from runtime.settings import Settings
from schemas.errors import ElasticsearchUnavailable, SettingsError


def client(settings: Settings) -> Elasticsearch:
    """A client without retries of its own: who sends decides what is sent again (processors/index).

    Raises ``SettingsError`` where address, file or rights are none.
    """
    es = settings.elasticsearch
    if not es.url.startswith(("http://", "https://")):
        raise SettingsError(f"elasticsearch.url is {es.url!r}: write it with http:// or https:// in front")
    options: dict[str, object] = {"request_timeout": es.timeout_seconds, "max_retries": 0, "retry_on_timeout": False}
    if es.api_key is not None and es.username is not None:
        raise SettingsError("elasticsearch: an API key and a user are set; keep one of them")
    if (es.username is None) != (es.password is None):
        raise SettingsError("elasticsearch: username and REMARKWIRE_ELASTICSEARCH__PASSWORD go together")
    if es.api_key is not None:
        options["api_key"] = es.api_key.get_secret_value()
    if es.username is not None and es.password is not None:
        options["basic_auth"] = (es.username, es.password.get_secret_value())
    if es.ca_certs is not None:
        if not es.url.startswith("https://"):
            raise SettingsError(f"elasticsearch.ca_certs is set, but elasticsearch.url is {es.url}: write https://")
        if not os.access(es.ca_certs, os.R_OK):
            raise SettingsError(f"elasticsearch.ca_certs: {es.ca_certs} cannot be read; name a PEM file")
        options["ca_certs"] = str(es.ca_certs)
    try:
        return Elasticsearch(es.url, **options)  # type: ignore[arg-type]
    except ValueError as error:
        raise SettingsError(f"elasticsearch.url is {es.url!r}: {error}") from error


@contextlib.contextmanager
def searching(alias: str) -> Iterator[None]:
    """What a search meets, as ``ElasticsearchUnavailable`` that says what to do."""
    try:
        yield
    except NotFoundError as error:
        raise ElasticsearchUnavailable(f"{alias}: there is no such index; has `remarkwire setup` been run?") from error
    except (ApiError, TransportError) as error:
        raise ElasticsearchUnavailable(f"{alias} cannot be searched: {error}") from error
