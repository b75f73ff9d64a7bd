"""Webhook bodies: every documented shape becomes its item, nothing is lost, nothing but `UndecodableBody` is raised."""

from datetime import UTC, datetime
from urllib.parse import unquote_plus, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.kommo.webhooks import (
    Author,
    File,
    Ignored,
    IncomingMessage,
    LeadChanged,
    MessageChanged,
    MessageDeleted,
    OutgoingMessage,
    TalkChanged,
    UndecodableBody,
    account_id,
    parse_webhook,
    webhook_kinds,
)

from .conftest import FIXTURES, webhook_body

JOAOS_CHAT = "a1b2c3d4-0001-4000-8000-000000000001"


@pytest.mark.parametrize("root", ["message[update][0]", "update[0]"])
def test_a_customer_changes_a_message(root: str) -> None:
    """Not documented; assumed to look like the message that it changes."""
    body = unquote_plus(webhook_body("customer_writes").decode()).replace("message[add][0]", root)
    (item,) = parse_webhook(body)
    assert isinstance(item, MessageChanged)
    assert (item.id, item.text) == ("5d9f1c3e-7b0a-4a55-9d8e-0c2f4b1a6e77", "oi, cadê meu carro? 😀")


@pytest.mark.parametrize("root", ["message[delete][0]", "delete[0]"])
def test_a_customer_takes_a_message_back(root: str) -> None:
    assert parse_webhook(urlencode({f"{root}[id]": "m-1"})) == [MessageDeleted("m-1")]


def test_a_customer_writes() -> None:
    (item,) = parse_webhook(webhook_body("customer_writes"))
    assert item == IncomingMessage(
        id="5d9f1c3e-7b0a-4a55-9d8e-0c2f4b1a6e77",
        chat_id=JOAOS_CHAT,
        talk_id=6001,
        contact_id=15319601,
        lead_id=7744001,
        origin="waba",
        text="oi, cadê meu carro? 😀",
        message_type="text",
        attachment=None,
        author=Author("external", "b2c3d4e5-0001-4000-8000-000000000001", "João Silva", None),
        created_at=datetime(2026, 5, 28, 20, 26, 40, tzinfo=UTC),
    )


def test_the_bare_form_is_the_same_message() -> None:
    (item,) = parse_webhook(webhook_body("customer_writes_bare"))
    assert isinstance(item, IncomingMessage)
    assert (item.text, item.lead_id, item.chat_id) == ("vcs abrem sabado?", 7744001, JOAOS_CHAT)


def test_a_deposit_receipt_has_no_text_and_no_lead() -> None:
    (item,) = parse_webhook(webhook_body("customer_sends_deposit_receipt"))
    assert isinstance(item, IncomingMessage)
    assert (item.text, item.message_type, item.lead_id) == ("", "picture", None)
    link = "https://amojo.kommo.com/attachments/comprovante.jpg"
    assert item.attachment == File("picture", link, "comprovante.jpg")


def test_two_messages_in_one_body_keep_their_order() -> None:
    items = parse_webhook(webhook_body("two_customers_write_at_once"))
    assert [item.text for item in items if isinstance(item, IncomingMessage)] == ["bom dia", "boa tarde"]


def test_who_answered_is_told_apart() -> None:
    (staff,) = parse_webhook(webhook_body("staff_answers"))
    (bot,) = parse_webhook(webhook_body("our_own_reply_comes_back"))
    assert isinstance(staff, OutgoingMessage)
    assert isinstance(bot, OutgoingMessage)
    assert (staff.author.type, staff.author.user_id) == ("internal", 9001)
    assert (bot.author.type, bot.author.user_id) == ("bot", None)


def test_talks_open_and_close() -> None:
    (closed,) = parse_webhook(webhook_body("talk_closed"))
    (opened,) = parse_webhook(webhook_body("talk_opened_without_lead"))
    assert isinstance(closed, TalkChanged)
    assert isinstance(opened, TalkChanged)
    assert (closed.talk_id, closed.is_in_work, closed.lead_id) == (6001, False, 7744001)
    assert (opened.talk_id, opened.is_in_work, opened.lead_id) == (6003, True, None)


@pytest.mark.parametrize(
    ("name", "kinds", "entity_ids"),
    [
        ("note_with_file", ("leads.note",), ["88001"]),
        ("contact_with_linked_leads", ("contacts.update",), ["15319601"]),
        ("incoming_lead_declined", ("unsorted.delete",), ["66666666111142228333444455556666"]),
        ("task_done", ("task.update",), ["99001"]),
    ],
)
def test_what_we_do_not_act_on_is_named(name: str, kinds: tuple[str, ...], entity_ids: list[str]) -> None:
    items = parse_webhook(webhook_body(name))
    assert webhook_kinds(webhook_body(name)) == kinds
    assert [item.entity_id for item in items if isinstance(item, Ignored)] == entity_ids
    assert len(items) == len(entity_ids)


def test_an_edited_lead_tells_its_fields_in_every_shape() -> None:
    moved, edited = parse_webhook(webhook_body("lead_changes_stage"))
    assert isinstance(moved, LeadChanged)
    assert (moved.lead_id, moved.pipeline_id, moved.status_id) == (7744001, 8000001, 142)
    assert isinstance(edited, LeadChanged)
    assert edited.lead_id == 7744001
    assert edited.fields == {"Placa": "ABC1D23", "Entrega": "1780000000", "Urgência": "Alta", "utm_source": ""}


def test_a_bare_hook_of_a_pipeline_names_lead_and_stage() -> None:
    [made] = parse_webhook(webhook_body("pipeline_bot_hook"))
    assert isinstance(made, LeadChanged)
    assert made.lead_id == 7744010


@pytest.mark.parametrize("name", sorted(path.stem for path in FIXTURES.glob("*.txt")))
def test_every_body_names_its_account(name: str) -> None:
    assert account_id(webhook_body(name)) == 33001234


def test_a_message_without_an_id_is_kept_as_unreadable() -> None:
    assert parse_webhook("message[add][0][text]=oi&message[add][0][chat_id]=c") == [Ignored("message.add", "", ("id",))]


def test_a_missing_time_is_the_time_of_receipt() -> None:
    now = datetime(2026, 7, 1, tzinfo=UTC)
    (item,) = parse_webhook("message[add][0][id]=m&message[add][0][talk_id]=5&message[add][0][created_at]=x", now)
    assert isinstance(item, IncomingMessage)
    assert item.created_at == now


@pytest.mark.parametrize("body", [b"\xff\xfe\x00\x01", b"a=\x00", b'{"message": []}', b"hello", "a=\ud800"])
def test_what_is_no_form_is_undecodable(body: bytes | str) -> None:
    for read in (parse_webhook, webhook_kinds, account_id):
        with pytest.raises(UndecodableBody):
            read(body)


def test_a_broken_percent_sequence_costs_a_letter_not_the_message() -> None:
    (item,) = parse_webhook("message[add][0][id]=m&message[add][0][chat_id]=c&message[add][0][text]=ol%E1%00!")
    assert isinstance(item, IncomingMessage)
    assert item.text == "ol\ufffd!"


def test_nesting_without_end_is_one_item() -> None:
    assert parse_webhook("a" + "[b]" * 300_000 + "=1") == [Ignored("a.b", "")]


names = st.sampled_from(["message", "add", "0", "talk", "account", "id", "leads", "outgoing_message", "entity_id", "x"])
keys = st.lists(names, min_size=1, max_size=5).map(lambda path: path[0] + "".join(f"[{name}]" for name in path[1:]))
values = st.one_of(st.text(max_size=20), st.integers().map(str), st.sampled_from(["incoming", "lead", "2", "1e9"]))


@given(st.one_of(st.binary(max_size=300), st.text(max_size=300)))
def test_any_body_is_read_or_undecodable(body: bytes | str) -> None:
    try:
        items = parse_webhook(body)
    except UndecodableBody:
        return
    assert {item.kind for item in items if isinstance(item, Ignored)} <= set(webhook_kinds(body))


@given(st.lists(st.tuples(st.one_of(keys, st.text(max_size=30)), values), min_size=1, max_size=30))
def test_any_form_is_read(pairs: list[tuple[str, str]]) -> None:
    body = urlencode(pairs, errors="replace")
    account_id(body)
    assert bool(parse_webhook(body)) == bool(webhook_kinds(body))


directions = st.sampled_from(["message", "outgoing_message", ""])
messages = st.lists(
    st.tuples(directions, st.integers(0, 10**12), st.uuids(), st.text(alphabet=st.characters(codec="utf-8"))),
    min_size=1,
    max_size=20,
    unique_by=lambda drawn: (drawn[0], drawn[1]),
)


@given(messages)
def test_no_message_is_lost_whatever_its_index(drawn: list[tuple[str, int, object, str]]) -> None:
    pairs: list[tuple[str, str]] = [("account[id]", "1")]
    for root, index, message_id, text in drawn:
        prefix = f"{root}[add][{index}]" if root else f"add[{index}]"
        pairs += [(f"{prefix}[id]", str(message_id)), (f"{prefix}[chat_id]", "c"), (f"{prefix}[text]", text)]
    found = parse_webhook(urlencode(pairs))
    seen = {(item.id, item.text) for item in found if isinstance(item, IncomingMessage | OutgoingMessage)}
    assert seen == {(str(message_id), text.replace("\x00", "")) for _, _, message_id, text in drawn}
    assert len(found) == len(drawn)
