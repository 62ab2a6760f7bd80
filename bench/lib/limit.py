"""How fast it could be: ready-made files, which the server reads itself, and nobody who reads SQLite.

Two sessions share what there is to do. Tables come in as files of binary COPY, from the server's own disk, so that no
client takes anything from it; then come the same keys, indexes, foreign keys and statistics that Mainstay makes."""

import contextlib
import math
import os
import re
import subprocess
import threading
import time
from dataclasses import dataclass

from .clients import Client
from .console import Trouble
from .machine import clean_environment

SESSIONS = 2
# Files are this large at the most, in bytes of the table: two can load one that is larger than all others together.
PART = 64 * 1024 * 1024
FILL, INDEX, KEY, ANALYSE, FOREIGN_KEY = range(5)
IDENTIFIER = r'(?:"[^"]+"\.)?"([^"]+)"'
KINDS = {
    INDEX: rf"CREATE (?:UNIQUE )?INDEX .* ON {IDENTIFIER}",
    FOREIGN_KEY: rf"ALTER TABLE {IDENTIFIER} (?:ADD CONSTRAINT .* FOREIGN KEY .* REFERENCES {IDENTIFIER}|VALIDATE )",
    KEY: rf"(?:ALTER TABLE {IDENTIFIER} ADD |SELECT setval)",
}
# Statements that belong to the step before.
CONTINUES = r"SELECT setval|ALTER TABLE \S+ VALIDATE "
DONE = "-- done --"


@dataclass(frozen=True)
class Step:
    """Statements that one session runs, one after the other."""

    stage: int
    table: str
    statements: tuple
    # The table that a foreign key leads to.
    other: str = None


@dataclass(frozen=True)
class Recipe:
    """The tables, empty, at first; then the steps, which the sessions share."""

    tables: list
    steps: list
    # Of each table, how early it comes.
    weights: dict


def prepare(cluster, filled, sql, folder):
    """The recipe, from a database that Mainstay has filled and from the SQL that it says it would run."""
    cluster.own_folder(folder)
    listed = "SELECT relname, pg_table_size(relid) FROM pg_stat_user_tables WHERE schemaname = 'public'"
    rows = [line.rsplit("|", 1) for line in cluster.ask(listed, filled)]
    sizes = {table: int(size) for table, size in rows}
    statements = [part.strip().rstrip(";") for part in sql.split(";\n\n") if not part.startswith("--")]
    tables = [statement for statement in statements if statement.startswith("CREATE TABLE")]
    fills = [step for table in sizes for step in _files(cluster, filled, table, sizes[table], folder)]
    analyses = [Step(ANALYSE, table, (f'ANALYZE "{table}"',)) for table in sizes]
    rest = _steps(statement for statement in statements if statement not in tables)
    return Recipe(tables, [*fills, *analyses, *rest], _weights(sizes, rest))


def _weights(sizes, steps):
    """The largest tables first, so that what is left at the end is small and can be shared evenly; but before a large
    one, those that its foreign keys lead to, for which they would have to wait."""
    keys = [step for step in steps if step.stage == FOREIGN_KEY and step.other != step.table]
    return {table: size + sum(sizes[key.table] for key in keys if key.other == table) for table, size in sizes.items()}


def _files(cluster, filled, table, size, folder):
    """A table as files, and the steps that load them."""
    parts = math.ceil(size / PART) or 1
    pages = math.ceil(size / 8192 / parts)
    for part in range(parts):
        file = folder / f"{table}.{part}"
        first, next_first = part * pages, (part + 1) * pages
        rows = f"SELECT * FROM \"{table}\" WHERE ctid >= '({first},0)' AND ctid < '({next_first},0)'"
        cluster.ask(f"COPY ({rows}) TO '{file}' (FORMAT binary)", filled)
        yield Step(FILL, table, (f"COPY \"{table}\" FROM '{file}' (FORMAT binary)",))


def _steps(statements):
    """Which statement is of which kind, about which table; a foreign key is added and looked at in one step."""
    found = []
    for statement in statements:
        stage, match = _kind(statement)
        if re.match(CONTINUES, statement):
            last = found.pop()
            found.append(Step(last.stage, last.table, (*last.statements, statement), last.other))
        else:
            found.append(Step(stage, match[1], (statement,), match[2] if stage == FOREIGN_KEY else None))
    return found


def _kind(statement):
    for stage, kind in KINDS.items():
        if match := re.match(kind, statement, re.DOTALL):
            return stage, match
    raise Trouble(f"`mainstay transfer plan --sql` has a statement that the bench does not know: {statement}")


def load(cluster, database, recipe):
    """Does it all by two sessions, and answers what they took."""
    began = time.monotonic()
    sessions = [_Session(cluster, database) for _ in range(SESSIONS)]
    try:
        for statement in recipe.tables:
            sessions[0].perform(statement)
        work = _Work(recipe)
        threads = [threading.Thread(target=work.share, args=(session,)) for session in sessions]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        cpu_seconds = sum(session.end() for session in sessions)
    seconds = time.monotonic() - began
    if work.trouble:
        raise work.trouble
    return Client(seconds, cpu_seconds, memory_mib=None)


class _Work:
    """What is left, and who is at what."""

    def __init__(self, recipe):
        self.waiting = list(recipe.steps)
        self.running = []
        self.weights = recipe.weights
        self.changed = threading.Condition()
        self.trouble = None

    def share(self, session):
        while step := self.next():
            try:
                for statement in step.statements:
                    session.perform(statement)
            except Trouble as trouble:
                self.trouble = trouble
            with self.changed:
                self.running.remove(step)
                self.changed.notify_all()

    def next(self):
        """The step to do now; nothing when none is left."""
        with self.changed:
            while self.waiting and not self.trouble:
                ready = [step for step in self.waiting if self.lets(step)]
                if ready:
                    step = max(ready, key=lambda step: self.weights[step.table])
                    self.waiting.remove(step)
                    self.running.append(step)
                    return step
                self.changed.wait()
        return None

    def lets(self, step):
        """A step waits for the earlier ones of its table and, where it needs another table, for those of that."""
        tables = {step.table, step.other}
        if any(open.table in tables and open.stage < step.stage for open in (*self.waiting, *self.running)):
            return False
        # Two foreign keys of one table would wait for each other's lock, and a session with them.
        return step.stage != FOREIGN_KEY or not any(open.table in tables for open in self.running)


class _Session:
    """A psql that is told one statement after the other."""

    def __init__(self, cluster, database):
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        self.process = subprocess.Popen(cluster.psql(database), env=clean_environment(), text=True, **pipes)
        # As Mainstay does: a load that is lost is begun anew.
        self.perform("SET synchronous_commit = off")

    def perform(self, statement):
        with contextlib.suppress(BrokenPipeError):  # It has ended; why, it has said.
            self.process.stdin.write(f"{statement};\n\\echo {DONE}\n")
            self.process.stdin.flush()
        said = []
        for line in self.process.stdout:
            if line.strip() == DONE:
                return
            said.append(line)
        raise Trouble(f"PostgreSQL refused {statement!r}: {''.join(said).strip()}")

    def end(self):
        """Seconds of processor time that it took."""
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        _, status, usage = os.wait4(self.process.pid, 0)
        self.process.returncode = os.waitstatus_to_exitcode(status)
        self.process.stdout.close()
        return usage.ru_utime + usage.ru_stime
