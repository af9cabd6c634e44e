"""What follows from every announcement: a line for each noun, in the order in which they act."""

from handlers import announcement_picture
from handlers.announcement_turn import AnnouncementFollowUp

ANNOUNCEMENT_FOLLOW_UPS: tuple[AnnouncementFollowUp, ...] = (
    announcement_picture.follow_announcement,
)
