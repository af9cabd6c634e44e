"""The faults over HTTP: what is on offer and at work, beginning one, and lifting."""

from pydantic import ValidationError, validate_call
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.sandbox.client_desk import body_of
from bot.sandbox.client_errors import ClientError
from bot.sandbox.faults.catalogue import OFFERS, Offer, described
from bot.sandbox.faults.faults import Faults
from bot.sandbox.world import World


class FaultRoutes:
    """The routes of the faults, over one world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._faults = Faults(world)

    def routes(self) -> list[Route]:
        """The routes, to be mounted under `/client/api`."""
        return [
            Route("/faults", self.show, methods=["GET"]),
            Route("/faults", self.begin, methods=["POST"]),
            Route("/faults/lift", self.lift_all, methods=["POST"]),
            Route("/faults/{id}/lift", self.lift, methods=["POST"]),
        ]

    async def show(self, _request: Request) -> Response:
        """What is on offer, and what is at work."""
        active = [fault.described() for fault in self._faults.active]
        return JSONResponse({"offers": described(self._world), "active": active})

    async def begin(self, request: Request) -> Response:
        """Begin the fault named `fault`, with the arguments in `how`."""
        body = await body_of(request)
        offer = OFFERS.get(str(body.get("fault")))
        if offer is None:
            known = ", ".join(OFFERS)
            raise ClientError(404, "no_such_fault", f"There is no such fault. There are: {known}.")
        how = body.get("how") or {}
        if not isinstance(how, dict):
            raise ClientError(400, "invalid_fault", "`how` is an object of arguments.")
        try:
            fault = validate_call(getattr(self._faults, offer.kind))(**how)
        except ValidationError as error:
            raise ClientError(400, "invalid_fault", _words(offer, error)) from None
        except LookupError as error:
            raise ClientError(409, "nothing_to_change", str(error)) from None
        return JSONResponse({"fault": fault.described()})

    async def lift(self, request: Request) -> Response:
        """End one fault."""
        try:
            self._faults.lift(request.path_params["id"])
        except LookupError as error:
            raise ClientError(404, "fault_not_found", str(error)) from None
        return JSONResponse({"ok": True})

    async def lift_all(self, _request: Request) -> Response:
        """End every fault."""
        self._faults.lift_all()
        return JSONResponse({"ok": True})


def _words(offer: Offer, error: ValidationError) -> str:
    labels = {field.name: field.label for field in offer.fields}
    said = []
    for each in error.errors():
        name = str(each["loc"][0]) if each["loc"] else ""
        said.append(f"{labels.get(name, name)}: {each['msg']}.")
    return " ".join(said)
