"""Buttons whose value names nothing, as none of ours does: told in words, whoever made them up."""

from datetime import UTC, datetime

import pytest

from handlers import announce_schedule, digests, import_conversation, job_list, parameter_preview
from handlers.button_values import GONE
from handlers.doors import Listener
from handlers.errors import NotThere
from handlers.files import (
    access_answering,
    change_form,
    left_off,
    new_edition_form,
    reviewing,
    revoking,
    sending_twins,
    share,
    space_changing,
    space_joining,
    space_shown,
)
from handlers.interaction import Interaction
from rules.roles import Kind, Role
from store.interactions import InteractionKey
from store.people import Person
from store.session import Store

SUE = Person("U1SUE", "Sue", None, "UTC", Kind.member, frozenset({Role.sender}))
LISTENERS = (
    *(announce_schedule.open_one, digests.show_all, digests.turn_page),
    *(import_conversation.agree, import_conversation.decline),
    *(job_list.cancel, job_list.do_again, parameter_preview.agree, parameter_preview.decline),
    *(access_answering.give, access_answering.decline),
    *(change_form.open_form, new_edition_form.open_form),
    left_off.check_again,
    *(reviewing.release_files, reviewing.open_decline, revoking.open_revoke),
    *(sending_twins.send_anyway, sending_twins.drop, share.open_from_button),
    *(space_changing.take_out, space_changing.let_in_again),
    *(space_changing.change_way, space_changing.open_closing),
    *(space_joining.open_form, space_shown.open_space, space_shown.turn_page),
)


@pytest.mark.parametrize("listener", LISTENERS, ids=lambda each: each.name)
@pytest.mark.parametrize("value", ["menu", "menu|0", "0E8ED6C4-97A4-4D10-B4B4-3A37AD8B9FF0"])
async def test_what_names_nothing_is_told_to_be_gone(
    store: Store, listener: Listener, value: str
) -> None:
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
