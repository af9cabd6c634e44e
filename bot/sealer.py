"""The sealer: each minute it seals the audit and writes the head where nobody can take it back."""

from datetime import UTC, datetime, timedelta

import structlog

from store.files import Files, FilesUnavailable
from store.seals import Seals
from store.session import Store, StoreUnavailable

log = structlog.get_logger(__name__)

KEPT_FOR = timedelta(days=365 * 7)


async def seal(store: Store, files: Files | None) -> None:
    """Seal what is unsealed; without S3 the chain stands in the database alone."""
    try:
        async with store.transaction(actor="sealer") as tx:
            head = await Seals(tx.connection).seal()
        if head and files:
            await files.put(
                f"audit/{head.number:012}.json",
                head.to_json(),
                content_type="application/json",
                locked_until=datetime.now(UTC) + KEPT_FOR,
            )
    except (StoreUnavailable, FilesUnavailable) as trouble:
        log.warning("the audit's seal waits", reason=str(trouble))
