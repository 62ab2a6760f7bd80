"""Rooms by themselves, measured in processes of their own that take turns: bench/rooms, and scripts of Node.js."""

import json
import shutil
import subprocess
from dataclasses import dataclass, field

from . import postgres
from .console import Trouble, progress
from .machine import ALTERNATIVES, PROGRAMS, ROOT, clean_environment

ROOMS = PROGRAMS / "rooms"
SANITISE = ALTERNATIVES / "sanitise"
DATABASE = "mainstay_bench_rooms"

STACKS = ["bare", "idle", "guard", "guard-silent", "usual", "usual-silent"]
MAINSTAY, DOMPURIFY, SANITIZE_HTML, VALIDATOR = "Mainstay", "dompurify", "sanitize-html", "validator"
# The texts, as what they are read, and who reads them.
TEXTS = {
    "chat": ("message", [MAINSTAY, DOMPURIFY, SANITIZE_HTML]),
    "stored": ("message", [MAINSTAY, DOMPURIFY, SANITIZE_HTML]),
    "rich": ("description", [MAINSTAY, DOMPURIFY, SANITIZE_HTML]),
    "hostile": ("description", [MAINSTAY, DOMPURIFY, SANITIZE_HTML]),
    "source": ("code", [MAINSTAY, VALIDATOR]),
}
NONE, PLAIN, LEDGER, CHAINED, CHAINED_SERIALISABLE = "none", "plain", "ledger", "chained", "chained-serialisable"
# Who writes an audit log, by database. A chain that each writer carries on is no trouble where there is one writer.
LOGS = {
    "SQLite": [NONE, PLAIN, LEDGER],
    "PostgreSQL": [NONE, PLAIN, LEDGER, CHAINED, CHAINED_SERIALISABLE],
}


@dataclass(frozen=True)
class Effort:
    """How much is measured."""

    rounds: int = 5
    stack_seconds: float = 1
    text_seconds: float = 1
    append_seconds: float = 4
    writers: tuple = (1, 8)
    history: int = 200_000
    history_rounds: int = 5


QUICK = Effort(rounds=2, stack_seconds=0.3, text_seconds=0.3, append_seconds=1, history=4_000, history_rounds=2)


@dataclass
class Figures:
    """What came out; lists hold one entry for each round."""

    stacks: dict = field(default_factory=dict)
    texts: dict = field(default_factory=dict)
    sizes: dict = field(default_factory=dict)
    appends: dict = field(default_factory=dict)
    histories: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Sample:
    """Something that was done so many times."""

    count: int
    seconds: float
    cpu_seconds: float
    database_cpu_seconds: float = 0

    @property
    def per_second(self):
        return self.count / self.seconds

    @property
    def all_cpu_us(self):
        """Processor time for each, the database's included."""
        return (self.cpu_seconds + self.database_cpu_seconds) / self.count * 1e6

    @property
    def ns(self):
        return self.seconds / self.count * 1e9

    @property
    def cpu_ns(self):
        return self.cpu_seconds / self.count * 1e9


def build():
    """Builds what measures, with features of crates that the server does without: not in one go with it."""
    progress("Building what measures rooms (the first time takes minutes)")
    done = subprocess.run(["cargo", "build", "--quiet", "--release", "--locked", "--package", "bench"], cwd=ROOT)
    if done.returncode != 0:
        raise Trouble("bench/rooms could not be built")


def measure(folder, effort):
    return Figures(
        stacks=stacks(effort),
        **texts(folder, effort),
        appends=appends(folder, effort),
        histories=histories(folder, effort),
    )


def clear():
    postgres.drop(DATABASE)


def taking_turns(everybody, rounds, run):
    """Round for round everybody, forwards and backwards: what `run` says of each."""
    samples = {one: [] for one in everybody}
    for turn in range(rounds):
        for one in everybody if turn % 2 == 0 else reversed(everybody):
            samples[one].append(run(one, turn + 1))
    return samples


def stacks(effort):
    def run(stack, turn):
        found = _ask(ROOMS, "stack", stack, "--seconds", effort.stack_seconds)
        get, post = (Sample(**found[kind]) for kind in ("get", "post"))
        progress(f"Stacks, round {turn}: {stack}: GET {get.cpu_ns:,.0f} ns, POST {post.cpu_ns:,.0f} ns of processor time")
        return get, post

    return taking_turns(STACKS, effort.rounds, run)


def texts(folder, effort):
    sizes = _ask(ROOMS, "texts", folder)
    everybody = [(text, who) for text, (_, readers) in TEXTS.items() for who in readers]

    def run(one, turn):
        text, who = one
        arguments = [TEXTS[text][0], folder / f"{text}.json"]
        if who == MAINSTAY:
            found = _ask(ROOMS, "text", *arguments, "--seconds", effort.text_seconds)
        else:
            found = _ask("node", SANITISE / "sanitise.mjs", who, *arguments, effort.text_seconds)
        sample = Sample(found["count"], found["seconds"], found["cpu_seconds"])
        progress(f"Texts, round {turn}: {text}, {who}: {sample.per_second:,.0f} texts/s")
        return sample, found["bytes"] / found["texts"]

    return {"sizes": sizes, "texts": taking_turns(everybody, effort.rounds, run)}


def appends(folder, effort):
    postmaster = postgres.process()
    everybody = [(database, writers, log) for database in LOGS for writers in effort.writers for log in LOGS[database]]

    def run(one, turn):
        database, writers, log = one
        with _Place(folder, database, postmaster) as place:
            found = _ask(ROOMS, "appends", log, *place.options, "--writers", writers, "--seconds", effort.append_seconds)
        for part in ("writing", "until_sealed"):
            found[part] = Sample(**found[part])
        cost = f"{found['writing'].per_second:,.0f} units/s, {found['until_sealed'].all_cpu_us:,.0f} µs of processor time each"
        progress(f"Audit logs, round {turn}: {database}, {writers} writing, {log}: {cost}")
        return found

    return taking_turns(everybody, effort.rounds, run)


def histories(folder, effort):
    postmaster = postgres.process()
    figures = {}
    for database in LOGS:
        progress(f"A long audit log: {database}")
        amount = ["--entries", effort.history, "--rounds", effort.history_rounds]
        with _Place(folder, database, postmaster) as place:
            figures[database] = _ask(ROOMS, "history", *place.options, *amount)
        for samples in figures[database].values():
            if isinstance(samples, list):
                samples[:] = [Sample(**sample) for sample in samples]
    return figures


class _Place:
    """An empty database and a folder, for one run."""

    def __init__(self, folder, database, postmaster):
        self.folder = folder / "run"
        self.database = database
        self.postmaster = postmaster

    def __enter__(self):
        self.folder.mkdir()
        self.options = ["--folder", self.folder]
        if self.database == "PostgreSQL":
            self.options += ["--database", postgres.make(DATABASE), "--postmaster", self.postmaster]
            postgres.ask("CHECKPOINT")
        else:
            self.options += ["--database", f"sqlite:{self.folder / 'mainstay.sqlite'}"]
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder)
        if self.database == "PostgreSQL":
            postgres.drop(DATABASE)


def _ask(*command):
    """Runs a program and reads the one JSON document that it prints."""
    command = [str(part) for part in command]
    done = subprocess.run(command, env=clean_environment(), capture_output=True, text=True)
    if done.returncode != 0:
        raise Trouble(f"`{' '.join(command)}` failed:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout)
