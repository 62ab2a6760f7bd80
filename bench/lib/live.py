"""Live sessions by the ten thousand: some begun by signing in, more put into the databases as the products would."""

import base64
import hashlib
import hmac
import sqlite3
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime, timedelta, timezone
from urllib.parse import quote, urlsplit

from . import postgres
from .load import NAMES_SOMEBODY, Plan
from .servers import BETTER_AUTH_SECRET, MAINSTAY_KIND, client_address, email

SIGN_INS_AT_ONCE = 8

# One more session for each of the first users, a copy of one that the product made but for ids and tokens.
NUMBERS = "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count})"
OF_MAINSTAY = [
    NUMBERS + """
    INSERT INTO sessions (id, user_id, created_at, last_seen_at, authenticated_at, expires_at, method,
        ip_address, user_agent)
    SELECT {id}, u.id, s.created_at, s.last_seen_at, s.authenticated_at, s.expires_at, s.method,
        s.ip_address, s.user_agent
    FROM numbers JOIN users AS u ON u.email_key = 'sample-' || n || '@example.org',
        (SELECT * FROM sessions LIMIT 1) AS s""",
    NUMBERS + """
    INSERT INTO refresh_tokens (id, session_id, token_hash, created_at, expires_at)
    SELECT {id}, {id}, {hash}, r.created_at, r.expires_at
    FROM numbers, (SELECT * FROM refresh_tokens WHERE used_at IS NULL LIMIT 1) AS r""",
]
OF_BETTER_AUTH = [
    NUMBERS + """
    INSERT INTO session (id, token, "userId", "expiresAt", "createdAt", "updatedAt", "ipAddress", "userAgent")
    SELECT 'added-' || n, {token}, u.id, '{expires}', s."createdAt", s."updatedAt", s."ipAddress", s."userAgent"
    FROM numbers JOIN "user" AS u ON u.email = 'sample-' || n || '@example.org',
        (SELECT * FROM session LIMIT 1) AS s""",
]
DIALECTS = {
    "PostgreSQL": {
        "id": "lpad(to_hex(n), 32, '0')::uuid",
        "hash": "sha256(lpad(n::text, 43, '0')::bytea)",
        "token": "lpad(n::text, 32, '0')",
    },
    "SQLite": {"id": "id_of(n)", "hash": "hash_of(n)", "token": "printf('%032d', n)"},
}


def sign_in(server, numbers):
    """Signs people in through the product; answers their numbers with their cookies."""
    with ThreadPoolExecutor(SIGN_INS_AT_ONCE) as pool:
        return list(zip(numbers, pool.map(server.session_of, numbers)))


def add(server, count):
    """Puts sessions into the database. Those of Better Auth are two of their seven days old, so that it renews them."""
    expires = datetime.now(timezone.utc) + timedelta(days=5)
    values = DIALECTS[server.database] | {"count": count, "expires": f"{expires:%Y-%m-%dT%H:%M:%S.000Z}"}
    templates = OF_MAINSTAY if server.kind is MAINSTAY_KIND else OF_BETTER_AUTH
    statements = [template.format(**values) for template in templates]
    if server.database == "PostgreSQL":
        database = urlsplit(server.environment["DATABASE_URL"]).path[1:]
        for statement in statements:
            postgres.ask(statement, database)
        postgres.settle(database)
    else:
        _into_sqlite(server.sqlite_file, statements)


def _into_sqlite(file, statements):
    with closing(sqlite3.connect(file, timeout=30)) as connection:
        connection.create_function("id_of", 1, lambda n: uuid.UUID(int=n).bytes, deterministic=True)
        connection.create_function("hash_of", 1, lambda n: hashlib.sha256(b"%043d" % n).digest(), deterministic=True)
        with connection:
            for statement in statements:
                connection.execute(statement)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def plan_of_renewals(server, numbers):
    """Each of the added sessions once."""
    if server.kind is MAINSTAY_KIND:
        lines = [
            ("POST", "/api/auth/refresh", client_address(n), f"__Host-refresh_token={n:043d}", "", "access_expires_at")
            for n in numbers
        ]
        return Plan(server, lines, pattern='"(access_expires_at)"', once=True)
    lines = [("GET", server.kind.me, client_address(n), _better_auth_cookie(n), "", email(n)) for n in numbers]
    return Plan(server, lines, NAMES_SOMEBODY, once=True)


def _better_auth_cookie(number):
    token = f"{number:032d}"
    signature = hmac.digest(BETTER_AUTH_SECRET.encode(), token.encode(), "sha256")
    return "better-auth.session_token=" + quote(f"{token}.{base64.b64encode(signature).decode()}", safe="")
