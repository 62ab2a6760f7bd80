"""A PostgreSQL with its default settings. The tests' one promises nothing about a power cut, which flatters a load."""

import os
import pwd
import re
import shutil
import socket
import subprocess
import time
from pathlib import Path

from . import processes
from .console import Trouble
from .machine import clean_environment

ROLE = "mainstay"
SECONDS_TO_START, SECONDS_TO_STOP = 60, 120


class Cluster:
    """Made in a folder of its own, started, and stopped when the `with` ends, however it ends."""

    def __init__(self, folder, name="postgres", settings=()):
        self.programs = _programs()
        self.user = _ordinary_user()
        self.folder = folder / name
        self.settings = settings
        self.port = None
        self.server = None

    def __enter__(self):
        self.own_folder(self.folder)
        data = self.folder / "data"
        options = ["--username", ROLE, "--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8"]
        initdb = self._command("initdb", "--pgdata", data, *options, "--no-instructions")
        made = subprocess.run(initdb, capture_output=True, text=True, cwd="/")
        if made.returncode != 0:
            raise Trouble(f"no PostgreSQL cluster could be made: {made.stderr.strip()}")
        self.port = _free_port()
        # Where it listens is all that is not as it comes, unless somebody says more.
        place = ["-p", self.port, "-k", self.folder, "-c", "listen_addresses=127.0.0.1"]
        place += [part for setting in self.settings for part in ("-c", setting)]
        server = self._command("postgres", "-D", data, *place)
        with open(self.folder / "log", "w") as log:
            self.server = subprocess.Popen(server, stdout=log, stderr=log, cwd="/")
        try:
            self._wait_until_ready()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.server.send_signal(2)  # A fast shutdown: whoever is connected is sent away.
        try:
            self.server.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            self.server.kill()
            self.server.wait()

    def own_folder(self, folder):
        """Makes a folder that the server may write to."""
        folder.mkdir()
        if self.user:
            os.chown(folder, self.user.pw_uid, self.user.pw_gid)
        return folder

    def url(self, database):
        return f"postgres://{ROLE}@127.0.0.1:{self.port}/{database}"

    def ask(self, sql, database="postgres"):
        """Runs statements and answers what the last of them says, line by line."""
        command = [*self.psql(database), "--command", sql]
        done = subprocess.run(command, env=clean_environment(), capture_output=True, text=True)
        if done.returncode != 0:
            raise Trouble(f"PostgreSQL refused {sql[:200]!r}: {done.stderr.strip()}")
        return done.stdout.splitlines()

    def psql(self, database):
        options = ["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1"]
        return ["psql", *options, "--dbname", self.url(database)]

    def version(self):
        return re.match(r"[\d.]+", self.ask("SHOW server_version")[0])[0]

    def make(self, database):
        """An empty database in place of what was there, and nothing left to write of it."""
        self.drop(database)
        self.ask(f"CREATE DATABASE {database}")
        self.ask("CHECKPOINT")

    def drop(self, database):
        self.ask(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")

    def cpu_seconds(self):
        """Of all its processes, with all that they have put off."""
        self.ask("CHECKPOINT")
        return processes.family_cpu_seconds(self.server.pid)

    def _command(self, program, *arguments):
        """As the user that runs it; should the bench be killed, the server goes too."""
        command = [str(part) for part in (self.programs / program, *arguments)]
        setpriv = shutil.which("setpriv")
        if not setpriv:
            raise Trouble("`setpriv`, which runs PostgreSQL as somebody else, is missing; apt-get install util-linux")
        user = []
        if self.user:
            user = [f"--reuid={self.user.pw_uid}", f"--regid={self.user.pw_gid}", "--clear-groups"]
        return [setpriv, "--pdeathsig", "INT", *user, "--", *command]

    def _wait_until_ready(self):
        deadline = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < deadline and self.server.poll() is None:
            if "ready to accept connections" in (self.folder / "log").read_text():
                return
            time.sleep(0.05)
        raise Trouble(f"PostgreSQL did not start:\n{(self.folder / 'log').read_text()[-2000:]}")


def _programs():
    """Debian keeps PostgreSQL's own programs off the PATH, one folder for each version: the newest."""
    versions = [folder for folder in Path("/usr/lib/postgresql").glob("*") if (folder / "bin" / "initdb").exists()]
    if versions:
        return max(versions, key=lambda folder: int(folder.name) if folder.name.isdigit() else 0) / "bin"
    initdb = shutil.which("initdb")
    if not initdb:
        raise Trouble("PostgreSQL is missing; apt-get install postgresql")
    return Path(initdb).parent


def _ordinary_user():
    """Who runs it: nobody else, unless we are root, as which it does not run."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Trouble("PostgreSQL does not run as root, and there is no user `postgres` or `nobody` to run it")


def _free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
