"""Slack's door: what arrives is checked by Bolt, found in one table, answered, and never lost on the way."""

import asyncio
from collections.abc import Awaitable, Callable
from secrets import token_hex
from time import perf_counter
from typing import Any

import structlog
from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.acquaintance import acquainted
from bot.answers import Answers
from bot.metrics import Metrics
from bot.payloads import Arrival, NotSlacksError
from bot.refusals import NO_FILE, SLACK_ERRORS, refusal
from bot.settings import Settings
from handlers.doors import ROOT, SLACK, Door, Listener, Listeners
from handlers.errors import Refused
from handlers.interaction import Interaction
from handlers.offers import Offer
from handlers.permission import not_allowed
from handlers.reply import Reply, nothing
from rules.roles import Kind, Role
from store.audit import Change
from store.clock import business_now
from store.interactions import AlreadyDone
from store.people import Asking, Person
from store.session import Store, deadline

log = structlog.get_logger(__name__)

NOBODY = Person("slack", "Slack", None, "UTC", Kind.bot, frozenset())
PATIENCE_FOR_A_FILE = 0.5
"""Seconds of those that an answer may take."""

KEPT_DIFFERENTLY = "This was sent before with other content. What was kept is what was sent first."


class SlackDoor:
    """Answers everything that Slack sends.

    Bolt verifies and authorizes; then one middleware of ours answers without calling the next one,
    so Bolt tries no listeners: ours are found by one look in a table.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        listeners: Listeners,
        client: AsyncWebClient,
        metrics: Metrics,
    ) -> None:
        self._settings = settings
        self._store = store
        self._listeners = listeners
        self._client = client
        self._metrics = metrics
        self._answers = Answers(client, store, settings.deadline)
        self._own_names = {called: name for name, called in settings.commands.items()}
        self._offers = tuple(
            Offer(
                self._called(listener),
                listener.says,
                listener.example,
                Role(listener.role),
                listener.also,
            )
            for listener in listeners
            if listener.says
        )
        secret = settings.slack_signing_secret
        self.bolt = AsyncApp(
            name="wavepost",  # without one Bolt reads the whole stack's sources, half a second, to find it
            client=client,
            # Without a secret (Socket Mode) nothing that comes over HTTP can be Slack's.
            signing_secret=secret.get_secret_value() if secret else token_hex(),
            process_before_response=True,
        )
        self.bolt.use(_Middleware(self._answer))

    async def open_view(self, trigger_id: str, view: dict[str, Any]) -> None:
        """Open a modal, or lay it over the one that is open.

        Raises:
            Refused: the press is too old by now; nothing was changed.
        """
        try:
            await self._client.views_open(trigger_id=trigger_id, view=view)
        except SlackApiError as error:
            if error.response["error"] in ("expired_trigger_id", "exchanged_trigger_id"):
                raise Refused(
                    "Slack did not wait for the window to open. Please try again."
                ) from error
            raise

    async def channel(self, channel_id: str) -> dict[str, Any]:
        """What Slack knows of a channel, as its conversation object."""
        found = await self._client.conversations_info(channel=channel_id)
        channel: dict[str, Any] = found["channel"]
        return channel

    async def has_file(self, file_id: str) -> bool:
        """Whether a file of ours is still there; taken for granted where Slack does not say so in time."""
        try:
            async with asyncio.timeout(PATIENCE_FOR_A_FILE):
                await self._client.files_info(file=file_id)
        except SLACK_ERRORS as error:
            return refusal(error).reason not in NO_FILE
        return True

    async def _answer(self, req: AsyncBoltRequest) -> BoltResponse:
        """The one middleware: answer, whatever arrives."""
        try:
            arrival = Arrival.read(req.body)
        except NotSlacksError as error:
            log.warning("a payload was not understood", reason=str(error))
            return BoltResponse(status=400)
        if arrival is None:
            return BoltResponse(status=200)
        began = perf_counter()
        listener, arrival = self._found(arrival)
        if listener is None:
            log.warning("nobody answers this", door=arrival.door, name=arrival.name)
            return await self._answers.give_failure(Refused(self._unknown(arrival)), arrival)
        failure: BaseException | None = None
        try:
            reply = await self._within_deadline(listener, arrival, req)
        except Exception as error:  # noqa: BLE001 - the one place where every failure becomes words
            failure = error
            response = await self._answers.give_failure(
                error, arrival, again_at_once=_comes_again_at_once(req)
            )
        else:
            response = await self._answers.give(reply, arrival)
        outcome = type(failure).__name__ if failure else "answered"
        self._metrics.interactions.labels(listener.door, listener.name, outcome).observe(
            perf_counter() - began
        )
        return response

    def _found(self, arrival: Arrival) -> tuple[Listener | None, Arrival]:
        """Who answers, and what arrived as they see it: without the words that named them."""
        name = self._own_names.get(arrival.name, arrival.name)
        if arrival.door is not Door.command:
            return self._listeners.find(arrival.door, name), arrival
        listener, text = self._listeners.named(name, arrival.text)
        return listener, arrival.saying(text)

    def _called(self, listener: Listener) -> str:
        """What people type to reach a listener, where it can be typed."""
        commands = self._settings.commands
        if listener.door is Door.topic:
            return f"{commands.get(ROOT, ROOT)} {listener.name}"
        return commands.get(listener.name, listener.name)

    async def _within_deadline(
        self, listener: Listener, arrival: Arrival, req: AsyncBoltRequest
    ) -> Reply:
        """Run the listener; the same interaction again gets the reply that was kept."""
        try:
            async with deadline(self._settings.deadline):
                if arrival.door is Door.message:
                    await self._recall(arrival)
                ask = await self._identify(listener, arrival, req)
                return await listener.answer(ask, self._store)
        except AlreadyDone as done:
            if not done.same_payload:
                raise Refused(KEPT_DIFFERENTLY) from done
            return Reply.from_json(done.reply) if done.reply else nothing()

    async def _recall(self, arrival: Arrival) -> None:
        """AlreadyDone where a message was answered: Slack tells of it again where it did not hear us."""
        async with self._store.reading() as reading:
            await reading.interactions.recall(arrival.key)

    async def _identify(
        self, listener: Listener, arrival: Arrival, req: AsyncBoltRequest
    ) -> Interaction:
        """Who asks, and whether they may.

        Raises:
            NotAllowed: the person does not have the role that the listener needs.
        """
        asking = await self._asking(arrival.person_id, listener, req)
        person = asking.person or NOBODY
        ask = Interaction(
            name=listener.name,
            person=person,
            key=arrival.key,
            now=business_now(asking.offset),
            slack=self,
            newest_import=asking.newest_import,
            called=self._called(listener),
            text=arrival.text,
            channel=arrival.channel,
            message=arrival.message,
            trigger_id=str(arrival.body.get("trigger_id", "")),
            value=arrival.value,
            form=arrival.form,
            in_modal=(arrival.body.get("view") or {}).get("type") == "modal",
            payload=arrival.payload,
            team=_own_team(req),
            bot=req.context.bot_user_id or "",
            offers=self._offers,
            leads_channel=self._settings.leads_channel,
            web=self._settings.address or "",
        )
        if listener.role != SLACK and not {listener.role, listener.also} & person.roles:
            await self._refuse(person, listener, listener.role)
        return ask

    async def _asking(self, person_id: str, listener: Listener, req: AsyncBoltRequest) -> Asking:
        if listener.role == SLACK:
            async with self._store.reading() as reading:
                return await reading.people.asking(person_id)
        return await acquainted(self._store, self._client, person_id, _own_team(req))

    async def _refuse(self, person: Person, listener: Listener, role: Role) -> None:
        change = Change("refused", f"{listener.door} {listener.name}", reason=f"needs {role}")
        command = f"{self._settings.commands.get(ROOT, ROOT)} roles"
        async with self._store.transaction(actor=person.id) as tx:
            tx.audit(change)
            refusal = await not_allowed(tx, person, role, command=command)
        raise refusal

    def _unknown(self, arrival: Arrival) -> str:
        known = ", ".join(self._settings.commands.values())
        if arrival.door is Door.command:
            return f"I do not know {arrival.name}. I answer {known}."
        return f"This is from an older Wavepost, so nothing was done. Please start again: {known}."


class _Middleware(AsyncMiddleware):
    """Ours. For a mere function Bolt would gather all that listeners may ask for, at every request."""

    def __init__(self, answer: Callable[[AsyncBoltRequest], Awaitable[BoltResponse]]) -> None:
        self._answer = answer

    async def async_process(self, *, req: AsyncBoltRequest, **_: object) -> BoltResponse:
        """Answer, without calling the next one."""
        return await self._answer(req)


def _own_team(req: AsyncBoltRequest) -> str:
    """Our own workspace, as auth.test tells: a request may name the one of a stranger who sends it."""
    authorized = req.context.authorize_result
    return (authorized.team_id if authorized else None) or ""


def _comes_again_at_once(req: AsyncBoltRequest) -> bool:
    """Whether this is an event's first delivery, which Slack repeats at once where it fails.

    Bolt does not tell of Socket Mode whether it is.
    """
    return req.mode == "http" and "x-slack-retry-num" not in req.headers
