"""What programs may ask of the API, as OpenAPI 3.1 has it."""

import inspect
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from handlers.api_doors import ApiRoute


class Failure(BaseModel):
    """What went wrong: one sentence, and each thing that is wrong where there are several."""

    status: str
    message: str
    messages: list[str]


FAILURES = {
    "401": "No token was shown, or not a good one.",
    "403": "The token has not the role that this needs.",
    "404": "There is no such wave.",
    "413": "It is more than is taken at once.",
    "422": "It cannot be read, or its Idempotency-Key came before with something else.",
    "503": "The database cannot be reached just now; try again with the same Idempotency-Key.",
}
WEEK = {
    "name": "week",
    "in": "path",
    "required": True,
    "description": "The Monday of the wave.",
    "schema": {"type": "string", "format": "date"},
}
DRY_RUN = {
    "name": "dry_run",
    "in": "query",
    "description": "Only say what would happen.",
    "schema": {"type": "boolean", "default": False},
}
KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "The same key again gets the same answer, and has no second effect, for 30 days.",
    "schema": {"type": "string", "maxLength": 255},
}


def described(routes: Iterable[ApiRoute]) -> dict[str, Any]:
    """The routes and their JSON, as an OpenAPI document."""
    listed = list(routes)
    models: list[type[BaseModel]] = [Failure]
    for route in listed:
        models += [route.takes, route.gives]
    given, schemas = models_json_schema(
        [(model, "validation") for model in models], ref_template="#/components/schemas/{model}"
    )
    references = {str(model.__name__): schema for (model, _), schema in given.items()}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Wavepost", "version": "1"},
        "paths": {route.path: {"post": _operation(route, references)} for route in listed},
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(route: ApiRoute, references: dict[str, Any]) -> dict[str, Any]:
    says, _, more = inspect.cleandoc(route.answer.__doc__ or "").partition("\n\n")
    failure = _content(references[Failure.__name__])
    answers = {code: {"description": words, "content": failure} for code, words in FAILURES.items()}
    taken = _content(references[route.gives.__name__])
    answers["200"] = {"description": "What became of each.", "content": taken}
    answers["409"] = {"description": "Nothing of it could be taken.", "content": taken}
    return {
        "summary": says,
        "description": " ".join(more.split()),
        "operationId": route.answer.__name__,
        "security": [{"token": []}],
        "parameters": [WEEK, DRY_RUN, KEY],
        "requestBody": {"required": True, "content": _content(references[route.takes.__name__])},
        "responses": dict(sorted(answers.items())),
    }


def _content(schema: object) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}
