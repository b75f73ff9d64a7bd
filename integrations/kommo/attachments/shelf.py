"""Where the bytes of attachments lie: DATA_DIR/attachments, each once, under the hash of its content.

Staff see what is here and nobody else does. With workers on several machines the folder has to be a shared one.
"""

import hashlib
import os
import re
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

NAME = re.compile(r"[0-9a-f]{64}")


class Shelf:
    """The folder. Its calls block: run them in a thread."""

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / "attachments"

    def path(self, sha256: str) -> Path:
        """Where a content lies or would lie."""
        if not NAME.fullmatch(sha256):
            raise ValueError("not a sha256 in hexadecimal digits")
        return self._folder / sha256[:2] / sha256

    def keep(self, content: bytes) -> str:
        """Put a content on the shelf; its hash. A half-written file is never seen under its name."""
        sha256 = hashlib.sha256(content).hexdigest()
        path = self.path(sha256)
        if path.exists():
            os.utime(path)
            return sha256
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_name(f".{uuid4().hex}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        return sha256

    def read(self, sha256: str) -> bytes | None:
        """A content; None when it is not on this machine."""
        try:
            return self.path(sha256).read_bytes()
        except FileNotFoundError:
            return None

    def older_than(self, age: timedelta) -> Iterator[str]:
        """The hashes of what lies here for longer."""
        until = time.time() - age.total_seconds()
        for path in self._folder.glob("??/*"):
            if NAME.fullmatch(path.name) and path.stat().st_mtime < until:
                yield path.name

    def throw_away(self, sha256: str) -> None:
        """Take a content off the shelf."""
        self.path(sha256).unlink(missing_ok=True)
