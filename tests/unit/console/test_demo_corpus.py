"""The demo's corpus: its labels agree with its texts, with each other and with its README."""

import collections
import itertools
import json
import pathlib
import re

import pytest

from console.demo.data import Article, load_gold, url_of
from console.demo.site.fronts import load_fronts

GOLD = load_gold()
BY_ID = {article.id: article for article in GOLD.articles}
FINAL = GOLD.as_of()
LANGS = ["en", "ru", "tr", "de", "fr", "uk"]
ROLES = ["report", "copy", "reaction", "background", "unrelated"]
README = pathlib.Path("console/demo/data/README.md").read_text(encoding="utf-8")
SHARED = pathlib.Path("../shared")

WORD = re.compile(r"\w+")


def words(text: str) -> list[str]:
    return WORD.findall(text.lower())


def shingles(text: str, size: int = 3) -> set[tuple[str, ...]]:
    found = words(text)
    return {tuple(found[i : i + size]) for i in range(len(found) - size + 1)}


def containment(one: Article, other: Article) -> float:
    a, b = shingles(one.text), shingles(other.text)
    return len(a & b) / min(len(a), len(b))


def chain(article: Article) -> list[str]:
    """The article and what it was copied from, to the original."""
    found = [article.id]
    while (source := BY_ID[found[-1]].copy_of) is not None:
        assert source not in found, f"{source} copies itself"
        found.append(source)
    return found


def test_corpus_is_as_large_and_varied_as_promised() -> None:
    assert len(GOLD.articles) >= 64
    assert len(GOLD.outlets) >= 10
    assert len(GOLD.occasions) >= 11
    assert {article.lang for article in GOLD.articles} == set(LANGS)
    assert {outlet.kind for outlet in GOLD.outlets} == {"agency", "state", "broadcaster", "paper", "aggregator"}
    days = [occasion.date for occasion in GOLD.occasions]
    assert (max(days) - min(days)).days <= 21
    assert max(collections.Counter(days).values()) >= 2, "no day with two occasions"


def test_ids_and_addresses_are_unique() -> None:
    assert len(BY_ID) == len(GOLD.articles)
    assert len({url_of(article) for article in GOLD.articles}) == len(GOLD.articles)
    assert {article.outlet for article in GOLD.articles} == {outlet.outlet for outlet in GOLD.outlets}
    assert set(load_fronts()) == {outlet.outlet for outlet in GOLD.outlets}


def test_articles_are_in_order_of_publication_and_have_zones() -> None:
    times = [article.published for article in GOLD.articles]
    assert all(time.utcoffset() is not None for time in times)
    assert times == sorted(times)


@pytest.mark.parametrize("article", [*GOLD.articles, *(a for a in FINAL if a.modified)], ids=lambda a: a.id)
def test_labels_of_an_article_are_consistent(article: Article) -> None:
    remarks = {row.remark: row for row in GOLD.remarks}
    assert 80 <= len(article.text.split()) <= 450
    assert article.text == article.text.strip()
    assert not re.search(r"\n{3,}|[ \t]\n|\n\n ", article.text)
    for mention in article.remarks:
        assert mention.remark in remarks
        assert article.text.count(mention.span) == 1
    spans = sorted((article.text.index(mention.span), mention.span) for mention in article.remarks)
    assert all(at + len(span) <= after for (at, span), (after, _) in itertools.pairwise(spans)), "overlap"
    own = [mention for mention in article.remarks if remarks[mention.remark].occasion == article.occasion]
    if article.role in ("report", "copy"):
        assert article.occasion in {row.occasion for row in GOLD.occasions}
        assert own, "a report without a remark of its own occasion"
    else:
        assert article.occasion is None
        assert bool(article.remarks) == (article.role == "reaction")
    assert (article.copy_of is not None) == (article.role == "copy")


@pytest.mark.parametrize("copy", [a for a in GOLD.articles if a.copy_of], ids=lambda a: a.id)
def test_copy_is_later_than_its_source_and_shares_its_wording(copy: Article) -> None:
    source = BY_ID[chain(copy)[1]]
    assert source.published < copy.published
    assert source.occasion == copy.occasion
    assert {m.remark for m in copy.remarks} <= {m.remark for m in source.remarks}
    assert copy.translated == (copy.lang != source.lang)
    if not copy.translated:
        assert containment(copy, source) >= 0.5


def test_what_is_no_copy_has_its_own_wording() -> None:
    for position, one in enumerate(GOLD.articles):
        for other in GOLD.articles[:position]:
            if one.lang == other.lang and chain(one)[-1] != chain(other)[-1]:
                assert containment(one, other) <= 0.25, (one.id, other.id)


def test_every_remark_is_reported_and_repeats_name_the_first() -> None:
    remarks = {row.remark: row for row in GOLD.remarks}
    days = {row.occasion: row.date for row in GOLD.occasions}
    used = collections.Counter(m.remark for article in GOLD.articles for m in article.remarks)
    per_occasion = collections.Counter(row.occasion for row in GOLD.remarks)
    assert set(used) == set(remarks)
    assert set(per_occasion) == set(days)
    assert all(2 <= count <= 5 for count in per_occasion.values())
    for row in GOLD.remarks:
        assert row.remark.startswith(f"{row.occasion}-r")
        if row.repeats:
            first = remarks[row.repeats]
            assert first.repeats is None
            assert days[first.occasion] <= days[row.occasion]


def test_revisions_change_what_they_say_they_change() -> None:
    assert {row.changes for row in GOLD.revisions} == {"body", "title", "advert"}
    final = {article.id: article for article in FINAL}
    for row in GOLD.revisions:
        before, after = BY_ID[row.id], final[row.id]
        assert before.published < row.modified
        assert before.phase < row.phase
        assert (before.text != after.text) == (row.changes == "body")
        assert (before.title != after.title) or row.changes != "title"
        if row.changes != "body":
            assert before.remarks == after.remarks
    assert len(FINAL) > len(GOLD.as_of(1)), "nothing is late"


def test_readme_counts_what_is_there() -> None:
    counts: collections.Counter[tuple[str, str]] = collections.Counter((a.role, a.lang) for a in GOLD.articles)
    for role in ROLES:
        row = [counts[role, lang] for lang in LANGS]
        assert f"| {role} | {' | '.join(map(str, row))} | {sum(row)} |" in README
    totals = [sum(counts[role, lang] for role in ROLES) for lang in LANGS]
    assert f"| all | {' | '.join(map(str, totals))} | {len(GOLD.articles)} |" in README
    for name, rows in {
        "articles.jsonl": GOLD.articles,
        "occasions.jsonl": GOLD.occasions,
        "remarks.jsonl": GOLD.remarks,
        "revisions.jsonl": GOLD.revisions,
        "outlets.yaml": GOLD.outlets,
    }.items():
        assert f"| `{name}` | {len(rows)} |" in README
    for occasion in GOLD.occasions:
        roles = collections.Counter(a.role for a in GOLD.articles if a.occasion == occasion.occasion)
        line = next(line for line in README.splitlines() if line.startswith(f"| `{occasion.occasion}` |"))
        assert line.endswith(f"| {roles['report']} | {roles['copy']} |")
        assert line.split(" | ")[1] == f"{occasion.date:%a} {occasion.date.day} June"


def test_readme_names_articles_that_exist() -> None:
    named = set(re.findall(r"`([a-z]+(?:-[a-z]+)+)`", README.split("## Difficulties built in")[1]))
    assert named <= {row.occasion for row in GOLD.occasions} | set(BY_ID)


def test_readme_and_fronts_say_that_all_is_invented() -> None:
    assert "Everything in this folder is invented" in README
    assert "nothing here may be quoted" in README


def test_no_sentence_of_the_evaluation_data_occurs() -> None:
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in sorted(SHARED.glob("seeds/*.txt"))]
    for path in sorted(SHARED.glob("eval/remarks-dev*/articles.jsonl")):
        rows = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
        texts += [f"{row['title']}\n{row['text']}" for row in rows]
    if not texts:
        pytest.skip("no evaluation data at ../shared: nothing to compare with")
    theirs = set().union(*(shingles(text, 12) for text in texts))
    for article in {*GOLD.articles, *FINAL}:
        assert not shingles(f"{article.title}\n{article.text}", 12) & theirs, article.id
