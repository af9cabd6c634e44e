"""The mail carrier: brings mails that wait to the mail server, until each came to an end.

A server that took a mail may hang up, or we may end, before that is kept: then the mail is sent once
more, with the same Message-ID, by which mail programs know the two as one. See ADR 0027.
"""

import asyncio
from datetime import timedelta

import structlog

from bot.metrics import Metrics
from bot.waiting import at_most
from handlers.files.mailing import Letter, Mailer, MailRefused, MailUnavailable
from handlers.files.unsent_mail import notices
from rules.mail_tries import pause
from store.mails import Leased, MailRow
from store.session import OutcomeUnknown, Store, StoreUnavailable

log = structlog.get_logger(__name__)

HANDS = 4
"""Mails that are brought at once."""
TURNS = 6
"""A mail takes some turns with its server: a lease is as long as so many of them at their longest."""


class MailCarrier:
    """Leases mails and sends them. Any number may run; none needs another."""

    def __init__(
        self,
        store: Store,
        mailer: Mailer,
        metrics: Metrics,
        *,
        longest_turn: float,
        look_every: float,
        leads_channel: str,
    ) -> None:
        self._store = store
        self._mailer = mailer
        self._metrics = metrics
        self._lease = timedelta(seconds=longest_turn * TURNS)
        self._look_every = look_every
        self._leads_channel = leads_channel
        self._free_hands = HANDS
        self._woken = asyncio.Event()

    async def run(self) -> None:
        """Bring mails until cancelled."""
        async with asyncio.TaskGroup() as hands:
            while True:
                self._woken.clear()
                for mail in await self._due():
                    self._free_hands -= 1
                    hands.create_task(self._carry(mail))
                await at_most(self._look_every, self._woken)

    async def _due(self) -> list[Leased]:
        if not self._free_hands:
            return []
        try:
            async with self._store.transaction(actor="mail carrier") as tx:
                return await tx.mails.lease(most=self._free_hands, duration=self._lease)
        except (StoreUnavailable, OutcomeUnknown) as trouble:
            log.warning("the mail carrier waits for the database", reason=str(trouble))
        except Exception:
            # A database that only reads for a while, say, must not end the carrier for good.
            log.exception("mails could not be leased")
        return []

    async def _carry(self, mail: Leased) -> None:
        try:
            await self._send(mail)
        except (StoreUnavailable, OutcomeUnknown):
            log.warning("an outcome could not be kept; the lease will end", mail=str(mail.row.id))
        except Exception:
            # One mail that nobody foresaw holds up no other.
            log.exception("a mail went wrong; the lease will end", mail=str(mail.row.id))
        finally:
            self._free_hands += 1
            self._woken.set()

    async def _send(self, mail: Leased) -> None:
        row = mail.row
        letter = Letter(row.to_address, row.subject, row.text, row.id, row.made_at)
        try:
            async with asyncio.timeout(self._lease.total_seconds() * 3 / 4):
                await self._mailer.send(letter)
        except MailRefused as refused:
            await self._give_up(row, str(refused))
        except MailUnavailable as trouble:
            await self._later(mail, str(trouble))
        except TimeoutError:
            await self._later(mail, "the mail server takes too long")
        else:
            await self._sent(row)

    async def _sent(self, row: MailRow) -> None:
        async with self._store.transaction(actor="mail carrier") as tx:
            ended = await tx.mails.sent(row)
        if ended:
            self._metrics.mails.labels("sent").inc()

    async def _later(self, mail: Leased, why: str) -> None:
        wait = pause(mail.row.tries, mail.age)
        if wait is None:
            await self._give_up(mail.row, why)
            return
        async with self._store.transaction(actor="mail carrier") as tx:
            await tx.mails.again(mail.row, pause=wait)
        log.warning("a mail is late", mail=str(mail.row.id), tries=mail.row.tries, reason=why)

    async def _give_up(self, row: MailRow, why: str) -> None:
        """End a mail, and tell who should know in the same transaction."""
        async with self._store.transaction(actor="mail carrier") as tx:
            if not await tx.mails.failed(row, why=why):
                return
            for notice in await notices(tx, row, why, leads_channel=self._leads_channel):
                tx.say(notice)
        self._metrics.mails.labels("failed").inc()
        log.warning("a mail was given up", mail=str(row.id), reason=why)
