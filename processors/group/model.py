"""The weights of grouping: data, validated, and loadable from another file for cross-validation."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import msgspec

from processors.annotate.entities import spoken_languages
from schemas import ANY
from schemas.errors import InputError

Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Positive = Annotated[float, msgspec.Meta(gt=0)]
Count = Annotated[int, msgspec.Meta(ge=1)]


class _Weights(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of the parts of the model: no unknown names, so that a misspelt weight is refused."""


class Copies(_Weights, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a wording counts as copied (shares of 3-word shingles), and how many candidates are verified. ``part_``:
    of a text with much of its own, what must be copied of the whole, of his words, of ``part_shingles`` of indirect
    speech or more, or of what is around the statements. ``unquoted``: where nothing of his was found in a text, how
    much of the shorter one must be copied, unless the original's lead stands there. ``translated_``: of statements
    of two languages, how alike and in what order they must be, and how near the texts in length and time (``_cut``:
    of a text that was cut); ``aligned_``: the most that aligning the sentences may cost, ``_many`` of five or more,
    ``_most`` beside statements that agree, and how alike the statements must be at least (``_mean``).
    """

    containment: Share
    statements: Share
    part_containment: Share
    part_statements: Share
    part_told: Share
    part_rest: Share
    part_shingles: Count
    unquoted: Share
    min_shingles: Count
    candidates: Count
    candidate_share: Share
    common: Count
    near_best: Share
    translated_statements: Count
    translated_similarity: Share
    translated_covered: Share
    translated_mean: Share
    translated_order: Share
    translated_names: Share
    translated_length: Share
    translated_candidates: Count
    translated_hours: Positive
    translated_cut: Share
    aligned_cost: Share
    aligned_many: Share
    aligned_most: Share
    aligned_cut: Share
    aligned_mean: Share


class Agreement(_Weights, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Log-odds that two whole articles tell the same, by what they share of each (stories/agreement.py). ``no_names``
    and ``no_numbers`` where neither has any; ``length`` for each unit of the logarithm of the ratio of their lengths.
    """

    bias: float
    words: float
    names: float
    no_names: float
    numbers: float
    no_numbers: float
    cosine: float
    length: float


class Together(_Weights, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Log-odds that two reports near in time are of one occasion (stories/division.py). ``best`` for the two statements
    most alike, ``covered`` for what of each report's is above ``covered_from``; the others where they tell the same,
    or (``_other``) another. A story parts where ``part`` or more speaks for it, ``alone`` more where one report is all
    that leaves or stays; ``within`` is the share of what holds the looser part together that counts for it.
    """

    bias: float
    best: float
    covered: float
    covered_from: Share
    kind: float
    kind_other: float
    place: float
    counterpart: float
    medium: float
    date_other: float
    within: Share
    part: float
    alone: float


class Stories(_Weights, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Contributions to the sum by which a report joins a story, in log-odds; see docs/grouping.md.

    ``apart``: where one day is unknown, by the days between (``stories/score.py`` has the steps). ``forced``: of a
    whole article so much must be copied that it is in the original's story without more.
    """

    bias: float
    join: float
    merge: float
    stay: float
    near: float
    near_alike: float
    move: float
    split: float
    reach_days: Positive
    date_same: float
    date_near: float
    date_far: float
    date_vague: float
    undated: float
    apart: tuple[float, float, float, float, float]
    place_same: float
    place_other: float
    counterpart_same: float
    counterpart_other: float
    medium_same: float
    medium_other: float
    kind_same: float
    kind_same_distinctive: float
    kind_other: float
    kind_other_loose: float
    kind_other_deep: float
    kind_scene: Share
    number: float
    number_most: float
    name: float
    name_most: float
    day: float
    day_most: float
    elsewhere: float
    elsewhere_most: float
    words: float
    words_from: Share
    mean: Share
    best: float
    best_from: float
    best_alike: Share
    covered: float
    covered_from: float
    covered_most: float
    candidates: Count
    common: Count
    forced: Share = 0.0
    same: Agreement | None = None
    cross: Agreement | None = None


class Remarks(_Weights, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When two statements express one proposition. Similarities: centred cosine, or weighted overlap of words.

    ``cluster``: so much alike groups of statements must be on average to be one remark; shared words count
    ``cluster_words`` of their overlap, and two statements of one report ``cluster_apart`` less
    (consequences/alignment.py).
    """

    link: Share
    link_words: Share
    cluster: Share
    cluster_words: Share
    cluster_apart: Share
    shared: Share
    shared_most: Share
    quoted: Share
    repeat: Share
    repeat_words: Share
    repeat_length: Count
    common: Count


Three = tuple[float, float, float]
"""What a reading adds to the scores of report, reaction and background, in log-odds."""


class RoleWeights(_Weights, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """By the names of ``roles.readings``, which says what each is; ``bias`` counts always."""

    bias: Three
    statements: Three
    others: Three
    others_crowd: Three
    spoken: Three
    mentions: Three
    first_mention: Three
    in_title: Three
    quoted_in_title: Three
    other_leads: Three
    nobody_leads: Three
    others_lead: Three
    others_answer: Three
    others_prevail: Three
    other_titled: Three
    remarks_titled: Three
    remarks_named: Three
    answers: Three
    lead_answers: Three
    explains: Three
    habits: Three
    dates: Three
    recalled: Three
    told_earlier: Three


class Roles(_Weights, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When an article is a reaction to the remarks or background to them rather than a report of them.

    ``recalled_days``: what was said so long before the article is recalled there. Where no words of his are found:
    ``background_dates`` that the text names make it background, who answers him must be told of in the first
    ``answered_by`` of the text, and ``unquoted`` is how often these rules are right.
    """

    weights: RoleWeights
    recalled_days: Count
    background_dates: Count
    answered_by: Share
    unquoted: Share


class Confidence(_Weights, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How scores become probabilities (decision/confidence.py), and below which a decision is marked for review.

    ``remark`` and ``remark_group``: of a statement that was linked, and of one whose story was divided anew;
    ``remark_alone``: of one that is like no other.
    """

    temperature: Positive
    ceiling: Share
    mixed: Share
    wording: tuple[float, float]
    translation: tuple[float, float]
    remark: tuple[float, float]
    remark_group: tuple[float, float]
    remark_alone: Share
    review_story: Share
    review_copy: Share
    review_role: Share
    review_remark: Share


class Vectors(_Weights, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much the shipped mean of a language weighs against the mean of the statements in the window."""

    prior: Positive


class Model(_Weights, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All of it.

    ``whole``: the weights of stories where whole articles of any news are compared, instead of what one speaker said;
    words tell events apart, but not the occasions of a speaker, who repeats himself. ``window_days``: for how long,
    by time of fetching, reports stay in the state. ``spoken``: the languages of speakers by their ids, of the
    gazetteer, not of the file.
    """

    version: str
    window_days: Positive
    expire_at_most: Count
    copies: Copies
    stories: Stories
    whole: Stories
    together: Together
    remarks: Remarks
    roles: Roles
    confidence: Confidence
    vectors: Vectors
    spoken: Mapping[str, frozenset[str]] = {}

    def weights_of(self, speaker_id: str) -> Stories:
        """Those by which this speaker's reports join stories: ``whole`` for the nameless one of whole articles."""
        return self.whole if speaker_id == ANY else self.stories


def load_model(path: Path) -> Model:
    """A model from a JSON file; raises ``InputError`` naming the field that is missing, unknown or out of range."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Model)
    except OSError as error:
        raise InputError(f"{path}: the model cannot be read: {error.strerror}") from error
    except msgspec.DecodeError as error:
        raise InputError(f"{path}: not a grouping model: {error}; the shipped one is the pattern") from error


@cache
def _shipped() -> Model:
    return msgspec.json.decode(files("processors.group").joinpath("data/model.json").read_bytes(), type=Model)


def default_model(window_days: float | None = None, gazetteer: Path | None = None) -> Model:
    """The shipped model, with another window where one is given, and with the languages of those whom the gazetteer
    knows. ``gazetteer``: the folder of own tables; raises ``SettingsError`` where it cannot be used.
    """
    model = knowing(_shipped(), gazetteer)
    return model if window_days is None else msgspec.structs.replace(model, window_days=window_days)


def knowing(model: Model, gazetteer: Path | None) -> Model:
    """A model with the languages of speakers; see ``default_model``."""
    return msgspec.structs.replace(model, spoken=spoken_languages(gazetteer))
