"""Why something is not done with a file that is called by its number, in the words of one template."""

from handlers.blocks import Words
from handlers.errors import NotThere, Refused


def refused_file(block: str, number: int | str, **values: object) -> Refused:
    """A refusal in the words of one block."""
    words = Words("file_refused", number=number, **values)
    return Refused(words[block], plain=words.plain(block))


def no_such_file(number: str) -> NotThere:
    """There is no file of this number that they may see: what it is makes no difference."""
    words = Words("file_refused", number=number)
    return NotThere(words["not_there"], plain=words.plain("not_there"))
