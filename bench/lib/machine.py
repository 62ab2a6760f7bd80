"""The machine that figures belong to, and the programs that the bench needs on it."""

import datetime
import os
import platform
import re
import shutil
import subprocess
from pathlib import Path

from .console import Trouble, progress

ROOT = Path(__file__).resolve().parents[2]
ALTERNATIVES = ROOT / "bench" / "alternatives"
PROGRAMS = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")).resolve() / "release"
MAINSTAY = PROGRAMS / "mainstay"


NODE = "install Node.js 20 or newer from https://nodejs.org"
# What each part needs, and how one gets it.
NEEDS = {
    "servers": {"node": NODE, "npm": NODE},
    "rooms": {"node": NODE, "npm": NODE},
    "transfer": {},
    "edge": {"openssl": "apt-get install openssl"},
}
# What is installed by itself when it may be.
PACKAGES = {"servers": ["wrk"], "rooms": [], "transfer": ["pgloader"], "edge": ["wrk", "haproxy", "nginx"]}


def check(parts):
    """Names everything that is missing before anything is measured."""
    if not MAINSTAY.exists():
        raise Trouble(f"{MAINSTAY} is missing; run: make bench")
    needs = {"psql": "apt-get install postgresql-client"}
    for part in parts:
        needs |= NEEDS[part]
    for program, remedy in needs.items():
        if not shutil.which(program):
            raise Trouble(f"`{program}` is missing; {remedy}")
    for package in [package for part in parts for package in PACKAGES[part]]:
        if not shutil.which(package):
            _install(package)


def _install(package):
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Trouble(f"`{package}` is missing; on Debian or Ubuntu: sudo apt-get install {package}")
    progress(f"Installing {package}")
    subprocess.run(["apt-get", "install", "--yes", "--quiet=2", package], check=True, stdout=subprocess.DEVNULL)


def clean_environment(**more):
    """The environment without anybody's settings, so that every run measures the same programs."""
    foreign = re.compile(r"MAINSTAY|DATABASE_URL|REDIS_URL|NODE_|APP_URL|DB_|LOG_|PG|SENTRY_|BETTER_AUTH|UV_")
    kept = {name: value for name, value in os.environ.items() if not foreign.match(name)}
    return kept | {name: str(value) for name, value in more.items()}


def description(**versions):
    """What a reader must know to place the figures, in pairs; `versions` of what else takes part."""
    memory = re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text())[1]
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    return [
        ("Date", f"{datetime.datetime.now(datetime.timezone.utc):%Y-%m-%d %H:%M} UTC"),
        ("Mainstay", f"{_said(str(MAINSTAY), '--version').removeprefix('mainstay ')}, commit {_commit()}"),
        ("Processor", f"{model[1] if model else platform.machine()}, {os.cpu_count()} cores"),
        ("Memory", f"{int(memory) / 1024 / 1024:.0f} GiB"),
        ("Kernel", f"Linux {platform.release().split('-')[0]} ({platform.machine()})"),
        *versions.items(),
        ("Load average before", f"{os.getloadavg()[0]:.1f}"),
    ]


def node():
    return {"Node.js": _said("node", "--version").lstrip("v")}


def pgloader():
    """As Debian calls it, which knows better than the program itself."""
    command = ["dpkg-query", "--show", "--showformat=${Version}", "pgloader"]
    packaged = subprocess.run(command, capture_output=True, text=True)
    return packaged.stdout or _said("pgloader", "--version")


def load_generator():
    return _said("wrk", "--version").split(" [")[0].replace("debian/", "")


def _said(*command):
    """The first line that a program prints; wrk's `--version` ends with an error."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.stdout.splitlines()[0].strip()


def _commit():
    def git(*arguments):
        done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True)
        return done.stdout.strip()

    changed = git("status", "--porcelain", "--untracked-files=no", "--", ".", ":!bench/README.md")
    return (git("rev-parse", "--short", "HEAD") or "unknown") + (" with changes" if changed else "")
