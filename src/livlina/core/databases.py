"""Roles, databases and what the data in them is: the SQL side of getting a PostgreSQL ready for Livlina.

Three roles, because row-level security is only a lock when the application cannot open it:

* ``livlina_super`` made the embedded server and gives the others their rights; the application never uses it.
* ``livlina_owner`` owns the databases and runs migrations. It bypasses row-level security, since a data
  migration by an owner under FORCE would otherwise touch no rows, silently.
* ``livlina_app`` is what web and worker run as: owns nothing, bypasses nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import quote

import psycopg
from psycopg import conninfo, sql

SUPER, OWNER, APP = "livlina_super", "livlina_owner", "livlina_app"
Purpose = Literal["demo", "real", "test"]
ROLE_RIGHTS = {
    OWNER: "LOGIN NOSUPERUSER BYPASSRLS CREATEDB NOCREATEROLE",
    APP: "LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE",
}


class PurposeError(Exception):
    """The data in this database is of another kind than the command expects."""


@dataclass(frozen=True)
class Server:
    """Where a PostgreSQL is reached, and with which password each role signs in."""

    host: str  # a folder with a socket, or a host name
    port: int
    passwords: Mapping[str, str]

    def dsn(self, role: str, database: str) -> str:
        """The address as libpq's ``key=value`` text, for psycopg."""
        return conninfo.make_conninfo(
            host=self.host, port=self.port, user=role, password=self.passwords[role], dbname=database
        )

    def url(self, role: str, database: str) -> str:
        """The address as a URL, for settings. A socket folder is percent-encoded in the host's place."""
        password = quote(self.passwords[role], safe="")
        return f"postgresql://{role}:{password}@{quote(self.host, safe='')}:{self.port}/{quote(database)}"

    def connect(self, role: str, database: str) -> psycopg.Connection[Any]:
        """A new connection in autocommit mode. Raises OperationalError when the server does not answer."""
        return psycopg.connect(self.dsn(role, database), autocommit=True, connect_timeout=10)


def ensure_roles(server: Server) -> None:
    """Make the owner and application roles, or put their rights and passwords right again."""
    with server.connect(SUPER, "postgres") as connection:
        # Two starts at once would otherwise both find a role missing, or fail on "concurrently updated".
        connection.execute("SELECT pg_advisory_lock(hashtext('livlina roles'))")
        for role, rights in ROLE_RIGHTS.items():
            found = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
            verb = "ALTER" if found else "CREATE"
            # The server sees only the hash, so the password cannot end up in its log.
            secret = connection.pgconn.encrypt_password(
                server.passwords[role].encode(), role.encode(), b"scram-sha-256"
            ).decode()
            connection.execute(
                sql.SQL("{} ROLE {} WITH {} PASSWORD {}").format(
                    sql.SQL(verb), sql.Identifier(role), sql.SQL(rights), sql.Literal(secret)
                )
            )
        connection.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(APP), sql.Identifier(OWNER)))
        # To drop a database WITH (FORCE) the owner must be able to end what still runs in it, autovacuum too.
        connection.execute(sql.SQL("GRANT pg_signal_backend TO {}").format(sql.Identifier(OWNER)))


def ensure_database(server: Server, name: str) -> None:
    """Make the database, owned by the owner role; the application may connect and use what it is granted."""
    database, app = sql.Identifier(name), sql.Identifier(APP)
    with server.connect(SUPER, "postgres") as connection:
        connection.execute("SELECT pg_advisory_lock(hashtext('livlina databases'))")
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, sql.Identifier(OWNER)))
        connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
        connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, app))
    with server.connect(SUPER, name) as connection:
        connection.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        connection.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(app))


def drop_database(server: Server, name: str) -> None:
    """Remove a database with everything in it, ending the connections to it. For demo and tests."""
    with server.connect(SUPER, "postgres") as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def purpose(connection: psycopg.Connection[Any]) -> str | None:
    """What the data is, as noted in the database itself, or None where nothing is noted."""
    if connection.execute("SELECT to_regclass('public.livlina_purpose')").fetchone() == (None,):
        return None
    row = connection.execute("SELECT purpose FROM public.livlina_purpose").fetchone()
    return row[0] if row else None


def noted(connection: psycopg.Connection[Any], what: Literal["loaded", "code"]) -> str:
    """What is noted beside the purpose: which demo was loaded, and which code last migrated. Empty: nothing is."""
    row = connection.execute(
        sql.SQL("SELECT {} FROM public.livlina_purpose").format(sql.Identifier(what))
    ).fetchone()
    return str(row[0]) if row else ""


def note(connection: psycopg.Connection[Any], what: Literal["loaded", "code"], text: str) -> None:
    """Note it, in the place of what was noted before."""
    connection.execute(
        sql.SQL("UPDATE public.livlina_purpose SET {} = %s").format(sql.Identifier(what)), [text]
    )


def claim(connection: psycopg.Connection[Any], wanted: Purpose) -> None:
    """Note what an empty database is for, or check that one in use is for the same.

    The note is a table and not a comment on the database, so it follows a dump restored under another name.
    Raises PurposeError when the data is of another kind, or when there are tables and no note.
    """
    found = purpose(connection)
    if found == wanted:
        return
    if found is not None:
        raise PurposeError(
            f"The database holds {found} data, and this command works only on {wanted} data. "
            f"Point LIVLINA_DATABASE_URL at another database: demo and real never share one."
        )
    tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    if tables != (0,):
        raise PurposeError(
            "The database has tables but no note of what they hold, so it is not touched. "
            "Point LIVLINA_DATABASE_URL at an empty database."
        )
    connection.execute(
        sql.SQL(
            "BEGIN; CREATE TABLE public.livlina_purpose ("
            "one boolean PRIMARY KEY DEFAULT true CHECK (one),"
            "purpose text NOT NULL CHECK (purpose IN ('demo', 'real', 'test')),"
            "loaded text NOT NULL DEFAULT '',"
            "code text NOT NULL DEFAULT '',"
            "noted_at timestamptz NOT NULL DEFAULT now());"
            "INSERT INTO public.livlina_purpose (purpose) VALUES ({});"
            "GRANT SELECT ON public.livlina_purpose TO PUBLIC; COMMIT"
        ).format(sql.Literal(wanted))
    )
