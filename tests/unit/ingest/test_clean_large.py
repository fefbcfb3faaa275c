"""Pages of 10 MB, in a process of their own, whose memory is theirs alone. All texts are synthetic."""

import json
import subprocess
import sys

import pytest

from runtime.settings import CleanSettings

# Menus are the costliest: each entry is a block of its own, with a hundred figures.
_MOST_MIB = 800
_PROGRAM = """
import datetime, json, sys, time
from ingest.body import pack
from ingest.clean.page import clean_and_hash
from schemas import CleanArticle, Outlet, RawArticle, Seq

SENTENCE = "The invented minister said on Tuesday that the invented bridge would open before the end of the year. "
SIZE = 10_000_000
parts = {
    "menu": lambda n: f'<li class="item"><a href="/section/{n}">Section {n}</a></li>',
    "marked": lambda n: f'<p class="c{n} author breadcrumb" itemprop="author">{SENTENCE}</p>',
    "nested": lambda n: "<div>",
}
part = parts[sys.argv[1]]
bulk = "".join(part(n) for n in range(SIZE // len(part(0)) + 1))
page = f"<html><head><title>Bridge</title></head><body><article><h1>Bridge</h1><p>{SENTENCE * 3}</p>{bulk}"
raw = RawArticle(
    article_id="a", seq=Seq(1, "a"), url="https://example.org/a", outlet=Outlet(id="example.org"),
    fetched=datetime.datetime(2026, 6, 3, tzinfo=datetime.UTC), media_type="text/html", charset="utf-8",
    body=pack(page.encode()),
)
began = time.process_time()
found = clean_and_hash(raw).article
seconds = time.process_time() - began
# Not ru_maxrss: that of a child begins with what its parent had.
peak = next((line for line in open("/proc/self/status") if line.startswith("VmHWM")), "")
mib = int(peak.split()[1]) >> 10
text = found.text if isinstance(found, CleanArticle) else ""
print(json.dumps({"bytes": len(page), "seconds": seconds, "mib": mib, "text": text[:200]}))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the most memory of a process alone")
@pytest.mark.parametrize("kind", ["menu", "marked", "nested"])
def test_a_page_of_10_mb_is_cleaned_within_the_time_and_memory_of_a_worker(kind: str) -> None:
    done = subprocess.run([sys.executable, "-c", _PROGRAM, kind], check=True, capture_output=True, timeout=120)
    found = json.loads(done.stdout)
    assert found["bytes"] >= 10_000_000
    assert found["seconds"] < CleanSettings().page_seconds
    assert found["mib"] < _MOST_MIB
    assert found["text"].startswith("The invented minister said")
