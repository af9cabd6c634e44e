"""What a channel can carry: an announcement, the approved partner message alone, or nothing and why."""

from dataclasses import dataclass
from enum import StrEnum

from rules.catching_up import Why


class Carries(StrEnum):
    """What is announced in a channel."""

    announcement = "announcement"
    partner_message = "partner message"  # another organisation reads along


@dataclass(frozen=True, slots=True)
class Channel:
    """What of a channel decides about it; its name does not, for it may be renamed."""

    is_archived: bool = False
    is_joined: bool = True  # Wavepost is a member
    is_shared: bool = False  # with another organisation


def carried(channel: Channel | None, *, has_partner_message: bool) -> Carries | Why:
    """What a channel carries, or why the occurrence is skipped; None is one that is gone.

    `has_partner_message` says whether there is an approved one for partners of this wave.
    """
    if channel is None:
        return Why.channel_gone
    if channel.is_archived:
        return Why.channel_archived
    if not channel.is_joined:
        return Why.not_in_channel
    if not channel.is_shared:
        return Carries.announcement
    return Carries.partner_message if has_partner_message else Why.no_partner_message
