"""Load from wrk, and what it cost the server."""

import json
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from . import processes
from .console import Trouble
from .servers import client_address, email

SCRIPT = Path(__file__).with_name("load.lua")
POLL_CONNECTIONS, POLL_PAUSE_MS = 2, 25
ADDRESSES_EACH = 64
# A Lua pattern whose capture is what an answer names.
NAMES_SOMEBODY = '"email":"([^"]+)"'


@dataclass
class Sample:
    """One run of wrk."""

    per_second: float
    p50: float
    p95: float
    p99: float
    requests: int
    server_cpu: float = 0.0
    database_cpu: float = 0.0

    @property
    def server_cpu_us(self):
        """Microseconds that the server's process computes for one request."""
        return self.server_cpu / self.requests * 1e6

    @property
    def cpu_us(self):
        """The same with PostgreSQL's processes."""
        return (self.server_cpu + self.database_cpu) / self.requests * 1e6


class Plan:
    """A file with requests for wrk, which sends them in turn; with `once`, each of them only once."""

    def __init__(self, server, lines, pattern=NAMES_SOMEBODY, once=False):
        self.server, self.pattern, self.once = server, pattern, once
        self.file = tempfile.NamedTemporaryFile("w", suffix=".plan")
        self.file.writelines("\t".join(line) + "\n" for line in lines)
        self.file.flush()


def plan_of_checks(server, sessions):
    """Who am I? Asked with the sessions of different people: their numbers with their cookies."""
    lines = [("GET", server.kind.me, client_address(number), cookie, "", email(number)) for number, cookie in sessions]
    return Plan(server, lines)


def plan_of_sign_ins(server, numbers):
    """These people in turn, each from many addresses, as the servers see it."""
    people = [(email(number), json.dumps(server.credentials(number))) for number in numbers]
    lines = [
        ("POST", server.kind.sign_in, client_address(turn * len(people) + place), "", body, who)
        for turn in range(ADDRESSES_EACH)
        for place, (who, body) in enumerate(people)
    ]
    return Plan(server, lines)


def start(plan, seconds, connections, pause_ms=0):
    """Starts wrk. Nobody has to wait in a plan with a pause, so its figures are those of a calm visitor."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s", "-s", str(SCRIPT)]
    command += [f"http://{plan.server.address}/", "--", plan.file.name, plan.pattern, str(pause_ms)]
    command += ["once"] if plan.once else []
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def finish(wrk, plan):
    """Waits for wrk. One wrong answer is one too many."""
    output = wrk.communicate()[0]
    line = next((line for line in output.splitlines() if line.startswith("RESULT ")), None)
    if wrk.returncode != 0 or not line:
        raise Trouble(f"wrk failed against {plan.server.name}:\n{output[-2000:]}")
    result = json.loads(line.removeprefix("RESULT "))
    if not result["requests"]:
        raise Trouble(f"{plan.server.name} answered nothing in {result['seconds']:.0f} s; is this machine too busy?")
    if result["wrong"] or result["broken"]:
        raise Trouble(
            f"{plan.server.name} gave {result['wrong']} wrong answers and {result['broken']} broken connections"
            f" to {result['requests']} requests. The last: {result['complaint'] or 'none'}"
        )
    per_second = result["requests"] / result["seconds"]
    return Sample(per_second, result["p50"], result["p95"], result["p99"], result["requests"])


def poll(plan, seconds):
    """A calm visitor: few requests, each a while after the last."""
    return finish(start(plan, seconds, POLL_CONNECTIONS, POLL_PAUSE_MS), plan)


def full(plan, seconds, connections, postgres):
    """As many requests as the connections carry, with what they cost the server and PostgreSQL."""
    with Meter(plan.server, postgres) as meter:
        sample = finish(start(plan, seconds, connections), plan)
    return meter.charge(sample)


def storm(plan, visitor, seconds, connections, postgres):
    """The same, while a calm visitor goes on asking; answers both samples."""
    with Meter(plan.server, postgres) as meter:
        wrk = start(plan, seconds, connections)
        try:
            calm = poll(visitor, seconds)
        finally:
            output = finish(wrk, plan)
    return meter.charge(output), calm


class Meter:
    """Reads the processors' time for a server, and for PostgreSQL when it uses that, before and after."""

    def __init__(self, server, postgres):
        self.server = server
        self.postgres = postgres if server.database == "PostgreSQL" else None

    def __enter__(self):
        self.before = self._read()
        return self

    def __exit__(self, *_):
        self.after = self._read()
        processes.wait_until_idle(self.server.pid)

    def _read(self):
        database = processes.family_cpu_seconds(self.postgres) if self.postgres else 0
        return processes.cpu_seconds(self.server.pid), database

    def charge(self, sample):
        sample.server_cpu, sample.database_cpu = (b - a for a, b in zip(self.before, self.after))
        return sample
