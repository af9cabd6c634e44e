"""Before anything is uploaded: who will get it, what they will read, and what happens next."""

from handlers.blocks import Words
from handlers.files.new_files import titled
from handlers.files.upload_asked import Asked, asked
from handlers.files.upload_page import PATH, bucket
from handlers.page_doors import form
from handlers.pages import Answer, Json, shown
from handlers.visit import Visit
from rules.clearance import Classification
from rules.file_names import safe_name
from rules.programs import runs_by_name, said_runs
from rules.roles import Role
from store.outside import Outside
from store.session import Store

MOST_NAMED = 12
"""People of a space who are named at once; the rest unfold."""


@form(f"{PATH}/confirm", role=Role.sender)
async def confirm(visit: Visit, store: Store) -> Answer:
    """What is about to be sent to whom, or what is wrong with the form; nothing is kept of it."""
    bucket(visit)
    async with store.reading(consistent=True) as reading:
        wanted = await asked(reading, visit)
        outside = reading.outside
    if wanted.wrong:
        return wanted.refusal
    return Json({"shown": _words(visit, wanted, outside)})


def _words(visit: Visit, wanted: Asked, outside: Outside) -> str:
    typed, files = wanted.typed, wanted.files
    said = Words("file_confirm", known=wanted.known, files=files, is_mailed=outside.mails)
    together = len(files)
    return shown(
        "file_upload_confirm",
        visit,
        first=said.plain("first"),
        outside=said.plain("outside") if wanted.known.outside else "",
        runs=[
            (safe_name(each.name), said_runs(kind))
            for each in files
            if (kind := runs_by_name(each.name))
        ],
        is_scanned=outside.is_scanned,
        spaces=wanted.known.spaces,
        most_named=MOST_NAMED,
        files=[
            (safe_name(each.name), titled(typed.title, each.name, together=together), each.size)
            for each in files
        ],
        typed=typed,
        is_personal=typed.classification == Classification.personal,
        replaced=wanted.replaced.file if wanted.replaced else None,
    ).words
