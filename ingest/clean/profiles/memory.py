"""How the memory of an outlet's furniture grows: a pure function from one state and one article to the next state.

A state is an ``OutletProfile`` message. ``lines`` are those of the version that pages are cleaned with; what has been
seen since waits in ``waiting`` until the next checkpoint makes a version of it. So a version follows from which
articles of the outlet came before, in order, and from nothing else: a replay makes the same versions of the same
articles.
"""

import hashlib
from collections.abc import Collection, Iterable

from ingest.clean.profiles.profile import NO_PROFILE, Profile
from schemas.message import Moment
from schemas.outlet_profile import OutletProfile

# A version is made after so many articles: often at first, when each article tells much.
_CHECKPOINTS = (3, 5, 8, 12, 16, 24, 32, 48, 64)
_EVERY = 64
# Of an outlet that is known well, every fourth article is looked at; templates change slowly.
_SAMPLED_FROM = 64
_SAMPLED = 4
# After so many articles all counts are halved: what an outlet no longer shows is forgotten.
_AGED_AT = 256
_MOST_WAITING = 3000
_KEPT_WAITING = 2000
_MOST_LINES = 600
_LEAST_SHARE = 0.02
_MOST_OF_PAGE = 800
_RECENT = 128


def profile_of(state: OutletProfile | None) -> Profile:
    """What a page is cleaned with."""
    if state is None or state.version == 0:
        return NO_PROFILE
    return Profile(state.pages, state.lines, state.version)


def until_next(state: OutletProfile | None) -> int:
    """How many more articles make the next version, at least one."""
    learned = state.learned if state is not None else 0
    for checkpoint in _CHECKPOINTS:
        if learned < checkpoint:
            return checkpoint - learned
    return _EVERY - learned % _EVERY


def learnt(
    state: OutletProfile | None, outlet: str, article_id: str, lines: Collection[str], made: Moment
) -> OutletProfile | None:
    """The state after an article with ``lines`` (hashes). The same object where it teaches nothing: it has no lines,
    was seen just before, or is none of the sample.
    """
    state_now = state or OutletProfile(outlet=outlet, version=0, pages=0, made=made)
    mark = hashlib.blake2b(article_id.encode(), digest_size=6).hexdigest()
    sampled = state_now.learned < _SAMPLED_FROM or int(mark, 16) % _SAMPLED == 0
    if not lines or not sampled or mark in state_now.recent:
        return state
    counts = dict(state_now.waiting)
    for line in sorted(set(lines))[:_MOST_OF_PAGE]:
        counts[line] = counts.get(line, 0) + 1
    seen = state_now.waiting_pages + 1
    if len(counts) > _MOST_WAITING:
        counts = dict(_most(counts.items(), _KEPT_WAITING))
    if seen >= _AGED_AT:
        counts = {line: count // 2 for line, count in counts.items() if count > 1}
        seen //= 2
    recent = [*state_now.recent, mark][-_RECENT:]
    learned = state_now.learned + 1
    version, pages, kept = state_now.version, state_now.pages, state_now.lines
    if until_next(state_now) == 1:
        often = [(line, count) for line, count in counts.items() if count >= max(2, _LEAST_SHARE * seen)]
        version, pages, kept = version + 1, seen, dict(_most(often, _MOST_LINES))
    return OutletProfile(
        outlet=outlet, version=version, pages=pages, made=made, lines=kept, learned=learned, waiting=counts,
        waiting_pages=seen, recent=recent,
    )  # fmt: skip


def _most(counts: Iterable[tuple[str, int]], most: int) -> list[tuple[str, int]]:
    """The ``most`` highest counts; of equal ones those with the lowest hashes."""
    return sorted(counts, key=lambda pair: (-pair[1], pair[0]))[:most]
