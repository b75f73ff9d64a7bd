"""How connecting can fail, with what the staff are told.

ConnectError          any of them; `text` is for the page
  NotPossible         the settings lack something (`missing`)
  StateRefused        the answer does not belong to a consent begun here: forged, used, too late, another login
  AccessDenied        the administrator pressed "cancel" at Kommo
  ForeignAccount      the answer names an address that is not Kommo's
  CodeRefused         Kommo does not take the code: too late, used, or another return address is registered
  ClientRefused       Kommo does not take client id and secret
  TokenRefused        Kommo does not take the long-lived token
  KommoUnreachable    no answer, or one that cannot be used; trying again may help
"""

from typing import ClassVar


class ConnectError(Exception):
    """Base of all failures. Holds no token, code or secret."""

    text: ClassVar[str] = ""

    def __init__(self) -> None:
        super().__init__(type(self).__name__)


class NotPossible(ConnectError):
    """The service is not prepared for this way of connecting."""

    def __init__(self, *missing: str) -> None:
        super().__init__()
        self.missing = missing

    @property
    def said(self) -> str:
        """The text with the names of the settings."""
        return f"Falta configurar no servidor: {', '.join(self.missing)}. Peça a quem cuida da instalação."


class StateRefused(ConnectError):
    """Not a consent that this person began here a moment ago."""

    text = (
        "Este retorno do Kommo não vale mais: o pedido já foi usado, passou de 10 minutos ou começou em outro acesso. "
        "Clique em “Conectar Kommo” e autorize de novo."
    )


class AccessDenied(ConnectError):
    """Refused at Kommo."""

    text = "A autorização foi recusada no Kommo. Para conectar, clique de novo e escolha “Permitir”."


class ForeignAccount(ConnectError):
    """The address is not one of Kommo's."""

    text = "O endereço da conta não é do Kommo. Use o endereço da sua conta, como suaoficina.kommo.com."


class CodeRefused(ConnectError):
    """The code cannot be exchanged."""

    text = (
        "O Kommo não aceitou a autorização. Tente conectar de novo; se repetir, confira se o endereço de retorno "
        "(Redirect URI) da integração no Kommo é o mesmo mostrado nesta página."
    )


class ClientRefused(ConnectError):
    """Client id or secret are wrong."""

    text = (
        "O Kommo não aceitou a identificação da integração. Confira no servidor o ID e a chave secreta "
        "(AUTOPRIME_KOMMO_CLIENT_ID e AUTOPRIME_KOMMO_CLIENT_SECRET)."
    )


class TokenRefused(ConnectError):
    """The long-lived token does not work at that account."""

    text = "O Kommo não aceitou este token. Confira a conta e gere outro token de longa duração na integração."


class KommoUnreachable(ConnectError):
    """Kommo did not answer as it should."""

    text = "O Kommo não respondeu como esperado. Espere um minuto e tente de novo."


def said(error: ConnectError) -> str:
    """What the staff are told."""
    return error.said if isinstance(error, NotPossible) else error.text
