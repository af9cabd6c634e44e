"""What the commands of the terminal share: settings or a sentence, the store, failures as words."""

import asyncio
import getpass
import sys
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, NoReturn, TypeVar

import typer
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings
from rich.console import Console
from uvicorn.loops.auto import auto_loop_factory

from bot import logs
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
            console.print(_said(kind, problem), markup=False, highlight=False, soft_wrap=True)
        console.print(WHERE_FROM, markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(NOT_DONE) from error


def _said(kind: type[BaseSettings], problem: ErrorDetails) -> str:
    """What is wrong with a setting, in a sentence."""
    field = str(problem["loc"][0]) if problem["loc"] else ""
    name = f"WAVEPOST_{field.upper()}"
    if problem["type"] != "missing":
        return f"{name} is not right: {problem['msg']}."
    about = kind.model_fields[field].description
    return f"{name} is not set{f': it is {about}' if about else ''}."


def with_store(work: Callable[[Store], Awaitable[Answer]]) -> Answer:
    """Do something with the store; a failure is told in words, with exit code 2."""
    settings = read_settings(DatabaseSettings)
    logs.configure("WARNING")

    async def opened() -> Answer:
        store = Store(settings.database_url)
        try:
            return await work(store)
        finally:
            await store.close()

    try:
        return asyncio.run(opened())
    except Exception as failure:  # noqa: BLE001 - the terminal's one place where failures become words
        give_up(tell(failure).words)


def run(work: Coroutine[Any, Any, None]) -> None:
    """Run until done, or until Ctrl-C."""
    try:
        with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
            runner.run(work)
    except KeyboardInterrupt:
        sys.exit(130)


def give_up(words: str) -> NoReturn:
    """Say why nothing was done, and end with exit code 2."""
    console.print(words, markup=False, highlight=False)
    raise typer.Exit(NOT_DONE)


def operator() -> str:
    """Who sits at the terminal, as the audit names them."""
    return f"{getpass.getuser()} at the command line"
