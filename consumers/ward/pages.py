"""The files of the page, as a browser loads them."""

import gzip
import hashlib
import mimetypes
from http import HTTPStatus
from pathlib import Path

from aiohttp import web
from msgspec import Struct

ROOT = Path(__file__).parent / "static"
_TYPES = {".js": "text/javascript", ".css": "text/css", ".html": "text/html", ".json": "application/json"}
_HEADERS = {"Cache-Control": "no-cache", "Vary": "Accept-Encoding"}


class _File(Struct, frozen=True):
    changed_ns: int
    etag: str
    content_type: str
    plain: bytes
    packed: bytes


class Pages:
    """Serves the files below one folder; each is read once, and again when it has changed."""

    def __init__(self, root: Path = ROOT) -> None:
        self._root = root.resolve()
        self._files: dict[Path, _File] = {}

    async def index(self, request: web.Request) -> web.Response:
        """The page itself."""
        return self._serve(request, "index.html")

    async def file(self, request: web.Request) -> web.Response:
        """One of its files."""
        return self._serve(request, request.match_info["path"])

    def _serve(self, request: web.Request, name: str) -> web.Response:
        found = self._find(name)
        headers = {**_HEADERS, "ETag": f'"{found.etag}"'}
        if found.etag in {each.value for each in request.if_none_match or ()}:
            return web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
        is_packed = "gzip" in request.headers.get("Accept-Encoding", "") and len(found.packed) < len(found.plain)
        if is_packed:
            headers["Content-Encoding"] = "gzip"
        body = found.packed if is_packed else found.plain
        return web.Response(body=body, headers={**headers, "Content-Type": found.content_type})

    def _find(self, name: str) -> _File:
        """A file that lies below the folder, whatever its name would lead to; else raises HTTPNotFound."""
        try:
            path = (self._root / name).resolve()
            if not path.is_relative_to(self._root) or not path.is_file():
                raise web.HTTPNotFound
            changed_ns = path.stat().st_mtime_ns
        except (OSError, ValueError) as error:
            raise web.HTTPNotFound from error
        known = self._files.get(path)
        if known is None or known.changed_ns != changed_ns:
            known = self._files[path] = _read(path, changed_ns)
        return known


def _read(path: Path, changed_ns: int) -> _File:
    plain = path.read_bytes()
    content_type = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    is_text = content_type.startswith("text/") or content_type == "application/json"
    return _File(
        changed_ns=changed_ns,
        etag=hashlib.sha256(plain).hexdigest()[:32],
        content_type=f"{content_type}; charset=utf-8" if is_text else content_type,
        plain=plain,
        packed=gzip.compress(plain, mtime=0),
    )
