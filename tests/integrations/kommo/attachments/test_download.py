"""Bytes over the wire: redirects, limits, the token, and addresses that must not be reached."""

import gzip

import pytest

from integrations.kommo.attachments.errors import Gone, NoAttachment, Refused, Unavailable

from .conftest import TOKEN, MakeDownloader, Server, resolves


async def reason_of(downloader: object, link: str, kind: type[NoAttachment]) -> str:
    with pytest.raises(kind) as failure:
        await downloader.fetch(link)  # type: ignore[attr-defined]
    return failure.value.reason


async def test_a_file_of_the_account_comes_with_the_token(home: Server, make_downloader: MakeDownloader) -> None:
    home.gives("/voice", b"sound")
    assert await make_downloader(home.url).fetch(f"{home.url}/voice?a=1&b=%20") == b"sound"
    assert home.asked[0].startswith("GET /voice?a=1&b=%20 ")
    assert f"Bearer {TOKEN}" in home.asked[0]


async def test_a_host_that_takes_no_token_is_asked_without(home: Server, make_downloader: MakeDownloader) -> None:
    home.gives("/picky", b"sound")
    assert await make_downloader(home.url).fetch(f"{home.url}/picky") == b"sound"
    assert [TOKEN in asked for asked in home.asked] == [True, False]


async def test_the_connection_goes_to_the_address_that_was_checked(
    home: Server, make_downloader: MakeDownloader
) -> None:
    """No other resolver knows the name; the server is told it all the same."""
    home.gives("/voice", b"sound")
    base = f"http://account.example:{home.port}"
    downloader = make_downloader(base, resolves(account_example=["127.0.0.1"]))
    assert await downloader.fetch(f"{base}/voice") == b"sound"
    assert f"host: account.example:{home.port}" in home.asked[0].lower()


async def test_redirects_within_the_account_are_followed_three_times(
    home: Server, make_downloader: MakeDownloader
) -> None:
    home.gives("/d", b"sound")
    for here, there in (("/a", "/b"), ("/b", f"{home.url}/c"), ("/c", "/d"), ("/one_more", "/a")):
        home.redirects(here, there)
    downloader = make_downloader(home.url)
    assert await downloader.fetch(f"{home.url}/a") == b"sound"
    assert await reason_of(downloader, f"{home.url}/one_more", Refused) == "too_many_redirects"


async def test_another_port_of_this_machine_is_never_reached(
    home: Server, other: Server, make_downloader: MakeDownloader
) -> None:
    """Neither by the link itself, nor by a redirect, nor by a name that leads there."""
    names = resolves(inner_example=["127.0.0.1"], mapped_example=["::ffff:127.0.0.1"])
    downloader = make_downloader(home.url, names)
    links = [
        f"{other.url}/secret",
        f"https://127.0.0.1:{other.port}/secret",
        "https://inner.example/secret",
        "https://mapped.example/secret",
    ]
    for link in links:
        home.redirects("/away", link)
        for way in (link, f"{home.url}/away"):
            assert await reason_of(downloader, way, Refused) in ("not_https", "private_address")
    assert other.asked == []


async def test_what_is_too_big_is_not_read_on(home: Server, make_downloader: MakeDownloader) -> None:
    """Whether the server says so or not."""
    home.gives("/said", b"x" * 1001)
    home.answers["/unsaid"] = b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n" + b"x" * 1001
    home.gives("/fits", b"x" * 1000)
    downloader = make_downloader(home.url)
    assert await reason_of(downloader, f"{home.url}/said", Refused) == "too_big"
    assert await reason_of(downloader, f"{home.url}/unsaid", Refused) == "too_big"
    assert len(await downloader.fetch(f"{home.url}/fits")) == 1000


async def test_what_would_grow_when_unpacked_is_refused(home: Server, make_downloader: MakeDownloader) -> None:
    home.gives("/bomb", gzip.compress(b"\0" * 100_000), content_encoding="gzip")
    assert await reason_of(make_downloader(home.url), f"{home.url}/bomb", Refused) == "encoded"


async def test_a_server_that_never_answers_is_left(home: Server, make_downloader: MakeDownloader) -> None:
    downloader = make_downloader(home.url, seconds=0.2)
    assert await reason_of(downloader, f"{home.url}/never", Unavailable) in ("too_slow", "ReadTimeout")


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("404 Not Found", Gone),
        ("410 Gone", Gone),
        ("403 Forbidden", Gone),
        ("500 Oops", Unavailable),
        ("429 Slowly", Unavailable),
        ("304 Not Modified", Unavailable),
    ],
)
async def test_what_the_source_says_decides_about_another_try(
    home: Server, make_downloader: MakeDownloader, status: str, kind: type[NoAttachment]
) -> None:
    home.gives("/voice", b"", status)
    await reason_of(make_downloader(home.url), f"{home.url}/voice", kind)


async def test_an_empty_body_is_no_file(home: Server, make_downloader: MakeDownloader) -> None:
    home.gives("/voice", b"")
    assert await reason_of(make_downloader(home.url), f"{home.url}/voice", Unavailable) == "empty"
