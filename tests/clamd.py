"""A real clamd for tests, where this machine has one; it knows one virus, and nothing from the network."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from hashlib import md5
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from bot.scanner import Scanner
from handlers.scanning import ScannerUnavailable

NAME = "EICAR-STANDARD-ANTIVIRUS-TEST-FILE"
EICAR = rf"X5O!P%@AP[4\PZX54(P^)7CC)7}}${NAME}!$H+H*".encode()
"""The file that every scanner knows, in two parts, so that none takes this test for it."""
FOUND = "Wavepost.Eicar.UNOFFICIAL"
"""What this clamd calls it."""
SETTINGS = """
LocalSocket {folder}/clamd.ctl
DatabaseDirectory {folder}/known
StreamMaxLength 1M
Foreground yes
AlertEncrypted yes
"""


@contextmanager
def clamd_folder() -> Iterator[Path]:
    """Where a clamd may run, with what it knows; it does not run yet."""
    with TemporaryDirectory(prefix="wp-clamd-") as made:
        folder = Path(made)
        known = folder / "known"
        known.mkdir()
        digest = md5(EICAR, usedforsecurity=False).hexdigest()
        (known / "wavepost.hdb").write_text(f"{digest}:{len(EICAR)}:Wavepost.Eicar\n")
        (folder / "clamd.conf").write_text(SETTINGS.format(folder=folder))
        yield folder


def address(folder: Path) -> str:
    """Where a clamd of this folder answers, once it runs."""
    return f"unix://{folder}/clamd.ctl"


@asynccontextmanager
async def running_clamd(folder: Path) -> AsyncIterator[Scanner]:
    """The clamd of a folder, until the end of the block."""
    program = shutil.which("clamd")
    if program is None:
        pytest.skip("clamd is not installed. On Debian: apt-get install clamav-daemon")
    process = await asyncio.create_subprocess_exec(
        program, f"--config-file={folder / 'clamd.conf'}", stdout=asyncio.subprocess.DEVNULL
    )
    scanner = Scanner(address(folder))
    try:
        await _until_it_answers(scanner, process)
        yield scanner
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _until_it_answers(scanner: Scanner, process: asyncio.subprocess.Process) -> None:
    while process.returncode is None:
        try:
            await scanner.version()
        except ScannerUnavailable:
            await asyncio.sleep(0.05)
        else:
            return
    pytest.fail("clamd ended before it answered")
