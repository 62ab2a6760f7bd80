"""What the kernel says about processes."""

import os
import time
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PARENT, UTIME, STIME, CUTIME, CSTIME = 1, 11, 12, 13, 14  # in /proc/PID/stat, counted from the state


def _stat(pid):
    text = Path(f"/proc/{pid}/stat").read_text()
    return text.rpartition(")")[2].split()


def cpu_seconds(pid):
    """Processor time of a process with all its threads, in user space and in the kernel."""
    fields = _stat(pid)
    return (int(fields[UTIME]) + int(fields[STIME])) / TICKS


def family_cpu_seconds(pid):
    """Processor time of a process and its children, those included that have ended."""
    fields = _stat(pid)
    own = sum(int(fields[index]) for index in (UTIME, STIME, CUTIME, CSTIME)) / TICKS
    return own + sum(cpu for _, parent, cpu in _everybody() if parent == pid)


def children(pid):
    """The processes that a process has begun and that have not ended."""
    return [child for child, parent, _ in _everybody() if parent == pid]


def _everybody():
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            fields = _stat(folder.name)
        except (FileNotFoundError, ProcessLookupError):
            continue  # It ended meanwhile.
        yield int(folder.name), int(fields[PARENT]), (int(fields[UTIME]) + int(fields[STIME])) / TICKS


def memory_mib(pid):
    """Resident memory (RSS), and the same with shared pages divided among those who share them (PSS)."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    kib = {line.split(":")[0]: int(line.split()[1]) for line in lines}
    return kib["Rss"] / 1024, kib["Pss"] / 1024


def wait_until_idle(pid, patience=30):
    """Waits until a process has finished what clients who are gone had asked for."""
    deadline = time.monotonic() + patience
    before = cpu_seconds(pid)
    while time.monotonic() < deadline:
        time.sleep(0.3)
        now = cpu_seconds(pid)
        if now - before <= 1 / TICKS:
            return
        before = now
