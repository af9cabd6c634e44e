"""Where files stand, and what happened to them, has words everywhere that it is told."""

import jinja2
import pytest

from handlers.blocks import Words
from handlers.files.file_refusals import no_such_file, refused_file
from handlers.pages import TEMPLATES
from rules.file_life import State, Step

PAGES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(TEMPLATES / "pages"),
    undefined=jinja2.StrictUndefined,
    autoescape=True,
)


def on_page(macro: str, value: str) -> str:
    """What a page says of it; raises where there are no words."""
    asked = PAGES.from_string("{% import 'file_states.html' as said %}{{ said[macro](value) }}")
    return asked.render(macro=macro, value=value)


@pytest.mark.parametrize("state", State)
def test_each_state_has_words_in_lists_refusals_and_on_pages(state: State) -> None:
    refused = refused_file("not_out", 7, state=state)
    said = Words("file_refused", number=7, state=state).plain("no_draft")
    assert refused.plain.startswith("File 7 is ")
    assert "superseded" not in refused.words
    assert "scanning" not in said
    assert on_page("stands", state)


@pytest.mark.parametrize("step", Step)
def test_each_step_has_words_on_pages(step: Step) -> None:
    assert on_page("happened", step)


def test_a_refusal_says_what_was_kept_and_what_to_do() -> None:
    for block in ("not_yours_to_change", "not_yours_to_replace"):
        words = refused_file(block, 7).plain
        assert "so nothing was" in words
        assert "/share sent" in words
    assert "There is no file 7 that you may see. /share find lists" in no_such_file("7").plain
