"""Metadata and text of pages in the manner of real templates, in many languages. All texts are synthetic."""

from collections.abc import Callable

import pytest

from ingest.clean import clean_page
from ingest.identity import host_of
from schemas import CleanArticle, Outlet
from tests.builders import raw_article
from tests.page_templates import AT, TEMPLATES, TEXTS, Made, Text


def test_there_are_enough_pages() -> None:
    assert len(TEMPLATES) * len(TEXTS) >= 40
    assert len({text.lang for text in TEXTS}) >= 10


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.lang)
@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.__name__)
def test_what_a_page_says_of_itself_is_found(template: Callable[[Text], Made], text: Text) -> None:
    made = template(text)
    found = clean_page(raw_article(made.html, url=made.url, outlet=Outlet(id=host_of(made.url)), fetched=AT))
    assert isinstance(found, CleanArticle), found
    assert {name: getattr(found, name) for name in made.expected} == made.expected
    if found.published is not None:
        # The zone, too, which equality of moments does not see.
        assert str(found.published) == str(made.expected["published"])
    assert found.text == "\n".join(text.paragraphs)
    assert (found.lang, found.lang_from) == (text.lang, "text")
    assert found.outlet.id == host_of(made.url)
