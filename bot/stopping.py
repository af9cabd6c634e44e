"""Until somebody asks this process to end."""

import asyncio
import signal


async def asked_to_stop() -> None:
    """Return at the first SIGINT or SIGTERM, of which Ctrl-C is one."""
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, asked.set)
    await asked.wait()
