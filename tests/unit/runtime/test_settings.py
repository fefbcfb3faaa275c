"""Settings: one file and the environment, unknown keys refused, secrets never printed."""

from pathlib import Path

import pytest

from runtime.settings import as_environment, load
from schemas.errors import SettingsError


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = write(tmp_path / "s.toml", "[pipeline]\npartitions = 3\nprefix = 'a-'\n")
    monkeypatch.setenv("REMARKWIRE_PIPELINE__PARTITIONS", "7")
    settings = load(file)
    assert settings.pipeline.partitions == 7
    assert settings.pipeline.prefix == "a-"


def test_a_table_of_the_environment_takes_the_place_of_that_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write(tmp_path / "s.toml", "[pipeline]\npartitions = 3\ninputs = {reports = 2}\n")
    monkeypatch.setenv("REMARKWIRE_PIPELINE__INPUTS", "{}")
    pipeline = load(file).pipeline
    assert (pipeline.inputs, pipeline.partitions) == ({}, 3)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("[kafka]\nbootstrap = 'x'\n", "kafka.bootstrap: no such setting"),
        ("[pipelines]\npartitions = 3\n", "pipelines: no such setting"),
        ("[pipeline]\npartitions = 0\n", "pipeline.partitions: Input should be greater"),
        ("[pipeline]\nspeakers = ['Lavrov']\n", "pipeline.speakers.0"),
        ("[kafka]\nsasl_password = 'hunter2'\n", "REMARKWIRE_KAFKA__SASL_PASSWORD"),
        ("[kibana]\nurl = 'https://elastic:hunter2@kibana:5601'\n", "kibana.url: has a user or password in it"),
        ("[elasticsearch]\nurl = 'https://elastic:hunter2@search:9200'\n", "elasticsearch.url: has a user"),
        ("[kafka]\nbootstrap_servers = 'me:hunter2@broker:9092'\n", "kafka.bootstrap_servers: has a user"),
        ("not toml", "is no TOML"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(tmp_path: Path, text: str, word: str) -> None:
    with pytest.raises(SettingsError) as error:
        load(write(tmp_path / "s.toml", text))
    assert word in str(error.value)
    assert "hunter2" not in str(error.value)


def test_a_typing_error_in_a_variable_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REMARKWIRE_KAFKA__BOOTSTRAP_SERVER", "x")
    with pytest.raises(SettingsError, match="REMARKWIRE_KAFKA__BOOTSTRAP_SERVER: no such setting"):
        load()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("REMARKWIRE_PIPELINE__SPEAKERS", "Q58217"), ("REMARKWIRE_FETCH__RESOLVE", "{press.example"),
        ("REMARKWIRE_FETCH", "hunter2"),
    ],
)  # fmt: skip
def test_a_list_in_a_variable_that_is_no_json_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv("REMARKWIRE_PIPELINE__PREFIX", "not-json-")
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=f"^environment variable {name}: is no JSON; write it as") as error:
        load()
    assert "hunter2" not in str(error.value)
    assert "PREFIX" not in str(error.value)


def test_a_byte_order_mark_is_no_part_of_the_settings(tmp_path: Path) -> None:
    file = write(tmp_path / "s.toml", "\ufeff[pipeline]\npartitions = 3\n")
    assert load(file).pipeline.partitions == 3


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="name an existing file by --config"):
        load(tmp_path / "none.toml")


def test_a_secret_that_is_left_empty_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("KAFKA__SASL_PASSWORD", "ELASTICSEARCH__API_KEY", "KIBANA__API_KEY"):
        monkeypatch.setenv(f"REMARKWIRE_{name}", "")
    settings = load()
    assert settings.kafka.sasl_password is settings.elasticsearch.api_key is settings.kibana.api_key is None


def test_a_variable_that_is_left_empty_takes_back_what_the_file_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write(
        tmp_path / "s.toml", "[kafka]\nsasl_username = 'me'\nssl_ca = 'ca.pem'\n[elasticsearch]\nusername = 'me'\n"
    )
    for name in ("KAFKA__SASL_USERNAME", "KAFKA__SSL_CA", "ELASTICSEARCH__USERNAME"):
        monkeypatch.setenv(f"REMARKWIRE_{name}", "")
    settings = load(file)
    assert settings.kafka.sasl_username is settings.kafka.ssl_ca is settings.elasticsearch.username is None


def test_secrets_are_not_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REMARKWIRE_KAFKA__SASL_PASSWORD", "hunter2")
    settings = load()
    assert "hunter2" not in repr(settings)
    assert "hunter2" not in settings.model_dump_json()
    monkeypatch.setenv("REMARKWIRE_PIPELINE__PARTITIONS", "no number")
    with pytest.raises(SettingsError) as error:
        load()
    assert "hunter2" not in str(error.value)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[fetch]\nrevisit_seconds = [60.0, -5]", "fetch.revisit_seconds.1"),
        ("[pipeline]\nstuck_seconds = inf", "pipeline.stuck_seconds"),
        ("[group]\nwindow_days = nan", "group.window_days"),
    ],
)
def test_times_that_never_come_are_refused(text: str, named: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=f"settings: {named}: "):
        load(write(tmp_path / "s.toml", text))


@pytest.mark.parametrize("text", ["pipeline = 3", "pipeline = 'x'", "[[pipeline]]\npartitions = 3"])
@pytest.mark.parametrize("variable", [True, False])
def test_a_section_that_is_none_is_refused_whatever_the_environment_has(
    text: str, variable: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if variable:
        monkeypatch.setenv("REMARKWIRE_PIPELINE__PARTITIONS", "2")
    with pytest.raises(SettingsError, match=r"s\.toml: pipeline is a section"):
        load(write(tmp_path / "s.toml", text))


def test_a_child_process_gets_the_same_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = write(
        tmp_path / "s.toml",
        "[pipeline]\nspeakers = ['Q58217', 'Q7747']\n[fetch]\nresolve = {'a.example' = '127.0.0.1:80'}\n"
        "revisit_seconds = [1.5]\n[annotate]\nembeddings = false\n",
    )
    settings = load(file)
    for name, value in as_environment(settings).items():
        monkeypatch.setenv(name, value)
    assert load(write(tmp_path / "empty.toml", "")) == settings


def test_a_folder_of_own_tables_reaches_a_child_process_and_can_be_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write(tmp_path / "s.toml", "[pipeline]\ngazetteer = 'own tables'\n")
    settings = load(file)
    assert settings.pipeline.gazetteer == Path("own tables")
    monkeypatch.setenv("REMARKWIRE_PIPELINE__GAZETTEER", "own tables")
    assert load(write(tmp_path / "empty.toml", "")).pipeline == settings.pipeline
    assert as_environment(settings)["REMARKWIRE_PIPELINE__GAZETTEER"] == "own tables"
    monkeypatch.setenv("REMARKWIRE_PIPELINE__GAZETTEER", "")
    assert load(file).pipeline.gazetteer is None
    monkeypatch.delenv("REMARKWIRE_PIPELINE__GAZETTEER")
    assert load(write(tmp_path / "s.toml", "[pipeline]\ngazetteer = ''\n")).pipeline.gazetteer is None
