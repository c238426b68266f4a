"""Incident S16: while the identity provider hangs, everyone else goes on working."""

import http.client
import socket
import threading
import time
from urllib.parse import urlsplit

from tests.people import session_key


def fetch(live: str, path: str, cookie: str = "") -> tuple[int, float]:
    """Ask the server for a page, on a connection of its own; its status, and how many seconds it took."""
    place = urlsplit(live)
    start = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", place.port, timeout=20)
    connection.request("GET", path, headers={"Host": place.netloc, "Cookie": cookie})
    status = connection.getresponse().status
    connection.close()
    return status, time.monotonic() - start


def test_ten_who_try_at_once_hold_four_at_most_and_nobody_elses_page(live, karin, provider_at) -> None:
    cookie = f"livlina_session={session_key(karin)}"
    fetch(live, "/officer/", cookie)
    answers: list[tuple[int, float]] = []
    with socket.create_server(("127.0.0.1", 0)) as hanging:
        provider_at(f"http://127.0.0.1:{hanging.getsockname()[1]}")
        tries = [
            threading.Thread(target=lambda: answers.append(fetch(live, "/account/with/staff/")))
            for _ in range(10)
        ]
        for one in tries:
            one.start()
        others = [fetch(live, "/officer/", cookie) for _ in range(5)]
        for one in tries:
            one.join()
    assert {status for status, _ in answers} == {503}
    assert max(seconds for _, seconds in answers) < 2.5
    assert sum(seconds > 1.5 for _, seconds in answers) <= 4
    assert {status for status, _ in others} == {200}
    assert sorted(seconds for _, seconds in others)[2] < 1.0
