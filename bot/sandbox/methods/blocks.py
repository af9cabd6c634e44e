"""blocks.validate: what Slack would say of blocks, a message or a view, without showing them."""

from bot.sandbox.errors import SlackError
from bot.sandbox.json_types import Json
from bot.sandbox.limits.blocks import problems_of_blocks
from bot.sandbox.limits.messages import BLOCKS, problems_of_message
from bot.sandbox.limits.problem import Problem
from bot.sandbox.limits.views import problems_of_view
from bot.sandbox.methods.call import Call, Method, Tier
from bot.sandbox.world import World

_ONE = "must provide exactly one of `blocks`, `view`, or `message`"


async def validate(_world: World, call: Call) -> Json:
    """blocks.validate: the problems of exactly one of `blocks`, `message` and `view`.

    Each error has a pointer, a code (Slack documents only this one) and a message; `source` is
    the stand-in's own and says where the limit is written.
    """
    given = [name for name in ("blocks", "message", "view") if call.args.get(name)]
    if len(given) != 1:
        raise SlackError("invalid_arguments", response_metadata={"messages": [_ONE]})
    name = given[0]
    problems = _problems(name, call.decoded(name, f"invalid_{name}"))
    if problems:
        raise SlackError(f"invalid_{name}", errors=[_described(problem) for problem in problems])
    return {}


def _problems(name: str, value: object) -> list[Problem]:
    if name == "blocks":
        return problems_of_blocks(value, surface="message", most=BLOCKS)
    if name == "view":
        return problems_of_view(value)
    if not isinstance(value, dict):
        return [Problem("", "must provide an object")]
    return problems_of_message(value)


def _described(problem: Problem) -> Json:
    return {
        "pointer": problem.pointer,
        "code": "failed_constraint",
        "message": problem.message,
        "source": problem.source,
    }


METHODS = (Method("blocks.validate", validate, Tier.special),)
