"""The ground all tables share: one metadata with named constraints, so that migrations can name them too."""

from typing import Any, ClassVar

from sqlalchemy import DateTime, MetaData, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

NAMES = {
    "pk": "%(table_name)s_pkey",
    "fk": "%(table_name)s_%(column_0_name)s_fkey",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "ix": "%(table_name)s_%(column_0_N_name)s_index",
    "ck": "%(table_name)s_%(constraint_name)s_check",
}


DOCUMENT = JSONB(none_as_null=True)
"""A JSON value; Python's None is no value, not JSON's null."""


class Table(SQLModel):
    """A table of the store. No table names a schema: a workspace may become one later."""

    metadata: ClassVar[MetaData] = MetaData(naming_convention=NAMES)


def instant(*, nullable: bool = False, now: bool = False) -> Any:  # noqa: ANN401 - as SQLModel's Field
    """A moment of machine time in UTC; `now` lets the database fill it in."""
    return Field(
        default=None,
        nullable=nullable,
        sa_type=DateTime(timezone=True),
        sa_column_kwargs={"server_default": func.now()} if now else {},
    )
