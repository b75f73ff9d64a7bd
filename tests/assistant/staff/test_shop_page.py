"""Configurações › Oficina: kept when it makes sense, said at its field when it does not, for managers only."""

from integrations.database import Sessions, transaction
from integrations.workshop.preferences import preferences
from integrations.workshop.shop import shop_hours
from tests.assistant.staff.visitor import Visitor

PATH = "/configuracoes/oficina"


async def test_an_attendant_does_not_get_in(attendant: Visitor) -> None:
    assert (await attendant.get(PATH)).status == 403


async def test_the_pix_key_is_checked_and_kept(manager: Visitor, sessions: Sessions) -> None:
    await manager.get(PATH)
    await manager.post(PATH, {"pix_key": "pix da loja", "warranty_days": "120"})
    assert manager.status == 422
    assert "não parece uma chave pix" in manager.text
    assert "pix da loja" in manager.text
    await manager.post(PATH, {"pix_key": "pix@oficina.com.br", "warranty_days": "120"})
    assert manager.leads_to == PATH
    async with transaction(sessions) as session:
        assert await preferences(session) == {"pix_key": "pix@oficina.com.br", "warranty_days": "120"}
    await manager.get(PATH)
    assert "pix@oficina.com.br" in manager.text


async def test_hours_are_kept_or_refused_at_their_field(manager: Visitor, sessions: Sessions) -> None:
    await manager.get(PATH)
    await manager.post(f"{PATH}/horario", {"opens": "18:00", "closes": "08:00"})
    assert manager.status == 422
    assert "depois do de abrir" in manager.text
    week = {"opens": "08:00", "closes": "18:30", "closes_saturday": "", "lunch_starts": "12:00", "lunch_ends": "13:00"}
    await manager.post(f"{PATH}/horario", week)
    assert manager.leads_to == PATH
    async with transaction(sessions) as session:
        hours = await shop_hours(session)
    assert hours.weekday is not None
    assert (f"{hours.weekday.end:%H:%M}", hours.saturday) == ("18:30", None)


async def test_a_day_of_the_shops_own_is_set_and_taken_back(manager: Visitor) -> None:
    await manager.get(PATH)
    await manager.post(f"{PATH}/dias", {"day": "2099-12-01", "name": "<b>Festa</b>"})
    await manager.follow()
    assert "<b>Festa</b>" in manager.text
    assert "<b>Festa" not in manager.seen.text  # type: ignore[union-attr]
    await manager.post(f"{PATH}/dias", {"day": "2020-01-01", "name": "Passado"})
    assert manager.status == 422
    await manager.get(PATH)
    await manager.post(f"{PATH}/dias/2099-12-01/retirar")
    await manager.follow()
    assert "Festa" not in manager.text
