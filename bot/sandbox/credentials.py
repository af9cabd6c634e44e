"""The app's tokens and signing secret, made once and kept for their owner alone."""

import json
import os
import secrets
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from bot.sandbox.kept import damaged


@dataclass(frozen=True)
class Credentials:
    """What the app needs to speak with the stand-in, and to believe it."""

    bot_token: str
    app_token: str
    signing_secret: str
    client_id: str
    client_secret: str


NEW_TOKENS = "Remove it to get new tokens."
_TEXTS = TypeAdapter(dict[str, str])


def credentials(folder: Path | None) -> Credentials:
    """The credentials kept in `folder`, made when there are none; without a folder, new ones.

    Raises KeptError when the file is not one of credentials.
    """
    if folder is None:
        return _fresh()
    path = folder / "credentials.json"
    kept = _kept(path) if path.exists() else {}
    whole = asdict(_fresh()) | kept  # an older folder lacks what came later
    if whole != kept:
        write_private(path, json.dumps(whole))
    return Credentials(**whole)


def write_private(path: Path, content: str) -> None:
    """Write a file that its owner alone may read; its folder is made where there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".new")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(content)
    beside.replace(path)


def _kept(path: Path) -> dict[str, str]:
    try:
        kept = _TEXTS.validate_json(path.read_bytes())
    except ValidationError as error:
        raise damaged(path, NEW_TOKENS) from error
    if kept.keys() - {field.name for field in fields(Credentials)}:
        raise damaged(path, NEW_TOKENS)
    return kept


def _fresh() -> Credentials:
    return Credentials(
        bot_token=f"xoxb-{secrets.token_hex(16)}",
        app_token=f"xapp-1-{secrets.token_hex(16)}",
        signing_secret=secrets.token_hex(16),
        client_id=f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**13)}",
        client_secret=secrets.token_hex(16),
    )
