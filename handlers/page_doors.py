"""The doors of the web: a decorator for pages and one for forms, and the table that finds who answers."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from types import ModuleType

from handlers.pages import Answer
from handlers.visit import Visit
from rules.roles import Role
from store.session import Store

Reaction = Callable[[Visit, Store], Awaitable[Answer]]


class Method(StrEnum):
    """How a page is reached."""

    get = "GET"
    post = "POST"


@dataclass(frozen=True, slots=True)
class Route:
    """What answers at a path, and the role one needs to be answered."""

    method: Method
    path: str
    role: Role
    answer: Reaction

    @property
    def name(self) -> str:
        """What the audit calls it."""
        return f"{self.method} {self.path}"


Decorator = Callable[[Reaction], Route]


def page(path: str, *, role: Role) -> Decorator:
    """A page that is read. Asking for it changes nothing: browsers and previews ask by themselves."""
    return lambda answer: Route(Method.get, path, role, answer)


def form(path: str, *, role: Role) -> Decorator:
    """A form that was sent from one of our pages, by the person who is signed in."""
    return lambda answer: Route(Method.post, path, role, answer)


class Routes:
    """All routes of pages."""

    def __init__(self, *modules: ModuleType) -> None:
        """The routes that these modules define."""
        self._routes = [
            value
            for module in modules
            for value in vars(module).values()
            if isinstance(value, Route)
        ]

    def __iter__(self) -> Iterator[Route]:
        return iter(self._routes)
