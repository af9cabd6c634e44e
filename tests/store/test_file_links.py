"""Links to bytes on a real S3 server: what they give, for how long, and that nobody can change them."""

import base64
import hashlib
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit, urlunsplit

import httpx
import pytest

from bot.embedded_s3 import EmbeddedS3
from store.file_links import link_for_part, link_to, origin_of_links
from store.files import Files

KEY = "files/5c"


async def fetched(address: str) -> httpx.Response:
    async with httpx.AsyncClient() as browser:
        return await browser.get(address)


@pytest.mark.parametrize("name", ["Übergabe.pdf", "page.html", 'a"b\u202e.svg', "../../x"])
async def test_whatever_it_is_it_is_saved_under_its_safe_name(files: Files, name: str) -> None:
    await files.put(KEY, b"<script>", content_type="text/html")
    got = await fetched(await link_to(files, KEY, version=None, name=name))
    assert got.status_code == 200
    assert got.content == b"<script>"
    assert got.headers["content-type"] == "application/octet-stream"
    assert got.headers["content-disposition"].startswith("attachment; filename=")


async def test_nobody_makes_another_link_of_it(files: Files) -> None:
    await files.put(KEY, b"menu", content_type="text/plain")
    await files.put("files/secret", b"secret", content_type="text/plain")
    address = await link_to(files, KEY, version=None, name="menu.txt")
    assert parse_qs(urlsplit(address).query)["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]
    parts = urlsplit(address)
    for changed in (
        parts._replace(path=parts.path.replace(KEY, "files/secret")),
        parts._replace(query=parts.query.replace("attachment", "inline")),
        parts._replace(query=parts.query.replace("X-Amz-Expires=60", "X-Amz-Expires=600")),
    ):
        assert changed != parts
        assert (await fetched(urlunsplit(changed))).status_code == 403


async def test_a_link_is_over_when_its_time_is(files: Files) -> None:
    await files.put(KEY, b"menu", content_type="text/plain")
    over = await link_to(files, KEY, version=None, name="menu.txt", holds_for=timedelta(seconds=0))
    assert (await fetched(over)).status_code in {400, 403}


async def test_a_part_with_other_bytes_is_refused(files: Files) -> None:
    begun = await files.call(
        lambda client: client.create_multipart_upload(
            Bucket=files.bucket, Key=KEY, ChecksumAlgorithm="SHA256"
        )
    )
    checksum = base64.b64encode(hashlib.sha256(b"menu").digest()).decode()
    address = await link_for_part(
        files, KEY, upload_id=begun["UploadId"], number=1, sha256=checksum, size=4
    )
    async with httpx.AsyncClient() as browser:
        headers = {"x-amz-checksum-sha256": checksum}
        assert (await browser.put(address, content=b"evil", headers=headers)).status_code == 400
        assert (await browser.put(address, content=b"menu", headers=headers)).status_code == 200


async def test_a_link_names_the_store_as_browsers_find_it(s3_server: EmbeddedS3) -> None:
    files = Files(
        endpoint="http://store.inside:9000",
        region="us-east-1",
        bucket="files",
        access_key=s3_server.access_key,
        secret_key=s3_server.secret_key,
        public_endpoint="https://files.example.com",
    )
    for address in (
        await link_to(files, KEY, version=None, name="menu.txt"),
        await link_for_part(files, KEY, upload_id="1", number=1, sha256="", size=1),
    ):
        assert address.startswith(f"https://files.example.com/files/{KEY}?")


async def test_all_links_lead_to_one_origin(files: Files) -> None:
    address = await link_to(files, KEY, version=None, name="menu.txt")
    assert address.startswith(f"{await origin_of_links(files)}/")
