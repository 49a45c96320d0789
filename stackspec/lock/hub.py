"""Asking a server that speaks the hub's protocol: https://huggingface.co/docs/huggingface_hub/package_reference/file_download.

`/org/name/resolve/REVISION/FILE` gives a file, at once or by a redirect to where large ones lie, with the commit in `X-Repo-Commit`;
refusals say why in `X-Error-Code`. The token goes to the server that it was given for, and never along with a redirect elsewhere.
"""

from __future__ import annotations

import http.client
import json
import re
import socket
import ssl
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from email.message import Message
from typing import Any, Final

from stackspec.diagnostics import StackspecError
from stackspec.ir.record import record
from stackspec.version import VERSION

HOME: Final = "https://huggingface.co"
_HOPS: Final = 5
_TRIES: Final = 4
_PAUSE: Final = 0.5
"""Seconds before the second try; each further one waits twice as long."""
_LONGEST_PAUSE: Final = 20.0
_AGAIN: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
_MOVED: Final = frozenset({301, 302, 303, 307, 308})
_CHUNK: Final = 1 << 16
_COMMIT: Final = re.compile(r"[0-9a-f]{40}")
_RANGE: Final = re.compile(r"bytes (\d{1,19})-(\d{1,19})/(\d{1,19}|\*)")
_TOKEN: Final = re.compile(r"[!-~]+")
_PLAIN: Final = re.compile(r"[!-~]+")


class Failed(Exception):
    """One source cannot be locked. `down`: its server does not answer at all, so that there is no point in asking it more."""

    def __init__(self, message: str, hint: str | None = None, *, down: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.down = down


class Absent(Failed):
    """The repository has no such file; `commit` is where it was looked for."""

    def __init__(self, file: str, commit: str | None) -> None:
        super().__init__(f"there is no `{file}`")
        self.commit = commit


@record
class Answer:
    """What a server sent: the body, the commit it is of, and how long the whole file is, where it says so."""

    body: bytes
    commit: str | None
    size: int | None


class _Stop(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: what may be sent along is decided hop by hop."""

    def redirect_request(self, req: object, fp: object, code: object, msg: object, headers: object, newurl: object) -> None:
        """Make the redirect an answer."""


class Hub:
    """One server. `token` goes to it alone; `note` is told what a person who waits wants to know."""

    def __init__(
        self, endpoint: str, token: str | None, *, timeout: float = 10.0, note: Callable[[str], None] = lambda _: None
    ) -> None:  # fmt: skip
        parts = _split(endpoint)
        if parts is None or parts.query or parts.fragment or "@" in parts.netloc:
            raise StackspecError(
                "the address of the hub is no plain `https://host`",
                hint="look at HF_ENDPOINT and `mirrors`; a token goes into HF_TOKEN",
            )
        if token is not None and not _TOKEN.fullmatch(token):
            raise StackspecError("HF_TOKEN holds no token: there are blanks or odd characters in it")
        self.endpoint = endpoint.rstrip("/")
        self.host = parts.netloc
        self.token = token
        self._timeout = timeout
        self._note = note
        self._down: Failed | None = None
        self._opener = urllib.request.build_opener(_Stop())

    def file(self, name: str, revision: str, file: str, *, most: int) -> Answer:
        """Return a whole file of at most so many bytes; raises Absent where there is none, and Failed."""
        return self._get(self._url(name, revision, file), None, most, f"`{file}`")

    def part(self, name: str, revision: str, file: str, start: int, length: int) -> Answer:
        """Return some bytes of a file and nothing else; fewer where it ends there."""
        return self._get(self._url(name, revision, file), (start, start + length - 1), length, f"`{file}`")

    def listing(self, name: str, revision: str) -> dict[str, Any] | None:
        """Return what the hub's own interface says of a revision; None where a server has no such interface, as mirrors may."""
        url = f"{self.endpoint}/api/models/{_quoted(name)}/revision/{_quoted(revision, '')}"
        try:
            found = parsed(self._get(url, None, _MOST_LISTED, "the list of files", tries=1), "the list of files")
        except Failed:
            return None
        return found

    def _url(self, name: str, revision: str, file: str) -> str:
        if {"", ".", ".."} & set(name.split("/")):
            raise Failed("this is no name on the hub")
        return f"{self.endpoint}/{_quoted(name)}/resolve/{_quoted(revision, '')}/{_quoted(file)}"

    def _get(self, url: str, span: tuple[int, int] | None, most: int, what: str, *, tries: int = _TRIES) -> Answer:
        """Try until something arrives that trying again would not change."""
        if self._down is not None:
            raise self._down
        for number in range(1, tries + 1):
            try:
                return self._follow(url, span, most, what)
            except _Passing as passing:
                if number == tries:
                    failed = Failed(
                        f"{passing.message}, {tries} times over" if tries > 1 else passing.message,
                        passing.hint,
                        down=passing.down,
                    )
                    if failed.down and tries > 1:
                        self._down = failed
                    raise failed from None
                pause = min(passing.pause or _PAUSE * 2 ** (number - 1), _LONGEST_PAUSE)
                self._note(f"{passing.message}; trying again in {pause:g} s")
                time.sleep(pause)
        raise AssertionError("no try at all")

    def _follow(self, url: str, span: tuple[int, int] | None, most: int, what: str) -> Answer:
        """Follow redirects, and take the commit from the first answer that names one: where the bytes lie knows none."""
        commit: str | None = None
        for _ in range(_HOPS + 1):
            status, headers, response = self._open(url, span, what)
            try:
                commit = commit or _commit(headers)
                if status in _MOVED:
                    url = self._next(url, headers, what)
                    continue
                if status >= 400:
                    self._refused(status, headers, url, what, commit)
                return self._read(status, headers, response, span, most, what, commit)
            finally:
                response.close()
        raise Failed(f"{what} is redirected more than {_HOPS} times", f"look at what `{self.host}` answers")

    def _open(self, url: str, span: tuple[int, int] | None, what: str) -> tuple[int, Message, Any]:  # Any: a response of urllib
        request = urllib.request.Request(url, headers={"User-Agent": f"stackspec/{VERSION}"})
        if span is not None:
            request.add_header("Range", f"bytes={span[0]}-{span[1]}")
        if self.token is not None and _origin(url) == _origin(self.endpoint):
            request.add_unredirected_header("Authorization", f"Bearer {self.token}")
        try:
            response = self._opener.open(request, timeout=self._timeout)
            return response.status, response.headers, response
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise self._broken(error, url, what) from None

    def _read(
        self, status: int, headers: Message, response: Any, span: tuple[int, int] | None, most: int, what: str, commit: str | None
    ) -> Answer:  # fmt: skip
        if span is not None and status != 206:
            hint = "let HF_ENDPOINT name a server that sends parts of files; stackspec never fetches whole weights"
            raise Failed(
                f"`{_host(response.url)}` sends the whole of {what} where a part was asked for: it ignores `Range`", hint
            )
        size = _size(headers, span, what)
        wanted = min(most, size - span[0]) if span is not None and size is not None else size
        if span is None and size is not None and size > most:
            raise Failed(f"{what} has {size} bytes, more than the {most} that it may have")
        body = self._body(response, most, what)
        if self.token is not None and self.token.encode() in body:
            host = _host(response.url)
            raise Failed(f"`{host}` sends the token back inside of {what}", "do not trust this server; replace the token")
        if wanted is not None and len(body) < wanted:
            raise _Passing(f"{what} is cut off: {len(body)} of {wanted} bytes arrived")
        return Answer(body, commit, size)

    def _body(self, response: Any, most: int, what: str) -> bytes:
        """Read at most so many bytes and one, within the time that such an amount may take."""
        deadline = time.monotonic() + self._timeout * 6 + most / _SLOWEST
        chunks: list[bytes] = []
        left = most + 1
        try:
            while left > 0 and (chunk := response.read1(min(left, _CHUNK))):
                chunks.append(chunk)
                left -= len(chunk)
                if time.monotonic() > deadline:
                    raise _Passing(f"{what} arrives too slowly from `{_host(response.url)}`")
        except (OSError, http.client.HTTPException) as error:
            raise self._broken(error, response.url, what) from None
        body = b"".join(chunks)
        if len(body) > most:
            raise Failed(f"{what} has more than the {most} bytes that it may have")
        return body

    def _next(self, url: str, headers: Message, what: str) -> str:
        """Return where a redirect leads; never from an encrypted to an open line."""
        try:
            found = urllib.parse.urljoin(url, headers.get("Location") or "")
        except ValueError:
            found = ""
        parts = _split(found)
        if not headers.get("Location") or parts is None:
            raise Failed(f"{what} is redirected to nowhere", f"look at what `{self.host}` answers")
        if parts.scheme == "http" and url.startswith("https:"):
            raise Failed(f"{what} is redirected to `{_host(found)}` without encryption, which is not followed")
        return found

    def _refused(self, status: int, headers: Message, url: str, what: str, commit: str | None) -> None:
        """Say why a server refuses, in words of ours: what it says itself might repeat what it was sent."""
        code = headers.get("X-Error-Code") or ""
        if status in _AGAIN:
            pause = headers.get("Retry-After") or ""
            raise _Passing(f"`{_host(url)}` answers {status}", "try later", pause=float(pause) if pause.isdecimal() else None)
        if status != 416 and _origin(url) != _origin(self.endpoint):
            raise Failed(
                f"`{_host(url)}`, where {what} lies, answers {status}", "let your network reach this server, or use a mirror"
            )
        if status == 404 and code == "RevisionNotFound":
            raise Failed("there is no such revision", "look at the branches, tags and commits of its page on the hub")
        if status == 404 and code == "RepoNotFound":
            raise Failed("there is no such repository", self._login("check the name; a private one"))
        if status == 404:
            raise Absent(what.strip("`"), commit)
        if status == 416:
            raise Failed(f"{what} is cut off: it ends before its header", "its repository is broken, or was copied in part")
        if status in (401, 403):
            raise self._forbidden(status, code)
        raise Failed(f"`{self.host}` answers {status} for {what}")

    def _forbidden(self, status: int, code: str) -> Failed:
        if code == "GatedRepo":
            page = "open its page on the hub and accept its conditions"
            if self.token is None:
                return Failed("it is gated, and no token was sent", self._login(f"{page}, then it"))
            return Failed(
                "it is gated, and the token has no access",
                f"{page} as the token's owner; a fine-grained token also needs the right to read it",
            )
        if self.token is None:
            return Failed("it is private, or does not exist", self._login("check the name; a private one"))
        if status == 401:
            return Failed(
                "the token is not valid, or there is no such repository",
                "check the name, and make a new HF_TOKEN if it is right",
            )
        return Failed("the token may not read it", "use a token with the right to read this repository")

    def _login(self, what: str) -> str:
        if self.endpoint == HOME:
            return f"{what} needs an access token in HF_TOKEN"
        return f"{what} needs an access token in HF_TOKEN, which is sent to the server that HF_ENDPOINT names and to no other"

    def _broken(self, error: Exception, url: str, what: str) -> Failed:
        """Return what a failed connection means."""
        reason = error.reason if isinstance(error, urllib.error.URLError) else error
        host = _host(url)
        if isinstance(reason, TimeoutError):
            return _Passing(
                f"`{host}` does not answer within {self._timeout:g} s",
                "look at the network, or raise HF_HUB_DOWNLOAD_TIMEOUT",
                down=True,
            )
        if isinstance(reason, ssl.SSLCertVerificationError):
            return Failed(
                f"the certificate of `{host}` is not trusted",
                "let SSL_CERT_FILE name the certificates of your network",
                down=True,
            )
        if isinstance(reason, socket.gaierror):
            return _Passing(f"there is no address for `{host}`", "look at the network, HF_ENDPOINT, and HTTPS_PROXY", down=True)
        if isinstance(reason, (OSError, http.client.HTTPException)):
            told = getattr(reason, "strerror", None) or type(reason).__name__
            return _Passing(
                f"the connection to `{host}` failed for {what}: {told}",
                "look at the network, HF_ENDPOINT, and HTTPS_PROXY",
                down=True,
            )
        return Failed(f"the connection to `{host}` failed for {what}: not an address that can be asked")


class _Passing(Failed):
    """What another try may mend; `pause`: how many seconds the server asks for."""

    def __init__(self, message: str, hint: str | None = None, *, pause: float | None = None, down: bool = False) -> None:
        super().__init__(message, hint, down=down)
        self.pause = pause


def parsed(answer: Answer, what: str) -> dict[str, Any]:
    """Return a JSON object of the hub; numbers that are not finite become null."""
    try:
        data = json.loads(answer.body.decode("utf-8-sig"), parse_constant=lambda _: None)
    except RecursionError:
        raise Failed(f"{what} is nested too deeply") from None
    except ValueError:
        raise Failed(f"{what} is not JSON", "is this the hub's answer, or the page of a proxy that asks for a login?") from None
    if not isinstance(data, dict):
        raise Failed(f"{what} holds no object")
    return data  # pyright: ignore[reportUnknownVariableType]  # keys of JSON are text, values are judged by their readers


def _size(headers: Message, span: tuple[int, int] | None, what: str) -> int | None:
    """Return how long the whole file is."""
    if span is None:
        length = headers.get("Content-Length") or ""
        return int(length) if length.isdecimal() and len(length) < 20 and not headers.get("Content-Encoding") else None
    found = _RANGE.fullmatch(headers.get("Content-Range") or "")
    if found is None or int(found[1]) != span[0] or int(found[2]) > span[1]:
        raise Failed(f"another part of {what} came than was asked for")
    return None if found[3] == "*" else int(found[3])


def _commit(headers: Message) -> str | None:
    found = (headers.get("X-Repo-Commit") or "").lower()
    return found if _COMMIT.fullmatch(found) else None


def _origin(url: str) -> tuple[str, str | None, int]:
    parts = urllib.parse.urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)


def _host(url: str) -> str:
    return urllib.parse.urlsplit(url).netloc.rpartition("@")[2]


def _split(url: str) -> urllib.parse.SplitResult | None:
    """Return the parts of an address that can be asked, or None."""
    try:
        parts = urllib.parse.urlsplit(url)
        good = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 and _PLAIN.fullmatch(url)
    except ValueError:
        return None
    return parts if good else None


def _quoted(text: str, safe: str = "/") -> str:
    return urllib.parse.quote(text, safe=safe)


_MOST_LISTED: Final = 32 << 20
_SLOWEST: Final = 50_000
"""Bytes a second below which a server is too slow."""
