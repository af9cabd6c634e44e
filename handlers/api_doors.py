"""The doors of the API: a decorator for what programs may post, and what a call of theirs carries."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel

from handlers.errors import Expected
from rules.roles import Role
from store.api_tokens import ApiToken
from store.interactions import InteractionKey
from store.session import Store


class Unreadable(Expected):
    """What a program sent cannot be read; `problems` says each thing that is wrong with it."""

    def __init__(self, words: str, problems: list[str]) -> None:
        super().__init__(words)
        self.problems = problems


class TooLarge(Expected):
    """A program sent more at once than is taken."""


class NothingTaken(Expected):
    """Nothing of what a program sent could be taken; `answer` says why, row by row."""

    def __init__(self, words: str, answer: BaseModel) -> None:
        super().__init__(words)
        self.answer = answer


@dataclass(frozen=True, slots=True)
class Call:
    """One request of a program: whose it is, where to, and what it carries.

    `key` makes a repetition have no second effect, where the program gave one. `body` is what the
    route takes.
    """

    token: ApiToken
    named: dict[str, str]
    body: Any
    key: InteractionKey | None = None
    is_dry_run: bool = False


@dataclass(frozen=True, slots=True)
class ApiAnswer:
    """What a program is answered, as JSON; it can be kept with the key, and given again."""

    content: dict[str, Any]
    status: HTTPStatus = HTTPStatus.OK

    def to_json(self) -> dict[str, Any]:
        """The answer as it is kept."""
        return self.content


Responder = Callable[[Call, Store], Awaitable[ApiAnswer]]


@dataclass(frozen=True, slots=True)
class ApiRoute:
    """What answers what programs post to a path, and the role that their token needs."""

    path: str
    role: Role
    takes: type[BaseModel]
    gives: type[BaseModel]
    answer: Responder

    @property
    def name(self) -> str:
        """What the audit calls it."""
        return f"POST {self.path}"


def posted(
    path: str, *, role: Role, takes: type[BaseModel], gives: type[BaseModel]
) -> Callable[[Responder], ApiRoute]:
    """What programs post to a path: `takes` and `gives` are JSON, and say so in OpenAPI."""
    return lambda answer: ApiRoute(path, role, takes, gives, answer)
