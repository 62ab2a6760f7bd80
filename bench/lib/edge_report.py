"""The gates' figures as Markdown, for the terminal and for bench/README.md."""

import subprocess
from statistics import median

from . import edge, machine
from .edge_gates import CORES, HAPROXY, OURS, UNCHECKED
from .tables import spread, table

MOST_CPU, LEAST_RATE, MOST_CHECKS_US, MOST_TUNNEL_KIB = 1.3, 0.75, 5, 25


def write(surroundings, figures, effort):
    parts = [the_machine(surroundings, effort), aims(figures), ratios(figures)]
    parts += [loads(kind, samples, effort) for kind, samples in figures.loads.items()]
    parts += [memory(figures, effort)]
    return "\n\n".join(parts) + "\n"


def versions():
    def said(*command):
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        return done.stdout.splitlines()[0].strip()

    return {
        "HAProxy": said("haproxy", "-v").removeprefix("HAProxy version ").split(" ")[0],
        "nginx": said("nginx", "-v").rpartition("/")[2],
    }


def the_machine(surroundings, effort):
    pairs = surroundings + [
        ("Load generator", f"{machine.load_generator()}, one thread, {effort.connections} connections that stay open"),
        ("Gates", f"{CORES} threads or workers each; application: one worker of nginx, 1 KiB; all on this machine"),
        ("Runs", f"{effort.rounds} each, in alternating order, {effort.seconds} s, each with a new process"),
    ]
    return "\n".join(f"- {name}: {value}" for name, value in pairs) + (
        "\n\nEach cell is the median, with the smallest and the largest of all runs in brackets."
    )


def against_haproxy(figures, kind, part):
    pairs = zip(figures.loads[kind][OURS], figures.loads[kind][HAPROXY])
    return [getattr(ours, part) / getattr(theirs, part) for ours, theirs in pairs]


def checks_us(figures):
    """What tokens and limits add to a request of ours, in runs of the same round."""
    gates = figures.loads[edge.CHECKED]
    return [checked.cpu_us - not_checked.cpu_us for checked, not_checked in zip(gates[OURS], gates[UNCHECKED])]


def aims(figures):
    """What we want, held against the medians."""
    rate, cpu, p99 = (median(against_haproxy(figures, edge.PLAIN, part)) for part in ("per_second", "cpu_us", "p99"))
    pausing = median(against_haproxy(figures, edge.PAUSING, "p99"))
    checks, tunnel = median(checks_us(figures)), median(figures.tunnel_kib[OURS])
    wanted = [
        ("requests/s / HAProxy's", f"{LEAST_RATE} or more", f"{rate:.2f}", rate >= LEAST_RATE),
        ("processor time / HAProxy's", f"{MOST_CPU} or less", f"{cpu:.2f}", cpu <= MOST_CPU),
        ("p99 / HAProxy's", "1 or less", f"{p99:.2f}", p99 <= 1),
        ("p99 / HAProxy's, with pauses", "1 or less", f"{pausing:.2f}", pausing <= 1),
        ("tokens and limits, µs", f"less than {MOST_CHECKS_US}", f"{checks:.1f}", checks < MOST_CHECKS_US),
        ("an open WebSocket, KiB", f"less than {MOST_TUNNEL_KIB}", f"{tunnel:.1f}", tunnel < MOST_TUNNEL_KIB),
    ]
    rows = [[label, aim, value, "met" if met else "missed"] for label, aim, value, met in wanted]
    return "### Aims\n\n" + table(["Medians of this run", "aim", "mainstay edge", ""], rows)


def ratios(figures):
    rows = [
        [kind, *(spread(against_haproxy(figures, kind, part), "{:.2f}") for part in ("per_second", "cpu_us", "p99"))]
        for kind in figures.loads
    ]
    head = ["mainstay edge / HAProxy, run against run", "requests/s", "processor time", "p99"]
    return "### Ratios\n\n" + table(head, rows)


def loads(kind, samples, effort):
    rows = [
        [
            name,
            spread(sample.per_second for sample in runs),
            spread((sample.cpu_us for sample in runs), "{:.1f}"),
            spread((sample.p50 for sample in runs), "{:.1f}"),
            spread((sample.p99 for sample in runs), "{:.1f}"),
        ]
        for name, runs in samples.items()
    ]
    head = [f"{effort.connections} connections", "requests/s", "processor time each, µs", "p50, ms", "p99, ms"]
    return f"### {kind[0].upper()}{kind[1:]}\n\n{table(head, rows)}"


def memory(figures, effort):
    rows = [
        [name, spread((kib / 1024 for kib in figures.idle_kib[name]), "{:.1f}"), spread(each, "{:.1f}")]
        for name, each in figures.tunnel_kib.items()
    ]
    head = ["Memory (PSS)", "idle, MiB", f"each of {effort.tunnels:,} open WebSocket connections, KiB"]
    return f"### Memory\n\n{table(head, rows)}"
