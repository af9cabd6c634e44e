"""The worker: does long work, job by job, so that each is done once or told as failed.

Any number may run. A job of a worker that died is taken up again once its lease ran out; how it ends
is kept in one transaction with all that it did and said.
"""

import asyncio
from datetime import timedelta
from time import perf_counter

import structlog

from bot.child import in_child
from bot.metrics import Metrics
from bot.settings import WorkerSettings
from bot.waiting import at_most
from handlers.errors import Expected, tell
from handlers.jobs import BEGUN, JobKinds, JobLost, SlackFiles, Work, failed, working
from handlers.scanning import Scanner
from store.files import Files
from store.jobs import JobRow, JobState
from store.session import OutcomeUnknown, Store, StoreUnavailable

log = structlog.get_logger(__name__)

ENDED_EACH_TIME = (
    "It was begun {tries} times, and each time what did it ended before it was done: killed, or "
    "without memory."
)


class Worker:
    """Leases jobs and does them, a few at a time."""

    def __init__(  # noqa: PLR0913 - each of the doors that work goes through
        self,
        store: Store,
        kinds: JobKinds,
        settings: WorkerSettings,
        metrics: Metrics,
        *,
        files: Files | None,
        slack: SlackFiles,
        leads_channel: str,
        scanner: Scanner | None = None,
    ) -> None:
        self._store = store
        self._kinds = kinds
        self._settings = settings
        self._metrics = metrics
        self._files = files
        self._slack = slack
        self._leads_channel = leads_channel
        self._scanner = scanner
        self._lease = timedelta(seconds=settings.lease)
        self._free_hands = settings.jobs_at_once
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """There may be something to do: look now, not at the next turn."""
        self._woken.set()

    async def run(self) -> None:
        """Work until cancelled; what is not done by then waits for whoever comes next."""
        async with asyncio.TaskGroup() as hands:
            while True:
                # Cleared before the jobs are read: what is started from now on wakes us again.
                self._woken.clear()
                for job in await self._due():
                    self._free_hands -= 1
                    hands.create_task(self._take_up(job))
                await at_most(self._settings.look_every, self._woken)

    async def _due(self) -> list[JobRow]:
        """What may be done now, leased to us."""
        if not self._free_hands:
            return []
        try:
            async with self._store.transaction(actor="worker") as tx:
                return await tx.jobs.lease(
                    self._kinds.names,
                    most=self._free_hands,
                    duration=self._lease,
                    in_turn=self._kinds.in_turn,
                )
        except (StoreUnavailable, OutcomeUnknown) as trouble:
            log.warning("the worker waits for the database", reason=str(trouble))
        except Exception:
            # A database that only reads for a while, say, must not end the worker for good.
            log.exception("the jobs could not be leased")
        return []

    async def _take_up(self, job: JobRow) -> None:
        work = Work(job, self._store, self._files, self._slack, in_child, self._scanner)
        doing = asyncio.create_task(self._do(work))
        keeping = asyncio.create_task(self._keep(work, doing))
        try:
            await asyncio.wait({doing})
        except asyncio.CancelledError:
            doing.cancel()
            await asyncio.wait({doing})
            await self._let_go(work)
            raise
        finally:
            keeping.cancel()
            await asyncio.wait({keeping})
            self._free_hands += 1
            self.wake()

    async def _do(self, work: Work) -> None:
        """Do a job and note how it ended, whatever happens."""
        began, outcome = perf_counter(), "stopped"
        try:
            outcome = await self._outcome(work)
        except (StoreUnavailable, OutcomeUnknown) as trouble:
            outcome = "unknown"
            log.warning("how a job ended could not be kept", job=work.job.id, reason=str(trouble))
        finally:
            kind = self._metrics.job_seconds.labels(work.job.kind, outcome)
            kind.observe(perf_counter() - began)

    async def _outcome(self, work: Work) -> str:
        job = work.job
        try:
            if job.tries > self._settings.most_tries:
                problem = ENDED_EACH_TIME.format(tries=self._settings.most_tries)
                return await self._give_up(work, problem, leads_channel=self._leads_channel)
            kind = self._kinds[job.kind]
            async with self._store.reading() as reading:
                await kind.check_asker(reading, job)
            await kind.does(work)
            if not work.is_over:
                async with work.ending():
                    pass
        except JobLost:
            return "lost"
        except Expected as refused:
            return await self._give_up(work, refused.words)
        except (StoreUnavailable, OutcomeUnknown):
            raise
        except Exception as error:  # noqa: BLE001 - whatever a job does wrong, the others go on
            return await self._went_wrong(work, error)
        return JobState.done

    async def _went_wrong(self, work: Work, error: Exception) -> str:
        """Try again a few times what nobody expected; then say so to who can do something."""
        job = work.job
        told = tell(error, job=str(job.id), kind=job.kind, tries=job.tries)
        if work.is_over:
            return JobState.done
        if job.tries < self._settings.most_tries:
            pause = timedelta(seconds=self._settings.pause_before_retry)
            async with self._store.transaction(actor="worker") as tx:
                await tx.jobs.put_back(job, pause=pause, counts=True)
            return "retried"
        return await self._give_up(work, told.words, leads_channel=self._leads_channel)

    async def _give_up(self, work: Work, problem: str, *, leads_channel: str | None = None) -> str:
        job = work.job
        try:
            async with work.ending(problem=problem) as tx:
                own = await self._kinds[job.kind].given_up(tx, job, problem)
                told = await failed(tx, job, problem, leads_channel=leads_channel, own=own)
                for message in told:
                    tx.say(message)
        except JobLost:
            return "lost"
        log.warning("a job could not be done", job=str(work.job.id), problem=problem)
        return JobState.failed

    async def _keep(self, work: Work, doing: asyncio.Task[None]) -> None:
        """Keep the lease, and show how far it is; stop what was cancelled or is somebody else's."""
        told = BEGUN
        while True:
            await asyncio.sleep(self._settings.tell_every)
            progress = work.progress
            try:
                async with self._store.transaction(actor=work.job.asked_by) as tx:
                    ours = await tx.jobs.renew(work.job, self._lease, progress)
                    if ours and progress != told and work.job.message:
                        tx.say(working(work.job, progress))
            except Exception as trouble:  # noqa: BLE001 - the work itself goes on
                log.warning("a lease could not be kept", job=work.job.id, reason=str(trouble))
                continue
            told = progress
            if not ours:
                doing.cancel()
                return

    async def _let_go(self, work: Work) -> None:
        """Have a job that was stopped with the program done by another, as if it had not begun."""
        try:
            async with self._store.transaction(actor="worker") as tx:
                await tx.jobs.put_back(work.job, pause=timedelta(), counts=False)
        except (StoreUnavailable, OutcomeUnknown):
            log.warning("a job could not be let go; its lease will end", job=str(work.job.id))
