"""A stand-in in a process of its own, its control plane, and a shop that listens to its webhooks."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import requests
import stripe

from tests.house import ROOT

SECRET = "whsec_only_for_tests"
KEY = "sk_test_only_for_tests"


class Panel:
    """The control plane of the stand-in at ``url``."""

    def __init__(self, url: str) -> None:
        self.url = url

    def get(self, path: str) -> Any:
        return self._ask("GET", path)

    def post(self, path: str, /, **wishes: Any) -> Any:
        return self._ask("POST", path, wishes)

    def delete(self, path: str) -> Any:
        return self._ask("DELETE", path)

    def pay(self, session: str, outcome: str = "ok", **wishes: Any) -> Any:
        return self.post(f"/sessions/{session}/pay", outcome=outcome, **wishes)

    def _ask(self, method: str, path: str, wishes: dict[str, Any] | None = None) -> Any:
        answer = requests.request(method, f"{self.url}/_control{path}", json=wishes or {}, timeout=30)
        if answer.status_code != 200:
            raise ValueError(answer.json()["error"]["message"])
        return answer.json()


@contextmanager
def stand_in(*wishes: str) -> Iterator[Panel]:
    """Started as a person would start it; a free port unless ``wishes`` name one."""
    command = [sys.executable, "-m", "adapters.stripe_stand_in", "--port", "0", *wishes]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield Panel(process.stdout.readline().split()[-1])
        finally:
            process.kill()


def client_of(panel: Panel, *, key: str = KEY, retries: int = 0, timeout: float = 5) -> stripe.StripeClient:
    """The real SDK; ``timeout`` in seconds."""
    return stripe.StripeClient(
        key,
        max_network_retries=retries,
        base_addresses={"api": panel.url},
        http_client=stripe.RequestsClient(timeout=timeout),
    )


class Shop(ThreadingHTTPServer):
    """Says yes to every webhook, or the next of ``statuses``."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Listener)
        self.heard: list[tuple[bytes, str]] = []  # body and signature
        self.statuses: list[int] = []
        self.asks_back: Callable[[], object] = lambda: None
        self.url = f"http://127.0.0.1:{self.server_port}/stripe/webhook"

    def types(self) -> list[str]:
        return [stripe.Webhook.construct_event(body, header, SECRET).type for body, header in self.heard]


class _Listener(BaseHTTPRequestHandler):
    server: Shop  # type: ignore[assignment]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append((body, self.headers["Stripe-Signature"]))
        self.server.asks_back()
        self.send_response(self.server.statuses.pop(0) if self.server.statuses else 200)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def listening() -> Iterator[Shop]:
    with Shop() as shop:
        threading.Thread(target=shop.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield shop
        shop.shutdown()


def soon(happened: Callable[[], bool], patience: float = 5) -> None:
    """Waits at most ``patience`` seconds."""
    until = time.monotonic() + patience
    while not happened():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.02)
