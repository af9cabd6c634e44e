"""Who may do what with the tables: the owner everything, the application all but rewrite history."""

from sqlalchemy import Connection, text

APPEND_ONLY = ("audit", "audit_seals", "audit_sealed")
NEVER_CHANGED = (
    "scorings",
    "scores",
    "plan_questions",
    "parameter_versions",
    "escalation_steps",
    "wave_steps",
    "location_steps",
    "checks",
    "partner_steps",
    "file_steps",
    "delivery_evidence",
)
WITHHELD = dict.fromkeys((*APPEND_ONLY, *NEVER_CHANGED), "UPDATE, DELETE, TRUNCATE") | {
    "alembic_version": "INSERT, UPDATE, DELETE"
}
"""What the application may not do, by table."""
COUNTED = {"delivery_evidence": "last_at, times"}
"""The columns by which the application may count once more what it may not change otherwise."""

OWNERS = text("""
    SELECT relname, pg_get_userbyid(relowner) AS owner FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relname = ANY(:tables) ORDER BY relname
""")
ABOUT_ROLE = text("""
    SELECT rolsuper, pg_has_role(oid, current_user, 'MEMBER') FROM pg_roles WHERE rolname = :role
""")
MAY_MAKE_TABLES = text("SELECT has_schema_privilege('public', 'CREATE')")
IS_MEMBER = text("SELECT pg_has_role(:role, :owner, 'MEMBER')")
OWNS_TABLES = text("""
    SELECT coalesce(bool_or(pg_has_role(relowner, 'MEMBER')), false) FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relname = ANY(:tables)
""")
OWNER_MAY_SEAL = text("""
    SELECT has_table_privilege(relowner, oid, 'UPDATE') FROM pg_class
    WHERE oid = 'public.audit'::regclass
""")


class UnfitRole(Exception):
    """A role cannot be what it was named for; the words say why. Nothing was changed."""


def admit(connection: Connection, role: str) -> None:
    """Check that we are the owner, and that the application's role is a lesser one.

    Raises:
        UnfitRole: one of them is not.
    """
    me = connection.execute(text("SELECT current_user")).scalar_one()
    owners = set(_owners(connection).values())
    _admit_owner(connection, me, owners)
    about = connection.execute(ABOUT_ROLE, {"role": role}).one_or_none()
    if about is None:
        raise UnfitRole(f"The database has no role {role} for the application.")
    is_superuser, may_be_me = about
    if role == me:
        raise UnfitRole(
            f"The application's role is {role}, which is also the role that migrates and owns "
            "the tables: it could rewrite the audit."
        )
    if is_superuser:
        raise UnfitRole(
            f"The application's role {role} is a superuser: it could rewrite the audit."
        )
    if may_be_me or any(_is_member(connection, role, owner) for owner in owners):
        raise UnfitRole(
            f"The application's role {role} owns the tables, or is a member of the role that does: "
            "it could rewrite the audit."
        )


def restore_owner(connection: Connection) -> None:
    """Give the tables' owner back what was taken where the owner was named as the application.

    PostgreSQL looks at a foreign key as the owner of the tables, so without it nothing can be sealed.
    """
    for table, owner in _owners(connection).items():
        connection.execute(
            text(f"GRANT {WITHHELD[table]} ON {table} TO {_quoted(connection, owner)}")
        )


def grant(connection: Connection, role: str) -> None:
    """Grant by name, each time: a table that a new migration made is granted too."""
    name = _quoted(connection, role)
    connection.execute(text(f"GRANT USAGE ON SCHEMA public TO {name}"))
    connection.execute(
        text(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}")
    )
    connection.execute(text(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {name}"))
    for table, rights in WITHHELD.items():
        connection.execute(text(f"REVOKE {rights} ON {table} FROM {name}"))
    for table, columns in COUNTED.items():
        connection.execute(text(f"GRANT UPDATE ({columns}) ON {table} TO {name}"))


def owns_tables(connection: Connection) -> bool:
    """Whether we are the owner of the tables, or may become it."""
    found = connection.execute(OWNS_TABLES, {"tables": list(WITHHELD)})
    return bool(found.scalar_one())


def owner_may_seal(connection: Connection) -> bool:
    """Whether the tables' owner has the right that sealing a row of the audit needs."""
    return bool(connection.execute(OWNER_MAY_SEAL).scalar_one())


def _admit_owner(connection: Connection, me: str, owners: set[str]) -> None:
    strange = sorted(owner for owner in owners if not _is_member(connection, me, owner))
    if strange:
        raise UnfitRole(f"{me} cannot migrate: the tables belong to {', '.join(strange)}.")
    if not connection.execute(MAY_MAKE_TABLES).scalar_one():
        raise UnfitRole(f"{me} cannot migrate: it may not make tables in this database.")


def _owners(connection: Connection) -> dict[str, str]:
    """The owners of the tables of which something is withheld, by table."""
    found = connection.execute(OWNERS, {"tables": list(WITHHELD)})
    return {row.relname: row.owner for row in found}


def _is_member(connection: Connection, role: str, owner: str) -> bool:
    return bool(connection.execute(IS_MEMBER, {"role": role, "owner": owner}).scalar_one())


def _quoted(connection: Connection, role: str) -> str:
    return connection.dialect.identifier_preparer.quote_identifier(role)
