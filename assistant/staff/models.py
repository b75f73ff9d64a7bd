"""Tables of the staff's pages: people, their sessions, recovery codes, the throttle of logins and the audit log.

No secret is stored as it is: passwords as argon2 hashes, session tokens and recovery codes as SHA-256 of random values,
the secret of the second step sealed (`sealing.py`).
"""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, LargeBinary, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from assistant.staff.roles import Role
from integrations.database import Base

NOW = text("now()")


class StaffUser(Base):
    """A person who may sign in. Never deleted, so that the audit log keeps its names; only disabled."""

    __tablename__ = "staff_user"
    __table_args__ = (CheckConstraint("role IN ('atendente', 'gerente')", name="role_known"),)
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    email: Mapped[str] = mapped_column(Text, unique=True)
    """In normal form: trimmed and in lower case."""
    name: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(Text)
    password_hash: Mapped[str] = mapped_column(Text)
    temporary_until: Mapped[datetime | None]
    """Set for a password that somebody else knows: it must be changed first, and counts no longer than this."""
    totp_sealed: Mapped[str | None] = mapped_column(Text)
    totp_since: Mapped[datetime | None]
    """When the second step was confirmed; NULL while it is off or being set up."""
    totp_step: Mapped[int | None] = mapped_column(BigInteger)
    """The time step of the last code that was taken: no code counts twice."""
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)
    last_login_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]

    @property
    def known_role(self) -> Role:
        """The role, as the code speaks of it."""
        return Role(self.role)


class StaffSession(Base):
    """One signed-in browser; the cookie holds the token, this row only its hash."""

    __tablename__ = "staff_session"
    __table_args__ = (Index("ix_staff_session_expires_at", "expires_at"),)
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("staff_user.id"), index=True)
    awaits_code: Mapped[bool] = mapped_column(server_default=text("false"))
    """The password was right and the second step is not done: signed in to nothing yet."""
    address: Mapped[str] = mapped_column(Text)
    agent: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)
    seen_at: Mapped[datetime] = mapped_column(server_default=NOW)
    expires_at: Mapped[datetime]


class RecoveryCode(Base):
    """A code that stands in for the second step once."""

    __tablename__ = "staff_recovery_code"
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("staff_user.id"), index=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary)


class LoginThrottle(Base):
    """Failed attempts of an account or an address, and until when it has to wait."""

    __tablename__ = "login_throttle"
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    """`address:…`, or the kind and a hash: what was typed into the e-mail field may be anything."""
    failures: Mapped[int] = mapped_column(server_default=text("0"))
    last_at: Mapped[datetime] = mapped_column(server_default=NOW)
    blocked_until: Mapped[datetime | None]


class AuditEntry(Base):
    """One line of who saw or did what; ids only, never contents."""

    __tablename__ = "audit_log"
    __table_args__ = (Index("ix_audit_log_user_id_id", "user_id", "id"),)
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    at: Mapped[datetime] = mapped_column(server_default=NOW)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"))
    """NULL: nobody was signed in, or it was done from the command line."""
    action: Mapped[str] = mapped_column(Text)
    about: Mapped[str | None] = mapped_column(Text)
    """What it was done to, e.g. `staff_user:5`."""
    address: Mapped[str | None] = mapped_column(Text)
    reference: Mapped[str | None] = mapped_column(Text)
    """The request's reference number, which is in its log lines."""
