"""The figures as Markdown, for the terminal and for bench/README.md."""

import re
from pathlib import Path

from . import machine, servers
from .console import Trouble
from .tables import spread, table

README = Path(__file__).resolve().parents[1] / "README.md"
SECTION = re.compile(r"(<!-- figures: written by bench/run --write -->\n).*(<!-- end of the figures -->\n)", re.DOTALL)


def write(surroundings, everybody, figures, effort):
    parts = [
        the_machine(surroundings, effort),
        footprint(figures),
        starts(figures),
        who_am_i(figures, effort),
        sign_in(figures, effort),
        ratios(everybody, figures),
    ]
    return "\n\n".join(parts) + "\n"


def the_machine(surroundings, effort):
    pairs = surroundings + [
        ("Better Auth", servers.better_auth_version()),
        ("Users", f"{effort.users:,} in each database"),
        ("Runs", f"{effort.rounds} of {effort.seconds} s each, in alternating order"),
    ]
    return "\n".join(f"- {name}: {value}" for name, value in pairs) + (
        "\n\nEach cell is the median, with the smallest and the largest of all runs in brackets."
    )


def footprint(figures):
    size = machine.MAINSTAY.stat().st_size / 1024 / 1024
    rows = [
        [name, *("–" if value is None else f"{value:.0f}" for value in vars(memory).values())]
        for name, memory in figures.memory.items()
    ]
    head = ["Memory of the server's process, MiB", "idle, RSS", "idle, PSS"]
    head += ["RSS after all runs of who am I", "RSS after all runs of signing in"]
    return f"### Size\n\nThe binary, web UI included: {size:.0f} MiB.\n\n{table(head, rows)}"


def starts(figures):
    rows = [[label, spread((value * 1000 for value in seconds))] for label, seconds in figures.starts.items()]
    return "### Start\n\n" + table(["From the start of the process to the first good answer about its health", "ms"], rows)


def who_am_i(figures, effort):
    rows = []
    for name, samples in figures.me.items():
        with_database = any(sample.database_cpu for sample in samples)
        rows.append([
            name,
            spread(sample.per_second for sample in samples),
            spread(1e6 / sample.server_cpu_us for sample in samples),
            spread(1e6 / sample.cpu_us for sample in samples) if with_database else "–",
            *(spread((getattr(sample, part) for sample in samples), "{:.1f}") for part in ("p50", "p95", "p99")),
        ])
    head = [f"{effort.me_connections} connections", "requests/s", "per CPU-second of the server"]
    head += ["per CPU-second with PostgreSQL's", "p50, ms", "p95, ms", "p99, ms"]
    return "### Who am I\n\n" + table(head, rows)


def sign_in(figures, effort):
    rows = []
    for name, storms in figures.storms.items():
        rows.append([
            name,
            spread((storm.sign_ins.per_second for storm in storms), "{:,.1f}"),
            spread((1e6 / storm.sign_ins.server_cpu_us for storm in storms), "{:,.1f}"),
            spread((storm.sign_ins.p95 for storm in storms)),
            spread((storm.calm.p95 for storm in storms), "{:.1f}"),
            spread((storm.meanwhile.p95 for storm in storms), "{:.1f}"),
        ])
    head = [f"{effort.sign_in_connections} connections", "sign-ins/s", "per CPU-second of the server", "p95, ms"]
    head += ["p95 of who-am-I before, ms", "p95 of who-am-I meanwhile, ms"]
    memory, passes = servers.argon2_parameters()
    hashes = (
        f"Mainstay and Better Auth marked with Argon2id: Argon2id with m={memory} KiB, t={passes}, p=1."
        " Better Auth's own: scrypt with N=16384, r=16, p=1 (32 MiB)."
    )
    return f"### Signing in\n\n{hashes}\n\n{table(head, rows)}"


def ratios(everybody, figures):
    ours, ours_sqlite = everybody.ours.name, everybody.ours_sqlite.name
    theirs = everybody.theirs.name
    rows = []
    if everybody.theirs_sqlite:
        rows.append(ratio("who am I, SQLite", figures.me[ours_sqlite], figures.me[everybody.theirs_sqlite.name]))
    rows.append(ratio("who am I, PostgreSQL", figures.me[ours], figures.me[theirs]))
    cached = figures.me[everybody.theirs_cached.name]
    rows.append(ratio("who am I, PostgreSQL, they with a cookie cache", figures.me[ours], cached))
    sign_ins = {name: [storm.sign_ins for storm in storms] for name, storms in figures.storms.items()}
    rows.append(ratio("sign-in, PostgreSQL, each with its own hash", sign_ins[ours], sign_ins[theirs]))
    rows.append(ratio("sign-in, PostgreSQL, both with Argon2id", sign_ins[ours], sign_ins[everybody.theirs_argon2.name]))
    memory = figures.memory[ours].pss / figures.memory[theirs].pss
    rows.append(["idle memory (PSS), PostgreSQL", "", f"{memory:.2f}"])
    text = table(["Mainstay / Better Auth", "requests/s", "CPU or memory"], rows)
    missing = "" if everybody.theirs_sqlite else "\n\nBetter Auth's SQLite driver could not be built here."
    words = "Run against run of the same round. CPU is that of the server and of PostgreSQL for one request."
    return f"### Ratios\n\n{words}\n\n{text}{missing}"


def ratio(label, ours, theirs):
    pairs = list(zip(ours, theirs))
    return [
        label,
        spread((a.per_second / b.per_second for a, b in pairs), "{:.2f}"),
        spread((a.cpu_us / b.cpu_us for a, b in pairs), "{:.2f}"),
    ]


def into_readme(figures):
    """Replaces what stands between the two comments."""
    text = README.read_text()
    if not SECTION.search(text):
        raise Trouble(f"{README} has lost the comments that the figures stand between")
    README.write_text(SECTION.sub(lambda found: f"{found[1]}\n{figures}\n{found[2]}", text))
