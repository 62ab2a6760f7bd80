"""The measurements. Whatever is compared takes turns, so that a slow minute of the machine hits all alike."""

import contextlib
import time
from dataclasses import dataclass, field

from . import live, load, postgres, processes, servers
from .console import progress

OURS, THEIRS, THEIRS_ARGON2 = "mainstay_bench_ours", "mainstay_bench_theirs", "mainstay_bench_theirs_argon2"
# The first users: those who sign in again and again, at the full price of a password hash.
REGULARS = range(1, 65)


@dataclass(frozen=True)
class Effort:
    """How much is measured."""

    users: int = 100_000
    signed_in: int = 10_000
    live: int = 100_000
    starts: int = 5
    rounds: int = 3
    seconds: int = 6
    renewal_seconds: int = 5
    calm_seconds: int = 4
    sign_in_seconds: int = 8
    warm_up_seconds: int = 3
    check_connections: int = 64
    renewal_connections: int = 16
    sign_in_connections: int = 16

    @property
    def newcomers(self):
        """Those who sign in once."""
        return range(REGULARS.stop, REGULARS.stop + self.signed_in)

    @property
    def added(self):
        """Those who get one more session in the database."""
        return range(1, self.live - self.signed_in + 1)


QUICK = Effort(
    users=10_000,
    signed_in=500,
    live=10_000,
    starts=3,
    rounds=2,
    seconds=2,
    renewal_seconds=1,
    calm_seconds=2,
    sign_in_seconds=5,
    warm_up_seconds=1,
)


@dataclass
class Field:
    """Everybody who takes part."""

    ours_sqlite: servers.Server
    ours: servers.Server
    theirs: servers.Server
    theirs_cached: servers.Server
    theirs_argon2: servers.Server
    theirs_sqlite: servers.Server = None

    @property
    def readers(self):
        """Those who are asked who is signed in."""
        everybody = [self.ours_sqlite, self.theirs_sqlite, self.ours, self.theirs, self.theirs_cached]
        return [server for server in everybody if server]

    @property
    def gatekeepers(self):
        """Those who are asked to sign people in."""
        everybody = [self.ours_sqlite, self.theirs_sqlite, self.ours, self.theirs, self.theirs_argon2]
        return [server for server in everybody if server]


@dataclass
class Memory:
    """Of one server's process, in MiB: RSS at first, PSS from then on."""

    idle_rss: float
    idle: float
    signed_in: float = None
    live: float = None
    after_storms: float = None


@dataclass
class Storm:
    """Sign-ins, and what a visitor felt before and meanwhile."""

    calm: load.Sample
    meanwhile: load.Sample
    sign_ins: load.Sample


@dataclass
class Figures:
    """What came out; lists hold one entry for each round."""

    starts: dict = field(default_factory=dict)
    memory: dict = field(default_factory=dict)
    checks: dict = field(default_factory=dict)
    renewals: dict = field(default_factory=dict)
    storms: dict = field(default_factory=dict)


def prepare(folder, users):
    """Everybody, with the same users in their databases."""
    argon2id = servers.argon2_parameters()
    ours_url, theirs_url, argon2_url = (postgres.make(name) for name in (OURS, THEIRS, THEIRS_ARGON2))
    everybody = Field(
        ours_sqlite=servers.mainstay(folder / "ours-sqlite"),
        ours=servers.mainstay(folder / "ours", ours_url),
        theirs=servers.better_auth(folder / "theirs", theirs_url),
        theirs_cached=servers.better_auth(folder / "theirs-cached", theirs_url, cookie_cache=True, note="cookie cache"),
        theirs_argon2=servers.better_auth(folder / "theirs-argon2", argon2_url, argon2id, note="Argon2id"),
    )
    if servers.better_auth_has_sqlite():
        everybody.theirs_sqlite = servers.better_auth(folder / "theirs-sqlite")
    for server in (everybody.ours_sqlite, everybody.ours):
        server.password = servers.seed_mainstay(server, users)
    for server in (everybody.theirs, everybody.theirs_argon2, everybody.theirs_sqlite):
        if server:
            server.password = everybody.ours.password
            servers.seed_better_auth(server, users, server.password, hashed_for_real=len(REGULARS))
    everybody.theirs_cached.password = everybody.theirs.password
    for name in (OURS, THEIRS, THEIRS_ARGON2):
        postgres.settle(name)
    return everybody


def clear():
    for name in (OURS, THEIRS, THEIRS_ARGON2):
        postgres.drop(name)


def measure(everybody, folder, effort):
    figures = Figures()
    figures.starts = starts(everybody, folder, effort)
    database = postgres.process()
    with running([server.hashing_cheaply() for server in everybody.readers]) as there:
        figures.memory = idle_memory(there)
        # Whoever has a note shares another's database.
        owners = [server for server in there if not server.note]
        figures.checks = session_checks(there, effort, database)
        for server in owners:
            figures.memory[server.name].signed_in = pss(server)
        figures.renewals = renewals(owners, effort, database)
        for server in owners:
            figures.memory[server.name].live = pss(server)
    with running(everybody.gatekeepers) as there:
        figures.memory = idle_memory(there) | figures.memory
        figures.storms = sign_in_storms(there, effort, database)
        for server in there:
            figures.memory[server.name].after_storms = pss(server)
    return figures


@contextlib.contextmanager
def running(group):
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(server) for server in group]


def starts(everybody, folder, effort):
    """Seconds from the start of the process to the first good answer about its health."""
    progress("Measuring starts")
    seconds = {}
    users = f"{effort.users:,} users"
    for turn in range(effort.starts):
        new = servers.mainstay(folder / f"new-{turn}")
        runs = [(f"{new.name}, new data folder", new), (f"{new.name}, second start", new)]
        runs += [(f"{server.name}, {users}", server) for server in everybody.readers if not server.note]
        for label, server in runs:
            seconds.setdefault(label, []).append(server.start())
            server.stop()
    return seconds


def idle_memory(there):
    time.sleep(2)
    return {server.name: Memory(*processes.memory_mib(server.pid)) for server in there}


def pss(server):
    return processes.memory_mib(server.pid)[1]


def in_turn(there, rounds):
    """Round for round everybody, forwards and backwards."""
    for turn in range(rounds):
        for server in there if turn % 2 == 0 else reversed(there):
            yield turn + 1, server


def session_checks(there, effort, database):
    plans = {}
    # Ours last: Mainstay writes down every five minutes that a session is in use, and that is no part of most checks.
    for server in sorted(there, key=lambda server: server.kind is servers.MAINSTAY_KIND):
        # Checks against a cookie cache need no session in the database but those that fill it.
        numbers = REGULARS if server.note else effort.newcomers
        progress(f"Signing {len(numbers):,} people in: {server.name}")
        plans[server.name] = load.plan_of_checks(server, live.sign_in(server, numbers))

    def run(server, turn):
        seconds = effort.seconds if turn else effort.warm_up_seconds
        return load.full(plans[server.name], seconds, effort.check_connections, database)

    return taking_turns("Session checks", there, effort, run)


def renewals(there, effort, database):
    for server in there:
        progress(f"Adding {len(effort.added):,} sessions: {server.name}")
        live.add(server, len(effort.added))
    share = len(effort.added) // (effort.rounds + 1)

    def run(server, turn):
        plan = live.plan_of_renewals(server, effort.added[turn * share : (turn + 1) * share])
        seconds = effort.renewal_seconds if turn else effort.warm_up_seconds
        return load.full(plan, seconds, effort.renewal_connections, database)

    return taking_turns("Renewals", there, effort, run)


def taking_turns(label, there, effort, run):
    """The samples of each server, after a run (turn 0) that only warms it up."""
    samples = {server.name: [] for server in there}
    for server in there:
        progress(f"Warming up: {server.name}")
        run(server, 0)
    for turn, server in in_turn(there, effort.rounds):
        sample = run(server, turn)
        cost = f"{sample.per_second:,.0f}/s, {sample.cpu_us:.0f} µs of processor time each"
        progress(f"{label}, round {turn}: {server.name}: {cost}")
        samples[server.name].append(sample)
    return samples


def sign_in_storms(there, effort, database):
    sign_ins = {server.name: load.plan_of_sign_ins(server, REGULARS) for server in there}
    # All of them once before, so that everybody's hash is as configured; a few stay to look on.
    visitors = {server.name: load.plan_of_checks(server, live.sign_in(server, REGULARS)[:4]) for server in there}
    storms = {server.name: [] for server in there}
    for turn, server in in_turn(there, effort.rounds):
        calm = load.poll(visitors[server.name], effort.calm_seconds)
        plans = sign_ins[server.name], visitors[server.name]
        output, meanwhile = load.storm(*plans, effort.sign_in_seconds, effort.sign_in_connections, database)
        cost = f"{output.per_second:,.1f}/s, {output.cpu_us / 1000:.1f} ms of processor time each"
        progress(f"Sign-ins, round {turn}: {server.name}: {cost}, checks' p99 {meanwhile.p99:.1f} ms")
        storms[server.name].append(Storm(calm, meanwhile, output))
    return storms
