"""The way from a message to the page of a file, for those who may review it."""

from slack_sdk.models.blocks import ButtonElement

from handlers.blocks import plain
from handlers.web_links import OPENED
from store.session import Reading
from store.shared_files import SharedFile


def look_buttons(reading: Reading, file: SharedFile) -> list[ButtonElement]:
    """The button that opens the page of a file; none where there is no web door."""
    if not reading.outside.web:
        return []
    address = f"{reading.outside.web}/files/{file.id}"
    return [ButtonElement(text=plain("Look at it"), action_id=f"{OPENED}:{file.id}", url=address)]
