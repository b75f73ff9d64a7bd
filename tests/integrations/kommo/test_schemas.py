"""What Kommo really answers is read, whatever form it chose for a number, a time, a list or nothing."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from integrations.kommo.schemas import (
    Account,
    ChatMessage,
    Contact,
    CustomField,
    Event,
    Lead,
    Pipeline,
    Talk,
    Task,
    Webhook,
)
from integrations.kommo.schemas_bots import Bot

MODELS: list[type[BaseModel]] = [
    Account,
    Bot,
    ChatMessage,
    Contact,
    CustomField,
    Event,
    Lead,
    Pipeline,
    Talk,
    Task,
    Webhook,
]


def test_numbers_as_strings_and_nothing_in_every_form() -> None:
    lead = Lead.model_validate(
        {
            "id": "7744001",
            "name": None,
            "price": "1870",
            "status_id": 142.0,
            "pipeline_id": "",
            "responsible_user_id": [],
            "closed_at": 0,
            "updated_at": "1780000000",
            "custom_fields_values": None,
            "_embedded": {"contacts": [{"id": "5"}, {"id": 6, "is_main": True}]},
        }
    )
    assert (lead.id, lead.name, lead.price, lead.status_id, lead.pipeline_id) == (7744001, "", 1870, 142, None)
    assert (lead.closed_at, lead.main_contact_id) == (None, 6)
    assert lead.updated_at == datetime(2026, 5, 28, 20, 26, 40, tzinfo=UTC)


def test_milliseconds_are_told_from_seconds() -> None:
    message = ChatMessage.model_validate({"id": "m", "created_at": 1_780_000_000_000})
    assert message.created_at == datetime(2026, 5, 28, 20, 26, 40, tzinfo=UTC)


def test_phones_of_a_contact_in_the_new_and_the_old_form() -> None:
    values = [
        {"field_code": "EMAIL", "values": [{"value": "joao@example.com"}]},
        {"field_code": "PHONE", "values": [{"value": "+55 11 98765-4321", "enum": "WORK"}, {"value": 551133334444}]},
        {"field_code": "PHONE", "values": None},
    ]
    contact = Contact.model_validate({"id": 1, "custom_fields_values": values, "_embedded": []})
    assert contact.phones == ["+55 11 98765-4321", "551133334444"]
    assert contact.leads == []


def test_a_talk_without_a_lead() -> None:
    talk = Talk.model_validate({"talk_id": 1, "entity_id": None, "entity_type": None, "is_in_work": "0"})
    assert (talk.lead_id, talk.is_in_work) == (None, False)
    assert Talk.model_validate({"talk_id": 1, "entity_id": 5, "entity_type": "contact"}).lead_id is None


def test_a_message_without_text_author_or_file() -> None:
    message = ChatMessage.model_validate({"id": "m", "text": None, "author": [], "attachment": [], "type": "incoming"})
    assert (message.text, message.author.type, message.attachment, message.incoming) == ("", "", None, True)


def test_an_event_without_a_message_names_none() -> None:
    event = Event.model_validate({"id": "e", "value_after": [{"note": {"id": 5}}], "created_by": None})
    assert (event.message_id, event.talk_id, event.created_by) == ("", None, 0)


def test_what_cannot_be_read_names_the_field() -> None:
    with pytest.raises(ValidationError) as error:
        Lead.model_validate({"id": 1, "price": "muito", "updated_at": {"x": 1}})
    assert {".".join(map(str, e["loc"])) for e in error.value.errors()} == {"price", "updated_at"}


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
known = sorted({name for model in MODELS for name in model.model_fields} | {"_embedded"})


@given(st.sampled_from(MODELS), st.dictionaries(st.sampled_from(known), anything, max_size=8))
def test_any_row_is_read_or_named_wrong(model: type[BaseModel], row: dict[str, object]) -> None:
    try:
        read = model.model_validate(row)
    except ValidationError:
        return
    assert "\\u0000" not in json.dumps(read.model_dump(mode="json", exclude={"custom_fields_values", "value_after"}))
