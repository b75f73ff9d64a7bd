"""Files of the stand-in: what is uploaded comes back, over a restart too, and nothing else does."""

from .conftest import Stand


async def test_an_uploaded_file_comes_back(stand: Stand) -> None:
    link = (await stand.phone.post("/sandbox/files", content=b"\x00sound")).json()["link"]
    assert link.startswith(f"{stand.base_url}/sandbox/files/")
    for client in (stand.phone, stand.api):
        answer = await client.get(link)
        assert (answer.status_code, answer.content) == (200, b"\x00sound")


async def test_it_may_be_elsewhere(stand: Stand) -> None:
    link = (await stand.phone.post("/sandbox/files", content=b"sound")).json()["link"]
    answer = await stand.phone.get(link, params={"redirect": "http://127.0.0.1:9/"})
    assert (answer.status_code, answer.headers["location"]) == (302, "http://127.0.0.1:9/")


async def test_nothing_else_is_given_away(stand: Stand) -> None:
    assert (await stand.phone.post("/sandbox/files", content=b"")).status_code == 400
    for name in ("nothing", "..%2faccount.sqlite3", "00000000-0000-0000-0000-000000000000"):
        assert (await stand.phone.get(f"/sandbox/files/{name}")).status_code == 404
