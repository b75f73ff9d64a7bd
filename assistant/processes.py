"""The processes of `autoprime run`: start them, restart one that dies, end them all.

Their ids are kept in a file, so that the next run can end what a killed one left behind.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import structlog

log = structlog.get_logger(__name__)

STOP_WITHIN = 6.0
"""Seconds a process has to finish what it is doing."""
RESTART_PAUSE = 1.0


@dataclass
class Process:
    """One child process and how to start it again."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    """What it writes goes there, one line an event."""
    handle: subprocess.Popen[bytes] = field(init=False)
    started_at: float = field(init=False)

    def start(self) -> None:
        """Start it in a session of its own, so that Ctrl-C in the terminal reaches only the parent."""
        environment = {**os.environ, **self.environment}
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as output:
            self.handle = subprocess.Popen(
                [sys.executable, *self.command],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self.started_at = time.monotonic()

    @property
    def running(self) -> bool:
        return self.handle.poll() is None


@dataclass(frozen=True)
class Done:
    """How a process that runs to its end has ended."""

    succeeded: bool
    said: str
    complaint: str
    """What it wrote to standard error."""


def run_once(command: Sequence[str], environment: Mapping[str, str], ending: threading.Event) -> Done:
    """Run one of our own programs to its end, or end it when `ending` is set."""
    started = subprocess.Popen(
        [sys.executable, *command],
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    while True:
        try:
            said, complaint = started.communicate(timeout=0.2)
            return Done(started.returncode == 0, said, complaint.strip())
        except subprocess.TimeoutExpired:
            if ending.is_set():
                started.kill()


class Family:
    """All children of one run."""

    def __init__(self, record: Path) -> None:
        self._record = record
        self._members: list[Process] = []

    def end_leftovers(self) -> None:
        """End what a killed run left running; a number that by now belongs to another program is left alone."""
        try:
            left = json.loads(self._record.read_text())
        except (OSError, ValueError):
            return
        for pid, created in left:
            _end(pid, created)
        self._record.unlink(missing_ok=True)

    def start(self, process: Process) -> None:
        """Start a child and remember it."""
        process.start()
        self._members.append(process)
        self._remember()

    def replace(self, process: Process) -> None:
        """Start a child in place of the one with its name: its environment is another now."""
        for member in [member for member in self._members if member.name == process.name]:
            _finish(member, time.monotonic() + STOP_WITHIN)
            self._members.remove(member)
        self.start(process)

    def _remember(self) -> None:
        known = [(member.handle.pid, _created(member.handle.pid)) for member in self._members if member.running]
        self._record.write_text(json.dumps(known))

    def restart_dead(self) -> None:
        """Start again what died; a process that dies at once is given a pause between attempts."""
        for member in self._members:
            if not member.running and time.monotonic() - member.started_at > RESTART_PAUSE:
                log.warning("process.died", name=member.name, status=member.handle.returncode)
                member.start()
                self._remember()

    def stop(self) -> None:
        """End all children: politely, then outright."""
        for member in self._members:
            if member.running:
                member.handle.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_WITHIN
        for member in self._members:
            _finish(member, deadline)
        self._record.unlink(missing_ok=True)


def _finish(member: Process, deadline: float) -> None:
    """End a child: politely, then outright."""
    if member.running:
        member.handle.send_signal(signal.SIGTERM)
    try:
        member.handle.wait(max(0.1, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        log.warning("process.killed", name=member.name)
        member.handle.kill()
        member.handle.wait()


def _end(pid: int, created: float) -> None:
    try:
        process = psutil.Process(pid)
        if abs(process.create_time() - created) >= 1:
            return
        process.terminate()
        psutil.wait_procs([process], timeout=STOP_WITHIN)
        process.kill()
    except psutil.NoSuchProcess:
        return


def _created(pid: int) -> float:
    try:
        return float(psutil.Process(pid).create_time())
    except psutil.NoSuchProcess:
        return 0.0
