"""Puts the read aliases on a generation, all in one call, so that no reader ever sees half of each."""

from collections.abc import Mapping
from typing import Any

from elasticsearch import ApiError, Elasticsearch, NotFoundError, TransportError

from schemas.errors import ElasticsearchUnavailable, SettingsError
from schemas.index import names


def flip(client: Elasticsearch, prefix: str, number: int) -> None:
    """Raises ``SettingsError`` where an index of the generation is missing; then nothing was moved."""
    actions: list[Mapping[str, Any]] = []
    try:
        for name in names(number, prefix):
            if not client.indices.exists(index=name.index):
                raise SettingsError(f"generation {number} has no index {name.index}: nothing was moved")
            others = [index for index in _on(client, name.read_alias) if index != name.index]
            actions += [{"remove": {"index": index, "alias": name.read_alias}} for index in others]
            actions.append({"add": {"index": name.index, "alias": name.read_alias}})
        client.indices.update_aliases(actions=actions)
    except (ApiError, TransportError) as error:
        raise ElasticsearchUnavailable(f"Elasticsearch: the aliases could not be moved: {error}") from error


def _on(client: Elasticsearch, alias: str) -> list[str]:
    try:
        return sorted(client.indices.get_alias(name=alias))
    except NotFoundError:
        return []
