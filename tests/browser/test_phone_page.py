"""The customer's phone, used as people use it: through a browser, against a running sandbox."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Locator, Page, Route, expect

from .conftest import OpenPhone, SandboxProcess, until

pytestmark = pytest.mark.browser
JOAO = "5511987654321"
NARROW = (360, 740)
HOSTILE = '<img src=x onerror="document.title=1"><script>document.title=2</script> & "aspas"'


def own(page: Page, text: str) -> Locator:
    """The customer's own message with this text."""
    return page.locator(".row.own").filter(has_text=text)


async def say(page: Page, text: str) -> None:
    await page.get_by_label("Escreva como o cliente").fill(text)
    await page.keyboard.press("Enter")


async def arrived(sandbox: SandboxProcess, phone: str) -> list[object]:
    """Texts of the customer as the shop's Kommo has them."""
    return [message["text"] for message in await sandbox.messages(phone) if message["direction"] == "in"]


async def test_a_picked_customer_writes_and_sees_it_delivered(sandbox: SandboxProcess, open_phone: OpenPhone) -> None:
    page = await open_phone()
    await page.get_by_role("button", name="João Silva").click()
    await expect(page.get_by_text("Você é João Silva")).to_be_visible()
    await expect(page.get_by_text("Celular de demonstração — fala com o Kommo simulado")).to_be_visible()
    await say(page, "oi, cadê meu carro?")
    await expect(own(page, "oi, cadê meu carro?")).to_have_attribute("data-delivery", "delivered")
    await expect(own(page, "oi, cadê meu carro?").get_by_text("entregue", exact=True)).to_be_attached()
    await expect(page.get_by_label("Escreva como o cliente")).to_have_value("")
    assert await arrived(sandbox, JOAO) == ["oi, cadê meu carro?"]


async def test_an_answer_appears_by_itself(sandbox: SandboxProcess, open_phone: OpenPhone, phone: str) -> None:
    page = await open_phone(phone)
    await say(page, "bom dia")
    await expect(own(page, "bom dia")).to_have_attribute("data-delivery", "delivered")
    await sandbox.staff_writes(phone, "Bom dia! Aqui é o Thiago.")
    log = page.get_by_role("log")
    await expect(log.get_by_text("Bom dia! Aqui é o Thiago.")).to_be_visible()
    await expect(log.get_by_text("equipe ·")).to_be_visible()
    await expect(own(page, "bom dia")).to_have_attribute("data-delivery", "answered")
    await expect(log.get_by_text("Hoje", exact=True)).to_have_count(1)


@pytest.fixture
async def hook() -> AsyncIterator[str]:
    """Somebody who takes every webhook and never answers the customer."""

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        await reader.readexactly(int(head.split(b"content-length:")[1].split(b"\r\n")[0]))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"


async def test_typing_shows_while_an_answer_is_made(
    mortal_sandbox: SandboxProcess, open_phone: OpenPhone, hook: str
) -> None:
    await mortal_sandbox.api("webhooks", {"destination": hook, "settings": ["add_message"]})
    page = await open_phone(JOAO, at=mortal_sandbox)
    await say(page, "oi")
    await expect(page.locator("#typing")).to_be_visible()
    await expect(page.get_by_role("status").get_by_text("digitando…")).to_be_attached()
    talk_id = (await mortal_sandbox.http.get(f"/sandbox/chats/{JOAO}")).json()["talk_id"]
    await mortal_sandbox.api(f"talks/{talk_id}/send_message", {"text": "Oi, João!"})
    await expect(page.get_by_role("log").get_by_text("Oi, João!")).to_be_visible()
    await expect(page.locator("#typing")).to_be_hidden()


async def test_a_message_that_never_arrived_says_so(mortal_sandbox: SandboxProcess, open_phone: OpenPhone) -> None:
    page = await open_phone(JOAO, at=mortal_sandbox)
    await say(page, "oi")
    await expect(own(page, "oi")).to_have_attribute("data-delivery", "delivered")
    await mortal_sandbox.http.post("/sandbox/faults", json={"kind": "channel_error", "rate": 1})
    await mortal_sandbox.staff_writes(JOAO, "não vai chegar")
    await expect(page.get_by_text("não chegou ao celular: falha na entrega")).to_be_visible()


async def test_what_people_write_is_never_markup(sandbox: SandboxProcess, open_phone: OpenPhone, phone: str) -> None:
    await sandbox.customer_writes(phone, HOSTILE, name=HOSTILE)
    await sandbox.staff_writes(phone, HOSTILE)
    page = await open_phone(phone)
    await expect(page.locator(".words")).to_have_text([HOSTILE, HOSTILE])
    await expect(page.locator(f'[data-phone="{phone}"] .name')).to_have_text(HOSTILE)
    await expect(page.locator(f'[data-phone="{phone}"] .last')).to_have_text(HOSTILE)
    await expect(page.locator("main img, main script, aside img, aside script")).to_have_count(0)


async def test_whatsapp_marks_are_shown(sandbox: SandboxProcess, open_phone: OpenPhone, phone: str) -> None:
    await sandbox.customer_writes(phone, "oi")
    await sandbox.staff_writes(
        phone, "*VW Gol* está _pronto_, ~R$ 900~\n2 * 3 * 4, arquivo_do_cliente_2 *_os dois_* https://a.example/b_c_d"
    )
    page = await open_phone(phone)
    words = page.locator(".row:not(.own) .words")
    await expect(words.locator("strong")).to_have_text(["VW Gol", "os dois"])
    await expect(words.locator("em")).to_have_text(["pronto", "os dois"])
    await expect(words.locator("s")).to_have_text("R$ 900")
    await expect(words.locator("a")).to_have_count(0)
    assert (await words.inner_text()).split("\n")[1].startswith("2 * 3 * 4, arquivo_do_cliente_2 os dois https://")
    assert "b_c_d" in await words.inner_text()


async def test_a_restart_of_the_sandbox_loses_no_word(mortal_sandbox: SandboxProcess, open_phone: OpenPhone) -> None:
    page = await open_phone(JOAO, at=mortal_sandbox)
    await say(page, "antes")
    await expect(own(page, "antes")).to_have_attribute("data-delivery", "delivered")
    await mortal_sandbox.kill()
    await expect(page.get_by_role("status").get_by_text("Sem contato com o Kommo simulado")).to_be_visible()
    await say(page, "no meio")
    await expect(own(page, "no meio").get_by_text("não enviada").last).to_be_visible()
    await page.get_by_label("Escreva como o cliente").fill("ainda não terminei")
    await mortal_sandbox.start()
    await expect(page.get_by_text("Sem contato com o Kommo simulado")).to_have_count(0)
    await own(page, "no meio").get_by_role("button", name="Tentar de novo").click()
    await expect(own(page, "no meio")).to_have_attribute("data-delivery", "delivered")
    await expect(page.get_by_label("Escreva como o cliente")).to_have_value("ainda não terminei")
    await mortal_sandbox.staff_writes(JOAO, "voltamos")
    await expect(page.get_by_role("log").get_by_text("voltamos")).to_be_visible()
    assert await arrived(mortal_sandbox, JOAO) == ["antes", "no meio"]


async def test_a_lost_receipt_is_not_a_lost_message(sandbox: SandboxProcess, open_phone: OpenPhone, phone: str) -> None:
    """The sandbox took the message, the answer got lost: it must not be offered for sending again."""

    async def lose_the_answer(route: Route) -> None:
        if route.request.method == "POST":
            await route.fetch()
            await route.abort()
        else:
            await route.continue_()

    page = await open_phone(phone)
    await page.route("**/messages", lose_the_answer)
    await say(page, "chegou?")
    await expect(own(page, "chegou?")).to_have_attribute("data-delivery", "delivered")
    await expect(page.locator(".row.own")).to_have_count(1)
    assert await arrived(sandbox, phone) == ["chegou?"]


async def test_a_refused_message_can_be_taken_back_and_changed(
    sandbox: SandboxProcess, open_phone: OpenPhone, phone: str
) -> None:
    page = await open_phone(phone)
    await page.route("**/messages", lambda route: route.fulfill(status=400, json={}))
    await say(page, "quase isso")
    await expect(page.get_by_text("não enviada: o Kommo simulado recusou (erro 400)")).to_be_visible()
    await page.unroute("**/messages")
    await page.get_by_role("button", name="Editar").click()
    await expect(page.get_by_label("Escreva como o cliente")).to_have_value("quase isso")
    await say(page, "agora sim")
    await expect(own(page, "agora sim")).to_have_attribute("data-delivery", "delivered")
    assert await arrived(sandbox, phone) == ["agora sim"]


async def test_drafts_stay_with_their_customer(open_phone: OpenPhone) -> None:
    page = await open_phone()
    await page.get_by_role("button", name="Ana Lima").click()
    await page.get_by_label("Escreva como o cliente").fill("rascunho da Ana")
    await page.get_by_role("button", name="Carlos Pereira").click()
    await expect(page.get_by_label("Escreva como o cliente")).to_have_value("")
    await page.get_by_role("button", name="Ana Lima").click()
    await expect(page.get_by_label("Escreva como o cliente")).to_have_value("rascunho da Ana")
    await page.reload()
    await expect(page.get_by_label("Escreva como o cliente")).to_have_value("rascunho da Ana")


async def test_the_keyboard_is_enough(sandbox: SandboxProcess, open_phone: OpenPhone) -> None:
    page = await open_phone()
    names = page.locator(".customer .name")
    await expect(names).not_to_have_count(0)
    await page.keyboard.press("Tab")
    second = page.locator(".customer").nth(1)
    await page.keyboard.press("ArrowDown")
    await expect(second).to_be_focused()
    assert await second.evaluate("one => getComputedStyle(one).outlineStyle") == "solid"
    chosen = str(await second.get_attribute("data-phone"))
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Escreva como o cliente")).to_be_focused()
    await page.keyboard.type("primeira linha")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("segunda linha")
    await page.keyboard.press("Enter")
    await expect(own(page, "primeira linha")).to_have_attribute("data-delivery", "delivered")
    assert (await arrived(sandbox, chosen))[-1] == "primeira linha\nsegunda linha"


async def test_the_attachment_menu_by_keyboard(open_phone: OpenPhone, phone: str) -> None:
    page = await open_phone(phone)
    toggle = page.get_by_role("button", name="Anexar")
    await toggle.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Nota de voz")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="Nota de voz")).to_be_hidden()
    await expect(toggle).to_be_focused()


async def test_stand_ins_for_attachments_are_sent(sandbox: SandboxProcess, open_phone: OpenPhone, phone: str) -> None:
    page = await open_phone(phone)
    for index, label in enumerate(("Nota de voz", "Foto", "Documento", "Localização")):
        await page.get_by_role("button", name="Anexar").click()
        await page.get_by_role("button", name=label).click()
        await expect(page.locator(".row.own").nth(index)).to_have_attribute("data-delivery", "delivered")
        await expect(page.locator(".row.own").nth(index)).to_contain_text(label)
    kinds = [message["attachment"] for message in await sandbox.messages(phone)]
    assert [kind["type"] for kind in kinds if isinstance(kind, dict)] == ["voice", "picture", "file", "location"]


async def test_a_suggestion_is_sent_once_and_goes_away(
    sandbox: SandboxProcess, open_phone: OpenPhone, phone: str
) -> None:
    page = await open_phone(phone)
    await page.get_by_role("button", name="oi, bom dia!").click()
    await expect(own(page, "oi, bom dia!")).to_have_attribute("data-delivery", "delivered")
    await expect(page.get_by_role("button", name="oi, bom dia!", exact=True)).to_have_count(0)
    assert await arrived(sandbox, phone) == ["oi, bom dia!"]


async def test_any_number_can_be_dialled(sandbox: SandboxProcess, open_phone: OpenPhone) -> None:
    page = await open_phone()
    number = page.get_by_label("Ou digite outro número")
    await number.fill("123")
    await number.press("Enter")
    await expect(page.get_by_role("alert")).to_have_text("Digite DDD e número, como 11 98765-4321.")
    await expect(number).to_have_value("123")
    await number.fill("(21) 99888-7766")
    await number.press("Enter")
    await expect(page.locator(".who").get_by_text("Você é +55 21 99888-7766")).to_be_visible()
    await say(page, "sou novo")
    assert await until(lambda: arrived(sandbox, "5521998887766")) == ["sou novo"]


async def test_another_customers_news_are_marked(sandbox: SandboxProcess, open_phone: OpenPhone, phone: str) -> None:
    await sandbox.customer_writes(phone, "oi", name="Zélia Prado")
    page = await open_phone(JOAO)
    zelia = page.get_by_role("button", name="Zélia Prado")
    await expect(zelia).to_be_visible()
    await sandbox.staff_writes(phone, "Zélia, seu carro está pronto")
    await expect(zelia).to_contain_text("mensagem nova")
    await zelia.click()
    await expect(zelia).not_to_contain_text("mensagem nova")


async def test_yesterdays_messages_stand_under_their_day(
    sandbox: SandboxProcess, open_phone: OpenPhone, phone: str
) -> None:
    await sandbox.customer_writes(phone, "oi")
    page = await open_phone(phone)
    await expect(page.locator(".day")).to_have_text(["Hoje"])
    await page.clock.set_fixed_time(datetime.now(UTC) + timedelta(days=1))
    await page.reload()
    await expect(page.locator(".day")).to_have_text(["Ontem"])


async def test_who_reads_further_up_is_told_of_news(sandbox: SandboxProcess, open_phone: OpenPhone, phone: str) -> None:
    for number in range(30):
        await sandbox.customer_writes(phone, f"mensagem {number}")
    page = await open_phone(phone)
    await expect(own(page, "mensagem 29")).to_be_in_viewport()
    await page.get_by_role("log").evaluate("log => { log.scrollTop = 0; }")
    await sandbox.staff_writes(phone, "lá embaixo")
    news = page.get_by_role("button", name="Mensagem nova")
    await expect(news).to_be_visible()
    await expect(own(page, "mensagem 0")).to_be_in_viewport()
    await news.click()
    await expect(page.get_by_role("log").get_by_text("lá embaixo")).to_be_in_viewport()
    await expect(news).to_be_hidden()


@pytest.mark.parametrize("width", [320, 360, 900, 1280])
async def test_nothing_is_wider_than_the_screen(
    sandbox: SandboxProcess, open_phone: OpenPhone, phone: str, width: int
) -> None:
    await sandbox.customer_writes(phone, "x" * 300, name="Nome muito comprido " * 5)
    page = await open_phone(size=(width, 640))
    for address in ("", phone):
        await page.goto(f"{sandbox.url}/#{address}")
        shown = page.locator(".row") if address else page.locator(f'[data-phone="{phone}"]')
        await expect(shown).to_be_visible()
        assert await page.evaluate("document.documentElement.scrollWidth") <= width
        for part in (".people", ".screen", "#scroll"):
            assert await page.locator(part).evaluate("one => one.scrollWidth - one.clientWidth") <= 0, part


async def test_a_small_screen_shows_list_or_chat(open_phone: OpenPhone) -> None:
    page = await open_phone(size=NARROW)
    joao = page.get_by_role("button", name="João Silva")
    await joao.click()
    await expect(joao).to_be_hidden()
    await expect(page.get_by_text("Celular de demonstração — fala com o Kommo simulado")).to_be_visible()
    await page.get_by_role("button", name="Voltar para a lista de clientes").click()
    await expect(joao).to_be_focused()
    await page.go_back()
    await expect(page.get_by_text("Você é João Silva")).to_be_visible()


LOW_CONTRAST = """() => {
  const sheet = Object.assign(document.createElement("canvas"), { width: 1, height: 1 });
  const canvas = sheet.getContext("2d", { willReadFrequently: true });
  const rgba = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const ground = (one) => {
    for (let at = one; at; at = at.parentElement) {
      const color = rgba(getComputedStyle(at).backgroundColor);
      if (color[3] === 255) return color;
    }
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const low = [];
  while (texts.nextNode()) {
    const one = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || !one.checkVisibility() || one.closest(".visually-hidden, noscript")) continue;
    const [a, b] = [light(rgba(getComputedStyle(one).color)), light(ground(one))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) low.push(`${one.className || one.tagName}: ${ratio.toFixed(2)} ${texts.currentNode.data}`);
  }
  return low;
}"""


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
async def test_every_text_has_enough_contrast(
    sandbox: SandboxProcess, open_phone: OpenPhone, phone: str, dark: bool
) -> None:
    await sandbox.customer_writes(phone, "oi")
    await sandbox.staff_writes(phone, "*Olá!* tudo ~mal~ bem?")
    page = await open_phone(phone, dark=dark)
    await expect(page.locator(".row")).to_have_count(2)
    await page.route("**/messages", lambda route: route.abort())
    await say(page, "esta falha")
    await expect(page.get_by_text("não enviada").last).to_be_visible()
    await page.get_by_role("button", name="Anexar").click()
    await page.emulate_media(reduced_motion="reduce")
    assert await page.evaluate(LOW_CONTRAST) == []
