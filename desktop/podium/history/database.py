"""The connection to the history, and opening it whatever state the files are in."""

import contextlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

import msgspec

from podium.core.system.private_files import private_folder, restrict
from podium.history import database_files
from podium.history.database_files import Identity
from podium.history.database_problems import (
    DATABASE_ERRORS,
    RETRYABLE,
    DatabaseProblem,
    problem_of,
    problem_text,
    remedy,
)
from podium.history.schema import (
    MIGRATIONS,
    Migration,
    UnusableDatabase,
    migrate,
    refuse_damaged,
    refuse_foreign,
    version_of,
)

BUSY_TIMEOUT: Final = 5.0
"""Seconds SQLite waits for another program's lock before it gives up."""
CHECKED_AT_ONCE: Final = 4 << 20
"""Bytes. A database up to this size is checked whole at every opening, in some hundredths of a second. Damage in a
bigger one is found when it is read, or by ``check_database``."""
_STEPS: Final = 1_000_000
"""Steps of SQLite's virtual machine between two checks whether a question is given up, some hundredths of a second.
Each check takes Python's lock: more of them took longer than the question itself."""
_LOG_BYTES: Final = 1024 * 1024
"""The size that the log shrinks to once its content is in the database."""


class Database:
    """The connection, for one thread. Queries are in ``runs`` and ``ledger``, each a transaction of its own unless it
    is called inside one.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path | None, file: Identity | None) -> None:
        self._connection = connection
        self.path = path
        """None for a database in memory, which ends with this program."""
        self.file = file
        """The file that was opened under that path."""

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A transaction that sees one state of the database however often it reads."""
        with self._transaction("BEGIN") as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction that changes something: at its end all changes are on disk, or none. Raises sqlite3.Error."""
        with self._transaction("BEGIN IMMEDIATE") as connection:
            yield connection

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        connection = self._connection
        if connection.in_transaction:
            yield connection
            return
        connection.execute(begin)
        try:
            yield connection
            connection.execute("COMMIT")
        except BaseException:
            # Some failures have ended the transaction already.
            if connection.in_transaction:
                with contextlib.suppress(sqlite3.Error):
                    connection.execute("ROLLBACK")
            raise

    def moved(self) -> bool:
        """Whether the path leads to another file by now, or to none: another program set this one aside, or a person
        deleted it. Later writes are lost.
        """
        if self.path is None:
            return False
        try:
            return database_files.identity(self.path) != self.file
        except OSError:
            return False

    def wait_at_most(self, milliseconds: int) -> None:
        """Set how long to wait for another program's lock, instead of five seconds."""
        self._connection.execute(f"PRAGMA busy_timeout = {milliseconds}")

    def check(self) -> None:
        """Read all of it. Raises UnusableDatabase when it is damaged, or sqlite3.Error."""
        refuse_damaged(self._connection)

    def vacuum(self, pages: int | None) -> bool:
        """Make the file smaller by at most so many free pages; None rewrites it, so that it can be done in pieces
        from then on. Returns whether something was done. Raises sqlite3.Error.
        """
        if pages is None:
            self._connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
            self._connection.execute("VACUUM")
            # Until then the log is as long as what was written.
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        else:
            self._connection.execute(f"PRAGMA incremental_vacuum({pages})").fetchall()
        return pages is not None

    def close(self) -> None:
        """Close it; the last connection merges the log into the database. Never raises."""
        with contextlib.suppress(sqlite3.Error):
            self._connection.close()


class Opened(msgspec.Struct, frozen=True):
    """The database, and a notice about it for the person ("" when all is well)."""

    database: Database
    notice: str = ""


def open_database(
    path: Path,
    *,
    known_damaged: Identity | None = None,
    migrations: Sequence[Migration] = MIGRATIONS,
    fill: Callable[[Database], str] | None = None,
) -> Opened:
    """Open the history, making it where there is none. The folder belongs to Podium: it becomes 0700, the files 0600.

    A file that can't be used, and the one whose identity is ``known_damaged``, is set aside under another name, never
    overwritten. Where nothing can be kept the database is in memory, with what could be read of the old one.
    ``fill`` may put into the database what belongs there, before another program opens it, and returns what to say.
    Never raises; not for the window's thread.
    """
    try:
        path = path.resolve()
        restrict(private_folder(path.parent), 0o700)
        with database_files.folder_lock(path.parent):
            opened = _open(path, known_damaged, migrations)
            return opened if fill is None else _filled(opened, fill)
    except Exception as error:  # Whatever it is: supervision goes on.
        return _in_memory(path, error, migrations)


def _filled(opened: Opened, fill: Callable[[Database], str]) -> Opened:
    try:
        notice = fill(opened.database)
    except sqlite3.Error as error:  # A disk that is full just now: the next one who opens it does it.
        notice = f"Costs of today may be missing in the history: {error}." if opened.notice else ""
    return Opened(opened.database, f"{opened.notice} {notice}".strip())


def _open(path: Path, known_damaged: Identity | None, migrations: Sequence[Migration]) -> Opened:
    if known_damaged is None or database_files.identity(path) != known_damaged:
        try:
            return Opened(_connect(path, migrations))
        except (*DATABASE_ERRORS, UnusableDatabase) as error:
            problem = problem_of(error, path)
            if problem in RETRYABLE and not _marked_read_only(path):
                raise
            reason = "it is damaged" if isinstance(error, UnicodeDecodeError) else str(error)
    else:
        reason = "it is damaged"
    try:
        aside = database_files.set_aside(path)
    except OSError as error:
        raise _NotSetAside(reason) from error
    kept = f"The history in {path} could not be used: {reason}. It is kept as {aside.name}"
    try:
        return Opened(_connect(path, migrations), f"{kept}; a new one was begun.")
    except (*DATABASE_ERRORS, UnusableDatabase, OSError) as error:
        opened = _in_memory(path, error, migrations)
        return Opened(opened.database, f"{kept}. {opened.notice}")


def _marked_read_only(path: Path) -> bool:
    """Whether the file's header demands a later SQLite for writing. No release of SQLite does that: it is damage."""
    if not path.is_file():  # Opening a pipe would wait for ever.
        return False
    with path.open("rb") as file:
        return file.read(19)[18:] > b"\x02"


class _NotSetAside(Exception):
    """An unusable file that can't be set aside; the message is its fault, ``__cause__`` why it stays."""


def _connect(path: Path, migrations: Sequence[Migration]) -> Database:
    """Raises OSError, sqlite3.Error, UnusableDatabase; then nothing is left open."""
    database_files.make_private_file(path)
    file = database_files.identity(path)
    connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT, isolation_level=None)
    try:
        refuse_foreign(connection, migrations)
        if _bytes(path) <= CHECKED_AT_ONCE:
            refuse_damaged(connection)
        if not version_of(connection):
            connection.execute("PRAGMA auto_vacuum = INCREMENTAL")  # Only an empty file takes that at once.
        # Where there can't be a log beside the database (some network folders) SQLite stays with its journal.
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")  # The only mode that syncs each commit.
        connection.execute(f"PRAGMA journal_size_limit = {_LOG_BYTES}")
        _prepare(connection)
        migrate(connection, migrations)
        try:
            _try_writing(connection)
        except sqlite3.OperationalError as error:
            if (
                problem_of(error, path) is not DatabaseProblem.BUSY
            ):  # A program that is writing is no reason to do without.
                raise
    except BaseException:
        connection.close()
        raise
    return Database(connection, path, file)


def open_for_reading(path: Path, give_up: Callable[[], bool] | None = None) -> Database:
    """A second connection to a history that is open; it sees what is committed, and holds no writer up. A question
    ends with sqlite3.OperationalError when ``give_up`` says so, which is asked several times a second.

    Raises OSError, sqlite3.Error.
    """
    path = path.resolve()
    file = database_files.identity(path)
    connection = sqlite3.connect(
        f"{path.as_uri()}?mode=ro", uri=True, timeout=BUSY_TIMEOUT, isolation_level=None
    )
    try:
        _prepare(connection)
        if give_up is not None:
            connection.set_progress_handler(give_up, _STEPS)
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except BaseException:
        connection.close()
        raise
    return Database(connection, path, file)


def _bytes(path: Path) -> int:
    """The size of the database with its log."""
    files = (path, path.with_name(path.name + database_files.SIDE_FILES[0]))
    return sum(file.stat().st_size for file in files if file.exists())


class Checked(msgspec.Struct, frozen=True):
    """``file`` is the file that was checked, None when it could not be; ``damaged`` is its fault."""

    file: Identity | None = None
    damaged: str = ""


def check_database(path: Path) -> Checked:
    """Read a database of any size through. Takes seconds for hundreds of megabytes, and holds nobody up who reads or
    writes meanwhile. Never raises.
    """
    file = None
    try:
        database = open_for_reading(path)
        file = database.file
        with closing(database):
            database.check()
    except (*DATABASE_ERRORS, UnusableDatabase, OSError) as error:
        if problem_of(error, path) is DatabaseProblem.DAMAGED:
            return Checked(file, str(error))
        return Checked()
    return Checked(file)


def _try_writing(connection: sqlite3.Connection) -> None:
    """Commit without a change: a full disk or a read-only file shows at the first commit only."""
    connection.execute("BEGIN IMMEDIATE")
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    connection.execute(f"PRAGMA user_version = {version}")
    connection.execute("COMMIT")


def _prepare(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA foreign_keys = ON")
    # A byte that is no text any more is shown as such; it makes no row unreadable.
    connection.text_factory = lambda data: data.decode("utf-8", "replace")
    connection.create_function("folded", 1, _folded, deterministic=True)


def _folded(text: bytes) -> str:
    """Fold the case of ``text`` for searches. It is a blob because damage may have made it invalid as text."""
    return text.decode("utf-8", "replace").casefold()


def _in_memory(path: Path, error: Exception, migrations: Sequence[Migration]) -> Opened:
    cause = error.__cause__ if isinstance(error, _NotSetAside) else None
    if isinstance(cause, OSError):
        problem = problem_of(cause, path)
        why = f"it can't be used ({error}) and not be set aside ({problem_text(problem, cause, path)})"
    else:
        problem = problem_of(error, path)
        why = problem_text(problem, error, path)
    connection = _readable_copy(path, migrations) if problem is not DatabaseProblem.BUSY else None
    earlier = "Earlier runs are shown; what" if connection else "What"
    if connection is None:
        connection = sqlite3.connect(":memory:", isolation_level=None)
        migrate(connection, migrations)
    _prepare(connection)
    notice = (
        f"The history in {path} can't be written: {why}. {earlier} happens from now on is forgotten when Podium ends. "
        f"To keep it, {remedy(problem)}, then start Podium again."
    )
    return Opened(Database(connection, None, None), notice)


def _not_again(status: int, _remaining: int, _total: int) -> None:
    """End a backup of a database that another program holds; SQLite itself retries for ever."""
    if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        raise sqlite3.OperationalError("another program holds it")


def _readable_copy(path: Path, migrations: Sequence[Migration]) -> sqlite3.Connection | None:
    """A copy in memory of a database that can't be written: it shows the runs, and its ledger names the
    processes an earlier crash left. None when it can't be used.
    """
    for how in ("mode=ro", "mode=ro&immutable=1"):  # The second one needs no log beside it, nor sees one.
        memory = sqlite3.connect(":memory:", isolation_level=None)
        try:
            if not path.stat().st_size:
                return None
            with closing(sqlite3.connect(f"{path.as_uri()}?{how}", uri=True, timeout=BUSY_TIMEOUT)) as source:
                refuse_foreign(source, migrations)
                source.backup(memory, progress=_not_again)
            refuse_damaged(memory)
            migrate(memory, migrations)
        except Exception:
            memory.close()
            continue
        return memory
    return None
