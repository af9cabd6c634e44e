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


def credentials(folder: Path | None) -> Credentials:
    """The credentials kept in `folder`, made when there are none; without a folder, new ones."""
    if folder is None:
        return _fresh()
    path = folder / "credentials.json"
    if path.exists():
        return Credentials(**json.loads(path.read_text("utf-8")))
    made = _fresh()
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(asdict(made), file)
    return made


def _fresh() -> Credentials:
    return Credentials(
        bot_token=f"xoxb-{secrets.token_hex(16)}",
        app_token=f"xapp-1-{secrets.token_hex(16)}",
        signing_secret=secrets.token_hex(16),
    )
