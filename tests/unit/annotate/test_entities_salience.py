"""How present a thing is in an article."""

from hypothesis import given
from hypothesis import strategies as st

from processors.annotate.entities import salience
from schemas import Entity

TITLE = "Exampleland and its envoy"
TEXT = TITLE + "\nThe envoy came to Port.\n\nPort is far. Port and Exampleland agree; the exampleish way."


def entity(word: str, at: int = 0, **more: object) -> Entity:
    start = -1
    for _ in range(at + 1):
        start = TEXT.index(word, start + 1)
    return Entity(start=start, end=start + len(word), text=word, type="GPE", **more)  # type: ignore[arg-type]


def test_headline_lead_and_mentions_make_the_score() -> None:
    entities = [
        entity("Exampleland", id="Q2"),
        entity("Port"),
        entity("Port", 1),
        entity("Port", 2),
        entity("Exampleland", 1, id="Q2"),
        entity("exampleish", id="Q2", derived=True),
    ]
    second, first = salience(entities, TITLE, TEXT)
    assert (first.id, first.mentions, first.headline, first.lead, first.score) == ("Q2", 2, True, False, 0.6)
    assert (second.name, second.mentions, second.headline, second.lead, second.score) == ("Port", 3, False, True, 0.6)


def test_of_equals_the_one_named_first_comes_first() -> None:
    people = [
        Entity(start=0, end=1, text="Port", type="GPE", id="Q9"),
        Entity(start=3, end=4, text="Anna Petrenko", type="PER"),
        Entity(start=5, end=6, text="Exampleland", type="GPE", id="Q10"),
    ]
    assert [one.name for one in salience(people, "", "x" * 20)] == ["Port", "Anna Petrenko", "Exampleland"]


def test_mentions_of_one_name_are_one_thing_and_types_tell_apart() -> None:
    people = [
        Entity(start=0, end=1, text="Petrenkom", type="PER", norm="Oleg Petrenko"),
        Entity(start=5, end=6, text="Oleg Petrenko", type="PER"),
        Entity(start=9, end=10, text="Oleg Petrenko", type="ORG"),
    ]
    assert sorted((one.name, one.type, one.mentions) for one in salience(people, "", "x" * 20)) == [
        ("Oleg Petrenko", "ORG", 1),
        ("Oleg Petrenko", "PER", 2),
    ]


def test_no_entities_no_salience() -> None:
    assert salience([], "", "") == []


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 50))), st.text(max_size=20))
def test_scores_are_between_nothing_and_one_and_in_order(mentions: list[tuple[str, int]], title: str) -> None:
    entities = [Entity(start=at, end=at + 1, text=name, type="PER") for name, at in mentions]
    found = salience(entities, title, title + "\n" + "x\n" * 30)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert all(0 < one.score <= 1 for one in found)
    assert sum(one.mentions for one in found) == len(mentions)
