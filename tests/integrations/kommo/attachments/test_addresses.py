"""Where a link may lead, and where not."""

import pytest

from integrations.kommo.attachments.addresses import Gatekeeper, is_public
from integrations.kommo.attachments.errors import Refused, Unavailable

from .conftest import resolves

HOME = "https://shop.kommo.com"
PUBLIC, PUBLIC_6 = "8.8.8.8", "2001:4860:4860::8888"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.0", "224.0.0.1", "239.1.2.3", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1",
        "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1", "2001:db8::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b::a00:1",
        "2002:7f00:1::", "2002:a00:1::", "not an address", "",
    ],
)  # fmt: skip
def test_what_only_we_can_reach_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", [PUBLIC, PUBLIC_6, "1.1.1.1", "64:ff9b::808:808", "::ffff:8.8.8.8"])
def test_the_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    ("link", "reason"),
    [
        ("http://files.example/a", "not_https"),
        ("https://files.example:8443/a", "not_https"),
        ("http://shop.kommo.com/a", "not_https"),
        ("ftp://files.example/a", "bad_link"),
        ("file:///etc/passwd", "bad_link"),
        ("gopher://files.example/", "bad_link"),
        ("https://user:word@files.example/a", "bad_link"),
        ("https://shop.kommo.com@inner.example/a", "bad_link"),
        ("https:///a", "bad_link"),
        ("just words", "bad_link"),
        ("https://inner.example/a", "private_address"),
        ("https://both.example/a", "private_address"),
        ("https://mapped.example/a", "private_address"),
        ("https://127.0.0.1/a", "private_address"),
        ("https://[::1]/a", "private_address"),
        ("https://[::ffff:10.0.0.1]/a", "private_address"),
        ("https://169.254.169.254/latest/meta-data/", "private_address"),
    ],
)
async def test_a_link_to_anywhere_else_is_refused(link: str, reason: str) -> None:
    names = {
        "files_example": [PUBLIC],
        "inner_example": ["10.1.2.3"],
        "both_example": [PUBLIC, "127.0.0.1"],
        "mapped_example": ["::ffff:192.168.0.1"],
        "shop_kommo_com": [PUBLIC],
    }
    with pytest.raises(Refused) as refused:
        await Gatekeeper(HOME, resolves(**names)).check(link)
    assert refused.value.reason == reason


async def test_a_name_that_leads_nowhere_may_lead_somewhere_later() -> None:
    with pytest.raises(Unavailable):
        await Gatekeeper(HOME, resolves()).check("https://files.example/a")


@pytest.mark.parametrize(
    ("link", "with_token"),
    [
        ("https://shop.kommo.com/a", True),
        ("https://amojo.kommo.com/attachments/a", True),
        ("https://kommo.com/a", True),
        ("https://evilkommo.com/a", False),
        ("https://kommo.com.evil.example/a", False),
        ("https://files.example/a?x=kommo.com", False),
    ],
)
async def test_only_kommos_own_hosts_are_told_the_token(link: str, with_token: bool) -> None:
    ours = ("shop.kommo.com", "amojo.kommo.com", "kommo.com")
    hosts = (*ours, "evilkommo.com", "kommo.com.evil.example", "files.example")
    names = {host.replace(".", "_"): [PUBLIC, PUBLIC_6] for host in hosts}
    target = await Gatekeeper(HOME, resolves(**names)).check(link)
    assert (target.with_token, target.addresses) == (with_token, [PUBLIC, PUBLIC_6])


async def test_the_account_itself_may_be_anywhere_its_neighbours_may_not() -> None:
    keeper = Gatekeeper("http://127.0.0.1:8100", resolves())
    assert (await keeper.check("http://127.0.0.1:8100/files/a")).with_token
    for neighbour in ("http://127.0.0.1:8101/", "http://127.0.0.1/", "https://127.0.0.1:8100/"):
        with pytest.raises(Refused):
            await keeper.check(neighbour)
