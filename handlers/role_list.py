"""/wavepost roles: what one may do, who gives roles, and for who gives them everybody that has one."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from slack_sdk.models.blocks import Block, InteractiveElement, OverflowMenuElement

from handlers.blocks import Words, actions, built, button, context, mention, option, section
from handlers.doors import action, topic
from handlers.interaction import Interaction
from handlers.leads import who_gives
from handlers.lists import Page, turned
from handlers.reply import Reply, note
from rules.roles import Role, givable
from rules.wording import and_listed
from store.roles import Given, Holder
from store.session import Reading, Store

MOST_GIVERS = 5


@topic("roles", role=Role.viewer, says="what you may do, and who gives roles")
async def answer_roles(ask: Interaction, store: Store) -> Reply:
    """What I may do and who gives roles; for leads and admins also who was given which."""
    async with store.reading(consistent=True) as reading:
        return await overview(reading, ask)


@action("roles_page", role=Role.lead)
async def turn_page(ask: Interaction, store: Store) -> Reply:
    """Another page of who was given which role."""
    async with store.reading(consistent=True) as reading:
        return await overview(reading, ask, turned(ask.value)[1])


async def overview(reading: Reading, ask: Interaction, page: int = 0) -> Reply:
    """My roles; and for who may give some, all that were given."""
    line, *origins = await own_roles(reading, ask)
    blocks: list[Block] = [section("\n".join([line, *origins]))]
    if ask.person.may(Role.lead):
        blocks += await all_given(reading, ask, page)
    else:
        givers = await who_gives(reading, Role.lead)
        more = len(givers) - MOST_GIVERS
        named = and_listed(mention(giver) for giver in givers[:MOST_GIVERS])
        blocks.append(context(Words("roles", givers=named, more=more)["who_gives"]))
    return note(built(*blocks), line)


async def own_roles(reading: Reading, ask: Interaction) -> list[str]:
    """What the asker may do, and where each role comes from."""
    mine = await reading.roles.of(ask.person.id)
    owns = ask.person.owns_customers
    roles = called([*(given.role for given in mine), *([Role.csa] if owns else [])])
    words = [Words("roles", given=given)["mine"] for given in mine]
    return [
        Words("roles", roles=roles)["line"],
        *words,
        *([Words("roles")["owner"]] if owns else []),
    ]


async def all_given(reading: Reading, ask: Interaction, page: int) -> list[Block]:
    """Everybody who was given a role, each with the way to take it; and the button that gives one."""
    every = [list(given) for _, given in groupby(await reading.roles.all(), lambda g: g.holder)]
    here = Page.of(every, page)
    blocks: list[Block] = [section(Words("roles", total=here.total)["given"])]
    blocks += [one_holder(each, ask) for each in here.items]
    if here.last:
        blocks.append(context(here.span))
    give_one = button("Give a role", "roles_give", style="primary")
    return [*blocks, actions(give_one, *here.turns("roles_page", "all"))]


def one_holder(given: Sequence[Given], ask: Interaction) -> Block:
    """A line of the list: somebody, and all roles they were given."""
    holder = given[0].holder
    givers = dict.fromkeys(each.by for each in given)
    roles = called(each.role for each in given)
    words = Words("roles", holder=holder, roles=roles, givers=and_listed(givers))["row"]
    mine_to_take = givable(ask.person.roles, to_group=holder.is_group)
    takable = [each.role for each in given if each.role in mine_to_take]
    if not takable:
        return section(words)
    return section(words, accessory=taking(holder, takable, is_only=len(given) == 1))


def taking(holder: Holder, roles: Sequence[Role], *, is_only: bool) -> InteractiveElement:
    """What takes one of these roles from somebody: a button for their only one, else a menu."""
    if is_only:
        held_here = f"{holder.id}|{roles[0]}"
        return button("Take away", f"roles_take:{held_here}", held_here)
    # A menu that keeps no choice: the same one can be made again after a change of mind.
    return OverflowMenuElement(
        action_id=f"roles_take:{holder.id}",
        options=[option(f"No longer {called([role])}", f"{holder.id}|{role}") for role in roles],
    )


def called(roles: Iterable[Role]) -> str:
    """What somebody is who has these roles: "an admin, a lead and a CSA"."""
    ranked = sorted(set(roles), key=list(Role).index)
    return and_listed(Words("roles", role=role)["noun"] for role in ranked)
