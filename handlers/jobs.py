"""Jobs: what does long work, what it may ask for while it does, and what people hear of it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import Protocol, TypeVar
from uuid import UUID, uuid4

from handlers.blocks import Blocks, Words, actions, built, button, lines, section
from handlers.errors import Expected, NotAllowed
from handlers.leads import leads_told
from handlers.scanning import Scanner
from rules.roles import Role
from rules.slack_ids import is_person
from store.files import Files
from store.jobs import JobRow, JobState, Json, Progress
from store.outbox import Message
from store.session import Reading, Store, Transaction

CAUSE = "job"
PROGRESS = "job progress"
BEGUN = Progress("")
BAR = 20
MOST_IN_FALLBACK = 2_000
"""Characters of what a notification says; the blocks say all of it."""

NO_LONGER = (
    "Who asked for this does not have the role {role} any more, so nothing was changed. "
    "Please have somebody ask for it who has."
)

Given = TypeVar("Given")


class InChild(Protocol):
    """Runs a function in a process of its own."""

    async def __call__(self, function: Callable[..., Given], /, *arguments: object) -> Given:
        """What the function gives or raises; the process ends with whoever waits for it.

        Raises:
            ChildDied: the process crashed or was killed.
        """


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file on its way: how many bytes are said to come, and what comes of them."""

    size: int
    chunks: AsyncIterator[bytes]


class SlackFiles(Protocol):
    """What a job may ask of Slack itself: files. Messages leave through the outbox."""

    async def upload(self, data: bytes, *, name: str, title: str, alt: str = "") -> str:
        """Bring a file to Slack, shared nowhere yet; its id, once it can be shown as `slack_file`."""

    async def permalink(self, file_id: str) -> str:
        """The address by which a message shares a file with those who read it."""

    async def download(self, file_id: str) -> bytes:
        """The bytes of a file that a person gave."""

    def incoming(self, file_id: str) -> AbstractAsyncContextManager[Incoming]:
        """The same of any size, as they come."""


class ChildDied(Expected):
    """A process of a job's own crashed or was killed; `cause` says how."""

    def __init__(self, cause: str) -> None:
        self.cause = cause
        super().__init__(
            f"The part of Wavepost that did this ended in the middle of it ({cause}). "
            "Nothing was changed."
        )


class JobLost(Exception):
    """The job was cancelled, or another worker has it: nothing of this transaction is kept."""


@dataclass(eq=False)
class Work:
    """One job being done. May be repeated from the start at any moment, so it must be without harm."""

    job: JobRow
    store: Store
    files: Files | None
    slack: SlackFiles
    in_child: InChild
    scanner: Scanner | None = None
    progress: Progress = BEGUN
    is_over: bool = False

    def tell(self, step: str, done: int = 0, total: int = 0) -> None:
        """Say what is being done now, and how much of it; people see it every few seconds."""
        self.progress = Progress(step, done, total)

    def message(self, fallback: str, blocks: Blocks) -> Message:
        """What the asker is to see in place of the job's message; say it as the job ends."""
        return shown(self.job, fallback, blocks)

    @asynccontextmanager
    async def meanwhile(self) -> AsyncIterator[Transaction]:
        """A transaction before the job ends; what it keeps must be found kept when the job is repeated.

        Raises:
            JobLost: the job is somebody else's by now; nothing was kept.
        """
        async with self.store.transaction(actor=self.job.asked_by) as tx:
            yield tx
            # The job's row last, as who asks for more does it: nobody waits for each other.
            if not await tx.jobs.hold(self.job):
                raise JobLost

    @asynccontextmanager
    async def ending(
        self, result: Json | None = None, *, problem: str | None = None
    ) -> AsyncIterator[Transaction]:
        """The transaction that ends the job: all that is done and said in it is kept once.

        `result` is kept with the job, filled in by the end of the block; a `problem` is why it could
        not be done.

        Raises:
            JobLost: the job is somebody else's by now; nothing was kept.
        """
        async with self.store.transaction(actor=self.job.asked_by) as tx:
            yield tx
            state = JobState.failed if problem else JobState.done
            if not await tx.jobs.end(self.job, state, result=result, problem=problem):
                raise JobLost
        self.is_over = True


Does = Callable[[Work], Awaitable[None]]
GivesUp = Callable[[Transaction, JobRow, str], Awaitable[Message | None]]
"""Mends what a job leaves behind that could not be done, for a problem in words; gives what its asker
hears of it, None where that is what all jobs say."""


@dataclass(frozen=True, slots=True)
class JobKind:
    """What does one kind of job; `role` is what a person who asks for it needs, also when it begins.

    Jobs that are done `in_turn` begin when those of their kind that were asked for before are over.
    """

    name: str
    does: Does
    role: Role | None = None
    in_turn: bool = False
    gives_up: GivesUp | None = None

    async def given_up(self, tx: Transaction, job: JobRow, problem: str) -> Message | None:
        """Mend what it leaves behind; what the asker hears, where that is of its own."""
        return await self.gives_up(tx, job, problem) if self.gives_up else None

    async def check_asker(self, reading: Reading, job: JobRow) -> None:
        """Who asked may have left since, or have lost the role, and a job can wait or be repeated.

        Raises:
            NotAllowed: the job is not theirs to ask for any more.
        """
        if self.role is None or not is_person(job.asked_by):
            return
        person = (await reading.people.asking(job.asked_by)).person
        if person is None or not person.may(self.role):
            raise NotAllowed(NO_LONGER.format(role=self.role))


def job(
    name: str,
    *,
    role: Role | None = None,
    in_turn: bool = False,
    gives_up: GivesUp | None = None,
) -> Callable[[Does], JobKind]:
    """What does the jobs that were started as `name`, for people with this role."""
    return lambda does: JobKind(name, does, role, in_turn, gives_up)


class JobKinds:
    """All kinds of jobs, by name."""

    def __init__(self, kinds: Iterable[JobKind]) -> None:
        self._by_name: dict[str, JobKind] = {}
        for kind in kinds:
            if kind.name in self._by_name:
                raise ValueError(f"two kinds of job are called {kind.name!r}")
            self._by_name[kind.name] = kind

    @classmethod
    def of(cls, *modules: ModuleType) -> "JobKinds":
        """The kinds that these modules define."""
        return cls(
            value
            for module in modules
            for value in vars(module).values()
            if isinstance(value, JobKind)
        )

    def __getitem__(self, name: str) -> JobKind:
        return self._by_name[name]

    @property
    def names(self) -> list[str]:
        """What can be done here."""
        return list(self._by_name)

    @property
    def in_turn(self) -> list[str]:
        """What is done one after the other."""
        return [name for name, kind in self._by_name.items() if kind.in_turn]


async def begin(
    tx: Transaction, kind: str, given: Json, *, by: str, about: str, key: str | None = None
) -> UUID:
    """Start a job whose progress a message to the asker shows; returns the job's id."""
    message = uuid4()
    job_id = await tx.jobs.start(kind, given, by=by, key=key, about=about, message=message)
    job = await tx.jobs.get(job_id)
    if job and job.message == message:
        tx.say(working(job, BEGUN, id_=message))
    return job_id


def working(job: JobRow, progress: Progress, *, id_: UUID | None = None) -> Message:
    """How far a job is: its first message where it has an id of its own, else an update of that."""
    share = min(progress.done / progress.total, 1) if progress.total else None
    words = Words("jobs", job=job, progress=progress, share=share, bar=BAR)
    blocks = built(section(words["working"]), actions(button("Cancel", "job_cancel", str(job.id))))
    if id_:
        return Message(job.asked_by, words["about"], blocks, cause=CAUSE, id=id_)
    return shown(job, words["about"], blocks, cause=PROGRESS)


def shown(job: JobRow, fallback: str, blocks: Blocks, *, cause: str = CAUSE) -> Message:
    """Something the asker is to see of a job: in place of its message, where it has one."""
    return Message(job.asked_by, fallback, blocks, cause=cause, updates=job.message)


async def failed(
    reading: Reading,
    job: JobRow,
    problem: str,
    *,
    leads_channel: str | None,
    own: Message | None = None,
) -> list[Message]:
    """What to say of a job that could not be done; the leads hear of it where a channel is named.

    Its asker hears its `own` message, where it has one.
    """
    words = Words("jobs", job=job, problem=problem)
    # What was refused would be refused again.
    again = actions(button("Try again", "job_again", str(job.id))) if leads_channel else None
    told: list[Message] = []
    if own:
        told.append(own)
    elif is_person(job.asked_by):
        texts = map(section, lines(words["failed"].split("\n")))
        told.append(shown(job, words["failed"][:MOST_IN_FALLBACK], built(*texts, again)))
    if leads_channel:
        blocks = built(section(words["failed_for_leads"]), again)
        others = await leads_told(reading, leads_channel)
        told += [
            Message(to, words["failed_for_leads"], blocks, cause=CAUSE)
            for to in others
            if to != job.asked_by
        ]
    return told
