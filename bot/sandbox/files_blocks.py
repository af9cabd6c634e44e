"""Files that blocks name: pictures by `slack_file`, and fields that take files.

Source: https://docs.slack.dev/reference/block-kit/composition-objects/slack-file-object and
https://docs.slack.dev/reference/block-kit/block-elements/file-input-element
"""

from collections.abc import Iterator

from bot.sandbox.blocks import elements_of
from bot.sandbox.errors import invalid_arguments
from bot.sandbox.files_access import app_sees, pictured
from bot.sandbox.files_object import described_in_message
from bot.sandbox.json_types import Json
from bot.sandbox.limits.messages import refusal
from bot.sandbox.limits.problem import Problem
from bot.sandbox.methods.call import require
from bot.sandbox.world import World

# The words and the odd pointer are captured there.
_SOURCE = "https://github.com/slackapi/java-slack-sdk/issues/1335"


def check_pictures(world: World, payload: Json) -> None:
    """Refuse a message that shows a file which is no picture, not ready or not the app's to see.

    Raises SlackError: invalid_blocks or invalid_attachments.
    """
    problems = [p.under("/blocks") for p in problems_of_pictures(world, payload.get("blocks"))]
    for at, attachment in enumerate(payload.get("attachments") or []):
        inside = problems_of_pictures(world, attachment.get("blocks"))
        problems += [problem.under(f"/attachments/{at}/blocks") for problem in inside]
    if problems:
        raise refusal(problems)


def check_view_files(world: World, view: Json) -> None:
    """Refuse a view with such a picture, or with a field for files that the app may not read.

    Raises SlackError: invalid_arguments or missing_scope.
    """
    problems = [p.under("/view/blocks") for p in problems_of_pictures(world, view["blocks"])]
    if problems:
        raise invalid_arguments(*(str(problem) for problem in problems))
    elements = [element for block in view["blocks"] for element in elements_of(block)]
    if any(element.get("type") == "file_input" for element in elements):
        require(world, "files:read")  # that it is this error is unsourced


def problems_of_pictures(world: World, value: object, pointer: str = "") -> Iterator[Problem]:
    """What is wrong with the files that blocks show, wherever they stand in `value`."""
    if isinstance(value, list):
        for at, each in enumerate(value):
            yield from problems_of_pictures(world, each, f"{pointer}/{at}")
    elif isinstance(value, dict):
        held = value.get("slack_file")
        if isinstance(held, dict) and not _is_shown(world, held):
            form = "id" if held.get("id") else "url"
            place = f"{pointer}/slack_file.{form}/slack_file"
            yield Problem(place, "invalid slack file", source=_SOURCE)
        for name, each in value.items():
            yield from problems_of_pictures(world, each, f"{pointer}/{name}")


def _is_shown(world: World, slack_file: Json) -> bool:
    file = pictured(world, slack_file)
    if file is None or file.is_deleted or not app_sees(world, file):
        return False
    described = described_in_message(world, file)
    # Other addresses of a file are not among those that Slack names.
    if slack_file.get("url") not in {None, described["url_private"], described["permalink"]}:
        return False
    return file.is_picture and world.files.processing.is_done(file.id)
