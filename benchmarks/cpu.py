"""Processor seconds of processes: unlike wall time, they hardly depend on what else runs on the machine."""

import psutil


def cpu_seconds(pid: int) -> float:
    """User and system time of a process and all its children, those included that have ended and been waited for."""
    root = psutil.Process(pid)
    own = root.cpu_times()
    total = own.user + own.system + own.children_user + own.children_system
    for child in root.children(recursive=True):
        try:
            spent = child.cpu_times()
        except psutil.NoSuchProcess:
            continue  # it ended meanwhile, and counts the next time
        total += spent.user + spent.system
    return float(total)
