"""What it costs those who write that their database is followed, and for how long they wait at the turns."""

import contextlib
import itertools
import multiprocessing
import re
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass

from . import clients, learning
from .cluster import Cluster
from .console import Trouble, progress
from .machine import MAINSTAY, clean_environment

MODES = {
    "WAL, synchronous = FULL": ("WAL", "FULL"),
    "WAL, synchronous = NORMAL": ("WAL", "NORMAL"),
    "DELETE, synchronous = FULL": ("DELETE", "FULL"),
}
KINDS = {
    "insert": "INSERT INTO user_progress (id, userId, lessonId, updatedAt) VALUES (:id, :user, :lesson, :at)",
    "update": "UPDATE user_progress SET score = 1, updatedAt = :at WHERE id = :id",
    "delete": "DELETE FROM user_progress WHERE id = :id",
}
TRIGGERS, SLOT = "triggers", "slot"
# What PostgreSQL is told besides what it comes with, for each way in which it tells its changes.
WAYS = {TRIGGERS: (), SLOT: ("wal_level=logical",)}
WRITES_PER_SECOND, TRANSACTION = 500, 100
DATABASE = "mainstay_bench_following"
SECONDS_BEFORE_THE_TURN = 10


@dataclass(frozen=True)
class Effort:
    """How much is written, and how often."""

    rounds: int = 2
    # Of writes whose cost is measured: at once, and how often on each file, by turns.
    writes: int = 500
    times: int = 6
    scale_of_costs: float = 0.02
    later_writes: int = 100_000


QUICK = Effort(rounds=1, writes=100, times=2, scale_of_costs=0.01, later_writes=2_000)


@dataclass(frozen=True)
class Turn:
    """There and back."""

    way: str
    # How long writing was closed, as Mainstay says; and as those saw it who wrote, until they were told where to go on.
    closed_seconds: float
    waited_seconds: float
    acknowledged: int
    back_seconds: float
    back_closed_seconds: float


def costs(folder, effort):
    """Of each mode and kind of write: how many times as long it takes in a file that is followed, time by time."""
    source = folder / "small.sqlite"
    learning.write(source, effort.scale_of_costs)
    with Cluster(folder, "costs") as cluster:
        found = {}
        for mode, settings in MODES.items():
            progress(f"What following costs: {mode}")
            found[mode] = _costs(cluster, folder, source, settings, effort)
        source.unlink()
        return found


def _costs(cluster, folder, source, settings, effort):
    files = {}
    for name in ("plain", "followed"):
        files[name] = _copy(source, folder / f"{name}.sqlite", settings)
    cluster.make(DATABASE)
    _mainstay(folder, "follow", "--once", files["followed"], cluster.url(DATABASE))
    ratios = {kind: [] for kind in KINDS}
    for turn in range(effort.times):
        taken = {}
        for name in ("plain", "followed") if turn % 2 == 0 else ("followed", "plain"):
            taken[name] = _seconds(files[name], settings, effort.writes)
        for kind in KINDS:
            ratios[kind].append(taken["followed"][kind] / taken["plain"][kind])
    cluster.drop(DATABASE)
    _remove(folder, *files)
    return ratios


def _seconds(file, settings, writes):
    """Seconds for so many writes of each kind, each committed by itself. At the end all is as it was."""
    with closing(_open(file, settings)) as connection:
        rows = list(itertools.islice(_endless_rows(connection), writes))
        taken = {}
        for kind, statement in KINDS.items():
            began = time.perf_counter()
            for row in rows:
                connection.execute(statement, row)
            taken[kind] = time.perf_counter() - began
        return taken


def turns(folder, source, effort):
    """The large database is followed while it is written to, switched over, written to there, and switched back."""
    found = []
    for way, settings in WAYS.items():
        with Cluster(folder, way, settings) as cluster:
            for number in range(effort.rounds):
                turn = _turn(cluster, folder, source, way, effort)
                progress(
                    f"Turn {number + 1}, by {way}: closed for {turn.closed_seconds:.2f} s; "
                    f"back in {turn.back_seconds:.1f} s, closed for {turn.back_closed_seconds:.1f} s"
                )
                found.append(turn)
    return found


def _turn(cluster, folder, source, way, effort):
    file, settings = folder / "followed.sqlite", folder / "app.env"
    _copy(source, file, ("WAL", "FULL"))
    settings.write_text("DATABASE_URL=file\n")
    cluster.make(DATABASE)
    target = cluster.url(DATABASE)
    stop, results = multiprocessing.Event(), multiprocessing.Queue()
    writer = multiprocessing.Process(target=_write_until_closed, args=(file, settings, stop, results))
    writer.start()
    try:
        with _following(folder, file, target):
            time.sleep(SECONDS_BEFORE_THE_TURN)
            said = _mainstay(folder, "cutover", file, target, "--env-file", settings, "--env-value", target).output
        acknowledged, waited = results.get(timeout=60)
    finally:
        stop.set()
        writer.join()
    _expect(acknowledged, int(cluster.ask("SELECT count(*) FROM user_progress WHERE id LIKE 'bench-%'", DATABASE)[0]))
    _write_later(cluster, file, effort.later_writes)
    began = time.monotonic()
    back = _mainstay(folder, "rollback", file, target, "--env-file", settings, "--env-value", "file").output
    seconds = time.monotonic() - began
    with closing(sqlite3.connect(file)) as connection:
        later = connection.execute("SELECT count(*) FROM user_progress WHERE id LIKE 'later-%'").fetchone()[0]
    _expect(effort.later_writes // 2, later)
    cluster.drop(DATABASE)
    _remove(folder, "followed")
    return Turn(way, _closed_for(said), waited, acknowledged, seconds, _closed_for(back))


@contextlib.contextmanager
def _following(folder, file, target):
    """Somebody follows, and has caught up: whoever writes goes on, so that there is always something left."""
    said = folder / "followed"
    with open(said, "wb") as output:
        command = [MAINSTAY, "transfer", "follow", file, target]
        following = subprocess.Popen(command, env=clean_environment(), stdout=output, stderr=output, cwd=folder)
    try:
        while _behind(said.read_text()) > WRITES_PER_SECOND:
            if following.poll() is not None:
                raise Trouble(f"`mainstay transfer follow` ended:\n{said.read_text()[-2000:]}")
            time.sleep(0.2)
        yield
        # It lets go when somebody else takes over.
        following.wait(60)
    finally:
        following.kill()


def _behind(said):
    """How many changes waited when it was said last; many, before any was taken."""
    found = re.findall(r"([\d,]+) entries behind", said)
    return int(found[-1].replace(",", "")) if found else sys.maxsize


def _write_until_closed(file, settings, stop, results):
    """An application: it writes so many rows a second until it is refused, and waits until it is told where to go on."""
    with closing(_open(file, ("WAL", "FULL"))) as connection:
        before, rows = settings.stat().st_mtime_ns, _endless_rows(connection)
        acknowledged, due, last = 0, time.monotonic(), time.time_ns()
        while not stop.is_set():
            try:
                connection.execute(KINDS["insert"], next(rows))
            except sqlite3.IntegrityError as refusal:
                if "has moved to PostgreSQL" not in str(refusal):
                    raise
                break
            acknowledged, last = acknowledged + 1, time.time_ns()
            due = max(due + 1 / WRITES_PER_SECOND, time.monotonic() - 1)
            time.sleep(max(0, due - time.monotonic()))
    while settings.stat().st_mtime_ns == before and not stop.is_set():
        time.sleep(0.001)
    results.put((acknowledged, (settings.stat().st_mtime_ns - last) / 1e9))


def _write_later(cluster, file, writes):
    """Half of it new rows, half of it changes of those."""
    statements = []
    with closing(sqlite3.connect(file)) as connection:
        for number, row in enumerate(itertools.islice(_endless_rows(connection, "later"), writes // 2)):
            if number % TRANSACTION == 0:
                statements.append("COMMIT; BEGIN;")
            row["at"] = learning.iso(row["at"])
            statements += (_filled(KINDS[kind], row) for kind in ("insert", "update"))
    script = "\n".join(["BEGIN;", *statements, "COMMIT;"])
    command = cluster.psql(DATABASE)
    done = subprocess.run(command, input=script, env=clean_environment(), capture_output=True, text=True)
    if done.returncode != 0:
        raise Trouble(f"PostgreSQL refused to be written to: {done.stderr.strip()[:500]}")


def _filled(statement, row):
    """As PostgreSQL takes it: names with capitals in quotes, and values in their places."""
    names = re.sub(r"\b([a-z]+[A-Z]\w*)\b", r'"\1"', statement)
    return re.sub(r":(\w+)", lambda place: f"'{row[place[1]]}'", names) + ";"


def _endless_rows(connection, prefix="bench"):
    """Rows that are not there yet: pairs of a user and a lesson of which nothing is known."""
    users = [row[0] for row in connection.execute("SELECT id FROM users ORDER BY id")]
    lessons = [row[0] for row in connection.execute("SELECT id FROM lessons ORDER BY id")]
    known = "SELECT lessonId FROM user_progress WHERE userId = ?"
    number = 0
    for user in users:
        taken = {row[0] for row in connection.execute(known, (user,))}
        for lesson in (lesson for lesson in lessons if lesson not in taken):
            yield {"id": f"{prefix}-{number}", "user": user, "lesson": lesson, "at": 1_767_225_600_000 + number}
            number += 1


def _copy(source, file, settings):
    shutil.copyfile(source, file)
    _open(file, settings).close()
    return file


def _remove(folder, *names):
    """Files, with what SQLite and Mainstay keep beside them."""
    for file in (file for name in names for file in folder.glob(f"{name}.sqlite*")):
        file.unlink()


def _open(file, settings):
    journal, synchronous = settings
    connection = sqlite3.connect(file, isolation_level=None, timeout=60)
    connection.execute(f"PRAGMA journal_mode = {journal}")
    connection.execute(f"PRAGMA synchronous = {synchronous}")
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def _mainstay(folder, command, *options):
    return clients.succeeded([MAINSTAY, "transfer", command, *options], folder)


def _closed_for(said):
    return float(re.search(r"closed for ([\d.]+) s", said)[1])


def _expect(expected, found):
    if expected != found:
        raise Trouble(f"{expected} rows were written, and {found} are there")
