"""Static files: our stylesheet and script, and htmx out of an installed package.

All of them are read once. Their addresses hold a hash of the content, so browsers may keep them for a year, and a new
version has a new address.
"""

import gzip
import hashlib
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

from litestar import Request, Response, get
from litestar.datastructures import State
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

OURS = files("assistant.staff") / "static"
HTMX = files("django_htmx") / "static" / "django_htmx" / "htmx-2.min.js"
TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}
KEEP = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Asset:
    """One file, as it is sent."""

    content: bytes
    packed: bytes
    media_type: str
    digest: str

    @classmethod
    def of(cls, file: Traversable) -> "Asset":
        content = file.read_bytes()
        digest = hashlib.sha256(content).hexdigest()[:12]
        return cls(content, gzip.compress(content, mtime=0), TYPES[file.name.rpartition(".")[2]], digest)


class Assets:
    """Every static file by its name."""

    def __init__(self) -> None:
        self._files = {file.name: Asset.of(file) for file in OURS.iterdir()}
        self._files["htmx.js"] = Asset.of(HTMX)

    def address(self, name: str) -> str:
        """Where a page finds it."""
        return f"/static/{self._files[name].digest}/{name}"

    def find(self, digest: str, name: str) -> Asset | None:
        """The file at an address; an old address is no file any more."""
        asset = self._files.get(name)
        return asset if asset is not None and asset.digest == digest else None


@get("/static/{digest:str}/{name:str}", public=True, sync_to_thread=False)
def static_file(digest: FromPath[str], name: FromPath[str], request: Request[None, None, State]) -> Response[bytes]:
    """A static file, packed where the browser takes that."""
    asset = request.app.state.staff.assets.find(digest, name)
    if asset is None:
        raise NotFoundException
    headers = {"Cache-Control": KEEP, "Vary": "Accept-Encoding", "X-Content-Type-Options": "nosniff"}
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(asset.packed, media_type=asset.media_type, headers=headers)
    return Response(asset.content, media_type=asset.media_type, headers=headers)
