"""What an operator or a test can choose about the stand-in account; nothing here is read from the environment."""

from dataclasses import dataclass, field
from pathlib import Path

MIN_SECRET = 32
ALL_SCOPES = ("crm", "send_external_messages", "list_external_messages", "files")


@dataclass(frozen=True, slots=True)
class SandboxSettings:
    """How one stand-in account behaves. Times are seconds unless the name says otherwise."""

    data_dir: Path
    """Folder of the account's file; made when missing. The state survives a restart, also after kill -9."""

    base_url: str | None = None
    """Address the sandbox is reached at, used in `return_url` and links; None takes it from the requests."""

    subdomain: str = "autoprime"
    rate_limit: int = 7
    """API calls accepted in any second for one integration; 0 switches the limit off."""

    plan: str = "pro"
    """Plan of a new account; later changes come through PATCH /sandbox/account."""

    chats_limit: int = 500
    """Paid outgoing messages of a new account."""

    scopes: tuple[str, ...] = ALL_SCOPES
    bare_messages: bool = False
    """Incoming messages come as the documented bare `add[0]…` instead of `message[add][0]…`."""

    leads_from_chats: bool = True
    """A chat whose contact has no open lead gets one; False leaves the talk without an entity."""

    bot_seconds: float = 0.5
    """Time a Salesbot run takes before it sends."""

    delivery_seconds: float = 0.3
    """Time between a message's `sent` and its `delivered` or `error`."""

    window_seconds: float = 24 * 3_600.0
    """How long after the customer's last message free text reaches a WhatsApp number."""

    continue_seconds: float = 300.0
    """How long a bot waits for the continue call of a `widget_request` (assumed: Kommo does not say)."""

    time_scale: float = 1.0
    """Factor on Kommo's webhook retry times (5 min to 1 h), so that tests need not wait for them."""

    widget_url: str | None = None
    """Where the bot 'Pergunta ao assistente' posts its `widget_request`; None leaves that bot idle."""

    client_id: str = "5b1e2c3d-0f4a-4d6b-9c8e-7a6f5e4d3c2b"
    """The integration made in the account's settings: its id, its secret and where its consent page returns to."""

    client_secret: str = field(default="sandbox-client-secret-that-nobody-has-to-guard", repr=False)
    redirect_uri: str | None = None
    """Registered return address of the integration; PATCH /sandbox/account can set it later."""

    access_token_seconds: int = 86_400
    empty: bool = False
    """True starts an account that nobody has prepared for us: without the reply field and without bots."""

    demo: bool = True
    """False starts without the demo shop's contacts and lead (the account itself is always there)."""

    def __post_init__(self) -> None:
        if len(self.client_secret) < MIN_SECRET:
            raise ValueError(f"client_secret must have at least {MIN_SECRET} characters: it signs tokens")
