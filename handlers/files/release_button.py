"""The button that lets files out: it asks once more, and says which they are and who gets them."""

from collections.abc import Sequence

from slack_sdk.models.blocks import ButtonElement, ConfirmObject

from handlers.blocks import Words, plain
from handlers.dates import short
from handlers.files.space_names import spaces_of
from store.session import Reading
from store.shared_files import SharedFile

LONGEST_TITLE = 60
LONGEST_SPACES = 150
"""A question takes 300 characters."""


async def release_button(
    reading: Reading, files: Sequence[SharedFile], name: str, value: str
) -> ButtonElement:
    """Release these files by the action `name`, unless who presses it thinks better of it."""
    open_spaces = {space.id for file in files for space in file.spaces if space.is_open}
    people = {each.id for space in open_spaces for each in await reading.spaces.members(space)}
    words = Words(
        "file_waiting",
        count=len(files),
        title=short(files[0].row.title, LONGEST_TITLE),
        spaces=short(spaces_of(files), LONGEST_SPACES),
        people=len(people),
    )
    sure = ConfirmObject(
        title=words.plain("release_title"),
        text=plain(words.plain("release_sure")),
        confirm="Release",
        deny="Not yet",
    )
    return ButtonElement(
        text=plain(words.plain("release")),
        action_id=name,
        value=value,
        style="primary",
        confirm=sure,
    )
