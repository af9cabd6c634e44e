"""Buttons whose value is no id, as none of ours has: told in words, whoever made them up."""

from datetime import UTC, datetime

import pytest

from handlers.doors import Listener
from handlers.errors import NotThere
from handlers.files.access_answering import decline, give
from handlers.files.left_off import check_again
from handlers.files.sending_twins import drop, send_anyway
from handlers.files.taking import GONE
from handlers.interaction import Interaction
from rules.roles import Kind, Role
from store.interactions import InteractionKey
from store.people import Person
from store.session import Store

SUE = Person("U1SUE", "Sue", None, "UTC", Kind.member, frozenset({Role.sender}))


@pytest.mark.parametrize("listener", [give, decline, send_anyway, drop, check_again])
@pytest.mark.parametrize("value", ["", "menu", "0E8ED6C4-97A4-4D10-B4B4-3A37AD8B9FF0"])
async def test_what_is_no_id_names_nothing(store: Store, listener: Listener, value: str) -> None:
    ask = Interaction(
        name=listener.name,
        person=SUE,
        key=InteractionKey.of("action", "1", b""),
        now=datetime(2022, 1, 18, 9, tzinfo=UTC),
        slack=None,  # type: ignore[arg-type]  # nothing is asked of Slack here
        value=value,
    )
    with pytest.raises(NotThere, match=GONE):
        await listener.answer(ask, store)
