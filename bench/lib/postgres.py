"""The PostgreSQL that `cargo xtask with-services` started."""

import os
import re
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

from .console import Trouble

VARIABLE = "MAINSTAY_TEST_POSTGRES_URL"


def url(database):
    """Without encryption for everybody: some drivers would choose it by default and others not."""
    return urlsplit(os.environ[VARIABLE])._replace(path=f"/{database}", query="sslmode=disable").geturl()


def ask(sql, database=None):
    """Runs one statement and answers its single value."""
    address = url(database) if database else os.environ[VARIABLE]
    command = ["psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--dbname", address, "--command", sql]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise Trouble(f"PostgreSQL refused {sql!r}: {done.stderr.strip()}")
    return done.stdout.strip()


def version():
    return re.match(r"[\d.]+", ask("SHOW server_version"))[0]


def make(database):
    """An empty database in place of what an earlier run has left."""
    drop(database)
    ask(f"CREATE DATABASE {database}")
    return url(database)


def drop(database):
    ask(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")


def settle(database):
    """Does now what autovacuum would otherwise begin in the middle of a measurement."""
    ask("VACUUM ANALYZE", database)
    ask("CHECKPOINT")


def process():
    """The id of the server's first process, whose children serve the connections."""
    pid = int(ask("SELECT split_part(pg_read_file('postmaster.pid'), chr(10), 1)"))
    if not Path(f"/proc/{pid}").exists():
        raise Trouble(
            "the bench reads how much the processor works for PostgreSQL, and the one that"
            f" {VARIABLE} names is on another machine; unset it"
        )
    return pid
