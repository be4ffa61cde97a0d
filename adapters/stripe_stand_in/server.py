"""The socket: Stripe's API under /v1, people under /pay, the control plane under /_control. Loopback only."""

from __future__ import annotations

import json
import logging
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from adapters.stripe_stand_in import control, endpoints, page
from adapters.stripe_stand_in.account import Account, Thing, new_id
from adapters.stripe_stand_in.endpoints import Request
from adapters.stripe_stand_in.faults import next_fault
from adapters.stripe_stand_in.lapsing import at_work
from adapters.stripe_stand_in.refusals import Refusal
from adapters.stripe_stand_in.webhooks import Postman

LARGEST_BODY = 1 << 20  # bytes
HTML, CSS, JSON = "text/html; charset=utf-8", "text/css; charset=utf-8", "application/json"
GUARD = "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'"
"""Without form-action: Chromium would stop the way back to the shop with it (stripe.md 3.1)."""


class Server(ThreadingHTTPServer):
    """One thread for each connection; sixty shoppers may knock at once."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, account: Account, port: int) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.account = account
        account.base = f"http://127.0.0.1:{self.server_port}"
        Postman(account).start()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A shop that has hung up before its answer is what a timeout looks like from here."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    server: Server  # type: ignore[assignment]
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body leave together
    timeout = 60  # seconds for a connection on which nobody speaks
    server_version = "StripeStandIn"

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_DELETE(self) -> None:
        self._serve()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the journal has it, and addresses of sessions are no matter for a terminal."""

    def _serve(self) -> None:
        body = self._body()
        path, query = urlsplit(self.path).path, urlsplit(self.path).query
        try:
            if path.startswith("/_control"):
                said = control.perform(self._account, self.command, path.removeprefix("/_control"), _json(body))
                self._say(200, said, JSON)
            elif self._account.switches.down:
                self.close_connection = True
            elif path.startswith("/pay/"):
                self._show(path.removeprefix("/pay/"), body)
            else:
                self._answer(path, query if self.command == "GET" else body)
        except Refusal as refusal:
            self._say(refusal.status, json.dumps(refusal.body), JSON)
        except Exception:
            logging.exception("%s %s", self.command, path)
            self._say(500, json.dumps(Refusal("The stand-in has a fault", kind="api_error").body), JSON)

    def _answer(self, path: str, form: str) -> None:
        """Stripe's API, with whatever is to go wrong on the way. The account is free while an answer hangs."""
        headers = self.headers
        request = Request(self.command, path, form, headers["Idempotency-Key"], headers["Authorization"] or "")
        with at_work(self._account):
            fault = next_fault(self._account.faults, request.method, path)
            said = endpoints.answer(self._account, request, fault)
        if fault and fault.kind == "hang_after":
            time.sleep(fault.seconds)
        if fault and fault.kind in ("drop_before", "drop_after"):
            self.close_connection = True
        else:
            self._say(said.status, said.body, JSON, {"Idempotent-Replayed": "true"} if said.replayed else {})

    def _show(self, id_: str, body: str) -> None:
        """The page for people; after a button the browser always asks anew, so that a reload pays nothing twice."""
        if id_ == "page.css":
            self._say(200, page.style(), CSS)
            return
        if self.command == "POST":
            with at_work(self._account):
                way = page.choose(self._account, id_, parse_qs(body).get("outcome", [""])[0])
            self._say(303, "", HTML, {"Location": way})
        else:
            with at_work(self._account):
                said = page.render(self._account, id_)
            self._say(200, said, HTML, {"Content-Security-Policy": GUARD})

    def _say(self, status: int, body: str, type_: str, headers: dict[str, str] | None = None) -> None:
        content = body.encode()
        self.send_response(status)
        for name, value in {
            "Content-Type": type_,
            "Content-Length": str(len(content)),
            "Cache-Control": "no-store",
            "Request-Id": new_id("req_"),
            **(headers or {}),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def _body(self) -> str:
        return self.rfile.read(min(int(self.headers["Content-Length"] or 0), LARGEST_BODY)).decode()

    @property
    def _account(self) -> Account:
        return self.server.account


def _json(body: str) -> Thing:
    try:
        wishes = json.loads(body or "{}")
    except ValueError as wrong:
        raise Refusal("The control plane reads JSON") from wrong
    if not isinstance(wishes, dict):
        raise Refusal("The control plane reads one JSON object")
    return wishes
