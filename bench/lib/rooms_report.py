"""The rooms' figures as Markdown, for the terminal and for bench/README.md."""

import tomllib
from statistics import median

from . import machine, packages, rooms
from .tables import spread, table

STACKS = {
    "bare": "axum alone",
    "idle": "axum, with nine layers that do nothing",
    "guard": "Mainstay's guard",
    "guard-silent": "Mainstay's guard, no access log",
    "usual": "tower-http, tower_governor, garde",
    "usual-silent": "the same, no line for each request",
}
TEXTS = {
    "chat": "messages of a chat",
    "stored": "the same, read back from where they are stored",
    "rich": "descriptions with links",
    "hostile": "attacks, as descriptions",
    "source": "source code, escaped",
}
READERS = {
    rooms.MAINSTAY: "Mainstay",
    rooms.DOMPURIFY: "isomorphic-dompurify",
    rooms.SANITIZE_HTML: "sanitize-html",
    rooms.VALIDATOR: "validator",
}
LOGS = {
    rooms.NONE: "no audit log",
    rooms.PLAIN: "a plain table",
    rooms.LEDGER: "Mainstay's ledger",
    rooms.CHAINED: "a chain carried on by each unit, read committed",
    rooms.CHAINED_SERIALISABLE: "a chain carried on by each unit, serialisable",
}
HISTORIES = {
    "seal": "sealing",
    "verify": "verifying, with the ledger's keys",
    "verify_public": "verifying, with the public key",
    "export": "exporting",
    "verify_export": "verifying the export, with the public key",
}
# With so many writers, how many times as many units a second may a plain table take.
WRITERS, TIMES = 8, 1.5


def write(surroundings, figures, effort):
    parts = [
        the_machine(surroundings, effort),
        aims(figures),
        stacks(figures),
        texts(figures),
        appends(figures, effort),
        histories(figures, effort),
    ]
    return "\n\n".join(parts) + "\n"


def the_machine(surroundings, effort):
    names = [name for who, name in READERS.items() if who != rooms.MAINSTAY] + ["dompurify", "jsdom"]
    versions = ", ".join(f"{name} {packages.version(rooms.SANITISE, name)}" for name in names)
    seconds = (
        f"stacks {effort.stack_seconds} s for each kind of request, texts {effort.text_seconds} s, audit logs"
        f" {effort.append_seconds} s"
    )
    pairs = surroundings + [
        ("Compared with", f"{crate_versions()}, {versions}"),
        ("Runs", f"{effort.rounds} each, in alternating order, each in a process of its own; {seconds}"),
    ]
    return "\n".join(f"- {name}: {value}" for name, value in pairs) + (
        "\n\nEach cell is the median, with the smallest and the largest of all runs in brackets."
    )


def crate_versions():
    """The versions of the crates that guard is compared with."""
    lock = tomllib.loads((machine.ROOT / "Cargo.lock").read_text())
    wanted = ("tower-http", "tower_governor", "governor", "garde")
    newest = {package["name"]: package["version"] for package in lock["package"] if package["name"] in wanted}
    return ", ".join(f"{name} {newest[name]}" for name in wanted)


def aims(figures):
    """What we want of Mainstay, held against the medians."""
    rows = []
    for database in rooms.LOGS:
        times = median(times_as_many(figures, database, WRITERS, rooms.PLAIN, rooms.LEDGER))
        label = f"a plain table / the ledger, units per second of {WRITERS} writers, {database}"
        rows.append([label, f"{TIMES} or less", f"{times:.2f}", "met" if times <= TIMES else "missed"])
    return "### Aims for rooms\n\n" + table(["Medians of this run", "aim", "Mainstay", ""], rows)


def times_as_many(figures, database, writers, one, other):
    """How many times as many units a second one log takes as another, run against run of the same round."""
    pairs = zip(figures.appends[database, writers, one], figures.appends[database, writers, other])
    return [a["writing"].per_second / b["writing"].per_second for a, b in pairs]


def stacks(figures):
    rows = []
    for stack, label in STACKS.items():
        cells = []
        for kind in (0, 1):
            samples = [run[kind] for run in figures.stacks[stack]]
            bare = [run[kind] for run in figures.stacks["bare"]]
            more = spread(sample.cpu_ns - alone.cpu_ns for sample, alone in zip(samples, bare))
            cells += [spread(sample.cpu_ns for sample in samples), "–" if stack == "bare" else more]
        rows.append([label, *cells])
    head = ["Nanoseconds of processor time for a request", "GET", "more than alone", "POST", "more than alone"]
    return f"### The guard around a request\n\n{table(head, rows)}\n\n{stack_ratios(figures)}"


def stack_ratios(figures):
    rows = []
    for ours, theirs, label in (("guard", "usual", "all of it"), ("guard-silent", "usual-silent", "no line for each request")):
        cells = []
        for kind in (0, 1):
            runs = list(zip(figures.stacks[ours], figures.stacks[theirs], figures.stacks["bare"]))
            of_all = (a[kind].cpu_ns / b[kind].cpu_ns for a, b, _ in runs)
            cells.append(spread(of_all, "{:.2f}"))
        rows.append([label, *cells])
    head = ["Mainstay's guard / tower-http and others, processor time", "GET", "POST"]
    return table(head, rows)


def texts(figures):
    rows = []
    for text, (_, readers) in rooms.TEXTS.items():
        for who in readers:
            runs = figures.texts[text, who]
            ours = figures.texts[text, rooms.MAINSTAY]
            rates = [megabytes(run) for run in runs]
            times = spread((megabytes(a) / megabytes(b) for a, b in zip(ours, runs)), "{:.1f}")
            rows.append([
                f"{TEXTS[text]}: {READERS[who]}",
                spread(rates, "{:,.2f}"),
                spread(sample.per_second for sample, _ in runs),
                "–" if who == rooms.MAINSTAY else times,
            ])
    head = ["One core", "MB per CPU-second", "texts/s", "Mainstay / this"]
    sizes = ", ".join(f"{TEXTS[text]} {figures.sizes[text] / 1e3:,.0f} kB" for text in rooms.TEXTS)
    return f"### Safe text\n\nOnce through all texts: {sizes}.\n\n{table(head, rows)}"


def megabytes(run):
    """Megabytes of input for each second of the processor."""
    sample, bytes_each = run
    return sample.count * bytes_each / sample.cpu_seconds / 1e6


def appends(figures, effort):
    parts = ["### Audit log"]
    for database, logs in rooms.LOGS.items():
        for writers in effort.writers:
            rows = [append_row(figures, database, writers, log) for log in logs]
            who = "1 writer" if writers == 1 else f"{writers} writers"
            head = [f"{database}, {who}", "units/s", "a plain table / this", "processor time for each, µs"]
            head += ["p50, ms", "p99, ms", "tried again", "given up", "waiting at the end", "until sealed, s"]
            parts.append(table(head, rows))
    return "\n\n".join(parts)


def append_row(figures, database, writers, log):
    runs = figures.appends[database, writers, log]
    ledger = log == rooms.LEDGER
    return [
        LOGS[log],
        spread(run["writing"].per_second for run in runs),
        "–" if log == rooms.PLAIN else spread(times_as_many(figures, database, writers, rooms.PLAIN, log), "{:.2f}"),
        spread(run["until_sealed"].all_cpu_us for run in runs),
        spread((run["p50_ms"] for run in runs), "{:.1f}"),
        spread((run["p99_ms"] for run in runs), "{:.1f}"),
        spread((run["again"] / run["writing"].count for run in runs), "{:.0%}"),
        spread(run["given_up"] for run in runs),
        spread(run["waiting"] for run in runs) if ledger else "–",
        spread((run["until_sealed"].seconds - run["writing"].seconds for run in runs), "{:.1f}") if ledger else "–",
    ]


def histories(figures, effort):
    rows = []
    for part, label in HISTORIES.items():
        for database, history in figures.histories.items():
            samples = history[part]
            rows.append([
                f"{label}, {database}",
                spread(sample.per_second for sample in samples),
                spread((sample.all_cpu_us for sample in samples), "{:,.1f}"),
                spread((sample.seconds / sample.count * effort.history for sample in samples), "{:,.1f}"),
            ])
    head = ["", "entries/s", "processor time for each, µs", f"for {effort.history:,} entries, s"]
    size = median(history["export_bytes"] for history in figures.histories.values())
    words = f"{effort.history:,} entries. The export has {size / 1e6:,.0f} MB, {size / effort.history:,.0f} bytes for each entry."
    return f"### A long audit log\n\n{words}\n\n{table(head, rows)}"
