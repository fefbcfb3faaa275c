"""A Kibana: import of the compiled objects, export of what it has of them. Kibana's word decides whether it worked."""

import contextlib
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import httpx

from console.kibana.objects import Object, lines
from runtime.settings import KibanaSettings
from schemas.errors import SettingsError, Terminal, Transient

_PAUSE_SECONDS = 2.0
_SHOWN = 5


class KibanaRefused(Terminal):
    """Kibana answers, and does not do what was asked; or what answers is no Kibana."""

    reason: ClassVar[str] = "kibana_refused"


class KibanaUnavailable(Transient):
    reason: ClassVar[str] = "kibana_unavailable"


@dataclass(frozen=True)
class Imported:
    """``warnings``: what Kibana says beside its success."""

    count: int
    warnings: tuple[str, ...] = ()


class Kibana:
    """Use as a context manager. Requests are not repeated; ``wait`` is for a Kibana that is about to start."""

    def __init__(self, settings: KibanaSettings) -> None:
        self._settings = settings
        headers = {"kbn-xsrf": "remarkwire"}
        if settings.api_key is not None:
            headers["Authorization"] = f"ApiKey {settings.api_key.get_secret_value()}"
        space = f"/s/{settings.space}" if settings.space else ""
        try:
            self._client = httpx.Client(
                base_url=settings.url.rstrip("/") + space,
                headers=headers,
                timeout=settings.timeout_seconds,
                verify=_verify(settings),
                follow_redirects=False,
            )
        except httpx.InvalidURL as error:
            raise SettingsError(f"kibana.url is {settings.url!r}: {error}") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def wait(
        self,
        seconds: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """Returns once Kibana says that it is available. Raises ``KibanaUnavailable`` after ``seconds``, and
        ``KibanaRefused`` at once where waiting cannot help.
        """
        until = clock() + seconds
        while True:
            trouble = self._trouble()
            if trouble is None:
                return
            if clock() + _PAUSE_SECONDS > until:
                raise KibanaUnavailable(f"Kibana at {self._settings.url}: {trouble}; waited for {seconds:.0f} s")
            pause(_PAUSE_SECONDS)

    def load(self, objects: Sequence[Object]) -> Imported:
        """Imports, and replaces what is there under the same ids. Raises unless Kibana reports success for all."""
        files = {"file": ("remarkwire.ndjson", lines(objects).encode(), "application/ndjson")}
        with self._answered():
            answer = self._client.post("/api/saved_objects/_import", params={"overwrite": "true"}, files=files)
        self._fail_unless_ok(answer)
        found = self._json(answer)
        if "success" not in found:
            raise self._no_kibana(answer, "word of success")
        if found["success"] is not True or found.get("successCount") != len(objects):
            errors = [_refusal(one) for one in found.get("errors") or [] if isinstance(one, dict)]
            shown = "; ".join(errors[:_SHOWN]) or str(found.get("message", "no reason given"))
            more = f"; and {len(errors) - _SHOWN} more" if len(errors) > _SHOWN else ""
            raise KibanaRefused(
                f"Kibana at {self._settings.url} imported {found.get('successCount', 0)} of {len(objects)} objects: "
                f"{shown}{more}"
            )
        return Imported(len(objects), tuple(str(one.get("message", one)) for one in found.get("warnings") or ()))

    def saved(self, objects: Sequence[Object]) -> bytes:
        """What Kibana has under the ids of ``objects``, one object a line, as it sends them. Raises where it lacks one,
        or sends anything else: a page to log in would be taken for a back-up.
        """
        body = {
            "objects": [{"type": one["type"], "id": one["id"]} for one in objects],
            "includeReferencesDeep": False,
            "excludeExportDetails": True,
        }
        with self._answered():
            answer = self._client.post("/api/saved_objects/_export", json=body)
        self._fail_unless_ok(answer)
        found = {(one["type"], one["id"]) for one in self._objects(answer)}
        if missing := [f"{one['type']} {one['id']}" for one in objects if (one["type"], one["id"]) not in found]:
            more = f"; and {len(missing) - _SHOWN} more" if len(missing) > _SHOWN else ""
            raise KibanaRefused(
                f"Kibana at {self._settings.url} sent {len(found)} objects, without {'; '.join(missing[:_SHOWN])}{more}"
            )
        return answer.content

    def _trouble(self) -> str | None:
        try:
            answer = self._client.get("/api/status")
        except httpx.HTTPError as error:
            return str(error) or type(error).__name__
        self._fail_on_rights(answer)
        # No waiting changes where an address points to.
        self._fail_on_redirect(answer)
        if answer.status_code != httpx.codes.OK:
            return f"status {answer.status_code}"
        level = _within(self._json(answer), "status", "overall", "level")
        return None if level == "available" else f"its state is {level}"

    def _fail_unless_ok(self, answer: httpx.Response) -> None:
        """Raises with the status code, and with what the answer says of its reason."""
        self._fail_on_rights(answer)
        if answer.status_code == httpx.codes.OK:
            return
        self._fail_on_redirect(answer)
        said = f"Kibana at {self._settings.url}: {answer.status_code}"
        found = _parsed(answer.content)
        message = found.get("message") if isinstance(found, dict) else None
        reason = " ".join(str(message or answer.text).split())[:300] or "no reason given"
        if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
            raise KibanaUnavailable(f"{said}: {reason}; `remarkwire kibana import --wait SECONDS` waits for it")
        raise KibanaRefused(f"{said}: {reason}")

    def _fail_on_rights(self, answer: httpx.Response) -> None:
        if answer.status_code in {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}:
            raise KibanaRefused(
                f"Kibana at {self._settings.url}: {answer.status_code}; is REMARKWIRE_KIBANA__API_KEY right?"
            )

    def _fail_on_redirect(self, answer: httpx.Response) -> None:
        """A redirect is not followed: it leads to a page to log in, or would take the key to another address."""
        if answer.is_redirect:
            target = answer.headers.get("location", "an address that it does not name")
            raise KibanaRefused(
                f"Kibana at {self._settings.url}: {answer.status_code}, to {target}; redirects are not followed: set "
                "kibana.url (REMARKWIRE_KIBANA__URL, or --url) to where Kibana itself answers, with https "
                "and its base path where it has them"
            )

    def _json(self, answer: httpx.Response) -> dict[str, Any]:
        found = _parsed(answer.content)
        if not isinstance(found, dict):
            raise self._no_kibana(answer, "JSON object")
        return found

    def _objects(self, answer: httpx.Response) -> list[Object]:
        found = [_parsed(line) for line in answer.content.splitlines() if line.strip()]
        objects = [one for one in found if isinstance(one, dict) and {"type", "id", "attributes"} <= one.keys()]
        if not found or len(objects) != len(found):
            raise self._no_kibana(answer, "saved objects")
        return objects

    def _no_kibana(self, answer: httpx.Response, wanted: str) -> KibanaRefused:
        return KibanaRefused(
            f"{self._settings.url} answers {answer.status_code}, no {wanted}: is this a Kibana? {answer.text[:100]!r}"
        )

    @contextlib.contextmanager
    def _answered(self) -> Iterator[None]:
        try:
            yield
        except httpx.HTTPError as error:
            raise KibanaUnavailable(
                f"Kibana at {self._settings.url}: {str(error) or type(error).__name__}; is kibana.url right?"
            ) from error


def _verify(settings: KibanaSettings) -> Any:
    if settings.ca_certs is None:
        return True
    import ssl

    try:
        return ssl.create_default_context(cafile=str(settings.ca_certs))
    except OSError as error:  # an SSLError is one
        raise SettingsError(f"kibana.ca_certs: {settings.ca_certs} cannot be read, or is no PEM: {error}") from error


def _parsed(text: bytes) -> Any:
    """What a text says in JSON; None where it is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _within(found: Any, *names: str) -> Any:
    """A value below names; None where something on the way is no object."""
    for name in names:
        found = found.get(name) if isinstance(found, dict) else None
    return found


def _refusal(one: dict[str, Any]) -> str:
    error = one.get("error", {})
    missing = ", ".join(f"{ref.get('type')} {ref.get('id')}" for ref in error.get("references", []))
    detail = error.get("message") or missing
    return f"{one.get('type')} {one.get('id')}: {error.get('type', 'unknown')}" + (f" ({detail})" if detail else "")
