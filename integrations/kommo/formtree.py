"""Kommo's webhook bodies as a tree: `leads[status][0][id]=5` is the node leads → status → 0 → id with the value "5".

A node may have values and children at once (`note[type]=3` beside `note[type][uuid]=…`), and indices are names, never
positions in a list: Kommo uses entity ids as indices (`linked_leads_id[15319601][ID]`). Nothing here knows what the
names mean.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NewType
from urllib.parse import parse_qsl

FormBody = NewType("FormBody", str)
"""A form-encoded body that passed `decode`."""


class UndecodableBody(Exception):
    """The body is no form at all; the text says why and quotes nothing of it."""


@dataclass
class Node:
    """What stands under one name: the values written at it and the nodes below it, in the order they came."""

    values: list[str] = field(default_factory=list)
    children: dict[str, "Node"] = field(default_factory=dict)

    def child(self, *path: str) -> "Node":
        """The node at `path`; an empty one where there is none."""
        node = self
        for name in path:
            node = node.children.get(name, EMPTY)
        return node

    def text(self, *path: str) -> str:
        """The last value written at `path`, "" where there is none."""
        values = self.child(*path).values
        return values[-1] if values else ""

    def first(self, *paths: tuple[str, ...]) -> str:
        """The first of `paths` that has a value that is not empty."""
        return next((text for path in paths if (text := self.text(*path))), "")

    def items(self) -> Iterator[tuple[str, "Node"]]:
        """The named nodes below this one."""
        return iter(self.children.items())


EMPTY = Node()
"""Stands for every node that is not there; never written to."""


def decode(body: bytes | str) -> FormBody:
    """The body as text. Raises `UndecodableBody` for what no form-encoded body can be."""
    try:
        text = body.decode() if isinstance(body, bytes) else body
        text.encode()
    except UnicodeError:
        raise UndecodableBody("is not UTF-8") from None
    if "\x00" in text:
        raise UndecodableBody("holds NUL characters")
    if text.strip() and "=" not in text:
        raise UndecodableBody("has no name=value pair")
    return FormBody(text)


def parse(body: bytes | str | Node) -> Node:
    """The tree of a form-encoded body. Broken percent sequences of a value become U+FFFD rather than lose a message."""
    if isinstance(body, Node):
        return body
    root = Node()
    for key, value in parse_qsl(decode(body), keep_blank_values=True, errors="replace"):
        node = root
        for name in split_key(key.replace("\x00", "")):
            node = node.children.setdefault(name, Node())
        node.values.append(value.replace("\x00", ""))
    return root


def split_key(key: str) -> list[str]:
    """`a[b][0]` → a, b, 0. Brackets that do not pair up belong to the name; `a[]` has the empty name below a."""
    head, bracket, rest = key.partition("[")
    if not bracket or not rest.endswith("]"):
        return [key]
    return [head, *rest[:-1].split("][")]
