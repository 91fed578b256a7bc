"""Send requests with httpx, retry those that may succeed later, and check the responses.

No response, a truncated response, 429 and 5xx are retried, after the time in ``Retry-After`` or
with a wait that doubles each time. No message contains a header or a body, so that a token cannot
leak into one.
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

_RETRIED = frozenset({408, 425, 429, 500, 502, 503, 504})
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How long to wait for a service, and how often to retry.

    Attributes
    ----------
    timeout_s : float
        For connecting and for each read.
    attempts : int
        Maximum for one request.
    first_wait_s : float
        Wait before the second attempt; doubled each time.
    max_wait_s : float
        A longer ``Retry-After`` raises an error that states it.
    sleep : callable
        Takes seconds.
    """

    timeout_s: float = 60.0
    attempts: int = 5
    first_wait_s: float = 2.0
    max_wait_s: float = 300.0
    sleep: Callable[[float], None] = time.sleep


class Service:
    """One service at one address, used as a context manager.

    Parameters
    ----------
    name : str
        Name of the service in messages.
    base_url : str
        Must be ``https``; ``http`` is allowed for this machine only, since it would expose the token.
    retry : RetryPolicy

    Raises
    ------
    MissingExtraError
        If httpx is not installed.
    InputError
        For an address that is not ``https``.
    """

    def __init__(self, name: str, base_url: str, retry: RetryPolicy) -> None:
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
        self.retry = retry
        # Redirects are not followed, so that the token is sent to no other host.
        self._client = httpx.Client(timeout=retry.timeout_s, follow_redirects=False)

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
        """Send a request and return the JSON object of the response.

        Parameters
        ----------
        method, path : str
            The path is appended to the address of the service.
        params, data, headers : mapping of str to str, optional
            Query, form and headers.
        complete : callable
            Returns whether a response is complete; if not, the request is retried.

        Raises
        ------
        ServiceError
            With the status, if all attempts failed or retrying cannot help.
        """
        retry = self.retry
        failure: ServiceError | None = None
        for attempt in range(retry.attempts):
            if failure is not None:
                retry.sleep(self._wait_s(failure, attempt))
            try:
                return self._once(method, path, params, data, headers, complete)
            except _RetryError as error:
                failure = error
        msg = f"{failure}; gave up after {retry.attempts} attempts"
        raise ServiceError(msg, status=failure.status if failure else None)

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
            response = self._client.request(method, url, params=params, data=data, headers=headers)
        except httpx.TransportError as error:
            msg = f"{self.name} did not respond ({type(error).__name__})"
            raise _RetryError(msg) from None
        self._check_status(response)
        try:
            value = response.json()
        except ValueError:
            msg = f"{self.name} sent invalid or truncated JSON"
            raise _RetryError(msg, status=response.status_code) from None
        if not isinstance(value, dict):
            msg = f"{self.name} sent a {type(value).__name__} instead of a JSON object"
            raise ServiceError(msg, status=response.status_code)
        if not complete(value):
            msg = f"{self.name} sent a page with fewer rows than it states"
            raise _RetryError(msg, status=response.status_code)
        return value

    def _check_status(self, response: httpx.Response) -> None:
        status = response.status_code
        if status == 200:
            return
        if status in _RETRIED:
            failure = _RetryError(f"{self.name} returned {status} {response.reason_phrase}", status=status)
            failure.wait_s = _retry_after_s(response.headers.get("retry-after"))
            if failure.wait_s is not None and failure.wait_s > self.retry.max_wait_s:
                msg = f"{self.name} returned {status} and asks to wait {failure.wait_s:.0f} s; run again after that"
                raise ServiceError(msg, status=status)
            raise failure
        msg = f"{self.name} returned {status} {response.reason_phrase}"
        raise ServiceError(msg, status=status)

    def _wait_s(self, failure: ServiceError, attempt: int) -> float:
        stated = failure.wait_s if isinstance(failure, _RetryError) else None
        backoff: float = self.retry.first_wait_s * 2.0 ** (attempt - 1)
        return min(stated if stated is not None else backoff, self.retry.max_wait_s)


class _RetryError(ServiceError):
    """A failure that may pass."""

    wait_s: float | None = None


def _retry_after_s(text: str | None) -> float | None:
    """Return the seconds of a Retry-After header, given as seconds or as a date (RFC 9110, 10.2.3)."""
    if not text:
        return None
    text = text.strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        until = email.utils.parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=dt.UTC)
    return max(0.0, (until - dt.datetime.now(dt.UTC)).total_seconds())
