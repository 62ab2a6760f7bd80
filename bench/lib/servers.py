"""The servers that are compared: how each is prepared, started and spoken to."""

import http.client
import json
import re
import select
import subprocess
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

from . import packages
from .console import Trouble, progress
from .machine import ALTERNATIVES, MAINSTAY, clean_environment

BETTER_AUTH = ALTERNATIVES / "better-auth"
PATIENCE = 60


@dataclass(frozen=True)
class Kind:
    """What differs between the programs."""

    product: str
    health: str
    me: str
    sign_in: str
    sqlite_file: str
    # What makes it hash passwords at next to no cost, where hashing is not what is measured.
    cheap_hash: dict


MAINSTAY_KIND = Kind(
    "Mainstay",
    health="/api/health",
    me="/api/auth/me",
    sign_in="/api/auth/login",
    sqlite_file="mainstay.sqlite",
    cheap_hash={"MAINSTAY__ACCOUNTS__PASSWORD__MEMORY_KIB": 8, "MAINSTAY__ACCOUNTS__PASSWORD__PASSES": 1},
)
BETTER_AUTH_KIND = Kind(
    "Better Auth",
    health="/api/auth/ok",
    me="/api/auth/get-session",
    sign_in="/api/auth/sign-in/email",
    sqlite_file="better-auth.sqlite",
    cheap_hash={},  # It verifies by what is stored, and what is stored is cheap: seed.mjs.
)

MAINSTAY_SETTINGS = {
    # The load says for whom each request is, as a proxy in front would: sign-ins are counted for each address.
    "MAINSTAY__GUARD__TRUSTED_PROXIES": "127.0.0.1/32",
    # Few of the load's addresses send as much as a city.
    "MAINSTAY__GUARD__RATE_LIMITS__API": "1000000 per 1s",
    "MAINSTAY__GUARD__RATE_LIMITS__SIGN_IN": "1000000 per 1s",
    # The load has no browser's way to get another access token every quarter of an hour.
    "MAINSTAY__ACCOUNTS__ACCESS_LIFETIME": "1h",
}
BETTER_AUTH_SECRET = "only-for-measurements-on-this-machine"


def email(number):
    """The address of a sample user; both products have the same."""
    return f"sample-{number}@example.org"


def client_address(number):
    """A client's network address."""
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


@dataclass
class Server:
    """A program with its settings; at most one process of it runs at a time."""

    kind: Kind
    database: str
    command: list
    folder: Path
    environment: dict = field(default_factory=dict)
    note: str = ""
    password: str = ""
    process: subprocess.Popen = None
    address: str = ""

    @property
    def name(self):
        return f"{self.kind.product}, {self.database}" + (f", {self.note}" if self.note else "")

    @property
    def sqlite_file(self):
        return self.folder / self.kind.sqlite_file

    def hashing_cheaply(self):
        """The same program with the same data, where passwords cost nothing."""
        return replace(self, environment=self.environment | self.kind.cheap_hash)

    @property
    def pid(self):
        return self.process.pid

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self):
        """Starts and answers how many seconds went by until the first good answer about its health."""
        self.folder.mkdir(parents=True, exist_ok=True)
        begin = time.monotonic()
        with open(self._log, "wb") as log:
            environment = clean_environment(**self.environment)
            self.process = subprocess.Popen(self.command, cwd=self.folder, env=environment, stdout=subprocess.PIPE, stderr=log)
        try:
            self.address = self._announced(begin + PATIENCE)
            self._wait_for_health(begin + PATIENCE)
        except BaseException:
            self.stop()
            raise
        return time.monotonic() - begin

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()

    @property
    def _log(self):
        return self.folder / "server.log"

    def _announced(self, deadline):
        """The address in the line that says `... is ready at http://...`."""
        while select.select([self.process.stdout], [], [], max(0, deadline - time.monotonic()))[0]:
            line = self.process.stdout.readline().decode()
            if found := re.search(r" is ready at http://(\S+)", line):
                return found[1]
            if not line:
                break
        raise Trouble(f"{self.name} did not start. Its log:\n{self._log.read_text()[-2000:]}")

    def _wait_for_health(self, deadline):
        while time.monotonic() < deadline:
            try:
                if self.request("GET", self.kind.health)[0] == 200:
                    return
            except OSError:
                pass
            time.sleep(0.001)
        raise Trouble(f"{self.name} started and never said that it is well. Its log:\n{self._log.read_text()[-2000:]}")

    def request(self, method, path, body=None, client=client_address(1)):
        """One request on a connection of its own: the answer's status, cookies and text."""
        headers = {"X-Forwarded-For": client}
        if body is not None:
            headers["Content-Type"] = "application/json"
        connection = http.client.HTTPConnection(self.address, timeout=30)
        try:
            connection.request(method, path, json.dumps(body) if body is not None else None, headers)
            answer = connection.getresponse()
            cookies = [line.partition(";")[0] for line in answer.headers.get_all("set-cookie", [])]
            kept = [cookie for cookie in cookies if not cookie.endswith("=")]
            return answer.status, "; ".join(kept), answer.read().decode()
        finally:
            connection.close()

    def credentials(self, number):
        return {"email": email(number), "password": self.password}

    def session_of(self, number):
        """Signs somebody in and answers the cookies that their browser would send from then on."""
        status, cookie, text = self.request("POST", self.kind.sign_in, self.credentials(number), client_address(number))
        if status != 200 or f'"email":"{email(number)}"' not in text:
            raise Trouble(f"{self.name} did not sign {email(number)} in: {status} {text[:300]}")
        return cookie


def mainstay(folder, database_url=None):
    """Mainstay on PostgreSQL, or on SQLite in the folder."""
    command = [str(MAINSTAY), "serve", "--listen", "127.0.0.1:0", "--data", str(folder)]
    environment = MAINSTAY_SETTINGS | ({"DATABASE_URL": database_url} if database_url else {})
    return Server(MAINSTAY_KIND, "PostgreSQL" if database_url else "SQLite", command, folder, environment)


def seed_mainstay(server, users):
    """Makes sample users and answers their password. It is hashed cheaply, and at the next sign-in as configured."""
    progress(f"Making {users:,} users: {server.name}")
    command = [str(MAINSTAY), "--data", str(server.folder), "db", "seed", "--users", str(users)]
    found = re.search(r"with the password (\S+)", _output(command, server.hashing_cheaply(), {}))
    if not found:
        raise Trouble("`mainstay db seed` did not print the sample users' password")
    return found[1]


def argon2_parameters():
    """Mainstay's defaults: KiB of memory and passes over it."""
    done = subprocess.run([str(MAINSTAY), "config", "default"], env=clean_environment(), capture_output=True, text=True)
    return tuple(int(re.search(rf"\b{key} = (\d+)", done.stdout)[1]) for key in ("memory_kib", "passes"))


def better_auth(folder, database_url=None, argon2id=None, cookie_cache=False, note=""):
    """Better Auth on PostgreSQL, or on SQLite in the folder; with scrypt unless Argon2id's parameters are given."""
    environment = {"BETTER_AUTH_SECRET": BETTER_AUTH_SECRET, "NODE_ENV": "production"}
    if cookie_cache:
        environment["COOKIE_CACHE"] = "1"
    if argon2id:
        environment["ARGON2ID"] = ",".join(map(str, argon2id))
    if database_url:
        environment["DATABASE_URL"] = database_url
    else:
        environment["SQLITE_FILE"] = folder / BETTER_AUTH_KIND.sqlite_file
    command = ["node", str(BETTER_AUTH / "server.mjs")]
    return Server(BETTER_AUTH_KIND, "PostgreSQL" if database_url else "SQLite", command, folder, environment, note)


def seed_better_auth(server, users, password, hashed_for_real):
    """Makes the same users; the first ones' password is hashed as the server would, the others' cheaply."""
    progress(f"Making {users:,} users: {server.name}")
    command = ["node", str(BETTER_AUTH / "seed.mjs"), str(users), str(hashed_for_real)]
    _output(command, server, {"SEED_PASSWORD": password})


def _output(command, server, more):
    server.folder.mkdir(parents=True, exist_ok=True)
    environment = clean_environment(**server.environment, **more)
    done = subprocess.run(command, cwd=server.folder, env=environment, capture_output=True, text=True)
    if done.returncode != 0:
        raise Trouble(f"`{' '.join(command)}` failed:\n{done.stderr[-2000:]}")
    return done.stdout


def better_auth_has_sqlite():
    """Whether the SQLite driver, which npm may leave out, works here."""
    check = "import('better-sqlite3').then((module) => new module.default(':memory:'))"
    return subprocess.run(["node", "-e", check], cwd=BETTER_AUTH, capture_output=True).returncode == 0


def better_auth_version():
    return packages.version(BETTER_AUTH, "better-auth")
