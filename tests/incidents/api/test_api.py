"""The API clients against a local server that plays what the services document, and what goes wrong."""

import json
import logging
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

from geoconflict.errors import InputError, ServiceError
from geoconflict.incidents.api import RetryPolicy, update_acled, update_ucdp
from geoconflict.incidents.api.client import Service, _retry_after_s

PASSWORD = "correct horse"  # noqa: S105 - a secret of the test server only - the played account's
TOKEN = "secret-token-1"  # noqa: S105 - a secret of the test server only


class Played:
    """A server's script: rows, deletions, and answers to give before the true ones."""

    def __init__(self) -> None:
        self.rows = [row(i) for i in range(1, 8)]
        self.deleted = []
        self.faults = []  # (path prefix, status, headers, body) given once each, in order
        self.asked = []
        self.token_grants = 0

    def answer(self, method, path, query, form, headers):
        self.asked.append((method, path, query))
        if self.faults and path.startswith(self.faults[0][0]):
            return self.faults.pop(0)[1:]
        if path == "/oauth/token":
            self.token_grants += 1
            if form.get("password") != PASSWORD:
                return 401, {}, b'{"error": "invalid_grant"}'
            return 200, {}, json.dumps({"access_token": TOKEN, "expires_in": 86400, "token_type": "Bearer"}).encode()
        if path.startswith(("/api/acled", "/api/deleted")):
            allowed, play = headers.get("Authorization") == f"Bearer {TOKEN}", self.acled
        else:
            allowed, play = headers.get("x-ucdp-access-token") == TOKEN, self.ucdp
        return (200, {}, json.dumps(play(path, query)).encode()) if allowed else (401, {}, b"API token required")

    def acled(self, path, query):
        if path.startswith("/api/deleted"):
            rows = [r for r in self.deleted if r["deleted_timestamp"] >= int(query["deleted_timestamp"])]
        else:
            rows = [r for r in self.rows if int(r["timestamp"]) >= int(query.get("timestamp", 0))]
        limit, page = int(query["limit"]), int(query["page"])
        data = rows[(page - 1) * limit : page * limit]
        return {"status": 200, "success": True, "count": len(data), "data": data}

    def ucdp(self, path, query):
        page, size = int(query.get("page", 1)), 3
        pages = -(-len(self.rows) // size)
        following = f"{self.address}{path}?pagesize=1000&page={page + 1}" if page < pages else ""
        data = [{**r, "id": int(r["event_id_cnty"][3:])} for r in self.rows[(page - 1) * size : page * size]]
        return {"TotalCount": len(self.rows), "TotalPages": pages, "NextPageUrl": following, "Result": data}


def row(number, **changes):
    made = {
        "event_id_cnty": f"UKR{number}",
        "event_date": "2024-01-01",
        "fatalities": "0",
        "timestamp": str(1000 + number),
    }
    return {**made, **changes}


@contextmanager
def serve(played):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.reply({})

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self.reply({key: values[0] for key, values in parse_qs(body).items()})

        def reply(self, form):
            parts = urlsplit(self.path)
            status, headers, body = played.answer(
                self.command, parts.path, dict(parse_qsl(parts.query)), form, self.headers
            )
            self.send_response(status)
            length = headers.pop("Content-Length", str(len(body)))
            for name, value in {**headers, "Content-Length": length}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    played.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield played
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def played(monkeypatch):
    monkeypatch.setenv("ACLED_EMAIL", "a@example.org")
    monkeypatch.setenv("ACLED_PASSWORD", PASSWORD)
    monkeypatch.setenv("UCDP_ACCESS_TOKEN", TOKEN)
    with serve(Played()) as server:
        yield server


@pytest.fixture
def waits():
    return []


@pytest.fixture
def acled(played, waits, tmp_path):
    def run(**more):
        patience = RetryPolicy(attempts=3, first_wait_s=1.0, max_wait_s=60.0, timeout_s=10.0, sleep=waits.append)
        return update_acled(
            tmp_path / "ukraine", {"country": "Ukraine"}, page_rows=3, retry=patience, address=played.address, **more
        )

    return run


def stored(update):
    return {r["event_id_cnty"]: r for r in map(json.loads, update.path.read_text(encoding="utf-8").splitlines())}


def test_the_first_run_pages_to_the_end(acled, played):
    told = []
    update = acled(progress=told.append)
    assert len(update.added) == update.rows == 7
    assert (update.changed, update.deleted, update.repeated) == ((), (), 0)
    assert told == [3, 6, 7]
    assert [q["page"] for _, path, q in played.asked if path == "/api/acled/read"] == ["1", "2", "3"]
    assert played.asked[1][2]["country"] == "Ukraine"
    assert played.token_grants == 1
    assert sorted(stored(update)) == [f"UKR{i}" for i in range(1, 8)]


def test_an_update_applies_changes_and_deletions_and_reports_them(acled, played):
    acled()
    played.rows[2] = row(3, fatalities="5", timestamp="2000")
    played.rows.append(row(8, timestamp="2001"))
    del played.rows[0]
    played.deleted = [
        {"event_id_cnty": "UKR1", "deleted_timestamp": 1999},
        {"event_id_cnty": "XXX9", "deleted_timestamp": 1999},
    ]
    update = acled()
    assert update.added == ("UKR8",)
    assert update.changed == (("UKR3", ("fatalities", "timestamp")),)
    assert update.deleted == ("UKR1",)
    assert update.rows == 7
    rows = stored(update)
    assert "UKR1" not in rows
    assert rows["UKR3"]["fatalities"] == "5"
    assert "changed UKR3: fatalities, timestamp" in str(update)
    assert json.dumps(update.to_dict())
    again = acled()
    assert (again.added, again.changed, again.deleted) == ((), (), ())


def test_an_older_version_of_a_row_does_not_replace_a_newer(acled, played):
    acled()
    played.rows = [
        row(7, timestamp="1007"),
        row(3, timestamp="1500", fatalities="2"),
        row(3, timestamp="1400", fatalities="9"),
    ]
    update = acled()
    assert stored(update)["UKR3"]["fatalities"] == "2"
    assert update.repeated == 1


def test_a_wrong_password_is_not_in_the_error(acled, monkeypatch):
    monkeypatch.setenv("ACLED_PASSWORD", "wrong pass")
    with pytest.raises(ServiceError, match="ACLED refused to issue a token \\(401\\)") as caught:
        acled()
    assert caught.value.status == 401
    assert "wrong pass" not in str(caught.value)


def test_missing_credentials_are_named(acled, monkeypatch):
    monkeypatch.delenv("ACLED_PASSWORD")
    with pytest.raises(InputError, match="environment variable ACLED_PASSWORD"):
        acled()


def test_an_account_without_access_gets_a_hint(acled, played):
    played.faults = [("/api/acled", 403, {}, b'{"message": "forbidden"}')]
    with pytest.raises(ServiceError, match="no access to the API") as caught:
        acled()
    assert caught.value.status == 403


def test_an_expired_token_is_renewed_once(acled, played):
    played.answer_token = True
    original = played.answer

    def expiring(method, path, query, form, headers):
        if path == "/api/acled/read" and query["page"] == "2" and played.token_grants == 1:
            return 401, {}, b"{}"
        return original(method, path, query, form, headers)

    played.answer = expiring
    assert acled().rows == 7
    assert played.token_grants == 2


def test_retry_after_is_respected(acled, played, waits):
    played.faults = [("/api/acled", 429, {"Retry-After": "7"}, b""), ("/api/acled", 500, {}, b"oops")]
    assert acled().rows == 7
    assert waits == [7.0, 2.0]


def test_a_long_retry_after_is_an_error(acled, played, waits):
    played.faults = [("/api/acled", 429, {"Retry-After": "7200"}, b"")]
    with pytest.raises(ServiceError, match="7200 s; run again after that"):
        acled()
    assert waits == []


def test_a_download_is_resumed_after_the_last_attempt_failed(acled, played, waits, tmp_path):
    acled_rows = played.rows
    played.faults = []
    original = played.answer

    def broken(method, path, query, form, headers):
        if path == "/api/acled/read" and query["page"] == "3":
            return 500, {}, b"oops"
        return original(method, path, query, form, headers)

    played.answer = broken
    with pytest.raises(ServiceError, match=r"500 .*; gave up after 3 attempts"):
        acled()
    assert waits == [1.0, 2.0]
    assert not (tmp_path / "ukraine" / "events.jsonl").exists()
    played.answer = original
    played.asked.clear()
    assert acled().rows == len(acled_rows)
    assert [q["page"] for _, path, q in played.asked if path == "/api/acled/read"] == ["3"]
    assert not (tmp_path / "ukraine" / "pending").exists()


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"Content-Length": "5000"}, b'{"status": 200, "data": [{"event_id'),
        ({}, b'{"status": 200, "data": [{"event_id'),
        ({}, b'{"status": 200, "count": 3, "data": [{"event_id_cnty": "UKR1"}]}'),
    ],
    ids=["connection closed early", "JSON cut off", "fewer rows than counted"],
)
def test_a_truncated_page_is_requested_again(acled, played, waits, headers, body):
    played.faults = [("/api/acled", 200, headers, body)]
    assert acled().rows == 7
    assert waits == [1.0]


def test_repeated_pages_are_an_error(acled, played):
    played.acled = lambda *_: {"status": 200, "count": 3, "data": [row(1), row(2), row(3)]}
    with pytest.raises(ServiceError, match="only rows of earlier pages"):
        acled()


def test_a_folder_contains_one_query(acled, played, tmp_path):
    acled()
    with pytest.raises(InputError, match="use another folder"):
        update_acled(tmp_path / "ukraine", {"country": "Mali"}, address=played.address)


def test_filters_set_by_the_download_are_refused(tmp_path):
    with pytest.raises(InputError, match="page"):
        update_acled(tmp_path, {"page": "3"})


def test_no_secret_is_logged_or_stored(acled, played, caplog, tmp_path):
    with caplog.at_level(logging.DEBUG):
        played.faults = [("/api/acled", 500, {}, b"oops")]
        acled()
    written = "".join(file.read_text(encoding="utf-8") for file in tmp_path.rglob("*") if file.is_file())
    for secret in (PASSWORD, PASSWORD.replace(" ", "+"), TOKEN):
        assert secret not in caplog.text
        assert secret not in written


def test_a_token_is_only_sent_over_https():
    with pytest.raises(InputError, match="https"):
        Service("ACLED", "http://example.org", RetryPolicy())


def test_ucdp_follows_the_pages_and_counts_the_rows(played, tmp_path):
    update = update_ucdp(tmp_path, "25.1", {"Country": "369"}, address=played.address)
    assert update.rows == 7
    assert [q.get("page") for _, _, q in played.asked] == [None, "2", "3"]
    assert played.asked[0][2] == {"Country": "369", "pagesize": "1000"}


def test_versions_of_ucdp_are_compared_by_row(played, tmp_path):
    update_ucdp(tmp_path, "25.1", address=played.address)
    played.rows[0] = row(1, fatalities="3")
    del played.rows[3]
    update = update_ucdp(tmp_path, "26.1", address=played.address)
    assert update.changed == (("1", ("fatalities",)),)
    assert update.deleted == ("4",)
    assert update.rows == 6


def test_missing_ucdp_rows_are_an_error(played, tmp_path):
    original = played.ucdp
    played.ucdp = lambda path, query: {**original(path, query), "TotalCount": 9}
    with pytest.raises(ServiceError, match="9 rows, but 7 were received"):
        update_ucdp(tmp_path, "25.1", address=played.address)


def test_ucdp_does_not_follow_to_another_host(played, tmp_path):
    original = played.ucdp
    played.ucdp = lambda path, query: {**original(path, query), "NextPageUrl": "https://example.org/api?page=2"}
    with pytest.raises(ServiceError, match="not followed"):
        update_ucdp(tmp_path, "25.1", address=played.address)


@pytest.mark.parametrize(("status", "words"), [(401, "UCDP_ACCESS_TOKEN is wrong"), (404, "no version 25.1")])
def test_ucdp_errors_say_what_to_do(played, tmp_path, status, words):
    played.faults = [("/api/gedevents", status, {}, b"")]
    with pytest.raises(ServiceError, match=words):
        update_ucdp(tmp_path, "25.1", address=played.address)


def test_ucdp_versions_are_checked_before_they_reach_a_path(tmp_path):
    with pytest.raises(InputError, match="not consist of numbers"):
        update_ucdp(tmp_path, "../admin")


@pytest.mark.parametrize(
    ("text", "seconds"), [("7", 7.0), (" 7 ", 7.0), ("²", None), ("٣", None), ("soon", None), (None, None)]
)
def test_retry_after_is_seconds_or_a_date(text, seconds):
    assert _retry_after_s(text) == seconds
