"""Organisations, spaces and their people for tests of files, said in a line."""

from collections.abc import Collection
from dataclasses import dataclass, field
from uuid import UUID

from store.session import Store


@dataclass
class Given:
    """What was kept: spaces and recipients by their names."""

    spaces: dict[str, UUID] = field(default_factory=dict)
    recipients: dict[str, UUID] = field(default_factory=dict)


async def spaces_given(
    store: Store,
    organisation: str,
    *spaces: str,
    people: Collection[tuple[str, str]] = (),
    outside: Collection[str] = (),
) -> Given:
    """Keep an organisation with spaces, and recipients who are in each of them.

    `people` are Slack ids with names, `outside` e-mail addresses.
    """
    given = Given()
    async with store.transaction(actor="test") as tx:
        kept = await tx.spaces.make_organisation(organisation, "test")
        for person_id, name in people:
            row = await tx.spaces.keep_recipient(kept.id, person_id=person_id, name=name)
            given.recipients[name] = row.id
        for email in outside:
            row = await tx.spaces.keep_recipient(kept.id, email=email, name=email)
            given.recipients[email] = row.id
        for name in spaces:
            space = await tx.spaces.make_space(kept.id, name, "test")
            given.spaces[name] = space.id
            for recipient in given.recipients.values():
                await tx.spaces.add(space.id, recipient, "test")
    return given
