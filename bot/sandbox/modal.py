"""A modal before a person: read it, fill it in, send it."""

from typing import TYPE_CHECKING

from bot.sandbox import fields
from bot.sandbox.files_given import Given, uploaded
from bot.sandbox.form_state import HOLDS, Values, fields_of
from bot.sandbox.json_types import Json
from bot.sandbox.visible import lines_of_view

if TYPE_CHECKING:
    from bot.sandbox.person import Person


class Modal:
    """The top modal of a person. Reading it when none is open raises AssertionError.

    What is filled in is kept until the modal is sent or closed.
    """

    def __init__(self, person: "Person") -> None:
        self._person = person
        self._stack: list[Json] = []
        self._filled: dict[str, Values] = {}

    @property
    def is_open(self) -> bool:
        """Whether there is one, as last seen."""
        return bool(self._stack)

    @property
    def view(self) -> Json:
        """Slack's view object."""
        if not self._stack:
            raise AssertionError("No modal is open.")
        return self._stack[-1]

    @property
    def depth(self) -> int:
        """How many modals lie on each other."""
        return len(self._stack)

    @property
    def title(self) -> str:
        """The words at its top."""
        title: str = self.view["title"]["text"]
        return title

    @property
    def blocks(self) -> list[Json]:
        """Its blocks."""
        blocks: list[Json] = self.view["blocks"]
        return blocks

    @property
    def text(self) -> str:
        """Everything that can be read in it, names in place of ids."""
        return "\n".join(self._person.readable(lines_of_view(self.view)))

    @property
    def state(self) -> Values:
        """What has been filled in so far."""
        return self._filled.setdefault(self.view["id"], {})

    async def look(self) -> "Modal":
        """See it anew: the app may have opened, changed or closed it."""
        self._stack = (await self._person.wire.get("views"))["stack"]
        return self

    async def opened(self) -> "Modal":
        """Wait until a modal is open.

        Raises AssertionError when none opens.
        """

        async def is_open() -> bool:
            return (await self.look()).is_open

        if not await self._person.wire.until(is_open, self._person.patience):
            raise AssertionError("No modal opened.")
        return self

    async def fill(self, **values: fields.Value) -> "Modal":
        """Fill in fields, named by label, block_id or action_id.

        `fill(reason="Launch", wished=date(2022, 2, 7), customer="Joe's")`: words for text and for
        the option with these words; dates and times for pickers; lists where several can be chosen;
        None to clear. A label with other characters is written with `_` in place of them.
        A typeahead is typed into and the option with these words chosen. A field that tells the
        app at once does. Raises AssertionError for a field or option that is not there.
        """
        await self.opened()
        for name, value in values.items():
            block, element = fields.find(self.blocks, name)
            await self._put(block, element, value)
        return self

    async def _put(self, block: Json, element: Json, value: fields.Value) -> None:
        held = await fields.held(self._person, self._container, block, element, value)
        self.state.setdefault(block["block_id"], {})[element["action_id"]] = held
        if block["type"] != "input" or block.get("dispatch_action"):
            await self._person.act(self._container, block, element, held, self.state)
            await self.look()

    async def attach(self, name: str, *given: Given) -> "Modal":
        """Add files to a field that takes them, named by label, block_id or action_id.

        `attach("Documents", Path("a.pdf"), ("b.csv", b"x,y"))`: a path, bytes, or a name with
        bytes. `fill(documents=None)` takes them away again.
        """
        await self.opened()
        block, element = fields.find(self.blocks, name)
        if element["type"] != "file_input":
            raise AssertionError(f"{name!r} takes no files.")
        before = self.state.get(block["block_id"], {}).get(element["action_id"], {})
        files = [*before.get("files", []), *await uploaded(self._person.wire, given)]
        held = {"type": "file_input", "files": files}
        self.state.setdefault(block["block_id"], {})[element["action_id"]] = held
        return self

    async def typeahead(self, name: str, typed: str) -> list[str]:
        """Type into a field that asks the app; returns the words of the options it offers."""
        await self.opened()
        block, element = fields.find(self.blocks, name)
        offered = await fields.suggestions(self._person, self._container, block, element, typed)
        return [option["text"]["text"] for option in offered]

    async def submit(self, **values: fields.Value) -> dict[str, str] | None:
        """Fill in what is given and send the modal.

        Returns the errors shown, by the label of their field, or None when it went through.
        Raises AssertionError when the app did not answer properly.
        """
        await self.opened()
        if values:
            await self.fill(**values)
        view, state = self.view, self.state
        result = await self._person.wire.post(f"views/{view['id']}/submit", state=state)
        await self.look()
        if result["ok"]:
            # One below another that was laid over it keeps what is filled in.
            if all(each["id"] != view["id"] for each in self._stack):
                self._filled.pop(view["id"], None)
            return None
        if "errors" not in result:
            raise AssertionError(f"{result['message']} ({result['error']}) {result.get('why', '')}")
        labels = {
            block["block_id"]: fields.label_of(block) for block, _ in fields_of(view["blocks"])
        }
        return {labels.get(block_id, block_id): w for block_id, w in result["errors"].items()}

    async def close(self, *, everything: bool = False) -> None:
        """Close the modal, or all that lie on each other."""
        await self.opened()
        await self._person.wire.post(f"views/{self.view['id']}/close", clear=everything)
        await self.look()

    @property
    def _container(self) -> Json:
        return {"view_id": self.view["id"]}

    def holds(self, name: str) -> object:
        """What a field holds: as filled in, else what it started with, in Slack's form."""
        block, element = fields.find(self.blocks, name)
        place = HOLDS[element["type"]]
        given = self.state.get(block["block_id"], {}).get(element["action_id"])
        return given[place.key] if given else element.get(place.initial)
