"""The browser's own SHA-256 of bytes that come piece by piece is everybody's."""

import hashlib
from pathlib import Path

import pytest
from playwright.async_api import Browser

SCRIPT = Path(__file__).parent.parent.parent / "templates" / "static" / "sha256.js"
IN_PIECES = """([bytes, size]) => {
    const all = Uint8Array.from(bytes), sum = new Sha256();
    for (let at = 0; at < all.length; at += size) sum.update(all.subarray(at, at + size));
    return sum.hex();
}"""
AT_THE_EDGES = (0, 1, 55, 56, 63, 64, 65, 119, 120, 128, 1_000, 70_001)

pytestmark = pytest.mark.browser


async def test_the_digest_is_the_same_however_the_bytes_are_cut(browser: Browser) -> None:
    page = await browser.new_page()
    await page.add_script_tag(path=SCRIPT)
    for size in AT_THE_EDGES:
        data = bytes((7 * at + at // 251) % 256 for at in range(size))
        for piece in (37, 64, 1_000):
            found = await page.evaluate(IN_PIECES, [list(data), piece])
            assert found == hashlib.sha256(data).hexdigest(), (size, piece)
    await page.close()
