"""Roles, given and taken: in Slack by leads and admins, or by command line."""

from collections.abc import Sequence

from slack_sdk.models.blocks import (
    ExternalDataSelectElement,
    PlainTextInputElement,
    StaticSelectElement,
)

from handlers.blocks import (
    Words,
    built,
    modal,
    option,
    plain,
    section,
)
from handlers.blocks import question as ask_for
from handlers.doors import action, options, submission
from handlers.errors import FormErrors, Refused
from handlers.interaction import Form, Interaction
from handlers.reply import Reply, note, nothing, offer
from handlers.role_list import called
from rules.roles import Role, givable
from store.audit import Change
from store.outbox import Message
from store.roles import Holder
from store.session import Store, Transaction

MOST_OFFERED = 20
MOST_GIVERS = 5
LONGEST_REASON = 500
OWN = "Nobody gives a role to themselves. Please ask another lead or an admin."
GROUP = (
    "Only an admin can give a role to a whole user group, because who is in it is decided in Slack."
)
GONE = "They have left since. Nothing was changed."


# Giving


@action("roles_give", role=Role.lead)
async def open_form(ask: Interaction, _store: Store) -> Reply:
    """Whom to give which role, and why."""
    await ask.open(form(sorted(givable(ask.person.roles))))
    return nothing()


def form(roles: Sequence[Role]) -> dict[str, object]:
    """The modal that gives one of these roles."""
    who = ExternalDataSelectElement(
        placeholder=plain("A name, or @ and a user group"),
        action_id="roles_holder",
        min_query_length=1,
    )
    which = StaticSelectElement(
        placeholder=plain("Choose a role"),
        action_id="roles_role",
        options=[option(Words("roles")[f"{role}_short"], role) for role in roles],
    )
    fields = [
        ask_for("Who", who, block_id="who"),
        ask_for("Role", which, block_id="role"),
        ask_for("Why", reason(), block_id="why", hint="Kept with the change.", optional=True),
    ]
    return modal("roles_give", "Give a role", fields, submit="Give", close="Cancel")


def reason() -> PlainTextInputElement:
    """The field for a reason."""
    return PlainTextInputElement(action_id="why", max_length=LONGEST_REASON)


@options("roles_holder", role=Role.lead)
async def offer_holders(ask: Interaction, store: Store) -> Reply:
    """Members and user groups that the letters typed so far may mean."""
    async with store.reading() as reading:
        found = await reading.roles.called(ask.value, most=MOST_OFFERED)
    return offer([option(f"{each.name} ({each.address})", each.id).to_dict() for each in found])


@submission("roles_give", role=Role.lead)
async def submit_giving(ask: Interaction, store: Store) -> Reply:
    """Give the role, and tell who has it now."""
    filled = ask.filled
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        holder = await tx.roles.holder(filled.chosen("who") or "")
        role = Role(filled.chosen("role") or "")
        if holder is None:
            raise FormErrors({"who": GONE})
        check_may_give(holder, role, ask)
        if not await give_to(tx, holder, role, why=filled.typed("why")):
            raise FormErrors({"role": f"{holder.name} is {called([role])} already."})
        if not holder.is_group:
            tx.say(news(holder, "now_has", role, ask))
        words = Words("roles", holder=holder, noun=called([role]))["was_given"]
        return tx.answers(note(built(section(words)), words))


def check_may_give(holder: Holder, role: Role, ask: Interaction) -> None:
    """Raises FormErrors where this is not theirs to give."""
    if holder.id == ask.person.id:
        raise FormErrors({"who": OWN})
    if role in givable(ask.person.roles, to_group=holder.is_group):
        return
    if role in givable(ask.person.roles):
        raise FormErrors({"who": GROUP})
    raise FormErrors({"role": f"Only an admin can make somebody {called([role])}."})


# Taking


@action("roles_take", role=Role.lead)
async def open_taking(ask: Interaction, store: Store) -> Reply:
    """Ask once more, and why."""
    holder_id, role = role_of_button(ask.value)
    async with store.reading() as reading:
        holder = await reading.roles.holder(holder_id)
    if holder is None:
        raise Refused(GONE)
    words = Words("roles", holder=holder, noun=called([role]))["sure"]
    fields = [section(words), ask_for("Why", reason(), block_id="why", optional=True)]
    await ask.open(
        modal("roles_take", "Take a role away", fields, submit="Take away", kept=ask.value)
    )
    return nothing()


@submission("roles_take", role=Role.lead)
async def submit_taking(ask: Interaction, store: Store) -> Reply:
    """Take the role away, and tell who had it."""
    filled: Form = ask.filled
    holder_id, role = role_of_button(filled.private_metadata)
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        holder = await tx.roles.holder(holder_id)
        if holder is None:
            raise Refused(GONE)
        if role not in givable(ask.person.roles, to_group=holder.is_group):
            raise Refused("This is not yours to take away. Please ask an admin.")
        # Two admins who take the role from each other must not both find the other one left.
        await tx.roles.hold()
        await take_from(tx, holder, role, why=filled.typed("why"))
        if role is Role.admin and not await tx.roles.people_with(Role.admin):
            raise Refused(
                f"{holder.name} is the last admin, so nothing was changed. "
                "Give the role to somebody else first."
            )
        if not holder.is_group and holder.id != ask.person.id:
            tx.say(news(holder, "no_longer_has", role, ask))
        words = Words("roles", holder=holder, noun=called([role]))["was_taken"]
        return tx.answers(note(built(section(words)), words))


def role_of_button(value: str) -> tuple[str, Role]:
    """Whose role a button stands for, and which."""
    holder_id, _, role = value.partition("|")
    return holder_id, Role(role)


def news(holder: Holder, what: str, role: Role, ask: Interaction) -> Message:
    """What the person hears of it."""
    why = ask.filled.typed("why")
    words = Words("roles", role=role, noun=called([role]), by=ask.person.id, why=why)[what]
    return Message(holder.id, words, built(section(words)), cause="role changed")


# What Slack and the command line share


async def give(tx: Transaction, address: str, role: Role) -> Holder:
    """Give a role to whom an e-mail address or @handle names; giving it again changes nothing.

    Raises:
        Refused: nobody in the workspace has this address.
    """
    holder = await addressed(tx, address)
    await give_to(tx, holder, role)
    return holder


async def give_to(tx: Transaction, holder: Holder, role: Role, *, why: str = "") -> bool:
    """Give a role; False where the holder has it already."""
    given = await tx.roles.give(holder.id, role, by=tx.actor)
    if given:
        tx.audit(Change("role given", holder.id, after={"role": role}, reason=why or None))
    return given


async def take(tx: Transaction, address: str, role: Role) -> Holder:
    """Take a role from whom an e-mail address or @handle names.

    Raises:
        Refused: nobody has this address, or the holder was not given the role.
    """
    holder = await addressed(tx, address)
    await take_from(tx, holder, role)
    return holder


async def take_from(tx: Transaction, holder: Holder, role: Role, *, why: str = "") -> None:
    """Take a role away.

    Raises:
        Refused: the holder was not given it, or has lost it since.
    """
    if not await tx.roles.take(holder.id, role):
        raise Refused(f"{holder.name} was not given the role {role}, so nothing changed.")
    tx.audit(Change("role taken", holder.id, before={"role": role}, reason=why or None))


async def addressed(tx: Transaction, address: str) -> Holder:
    """Whom an e-mail address or @handle names.

    Raises:
        Refused: nobody.
    """
    holder = await tx.roles.addressed(address)
    if holder is None:
        who = "no user group" if address.strip().startswith("@") else "nobody with the address"
        raise Refused(
            f"I know {who} {address}. People and groups are known once Wavepost has run "
            "in their workspace for a minute."
        )
    return holder
