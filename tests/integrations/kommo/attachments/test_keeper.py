"""The job behind an attachment, on a database and over real HTTP: once, whatever happens to the worker."""

import os
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from pydantic import SecretStr
from sqlalchemy import select, text, update

from integrations.database import Sessions, transaction
from integrations.kommo.attachments.keeper import Keeper, create_keeper
from integrations.kommo.attachments.look import open_attachment, throw_away_orphans
from integrations.kommo.attachments.models import Attachment
from integrations.kommo.attachments.shelf import Shelf
from integrations.kommo.chats.inbox import InboxRules, Seen, receive
from integrations.kommo.chats.models import AuthorType, Conversation, Direction, Message
from integrations.kommo.chats.rescue import rescue
from integrations.kommo.client import KommoClient, StaticToken
from integrations.kommo.pacing import Unlimited
from integrations.llm.scripted import Fail, Hear, ScriptedModel, scripted_model
from integrations.settings import Settings

from . import samples
from .conftest import TOKEN, Server

HEARING = timedelta(seconds=20)
RULES = InboxRules(
    origins=frozenset({"waba"}),
    quiet=timedelta(seconds=6),
    cap=timedelta(seconds=30),
    takeover=timedelta(hours=12),
    answer_within=timedelta(hours=23),
    answer_from=datetime(2020, 1, 1, tzinfo=UTC),
    hearing=HEARING,
)


@dataclass
class Desk:
    """A worker's keeper and what it works on."""

    sessions: Sessions
    keeper: Keeper
    shelf: Shelf
    home: Server
    rules: InboxRules

    async def arrives(self, kind: str, path: str | None = "/file", text: str = "", **changed: object) -> int:
        """A customer's message with a file; its attachment's id."""
        now = datetime.now(UTC)
        told = {"type": kind, "link": f"{self.home.url}{path}" if path else "", "file_name": "../../etc/passwd"}
        seen = Seen(
            uuid4().hex, "chat", 1, 1, 1, "waba", Direction.IN, AuthorType.EXTERNAL, None, kind, text, told, now
        )
        async with transaction(self.sessions) as session:
            await receive(session, replace(seen, **changed), self.rules, "test", now)  # type: ignore[arg-type]
            newest = select(Attachment.id).order_by(Attachment.id.desc()).limit(1)
            return (await session.execute(newest)).scalar_one_or_none() or 0

    async def row(self, attachment_id: int) -> Attachment:
        async with transaction(self.sessions) as session:
            return await session.get_one(Attachment, attachment_id)

    async def due(self) -> float:
        """Seconds until the conversation's turn."""
        async with transaction(self.sessions) as session:
            due = (await session.execute(select(Conversation.due_at))).scalar_one()
        assert due is not None
        return float((due - datetime.now(UTC)).total_seconds())

    async def texts(self) -> Sequence[str]:
        async with transaction(self.sessions) as session:
            return (await session.execute(select(Message.text).order_by(Message.id))).scalars().all()


@pytest.fixture
async def model() -> AsyncIterator[ScriptedModel]:
    async with scripted_model() as scripted:
        yield scripted
        scripted.assert_finished()


@pytest.fixture
async def desk(
    sessions: Sessions, settings: Settings, tmp_path: Path, home: Server, model: ScriptedModel
) -> AsyncIterator[Desk]:
    own = settings.model_copy(
        update={
            "openai_api_key": SecretStr("key"),
            "openai_base_url": model.base_url,
            "transcription_model": "whisper-1",
            "attachment_max_mb": 1,
        }
    )
    async with KommoClient(home.url, StaticToken(SecretStr(TOKEN)), Unlimited(), 2) as client:
        keeper = create_keeper(own, sessions, client, RULES)
        yield Desk(sessions, keeper, Shelf(tmp_path), home, RULES)
        await keeper.aclose()


async def test_a_file_is_kept_once_outside_the_database(desk: Desk, tmp_path: Path) -> None:
    desk.home.gives("/file", samples.PDF)
    first, second = await desk.arrives("file"), await desk.arrives("file")
    for attachment_id in (first, first, second):
        await desk.keeper.run(attachment_id)
    row = await desk.row(first)
    assert (row.state, row.media_type, row.size) == ("kept", "application/pdf", len(samples.PDF))
    assert len(desk.home.asked) == 2
    kept = [path for path in (tmp_path / "attachments").rglob("*") if path.is_file()]
    assert [path.name for path in kept] == [row.sha256]
    assert kept[0].parent.name == str(row.sha256)[:2]
    assert kept[0].stat().st_mode & 0o077 == 0


async def test_staff_open_what_was_kept_and_nothing_else(desk: Desk) -> None:
    desk.home.gives("/file", samples.PDF)
    desk.home.gives("/page", samples.HTML)
    kept, refused = await desk.arrives("file"), await desk.arrives("file", "/page")
    for attachment_id in (kept, refused):
        await desk.keeper.run(attachment_id)
    opened = await open_attachment(desk.sessions, desk.shelf, kept)
    assert opened is not None
    assert (opened.content, opened.media_type) == (samples.PDF, "application/pdf")
    assert await open_attachment(desk.sessions, desk.shelf, refused) is None
    assert await open_attachment(desk.sessions, desk.shelf, 999) is None


@pytest.mark.parametrize(
    ("kind", "link", "state", "reason"),
    [
        ("picture", "https://127.0.0.1/a", "refused", "private_address"),
        ("picture", "http://example.com/a", "refused", "not_https"),
        ("picture", "{home}/page", "refused", "type"),
        ("file", "{home}/big", "refused", "too_big"),
        ("file", "{home}/nothing", "gone", "status_404"),
    ],
)
async def test_what_is_not_to_be_had_says_why(desk: Desk, kind: str, link: str, state: str, reason: str) -> None:
    desk.home.gives("/page", samples.HTML)
    desk.home.gives("/big", b"", content_length=str(1024 * 1024 + 1))
    told = {"type": kind, "link": link.format(home=desk.home.url), "file_name": "recibo.png"}
    attachment_id = await desk.arrives(kind, attachment=told)
    await desk.keeper.run(attachment_id)
    row = await desk.row(attachment_id)
    assert (row.state, row.reason, row.sha256) == (state, reason, None)


async def test_a_failing_source_is_tried_four_times(desk: Desk) -> None:
    desk.home.gives("/file", b"", "500 Oops")
    attachment_id = await desk.arrives("file")
    for _ in range(5):
        await desk.keeper.run(attachment_id)
    row = await desk.row(attachment_id)
    assert (row.state, row.reason, row.attempts, len(desk.home.asked)) == ("failed", "status_500", 4, 4)


async def test_a_link_that_no_webhook_brought_is_read_from_the_talk(desk: Desk) -> None:
    now = int(datetime.now(UTC).timestamp())
    attachment_id = await desk.arrives("voice", None, kommo_id="m-1")
    link = f'"attachment": {{"type": "voice", "link": "{desk.home.url}/file"}}'
    listed = f'{{"id": "m-1", "type": "incoming", "message_type": "voice", "text": "", "created_at": {now}, {link}}}'
    desk.home.gives("/api/v4/talks/1/messages", f'{{"_embedded": {{"messages": [{listed}]}}}}'.encode())
    desk.home.gives("/file", samples.JPEG)
    await desk.keeper.run(attachment_id)
    row = await desk.row(attachment_id)
    assert (row.link, row.reason) == (f"{desk.home.url}/file", "type")


@pytest.mark.parametrize("kind", ["sticker", "reaction", "location", "text"])
async def test_what_has_no_file_has_no_attachment(desk: Desk, kind: str) -> None:
    assert await desk.arrives(kind, None, "oi") == 0


async def test_a_voice_note_is_heard_and_its_turn_waits_for_that_only(desk: Desk, model: ScriptedModel) -> None:
    desk.home.gives("/file", samples.OPUS)
    model.voices = [Hear("Oi, o meu carro já ficou pronto?", 3.0)]
    attachment_id = await desk.arrives("voice")
    assert desk.rules.quiet.total_seconds() < await desk.due() <= HEARING.total_seconds()
    await desk.keeper.run(attachment_id)
    assert await desk.due() <= desk.rules.quiet.total_seconds()
    row = await desk.row(attachment_id)
    assert (row.state, row.transcript) == ("kept", "Oi, o meu carro já ficou pronto?")
    assert row.heard_at is not None
    assert await desk.texts() == ["Oi, o meu carro já ficou pronto?"]
    (listened,) = model.listened
    assert listened.content == samples.OPUS
    assert (listened.fields["model"], listened.fields["language"]) == ("whisper-1", "pt")


async def test_a_text_beside_it_does_not_end_the_wait(desk: Desk, model: ScriptedModel) -> None:
    model.voices = [Hear("é o Gol")]
    desk.home.gives("/file", samples.OPUS)
    attachment_id = await desk.arrives("voice")
    await desk.arrives("text", None, "sobre o que falei no áudio")
    assert await desk.due() > desk.rules.quiet.total_seconds()
    await desk.keeper.run(attachment_id)
    assert await desk.due() <= desk.rules.quiet.total_seconds()


async def test_a_picture_is_not_waited_for(desk: Desk) -> None:
    await desk.arrives("picture")
    assert await desk.due() <= desk.rules.quiet.total_seconds()


@pytest.mark.parametrize("voice", [Hear("Legendas pela comunidade Amara.org", 3.0), Fail(401)])
async def test_what_is_not_believed_leaves_the_message_without_words(
    desk: Desk, model: ScriptedModel, voice: Hear | Fail
) -> None:
    desk.home.gives("/file", samples.OPUS)
    model.voices = [voice]
    attachment_id = await desk.arrives("voice")
    await desk.keeper.run(attachment_id)
    row = await desk.row(attachment_id)
    assert (row.state, row.transcript) == ("kept", None)
    assert row.reason in ("invented", "status_401")
    assert await desk.texts() == [""]
    assert await desk.due() <= desk.rules.quiet.total_seconds()


async def test_a_worker_that_takes_over_does_not_fetch_again(desk: Desk, model: ScriptedModel) -> None:
    """The first worker died after fetching and before listening."""
    desk.home.gives("/file", samples.OPUS)
    model.voices = [Hear("bom dia"), Hear("bom dia")]
    attachment_id = await desk.arrives("voice")
    await desk.keeper.run(attachment_id)
    async with transaction(desk.sessions) as session:
        await session.execute(update(Attachment).values(state="pending", transcript=None, lease_until=None))
    await desk.keeper.run(attachment_id)
    assert len(desk.home.asked) == 1
    assert (await desk.row(attachment_id)).transcript == "bom dia"


async def test_an_attachment_whose_job_vanished_gets_a_new_one(desk: Desk) -> None:
    attachment_id = await desk.arrives("file")
    now = datetime.now(UTC) + timedelta(minutes=2)
    async with transaction(desk.sessions) as session:
        await session.execute(text("DELETE FROM pgqueuer"))
        assert (await rescue(session, now))["attachments"] == 1
        jobs = (await session.execute(text("SELECT entrypoint FROM pgqueuer"))).scalars().all()
    assert "attachment" in jobs
    assert attachment_id


async def test_two_workers_do_not_look_after_one_at_a_time(desk: Desk) -> None:
    desk.home.gives("/file", samples.PDF)
    attachment_id = await desk.arrives("file")
    async with transaction(desk.sessions) as session:
        await session.execute(update(Attachment).values(lease_until=datetime.now(UTC) + timedelta(minutes=1)))
    await desk.keeper.run(attachment_id)
    assert desk.home.asked == []


async def test_files_without_a_row_are_thrown_away(desk: Desk, tmp_path: Path) -> None:
    desk.home.gives("/file", samples.PDF)
    attachment_id = await desk.arrives("file")
    await desk.keeper.run(attachment_id)
    row = await desk.row(attachment_id)
    orphan = desk.shelf.keep(b"of somebody who was erased")
    for path in (tmp_path / "attachments").glob("*/*"):
        _age(path)
    young = desk.shelf.keep(b"its row is not committed yet")
    assert await throw_away_orphans(desk.sessions, desk.shelf) == 1
    assert desk.shelf.read(orphan) is None
    assert desk.shelf.read(young) is not None
    assert desk.shelf.read(str(row.sha256)) == samples.PDF


def _age(path: Path) -> None:
    old = path.stat().st_mtime - 7200
    os.utime(path, (old, old))
