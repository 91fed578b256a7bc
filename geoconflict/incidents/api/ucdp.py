"""Download from the UCDP API: token in a header, pages linked by the address of the next one.

Documented at ucdp.uu.se/apidocs: ``GET /api/gedevents/<version>`` returns ``TotalCount``,
``TotalPages``, ``NextPageUrl`` and ``Result``; the header ``x-ucdp-access-token`` is needed since
February 2026, and 5,000 requests a day are allowed. Versions are yearly ("25.1") or monthly
candidates ("26.0.2"); rows have no timestamp, so that an update compares whole versions.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from geoconflict.errors import InputError, ServiceError
from geoconflict.incidents.api.client import RetryPolicy, Service
from geoconflict.incidents.api.store import Row, Store, Update, merge

ADDRESS = "https://ucdpapi.pcr.uu.se"
TOKEN_VARIABLE = "UCDP_ACCESS_TOKEN"  # noqa: S105 - name of a variable


def update_ucdp(
    folder: str | Path,
    version: str,
    where: Mapping[str, str] | None = None,
    *,
    progress: Callable[[int], None] | None = None,
    retry: RetryPolicy | None = None,
    address: str = ADDRESS,
) -> Update:
    """Download a version of UCDP GED, or replace an earlier one, and report the differences.

    A row that is not in the new version counts as deleted. An interrupted run is resumed. The
    environment variable ``UCDP_ACCESS_TOKEN`` is required.

    Parameters
    ----------
    folder : path
        Contains ``events.jsonl``; use one folder per query.
    version : str
        Such as "25.1", or "26.0.2" for candidate events.
    where : mapping of str to str, optional
        Filters of the API, such as ``{"Country": "369", "StartDate": "2024-01-01"}``.
    progress : callable, optional
        Called with the number of rows received so far.
    retry : RetryPolicy, optional
    address : str
        Address of the service.

    Returns
    -------
    Update

    Raises
    ------
    InputError
        If the environment variable is missing, or the version is not numbers and points.
    ServiceError
        With the status: 401 for a wrong token, 404 for a version that does not exist.
    """
    if not version or not all(part.isdigit() for part in version.split(".")):
        msg = f"the version {version!r} does not consist of numbers and points, such as 25.1"
        raise InputError(msg)
    store = Store(folder, "ucdp", where or {})
    with Service("UCDP", address, retry or RetryPolicy()) as service:
        store.begin({"version": version})
        fresh = _pages(service, store, f"/api/gedevents/{version}", where or {}, progress)
    stored = store.rows("id")
    present = {str(row["id"]) for row in fresh}
    rows, update = merge(stored, fresh, [name for name in stored if name not in present], key="id", version=None)
    store.finish(rows, {"version": version})
    return replace(update, path=store.path)


def _pages(
    service: Service, store: Store, path: str, where: Mapping[str, str], progress: Callable[[int], None] | None
) -> list[Row]:
    rows: list[Row] = []
    query: dict[str, str] | None = {**where, "pagesize": "1000"}
    number = 1
    total = 0
    while query is not None:

        def fetch(query: Mapping[str, str] = query) -> Row:
            return _get(service, path, query)

        answer = store.page(f"events-{number:06d}", fetch)
        for row in answer["Result"]:
            if not isinstance(row, dict) or row.get("id") is None:
                msg = f"UCDP sent a row without id on page {number}"
                raise ServiceError(msg)
        rows.extend(answer["Result"])
        total = int(answer.get("TotalCount") or 0)
        if progress is not None:
            progress(len(rows))
        query = _next_query(answer, service, path)
        number += 1
        if query is not None and (not answer["Result"] or number > int(answer.get("TotalPages") or number)):
            msg = f"UCDP links to page {number}, which is more than it states"
            raise ServiceError(msg)
    if total and len({str(row["id"]) for row in rows}) != total:
        msg = f"UCDP states {total} rows, but {len({str(row['id']) for row in rows})} were received; run again"
        raise ServiceError(msg)
    return rows


def _get(service: Service, path: str, query: Mapping[str, str]) -> Row:
    token = os.environ.get(TOKEN_VARIABLE)
    if not token:
        msg = f"the environment variable {TOKEN_VARIABLE} is not set; request a token from UCDP (ucdp.uu.se/apidocs)"
        raise InputError(msg)
    headers = {"x-ucdp-access-token": token}
    try:
        return service.json(
            "GET", path, params=query, headers=headers, complete=lambda a: isinstance(a.get("Result"), list)
        )
    except ServiceError as error:
        if error.status in {401, 403}:
            msg = f"UCDP returned {error.status}: {TOKEN_VARIABLE} is wrong or has expired"
            raise ServiceError(msg, status=error.status) from None
        if error.status == 404:
            msg = f"UCDP returned 404: there is no version {path.rpartition('/')[2]}"
            raise ServiceError(msg, status=404) from None
        raise


def _next_query(answer: Mapping[str, Any], service: Service, path: str) -> dict[str, str] | None:
    """Return the query of the next page. Raise ServiceError for an address on another host or path."""
    address = answer.get("NextPageUrl")
    if not address:
        return None
    here, there = urlsplit(service.base_url), urlsplit(str(address))
    if there.hostname not in {None, here.hostname} or there.path.rstrip("/") != path:
        msg = "UCDP links to a next page on another host or path; it is not followed"
        raise ServiceError(msg)
    return dict(parse_qsl(there.query))
