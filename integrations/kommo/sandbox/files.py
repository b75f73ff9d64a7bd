"""Files that customers send: uploaded here by a test or a page, fetched by whoever is given the link.

`POST /sandbox/files` takes any body and answers the link; `GET` gives it back, with or without a token (whether Kommo
wants one is not documented). `?redirect=` sends the reader somewhere else instead.
"""

import re

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from .context import Sandbox
from .errors import BadControl
from .paging import query_of
from .wire import AnyRequest, Doc, base_url

NAME = re.compile(r"[0-9a-f-]{36}")


@post("/files", status_code=201)
async def upload(request: AnyRequest, box: NamedDependency[Sandbox]) -> Doc:
    """Keep a file; its link for an attachment."""
    body = await request.body()
    if not body:
        raise BadControl("Send the file's bytes as the body")
    name = box.world.new_uuid()
    folder = box.world.settings.data_dir / "files"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(body)
    return {"id": name, "link": f"{base_url(request)}/sandbox/files/{name}"}


@get("/files/{name:str}")
async def download(request: AnyRequest, name: FromPath[str], box: NamedDependency[Sandbox]) -> Response[bytes]:
    """A file as it was uploaded, under a type that says nothing."""
    elsewhere = query_of(request).get("redirect")
    if isinstance(elsewhere, str):
        return Response(b"", status_code=302, headers={"location": elsewhere})
    path = box.world.settings.data_dir / "files" / name
    if not NAME.fullmatch(name) or not path.is_file():
        raise BadControl("There is no such file", 404)
    return Response(path.read_bytes(), media_type="application/octet-stream")


ROUTES = [upload, download]
