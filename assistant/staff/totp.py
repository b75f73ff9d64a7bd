"""The second step of the login: codes of an authenticator app (TOTP), and recovery codes for a lost phone.

The secret is sealed before it is stored. No code counts twice, and of recovery codes only hashes are kept.
"""

import hashlib
import io
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import pyotp
import segno
from pydantic import SecretStr
from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from assistant.staff.models import RecoveryCode, StaffUser
from assistant.staff.passwords import ALPHABET

ISSUER = "Doctor Auto Prime"
STEP_SECONDS = 30
RECOVERY_CODES = 8


class Sealer(Protocol):
    """Keeps secrets at rest; the vault of the connection is one."""

    def seal(self, secret: SecretStr) -> str:
        """The secret as it may lie in the database."""

    def open(self, sealed: str) -> SecretStr:
        """The secret again."""


def new_secret() -> SecretStr:
    """A fresh secret, in the letters that authenticator apps take."""
    return SecretStr(pyotp.random_base32())


def address_for_app(secret: SecretStr, email: str) -> str:
    """The `otpauth:` address that the app reads from the picture."""
    return pyotp.TOTP(secret.get_secret_value()).provisioning_uri(name=email, issuer_name=ISSUER)


def picture(address: str) -> bytes:
    """The address as a QR code, in SVG: dark on white in either colour scheme, so that every camera reads it."""
    drawn = io.BytesIO()
    segno.make(address, error="m").save(drawn, kind="svg", scale=5, border=3, dark="#000", light="#fff", omitsize=True)
    return drawn.getvalue()


def grouped(secret: SecretStr) -> str:
    """The secret for people who type it."""
    plain = secret.get_secret_value()
    return " ".join(plain[start : start + 4] for start in range(0, len(plain), 4))


def take_code(user: StaffUser, secret: SecretStr, typed: str, now: datetime) -> bool:
    """Whether it is the code of now, or of the step before or after, and was not taken before; it is taken then."""
    code = "".join(typed.split())
    totp = pyotp.TOTP(secret.get_secret_value())
    current = int(now.timestamp()) // STEP_SECONDS
    for step in (current, current - 1, current + 1):
        fresh = user.totp_step is None or step > user.totp_step
        if fresh and secrets.compare_digest(totp.at(step * STEP_SECONDS).encode(), code.encode()):
            user.totp_step = step
            return True
    return False


async def new_recovery_codes(session: AsyncSession, user_id: int) -> Sequence[str]:
    """Fresh codes in the place of whatever there was; they are shown once."""
    codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
    await session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    session.add_all(RecoveryCode(user_id=user_id, code_hash=_hash(code)) for code in codes)
    return codes


async def take_recovery_code(session: AsyncSession, user_id: int, typed: str) -> bool:
    """Whether it is one of the person's codes; it is gone then."""
    own = (RecoveryCode.user_id == user_id) & (RecoveryCode.code_hash == _hash(typed))
    taken = await session.scalars(delete(RecoveryCode).where(own).returning(RecoveryCode.id))
    return taken.first() is not None


async def recovery_codes_left(session: AsyncSession, user_id: int) -> int:
    """How many there still are."""
    query = select(func.count()).where(RecoveryCode.user_id == user_id)
    return (await session.execute(query)).scalar_one()


def _recovery_code() -> str:
    """E.g. `k7mfq-3xqpb-w9htc`; about 74 bits."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(5)) for _ in range(3))


def _hash(code: str) -> bytes:
    plain = "".join(letter for letter in code.lower() if letter.isalnum())
    return hashlib.sha256(plain.encode()).digest()
