"""Passwords of the staff: hashed with argon2, judged, and made up.

Hashing takes 20 MiB and some 40 ms by design: it runs in a thread, two at a time, so that a storm of logins neither
stops the webhooks nor fills the memory.
"""

import asyncio
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 10, 200
AT_ONCE = 2
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without the letters and digits that people take for one another."""

NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$ugEklR+nQQXJJQdzRl9azQ$jAV4XmwQidornjt25NvDN1SO5sMXtq1WcUFHLls5mjw"
"""The hash of a random value that nobody knows, made with the parameters in force: compared for unknown accounts."""


def create_hasher() -> PasswordHasher:
    """OWASP's parameters for argon2id with little memory: 19 MiB, two passes."""
    return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


class Passwords:
    """Hashes and compares passwords, a few at a time."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or create_hasher()
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def hash(self, password: str) -> str:
        """What is stored of a password."""
        async with self._turns:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def matches(self, stored: str | None, password: str) -> bool:
        """Whether it is the stored one; for an account that does not exist (`None`) the same work is done."""
        async with self._turns:
            right = await asyncio.to_thread(self._verify, stored or NOBODY, password)
        return right and stored is not None

    def outdated(self, stored: str) -> bool:
        """Whether it was hashed with other parameters than those in force."""
        return self._hasher.check_needs_rehash(stored)

    def _verify(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False


def temporary_password() -> str:
    """A password to be read out and typed once, e.g. `k7mf-3xqp-w9ht-2bnd`; about 79 bits."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(4))


def weakness(password: str, email: str, name: str) -> str | None:
    """Why a person may not take this password, in words for them; `None` when they may."""
    lowered = password.lower()
    if len(password) < SHORTEST:
        return f"Use pelo menos {SHORTEST} caracteres. Uma frase curta serve bem."
    if len(password) > LONGEST:
        return f"Use no máximo {LONGEST} caracteres."
    if len(set(lowered)) < 5 or lowered in COMMON:
        return "Esta senha é fácil demais de adivinhar. Escolha outra."
    own = {email.partition("@")[0].lower(), *name.lower().split()}
    rest = lowered
    for word in sorted((word for word in own if len(word) > 2), key=len, reverse=True):
        rest = rest.replace(word, "")
    if len(rest) < 6:
        return "Não use seu nome nem seu e-mail como senha."
    return None


COMMON = frozenset(
    [
        "1234567890",
        "12345678910",
        "0123456789",
        "9876543210",
        "qwertyuiop",
        "qwerty12345",
        "senha12345",
        "senha123456",
        "password123",
        "password1234",
        "mudar12345",
        "trocar12345",
        "oficina123",
        "oficina1234",
        "doctorautoprime",
        "doctorauto",
        "administrador",
        "admin12345",
        "abcdefghij",
        "1q2w3e4r5t",
        "q1w2e3r4t5",
        "1qaz2wsx3edc",
        "bemvindo123",
        "brasil2025",
        "brasil2026",
        "corinthians",
        "flamengo10",
    ]
)
"""Of the length we ask for, and among the first that anybody tries."""
