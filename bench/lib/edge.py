"""The street gate next to HAProxy and nginx, in turn, in front of the same application."""

import asyncio
import json
import resource
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from . import edge_gates as gates
from . import edge_secrets as secrets
from . import edge_tunnels as tunnels
from .console import Trouble, progress

SCRIPT = Path(__file__).with_name("edge.lua")
PLAIN, PAUSING, TLS, CHECKED = "plain HTTP", "plain HTTP with pauses", "TLS", "tokens and limits"
PAUSE_MS = 3


@dataclass(frozen=True)
class Effort:
    rounds: int = 5
    seconds: int = 6
    warm_up_seconds: int = 2
    connections: int = 64
    people: int = 1000
    tunnels: int = 2000


QUICK = Effort(rounds=2, seconds=2, warm_up_seconds=1, people=50, tunnels=200)


@dataclass
class Sample:
    """One run of wrk, and what it cost the gate."""

    per_second: float
    cpu_us: float
    p50: float
    p99: float


@dataclass
class Figures:
    """What came out; lists hold one entry for each round."""

    loads: dict = field(default_factory=dict)
    idle_kib: dict = field(default_factory=dict)
    tunnel_kib: dict = field(default_factory=dict)


def measure(folder, effort):
    figures = Figures()
    certificate, tokens = secrets.certificate(folder), secrets.tokens(folder, effort.people)
    with gates.upstream(folder / "upstream") as target:
        port = target.port
        plain = [
            gates.mainstay(folder / "plain-ours", port),
            gates.haproxy(folder / "plain-haproxy", port),
            gates.nginx(folder / "plain-nginx", port),
        ]
        everybody = {
            PLAIN: plain,
            PAUSING: plain,
            TLS: [
                gates.mainstay(folder / "tls-ours", port, certificate),
                gates.haproxy(folder / "tls-haproxy", port, certificate),
                gates.nginx(folder / "tls-nginx", port, certificate),
            ],
            CHECKED: [
                gates.checked(folder / "checked-ours", port, tokens.key_set),
                gates.haproxy(folder / "checked-haproxy", port, verified=tokens.public_key),
                gates.unchecked(folder / "unchecked-ours", port),
            ],
        }
        for kind, group in everybody.items():
            said = [PAUSE_MS if kind == PAUSING else 0] + ([tokens.file] if kind == CHECKED else [])
            figures.loads[kind] = loads(kind, group, effort, said)
    figures.idle_kib, figures.tunnel_kib = open_tunnels(folder, effort)
    return figures


def loads(kind, group, effort, said):
    samples = {gate.name: [] for gate in group}
    for turn in range(effort.rounds):
        for gate in group if turn % 2 == 0 else reversed(group):
            with gate:
                load(gate, effort.warm_up_seconds, effort.connections, said)
                sample = load(gate, effort.seconds, effort.connections, said)
            samples[gate.name].append(sample)
            cost = f"{sample.per_second:,.0f}/s, {sample.cpu_us:.1f} µs of processor time each, p99 {sample.p99:.1f} ms"
            progress(f"{kind}, round {turn + 1}: {gate.name}: {cost}")
    return samples


def load(gate, seconds, connections, said):
    """`said` is what the script is told."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s", "-s", str(SCRIPT), gate.url]
    command += ["--", *map(str, said)]
    before = gate.cpu_seconds()
    done = subprocess.run(command, capture_output=True, text=True)
    cpu = gate.cpu_seconds() - before
    line = next((line for line in done.stdout.splitlines() if line.startswith("RESULT ")), None)
    if not line:
        raise Trouble(f"wrk failed against {gate.name}:\n{done.stdout[-1000:]}{done.stderr[-1000:]}")
    result = json.loads(line.removeprefix("RESULT "))
    if result["wrong"] or result["broken"] or not result["requests"]:
        raise Trouble(f"{gate.name} gave wrong answers: {result}")
    requests = result["requests"]
    return Sample(requests / result["seconds"], cpu / requests * 1e6, result["p50"], result["p99"])


def open_tunnels(folder, effort):
    """Memory of each gate: idle, and what each open connection adds."""
    # A connection is two descriptors of the gate, one of the clients, one of the application.
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    port, place = gates.free_port(), folder / "echo"
    command = [sys.executable, tunnels.__file__, str(port)]
    idle, each = {}, {}
    with gates.Program("application", command, place, port):
        for turn in range(effort.rounds):
            for make in (gates.mainstay, gates.haproxy, gates.nginx):
                with make(folder / f"tunnels-{make.__name__}-{turn}", port) as gate:
                    before, after = asyncio.run(memory_of(gate, effort.tunnels))
                    idle.setdefault(gate.name, []).append(before)
                    each.setdefault(gate.name, []).append((after - before) / effort.tunnels)
                progress(f"Tunnels, round {turn + 1}: {gate.name}: {each[gate.name][-1]:.1f} KiB each")
    return idle, each


async def memory_of(gate, count):
    # What a gate needs once must not count as the first connection's.
    for _, writer in await tunnels.open_all(gate.port, 1):
        writer.close()
    time.sleep(1)
    before = gate.memory_kib()
    opened = await tunnels.open_all(gate.port, count)
    after = gate.memory_kib()
    for reader, writer in opened:
        await tunnels.say(reader, writer)
        writer.close()
    return before, after
