"""The local kind without starting it: which JDK, which cache folder, what the configuration says."""

from pathlib import Path

import pytest

from deploy.services import ServiceError
from deploy.services.local import artifacts, elasticsearch, kafka
from deploy.services.local.artifacts import Artifacts, Versions, cache_folder, install, versions
from deploy.services.local.jdk import Jdk, choose, find_jdk, read_jdk

PORTS = {"kafka": 20_001, "kafka_controller": 20_002, "elasticsearch": 20_003, "elasticsearch_transport": 20_004}


def a_jdk(home: Path, version: str, programs: tuple[str, ...] = ("java", "javac")) -> Path:
    (home / "bin").mkdir(parents=True)
    for program in programs:
        (home / "bin" / program).touch()
    (home / "release").write_text(f'IMPLEMENTOR="Synthetic"\nJAVA_VERSION="{version}"\n')
    return home


@pytest.mark.parametrize(("version", "major"), [("21.0.7", 21), ("25", 25), ("1.8.0_402", 8), ("17.0.15", 17)])
def test_a_jdk_says_its_version(tmp_path: Path, version: str, major: int) -> None:
    home = a_jdk(tmp_path / "jdk", version)
    assert read_jdk(home) == Jdk(major, home)


def test_a_jre_and_an_empty_folder_are_no_jdk(tmp_path: Path) -> None:
    assert read_jdk(a_jdk(tmp_path / "jre", "21.0.7", ("java",))) is None
    assert read_jdk(tmp_path) is None


def test_java_home_is_taken_when_it_is_new_enough_else_the_newest() -> None:
    old, fit, newest = (Jdk(major, Path(f"/jdk{major}")) for major in (17, 21, 25))
    assert choose(fit, [old, fit, newest]) == fit
    assert choose(old, [old, fit, newest]) == newest
    assert choose(None, [old, fit]) == fit
    assert choose(None, [old]) is None
    assert choose(None, []) is None


def test_a_jdk_is_found_in_the_named_places(tmp_path: Path) -> None:
    a_jdk(tmp_path / "17", "17.0.1")
    newer = a_jdk(tmp_path / "21", "21.0.1")
    assert find_jdk({"PATH": ""}, [f"{tmp_path}/*"]) == Jdk(21, newer)
    named = a_jdk(tmp_path / "elsewhere" / "22", "22")
    assert find_jdk({"PATH": "", "JAVA_HOME": str(named)}, [f"{tmp_path}/*"]) == Jdk(22, named)


def test_without_a_fitting_jdk_the_message_says_what_was_found_and_what_to_do(tmp_path: Path) -> None:
    home = a_jdk(tmp_path / "17", "17.0.1")
    with pytest.raises(ServiceError, match=rf"JDK 21 or newer; found: 17 in {home}\. Install one .*embedded"):
        find_jdk({"PATH": ""}, [f"{tmp_path}/*"])
    with pytest.raises(ServiceError, match=r"found: none\."):
        find_jdk({"PATH": ""}, [])


def test_the_cache_is_the_argument_else_the_environment_else_the_users(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REMARKWIRE_CACHE", str(tmp_path / "named"))
    assert cache_folder(tmp_path / "given") == tmp_path / "given"
    assert cache_folder(None) == tmp_path / "named"
    monkeypatch.delenv("REMARKWIRE_CACHE")
    assert cache_folder(None).name == "remarkwire"


def test_without_maven_the_message_says_what_to_do_and_nothing_half_is_taken_for_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    for _ in range(2):
        with pytest.raises(ServiceError, match="install Maven"):
            install(tmp_path / "cache", Jdk(21, tmp_path), tmp_path / "maven.log", print)
        assert not artifacts.is_installed(tmp_path / "cache")


def test_a_maven_that_fails_is_reported_with_its_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    maven = tmp_path / "mvn"
    maven.write_text('#!/bin/sh\necho "no repository is reachable ($JAVA_HOME)"\nexit 1\n')
    maven.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    log = tmp_path / "logs" / "maven.log"
    with pytest.raises(ServiceError, match=r"exit code 1[\s\S]*no repository is reachable") as caught:
        install(tmp_path / "cache", Jdk(21, tmp_path / "jdk"), log, print)
    assert str(log) in str(caught.value)
    assert str(tmp_path / "jdk") in log.read_text()


def test_versions_are_those_of_the_pom() -> None:
    assert versions() == Versions(kafka="4.3.0", elasticsearch="9.2.0")


def test_a_release_names_no_repository() -> None:
    pom = (Path(artifacts.__file__).parent / "pom.xml").read_text()
    assert "<repositor" not in pom.lower()
    assert [line for line in pom.splitlines() if "http" in line and "POM/4.0.0" not in line] == []


def test_kafka_listens_on_loopback_only_and_makes_no_topics_by_itself(tmp_path: Path) -> None:
    settings = kafka.settings(PORTS, tmp_path)
    assert settings["listeners"] == "PLAINTEXT://127.0.0.1:20001,CONTROLLER://127.0.0.1:20002"
    assert settings["auto.create.topics.enable"] == "false"
    assert int(settings["message.max.bytes"]) == 16 * 1024 * 1024


def test_elasticsearch_listens_on_loopback_only_and_makes_no_indices_by_itself(tmp_path: Path) -> None:
    settings = elasticsearch.settings(Artifacts(tmp_path, versions()), PORTS, tmp_path)
    assert settings["network.host"] == "127.0.0.1"
    assert settings["action.auto_create_index"] is False
    assert (settings["http.port"], settings["transport.port"]) == (20_003, 20_004)


def test_properties_are_escaped_as_java_reads_them() -> None:
    assert kafka.as_properties({"log.dirs": "C:\\данные/😀"}) == (
        "log.dirs=C:\\\\\\u0434\\u0430\\u043d\\u043d\\u044b\\u0435/\\ud83d\\ude00\n"
    )
