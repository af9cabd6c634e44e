"""What a channel carries: nothing but the approved message where another organisation reads along."""

import pytest

from rules.carrying import Carries, Channel, carried
from rules.catching_up import Why


@pytest.mark.parametrize(
    ("channel", "carries"),
    [
        (Channel(), Carries.announcement),
        (Channel(is_shared=True), Carries.partner_message),
        (Channel(is_archived=True, is_joined=False, is_shared=True), Why.channel_archived),
        (Channel(is_joined=False), Why.not_in_channel),
        (None, Why.channel_gone),
    ],
)
def test_a_channel_carries_an_announcement_a_partner_message_or_nothing(
    channel: Channel | None, carries: Carries | Why
) -> None:
    assert carried(channel, has_partner_message=True) is carries


def test_a_shared_channel_without_an_approved_message_is_skipped_and_others_are_not() -> None:
    assert carried(Channel(is_shared=True), has_partner_message=False) is Why.no_partner_message
    assert carried(Channel(), has_partner_message=False) is Carries.announcement
