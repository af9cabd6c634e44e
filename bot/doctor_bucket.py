"""What `wavepost doctor` finds in the bucket, and what strangers and browsers get of it."""

import base64
import hashlib
import uuid
from urllib.parse import urlsplit

import aiohttp

from bot.assembly import files
from bot.settings import Settings
from store.bucket import check
from store.file_links import link_for_part, link_to
from store.file_removing import give_up
from store.file_streams import begin_upload
from store.files import Files, FilesUnavailable, Finding

TRIED = b"wavepost"
TRIED_SHA256 = base64.b64encode(hashlib.sha256(TRIED).digest()).decode()
CHECKSUM = "x-amz-checksum-sha256"
TRIED_UNDER = "wavepost-check"


async def bucket_findings(settings: Settings, session: aiohttp.ClientSession) -> list[Finding]:
    """What was found in the bucket; writes and removes small files, and leaves nothing."""
    bucket = files(settings)
    if bucket is None:
        return [Finding("No bucket is set.", "Name one in WAVEPOST_S3_BUCKET.")]
    found = await check(bucket)
    if not found[0].well:
        return found
    try:
        found.append(await _as_stranger(bucket, session))
        if settings.address:
            found.append(await _as_browser(bucket, session, settings.address))
    except FilesUnavailable as trouble:
        found.append(Finding("Not all could be tried.", str(trouble)))
    except (aiohttp.ClientError, OSError) as error:
        found.append(
            Finding(
                f"Browsers are sent to {_host(settings)}, which does not answer to this machine "
                f"({type(error).__name__}).",
                "Let this machine reach it too, or correct WAVEPOST_S3_PUBLIC_ENDPOINT.",
            )
        )
    return found


async def _as_stranger(bucket: Files, session: aiohttp.ClientSession) -> Finding:
    """Ask for a file as anybody could, without a signature."""
    key = f"{TRIED_UNDER}/{uuid.uuid4()}"
    await bucket.put(key, TRIED, content_type="text/plain")
    try:
        signed = await link_to(bucket, key, version=None, name="check")
        bare = urlsplit(signed)._replace(query="").geturl()
        async with session.get(bare, allow_redirects=False) as answer:
            given = TRIED in await answer.content.read(len(TRIED))
    finally:
        await bucket.remove(key)
    if given:
        return Finding(
            "Everybody can read the files in this bucket, without any key.",
            "Take public reading away from the bucket at once.",
        )
    return Finding("Who has no key reads no file.")


async def _as_browser(bucket: Files, session: aiohttp.ClientSession, address: str) -> Finding:
    """Send a part of an upload as a page would, and leave nothing of it."""
    key = f"{TRIED_UNDER}/{uuid.uuid4()}"
    upload_id = await begin_upload(bucket, key, "text/plain")
    try:
        link = await link_for_part(
            bucket, key, upload_id=upload_id, number=1, sha256=TRIED_SHA256, size=len(TRIED)
        )
        missing = await _missing(session, link, address)
    finally:
        await give_up(bucket, key, upload_id=upload_id)
    if missing:
        return Finding(
            f"Pages at {address} cannot send files to the store: {missing}.",
            "`wavepost doctor --set-up-bucket` sets that up. Where it cannot, let the store take "
            f"PUT from {address} with all headers, and expose ETag.",
        )
    return Finding(f"Pages at {address} can send files to the store.")


async def _missing(session: aiohttp.ClientSession, link: str, address: str) -> str:
    """What keeps a browser from sending this part; empty where nothing does."""
    if link.startswith("http://") and address.startswith("https://"):
        return "a browser sends nothing from an https:// page to an http:// store"
    asks = {
        "Origin": address,
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": CHECKSUM,
    }
    async with session.options(link, headers=asks) as answer:
        if not (answer.ok and _lets(address, answer)):
            return "it does not take PUT from there"
    sends = {"Origin": address, CHECKSUM: TRIED_SHA256}
    async with session.put(link, headers=sends, data=TRIED) as answer:
        if not (answer.ok and _lets(address, answer)):
            return f"it refused a part ({answer.status})"
        exposed = answer.headers.get("Access-Control-Expose-Headers", "").lower()
    return "" if "etag" in exposed else "it keeps ETag from them"


def _lets(address: str, answer: aiohttp.ClientResponse) -> bool:
    return answer.headers.get("Access-Control-Allow-Origin") in {address, "*"}


def _host(settings: Settings) -> str:
    return settings.s3_public_endpoint or settings.s3_endpoint or "the store"
