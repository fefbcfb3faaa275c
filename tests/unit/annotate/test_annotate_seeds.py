"""Annotation does not depend on the seed of hashing, by which sets of words come in another order in every process."""

import hashlib
import os
import subprocess
import sys

from console.demo.data import load_gold
from processors.annotate.core import annotate
from processors.annotate.entities import Recognizer, load_gazetteer
from tests.builders import clean_article

_EVERY = 12


def _print_digest() -> None:
    gazetteer, recognizer, digest = load_gazetteer(), Recognizer(), hashlib.sha256()
    for number, one in enumerate(load_gold().as_of()):
        if number % _EVERY == 0:
            article = clean_article(one.title, one.text, one.id, at=one.published)
            digest.update(annotate(article, gazetteer=gazetteer, recognizer=recognizer).encode())
    sys.stdout.write(digest.hexdigest())


def test_two_processes_with_other_seeds_give_the_same_bytes() -> None:
    def digest(seed: str) -> str:
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
        run = subprocess.run(
            [sys.executable, "-m", __name__], env=environment, capture_output=True, text=True, timeout=300, check=True
        )
        return run.stdout

    first = digest("1")
    assert len(first) == 64
    assert first == digest("2")


if __name__ == "__main__":
    _print_digest()
