"""Writes a database as SQL text, and makes sure that the text makes the same database. See README.md."""

import sqlite3
import sys


def everything(connection):
    """What it consists of, and each cell with its class and its bytes."""
    connection.text_factory = bytes
    schema = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name").fetchall()
    found = {"schema": schema}
    for kind, name, _, _ in schema:
        if kind == b"table":
            rows = connection.execute('SELECT * FROM "%s"' % name.decode().replace('"', '""')).fetchall()
            found[name] = sorted(repr(row) for row in rows)
    connection.text_factory = str
    return found


def main(path, to):
    before = sqlite3.connect(path)
    # Rows come in the order of the tables, not in that of their foreign keys.
    text = "\n".join(["PRAGMA foreign_keys = OFF;", *before.iterdump(), ""])
    after = sqlite3.connect(":memory:")
    after.executescript(text)
    if everything(before) != everything(after):
        sys.exit(f"{path}: the text does not make the same database")
    with open(to, "w", encoding="utf-8", newline="") as file:
        file.write(text)


main(*sys.argv[1:])
