"""The wording of an article as sets of hashes, so that copies can be found and verified without the text.

Shingling after Broder (1997), MinHash after Broder et al. (1998), banding after Leskovec, Rajaraman, Ullman (Mining
of Massive Datasets, ch. 3). 42 bands of 3 rows let a pair with Jaccard .5 through with a probability of .996, .3 with
.68, .1 with .04.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import xxhash
from rensa import RMinHash

from processors.annotate.features.words import words
from schemas import Signature

SHINGLE_WORDS = 3
BANDS = 42
ROWS = 3
PERMUTATIONS = BANDS * ROWS
# Part of the stored format: another seed makes signatures that cannot be compared with stored ones.
_SEED = 42

# Odd numbers of 64 bits, from the golden ratio and as in xxHash; a key is their sum of products, mixed once more.
_ODD = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], dtype=np.uint64)
_NUMBERS = np.arange(1, BANDS + 1, dtype=np.uint64) * np.uint64(0x27D4EB2F165667C5)
_HALF = np.uint64(32)

Hashes = npt.NDArray[np.uint32]


def shingles(text: str) -> Hashes:
    """Sorted distinct 32-bit hashes of the 3-word shingles; of all words together where the text is shorter."""
    return shingles_of(words(text))


def shingles_of(found: Sequence[str]) -> Hashes:
    """The same for the words of a text."""
    if not found:
        return np.empty(0, dtype=np.uint32)
    n = max(1, len(found) - SHINGLE_WORDS + 1)
    hashed = [xxhash.xxh32_intdigest(" ".join(found[i : i + SHINGLE_WORDS]).encode()) for i in range(n)]
    return np.unique(np.array(hashed, dtype=np.uint32))


def signature(title: str, text: str) -> Signature:
    """Shingles and MinHash of title and text; empty where there is no word."""
    hashed = shingles(f"{title}\n{text}")
    if not len(hashed):
        return Signature()
    # The call for one flat buffer starts no threads, which cost more than the hashing of an article.
    ends = np.array([0, len(hashed)], dtype=np.uint64)
    rows = RMinHash.digest_matrix_from_flat_token_hashes(hashed.astype(np.uint64), ends, PERMUTATIONS, _SEED)
    minima = np.array(rows.to_rows()[0], dtype="<u4")
    return Signature(shingles=hashed.astype("<u4").tobytes(), minhash=minima.tobytes())


def unpack_shingles(packed: Signature) -> Hashes:
    """Sorted distinct shingle hashes, uint32."""
    return np.frombuffer(packed.shingles, dtype="<u4").astype(np.uint32, copy=False)


def unpack_minhash(packed: Signature) -> Hashes:
    """126 minima, uint32; empty where the signature is."""
    return np.frombuffer(packed.minhash, dtype="<u4").astype(np.uint32, copy=False)


def band_keys(packed: Signature) -> list[int]:
    """The 42 keys under which a signature is filed, 64 bits each: a hash of the number of the band and its 3 rows."""
    if len(packed.minhash) != 4 * PERMUTATIONS:
        return []
    rows = np.frombuffer(packed.minhash, dtype="<u4").reshape(BANDS, ROWS).astype(np.uint64)
    mixed = rows[:, 0] * _ODD[0] ^ (rows[:, 1] * _ODD[1] + rows[:, 2] * _ODD[2] + _NUMBERS)
    mixed ^= mixed >> _HALF
    keys: list[int] = (mixed * _ODD[0]).tolist()
    return keys
