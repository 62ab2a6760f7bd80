"""The measurements. Whatever is compared takes turns, so that a slow minute of the machine hits all alike."""

import contextlib
import time
from dataclasses import dataclass, field

from . import load, postgres, processes, servers
from .console import progress

OURS, THEIRS, THEIRS_ARGON2 = "mainstay_bench_ours", "mainstay_bench_theirs", "mainstay_bench_theirs_argon2"
PEOPLE = 64


@dataclass(frozen=True)
class Effort:
    """How much is measured."""

    users: int = 100_000
    starts: int = 7
    rounds: int = 3
    seconds: int = 10
    sign_in_seconds: int = 10
    warm_up_seconds: int = 5
    me_connections: int = 64
    sign_in_connections: int = 16


QUICK = Effort(users=1_000, starts=3, rounds=2, seconds=2, sign_in_seconds=5, warm_up_seconds=1)


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
        return [self.ours_sqlite, self.ours, self.theirs, self.theirs_argon2]


@dataclass
class Memory:
    """Of one server's process, in MiB."""

    rss: float
    pss: float
    rss_after_me: float = None
    rss_after_sign_ins: float = None


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
    me: dict = field(default_factory=dict)
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
            servers.seed_better_auth(server, users, server.password)
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
    with running(everybody.readers) as there:
        figures.memory = idle_memory(there)
        figures.me = who_am_i(there, effort, database)
        for server in there:
            figures.memory[server.name].rss_after_me = processes.memory_mib(server.pid)[0]
    with running(everybody.gatekeepers) as there:
        figures.memory = idle_memory(there) | figures.memory
        figures.storms = sign_in_storms(there, effort, database)
        for server in there:
            figures.memory[server.name].rss_after_sign_ins = processes.memory_mib(server.pid)[0]
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


def people(count):
    return [f"sample-{number}@example.org" for number in range(1, count + 1)]


def sessions(server, count):
    return [(email, server.session_of(email)) for email in people(count)]


def in_turn(there, rounds):
    """Round for round everybody, forwards and backwards."""
    for turn in range(rounds):
        for server in there if turn % 2 == 0 else reversed(there):
            yield turn + 1, server


def who_am_i(there, effort, database):
    plans = {server.name: load.plan_of_me(server, sessions(server, PEOPLE)) for server in there}
    for server in there:
        progress(f"Warming up: {server.name}")
        load.full(plans[server.name], effort.warm_up_seconds, effort.me_connections, database)
    samples = {server.name: [] for server in there}
    for turn, server in in_turn(there, effort.rounds):
        sample = load.full(plans[server.name], effort.seconds, effort.me_connections, database)
        cost = f"{sample.per_second:,.0f}/s, {sample.cpu_us:.0f} µs of processor time each"
        progress(f"Who am I, round {turn}: {server.name}: {cost}")
        samples[server.name].append(sample)
    return samples


def sign_in_storms(there, effort, database):
    sign_ins = {server.name: load.plan_of_sign_in(server, people(PEOPLE)) for server in there}
    visitors = {server.name: load.plan_of_me(server, sessions(server, 4)) for server in there}
    storms = {server.name: [] for server in there}
    for turn, server in in_turn(there, effort.rounds):
        calm = load.poll(visitors[server.name], effort.sign_in_seconds)
        plans = sign_ins[server.name], visitors[server.name]
        output, meanwhile = load.storm(*plans, effort.sign_in_seconds, effort.sign_in_connections, database)
        cost = f"{output.per_second:,.1f}/s, {output.cpu_us / 1000:.1f} ms of processor time each"
        progress(f"Sign-ins, round {turn}: {server.name}: {cost}")
        storms[server.name].append(Storm(calm, meanwhile, output))
    return storms
