"""What the kernel says of processes and of this machine."""
import glob
import os
import pathlib
import platform
import re
import time

TICK_US = 1_000_000 / os.sysconf("SC_CLK_TCK")


def tree(pid):
    """A process and all below it."""
    pids = [pid]
    for p in pids:
        for children in glob.glob(f"/proc/{p}/task/*/children"):
            try:
                pids += map(int, pathlib.Path(children).read_text().split())
            except OSError:
                pass
    return pids


def cpu_us(pid):
    """Processor time of all threads of a process and of those below it, and
    of children that are gone; what ran within a child's life counts in ticks
    of ten milliseconds."""
    total = 0.0
    for p in tree(pid):
        for stat in glob.glob(f"/proc/{p}/task/*/schedstat"):
            try:
                ns = pathlib.Path(stat).read_text().split()[0]
            except OSError:
                continue
            total += int(ns) / 1000
        fields = pathlib.Path(f"/proc/{p}/stat").read_text().rpartition(")")[2]
        total += sum(map(int, fields.split()[13:15])) * TICK_US
    return total


def memory_kib(pid, what="Pss"):
    """Of a process and all below it."""
    total = 0
    for p in tree(pid):
        text = pathlib.Path(f"/proc/{p}/smaps_rollup").read_text()
        total += int(re.search(rf"^{what}:\s+(\d+) kB", text, re.M)[1])
    return total


def describe():
    cpu = re.search(r"model name\s*: (.*)",
                    pathlib.Path("/proc/cpuinfo").read_text())
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    load = os.getloadavg()
    return (f"{time.strftime('%Y-%m-%d %H:%M UTC', time.gmtime())}, Linux "
            f"{platform.release()}, {os.cpu_count()} x "
            f"{cpu[1] if cpu else platform.machine()}, {memory:.0f} GiB; load "
            f"at the start {load[0]:.1f} (1 min), {load[1]:.1f} (5 min)")
