"""Deliveries that come twice, late, out of order or slowly."""

import asyncio

from bot.sandbox.clock import Clock
from bot.sandbox.delivery import Delivery, Kind, Parcel, Receipt, Transport
from bot.sandbox.faults.active import ActiveFaults
from bot.sandbox.faults.fault import Disorder, Lateness, Repetition
from bot.sandbox.inspector import Inspector

# How long an event waits to be overtaken when no other comes.
PATIENCE = 10.0


class FaultyDelivery(Delivery):
    """Delivery as the faults at work would have it."""

    def __init__(
        self, transport: Transport, clock: Clock, inspector: Inspector, faults: ActiveFaults
    ) -> None:
        super().__init__(transport, clock, inspector)
        self._faults = faults
        self._overtaken: asyncio.Event | None = None

    async def send(self, parcel: Parcel) -> Receipt:
        """Deliver one parcel, maybe late, out of order or twice; gives the first answer."""
        late = self._faults.take(Lateness, lambda fault: fault.is_about(parcel.kind))
        if late:
            await self._clock.sleep(late.seconds)
        if parcel.kind is not Kind.event:
            return await self._send_often(parcel)
        if self._overtaken:
            return await self._overtake(parcel, self._overtaken)
        if self._faults.take(Disorder):
            await self._wait_to_be_overtaken()
        return await self._send_often(parcel)

    async def _overtake(self, parcel: Parcel, overtaken: asyncio.Event) -> Receipt:
        self._overtaken = None
        receipt = await self._send_often(parcel)
        overtaken.set()
        return receipt

    async def _wait_to_be_overtaken(self) -> None:
        overtaken = self._overtaken = asyncio.Event()
        waits = {
            asyncio.create_task(overtaken.wait()),
            asyncio.create_task(self._clock.sleep(PATIENCE)),
        }
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
            if self._overtaken is overtaken:
                self._overtaken = None

    async def _send_often(self, parcel: Parcel) -> Receipt:
        again = self._faults.take(Repetition, lambda fault: fault.is_about(parcel.kind))
        if again is None:
            return await super().send(parcel)
        if again.together:
            first, _ = await asyncio.gather(super().send(parcel), super().send(parcel))
            return first
        receipt = await super().send(parcel)
        send = super().send
        self._faults.later(0, lambda: send(parcel))
        return receipt

    async def _carry(self, parcel: Parcel) -> Receipt:
        await self._faults.slow_down("deliveries")
        return await super()._carry(parcel)
