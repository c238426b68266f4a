"""How long the phone's own code takes in Chromium, where there is one: a token verified, a door's question answered."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from livlina.cli.surroundings import ROOT
from livlina.provider.doors.protocol.trial.world import World

APP = ROOT / "src" / "livlina" / "field" / "static" / "field"
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
MEASURE = """async ([token, issuer, now, times]) => {
  const door = await import("./door.js");
  const bytes = (hex) => Uint8Array.from(hex.match(/../g), (two) => parseInt(two, 16));
  const pair = await crypto.subtle.generateKey({name: "ECDSA", namedCurve: "P-256"}, false, ["sign", "verify"]);
  const point = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  const key = {privateKey: pair.privateKey, point};
  const held = bytes(token), from = bytes(issuer);
  const timed = async (work) => {
    const found = [];
    for (let at = 0; at < times; at += 1) {
      const before = performance.now();
      await work();
      found.push(performance.now() - before);
    }
    return found.sort((a, b) => a - b);
  };
  const nonce = crypto.getRandomValues(new Uint8Array(16));
  await door.verifyToken(held, from, now);
  const verify = await timed(() => door.verifyToken(held, from, now));
  const answer = await timed(() => door.askDoor({nonce, number: 7, key, chain: [held], now}));
  const part = (found, share) => found[Math.floor(found.length * share)];
  return {verify: [part(verify, 0.5), part(verify, 0.95)], answer: [part(answer, 0.5), part(answer, 0.95)]};
}"""


def measure(times: int = 400) -> dict[str, list[float]] | None:
    """Return milliseconds (p50, p95) to verify a token and to answer a lock; None where there is no browser."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None
    if path is None:
        return None
    world = World()
    given = [world.mint().hex(), world.issuer.public.hex(), world.now, times]
    with serving(APP) as origin, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        try:
            page = browser.new_page()
            page.goto(f"{origin}/vendor/README.md")
            found: dict[str, list[float]] = page.evaluate(
                MEASURE.replace("./door.js", f"{origin}/door.js"), given
            )
            return found
        finally:
            browser.close()


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve a folder on a free port of this machine; yields its origin."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""
