"""GET / and its files: the phone page, served from the folder `page/` beside this module when it is there."""

from pathlib import Path

from litestar import MediaType, Response, get
from litestar.datastructures import CacheControlHeader
from litestar.router import Router
from litestar.static_files import create_static_files_router

FOLDER = Path(__file__).parent / "page"


@get("/", media_type=MediaType.HTML)
async def index() -> Response[str]:
    page = FOLDER / "index.html"
    if not page.is_file():
        return Response("<p>The phone page is not installed.</p>", status_code=404, media_type=MediaType.HTML)
    return Response(page.read_text("utf-8"), media_type=MediaType.HTML, headers={"cache-control": "no-cache"})


def static_files() -> list[Router]:
    """The page's modules and style under /page/."""
    if not FOLDER.is_dir():
        return []
    # Asked for anew with each page, so that a browser never puts modules of two versions together.
    fresh = CacheControlHeader(no_cache=True)
    return [create_static_files_router(path="/page", directories=[FOLDER], cache_control=fresh)]
