"""The tables as a list of migrations, and checks whether this Podium can use a database."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from typing import Final

Migration = tuple[str, ...]
"""Statements that bring a database from one version to the next, all in one transaction."""

# What a table may hold is said in full: `integrity_check` goes through it, and so finds
# damage that leaves the file's structure as it was.
_RUNS = """
    CREATE TABLE runs (
        id TEXT NOT NULL PRIMARY KEY,
        instance TEXT NOT NULL,
        name TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('shell', 'command', 'mission')),
        what TEXT NOT NULL,
        folder TEXT NOT NULL,
        theme TEXT NOT NULL,
        started_at REAL NOT NULL CHECK (typeof(started_at) = 'real'),
        ended_at REAL CHECK (typeof(ended_at) IN ('real', 'null')),
        seconds REAL CHECK (typeof(seconds) IN ('real', 'null')),
        outcome TEXT NOT NULL
            CHECK (outcome IN ('running', 'done', 'failed', 'stopped', 'crashed', 'interrupted')),
        exit_code INTEGER CHECK (typeof(exit_code) IN ('integer', 'null')),
        exit_signal INTEGER CHECK (typeof(exit_signal) IN ('integer', 'null')),
        reason TEXT NOT NULL,
        rounds INTEGER CHECK (typeof(rounds) IN ('integer', 'null')),
        agents INTEGER CHECK (typeof(agents) IN ('integer', 'null')),
        cost_usd REAL CHECK (typeof(cost_usd) IN ('real', 'null')),
        cost_simulated INTEGER NOT NULL CHECK (cost_simulated IN (0, 1)),
        cost_estimated INTEGER NOT NULL CHECK (cost_estimated IN (0, 1)),
        tokens_in INTEGER CHECK (typeof(tokens_in) IN ('integer', 'null')),
        tokens_out INTEGER CHECK (typeof(tokens_out) IN ('integer', 'null')),
        restarts INTEGER NOT NULL CHECK (typeof(restarts) = 'integer'),
        owner_pid INTEGER NOT NULL CHECK (typeof(owner_pid) = 'integer'),
        owner_identity TEXT NOT NULL
    )
"""

_RUNS_INDEXES = (
    "CREATE INDEX runs_by_start ON runs (started_at, id)",
    "CREATE INDEX runs_by_instance ON runs (instance, started_at, id)",
)

_PROCESSES = """
    CREATE TABLE processes (
        marker TEXT NOT NULL PRIMARY KEY,
        instance TEXT NOT NULL,
        name TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('shell', 'command', 'mission')),
        worker_pid INTEGER NOT NULL CHECK (typeof(worker_pid) = 'integer'),
        worker_identity TEXT NOT NULL,
        program_pid INTEGER NOT NULL CHECK (typeof(program_pid) = 'integer'),
        program_identity TEXT NOT NULL,
        owner_pid INTEGER NOT NULL CHECK (typeof(owner_pid) = 'integer'),
        owner_identity TEXT NOT NULL,
        recorded_at REAL NOT NULL CHECK (typeof(recorded_at) = 'real')
    )
"""

_COSTS = """
    CREATE TABLE costs (
        id TEXT NOT NULL PRIMARY KEY,
        run TEXT NOT NULL,
        agent TEXT NOT NULL,
        round INTEGER NOT NULL CHECK (typeof(round) = 'integer'),
        at REAL NOT NULL CHECK (typeof(at) = 'real'),
        mission TEXT NOT NULL,
        instance TEXT NOT NULL,
        usd REAL CHECK (typeof(usd) IN ('real', 'null')),
        tokens_in INTEGER CHECK (typeof(tokens_in) IN ('integer', 'null')),
        tokens_out INTEGER CHECK (typeof(tokens_out) IN ('integer', 'null')),
        estimated INTEGER NOT NULL CHECK (estimated IN (0, 1)),
        simulated INTEGER NOT NULL CHECK (simulated IN (0, 1))
    )
"""

_COST_DAYS = """
    CREATE TABLE cost_days (
        day TEXT NOT NULL CHECK (length(day) = 10),
        instance TEXT NOT NULL,
        mission TEXT NOT NULL,
        agent TEXT NOT NULL,
        simulated INTEGER NOT NULL CHECK (simulated IN (0, 1)),
        usd REAL CHECK (typeof(usd) IN ('real', 'null')),
        tokens_in INTEGER CHECK (typeof(tokens_in) IN ('integer', 'null')),
        tokens_out INTEGER CHECK (typeof(tokens_out) IN ('integer', 'null')),
        estimated INTEGER NOT NULL CHECK (estimated IN (0, 1)),
        entries INTEGER NOT NULL CHECK (typeof(entries) = 'integer'),
        PRIMARY KEY (day, instance, mission, agent, simulated)
    ) WITHOUT ROWID
"""

_RESERVATIONS = """
    CREATE TABLE reservations (
        run TEXT NOT NULL,
        agent TEXT NOT NULL,
        usd REAL NOT NULL CHECK (typeof(usd) = 'real'),
        owner_pid INTEGER NOT NULL CHECK (typeof(owner_pid) = 'integer'),
        owner_identity TEXT NOT NULL,
        at REAL NOT NULL CHECK (typeof(at) = 'real'),
        waiting INTEGER NOT NULL CHECK (waiting IN (0, 1)),
        PRIMARY KEY (run, agent)
    ) WITHOUT ROWID
"""

_UPKEEP = """
    CREATE TABLE upkeep (
        task TEXT NOT NULL PRIMARY KEY,
        at REAL NOT NULL CHECK (typeof(at) = 'real')
    ) WITHOUT ROWID
"""

_SESSION_COSTS = """
    CREATE TABLE session_costs (
        id TEXT NOT NULL PRIMARY KEY,
        tool TEXT NOT NULL,
        session TEXT NOT NULL,
        instance TEXT NOT NULL,
        at REAL NOT NULL CHECK (typeof(at) = 'real'),
        usd REAL CHECK (typeof(usd) IN ('real', 'null')),
        tokens_in INTEGER CHECK (typeof(tokens_in) IN ('integer', 'null')),
        tokens_out INTEGER CHECK (typeof(tokens_out) IN ('integer', 'null')),
        estimated INTEGER NOT NULL CHECK (estimated IN (0, 1)),
        simulated INTEGER NOT NULL CHECK (simulated IN (0, 1))
    )
"""

_SESSION_COST_DAYS = """
    CREATE TABLE session_cost_days (
        day TEXT NOT NULL CHECK (length(day) = 10),
        instance TEXT NOT NULL,
        tool TEXT NOT NULL,
        simulated INTEGER NOT NULL CHECK (simulated IN (0, 1)),
        usd REAL CHECK (typeof(usd) IN ('real', 'null')),
        tokens_in INTEGER CHECK (typeof(tokens_in) IN ('integer', 'null')),
        tokens_out INTEGER CHECK (typeof(tokens_out) IN ('integer', 'null')),
        estimated INTEGER NOT NULL CHECK (estimated IN (0, 1)),
        entries INTEGER NOT NULL CHECK (typeof(entries) = 'integer'),
        PRIMARY KEY (day, instance, tool, simulated)
    ) WITHOUT ROWID
"""

# The sum of the runs that are not kept one by one any more has the run ''.
_BLOCKED = """
    CREATE TABLE blocked (
        day TEXT NOT NULL CHECK (length(day) = 10),
        instance TEXT NOT NULL,
        run TEXT NOT NULL,
        seconds REAL NOT NULL CHECK (typeof(seconds) = 'real'),
        questions INTEGER NOT NULL CHECK (typeof(questions) = 'integer'),
        longest REAL NOT NULL CHECK (typeof(longest) = 'real'),
        PRIMARY KEY (day, instance, run)
    ) WITHOUT ROWID
"""

MIGRATIONS: Final[Sequence[Migration]] = (
    (
        _RUNS,
        *_RUNS_INDEXES,
        _PROCESSES,
    ),
    (
        _COSTS,
        "CREATE INDEX costs_by_time ON costs (at)",
        "CREATE INDEX costs_by_run ON costs (run, at)",
    ),
    (
        _COST_DAYS,
        _RESERVATIONS,
        _UPKEEP,
        # SQLite can't change what a table allows: missions may be done in part now.
        "ALTER TABLE runs RENAME TO runs_before",
        _RUNS.replace("'interrupted')", "'interrupted', 'partial')"),
        "INSERT INTO runs SELECT * FROM runs_before",
        "DROP TABLE runs_before",
        *_RUNS_INDEXES,
    ),
    (
        _SESSION_COSTS,
        "CREATE INDEX session_costs_by_time ON session_costs (at)",
        _SESSION_COST_DAYS,
        _BLOCKED,
        "CREATE INDEX blocked_by_run ON blocked (run)",
    ),
)
"""Migration n makes version n + 1. One that was released is never changed: what a table lacks, the next one adds."""


_TEXT_COLUMNS: Final = """
    SELECT tables.name, columns.name FROM sqlite_master AS tables, pragma_table_info(tables.name) AS columns
    WHERE tables.type = 'table' AND tables.name IN (
            'runs', 'processes', 'costs', 'cost_days', 'reservations', 'session_costs', 'session_cost_days', 'blocked'
        )
        AND columns.type = 'TEXT' AND columns."notnull"
"""


class UnusableDatabase(Exception):
    """The database is of another program or of a newer Podium; the message is for a person."""


def version_of(connection: sqlite3.Connection) -> int:
    """The number of migrations that were applied to the database."""
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version


def refuse_foreign(connection: sqlite3.Connection, migrations: Sequence[Migration]) -> None:
    """Raises UnusableDatabase for a database of a newer Podium or of another program. Changes nothing."""
    version = version_of(connection)
    if version > len(migrations):
        raise UnusableDatabase("it was written by a newer Podium")
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if version < 0 or (version == 0 and tables):
        raise UnusableDatabase("it is not Podium's history")


def refuse_damaged(connection: sqlite3.Connection) -> None:
    """Raises UnusableDatabase when pages, rows or values are not what they should be. Reads the whole database."""
    found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if found != "ok":
        raise UnusableDatabase(f"it is damaged: {str(found).strip().splitlines()[-1][:200]}")
    # What a column may hold is checked above where the table says it; that a text is one, the oldest tables don't say.
    texts: dict[str, list[str]] = {}
    for table, column in connection.execute(_TEXT_COLUMNS).fetchall():
        texts.setdefault(table, []).append(f"typeof({column}) != 'text'")
    for table, conditions in texts.items():
        if connection.execute(f"SELECT 1 FROM {table} WHERE {' OR '.join(conditions)} LIMIT 1").fetchone():
            raise UnusableDatabase(f"it is damaged: a text in {table} is none")


def migrate(connection: sqlite3.Connection, migrations: Sequence[Migration]) -> None:
    """Bring the database to the newest version; after a failure it is still at a version it had before.

    Raises UnusableDatabase when the tables are not those of its version, or sqlite3.Error.
    """
    # Only when there is something to do: a lock may be long in coming.
    done = version_of(connection)
    for number, statements in enumerate(migrations[done:], done):
        connection.execute("BEGIN IMMEDIATE")
        try:
            # Asked again in here: another program may have done it since.
            if version_of(connection) == number:
                for statement in statements:
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {number + 1}")
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
    # A version says what tables there should be; somebody may have changed them all the same.
    with closing(sqlite3.connect(":memory:")) as model:
        for statement in (statement for statements in migrations for statement in statements):
            model.execute(statement)
        if _columns(model) - _columns(connection):
            raise UnusableDatabase("tables or columns are missing")


def _columns(connection: sqlite3.Connection) -> set[tuple[str, str]]:
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {
        (table, column)
        for table in tables
        for (column,) in connection.execute("SELECT name FROM pragma_table_info(?)", (table,))
    }
