"""The jars of the local services in a cache folder: downloaded by Maven once, our few lines of Java compiled once.

The folder's name carries a hash of everything that goes into it, so a new version never meets an old folder. It is
built beside its place and renamed: a folder of that name is a whole one, whatever died before.
"""

import contextlib
import hashlib
import os
import shutil
import subprocess
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import platformdirs
from filelock import FileLock, Timeout

from deploy.services.kinds import Progress
from deploy.services.local.jdk import MINIMUM, Jdk
from deploy.services.logs import tail
from schemas.errors import ServiceError

CACHE_VARIABLE = "REMARKWIRE_CACHE"

_HERE = Path(__file__).parent
_POM = _HERE / "pom.xml"
_JAVA = _HERE / "java"
_LAYOUT = b"1"  # raise when the folder is laid out otherwise
_MAVEN_SECONDS = 1800
_NETTY_MODULE = "transport-netty4"
_NETTY_JARS = ("netty-", "transport-netty4-", "elasticsearch-ssl-config-")
_PLUGIN = "language-analysis"


@dataclass(frozen=True)
class Versions:
    kafka: str
    elasticsearch: str


@dataclass(frozen=True)
class Artifacts:
    """A whole cache folder."""

    folder: Path
    versions: Versions

    @property
    def kafka_classpath(self) -> str:
        return os.pathsep.join([str(self.folder / "kafka" / "launcher.jar"), str(self.folder / "kafka" / "lib" / "*")])

    @property
    def elasticsearch_home(self) -> Path:
        """Has lib/, modules/, plugins/ and launcher.jar."""
        return self.folder / "elasticsearch"


def versions() -> Versions:
    """As pom.xml pins them."""
    root = ET.parse(_POM).getroot()  # noqa: S314 - our own file
    read = {node.tag.rpartition("}")[2]: node.text or "" for node in root.find("{*}properties") or ()}
    return Versions(kafka=read["kafka.version"], elasticsearch=read["elasticsearch.version"])


def cache_folder(given: Path | None) -> Path:
    """The argument, else the environment, else the platform's place for caches of this user."""
    named = os.environ.get(CACHE_VARIABLE)
    return given or (Path(named) if named else platformdirs.user_cache_path("remarkwire"))


def install(given_cache: Path | None, jdk: Jdk, log: Path, progress: Progress) -> Artifacts:
    """The cache folder, made first when it is not there. Several starters may call this at the same time."""
    folder = _folder(given_cache)
    artifacts = Artifacts(folder, versions())
    if folder.is_dir():
        return artifacts
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _exclusive(folder.with_suffix(".lock"), progress):
        if not folder.is_dir():
            half = folder.with_suffix(".half")
            shutil.rmtree(half, ignore_errors=True)
            _build(half, artifacts.versions, jdk, log, progress)
            half.rename(folder)
    return artifacts


def is_installed(given_cache: Path | None) -> bool:
    return _folder(given_cache).is_dir()


def check_maven() -> str:
    """The path of Maven's command. Raises ServiceError that says what to do when there is none."""
    maven = shutil.which("mvn")
    if maven is None:
        raise ServiceError(
            "the local services are downloaded with Apache Maven, and there is no `mvn` on the PATH: install Maven 3.6 "
            "or newer, or use the embedded services"
        )
    return maven


def _folder(given_cache: Path | None) -> Path:
    return cache_folder(given_cache).expanduser().resolve() / f"local-{_fingerprint()}"


@contextlib.contextmanager
def _exclusive(path: Path, progress: Progress) -> Iterator[None]:
    lock = FileLock(path, timeout=_MAVEN_SECONDS)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        progress("waiting for another start that is downloading the same services")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _fingerprint() -> str:
    digest = hashlib.sha256(_LAYOUT)
    for path in (_POM, *sorted(_JAVA.glob("*.java"))):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _build(folder: Path, pinned: Versions, jdk: Jdk, log: Path, progress: Progress) -> None:
    progress(f"downloading Kafka {pinned.kafka} and Elasticsearch {pinned.elasticsearch} (once, about 90 MB)")
    kafka_lib, elasticsearch = folder / "kafka" / "lib", folder / "elasticsearch"
    _copy_dependencies("kafka", kafka_lib, jdk, log)
    _copy_dependencies("elasticsearch", elasticsearch / "lib", jdk, log)
    progress("compiling the launchers and the analysis plugin (once)")
    netty = elasticsearch / "modules" / _NETTY_MODULE
    netty.mkdir(parents=True)
    for jar in sorted((elasticsearch / "lib").glob("*.jar")):
        if jar.name.startswith(_NETTY_JARS):
            jar.rename(netty / jar.name)
    _describe(
        netty,
        pinned,
        name=_NETTY_MODULE,
        version=pinned.elasticsearch,
        classname="org.elasticsearch.transport.netty4.Netty4Plugin",
        modulename="org.elasticsearch.transport.netty4",
    )
    plugin = elasticsearch / "plugins" / _PLUGIN
    plugin.mkdir(parents=True)
    _describe(plugin, pinned, name=_PLUGIN, version="1", classname="LanguageAnalysisPlugin")
    _compile("KafkaLauncher", kafka_lib, folder / "kafka" / "launcher.jar", jdk)
    _compile("ElasticsearchLauncher", elasticsearch / "lib", elasticsearch / "launcher.jar", jdk)
    _compile("LanguageAnalysisPlugin", elasticsearch / "lib", plugin / f"{_PLUGIN}.jar", jdk)


def _copy_dependencies(profile: str, target: Path, jdk: Jdk, log: Path) -> None:
    command = [
        check_maven(), "--batch-mode", "--no-transfer-progress", "--file", str(_POM), "--activate-profiles", profile,
        "dependency:copy-dependencies", f"-DoutputDirectory={target}",
    ]  # fmt: skip
    target.mkdir(parents=True)
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        try:
            done = subprocess.run(  # noqa: S603 - our own command line
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=target,
                env={**os.environ, "JAVA_HOME": str(jdk.home)},
                timeout=_MAVEN_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise ServiceError(f"Maven did not end within {_MAVEN_SECONDS} s; its log is {log}\n{tail(log)}") from error
    if done.returncode != 0:
        raise ServiceError(
            f"Maven could not download {profile} (exit code {done.returncode}); it needs to reach the repository that "
            f"its settings.xml names. Its log is {log}\n{tail(log)}"
        )


def _describe(folder: Path, pinned: Versions, **properties: str) -> None:
    all_properties = {
        "description": properties["name"],
        "elasticsearch.version": pinned.elasticsearch,
        "java.version": str(MINIMUM),
        **properties,
    }
    lines = (f"{key}={value}\n" for key, value in all_properties.items())
    (folder / "plugin-descriptor.properties").write_text("".join(lines), encoding="ascii")


def _compile(source: str, libraries: Path, jar: Path, jdk: Jdk) -> None:
    classes = jar.with_suffix(".classes")
    command = [
        str(jdk.javac), "--release", str(MINIMUM), "-encoding", "UTF-8", "-proc:none",
        "-cp", str(libraries / "*"), "-d", str(classes), str(_JAVA / f"{source}.java"),
    ]  # fmt: skip
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode != 0:
        said = f"{done.stdout}{done.stderr}".rstrip()
        raise ServiceError(f"{command[0]} could not compile {source}.java (exit code {done.returncode}):\n{said}")
    with zipfile.ZipFile(jar, "w") as archive:
        for path in sorted(classes.rglob("*.class")):
            archive.write(path, path.relative_to(classes).as_posix())
    shutil.rmtree(classes)
