"""How the account's webhooks stand: ours, old addresses of ours, and strangers that point at us. No I/O."""

from collections.abc import Iterator, Sequence
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from pydantic import SecretStr

from integrations.kommo.findings import Code, finding
from integrations.kommo.schemas import Webhook
from integrations.kommo.setup.steps import Item, Subscribe, Unsubscribe
from integrations.kommo.setup.wanted import EVENTS

HOOK_PATH = "/webhooks/kommo/"
"""What the paths of our addresses begin with; the secret follows."""


def webhook_items(hooks: Sequence[Webhook], address: SecretStr | None) -> tuple[Item, ...]:
    """Items for our webhook and for each other one that concerns us. Without an address only that it is not known."""
    if address is None:
        return (Item(finding(Code.WEBHOOK_NO_ADDRESS)),)
    ours = next((hook for hook in hooks if hook.destination == address.get_secret_value()), None)
    others = [hook for hook in hooks if hook.destination != address.get_secret_value()]
    return (_ours(ours, address), *_others(others, address))


def _ours(hook: Webhook | None, address: SecretStr) -> Item:
    host = shown_address(address.get_secret_value())
    if hook is None:
        return Item(finding(Code.WEBHOOK_MISSING, address=host, events=", ".join(EVENTS)), Subscribe(address))
    lacking = [event for event in EVENTS if event not in hook.settings]
    subscribe = Subscribe(address, tuple(hook.settings))
    if hook.disabled:
        return Item(finding(Code.WEBHOOK_DISABLED, address=host), subscribe)
    if lacking:
        return Item(finding(Code.WEBHOOK_EVENTS_MISSING, address=host, events=", ".join(lacking)), subscribe)
    return Item(finding(Code.WEBHOOK_ALIVE, address=host))


def _others(hooks: Sequence[Webhook], address: SecretStr) -> Iterator[Item]:
    ours = urlsplit(address.get_secret_value())
    for hook in hooks:
        other, shown = _split(hook.destination), shown_address(hook.destination)
        if _was_ours(other, ours):
            yield Item(finding(Code.WEBHOOK_OLD, address=shown), Unsubscribe(SecretStr(hook.destination), address))
        elif other.path.startswith(HOOK_PATH):
            yield Item(finding(Code.WEBHOOK_OTHER_INSTALLATION, address=shown))
        elif other.hostname == ours.hostname and other.port == ours.port:
            yield Item(finding(Code.WEBHOOK_FOREIGN, address=shown))


def _was_ours(other: SplitResult, ours: SplitResult) -> bool:
    """The same place with another secret, or the same secret at another place; not another installation's."""
    same_place = (other.hostname, other.port) == (ours.hostname, ours.port)
    return other.path.startswith(HOOK_PATH) and (same_place or other.path == ours.path)


def shown_address(destination: str) -> str:
    """An address without what may be a secret: scheme, host and, for ours, the part before the secret."""
    parts = _split(destination)
    place = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    return f"{place}{HOOK_PATH}…" if parts.path.startswith(HOOK_PATH) else f"{place}/…"


def reachable_from(account: str, address: str) -> bool:
    """Whether the account can post to the address: Kommo only to public HTTPS, an account nearby also nearby."""
    parts = _split(address)
    return is_nearby(_split(account).hostname) or (parts.scheme == "https" and not is_nearby(parts.hostname))


def is_nearby(host: str | None) -> bool:
    """Whether a host is no public address, or a name without a dot; where a name leads is not looked up."""
    try:
        return not ip_address(host or "").is_global
    except ValueError:
        return "." not in (host or "")


def _split(destination: str) -> SplitResult:
    """The parts of an address that somebody typed; none of one that is no address."""
    try:
        parts = urlsplit(destination)
        parts.port  # noqa: B018 - raises for a port that is none
    except ValueError:
        return SplitResult("", "", "", "", "")
    return parts
