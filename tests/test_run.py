"""`autoprime run`: everything starts from nothing, ends without leftovers, and recovers from what killed it."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from tests.stack.running import clean_environment, free_port, share_cache

START_WITHIN = 60.0
STOP_WITHIN = 10.0


class Run:
    """One `autoprime run` in a folder of its own."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        self.port, self.sandbox_port = free_port(), free_port()
        self.environment = {
            **clean_environment(),
            "AUTOPRIME_PORT": str(self.port),
            "AUTOPRIME_DATA_DIR": str(folder),
            "AUTOPRIME_QUIET_SECONDS": "0.3",
            **environment,
        }
        self.process: subprocess.Popen[str] | None = None
        self.options: tuple[str, ...] = ()

    @property
    def phone_url(self) -> str:
        return f"http://127.0.0.1:{self.sandbox_port}/sandbox/chats/5511987654321/messages"

    def command(self) -> list[str]:
        return [sys.executable, "-m", "assistant", "run", "--sandbox-port", str(self.sandbox_port), *self.options]

    def start(self) -> None:
        """Start and wait for the last line that is printed."""
        self.process = subprocess.Popen(
            self.command(), env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        assert self.process.stdout is not None
        said = []
        for line in self.process.stdout:
            said.append(line)
            if "Ctrl-C" in line:
                return
        raise AssertionError("it ended at its start:\n" + "".join(said))

    def fail(self) -> str:
        """Run it where it cannot start; what it says."""
        done = subprocess.run(
            self.command(), env=self.environment, capture_output=True, text=True, timeout=START_WITHIN
        )
        assert done.returncode == 1, done.stdout + done.stderr
        return done.stderr.strip()

    def stop(self, number: int = signal.SIGTERM) -> float:
        """End it; the seconds that took."""
        assert self.process is not None
        began = time.monotonic()
        self.process.send_signal(number)
        self.process.communicate(timeout=STOP_WITHIN)
        return time.monotonic() - began

    def leftovers(self) -> list[str]:
        """Processes that still belong to this run."""
        found = []
        for process in psutil.process_iter(["cmdline", "environ"]):
            words = process.info["cmdline"] or []
            ours = (process.info["environ"] or {}).get("AUTOPRIME_DATA_DIR") == str(self.folder)
            if ours or any(str(self.folder) in word for word in words):
                found.append(" ".join(words))
        return found

    def ask(self, text: str) -> str:
        """Write as João and wait for the next reply."""
        before = len(self.replies())
        httpx.post(self.phone_url, json={"text": text}).raise_for_status()
        deadline = time.monotonic() + START_WITHIN
        while len(self.replies()) == before:
            assert time.monotonic() < deadline, "no reply"
            time.sleep(0.1)
        return self.replies()[-1]

    def replies(self) -> list[str]:
        return [m["text"] for m in httpx.get(self.phone_url).json() if m["direction"] == "out"]


@pytest.fixture
def folder() -> Iterator[Path]:
    """A data folder outside pytest's own, which PostgreSQL's user could not enter."""
    with tempfile.TemporaryDirectory(prefix="autoprime-run-", ignore_cleanup_errors=True) as name:
        folder = Path(name) / "var"
        share_cache(folder)
        yield folder


@pytest.fixture
def run(folder: Path) -> Iterator[Run]:
    run = Run(folder)
    yield run
    if run.process is not None and run.process.poll() is None:
        run.stop()


def test_from_nothing_to_an_answer_and_again_after_a_restart(run: Run) -> None:
    run.start()
    assert "VW Gol (ABC1D23) está na etapa de Diagnóstico" in run.ask("oi, cadê meu carro?")
    assert run.stop() < STOP_WITHIN
    assert run.leftovers() == []
    run.start()
    assert len(run.replies()) == 1
    assert run.ask("e que horas vocês fecham?")


def test_practice_starts_an_account_that_nobody_has_connected(run: Run) -> None:
    """The integration's keys are in place and lead to the consent page; the rest is the operator's."""
    run.options = ("--practice",)
    run.start()
    service, kommo = f"http://127.0.0.1:{run.port}", f"http://127.0.0.1:{run.sandbox_port}"
    assert "No Kommo account is connected" in httpx.get(f"{service}/health/ready").json()["warnings"][0]
    integration = httpx.get(f"{kommo}/sandbox/integration").json()
    assert integration["redirect_uri"] == f"{service}/kommo/oauth"
    token = httpx.get(f"{kommo}/sandbox/token").json()["access_token"]
    fields = httpx.get(f"{kommo}/api/v4/leads/custom_fields", headers={"Authorization": f"Bearer {token}"})
    assert fields.status_code == 204


def test_ctrl_c_ends_everything(run: Run) -> None:
    run.start()
    assert run.stop(signal.SIGINT) < STOP_WITHIN
    assert run.leftovers() == []


def test_a_run_that_was_killed_is_cleared_away_by_the_next(run: Run) -> None:
    run.start()
    assert run.process is not None
    run.process.kill()
    run.process.communicate()
    assert run.leftovers() != []
    run.start()
    assert "Gol" in run.ask("oi, cadê meu carro?")
    run.stop()
    assert run.leftovers() == []


def test_a_worker_that_dies_is_started_again(run: Run) -> None:
    run.start()
    (worker,) = [p for p in psutil.process_iter(["cmdline", "environ"]) if is_worker(p, run.folder)]
    os.kill(worker.pid, signal.SIGKILL)
    assert "Gol" in run.ask("oi, cadê meu carro?")


def is_worker(process: psutil.Process, folder: Path) -> bool:
    environment = process.info["environ"] or {}
    return "worker" in (process.info["cmdline"] or []) and environment.get("AUTOPRIME_DATA_DIR") == str(folder)


def test_a_half_made_data_folder_is_set_aside(run: Run) -> None:
    half = run.folder / "postgres"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    run.start()
    assert list(run.folder.glob("postgres-half-made-*"))


def test_a_port_in_use_is_one_line(run: Run) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", run.port))
        other.listen()
        said = run.fail()
    assert said.startswith(f"Port {run.port} cannot be used")
    assert "\n" not in said


@pytest.mark.parametrize(
    ("url", "hint"),
    [("postgresql://nobody@127.0.0.1:1/none", "does not answer"), ("mysql://x", "must start with postgresql://")],
)
def test_a_database_that_cannot_be_used_is_one_line(folder: Path, url: str, hint: str) -> None:
    said = Run(folder, DATABASE_URL=url).fail()
    assert hint in said
    assert "DATABASE_URL" in said
    assert "\n" not in said


def test_two_runs_do_not_share_a_folder(run: Run) -> None:
    run.start()
    assert run.fail().startswith("Another run is using")


def test_wrong_settings_are_named_all_together(folder: Path) -> None:
    said = Run(folder, AUTOPRIME_QUIET_SECONDS="-1", AUTOPRIME_LOG_LEVEL="LOUD").fail()
    assert len(said.splitlines()) == 2
    assert "AUTOPRIME_QUIET_SECONDS" in said
    assert "AUTOPRIME_LOG_LEVEL" in said
