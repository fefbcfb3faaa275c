"""Installs templates, indices and aliases of a generation; run as often as you like, it changes only what is missing.

Fields that are new reach an existing index. A field of another type or analyzer cannot: that needs a new generation.
"""

from collections.abc import Mapping
from typing import Any

from elasticsearch import ApiError, BadRequestError, Elasticsearch, NotFoundError, TransportError

from runtime.settings import Settings
from schemas.errors import ElasticsearchUnavailable, SettingsError
from schemas.index import INDICES, IndexName, Template, index_template, mapping, mapping_template, names
from schemas.index.pipeline import pipeline_template
from schemas.index.templates import settings_template


class NeedsNewGeneration(SettingsError):
    """An index has a field that today's mapping has otherwise; what is indexed cannot be changed in place."""


def install(client: Elasticsearch, settings: Settings) -> list[str]:
    """Returns the names of the indices that were made. Raises ``NeedsNewGeneration`` before anything is changed.

    The read aliases are put on this generation where they are nowhere yet; to move them is a promotion.
    """
    pipeline = settings.pipeline
    replicas = settings.elasticsearch.replicas
    all_names = names(pipeline.generation, pipeline.index_prefix)
    try:
        missing = {name: _new_fields(client, name) for name in all_names if _is_there(client, name)}
        _install_templates(client, pipeline.index_prefix, replicas)
        for name, fields in missing.items():
            if fields:
                client.indices.put_mapping(index=name.index, properties=fields, dynamic="strict")
            client.indices.put_settings(index=name.index, settings={"index": {"number_of_replicas": replicas}})
        made = [name.index for name in all_names if name not in missing and _create(client, name)]
        _put_aliases(client, all_names)
    except (ApiError, TransportError) as error:
        address = settings.elasticsearch.url
        raise ElasticsearchUnavailable(
            f"Elasticsearch at {address}: {error}; is elasticsearch.url right, and may this user manage indices?"
        ) from error
    return made


def conflicts(wanted: Mapping[str, Any], installed: Mapping[str, Any]) -> dict[str, str]:
    """Fields of a mapping's properties that cannot become what is wanted, with what they are and should be."""
    return {
        name: f"is {_shown(installed[name])}, should be {_shown(field)}"
        for name, field in wanted.items()
        if name in installed and _shown(installed[name]) != _shown(field)
    }


def _is_there(client: Elasticsearch, name: IndexName) -> bool:
    if client.indices.exists_alias(name=name.index):
        raise SettingsError(f"{name.index} is an alias, an index is wanted there: remove it, or set another prefix")
    return bool(client.indices.exists(index=name.index))


def _new_fields(client: Elasticsearch, name: IndexName) -> dict[str, Any]:
    installed = client.indices.get_mapping(index=name.index)[name.index]["mappings"].get("properties", {})
    wanted = mapping(name.role)["properties"]
    found = conflicts(wanted, installed)
    if found:
        what = "; ".join(f"{field} {how}" for field, how in sorted(found.items()))
        raise NeedsNewGeneration(
            f"{name.index}: {what}. A field that is indexed cannot be changed: it needs a new generation "
            "(remarkwire replay --from reports, or --from annotated where it is a field of articles)"
        )
    return {field: wanted[field] for field in wanted if field not in installed}


def _install_templates(client: Elasticsearch, prefix: str, replicas: int) -> None:
    """Component templates first: an index template may name only those that exist."""
    cluster, indices = client.cluster, client.indices
    for template in (settings_template(prefix, replicas), *(mapping_template(prefix, role) for role in INDICES)):
        if _differs(_installed(cluster.get_component_template, "component_template", template), template):
            cluster.put_component_template(
                name=template.name, **template.body, version=template.version, meta=_meta(template)
            )  # fmt: skip
    for template in (*(index_template(prefix, role) for role in INDICES), pipeline_template(prefix, replicas)):
        if _differs(_installed(indices.get_index_template, "index_template", template), template):
            indices.put_index_template(
                name=template.name, **template.body, version=template.version, meta=_meta(template)
            )  # fmt: skip


def _installed(get: Any, kind: str, template: Template) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = get(name=template.name)[f"{kind}s"][0][kind]
    except NotFoundError:
        return None
    return found


def _differs(installed: dict[str, Any] | None, template: Template) -> bool:
    """Whether to write it. One of a later version is left: older code may run beside newer."""
    if installed is None:
        return True
    if int(installed.get("version", 0)) > template.version:
        return False
    return bool(installed.get("_meta", {}).get("digest") != template.digest)


def _meta(template: Template) -> dict[str, Any]:
    return {"made_by": "remarkwire setup", "digest": template.digest}


def _create(client: Elasticsearch, name: IndexName) -> bool:
    """False where another ``setup`` was quicker."""
    try:
        client.indices.create(index=name.index, aliases={name.write_alias: {"is_write_index": True}})
    except BadRequestError as error:
        if error.error != "resource_already_exists_exception":
            raise
        return False
    return True


def _put_aliases(client: Elasticsearch, all_names: tuple[IndexName, ...]) -> None:
    """All in one call, so that nobody sees half of them."""
    actions: list[Mapping[str, Any]] = [
        {"add": {"index": name.index, "alias": name.write_alias, "is_write_index": True}}
        for name in all_names
        if not client.indices.exists_alias(name=name.write_alias)
    ]
    actions += [
        {"add": {"index": name.index, "alias": name.read_alias}}
        for name in all_names
        if not client.indices.exists_alias(name=name.read_alias)
    ]
    if actions:
        client.indices.update_aliases(actions=actions)


def _shown(field: Mapping[str, Any]) -> str:
    """A field's mapping as text; what is Elasticsearch's default may be said or left out."""
    said = {key: value for key, value in field.items() if (key, value) != ("analyzer", "standard")}
    return ", ".join(f"{key} {said[key]}" for key in sorted(said, key=lambda one: (one != "type", one)))
