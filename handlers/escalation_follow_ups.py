"""What follows from every turn of an escalation: a line for each noun, in the order in which they act."""

from handlers import escalation_clock, escalation_jobs, requester_news, triage_post
from handlers.escalation_turn import AfterJoining, FollowUp

FOLLOW_UPS: tuple[FollowUp, ...] = (
    escalation_clock.follow,
    requester_news.tell,
    triage_post.follow,
    escalation_jobs.begin,
)

AFTER_JOINING: tuple[AfterJoining, ...] = (triage_post.show_joined,)
"""What follows when somebody joins, which is no step."""
