"""An answer that is not what Kommo's pages say: a value of another type, a key that lacks or is unknown, half a body.

For the question whether a client reads with care; nothing here is Kommo's behaviour.
"""

import json
import random

from litestar.types import HTTPResponseStartEvent, Message, Send

ODD: tuple[object, ...] = (None, "", "x", "0", -1, 0, 1e30, True, [], {}, [None], {"id": None}, "1780000000", 10**20)
"""What stands in a value's place."""
CUT_SHORT, NO_JSON = 0.1, 0.1


def bend(body: bytes, chance: random.Random) -> bytes:
    """The body with one thing wrong; one that is no JSON comes back as it is."""
    try:
        document = json.loads(body)
    except ValueError:
        return body
    drawn = chance.random()
    if drawn < CUT_SHORT:
        return body[: chance.randrange(len(body))]
    if drawn < CUT_SHORT + NO_JSON:
        return b"<html><body>Service temporarily unavailable</body></html>"
    return json.dumps(_changed(document, chance)).encode()


def _changed(document: object, chance: random.Random) -> object:
    """The document with one value somewhere in it changed, the deeper the likelier."""
    if isinstance(document, dict) and document and chance.random() < 0.9:
        key = chance.choice(list(document))
        if chance.random() < 0.15:
            return {name: value for name, value in document.items() if name != key}
        return document | {key: _changed(document[key], chance), "unknown_to_all": 1}
    if isinstance(document, list) and document and chance.random() < 0.9:
        place = chance.randrange(len(document))
        return [*document[:place], _changed(document[place], chance), *document[place + 1 :]]
    return chance.choice(ODD)


class Bending:
    """Between a handler and the wire: holds the answer back until it is whole, and sends it bent."""

    def __init__(self, send: Send, chance: random.Random) -> None:
        self._send, self._chance = send, chance
        self._start: HTTPResponseStartEvent | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
        elif message["type"] == "http.response.body":
            self._body += message["body"]
            if not message["more_body"] and self._start is not None:
                await self._out(self._start)
        else:
            await self._send(message)

    async def _out(self, start: HTTPResponseStartEvent) -> None:
        body = bend(self._body, self._chance)
        kept = [header for header in start["headers"] if header[0].lower() != b"content-length"]
        start["headers"] = [*kept, (b"content-length", str(len(body)).encode())]
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body, "more_body": False})
