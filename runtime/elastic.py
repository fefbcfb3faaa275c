"""Connection to Elasticsearch."""

from elasticsearch import Elasticsearch

from runtime.settings import Settings


def client(settings: Settings) -> Elasticsearch:
    """A client without retries of its own: who sends decides what is sent again (processors/index)."""
    es = settings.elasticsearch
    options: dict[str, object] = {"request_timeout": es.timeout_seconds, "max_retries": 0, "retry_on_timeout": False}
    if es.api_key is not None:
        options["api_key"] = es.api_key.get_secret_value()
    if es.ca_certs is not None:
        options["ca_certs"] = str(es.ca_certs)
    return Elasticsearch(es.url, **options)  # type: ignore[arg-type]
