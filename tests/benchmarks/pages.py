"""Time of the staff's pages in a shop that is a hundred times ours: the server answers beside a trivial page.

1,000,000 customers, 3,000,000 orders, 50,000 leads of the import, and for what the pages count: 1,000,000 chats,
replies, events and audit lines.
The trivial page is the login's: drawn alike, by a session alike, and it shows nothing of the shop.
"""

import re
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

import httpx

from assistant.staff.roles import Role
from integrations.database import create_engine, create_sessions
from tests.assistant.staff.visitor import PASSWORD, hire
from tests.benchmarks.figures import Table, median, percentile
from tests.benchmarks.options import Options
from tests.benchmarks.servers import execute, fresh_database, machine
from tests.stack.running import SECRET, Program, eventually, free_port

CUSTOMERS, ORDERS_EACH = 1_000_000, 3
VIEWS = 40
"""Views of each page in a round; the first ones of a round warm up and are not counted."""
WARM = 3
TRIVIAL = "/entrar?para=/inicio"
PAGES = (
    "/inicio",
    "/inicio/numeros",
    "/saude",
    "/saude/agora",
    "/minha-conta",
    "/configuracoes/usuarios",
    "/configuracoes/oficina",
    "/configuracoes/kommo",
    "/configuracoes/preparo",
    "/configuracoes/auditoria",
    "/importacao",
    "/importacao?estado=ready",
    "/importacao?busca=cliente+49999",
    "/importacao/1",
    "/importacao/lote",
)
CANDIDATES = 50_000
MANAGER = "carla@oficina.example"
SPREAD = "now() - random() * interval '3 years'"

FILL = (
    f"""INSERT INTO profiles (full_name, phone, created_at)
        SELECT 'Cliente ' || n, '55119' || lpad(n::text, 8, '0'), {SPREAD} FROM generate_series(1, {CUSTOMERS}) n""",
    f"""INSERT INTO ordens_servico (numero_os, customer_id, plate, client_name, status, valor_final, created_at)
        SELECT 'OS-' || row_number() OVER (), id, 'ABC1D23', full_name, 'entregue', 100, {SPREAD}
        FROM profiles, generate_series(1, {ORDERS_EACH})""",
    f"""INSERT INTO conversation (chat_key, talk_id, contact_id, contact_name, created_at)
        SELECT 'chat-' || n, n, n, 'Cliente ' || n, {SPREAD} FROM generate_series(1, {CUSTOMERS}) n""",
    """INSERT INTO outbox (conversation_id, dedupe_key, kind, text, state, sent_at, settled_at, created_at)
        SELECT id, 'reply:' || id, 'message', 'Seu carro está pronto.', 'delivered', created_at, created_at, created_at
        FROM conversation""",
    f"""INSERT INTO kommo_event (event_key, body, kinds, state, received_at, handled_at)
        SELECT md5(n::text), 'message[add][0][text]=oi', 'message.add', 'done', {SPREAD}, now()
        FROM generate_series(1, {CUSTOMERS}) n""",
    f"""INSERT INTO audit_log (action, about, at)
        SELECT 'health_seen', NULL, {SPREAD} FROM generate_series(1, {CUSTOMERS}) n""",
    f"""INSERT INTO import_candidate (lead_id, state, said, title, vehicle, value, looked_for, qualified_at)
        SELECT n, (ARRAY['ready', 'attention', 'duplicate', 'rejected'])[1 + n % 4],
            jsonb_build_object('full_name', 'Cliente ' || n, 'phone', '55119' || lpad(n::text, 8, '0'),
                'plate', 'ABC1D23', 'vehicle', 'VW Gol 1.6'),
            'Cliente ' || n, 'Volkswagen Gol', n, 'cliente ' || n || ' 55119' || lpad(n::text, 8, '0'), {SPREAD}
        FROM generate_series(1, {CANDIDATES}) n""",
    "VACUUM ANALYZE",
)


@dataclass
class Page:
    """One page and the milliseconds that its views took."""

    path: str
    times: list[float] = field(default_factory=list)


async def run(server: str, options: Options) -> None:
    """Fill a database, start the web process, open every page in turns, print the table."""
    async with fresh_database(server) as database:
        began = perf_counter()
        for statement in FILL:
            await execute(database, statement)
        filled = perf_counter() - began
        engine = create_engine(database)
        await hire(create_sessions(engine), MANAGER, Role.GERENTE)
        await engine.dispose()
        with tempfile.TemporaryDirectory(prefix="autoprime-bench-") as folder:
            show(await _measure(database, Path(folder), options), filled)


async def _measure(database: str, folder: Path, options: Options) -> list[Page]:
    port = free_port()
    environment = {
        "DATABASE_URL": database,
        "AUTOPRIME_DATA_DIR": str(folder),
        "AUTOPRIME_PORT": str(port),
        "AUTOPRIME_WEBHOOK_SECRET": SECRET,
        "AUTOPRIME_LOG_LEVEL": "ERROR",
    }
    program = Program("serve", ["-m", "assistant", "serve"], environment, folder / "serve.log")
    program.start()
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as http:
            await eventually(lambda: _answers(http), "the web process answers")
            await _sign_in(http)
            pages = [Page(path) for path in (TRIVIAL, *PAGES)]
            for _ in range(options.rounds):
                for page in pages:
                    page.times += await _views(http, page.path)
            return pages
    finally:
        program.stop()


async def _answers(http: httpx.AsyncClient) -> bool:
    try:
        return (await http.get("/health/ready")).is_success
    except httpx.TransportError:
        return False


async def _sign_in(http: httpx.AsyncClient) -> None:
    token = re.search(r'name="_csrf" value="(\w+)"', (await http.get("/entrar")).text)
    assert token is not None
    fields = {"_csrf": token[1], "email": MANAGER, "password": PASSWORD, "para": ""}
    assert (await http.post("/entrar", data=fields)).status_code == 303


async def _views(http: httpx.AsyncClient, path: str) -> list[float]:
    """Milliseconds of each view, the last byte included."""
    # Whoever is signed in already is led away from the login.
    cookies = {} if path == TRIVIAL else dict(http.cookies)
    times = []
    async with httpx.AsyncClient(base_url=http.base_url, timeout=60, cookies=cookies) as one:
        for _ in range(VIEWS + WARM):
            began = perf_counter()
            answer = await one.get(path)
            times.append((perf_counter() - began) * 1000)
            assert answer.status_code == 200, f"{path}: {answer.status_code}"
    return times[WARM:]


def show(pages: list[Page], filled: float) -> None:
    """Print the table."""
    trivial = median(pages[0].times)
    table = Table("Pages of the staff", ("page", "p50 ms", "p99 ms", "ratio to the trivial page"))
    for page in pages:
        p50 = median(page.times)
        table.add(page.path, f"{p50:.1f}", f"{percentile(page.times, 0.99):.1f}", f"{p50 / trivial:.2f}")
    table.note(f"{CUSTOMERS:,} customers, {CUSTOMERS * ORDERS_EACH:,} orders, filled in {filled:.0f} s; {machine()}")
    table.show()
