"""The app's tokens and signing secret, made once and kept for their owner alone."""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Credentials:
    """What the app needs to speak with the stand-in, and to believe it."""

    bot_token: str
    app_token: str
    signing_secret: str
    client_id: str
    client_secret: str


def credentials(folder: Path | None) -> Credentials:
    """The credentials kept in `folder`, made when there are none; without a folder, new ones."""
    if folder is None:
        return _fresh()
    path = folder / "credentials.json"
    kept = json.loads(path.read_text("utf-8")) if path.exists() else {}
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


def _fresh() -> Credentials:
    return Credentials(
        bot_token=f"xoxb-{secrets.token_hex(16)}",
        app_token=f"xapp-1-{secrets.token_hex(16)}",
        signing_secret=secrets.token_hex(16),
        client_id=f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**13)}",
        client_secret=secrets.token_hex(16),
    )
