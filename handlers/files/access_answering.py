"""What a sender answers who is asked for a file: a new link, or access; each with one press."""

from datetime import datetime

from handlers.blocks import Words, built, moment, section
from handlers.blocks import who as said_by
from handlers.button_values import id_in
from handlers.dates import short
from handlers.doors import action
from handlers.errors import NotThere, Refused
from handlers.files import space_keeping
from handlers.files.access_answers import tell_answer
from handlers.files.access_asking import ask_for_new_link
from handlers.files.access_telling import DECLINE, GIVE, space_of
from handlers.files.fetching import why_not
from handlers.files.parcel_told import LONGEST_TITLE
from handlers.files.renewing import renew
from handlers.files.space_welcoming import welcome
from handlers.files.step_buttons import part_of
from handlers.files.taking import GONE, held, not_now, subject_of, worded
from handlers.interaction import Interaction
from handlers.reply import Reply, note
from rules.addresses import known_id
from rules.file_days import usual_end
from rules.file_life import OUT, State
from rules.receipts import Refusal
from rules.roles import Role
from store.access_requests import AccessRequestRow, Asked, Decision
from store.audit import Change
from store.session import Store, Transaction
from store.shared_files import SharedFile
from store.spaces import Space


@action("file_ask", role=Role.recipient)
async def ask_again(ask: Interaction, store: Store) -> Reply:
    """A recipient asks for what expired, from the message that told of it."""
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        recipient = await tx.spaces.recipient_of_person(ask.person.id)
        delivery_id = known_id(ask.value)
        delivery = await tx.deliveries.get(delivery_id) if delivery_id else None
        file = await tx.shared_files.get(delivery.file_id) if delivery else None
        if not (recipient and delivery and file) or delivery.recipient_id != recipient.id:
            raise NotThere(GONE)
        if await why_not(tx, delivery, file, recipient, ask.now) is not Refusal.expired:
            raise Refused(Words("file_request")["not_expired"])
        is_asked = await ask_for_new_link(tx, delivery, ask.now)
        words = Words("file_request", sender=file.row.uploaded_by)
        said = words["is_asked" if is_asked else "not_asked_again"]
        return tx.answers(note(built(section(said)), said, replaces=False))


@action(GIVE, role=Role.sender, also=Role.lead)
async def give(ask: Interaction, store: Store) -> Reply:
    """Let who asked have the file."""
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        request, file = await _asked(tx, ask)
        if request.kind == Asked.new_link:
            said = await _give_new_link(tx, ask, request, file)
        else:
            said = await _give_access(tx, ask, request, file)
        return tx.answers(note(built(section(said)), said))


@action(DECLINE, role=Role.sender, also=Role.lead)
async def decline(ask: Interaction, store: Store) -> Reply:
    """Do not; who proved to be a recipient reads so, who only typed an address hears nothing."""
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        request, file = await _asked(tx, ask)
        await _decide(tx, request, file, Decision.declined, ask.now)
        await tell_answer(tx, request, file, "declined")
        words = await _words(tx, request, file)
        return tx.answers(note(built(section(words["said_declined"])), words["said_declined"]))


async def _asked(tx: Transaction, ask: Interaction) -> tuple[AccessRequestRow, SharedFile]:
    """The request that a button is about, and its file; both held.

    Raises:
        NotThere: there is none.
        Refused: it is for somebody else to answer, or was answered.
    """
    known = await tx.access_requests.get(id_in(ask.value))
    if known is None:
        raise NotThere(GONE)
    file = await held(tx, known.file_id)
    if part_of(file, ask.person) is None:
        raise worded(file, "not_yours")
    request = await tx.access_requests.get(known.id, for_change=True)
    if request is None or request.decided_at is not None:
        raise await _answered(tx, request or known)
    return request, file


async def _answered(tx: Transaction, request: AccessRequestRow) -> Refused:
    by = request.decided_by or ""
    names = await tx.called.people([by])
    said = Words("file_request", by=said_by(by), decision=request.decision)
    plain = Words("file_request", by=names[by], decision=request.decision)
    return Refused(said["answered"], plain=plain.plain("answered"))


async def _give_new_link(
    tx: Transaction, ask: Interaction, request: AccessRequestRow, file: SharedFile
) -> str:
    """Let the file be had again, by all who asked for that."""
    who = part_of(file, ask.person)
    if who is None or file.state not in OUT:
        raise await not_now(tx, file)
    until = max(usual_end(ask.now, ask.person.timezone), file.row.expires_at)
    renewed = await renew(tx, file, who=who, until=until, now=ask.now)
    for each in await tx.access_requests.open_for(file.row.uploaded_by):
        if each.file_id == file.id and each.kind == Asked.new_link:
            await _decide(tx, each, file, Decision.given, ask.now)
            await tell_answer(tx, each, renewed, "renewed")
    words = await _words(tx, request, renewed, until=moment(until))
    return words["said_renewed"]


async def _give_access(
    tx: Transaction, ask: Interaction, request: AccessRequestRow, file: SharedFile
) -> str:
    """Make who asked a member of the space by whose link they came: they get what is released there."""
    if file.state is not State.released or file.row.expires_at <= ask.now:
        raise await not_now(tx, file)
    space = await space_keeping.held_space(tx, (await space_of(tx, request, file)).id)
    await _let_in(tx, request, space)
    await _decide(tx, request, file, Decision.given, ask.now)
    words = await _words(tx, request, file, space=space)
    return words["said_given"]


async def _let_in(tx: Transaction, request: AccessRequestRow, space: Space) -> None:
    """Let who asked into a space that is held; raises Refused where they are another organisation's."""
    if request.recipient_id is None:
        email = request.email or ""
        added = await space_keeping.add_address(tx, space, email, email)
        if added.is_new:
            await welcome(tx, space, [added.recipient])
        return
    known = await tx.spaces.recipient(request.recipient_id)
    if known and known.organisation_id != space.organisation_id:
        theirs = await tx.spaces.organisation(known.organisation_id)
        words = Words("file_request", organisation=theirs.name if theirs else "")
        raise Refused(words["theirs"], plain=words.plain("theirs"))
    await space_keeping.put_back(tx, space.id, request.recipient_id)


async def _decide(
    tx: Transaction,
    request: AccessRequestRow,
    file: SharedFile,
    decision: Decision,
    now: datetime,
) -> None:
    await tx.access_requests.decide(request.id, tx.actor, decision, now)
    asker = request.email or f"recipient {request.recipient_id}"
    told = {"asked for": str(request.kind), "asker": asker, "decision": str(decision)}
    tx.audit(Change("file: request answered", subject_of(file), after=told))


async def _words(
    tx: Transaction, request: AccessRequestRow, file: SharedFile, **values: object
) -> Words:
    known = await tx.spaces.recipient(request.recipient_id) if request.recipient_id else None
    return Words(
        "file_request",
        name=known.name if known else request.email,
        title=short(file.row.title, LONGEST_TITLE),
        kind=request.kind,
        is_told=known is not None,
        **values,
    )
