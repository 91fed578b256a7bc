"""ACLED by its API: a token by password grant, paged reads, changes and deletions.

Documented at acleddata.com/api-documentation: ``POST /oauth/token`` gives a token for 24 hours;
``GET /api/acled/read`` gives pages of ``limit`` rows, of which the first that is not full is
the last; ``timestamp`` is when a row was last uploaded; ``GET /api/deleted/read`` lists the ids
withdrawn since ``deleted_timestamp``. An account needs rights to the API beside its password.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from geoconflict.errors import InputError, ServiceError
from geoconflict.incidents.api.client import Patience, Service
from geoconflict.incidents.api.store import Row, Store, Update, merge

ADDRESS = "https://acleddata.com"
EMAIL_VARIABLE, PASSWORD_VARIABLE = "ACLED_EMAIL", "ACLED_PASSWORD"
_RESERVED = frozenset({"page", "limit", "timestamp", "timestamp_where", "_format"})


def update_acled(
    folder: str | Path,
    where: Mapping[str, str],
    *,
    page_rows: int = 5000,
    progress: Callable[[int], None] | None = None,
    patience: Patience | None = None,
    address: str = ADDRESS,
) -> Update:
    """Download the events of ACLED that a question names, or bring a folder of them up to date.

    The first run downloads all; a later one asks for rows uploaded since the newest one
    stored, and for deletions since then, and applies both by id. A run that breaks off goes
    on where it was. The environment gives ``ACLED_EMAIL`` and ``ACLED_PASSWORD``.

    Parameters
    ----------
    folder : path
        Holds ``events.jsonl``; one folder a question.
    where : mapping of str to str
        Filters of the API, such as ``{"country": "Ukraine", "year": "2024"}``.
    page_rows : int
        Rows a page.
    progress : callable, optional
        Called with the rows that have come so far.
    patience : Patience, optional
    address : str
        Of the service.

    Returns
    -------
    Update

    Raises
    ------
    InputError
        If the environment lacks the credentials, or a filter is one that this call sets.
    ServiceError
        With the status: 401 for a wrong password, 403 for an account without API rights.
    """
    taken = sorted(_RESERVED & {name.lower() for name in where})
    if taken:
        msg = f"the filters {taken} are set by the download itself; leave them out"
        raise InputError(msg)
    store = Store(folder, "acled", where)
    since = store.state.get("newest")
    with Service("ACLED", address, patience or Patience()) as service:
        session = _Session(service)
        changes = {"timestamp": str(since), "timestamp_where": ">="} if since is not None else {}
        store.begin({**changes, "page_rows": str(page_rows)})
        fresh = _pages(session, store, "events", "/api/acled/read", {**where, **changes}, page_rows, progress)
        withdrawn: list[Row] = []
        if since is not None:
            asked = {
                "deleted_timestamp": str(store.state.get("newest_deleted", since)),
                "deleted_timestamp_where": ">=",
            }
            withdrawn = _pages(session, store, "deleted", "/api/deleted/read", asked, page_rows, None)
    rows, update = merge(
        store.rows("event_id_cnty"),
        fresh,
        [str(row["event_id_cnty"]) for row in withdrawn],
        key="event_id_cnty",
        version="timestamp",
    )
    newest = _newest([*fresh, *rows.values()], "timestamp", since)
    newest_deleted = _newest(withdrawn, "deleted_timestamp", store.state.get("newest_deleted", newest))
    store.finish(rows, {"newest": newest, "newest_deleted": newest_deleted})
    return replace(update, path=store.path)


class _Session:
    """A service with a token, which is fetched at the first need and once more when it has run out."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._token: str | None = None

    def get(self, path: str, params: Mapping[str, str]) -> dict[str, Any]:
        fresh = self._token is None
        if self._token is None:
            self._token = self._new_token()
        try:
            return self._read(path, params)
        except ServiceError as error:
            if error.status == 401 and not fresh:
                self._token = self._new_token()
                return self._read(path, params)
            if error.status in {401, 403}:
                msg = (
                    f"ACLED answered {error.status}: the account may not read the API; "
                    "accept its terms and ask for API rights at acleddata.com, or download a file"
                )
                raise ServiceError(msg, status=error.status) from None
            raise

    def _read(self, path: str, params: Mapping[str, str]) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self._token}"}
        answer = self._service.json("GET", path, params=params, headers=headers, complete=_is_whole)
        stated = answer.get("status", 200)
        if str(stated) != "200" or answer.get("success") is False:
            msg = f"ACLED answered with the status {stated!s:.20} inside its answer"
            raise ServiceError(msg, status=int(stated) if str(stated).isdigit() else None)
        return answer

    def _new_token(self) -> str:
        missing = [name for name in (EMAIL_VARIABLE, PASSWORD_VARIABLE) if not os.environ.get(name)]
        if missing:
            msg = f"the environment lacks {' and '.join(missing)}, the myACLED account"
            raise InputError(msg)
        form = {
            "grant_type": "password",
            "client_id": "acled",
            "username": os.environ[EMAIL_VARIABLE],
            "password": os.environ[PASSWORD_VARIABLE],
        }
        try:
            answer = self._service.json("POST", "/oauth/token", data=form)
        except ServiceError as error:
            if error.status in {400, 401, 403}:
                msg = (
                    f"ACLED gave no token ({error.status}): {EMAIL_VARIABLE} or {PASSWORD_VARIABLE} is wrong, "
                    "or the account is not active"
                )
                raise ServiceError(msg, status=error.status) from None
            raise
        token = answer.get("access_token")
        if not isinstance(token, str) or not token:
            msg = "ACLED answered the request for a token without one"
            raise ServiceError(msg)
        return token


def _is_whole(answer: dict[str, Any]) -> bool:
    """Tell whether a page has the rows that it says it has."""
    rows, count = answer.get("data"), answer.get("count")
    return isinstance(rows, list) and (count is None or str(count) == str(len(rows)))


def _pages(  # noqa: PLR0913, PLR0917 - of this file only; each says what is asked, where it is kept, or how far it is
    session: _Session,
    store: Store,
    name: str,
    path: str,
    params: Mapping[str, str],
    page_rows: int,
    progress: Callable[[int], None] | None,
) -> list[Row]:
    rows: list[Row] = []
    seen: set[str] = set()
    number = 1
    while True:
        query = {**params, "limit": str(page_rows), "page": str(number)}

        def fetch(query: Mapping[str, str] = query) -> Row:
            return session.get(path, query)

        page = store.page(f"{name}-{number:06d}", fetch)["data"]
        for row in page:
            if not isinstance(row, dict) or not row.get("event_id_cnty"):
                msg = f"ACLED sent a row without event_id_cnty on page {number}"
                raise ServiceError(msg)
        ids = {str(row["event_id_cnty"]) for row in page}
        if page and ids <= seen:
            msg = f"ACLED sent on page {number} only rows of earlier pages"
            raise ServiceError(msg)
        seen |= ids
        rows.extend(page)
        if progress is not None:
            progress(len(rows))
        if len(page) < page_rows:
            return rows
        number += 1


def _newest(rows: list[Row], field: str, before: Any) -> int | None:  # noqa: ANN401 - as stored
    stamps = [int(float(str(row[field]))) for row in rows if str(row.get(field) or "").replace(".", "", 1).isdigit()]
    stamps += [int(before)] if before is not None else []
    return max(stamps, default=None)
