"""Slack's door opens to what Slack signed now, and to nothing else."""

from time import time

import httpx
import pytest
from pydantic import SecretStr

from bot.settings import Settings
from store.session import Store
from tests.bot.front_door import Press, altered, front_door
from tests.bot.slack_door.listeners import each_delivery, everywhere, nothing_is_kept, say_once
from tests.tls import TRUST


@pytest.mark.parametrize(
    ("age", "headers"),
    [
        (0, {"X-Slack-Signature": "v0=" + "0" * 64}),
        (301, {}),
        (-400, {}),
        (0, {"X-Slack-Request-Timestamp": "yesterday"}),
        (0, {"X-Slack-Request-Timestamp": "9" * 5_000}),
        (0, {"X-Slack-Signature": ""}),
    ],
    ids=["forged", "old", "early", "no time", "long time", "unsigned"],
)
async def test_what_slack_did_not_sign_now_has_no_effect(
    age: float, headers: dict[str, str], settings: Settings, store: Store, member: Press
) -> None:
    async with front_door(settings, store, *everywhere(say_once)) as door:
        answers = [
            await door.post(parcel, age=age, headers=headers) for parcel in each_delivery(member)
        ]

    assert [answer.status_code for answer in answers] == [401] * 4
    assert await nothing_is_kept(store)


@pytest.mark.parametrize(("body", "signed"), [(b"command=\xff", "v0=1"), (b"command=x", "v0=\xdf")])
async def test_what_is_not_even_text_is_not_slack_s(
    body: bytes, signed: str, settings: Settings, store: Store
) -> None:
    headers = [
        (b"X-Slack-Request-Timestamp", str(int(time())).encode()),
        (b"X-Slack-Signature", signed.encode("latin-1")),
    ]
    async with front_door(settings, store) as door, httpx.AsyncClient(verify=TRUST) as client:
        url = f"{door.address}/slack/events"
        answer = await client.post(url, content=body, headers=headers)

    assert answer.status_code == 401


async def test_a_check_of_the_certificate_carries_nothing_in(
    settings: Settings, store: Store, member: Press
) -> None:
    async with front_door(settings, store, *everywhere(say_once)) as door:
        parcel = altered(member.command("/say"), ssl_check="1")
        await door.post(parcel, headers={"X-Slack-Signature": "v0=forged"})

    assert await nothing_is_kept(store)


async def test_without_a_signing_secret_nothing_comes_in_over_http(
    settings: Settings, store: Store, member: Press
) -> None:
    unsigned = settings.model_copy(
        update={"slack_signing_secret": None, "slack_app_token": SecretStr("xapp-1")}
    )
    async with front_door(unsigned, store, *everywhere(say_once)) as door:
        answer = await door.post(member.command("/say"))

    assert answer.status_code == 401
    assert await nothing_is_kept(store)
