"""Programs that are run to their end, and what they took."""

import os
import select
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from .console import Trouble
from .machine import clean_environment

LOOKS_EVERY_MS = 20


@dataclass(frozen=True)
class Client:
    """What a program took, and what it answered."""

    seconds: float
    cpu_seconds: float
    # The most that was resident at once, in MiB.
    memory_mib: float
    status: int = 0
    output: str = ""
    complaint: str = ""


def run(command, folder):
    """Runs a program to its end; what it prints goes to files, so that it has to wait for nobody."""
    command = [str(part) for part in command]
    answered, complained = folder / "answered", folder / "complained"
    with open(answered, "wb") as output, open(complained, "wb") as errors:
        environment = clean_environment()
        began = time.monotonic()
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=errors, cwd=folder)
        memory = _watch(process.pid)
        seconds = time.monotonic() - began
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    texts = (file.read_text(errors="replace") for file in (answered, complained))
    return Client(seconds, usage.ru_utime + usage.ru_stime, memory, process.returncode, *texts)


def succeeded(command, folder):
    """The same, for a program that has to succeed."""
    client = run(command, folder)
    if client.status != 0:
        said = client.complaint or client.output
        raise Trouble(f"`{command[0]}` ended with {client.status}:\n{said[-2000:]}")
    return client


def _watch(pid):
    """The highest water mark of a program's memory, looked at until it ends.

    What `wait4` says of that is no use: it begins with the memory of this process, which the child had before it became
    the program."""
    highest = 0
    watch = select.poll()
    descriptor = os.pidfd_open(pid)
    watch.register(descriptor, select.POLLIN)
    while not watch.poll(LOOKS_EVERY_MS):
        highest = max(highest, _high_water_mark_kib(pid))
    os.close(descriptor)
    return highest / 1024


def _high_water_mark_kib(pid):
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM")), 0)
