"""What `autoprime run` does: sandbox, database, the service beside migration and demo shop, webhook, addresses, worker.

Whatever needs SQLAlchemy is a process of its own: this one starts light, and on two cores the others start beside each
other. SIGINT or SIGTERM ends all of it. Every foreseeable problem is one line that says what to do.
"""

import asyncio
import base64
import fcntl
import hashlib
import json
import secrets
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click
import httpx
from pydantic import SecretStr

from assistant.commands.postgres import settings_with_database
from assistant.problem import Problem
from assistant.processes import Family, Process, run_once
from assistant.subscription import subscribe
from integrations.kommo.tokens import StaticToken
from integrations.settings import Settings

START_WITHIN = 30.0
"""Seconds a process has until it answers."""
MANAGER = "gerente@demo.example"
"""Who signs in to the staff's pages of the demo."""
DEMO_FILE = "demo.json"
PREPARED = "prepared"
MIGRATIONS = Path(__file__).parent.parent / "migrations" / "versions"
WRITE_FIRST = 'Open the phone, choose João and write "oi, cadê meu carro?". The answer comes after a few quiet seconds.'
CONNECT_FIRST = "Connect the account under Configurações › Kommo and prepare it under Preparo: docs/connect-kommo.md."
STOPPED = "Stopped before everything was up."


def supervise(settings: Settings, sandbox_port: int, *, practice: bool = False) -> None:
    """Start everything and stay until SIGINT or SIGTERM.

    `practice` starts the sandbox with an account that nobody has connected or prepared.
    """
    ending = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ending.set())
    with ExitStack() as stack:
        stack.enter_context(_only_one(settings.data_dir))
        family = Family(settings.data_dir / "processes.json")
        family.end_leftovers()
        demo = settings.kommo_url is None and (practice or settings.kommo_client_id is None)
        _check_ports(settings.host, [settings.port, *([sandbox_port] if demo else [])])
        stack.callback(family.stop)
        sandbox = _sandbox(settings, sandbox_port, empty=practice) if demo else None
        if sandbox is not None:
            family.start(sandbox)
        ready = stack.enter_context(settings_with_database(settings, log_level="WARNING"))
        # Once more, so that the processes end before the database they use does.
        stack.callback(family.stop)
        if demo:
            ready = (_to_be_connected if practice else _with_sandbox)(ready, sandbox_port)
        if demo and practice:
            ready = _with_integration(ready, ending)
        family.start(_service(ready))
        if not (demo and _prepared_before(ready, ending)):
            _prepare_database(ready, demo, ending)
        if demo and not practice and (given := _token(ready, ending)) != ready.kommo_token:
            ready = ready.model_copy(update={"kommo_token": given})
            _keep(settings.data_dir, "kommo_token", given.get_secret_value())
            family.replace(_service(ready))
        _wait_for_service(ready, ending)
        _subscribe(ready)
        # Last and not waited for, so that the addresses are printed sooner: what customers write meanwhile waits.
        family.start(_worker(ready))
        _announce(ready, sandbox_port if demo else None)
        while not ending.wait(0.5):
            family.restart_dead()
        click.echo("Stopping…")


@contextmanager
def _only_one(data_dir: Path) -> Iterator[None]:
    """Hold the data folder; a second run on it would fight over everything in it."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        lock = (data_dir / "run.lock").open("w")
    except OSError as error:
        raise Problem(
            f"The data folder {data_dir} cannot be used ({error.strerror}): choose another DATA_DIR."
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Problem(f"Another run is using {data_dir}: end it first, or choose another DATA_DIR.") from None
        yield


def _check_ports(host: str, ports: list[int]) -> None:
    for port in ports:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                raise Problem(
                    f"Port {port} cannot be used ({error.strerror}): "
                    "end what uses it, or run `make run PORT=… SANDBOX_PORT=…` with other ports."
                ) from None


def _sandbox(settings: Settings, port: int, *, empty: bool) -> Process:
    arguments = ["--host", settings.host, "--port", str(port), "--data-dir", str(settings.data_dir / "sandbox")]
    arguments += ["--empty"] if empty else []
    return Process("sandbox", ["-m", "integrations.kommo.sandbox", *arguments], {}, _log(settings, "sandbox"))


def _log(settings: Settings, name: str) -> Path:
    return settings.data_dir / "logs" / f"{name}.log"


def _with_sandbox(settings: Settings, sandbox_port: int) -> Settings:
    """The settings completed with the sandbox's address, secrets, and the token it gave the last time."""
    kept = _kept_secrets(settings.data_dir)
    base_url = f"http://{settings.host}:{sandbox_port}"
    return settings.model_copy(
        update={
            "kommo_url": base_url,
            "kommo_auth_url": base_url,
            "webhook_secret": settings.webhook_secret or SecretStr(kept["webhook_secret"]),
            "secret_keys": settings.secret_keys or SecretStr(kept["secret_keys"]),
            "kommo_token": SecretStr(kept["kommo_token"]) if "kommo_token" in kept else None,
        }
    )


def _to_be_connected(settings: Settings, sandbox_port: int) -> Settings:
    """The settings of an installation that knows where the sandbox's consent page is, and no account yet."""
    kept = _kept_secrets(settings.data_dir)
    return settings.model_copy(
        update={
            "kommo_auth_url": f"http://{settings.host}:{sandbox_port}",
            "secret_keys": settings.secret_keys or SecretStr(kept["secret_keys"]),
        }
    )


def _with_integration(settings: Settings, ending: threading.Event) -> Settings:
    """What an operator does in the account's integration: copy its keys, and register the address to return to."""
    page = f"{settings.kommo_auth_url}/sandbox"
    _wait(lambda: httpx.get(f"{page}/integration", timeout=2).is_success, "The sandbox", ending)
    keys = httpx.get(f"{page}/integration", timeout=5).json()
    httpx.patch(f"{page}/account", json={"redirect_uri": f"{settings.service_url}/kommo/oauth"}, timeout=5)
    return settings.model_copy(
        update={"kommo_client_id": keys["client_id"], "kommo_client_secret": SecretStr(keys["client_secret"])}
    )


def _token(settings: Settings, ending: threading.Event) -> SecretStr:
    """The sandbox's long-lived token, as an operator would copy a real account's."""
    page = f"{settings.kommo_url}/sandbox/token"
    _wait(lambda: httpx.get(page, timeout=2).is_success, "The sandbox", ending)
    return SecretStr(httpx.get(page, timeout=5).json()["access_token"])


def _kept_secrets(data_dir: Path) -> dict[str, str]:
    """The demo's secrets: made once, kept beside the data."""
    known = _known_secrets(data_dir)
    fresh = {
        "webhook_secret": secrets.token_urlsafe(32),
        "secret_keys": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "manager_password": secrets.token_urlsafe(9),
    }
    kept = fresh | known
    if kept != known:
        _write_secrets(data_dir, kept)
    return kept


def _keep(data_dir: Path, name: str, value: str) -> None:
    """Keep one more."""
    _write_secrets(data_dir, _known_secrets(data_dir) | {name: value})


def _known_secrets(data_dir: Path) -> dict[str, str]:
    try:
        return {str(name): str(value) for name, value in json.loads((data_dir / DEMO_FILE).read_text()).items()}
    except (OSError, ValueError, AttributeError):
        return {}


def _write_secrets(data_dir: Path, kept: dict[str, str]) -> None:
    path = data_dir / DEMO_FILE
    path.touch(mode=0o600)
    path.write_text(json.dumps(kept))


def _subscribe(settings: Settings) -> None:
    """Subscribe the webhook where token and secret come from the settings; else that is done from the page."""
    if settings.kommo_url is None or settings.kommo_token is None or settings.webhook_secret is None:
        return
    secret = settings.webhook_secret.get_secret_value()
    destination = SecretStr(f"{settings.service_url}/webhooks/kommo/{secret}")
    tokens = StaticToken(settings.kommo_token)
    asyncio.run(subscribe(settings.kommo_url.rstrip("/"), tokens, destination, settings.kommo_timeout))


def _service(settings: Settings) -> Process:
    return Process("serve", ["-m", "assistant", "serve"], _environment(settings), _log(settings, "serve"))


def _worker(settings: Settings) -> Process:
    return Process("worker", ["-m", "assistant", "worker"], _environment(settings), _log(settings, "worker"))


def _prepare_database(settings: Settings, demo: bool, ending: threading.Event) -> None:
    """Migrate, and write the demo shop once, while the service starts: it is ready only after the migration."""
    environment = _environment(settings)
    if demo:
        environment["DEMO_MANAGER_PASSWORD"] = _kept_secrets(settings.data_dir)["manager_password"]
    command = ["seed-demo", "--manager", MANAGER] if demo else ["migrate"]
    done = run_once(["-m", "assistant", *command], environment, ending)
    if ending.is_set():
        raise Problem(STOPPED)
    if not done.succeeded:
        raise Problem(done.complaint or "The database could not be prepared.")
    if demo:
        _keep(settings.data_dir, PREPARED, _preparation(settings))


def _prepared_before(settings: Settings, ending: threading.Event) -> bool:
    """Whether an earlier start did it for this version and database, and the service finds nothing amiss."""
    if _known_secrets(settings.data_dir).get(PREPARED) != _preparation(settings):
        return False
    address = f"http://{settings.host}:{settings.port}/health"
    _wait(lambda: httpx.get(f"{address}/live", timeout=2).is_success, "The service", ending)
    return httpx.get(f"{address}/ready", timeout=5).is_success


def _preparation(settings: Settings) -> str:
    """What the database was prepared for: the newest migration, and which database."""
    newest = max(path.stem for path in MIGRATIONS.glob("*.py"))
    database = hashlib.sha256(settings.required_database_url().encode()).hexdigest()
    return f"{newest}@{database}"


def _wait_for_service(settings: Settings, ending: threading.Event) -> None:
    url = f"http://{settings.host}:{settings.port}/health/ready"
    _wait(lambda: httpx.get(url, timeout=2).is_success, "The service", ending)


def _environment(settings: Settings) -> dict[str, str]:
    """What the children cannot read from the environment themselves."""
    hidden = {
        "AUTOPRIME_KOMMO_TOKEN": settings.kommo_token,
        "AUTOPRIME_KOMMO_CLIENT_SECRET": settings.kommo_client_secret,
        "AUTOPRIME_SECRET_KEYS": settings.secret_keys,
        "AUTOPRIME_WEBHOOK_SECRET": settings.webhook_secret,
    }
    return {
        "DATABASE_URL": settings.required_database_url(),
        "AUTOPRIME_DATA_DIR": str(settings.data_dir),
        "AUTOPRIME_KOMMO_URL": settings.kommo_url or "",
        "AUTOPRIME_KOMMO_AUTH_URL": settings.kommo_auth_url,
        "AUTOPRIME_KOMMO_CLIENT_ID": settings.kommo_client_id or "",
        **{name: value.get_secret_value() for name, value in hidden.items() if value},
    }


def _wait(answers: Callable[[], bool], what: str, ending: threading.Event) -> None:
    deadline = time.monotonic() + START_WITHIN
    while time.monotonic() < deadline:
        try:
            if answers():
                return
        except httpx.HTTPError:
            pass
        if ending.wait(0.1):
            raise Problem(STOPPED)
    raise Problem(f"{what} did not answer within {START_WITHIN:.0f} s: read the files in the logs folder of DATA_DIR.")


def _announce(settings: Settings, sandbox_port: int | None) -> None:
    click.echo(f"\nThe service runs at http://{settings.host}:{settings.port} (health: /health/ready)")
    click.echo(f"The staff's pages:     http://{settings.host}:{settings.port}/")
    if sandbox_port is not None:
        password = _kept_secrets(settings.data_dir)["manager_password"]
        click.echo(
            f"  Sign in as {MANAGER} with {password} (unless you have changed it).\n"
            f"A customer's phone:    http://{settings.host}:{sandbox_port}\n\n"
            f"{WRITE_FIRST if settings.kommo_url else CONNECT_FIRST}"
        )
    click.echo(
        f"Logs are in {settings.data_dir / 'logs'}. Ctrl-C ends everything; the data stays in {settings.data_dir}."
    )
