"""What later pages are built of: navigation, forms, formats and the parts no page uses yet."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from assistant.staff.pages.people import Invitation
from assistant.staff.roles import Role
from assistant.staff.sessions import Browser
from assistant.staff.web.areas import Area, Navigation, Place
from assistant.staff.web.assets import Assets
from assistant.staff.web.formats import ago, browser_name, initials, moment
from assistant.staff.web.forms import Filled
from assistant.staff.web.rendering import create_templates
from assistant.staff.web.visit import Member, Visit

NAVIGATION = Navigation(
    (
        Area("Usuários", "/configuracoes/usuarios", Role.GERENTE, (), Place.SETTINGS),
        Area("Horários", "/configuracoes/horarios", Role.ATENDENTE, (), Place.SETTINGS),
        Area("Início", "/inicio", Role.ATENDENTE, (), Place.HOME),
        Area("Minha conta", "/minha-conta", Role.ATENDENTE, ()),
        Area("Regras", "/configuracoes/horarios/regras", Role.GERENTE, (), Place.SETTINGS),
    )
)


def member(role: Role, *, must_change: bool = False) -> Member:
    return Member(1, "Bia", "b@x.example", role, must_change, second_step=False)


def test_the_navigation_keeps_its_order_and_shows_what_is_there_and_allowed() -> None:
    """Places without a page do not appear; an entry leads to the first page of its place that this person may open."""
    seen = NAVIGATION.of(member(Role.ATENDENTE), "/inicio")
    assert [(one.label, one.path, one.current) for one in seen.entries] == [
        ("Início", "/inicio", True),
        ("Configurações", "/configuracoes/horarios", False),
    ]
    assert seen.tabs == []


def test_several_pages_of_a_place_are_tabs() -> None:
    seen = NAVIGATION.of(member(Role.GERENTE), "/configuracoes/horarios/regras/7")
    assert [(tab.label, tab.current) for tab in seen.tabs] == [
        ("Usuários", False),
        ("Horários", False),
        ("Regras", True),
    ]
    assert [one.label for one in seen.entries if one.current] == ["Configurações"]


@pytest.mark.parametrize("who", [None, member(Role.GERENTE, must_change=True)])
def test_whoever_may_do_nothing_sees_no_navigation(who: Member | None) -> None:
    assert NAVIGATION.of(who, "/inicio").entries == ()


def drawn(source: str, **values: object) -> str:
    visit = Visit("ref", Browser("", ""), "secret")
    return create_templates(Assets()).from_string(source).render(visit=visit, **values)


def test_progress_asks_again_until_it_is_done() -> None:
    source = '{% from "parts/progress.html" import progress %}{{ progress("p", "Lendo", 1200, 5000, "/p", done) }}'
    running, done = drawn(source, done=False), drawn(source, done=True)
    assert 'value="1200" max="5000"' in running
    assert "1.200 de 5.000" in running
    assert ('hx-get="/p"' in running, "hx-get" in done) == (True, False)


def test_an_empty_list_says_so_with_and_without_a_way_on() -> None:
    plain = '{% from "parts/empty.html" import empty %}{{ empty("Nada aqui", "Espere.") }}'
    way_on = '{% from "parts/empty.html" import empty %}{% call empty("Nada aqui") %}<a href="/x">x</a>{% endcall %}'
    assert "Espere." in drawn(plain)
    assert '<a href="/x">' in drawn(way_on)


def test_a_field_names_its_hint_and_its_error_and_a_password_is_never_drawn() -> None:
    source = (
        '{% from "parts/form.html" import text_field, password_field %}'
        '{{ text_field("email", "E-mail", form, hint="h") }}{{ password_field("password", "Senha", form) }}'
    )
    form = Filled[Invitation](None, {"email": '"><b>', "password": "do-not-show"}, {"email": "Errado."})
    html = drawn(source, form=form)
    assert 'aria-describedby="email-hint email-error" aria-invalid="true"' in html
    assert 'value="&#34;&gt;&lt;b&gt;"' in html
    assert "do-not-show" not in html
    assert "do-not-show" not in repr(form)


def test_times_are_the_shops_and_amounts_are_reais() -> None:
    assert moment(datetime(2024, 3, 1, 2, 30, tzinfo=UTC)) == "29/02/2024 às 23h30"
    assert ago(datetime.now(UTC) - timedelta(minutes=5)) == "há 5 minutos"
    assert drawn("{{ value|reais }}", value=Decimal("1870.5")) == "R$ 1.870,50"


@pytest.mark.parametrize(
    ("agent", "shown"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge em Windows"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit Chrome/140.0 Mobile Safari/537.36", "Chrome em Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18 Safari/604", "Safari em iPhone"),
        ("curl/8", "Navegador"),
        ("", "Navegador"),
    ],
)
def test_browsers_have_the_names_people_know(agent: str, shown: str) -> None:
    assert browser_name(agent) == shown


@pytest.mark.parametrize(("name", "shown"), [("Maria da Silva", "MS"), ("Ana", "A"), ("  ", "?"), ("<b> x", "<X")])
def test_initials(name: str, shown: str) -> None:
    assert initials(name) == shown


def test_a_visit_does_not_show_its_secret() -> None:
    assert "secret=" not in repr(Visit("r", Browser("a", "b"), secret="s3cr3t"))
