"""A webhook body as Kommo posts it for a customer's message; no two are alike."""

from urllib.parse import urlencode

MARK = "00000000-0000-4000-8000-000000000000"

_FIELDS = {
    "account[subdomain]": "autoprime",
    "account[id]": "30000001",
    "account[_links][self]": "https://autoprime.amocrm.com",
    "message[add][0][id]": MARK,
    "message[add][0][chat_id]": "5d0c3f8e-6a0b-4d1c-9e54-b1f1d6f0a001",
    "message[add][0][talk_id]": "4021",
    "message[add][0][contact_id]": "88000123",
    "message[add][0][text]": "Oi, bom dia! Queria saber se o meu carro já está pronto, por favor",
    "message[add][0][message_type]": "text",
    "message[add][0][created_at]": "1795471200",
    "message[add][0][origin]": "waba",
    "message[add][0][type]": "incoming",
    "message[add][0][element_type]": "2",
    "message[add][0][element_id]": "99000456",
    "message[add][0][entity_type]": "lead",
    "message[add][0][entity_id]": "99000456",
    "message[add][0][author][id]": "0f8fad5b-d9cb-469f-a165-70867728950e",
    "message[add][0][author][type]": "external",
    "message[add][0][author][name]": "Cliente de Teste",
}

BEFORE, AFTER = urlencode(_FIELDS).encode().split(MARK.encode())


def message_id(number: int) -> bytes:
    """The id of the message with this number, as long as any other."""
    return f"00000000-0000-4000-8000-{number:012d}".encode()


def body(number: int) -> bytes:
    """The body with this number."""
    return BEFORE + message_id(number) + AFTER
