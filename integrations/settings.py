"""Every setting of the service, read once at start from the environment or a `.env` file.

Names carry the prefix `AUTOPRIME_`, except those that have a usual name elsewhere (`DATABASE_URL`, `OPENAI_API_KEY`,
`OPENAI_BASE_URL`). Wrong values are reported all together by `load_settings`. docs/operate.md is made from the
descriptions here.
"""

from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import AliasChoices, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from integrations.setting_values import (
    Address,
    DatabaseUrl,
    KeyList,
    LogLevel,
    LongSecret,
    OptionalSecret,
    OptionalText,
    WarrantyRules,
    listed,
)


class WrongSettings(Exception):
    """One or more settings cannot be used; the text names each with what to do."""


class ReplyPath(StrEnum):
    """How a reply reaches the chat; `auto` takes the first that works (docs/architecture.md)."""

    AUTO = "auto"
    TALKS = "talks"
    SALESBOT = "salesbot"
    WIDGET = "widget"


class ResponderChoice(StrEnum):
    """Who drafts replies; `auto` is the model when an API key is set, else the embedded responder."""

    AUTO = "auto"
    MODEL = "model"
    EMBEDDED = "embedded"


class Settings(BaseSettings):
    """The settings, grouped by what they concern."""

    model_config = SettingsConfigDict(
        env_prefix="AUTOPRIME_", env_file=".env", extra="ignore", populate_by_name=True, str_strip_whitespace=True
    )

    database_url: DatabaseUrl = Field(
        None,
        validation_alias=AliasChoices("DATABASE_URL", "database_url"),
        description="PostgreSQL, e.g. postgresql://user:pass@host/db. Unset: the embedded one, in DATA_DIR.",
    )
    data_dir: Path = Field(
        Path("var"), description="Folder of the embedded PostgreSQL, the sandbox, attachments and caches."
    )
    database_pool: int = Field(10, ge=2, le=100, description="Connections each process keeps to PostgreSQL.")

    host: str = Field("127.0.0.1", description="Address the service listens on.")
    port: int = Field(8000, ge=1, le=65535, description="Port the service listens on.")
    public_url: OptionalText = Field(
        None, description="Where Kommo reaches this service, e.g. https://bot.example.com. Unset: http://HOST:PORT."
    )
    log_level: LogLevel = Field("INFO", description="DEBUG, INFO, WARNING or ERROR.")

    kommo_url: OptionalText = Field(None, description="The account, e.g. https://yourshop.kommo.com.")
    kommo_token: OptionalSecret = Field(None, description="Long-lived token of the private integration.")
    kommo_client_id: OptionalText = Field(
        None, description="The integration's id; needed to connect in the browser (OAuth)."
    )
    kommo_client_secret: OptionalSecret = Field(
        None, description="The integration's secret; needed for OAuth, and when a Salesbot calls us (widget_request)."
    )
    kommo_auth_url: Address = Field(
        "https://www.kommo.com", description="Where Kommo asks for consent; another host than Kommo's is for trials."
    )
    secret_keys: KeyList = Field(
        None,
        description="Keys that seal stored tokens, comma-separated: the first seals, all open. `autoprime new-key`.",
    )
    kommo_account_id: int | None = Field(
        None, description="Refuse webhooks of any other account. Unset: the account is not compared."
    )
    webhook_secret: LongSecret = Field(
        None, description="Last part of the webhook address, at least 24 characters, hard to guess."
    )
    kommo_timeout: float = Field(15.0, gt=0, le=120, description="Seconds a call to Kommo may take.")
    kommo_rate: float = Field(6.6, ge=0, le=50, description="Calls a second all processes together make; 0 = no limit.")
    origins: str = Field(
        "waba", description="Channels to answer, comma-separated (waba, instagram_business, facebook, …)."
    )
    paid_messages: int = Field(
        0, ge=0, description="Paid messages a month that the plan includes or that were bought; 0 = unknown."
    )
    reply_path: ReplyPath = Field(ReplyPath.AUTO, description="auto, talks, salesbot or widget.")
    reply_bot: str = Field("Responder pelo campo", description="Name or id of the Salesbot that sends the reply field.")
    reply_field: str = Field(
        "Resposta do assistente", description="Name or id of the lead's textarea field with the reply."
    )

    quiet_seconds: float = Field(
        6.0, ge=0, le=60, description="Silence to wait for before a burst of messages is answered."
    )
    burst_cap_seconds: float = Field(30.0, ge=0, le=300, description="Longest wait for an endless writer.")
    takeover_minutes: int = Field(
        240,
        ge=1,
        le=43200,
        description="How long the assistant stays quiet after a person wrote in the chat, in opening hours.",
    )
    escalate_minutes: int = Field(
        60, ge=1, le=10080, description="How long a person may take to answer what was handed over, in opening hours."
    )
    sweep_seconds: int = Field(60, ge=1, le=600, description="How often lost messages are looked for.")
    answer_within_hours: int = Field(
        23, ge=1, le=24, description="Messages older than this are not answered by text (WhatsApp's 24-hour window)."
    )

    history_tokens: int = Field(
        1500,
        ge=200,
        le=20000,
        description="Latest messages shown to the responder, in tokens (about 3.5 letters each).",
    )
    competitors: str | None = Field(
        None, description="Names no reply may hold, comma-separated, besides the chains that are known."
    )

    proposal_hours: int = Field(
        24, ge=1, le=72, description="How long a customer's yes to a proposal counts; then it is proposed anew."
    )

    responder: ResponderChoice = Field(ResponderChoice.AUTO, description="auto, model or embedded.")
    openai_api_key: SecretStr | None = Field(
        None,
        validation_alias=AliasChoices("OPENAI_API_KEY", "openai_api_key"),
        description="Key of the model provider.",
    )
    openai_base_url: OptionalText = Field(
        None,
        validation_alias=AliasChoices("OPENAI_BASE_URL", "openai_base_url"),
        description="Any OpenAI-compatible endpoint. Unset: OpenAI's own.",
    )
    model: str = Field("gpt-4o-mini", description="Name of the model at that endpoint.")
    model_timeout: float = Field(25.0, gt=0, le=120, description="Seconds the model has for one whole turn.")
    model_rounds: int = Field(6, ge=1, le=20, description="Tool rounds the model may take in one turn.")
    model_input_cost: Decimal = Field(Decimal(0), ge=0, description="US$ a million prompt tokens, for the cost count.")
    model_output_cost: Decimal = Field(Decimal(0), ge=0, description="US$ a million completion tokens.")

    transcription_model: OptionalText = Field(
        None, description="Model that hears voice notes at that endpoint, e.g. whisper-1. Unset: nobody listens."
    )
    transcription_timeout: float = Field(
        20.0, gt=0, le=60, description="Seconds a reply waits at most for a voice note to be heard."
    )
    attachment_max_mb: int = Field(20, ge=1, le=100, description="Larger files of customers are not fetched.")
    contact_turns_per_hour: int = Field(
        40, ge=0, le=1000, description="Answers one contact gets in an hour; then a person takes over. 0 = no limit."
    )
    contact_daily_cost_usd: Decimal = Field(
        Decimal(0),
        ge=0,
        description="US$ of model costs a day for one contact; then a person takes over. 0 = no limit.",
    )
    model_daily_usd: Decimal = Field(
        Decimal(0), ge=0, description="US$ of model costs a day; then the embedded responder answers. 0 = no limit."
    )
    link_hosts: str = Field(
        "", description="Hosts that links in replies may lead to, comma-separated, subdomains included. Empty: none."
    )

    staff_idle_minutes: int = Field(
        120, ge=5, le=1440, description="Minutes without a click after which the staff's pages ask for the login again."
    )
    staff_session_hours: int = Field(12, ge=1, le=168, description="Hours after which they ask for it in any case.")
    trusted_proxies: str = Field(
        "",
        description="Addresses or networks of proxies whose X-Forwarded-For is believed, comma-separated. Empty: none.",
    )

    pix_key: str | None = Field(None, description="The shop's pix key, shown to customers exactly as written here.")
    payment_ways: str = Field("pix, cartão, dinheiro e boleto", description="The ways to pay, as told to customers.")
    warranty_days: int = Field(90, ge=0, le=3650, description="Days of warranty on a delivered service.")
    warranty_rules: WarrantyRules = Field(
        None,
        description="Other days for kinds of service, by the item's words, e.g. motor=180,cambio=180,eletrica=90.",
    )
    slot_minutes: int = Field(60, ge=10, le=480, description="Length of a slot for visits, counted from opening.")
    slot_capacity: int = Field(2, ge=1, le=50, description="Visits that may begin in one slot.")
    booking_days: int = Field(14, ge=1, le=90, description="How many days ahead a visit may be booked.")
    worker_concurrency: int = Field(20, ge=2, le=200, description="Jobs one worker process runs at a time.")

    @property
    def vault_keys(self) -> tuple[SecretStr, ...]:
        """The keys for stored secrets, the sealing one first."""
        return tuple(map(SecretStr, listed(self.secret_keys.get_secret_value()))) if self.secret_keys else ()

    @cached_property
    def allowed_origins(self) -> frozenset[str]:
        """The channels whose customers are answered."""
        return frozenset(listed(self.origins))

    @cached_property
    def allowed_link_hosts(self) -> frozenset[str]:
        """The hosts that a link in a reply may lead to."""
        return frozenset(listed(self.link_hosts.lower()))

    @property
    def listens(self) -> bool:
        """Whether voice notes are heard."""
        return self.openai_api_key is not None and self.transcription_model is not None

    @property
    def competitor_names(self) -> tuple[str, ...]:
        """The shop's own list of names that no reply may hold."""
        return listed(self.competitors or "")

    @property
    def service_url(self) -> str:
        """Where Kommo reaches this service, without a trailing slash."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    def required_database_url(self) -> str:
        """The database's URL; raises `WrongSettings` when it is not set."""
        if self.database_url is None:
            raise WrongSettings("DATABASE_URL: is needed by this command and not set")
        return self.database_url


SHOP_ZONE = ZoneInfo("America/Sao_Paulo")
"""The shop's time zone: UTC-3, without daylight saving since 2019."""


def load_settings() -> Settings:
    """Read and check all settings; raises `WrongSettings` that lists every wrong one."""
    try:
        return Settings()
    except ValidationError as error:
        raise WrongSettings("\n".join(_line(problem["loc"], problem["msg"]) for problem in error.errors())) from None


def _line(location: tuple[int | str, ...], message: str) -> str:
    field = str(location[0]) if location else "settings"
    name = field if field.isupper() else f"AUTOPRIME_{field.upper()}"
    return f"{name}: {message.removeprefix('Value error, ')}"
