"""The trust table: what is claimed, what proves it, and the page that says so."""

import re
import subprocess
import sys
from types import SimpleNamespace

import pytest

from bot.sandbox.manifest import EVENT_SCOPES
from bot.sandbox.methods.table import METHODS
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox

from . import trust
from .trust_claims import claims
from .trust_errors import errors_of

REFRESH = (
    "import sys; from tests.sandbox import trust;"
    "sys.stdout.write(trust.packed(trust.table(trust.collected())))"
)


def test_the_table_is_up_to_date() -> None:
    made = subprocess.run(
        [sys.executable, "-c", REFRESH], capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stderr
    is_current = trust.FILE.read_text("utf-8") == made.stdout
    assert is_current, f"Run {trust.COMMAND} and commit what it writes."


def test_every_method_and_event_is_claimed_once() -> None:
    names = [claim.name for claim in claims()]
    assert len(names) == len(set(names))
    assert set(METHODS) | set(EVENT_SCOPES) <= set(names)


def test_errors_are_read_from_a_method_and_from_what_it_calls() -> None:
    found = errors_of(METHODS["chat.postMessage"].answer)
    # Raised by itself, by what it calls, handed over as an argument, and chosen in between.
    assert {"thread_not_found", "no_text", "invalid_metadata_format", "invalid_blocks"} <= found
    assert "cant_update_message" not in found
    assert errors_of(METHODS["openid.connect.userInfo"].answer) == {
        "account_inactive",
        "invalid_auth",
        "not_allowed_token_type",
        "not_authed",
    }


def item(*said: str, **parameters: object) -> pytest.Item:
    mark = pytest.mark.proves(*said).mark
    return SimpleNamespace(  # type: ignore[return-value]  # as much of a test as is looked at
        nodeid="a test",
        callspec=SimpleNamespace(params=parameters),
        iter_markers=lambda _name: [mark],
    )


def test_a_test_proves_what_its_marker_says() -> None:
    proofs = trust.Proofs()
    proofs.pytest_collection_modifyitems(
        [
            item("chat.delete"),
            item("chat.delete", "message_not_found", "cant_delete_message"),
            item("chat.{end}", "{error}", end="delete", error="message_not_found"),
            item("block {block[type]}", block={"type": "divider"}),
            item("block {block[type]}", block={"text": "no type"}),
            item("block {block[type]}", block={"type": "nonsense"}),
        ]
    )
    assert proofs.problems == []
    assert proofs.found["chat.delete"] == {
        "": 1,
        "message_not_found": 2,
        "cant_delete_message": 1,
    }
    assert proofs.found["block divider"] == {"": 1}


def test_a_marker_that_names_nothing_claimed_is_a_mistake() -> None:
    proofs = trust.Proofs()
    proofs.pytest_collection_modifyitems([item("chat.shout")])
    assert proofs.problems == ["a test proves 'chat.shout', which is not claimed."]


def test_what_nobody_proves_is_a_gap() -> None:
    proofs = trust.Proofs()
    proofs.pytest_collection_modifyitems([item("chat.delete", "message_not_found")])
    found = trust.gaps(trust.table(proofs))
    assert "chat.delete" in found
    assert "chat.delete: cant_delete_message" in found
    assert "chat.delete: message_not_found" not in found


async def test_the_page_shows_every_claim_with_its_source(sandbox: Sandbox, ana: Person) -> None:
    async with ana.wire.session.get(f"{sandbox.address}/trust") as answer:
        page = await answer.text()
    assert answer.status == 200
    rows = re.findall(r'<th scope="row">(?:<a href="([^"]+)">)?([^<]+)', page)
    assert [name for _, name in rows] == [claim.name for claim in claims()]
    assert all(source.startswith("https://") for source, name in rows if "fault" not in name)
    assert "What it does not do" in page
    assert "unknown_method" in page
    assert "Without a source" in page
