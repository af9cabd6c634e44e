"""POST /api/waves/{week}/marks: a program marks locations of a wave."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool, StringConstraints

from handlers.api_doors import ApiAnswer, Call, NothingTaken, posted
from handlers.blocks import Words, keepable
from handlers.errors import NotThere
from handlers.marks import LOCATION, Judged, Part, judge, mark_all
from handlers.running import kept
from rules.calendar import start_of_week
from rules.columns import LONGEST_ID, LONGEST_REASON
from rules.location_life import Who
from rules.marking import Mark, Outcome
from rules.roles import Role
from rules.wording import and_listed
from store.session import Reading, Store

MOST = 10_000
LONGEST_CAUSE = 300


def _kept(words: str) -> str:
    return keepable(words).strip()


Id = Annotated[
    str, StringConstraints(min_length=1, max_length=LONGEST_ID), AfterValidator(keepable)
]
Cause = Annotated[str, StringConstraints(max_length=LONGEST_CAUSE), AfterValidator(_kept)]
Remedy = Annotated[str, StringConstraints(max_length=LONGEST_REASON), AfterValidator(_kept)]


class MarkGiven(BaseModel):
    """How the move of one location went."""

    model_config = ConfigDict(extra="forbid")

    location_id: Id = Field(description="The location, by the id of the master sheet.")
    outcome: Outcome = Field(description="migrated or failed.")
    cause: Cause = Field("", description="Why it failed, in a few words; needed for a failure.")
    remedy: Remedy = Field(
        "", description="What was done about the failure, this one or the one before."
    )
    lost_orders: StrictBool = Field(default=False, description="Whether orders were lost.")
    on: date | None = Field(None, description="The day of the move; today where it is left out.")

    def mark(self) -> Mark:
        """The mark as the rules take it."""
        return Mark(**self.model_dump())


class MarksGiven(BaseModel):
    """Marks of locations of one wave."""

    model_config = ConfigDict(extra="forbid")

    marks: list[MarkGiven] = Field(min_length=1, max_length=MOST)


class MarkAnswer(BaseModel):
    """What became of one mark; `index` is its place in what was sent, from 0."""

    index: int
    location_id: str
    answer: Literal["marked", "unchanged", "refused"]
    field: str | None = Field(None, description="What would have to be sent otherwise.")
    why: str | None = Field(None, description="Why it was refused, and what is possible instead.")


class MarksAnswer(BaseModel):
    """What became of all of them, and where the wave stands now.

    With `dry_run` it is what would become of them: nothing was changed.
    """

    status: Literal["ok", "error"] = "ok"
    message: str | None = None
    wave: date
    state: str = Field(description="Where the wave stands now; the brake may have paused it.")
    dry_run: bool
    marked: int
    unchanged: int
    refused: int
    marks: list[MarkAnswer]


@posted("/api/waves/{week}/marks", role=Role.csa, takes=MarksGiven, gives=MarksAnswer)
async def mark_locations(call: Call, store: Store) -> ApiAnswer:
    """Mark locations of a wave: migrated, or failed with the cause.

    Each mark is taken or refused by itself. Where none can be taken, nothing is kept and the answer
    is 409. The same marks twice change nothing.
    """
    week = _monday(call.named["week"])
    marks = [each.mark() for each in call.body.marks]
    part = Part(call.token.actor, Who.lead if call.token.role is Role.lead else Who.csa)
    if call.is_dry_run:
        async with store.reading(consistent=True) as reading:
            return _given(await _foreseen(reading, week, marks, part))
    async with store.transaction(call.key, actor=call.token.actor) as tx:
        await kept(tx, week)
        judged = await judge(tx, _once(marks, week), part, hold=True)
        await mark_all(tx, judged, part)
        answer = _answer(week, str((await kept(tx, week)).state), marks, judged)
        return tx.answers(_given(answer))


async def _foreseen(reading: Reading, week: date, marks: Sequence[Mark], part: Part) -> MarksAnswer:
    """What would become of marks."""
    wave = await kept(reading, week)
    judged = await judge(reading, _once(marks, week), part)
    return _answer(week, str(wave.state), marks, judged, is_dry_run=True)


def _monday(written: str) -> date:
    """The Monday that names a wave in an address.

    Raises:
        NotThere: it is none.
    """
    try:
        week = date.fromisoformat(written)
    except ValueError:
        raise NotThere(Words("marks").plain("no_week")) from None
    monday = start_of_week(week)
    if week != monday:
        raise NotThere(Words("marks", week=monday.isoformat()).plain("no_monday"))
    return week


def _once(marks: Sequence[Mark], week: date) -> list[tuple[Mark, date | None]]:
    """Each location once, without those of which marks say different things."""
    contradicted = _contradicted(marks)
    once = {mark.location_id: mark for mark in reversed(marks)}
    return [(mark, week) for id_, mark in sorted(once.items()) if id_ not in contradicted]


def _contradicted(marks: Sequence[Mark]) -> Mapping[str, list[int]]:
    """The places of the marks of each location of which they say different things."""
    several = Counter(mark.location_id for mark in set(marks))
    places: dict[str, list[int]] = {}
    for index, mark in enumerate(marks):
        if several[mark.location_id] > 1:
            places.setdefault(mark.location_id, []).append(index)
    return places


def _answer(
    week: date,
    state: str,
    marks: Sequence[Mark],
    judged: Sequence[Judged],
    *,
    is_dry_run: bool = False,
) -> MarksAnswer:
    told = list(_told(marks, {each.mark.location_id: each for each in judged}))
    numbers = Counter(each.answer for each in told)
    return MarksAnswer(
        wave=week,
        state=state,
        dry_run=is_dry_run,
        marked=numbers["marked"],
        unchanged=numbers["unchanged"],
        refused=numbers["refused"],
        marks=told,
    )


def _told(marks: Sequence[Mark], judged: Mapping[str, Judged]) -> Iterator[MarkAnswer]:
    """What became of each mark, in the order in which they were sent."""
    contradicted = _contradicted(marks)
    seen: set[str] = set()
    for index, mark in enumerate(marks):
        location = mark.location_id
        if location in contradicted:
            places = and_listed(map(str, contradicted[location]))
            why = Words("marks", places=places).plain("contradicted")
            yield _refused(index, location, LOCATION, why)
        elif (found := judged[location]).why:
            yield _refused(index, location, found.column, found.why)
        else:
            # What is said a second time is said already.
            is_new = found.is_taken and location not in seen
            answer: Literal["marked", "unchanged"] = "marked" if is_new else "unchanged"
            yield MarkAnswer(index=index, location_id=location, answer=answer)
        seen.add(location)


def _refused(index: int, location: str, field: str, why: str) -> MarkAnswer:
    return MarkAnswer(index=index, location_id=location, answer="refused", field=field, why=why)


def _given(answer: MarksAnswer) -> ApiAnswer:
    """The answer as JSON.

    Raises:
        NothingTaken: none of the marks could be taken, and this is no dry run.
    """
    if answer.refused < len(answer.marks) or answer.dry_run:
        return ApiAnswer(answer.model_dump(mode="json", exclude_none=True))
    words = Words("marks", rows=answer.refused).plain("none_taken")
    told = answer.model_copy(update={"status": "error", "message": words})
    raise NothingTaken(words, told)
