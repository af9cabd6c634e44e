"""What the commands of the terminal share: settings or a sentence, the store, failures as words."""

import asyncio
import getpass
import sys
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn, TypeVar

import typer
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings
from rich.console import Console
from uvicorn.loops.auto import auto_loop_factory

from bot import logs
from bot.reasons import reason
from bot.settings import DatabaseSettings
from handlers.errors import tell
from store.session import Store

console = Console()
Answer = TypeVar("Answer")
Some = TypeVar("Some", bound=BaseSettings)
NOT_DONE = 2
WHERE_FROM = (
    "Settings are environment variables; docs/operating.md lists them all. For the sandbox: "
    "source .sandbox/environment. To try Wavepost without any: wavepost sandbox."
)


def read_settings(kind: type[Some]) -> Some:
    """What a command needs; where some is missing or wrong, a sentence for each and exit code 2."""
    try:
        return kind()
    except ValidationError as error:
        for problem in error.errors():
            console.print(
                _said(_failed(kind, error), problem), markup=False, highlight=False, soft_wrap=True
            )
        console.print(WHERE_FROM, markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(NOT_DONE) from error


def _failed(kind: type[BaseSettings], error: ValidationError) -> type[BaseSettings]:
    """Whose settings these are: a part of them (the courier's) has a prefix of its own."""
    parts = (field.annotation for field in kind.model_fields.values())
    nested = (part for part in parts if isinstance(part, type) and issubclass(part, BaseSettings))
    return next((part for part in nested if part.__name__ == error.title), kind)


def _said(kind: type[BaseSettings], problem: ErrorDetails) -> str:
    """What is wrong with a setting, in a sentence."""
    if not problem["loc"]:
        return f"{problem['msg']}."
    field = str(problem["loc"][0])
    name = f"{kind.model_config['env_prefix']}{field.upper()}"
    if problem["type"] != "missing":
        return f"{name} is not right: {problem['msg']}."
    about = kind.model_fields[field].description
    return f"{name} is not set{f': it is {about}' if about else ''}."


def with_store(work: Callable[[Store], Awaitable[Answer]]) -> Answer:
    """Do something with the store; a failure is told in words, with exit code 2."""
    settings = read_settings(DatabaseSettings)
    logs.configure("WARNING")

    async def opened() -> Answer:
        store = Store(settings.database_url, outside=settings.outside)
        try:
            return await work(store)
        finally:
            await store.close()

    with failures_as_words():
        return asyncio.run(opened())


@contextmanager
def failures_as_words(url: str = "WAVEPOST_DATABASE_URL") -> Iterator[None]:
    """Tell what the block raises in words, with exit code 2; `url` is the variable of its database.

    What nobody expected is logged whole, under the reference that the words name.
    """
    try:
        yield
    except typer.Exit:
        raise
    except Exception as failure:  # noqa: BLE001 - the terminal's one place where failures become words
        give_up(reason(failure, url=url) or tell(failure).words)


def run(work: Coroutine[Any, Any, None]) -> None:
    """Run until done, or until Ctrl-C."""
    try:
        with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
            runner.run(work)
    except KeyboardInterrupt:
        sys.exit(130)


def give_up(words: str) -> NoReturn:
    """Say why nothing was done, and end with exit code 2."""
    console.print(words, markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(NOT_DONE)


def operator() -> str:
    """Who sits at the terminal, as the audit names them."""
    return f"{getpass.getuser()} at the command line"
