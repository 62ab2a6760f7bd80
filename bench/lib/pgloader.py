"""pgloader, told to do what it can with such a database."""

from . import clients

# By itself it refuses every table with dates in milliseconds, because it takes them for texts such as
# `2022-01-01 00:00:00`: here they become texts. Names lose their capitals: when it is told to keep them
# (`quote identifiers`), it makes no foreign key. With as many rows in its hands as by default, 100,000 in each of four
# workers, its heap of 1 GiB overflows; with fewer and two workers, as Mainstay has, it is a little faster besides.
INSTRUCTIONS = """
LOAD DATABASE
     FROM sqlite://{source}
     INTO {target}
     WITH include drop, create tables, create indexes, reset sequences, foreign keys,
          workers = 2, concurrency = 1, prefetch rows = 10000
     CAST type datetime to text drop default
;
"""


def run(source, target, folder):
    instructions = folder / "pgloader.load"
    instructions.write_text(INSTRUCTIONS.format(source=source, target=target.replace("postgres://", "postgresql://")))
    return clients.succeeded(["pgloader", "--root-dir", folder / "pgloader", instructions], folder)
