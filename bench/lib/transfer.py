"""Moves of one large database, by Mainstay and by others, each into an empty database of PostgreSQL as it comes."""

from dataclasses import dataclass, field

from . import clients, following, learning, limit, pgloader
from .cluster import Cluster
from .console import Trouble, progress
from .machine import MAINSTAY

RUN, PLANNED, VERIFIED, PGLOADER, LIMIT = "run", "planned", "verified", "pgloader", "limit"
# In this order in the first round, then backwards, and so on.
EVERYBODY = [RUN, PLANNED, VERIFIED, LIMIT, PGLOADER]
# Whose tables say what of the schema has arrived, by what it is called.
SCHEMA = {
    "primary keys": "pg_constraint WHERE contype = 'p' AND connamespace = 'public'::regnamespace",
    "foreign keys": "pg_constraint WHERE contype = 'f' AND convalidated AND connamespace = 'public'::regnamespace",
    "indexes, with those of keys": "pg_indexes WHERE schemaname = 'public'",
    "columns that are NOT NULL": "information_schema.columns WHERE table_schema = 'public' AND is_nullable = 'NO'",
}
PREPARED, DATABASE = "mainstay_bench_prepared", "mainstay_bench_transfer"


@dataclass(frozen=True)
class Effort:
    """How much is moved, and how often."""

    scale: float = 1
    rounds: int = 3
    live: following.Effort = following.Effort()


QUICK = Effort(scale=0.02, rounds=1, live=following.QUICK)


@dataclass(frozen=True)
class Sample:
    """One move."""

    seconds: float
    client_cpu_seconds: float
    server_cpu_seconds: float
    # None where there is no client to speak of.
    client_memory_mib: float
    # Of each table, how many arrived; and of each part of the schema.
    rows: dict
    schema: dict

    @property
    def cpu_seconds(self):
        return self.client_cpu_seconds + self.server_cpu_seconds


@dataclass
class Figures:
    """What came out; lists hold one entry for each round."""

    rows: dict
    source_bytes: int
    postgres: str
    moves: dict = field(default_factory=dict)
    costs: dict = field(default_factory=dict)
    turns: list = field(default_factory=list)


@dataclass(frozen=True)
class Prepared:
    """What is made before anything is measured."""

    source: object
    plan: object
    recipe: limit.Recipe
    folder: object


def measure(folder, effort):
    # PostgreSQL, which is another user, writes files here.
    folder.chmod(0o755)
    source = folder / "learning.sqlite"
    rows = learning.write(source, effort.scale)
    with Cluster(folder) as cluster:
        prepared = prepare(cluster, source, folder)
        figures = Figures(rows, source.stat().st_size, cluster.version())
        figures.moves = {who: [] for who in EVERYBODY}
        for turn in range(effort.rounds):
            for who in EVERYBODY if turn % 2 == 0 else reversed(EVERYBODY):
                sample = move(cluster, who, prepared)
                check(who, sample, rows)
                cost = f"{sample.client_cpu_seconds:.1f} s and {sample.server_cpu_seconds:.1f} s of processor time"
                progress(f"Moves, round {turn + 1}: {who}: {sample.seconds:.1f} s, {cost}")
                figures.moves[who].append(sample)
    figures.costs = following.costs(folder, effort.live)
    figures.turns = following.turns(folder, source, effort.live)
    return figures


def prepare(cluster, source, folder):
    """A plan; and, out of a database that Mainstay has filled, what the limit loads."""
    progress("Preparing: a plan, and files that are ready for PostgreSQL")
    plan = folder / "plan.toml"
    clients.succeeded([MAINSTAY, "transfer", "plan", source, "--out", plan], folder)
    sql = clients.succeeded([MAINSTAY, "transfer", "plan", source, "--plan", plan, "--sql"], folder).output
    cluster.make(PREPARED)
    clients.succeeded([MAINSTAY, "transfer", "run", source, cluster.url(PREPARED), "--plan", plan], folder)
    recipe = limit.prepare(cluster, PREPARED, sql, folder / "files")
    cluster.drop(PREPARED)
    return Prepared(source, plan, recipe, folder)


def move(cluster, who, prepared):
    cluster.make(DATABASE)
    before = cluster.cpu_seconds()
    client = _run(cluster, who, prepared)
    server_cpu_seconds = cluster.cpu_seconds() - before
    rows = {table: count(cluster, f'"{table}"') for table in learning.ROWS}
    schema = {part: count(cluster, place) for part, place in SCHEMA.items()}
    cluster.drop(DATABASE)
    return Sample(client.seconds, client.cpu_seconds, server_cpu_seconds, client.memory_mib, rows, schema)


def count(cluster, place):
    return int(cluster.ask(f"SELECT count(*) FROM {place}", DATABASE)[0])


def _run(cluster, who, prepared):
    source, target, folder = prepared.source, cluster.url(DATABASE), prepared.folder
    ours = [MAINSTAY, "transfer", "run", source, target]
    if who == LIMIT:
        return limit.load(cluster, DATABASE, prepared.recipe)
    if who == PGLOADER:
        return pgloader.run(source, target, folder)
    options = {RUN: [], PLANNED: ["--plan", prepared.plan], VERIFIED: ["--verify"]}
    return clients.succeeded([*ours, *options[who]], folder)


def check(who, sample, rows):
    """Whoever loses rows is not to be called fast for it. What pgloader loses is in the report."""
    if who != PGLOADER and sample.rows != rows:
        raise Trouble(f"{who} moved {sample.rows}, and there are {rows}")
