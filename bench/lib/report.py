"""The servers' figures as Markdown, for the terminal and for bench/README.md."""

from statistics import median

from . import machine, servers
from .tables import spread, table


def write(surroundings, everybody, figures, effort):
    parts = [
        the_machine(surroundings, effort),
        aims(everybody, figures),
        ratios(everybody, figures),
        footprint(figures, effort),
        starts(figures),
        session_checks(figures, effort),
        renewals(figures, effort),
        sign_in(figures, effort),
    ]
    return "\n\n".join(parts) + "\n"


def the_machine(surroundings, effort):
    pairs = surroundings + [
        ("Load generator", machine.load_generator()),
        ("Better Auth", servers.better_auth_version()),
        ("Users", f"{effort.users:,} in each database"),
        ("Live sessions", f"{effort.signed_in:,} begun by signing in; then {effort.live:,}, the rest put in by SQL"),
        (
            "Runs",
            f"{effort.rounds} each, in alternating order; session checks {effort.seconds} s, renewals"
            f" {effort.renewal_seconds} s, storms of sign-ins {effort.sign_in_seconds} s",
        ),
    ]
    return "\n".join(f"- {name}: {value}" for name, value in pairs) + (
        "\n\nEach cell is the median, with the smallest and the largest of all runs in brackets."
    )


def footprint(figures, effort):
    size = machine.MAINSTAY.stat().st_size / 1024 / 1024
    rows = [
        [name, *("–" if value is None else f"{value:.0f}" for value in vars(memory).values())]
        for name, memory in figures.memory.items()
    ]
    head = ["Memory of the server's process, MiB", "idle, RSS", "idle, PSS"]
    head += [f"{count:,} live sessions, PSS" for count in (effort.signed_in, effort.live)]
    head += ["after all storms of sign-ins, PSS"]
    return f"### Size\n\nThe binary, web UI included: {size:.0f} MiB.\n\n{table(head, rows)}"


def starts(figures):
    rows = [[label, spread((value * 1000 for value in seconds))] for label, seconds in figures.starts.items()]
    return "### Start\n\n" + table(["From the start of the process to the first good answer about its health", "ms"], rows)


def session_checks(figures, effort):
    return "### Session checks\n\n" + requests(figures.checks, effort.check_connections, "checks/s")


def renewals(figures, effort):
    words = (
        "Mainstay: a refresh token is exchanged for the next, with a new access token. Better Auth has no such thing;"
        " its session gets a new end, and the browser its cookie again."
    )
    return f"### Renewals\n\n{words}\n\n" + requests(figures.renewals, effort.renewal_connections, "renewals/s")


def requests(figures, connections, rate):
    rows = []
    for name, samples in figures.items():
        with_database = any(sample.database_cpu for sample in samples)
        rows.append([
            name,
            spread(sample.per_second for sample in samples),
            spread(1e6 / sample.server_cpu_us for sample in samples),
            spread(1e6 / sample.cpu_us for sample in samples) if with_database else "–",
            *(spread((getattr(sample, part) for sample in samples), "{:.1f}") for part in ("p50", "p95", "p99")),
        ])
    head = [f"{connections} connections", rate, "per CPU-second of the server"]
    head += ["per CPU-second with PostgreSQL's", "p50, ms", "p95, ms", "p99, ms"]
    return table(head, rows)


def sign_in(figures, effort):
    rows = []
    for name, storms in figures.storms.items():
        rows.append([
            name,
            spread((storm.sign_ins.per_second for storm in storms), "{:,.1f}"),
            spread((1e6 / storm.sign_ins.server_cpu_us for storm in storms), "{:,.1f}"),
            spread(storm.sign_ins.p95 for storm in storms),
            spread((storm.calm.p99 for storm in storms), "{:.1f}"),
            spread((storm.meanwhile.p99 for storm in storms), "{:.1f}"),
        ])
    head = [f"{effort.sign_in_connections} connections", "sign-ins/s", "sign-ins/s per core", "p95, ms"]
    head += ["p99 of session checks before, ms", "p99 of session checks meanwhile, ms"]
    memory, passes = servers.argon2_parameters()
    words = (
        f"Mainstay and Better Auth marked with Argon2id: Argon2id with m={memory} KiB, t={passes}, p=1."
        " Better Auth's own: scrypt with N=16384, r=16, p=1 (32 MiB). Per core: for each CPU-second of the server."
    )
    return f"### Signing in\n\n{words}\n\n{table(head, rows)}"


def rivals(everybody):
    """Ours and theirs on the same kind of database."""
    pairs = [("PostgreSQL", everybody.ours, everybody.theirs)]
    if everybody.theirs_sqlite:
        pairs.insert(0, ("SQLite", everybody.ours_sqlite, everybody.theirs_sqlite))
    return [(database, ours.name, theirs.name) for database, ours, theirs in pairs]


def ratios(everybody, figures):
    sign_ins = {name: [storm.sign_ins for storm in storms] for name, storms in figures.storms.items()}
    rows = []
    for label, samples in (
        ("session checks", figures.checks),
        ("renewals", figures.renewals),
        ("sign-ins, each with its own hash", sign_ins),
    ):
        for database, ours, theirs in rivals(everybody):
            rows.append(ratio(f"{label}, {database}", samples[ours], samples[theirs]))
    ours = everybody.ours.name
    cached = figures.checks[everybody.theirs_cached.name]
    rows.append(ratio("session checks, PostgreSQL, they with a cookie cache", figures.checks[ours], cached))
    argon2 = sign_ins[everybody.theirs_argon2.name]
    rows.append(ratio("sign-ins, PostgreSQL, both with Argon2id", sign_ins[ours], argon2))
    head = ["Mainstay / Better Auth", "per second", "per CPU-second of the server", "per CPU-second with PostgreSQL's"]
    missing = "" if everybody.theirs_sqlite else "\n\nBetter Auth's SQLite driver could not be built here."
    words = "How many times as many, run against run of the same round."
    return f"### Ratios\n\n{words}\n\n{table(head, rows)}{missing}"


def ratio(label, ours, theirs):
    pairs = list(zip(ours, theirs))
    with_database = any(sample.database_cpu for sample in ours)
    return [
        label,
        spread((a.per_second / b.per_second for a, b in pairs), "{:.2f}"),
        spread((b.server_cpu_us / a.server_cpu_us for a, b in pairs), "{:.2f}"),
        spread((b.cpu_us / a.cpu_us for a, b in pairs), "{:.2f}") if with_database else "–",
    ]


def aims(everybody, figures):
    """What we want of Mainstay, held against the medians."""
    rows = []

    def aim(label, limit, value, met):
        rows.append([label, limit, f"{value:,.1f}", "met" if met else "missed"])

    for database, ours, theirs in rivals(everybody):
        pairs = zip(figures.checks[ours], figures.checks[theirs])
        times = median(theirs.server_cpu_us / ours.server_cpu_us for ours, theirs in pairs)
        aim(f"session checks per CPU-second of the server / Better Auth's, {database}", "10 or more", times, times >= 10)
    for server in (everybody.ours_sqlite, everybody.ours):
        p99 = median(storm.meanwhile.p99 for storm in figures.storms[server.name])
        aim(f"p99 of session checks in a storm of sign-ins, {server.database}, ms", "less than 20", p99, p99 < 20)
    for server in (everybody.ours_sqlite, everybody.ours):
        rss = figures.memory[server.name].idle_rss
        aim(f"idle memory (RSS), {server.database}, MiB", "less than 64", rss, rss < 64)
    ours = [seconds for label, seconds in figures.starts.items() if label.startswith("Mainstay")]
    slowest = max(median(seconds) for seconds in ours) * 1000
    aim("slowest kind of start, ms", "less than 200", slowest, slowest < 200)
    return "### Aims\n\n" + table(["Medians of this run", "aim", "Mainstay", ""], rows)
