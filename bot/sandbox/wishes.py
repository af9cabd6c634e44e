"""What is asked of a stand-in that runs by itself."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Wishes:
    """The options of the command line. `port` 0 takes a free one; `fresh` forgets the workspace."""

    state: Path
    manifest: Path | None = None
    workspace: Path | None = None
    port: int = 0
    request_url: str | None = None
    fresh: bool = False
