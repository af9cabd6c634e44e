"""What follows from every turn of an escalation: a line for each noun, in the order in which they act."""

from handlers import escalation_clock, requester_news
from handlers.escalation_turn import AfterJoining, FollowUp

FOLLOW_UPS: tuple[FollowUp, ...] = (
    escalation_clock.follow,
    requester_news.tell,
)

AFTER_JOINING: tuple[AfterJoining, ...] = ()
"""What follows when somebody joins, which is no step."""
