"""The ground all tables share: one metadata with named constraints, so that migrations can name them too."""

from typing import Any, ClassVar, Self

from sqlalchemy import DateTime, MetaData, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import configure_mappers
from sqlalchemy.orm.instrumentation import manager_of_class
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

    @classmethod
    def model_validate(cls, obj: Any, **how: Any) -> Self:  # noqa: ANN401 - as SQLModel's
        """A row of what was found: as SQLModel makes it, in a seventh of the time.

        SQLModel tells SQLAlchemy of each value. Only a session of its mapper would want to know, and
        nothing here is in one: SQL is written as SQL.
        """
        configure_mappers()
        row: Self = manager_of_class(cls).new_instance()
        told = row.__dict__
        cls.__pydantic_validator__.validate_python(obj, self_instance=row, **how)
        row.__dict__ = {**told, **row.__dict__}
        return row


def instant(*, nullable: bool = False, now: bool = False) -> Any:  # noqa: ANN401 - as SQLModel's Field
    """A moment of machine time in UTC; `now` lets the database fill it in."""
    return Field(
        default=None,
        nullable=nullable,
        sa_type=DateTime(timezone=True),
        sa_column_kwargs={"server_default": func.now()} if now else {},
    )
