"""A password in every setting that takes one, and nothing that we print, log, raise or count shows it."""

import traceback
from pathlib import Path
from typing import Any, get_args

import pytest
from prometheus_client import generate_latest
from pydantic import SecretStr
from typer.testing import CliRunner

from console.main import app
from deploy.security.acls import acls
from processors.faust_app import build_app
from runtime import elastic, kafka
from runtime.settings import ENV_PREFIX, Settings, load
from schemas.errors import SettingsError

CANARY = "canary-4711"


def secrets() -> list[tuple[str, str]]:
    found = []
    for section, field in Settings.model_fields.items():
        model: Any = field.annotation
        for key, inner in model.model_fields.items():
            if SecretStr in (inner.annotation, *get_args(inner.annotation)):
                found.append((section, key))
    return found


ENVIRONMENT = {f"{ENV_PREFIX}{section.upper()}__{key.upper()}": CANARY for section, key in secrets()} | {
    "REMARKWIRE_KAFKA__SECURITY_PROTOCOL": "SASL_SSL",
    "REMARKWIRE_KAFKA__SASL_USERNAME": "user",
    "REMARKWIRE_KAFKA__BOOTSTRAP_SERVERS": "127.0.0.1:9",
    "REMARKWIRE_ELASTICSEARCH__URL": "https://127.0.0.1:9",
}


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Settings:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    return load()


def test_every_secret_is_one_by_its_type() -> None:
    assert len(secrets()) >= 5
    words = ("password", "api_key", "secret", "token")
    for section, field in Settings.model_fields.items():
        model: Any = field.annotation
        for key in model.model_fields:
            assert not any(word in key for word in words) or (section, key) in secrets(), f"{section}.{key}"


def test_settings_do_not_show_them(settings: Settings) -> None:
    assert CANARY not in f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"


def test_a_file_may_not_hold_them_and_the_refusal_does_not_show_them(tmp_path: Path) -> None:
    file = tmp_path / "remarkwire.toml"
    for section, key in secrets():
        file.write_text(f'[{section}]\n{key} = "{CANARY}"\n')
        with pytest.raises(SettingsError) as error:
            load(file, {})
        assert CANARY not in "".join(traceback.format_exception(error.value))


def test_a_setting_that_is_wrong_beside_them_does_not_show_them(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REMARKWIRE_KAFKA__SECURITY_PROTOCOL", CANARY)
    with pytest.raises(SettingsError) as error:
        load()
    assert "kafka.security_protocol" in str(error.value)
    assert CANARY not in "".join(traceback.format_exception(error.value))


@pytest.mark.parametrize(
    ("name", "value", "section"),
    [
        ("KAFKA__SSL_CA", "/nowhere.pem", "kafka"),
        ("KAFKA__SSL_KEY", __file__, "kafka"),
        ("KAFKA__SASL_USERNAME", "", "kafka"),
        ("ELASTICSEARCH__CA_CERTS", "/nowhere.pem", "elasticsearch"),
        ("ELASTICSEARCH__USERNAME", "u", "elasticsearch"),
        ("ELASTICSEARCH__URL", "http://127.0.0.1:9", "elasticsearch"),
    ],
)
def test_what_is_wrong_with_a_connection_is_named_without_them(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, name: str, value: str, section: str
) -> None:
    if section == "elasticsearch" and "USERNAME" not in name:
        monkeypatch.delenv("REMARKWIRE_ELASTICSEARCH__PASSWORD")
        monkeypatch.setenv("REMARKWIRE_ELASTICSEARCH__CA_CERTS", "/nowhere.pem")
    monkeypatch.setenv(f"{ENV_PREFIX}{name}", value)
    with pytest.raises(SettingsError, match=section) as error:
        (kafka.connection(load().kafka) if section == "kafka" else elastic.client(load()))  # type: ignore[func-returns-value]
    assert CANARY not in "".join(traceback.format_exception(error.value))


def test_help_metrics_rights_and_the_worker_do_not_show_them(settings: Settings) -> None:
    run = CliRunner()
    for words in (["--help"], ["status", "--help"], ["run", "--help"], ["setup", "--help"], ["kibana", "--help"]):
        assert CANARY not in run.invoke(app, words).output
    worker = build_app(settings, "test")
    assert worker.conf.broker_credentials is not None
    assert CANARY not in f"{worker!r} {worker.conf.broker_credentials!r}"
    assert CANARY not in generate_latest().decode()
    assert CANARY not in "".join(acl.command("x") for acl in acls(settings))


def test_a_command_that_cannot_connect_tells_why_where_that_is_known(settings: Settings) -> None:
    from console.main import cause_of
    from schemas.errors import AccessRefused, InputError, KafkaUnavailable

    unavailable, other = KafkaUnavailable("does not answer"), InputError("no file")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("runtime.access.check_kafka", lambda _: None)
        assert cause_of(unavailable) is unavailable
        refused = AccessRefused("wrong password")

        def refuse(_: Settings) -> None:
            raise refused

        patch.setattr("runtime.access.check_kafka", refuse)
        assert cause_of(unavailable) is refused
        assert cause_of(other) is other


@pytest.mark.parametrize("command", [["status"], ["generations"], ["dlq", "list"]])
def test_a_command_that_fails_does_not_show_them(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.setenv("REMARKWIRE_KAFKA__SSL_CA", "/nowhere.pem")
    result = CliRunner().invoke(app, command)
    assert isinstance(result.exception, SettingsError)
    assert CANARY not in result.output + "".join(traceback.format_exception(result.exception))
