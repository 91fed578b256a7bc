"""Requests that are repeated with patience, and answers that are checked. Built on httpx.

Repeated are: no answer, an answer that breaks off, 429 and 5xx; after the time that
``Retry-After`` states, or else twice as long each time. No message holds a header or a body,
so that no token can get into one.
"""

from __future__ import annotations

import datetime as dt
import email.utils
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from geoconflict.errors import InputError, MissingExtraError, ServiceError

if TYPE_CHECKING:
    import httpx

_REPEATED = frozenset({408, 425, 429, 500, 502, 503, 504})
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for a service, and how often to ask it again.

    Attributes
    ----------
    timeout_s : float
        For connecting and for each read.
    attempts : int
        At the most, for one request.
    first_wait_s : float
        Before the second attempt; doubled each time.
    longest_wait_s : float
        A ``Retry-After`` beyond it is an error that says how long the service wants.
    sleep : callable
        Takes seconds.
    """

    timeout_s: float = 60.0
    attempts: int = 5
    first_wait_s: float = 2.0
    longest_wait_s: float = 300.0
    sleep: Callable[[float], None] = time.sleep


class Service:
    """One service at one address, used as a context manager.

    Parameters
    ----------
    name : str
        As the messages should call it.
    base_url : str
        ``https``; plain ``http`` only to this machine, since a token would be read on the way.
    patience : Patience

    Raises
    ------
    MissingExtraError
        If httpx is not installed.
    InputError
        For an address that is not ``https``.
    """

    def __init__(self, name: str, base_url: str, patience: Patience) -> None:
        try:
            import httpx
        except ImportError as error:
            what = "API clients"
            raise MissingExtraError(what, package="httpx", extra="api") from error
        parts = urlsplit(base_url)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
            msg = f"the address of {name} must start with https://, found {parts.scheme or 'no scheme'}"
            raise InputError(msg)
        self.name = name
        self.base_url = base_url.rstrip("/")
        self.patience = patience
        # Redirects are not followed: a token goes to no other host.
        self._client = httpx.Client(timeout=patience.timeout_s, follow_redirects=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._client.close()

    def json(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        data: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        complete: Callable[[dict[str, Any]], bool] = lambda _: True,
    ) -> dict[str, Any]:
        """Return the JSON object that the service answers.

        Parameters
        ----------
        method, path : str
            The path is joined to the address of the service.
        params, data, headers : mapping of str to str, optional
            Query, form and headers.
        complete : callable
            Tells whether an answer is whole; one that is not is asked again.

        Raises
        ------
        ServiceError
            With the status, when the attempts are used up or asking again is of no use.
        """
        patience = self.patience
        trouble: ServiceError | None = None
        for attempt in range(patience.attempts):
            if trouble is not None:
                patience.sleep(self._wait_s(trouble, attempt))
            try:
                return self._once(method, path, params, data, headers, complete)
            except _AgainError as again:
                trouble = again
        msg = f"{trouble}; gave up after {patience.attempts} attempts"
        raise ServiceError(msg, status=trouble.status if trouble else None)

    def _once(
        self,
        method: str,
        path: str,
        params: Mapping[str, str] | None,
        data: Mapping[str, str] | None,
        headers: Mapping[str, str] | None,
        complete: Callable[[dict[str, Any]], bool],
    ) -> dict[str, Any]:
        import httpx

        url = f"{self.base_url}{path}"
        try:
            answer = self._client.request(method, url, params=params, data=data, headers=headers)
        except httpx.TransportError as error:
            msg = f"{self.name} did not answer ({type(error).__name__})"
            raise _AgainError(msg) from None
        self._check_status(answer)
        try:
            value = answer.json()
        except ValueError:
            msg = f"{self.name} sent what is no JSON, or broke off"
            raise _AgainError(msg, status=answer.status_code) from None
        if not isinstance(value, dict):
            msg = f"{self.name} sent a {type(value).__name__}, where it documents an object"
            raise ServiceError(msg, status=answer.status_code)
        if not complete(value):
            msg = f"{self.name} sent a page with fewer rows than it says it has"
            raise _AgainError(msg, status=answer.status_code)
        return value

    def _check_status(self, answer: httpx.Response) -> None:
        status = answer.status_code
        if status == 200:
            return
        if status in _REPEATED:
            trouble = _AgainError(f"{self.name} answered {status} {answer.reason_phrase}", status=status)
            trouble.wait_s = _retry_after_s(answer.headers.get("retry-after"))
            if trouble.wait_s is not None and trouble.wait_s > self.patience.longest_wait_s:
                msg = f"{self.name} answered {status} and wants to be left alone for {trouble.wait_s:.0f} s; run again then"
                raise ServiceError(msg, status=status)
            raise trouble
        msg = f"{self.name} answered {status} {answer.reason_phrase}"
        raise ServiceError(msg, status=status)

    def _wait_s(self, trouble: ServiceError, attempt: int) -> float:
        stated = trouble.wait_s if isinstance(trouble, _AgainError) else None
        backoff: float = self.patience.first_wait_s * 2.0 ** (attempt - 1)
        return min(stated if stated is not None else backoff, self.patience.longest_wait_s)


class _AgainError(ServiceError):
    """Trouble that may pass."""

    wait_s: float | None = None


def _retry_after_s(text: str | None) -> float | None:
    """Return the seconds of a Retry-After header, given as seconds or as a date (RFC 9110, 10.2.3)."""
    if not text:
        return None
    if text.strip().isdigit():
        return float(text)
    try:
        until = email.utils.parsedate_to_datetime(text)
    except ValueError:
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=dt.UTC)
    return max(0.0, (until - dt.datetime.now(dt.UTC)).total_seconds())
