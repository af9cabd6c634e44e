"""What the stand-in keeps in its folder, when it cannot be read or written."""

from pathlib import Path


class KeptError(Exception):
    """A file of the folder is damaged, or cannot be written; the words say which."""


def damaged(file: Path, remedy: str) -> KeptError:
    """The file is not what was written."""
    return KeptError(f"{file} is damaged and cannot be read. {remedy}")


def unwritten(file: Path, error: OSError) -> KeptError:
    """The file could not be written, so what changed since it was is not kept."""
    said = (error.strerror or str(error)).lower()
    return KeptError(f"What was last done in Slack is not kept: {file} cannot be written, {said}.")
