"""A line of the output of ``batch``: what was found in one article and decided on it, as JSON has it."""

from collections.abc import Mapping
from typing import Any

import msgspec

from schemas import AnnotatedArticle, CleanArticle, Decision, Evidence, Part

Decisions = Mapping[str, list[tuple[str, Decision]]]
"""By article id, each with its speaker."""
Said = Mapping[str, tuple[str, str]]
"""For the id of each statement its article and its text."""


def line(found: AnnotatedArticle, decisions: Decisions, whole: bool, said: Said) -> dict[str, Any]:
    """``said``: the statements whose texts may be told."""
    article = found.article
    return {
        "id": article.article_id,
        "outlet": article.outlet.name or None,
        "published": article.published.isoformat() if article.published else None,
        "title": article.title,
        "lang": found.lang,
        "entities": [
            {"start": e.start, "end": e.end, "text": e.text, "type": e.type, "id": e.id, "derived": e.derived}
            for e in found.entities
        ],
        "statements": [
            {
                "start": s.start,
                "end": s.end,
                "text": s.text,
                "kind": s.kind,
                "speaker": s.speaker,
                "speaker_id": s.speaker_id,
                "source": {"start": s.source.start, "end": s.source.end} if s.source else None,
                "cue": {"start": s.cue.start, "end": s.cue.end} if s.cue else None,
                "when": s.setting.date if s.setting else None,
                "vague": s.setting.vague if s.setting else False,
                "confidence": s.confidence,
            }
            for s in found.statements
        ],
        "reports": [
            _part(speaker, part, article, said, main=not number, whole=whole)
            for speaker, decision in sorted(decisions.get(article.article_id, []), key=lambda item: item[0])
            for number, part in enumerate(decision.parts)
        ],
    }


def _part(speaker: str, part: Part, article: CleanArticle, said: Said, *, main: bool, whole: bool) -> dict[str, Any]:
    text = article.full_text
    # A report id is the article id and the speaker, joined by a hyphen.
    copy_of = part.copy_of.removesuffix(f"-{speaker}") if part.copy_of else None
    return {
        "speaker_id": None if whole else speaker,
        "main": main,
        "story": part.story_id,
        "role": part.role,
        "copy_of": copy_of,
        "translated": part.translated,
        "brings": list(dict.fromkeys(use.remark_id for use in part.remarks if use.new)),
        "remarks": [
            {
                "remark": use.remark_id,
                "start": use.start,
                "end": use.end,
                "repeats_of": use.repeats_of,
                "evidence": [_compared(evidence, said) for evidence in use.evidence],
                "confidence": use.confidence,
                "review": use.review,
            }
            | ({} if whole else {"text": text[use.start : use.end]})
            for use in part.remarks
        ],
        "evidence": [_compared(evidence, said) for evidence in part.evidence],
        "confidence": msgspec.to_builtins(part.confidence),
        "review": part.review,
    }


def _compared(evidence: Evidence, said: Said) -> dict[str, Any]:
    """With the words of the statement that it was compared with, and whose they are."""
    article, text = said.get(evidence.against or "", (None, None))
    told: dict[str, Any] = msgspec.to_builtins(evidence)
    return told if text is None else told | {"article": article, "other": text}
