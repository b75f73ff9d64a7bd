"""Tables of the connection: accounts with their sealed tokens, consents under way, and the webhook's secrets.

Whatever opens a door is sealed by `vault.py` before it gets here. Written by the functions of this folder only.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, Identity, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from integrations.database import Base

NOW = text("now()")


class ConnectionKind(StrEnum):
    """How the account was connected."""

    OAUTH = "oauth"
    """By consent in the browser: a pair of tokens that renews itself."""
    LONG_LIVED = "long_lived"
    """By a token of a private integration, which nothing can renew."""


class ConnectionState(StrEnum):
    """Whether the tokens are good as far as we know. `LOST` ends by connecting again."""

    CONNECTED = "connected"
    LOST = "lost"


class LostReason(StrEnum):
    """Why a connection was lost."""

    REVOKED = "revoked"
    """Kommo renews the tokens no more: access was withdrawn, or nobody renewed for three months."""
    TOKEN_REFUSED = "token_refused"
    """The long-lived token was refused: revoked or expired."""
    NEW_TOKEN_REFUSED = "new_token_refused"
    """Kommo gave a new token and refused it at once: the integration was switched off for this account."""
    CLIENT_REFUSED = "client_refused"
    """The integration's secret was made anew in Kommo, which ends older access."""
    ACCOUNT_GONE = "account_gone"
    """There is no account at its address any more, nor at another one."""


class Trouble(StrEnum):
    """Why the last renewal did not succeed, while the connection may still be good."""

    UNREACHABLE = "unreachable"
    REFUSED_CLIENT = "refused_client"
    """Kommo does not take client id and secret of the settings."""
    NO_CLIENT = "no_client"
    """Client id or secret is not set."""


class KommoConnection(Base):
    """One account that was connected here, by its address. One row at most is the account in use."""

    __tablename__ = "kommo_connection"
    __table_args__ = (
        CheckConstraint("kind IN ('oauth', 'long_lived')", name="kind_known"),
        CheckConstraint("state IN ('connected', 'lost')", name="state_known"),
        CheckConstraint("(state = 'lost') = (lost_reason IS NOT NULL)", name="lost_for_a_reason"),
        Index("uq_kommo_connection_current", "is_current", unique=True, postgresql_where=text("is_current")),
    )
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    base_url: Mapped[str] = mapped_column(Text, unique=True)
    account_id: Mapped[int | None] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(Text)
    access_token: Mapped[str] = mapped_column(Text)
    refresh_token: Mapped[str | None] = mapped_column(Text)
    previous_refresh_token: Mapped[str | None] = mapped_column(Text)
    """Works again where the newest pair was never used: the way back when two renewals crossed."""
    scopes: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    """NULL when the token does not say."""
    expires_at: Mapped[datetime | None]
    renew_at: Mapped[datetime | None]
    """From when on the tokens are to be renewed; NULL when nothing can renew them."""
    renewed_at: Mapped[datetime | None]
    """When the pair was last renewed; NULL while it is the first one."""
    state: Mapped[str] = mapped_column(Text, server_default=text("'connected'"))
    lost_reason: Mapped[str | None] = mapped_column(Text)
    state_since: Mapped[datetime] = mapped_column(server_default=NOW)
    trouble: Mapped[str | None] = mapped_column(Text)
    retry_at: Mapped[datetime | None]
    """Before that nobody tries to renew again."""
    lease_token: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    """Fencing token: grows with every claim and every change; who has seen an older one may claim and store nothing."""
    lease_until: Mapped[datetime | None]
    connected_at: Mapped[datetime] = mapped_column(server_default=NOW)
    connected_by: Mapped[int | None] = mapped_column(BigInteger)
    """The staff user; no foreign key, they live a floor above."""
    is_current: Mapped[bool] = mapped_column(server_default=text("false"))


class OAuthState(Base):
    """A consent that somebody of the staff has begun. Both texts are hashes: neither opens anything."""

    __tablename__ = "kommo_oauth_state"
    state_hash: Mapped[str] = mapped_column(Text, primary_key=True)
    session_hash: Mapped[str] = mapped_column(Text)
    staff_id: Mapped[int | None] = mapped_column(BigInteger)
    expires_at: Mapped[datetime]


class WebhookSecret(Base):
    """The last part of the webhook's address, sealed: Kommo is told the address again and again."""

    __tablename__ = "webhook_secret"
    __table_args__ = (
        Index("uq_webhook_secret_current", "is_current", unique=True, postgresql_where=text("is_current")),
    )
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    secret: Mapped[str] = mapped_column(Text)
    is_current: Mapped[bool] = mapped_column(server_default=text("true"))
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)
    accepted_until: Mapped[datetime | None]
    """The end of an older secret's grace; NULL for the current one."""
