"""The sealer: each minute it seals the audit and writes the heads where nobody can take them back."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import structlog

from store.files import FileMissing, Files, FilesUnavailable
from store.seals import Head, Seals, head_key
from store.session import OutcomeUnknown, Store, StoreUnavailable

log = structlog.get_logger(__name__)

KEPT_FOR = timedelta(days=365 * 7)
WRITTEN_WITHIN = timedelta(minutes=5)
"""A head younger than this may still be on its way to S3."""

READS_AT_ONCE = 16


async def seal(store: Store, files: Files | None) -> None:
    """Seal what is unsealed; without S3 the chain stands in the database alone."""
    try:
        while await _seal_some(store):
            pass
        if files:
            await _write_heads(store, files)
    except (StoreUnavailable, OutcomeUnknown, FilesUnavailable) as trouble:
        log.warning("the audit's seal waits", reason=str(trouble))


async def broken_seals(store: Store, files: Files | None) -> list[str]:
    """What is wrong with the audit, in words; empty where all seals hold and S3 has their heads.

    Raises:
        StoreUnavailable: the database cannot be read.
        FilesUnavailable: S3 cannot be read.
    """
    async with store.reading(consistent=True) as reading:
        seals = Seals(reading.connection)
        problems, heads = await seals.broken(), await seals.all()
    return problems + (await _unlike_s3(files, heads) if files else [])


async def _seal_some(store: Store) -> bool:
    async with store.transaction(actor="sealer") as tx:
        return await Seals(tx.connection).seal() is not None


async def _write_heads(store: Store, files: Files) -> None:
    """Write the heads that S3 has not, oldest first, so that those before the newest there are there.

    A head that is there is never written again: were the chain cut and grown anew, it is the proof.
    """
    missing: list[Head] = []
    async with store.reading() as reading:
        async for head in Seals(reading.connection).newest_first():
            kept = await _kept(files, head.number)
            if kept is not None:
                if kept != head.to_json():
                    log.error("the audit is not the one that was sealed", seal=head.number)
                break
            missing.append(head)
    for head in reversed(missing):
        await files.put(
            head_key(head.number),
            head.to_json(),
            content_type="application/json",
            locked_until=datetime.now(UTC) + KEPT_FOR,
        )


async def _unlike_s3(files: Files, heads: Sequence[Head]) -> list[str]:
    problems = []
    for start in range(0, len(heads), READS_AT_ONCE):
        some = heads[start : start + READS_AT_ONCE]
        kept = await asyncio.gather(*(_kept(files, head.number) for head in some))
        problems += [_unlike(head, its) for head, its in zip(some, kept, strict=True)]
    following = heads[-1].number + 1 if heads else 1
    if await files.exists(head_key(following)):
        problems.append(f"S3 has the head of seal {following}, which is gone.")
    return [problem for problem in problems if problem]


def _unlike(head: Head, kept: bytes | None) -> str:
    if kept is None:
        young = datetime.now(UTC) - head.sealed_at < WRITTEN_WITHIN
        return "" if young else f"S3 has no head of seal {head.number}."
    return (
        "" if kept == head.to_json() else f"Seal {head.number} is not the one S3 has the head of."
    )


async def _kept(files: Files, number: int) -> bytes | None:
    try:
        return await files.get(head_key(number))
    except FileMissing:
        return None
