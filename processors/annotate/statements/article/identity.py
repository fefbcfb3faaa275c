"""Names for statements that survive shifts of the text around them."""

import re
from collections import Counter
from collections.abc import Sequence

import xxhash

_WORD = re.compile(r"\w+")


def statement_ids(article_id: str, texts: Sequence[str]) -> list[str]:
    """xxh64 (16 hex digits) of the article, the normalised wording and the ordinal among equal wordings."""
    seen: Counter[str] = Counter()
    ids: list[str] = []
    for text in texts:
        wording = " ".join(_WORD.findall(text.casefold()))
        ids.append(xxhash.xxh64_hexdigest(f"{article_id}\x1f{wording}\x1f{seen[wording]}".encode()))
        seen[wording] += 1
    return ids
