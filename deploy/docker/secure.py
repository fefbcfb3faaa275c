"""Prepares a secured Elasticsearch: the password of Kibana's own user, and API keys with no more rights than needed.

``python -m deploy.docker.secure`` reads the superuser's password once and writes four keys: ``elasticsearch`` (for
`setup` and commands), ``index``, ``monitor``, and ``kibana`` (for the import of the dashboards). Each is in a folder of
its own, so that a container need not see the others. A key that is there and still good is kept, so that it may run at
every start, and gets the rights that this version asks for.
"""

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import httpx

from schemas.errors import ElasticsearchUnavailable, RemarkwireError, SettingsError

_TIMEOUT = 30.0
FILE = "key"
"""The file of a key in its folder."""

DASHBOARDS: Mapping[str, Any] = {
    "applications": [{"application": "kibana-.kibana", "privileges": ["space_all"], "resources": ["space:default"]}]
}
_ROLES: Mapping[str, Mapping[str, Any]] = json.loads(
    files("deploy.security").joinpath("elasticsearch-roles.json").read_text(encoding="utf-8")
)
KEYS: Mapping[str, Mapping[str, Any]] = {
    "elasticsearch": _ROLES["remarkwire-operator"],
    "index": _ROLES["remarkwire-index"],
    "monitor": _ROLES["remarkwire-monitor"],
    "kibana": DASHBOARDS,
}


@dataclass(frozen=True)
class Secrets:
    """Passwords of ``elastic`` and of ``kibana_system``."""

    elastic: str
    kibana: str


def secure(url: str, secrets: Secrets, folder: Path) -> list[str]:
    """Returns the names of the keys that were made. Raises ``ElasticsearchUnavailable`` with what was answered."""
    with httpx.Client(base_url=url, timeout=_TIMEOUT) as client:
        superuser = httpx.BasicAuth("elastic", secrets.elastic)
        _send(client, "POST", "/_security/user/kibana_system/_password", {"password": secrets.kibana}, superuser)
        made = []
        for name, rights in KEYS.items():
            roles = {"role_descriptors": {name: rights}}
            file = folder / name / FILE
            key_id = _good(client, file)
            if key_id is not None:
                _send(client, "PUT", f"/_security/api_key/{key_id}", roles, superuser)
                continue
            answer = _send(client, "POST", "/_security/api_key", {"name": f"remarkwire-{name}", **roles}, superuser)
            _write(file, answer["encoded"])
            made.append(name)
    return made


def _good(client: httpx.Client, file: Path) -> str | None:
    """The id of the key in a file; None where there is none that is good."""
    if not file.is_file():
        return None
    headers = {"Authorization": f"ApiKey {file.read_text(encoding='ascii').strip()}"}
    try:
        answer = client.get("/_security/_authenticate", headers=headers)
    except httpx.HTTPError as error:
        raise ElasticsearchUnavailable(f"{client.base_url}: {error}") from error
    return str(answer.json()["api_key"]["id"]) if answer.status_code == httpx.codes.OK else None


def _send(client: httpx.Client, method: str, path: str, body: Mapping[str, Any], auth: httpx.Auth) -> dict[str, Any]:
    try:
        answer = client.request(method, path, json=body, auth=auth)
    except httpx.HTTPError as error:
        raise ElasticsearchUnavailable(f"{client.base_url}: {error}") from error
    if answer.status_code != httpx.codes.OK:
        # What was sent is not shown: it has a password in it.
        raise ElasticsearchUnavailable(f"{client.base_url}{path}: {answer.status_code}: {answer.text[:300]}")
    found: dict[str, Any] = answer.json()
    return found


def _write(file: Path, text: str) -> None:
    """Whole or not at all, and for nobody else to read."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = file.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    fresh.write_text(text, encoding="ascii")
    fresh.replace(file)


def _secret(name: str) -> str:
    file = os.environ.get(f"{name}_FILE", "")
    try:
        text = Path(file).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SettingsError(f"{name}_FILE {file!r} cannot be read") from error
    if not text:
        raise SettingsError(f"{name}_FILE {file!r} is empty; see deploy/docker/env.example")
    return text


def main() -> None:
    """Addresses and files come from the environment, as docker-compose.yml sets it."""
    url = os.environ.get("ELASTICSEARCH_URL", "http://elasticsearch:9200")
    folder = Path(os.environ.get("KEYS", "/keys"))
    try:
        made = secure(url, Secrets(_secret("ELASTIC_PASSWORD"), _secret("KIBANA_PASSWORD")), folder)
    except RemarkwireError as error:
        sys.exit(f"secure: {error}")
    sys.stdout.write(f"secure: {', '.join(made) if made else 'no'} keys made\n")


if __name__ == "__main__":
    main()
