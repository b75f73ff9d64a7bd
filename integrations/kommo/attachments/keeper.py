"""START HERE: the job behind an attachment: fetch it once, check it, put it on the shelf, listen to it.

A claim is a lease. Each step is written down before the next begins, so a worker that takes over goes on from there.
No transaction is open while anything is fetched or heard. What was heard becomes the message's text, and the turn that
waits for it is brought forward.
"""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog

from integrations.database import Sessions, transaction
from integrations.jobs import enqueue
from integrations.kommo.attachments.addresses import Gatekeeper
from integrations.kommo.attachments.content import media_type
from integrations.kommo.attachments.download import MEGABYTE, Downloader
from integrations.kommo.attachments.errors import Gone, NoAttachment, Refused, Unavailable
from integrations.kommo.attachments.intake import HEARD, attachment_job
from integrations.kommo.attachments.models import Attachment, AttachmentState
from integrations.kommo.attachments.shelf import Shelf
from integrations.kommo.chats.inbox import InboxRules, bring_forward
from integrations.kommo.chats.models import Conversation, Message
from integrations.kommo.client import KommoClient
from integrations.kommo.errors import KommoError
from integrations.llm.hearing import Listener, NotHeard, create_listener
from integrations.settings import Settings

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=90)
"""Longer than fetching and listening may take."""
TRIES = 4
FIRST_PAUSE = timedelta(seconds=1)
READ_BACK = timedelta(minutes=2)


@dataclass(frozen=True)
class Claim:
    """An attachment that this worker looks after, as it was when it was claimed."""

    row: Attachment
    message: Message


class Keeper:
    """Looks after attachments; one a worker process. Without a `listener` voice notes are kept and not heard."""

    def __init__(
        self,
        sessions: Sessions,
        client: KommoClient,
        downloader: Downloader,
        shelf: Shelf,
        listener: Listener | None,
        rules: InboxRules,
    ) -> None:
        self._sessions = sessions
        self._client = client
        self._downloader = downloader
        self._shelf = shelf
        self._listener = listener
        self._rules = rules

    async def aclose(self) -> None:
        """Close the connections."""
        await self._downloader.close()
        if self._listener is not None:
            await self._listener.close()

    async def run(self, attachment_id: int) -> None:
        """Do what is left to do for this attachment, if anybody has to."""
        claim = await self._claim(attachment_id)
        if claim is None:
            return
        try:
            content = await self._content(claim)
            await self._settle(claim, AttachmentState.KEPT, *await self._heard(claim, content))
        except Unavailable as failure:
            await self._again(claim, failure.reason)
        except Refused as refusal:
            log.warning("attachment.refused", attachment=attachment_id, reason=refusal.reason)
            await self._settle(claim, AttachmentState.REFUSED, None, refusal.reason)
        except NoAttachment as gone:
            await self._settle(claim, AttachmentState.GONE, None, gone.reason)

    async def _claim(self, attachment_id: int) -> Claim | None:
        now = datetime.now(UTC)
        async with transaction(self._sessions) as session:
            row = await session.get(Attachment, attachment_id, with_for_update=True)
            if row is None or row.state != AttachmentState.PENDING:
                return None
            if row.lease_until is not None and row.lease_until > now:
                return None
            row.lease_until, row.attempts = now + LEASE, row.attempts + 1
            return Claim(row, await session.get_one(Message, row.message_id))

    async def _content(self, claim: Claim) -> bytes:
        """The bytes: from the shelf when they were fetched before."""
        if claim.row.sha256 is not None:
            known = await asyncio.to_thread(self._shelf.read, claim.row.sha256)
            if known is not None:
                return known
        content = await self._downloader.fetch(claim.row.link or await self._link(claim))
        kind = await asyncio.to_thread(media_type, content, claim.row.kind)
        sha256 = await asyncio.to_thread(self._shelf.keep, content)
        async with transaction(self._sessions) as session:
            row = await session.get_one(Attachment, claim.row.id, with_for_update=True)
            row.sha256, row.media_type, row.size = sha256, kind, len(content)
        claim.row.media_type = kind
        return content

    async def _link(self, claim: Claim) -> str:
        """The link as the talk's list of messages has it, where the webhook brought none."""
        message = claim.message
        if message.talk_id is None:
            raise Gone("no_link")
        try:
            listed = await self._client.talk_messages(message.talk_id, since=message.sent_at - READ_BACK)
        except KommoError as error:
            raise Unavailable(type(error).__name__) from error
        link = next((m.attachment.link for m in listed if m.id == message.kommo_id and m.attachment), "")
        if not link:
            raise Unavailable("no_link")
        async with transaction(self._sessions) as session:
            (await session.get_one(Attachment, claim.row.id, with_for_update=True)).link = link
        return link

    async def _heard(self, claim: Claim, content: bytes) -> tuple[str | None, str | None]:
        """What was heard, or why nothing was."""
        if self._listener is None or claim.row.kind not in HEARD:
            return None, None
        try:
            return await self._listener.hear(content, claim.row.media_type or "audio/ogg"), None
        except NotHeard as failure:
            log.info("attachment.not_heard", attachment=claim.row.id, reason=failure.reason)
            return None, failure.reason

    async def _settle(self, claim: Claim, state: AttachmentState, heard: str | None, reason: str | None) -> None:
        """Write down how it ended, and let the turn begin that waited for it. The conversation is locked first."""
        now = datetime.now(UTC)
        async with transaction(self._sessions) as session:
            conversation = await session.get_one(Conversation, claim.message.conversation_id, with_for_update=True)
            row = await session.get_one(Attachment, claim.row.id, with_for_update=True)
            if row.state != AttachmentState.PENDING:
                return
            row.state, row.reason, row.settled_at, row.lease_until = state, reason, now, None
            if self._listener is not None and row.kind in HEARD and state is AttachmentState.KEPT:
                row.transcript, row.heard_at = heard, now
            message = await session.get_one(Message, row.message_id)
            if heard and not message.text.strip():
                message.text = heard
            if row.wait_until is not None:
                await session.flush()
                await bring_forward(session, conversation, self._rules, now, f"heard:{row.id}")
        log.info("attachment.settled", attachment=row.id, state=state, heard=heard is not None)

    async def _again(self, claim: Claim, reason: str) -> None:
        """Try again a little later; after several tries say that it failed."""
        if claim.row.attempts >= TRIES:
            log.warning("attachment.failed", attachment=claim.row.id, reason=reason)
            await self._settle(claim, AttachmentState.FAILED, None, reason)
            return
        pause = FIRST_PAUSE * 2 ** (claim.row.attempts - 1)
        async with transaction(self._sessions) as session:
            row = await session.get_one(Attachment, claim.row.id, with_for_update=True)
            row.reason, row.lease_until, row.next_at = reason, None, datetime.now(UTC) + pause
            awaited, version = row.wait_until is not None, str(row.attempts)
            await enqueue(session, attachment_job(row.id, after=pause, awaited=awaited, version=version))


def create_keeper(settings: Settings, sessions: Sessions, client: KommoClient, rules: InboxRules) -> Keeper:
    """The keeper as the settings want it."""
    gatekeeper, most = Gatekeeper(client.base_url), settings.attachment_max_mb * MEGABYTE
    downloader = Downloader(gatekeeper, client.token, most)
    return Keeper(sessions, client, downloader, Shelf(settings.data_dir), create_listener(settings), rules)
