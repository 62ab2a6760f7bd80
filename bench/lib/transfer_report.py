"""The moves' figures as Markdown, for the terminal and for bench/README.md."""

from statistics import median

from . import following, limit, transfer
from .tables import spread, table

LABELS = {
    transfer.RUN: "`mainstay transfer run`",
    transfer.PLANNED: "the same, with a plan that was ready",
    transfer.VERIFIED: "`mainstay transfer run --verify`",
    transfer.LIMIT: f"the limit: ready-made files, {limit.SESSIONS} sessions",
    transfer.PGLOADER: "pgloader, dates left as text",
}
OURS = [transfer.RUN, transfer.PLANNED, transfer.VERIFIED]
# One over the other, in the same round.
RATIOS = [
    (transfer.RUN, transfer.LIMIT, "run / limit"),
    (transfer.PLANNED, transfer.LIMIT, "run with a plan / limit"),
    (transfer.VERIFIED, transfer.LIMIT, "run --verify / limit"),
    (transfer.PGLOADER, transfer.RUN, "pgloader / run"),
    (transfer.PGLOADER, transfer.VERIFIED, "pgloader / run --verify"),
]
RUN_TIMES, VERIFIED_TIMES, PGLOADER_TIMES, MEMORY = 1.05, 1.4, 3, 64
COST_TIMES, CLOSED_SECONDS, BACK_SECONDS = 1.6, 1, 60


def write(surroundings, figures, effort):
    parts = [the_machine(surroundings, figures, effort)]
    parts += [write_part(figures) for write_part in (aims, ratios, moves, arrived, costs, turns)]
    return "\n\n".join(parts) + "\n"


def the_machine(surroundings, figures, effort):
    size = f"{figures.source_bytes / 1e6:,.0f} MB, {sum(figures.rows.values()):,} rows in {len(figures.rows)} tables"
    pairs = surroundings + [
        ("PostgreSQL", f"{figures.postgres}, with the settings that it comes with"),
        ("Database", f"scale {effort.scale:g}: {size}"),
        ("Runs", f"{effort.rounds} each, in alternating order, each into a new database"),
    ]
    return "\n".join(f"- {name}: {value}" for name, value in pairs) + (
        "\n\nEach cell is the median, with the smallest and the largest of all runs in brackets."
    )


def aims(figures):
    """What we want of Mainstay, held against the medians."""
    run = median(times(figures, transfer.RUN, transfer.LIMIT))
    verified = median(times(figures, transfer.VERIFIED, transfer.LIMIT))
    faster = median(times(figures, transfer.PGLOADER, transfer.RUN))
    memory = max(sample.client_memory_mib for who in OURS for sample in figures.moves[who])
    cost = max(median(times) for kinds in figures.costs.values() for times in kinds.values())
    closed = max(turn.waited_seconds for turn in figures.turns)
    back = max(turn.back_seconds for turn in figures.turns)
    wanted = [
        ("run / limit", f"{RUN_TIMES} or less", f"{run:.2f}", run <= RUN_TIMES),
        ("run --verify / limit", f"{VERIFIED_TIMES} or less", f"{verified:.2f}", verified <= VERIFIED_TIMES),
        ("pgloader / run", f"{PGLOADER_TIMES} or more", f"{faster:.2f}", faster >= PGLOADER_TIMES),
        ("the client's memory, the most of all runs, MiB", f"less than {MEMORY}", f"{memory:.1f}", memory < MEMORY),
        ("a write that is followed / one that is not", f"{COST_TIMES} or less", f"{cost:.2f}", cost <= COST_TIMES),
        ("cutover: closed, the longest of all, s", f"less than {CLOSED_SECONDS}", f"{closed:.2f}", closed < CLOSED_SECONDS),
        ("rollback, the longest of all, s", f"less than {BACK_SECONDS}", f"{back:.1f}", back < BACK_SECONDS),
    ]
    rows = [[*cells, "met" if met else "missed"] for *cells, met in wanted]
    return f"### Aims for moves\n\n{table(['Medians of this run; ratios are by the clock', 'aim', 'Mainstay', ''], rows)}"


def times(figures, one, other):
    """How many times as long one takes as another, run against run of the same round."""
    pairs = zip(figures.moves[one], figures.moves[other])
    return [a.seconds / b.seconds for a, b in pairs]


def ratios(figures):
    rows = []
    for one, other, label in RATIOS:
        pairs = list(zip(figures.moves[one], figures.moves[other]))
        cpu = (a.cpu_seconds / b.cpu_seconds for a, b in pairs)
        rows.append([label, spread(times(figures, one, other), "{:.2f}"), spread(cpu, "{:.2f}")])
    head = ["In the same round", "by the clock", "processor time of both sides"]
    return f"### Ratios of moves\n\n{table(head, rows)}"


def moves(figures):
    count = sum(figures.rows.values())
    rows = []
    for who, label in LABELS.items():
        samples = figures.moves[who]
        rows.append([
            label,
            spread((sample.seconds for sample in samples), "{:.1f}"),
            spread(count / sample.seconds for sample in samples),
            spread((sample.client_cpu_seconds for sample in samples), "{:.1f}"),
            spread((sample.server_cpu_seconds for sample in samples), "{:.1f}"),
            "–" if who == transfer.LIMIT else spread(sample.client_memory_mib for sample in samples),
        ])
    head = ["One move", "s", "rows/s", "client's processor time, s", "PostgreSQL's, s", "client's memory, MiB"]
    return f"### Moves\n\n{table(head, rows)}"


def arrived(figures):
    """What was there at the end, of the run with least of it."""
    rows = []
    for who, label in LABELS.items():
        samples = figures.moves[who]
        moved = min(sum(sample.rows.values()) for sample in samples)
        schema = (min(sample.schema[part] for sample in samples) for part in transfer.SCHEMA)
        rows.append([label, f"{moved:,}", *(f"{count:,}" for count in schema)])
    head = ["What has arrived", "rows", *transfer.SCHEMA]
    return f"### What has arrived\n\n{table(head, rows)}"


def costs(figures):
    """Time by time, on a file that is followed and on one that is not."""
    rows = []
    for mode, kinds in figures.costs.items():
        rows.append([mode, *(spread(kinds[kind], "{:.2f}") for kind in following.KINDS)])
    return f"### What following costs those who write\n\n{table(['followed / not', *following.KINDS], rows)}"


def turns(figures):
    rows = []
    for way in following.WAYS:
        found = [turn for turn in figures.turns if turn.way == way]
        rows.append([
            f"by {way}",
            spread((turn.closed_seconds for turn in found), "{:.2f}"),
            spread((turn.waited_seconds for turn in found), "{:.2f}"),
            spread((turn.acknowledged for turn in found)),
            spread((turn.back_seconds for turn in found), "{:.1f}"),
            spread((turn.back_closed_seconds for turn in found), "{:.1f}"),
        ])
    head = ["PostgreSQL's changes", "cutover: closed, s", "writers waited, s", "writes before", "rollback, s", "closed, s"]
    return f"### Turns of the large database\n\n{table(head, rows)}"
