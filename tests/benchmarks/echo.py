"""A bare Bolt app that echoes, looks one customer up by its id, and fills a Home with fixed words.

It is what Wavepost is measured against.
"""

import sys

import uvicorn
from fastapi import FastAPI, Request, Response
from slack_bolt.adapter.fastapi.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

LINES = "\n".join(f"• *Customer {number}* · 5 locations" for number in range(15))
HOME = {
    "type": "home",
    "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": LINES}}],
}


BY_ID = text("SELECT name, first_week FROM customers WHERE id = :id")


def main(port: str, slack: str, token: str, secret: str, database: str) -> None:
    """Serve the app on this port; `slack` is the base URL of the Web API."""
    engine = create_async_engine(database, pool_size=20, isolation_level="AUTOCOMMIT")
    bolt = AsyncApp(
        client=AsyncWebClient(token=token, base_url=slack),
        signing_secret=secret,
        process_before_response=True,
    )

    @bolt.command("/echo")
    async def echo(ack: AsyncAck, command: dict[str, str]) -> None:
        await ack(command["text"])

    @bolt.command("/one")
    async def one(ack: AsyncAck, command: dict[str, str]) -> None:
        async with engine.connect() as connection:
            found = await connection.execute(BY_ID, {"id": command["text"]})
            name, week = found.one()
        await ack(f"{name} {week}")

    @bolt.event("app_home_opened")
    async def fill(event: dict[str, str], client: AsyncWebClient) -> None:
        await client.views_publish(user_id=event["user"], view=HOME)

    app = FastAPI()
    handler = AsyncSlackRequestHandler(bolt)

    @app.post("/slack/events")
    async def events(request: Request) -> Response:
        return await handler.handle(request)

    uvicorn.run(app, host="127.0.0.1", port=int(port), log_level="warning", access_log=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
