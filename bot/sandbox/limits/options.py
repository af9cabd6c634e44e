"""The options an app may answer to a typeahead."""

from bot.sandbox.json_types import Json
from bot.sandbox.limits.problem import Problem


def problems_of_suggestions(body: Json) -> list[Problem]:
    """What is wrong with an answer to block_suggestion."""
    return [Problem("/options", "missing")] if not {"options", "option_groups"} & set(body) else []
