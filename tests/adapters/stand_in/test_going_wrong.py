"""Faults on the way, a restart, many at once, and the control plane's own no."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests
import stripe

from tests.adapters.stand_in.conftest import held, wish
from tests.adapters.stand_in.running import KEY, SECRET, Panel, client_of, listening, soon, stand_in

CREATE: Any = {"idempotency_key": "session-1"}


@pytest.mark.parametrize(("kind", "done"), [("drop_before", 0), ("drop_after", 1)])
def test_an_answer_is_lost_before_or_after_the_work(
    client: stripe.StripeClient, panel: Panel, kind: str, done: int
) -> None:
    panel.post("/faults", kind=kind, path="/v1/checkout/sessions")
    with pytest.raises(stripe.APIConnectionError):
        client.v1.checkout.sessions.create(wish(), CREATE)
    assert len(panel.get("")["things"]) == done
    assert client.v1.checkout.sessions.create(wish(), CREATE).status == "open"
    assert len(panel.get("")["things"]) == 1
    assert [note["fault"] for note in panel.get("/journal")["requests"]] == [kind, None]


def test_the_sdk_repeats_a_lost_answer_by_itself_with_the_same_key(panel: Panel) -> None:
    panel.post("/faults", kind="drop_after", path="/v1/.*")
    assert client_of(panel, retries=1).v1.checkout.sessions.create(wish()).status == "open"
    first, second = panel.get("/journal")["requests"]
    assert first["key"] == second["key"]
    assert second["replayed"]


def test_an_answer_hangs_once_the_work_is_done_and_others_are_served(panel: Panel) -> None:
    panel.post("/faults", kind="hang_after", seconds=1.0)
    began = time.monotonic()
    with pytest.raises(stripe.APIConnectionError):
        client_of(panel, timeout=0.3).v1.checkout.sessions.create(wish(), CREATE)
    assert client_of(panel).v1.checkout.sessions.create(wish(), CREATE).status == "open"
    assert time.monotonic() - began < 1.0
    assert len(panel.get("")["things"]) == 1


@pytest.mark.parametrize(
    ("status", "error"),
    [(429, stripe.RateLimitError), (409, stripe.APIError), (500, stripe.APIError), (503, stripe.APIError)],
)
def test_stripe_is_busy_or_ill(
    client: stripe.StripeClient, panel: Panel, status: int, error: type[stripe.StripeError]
) -> None:
    panel.post("/faults", kind="status", status=status, times=2)
    for _ in range(2):
        with pytest.raises(error) as refused:
            client.v1.checkout.sessions.create(wish(), CREATE)
        assert refused.value.http_status == status
    assert client.v1.checkout.sessions.create(wish(), CREATE).status == "open"


def test_a_fault_meets_only_its_own_requests_and_can_be_taken_back(client: stripe.StripeClient, panel: Panel) -> None:
    panel.post("/faults", kind="drop_before", path="/v1/payment_intents/.*/capture")
    intent = held(client, panel)
    assert len(panel.get("/faults")["faults"]) == 1
    panel.delete("/faults")
    assert client.v1.payment_intents.capture(intent).status == "succeeded"


def test_stripe_is_down_and_comes_back(client: stripe.StripeClient, panel: Panel) -> None:
    panel.post("/switches", down=True)
    with pytest.raises(stripe.APIConnectionError):
        client.v1.events.list()
    panel.post("/switches", down=False)
    assert client.v1.events.list().data == []


def test_everything_survives_a_restart(tmp_path: Path) -> None:
    store = tmp_path / "stripe.json"
    with stand_in("--store", str(store)) as panel:
        client = client_of(panel)
        panel.post("/switches", release_as_refund=True)
        panel.post("/clock", advance=3600)
        session = client.v1.checkout.sessions.create(wish(), CREATE)
        panel.pay(session.id)
        before = panel.get("")
    with listening() as shop, stand_in("--store", str(store), "--webhook", shop.url, "--secret", SECRET) as panel:
        client = client_of(panel)
        after = panel.get("")
        assert (after["things"], after["switches"]) == (before["things"], before["switches"])
        assert 0 <= after["now"] - before["now"] < 60
        assert client.v1.checkout.sessions.create(wish(), CREATE).id == session.id
        client.v1.payment_intents.capture(str(client.v1.checkout.sessions.retrieve(session.id).payment_intent))
        soon(lambda: "payment_intent.succeeded" in shop.types())
    assert SECRET not in store.read_text()


def test_what_was_not_delivered_yet_survives_a_restart(tmp_path: Path) -> None:
    wishes = ("--store", str(tmp_path / "stripe.json"), "--secret", SECRET, "--webhook")
    with listening() as shop:
        with stand_in(*wishes, shop.url) as panel:
            panel.post("/switches", held=True)
            held(client_of(panel), panel)
        with stand_in(*wishes, shop.url) as panel:
            assert shop.heard == []
            panel.post("/switches", held=False)
            soon(lambda: len(shop.types()) == 4)


def test_twenty_at_once_with_one_key_make_one_session(panel: Panel) -> None:
    def create(_number: int) -> str:
        return client_of(panel).v1.checkout.sessions.create(wish(), CREATE).id

    with ThreadPoolExecutor(20) as shoppers:
        made = list(shoppers.map(create, range(20)))
    assert len(set(made)) == 1
    assert len(panel.get("")["things"]) == 1


@pytest.mark.parametrize(
    ("path", "wishes", "words"),
    [
        ("/clock", {"forward": 60}, "unexpected keyword argument 'forward'"),
        ("/faults", {"kind": "earthquake"}, "a fault is one of"),
        ("/faults", {"kind": "status", "status": 418}, "a status one of"),
        ("/faults", {"kind": "drop_after", "path": "("}, "unterminated subpattern"),
        ("/switches", {"payment_status": "perhaps"}, "payment_status is unpaid or paid"),
        ("/switches", {"weather": "rain"}, "unexpected keyword argument 'weather'"),
        ("/sessions/cs_test_nobody/pay", {}, "No such checkout.session"),
        ("/sessions/cs_test_nobody/pay", {"sum": 1}, "unexpected keyword argument 'sum'"),
        ("/nowhere", {}, "No such control"),
    ],
)
def test_the_control_plane_refuses_what_it_does_not_know(
    panel: Panel, path: str, wishes: dict[str, Any], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        panel.post(path, **wishes)


def test_a_control_that_no_json_was_sent_to_says_so(panel: Panel) -> None:
    answer = requests.post(f"{panel.url}/_control/clock", data="advance=1", timeout=5)
    assert (answer.status_code, answer.json()["error"]["message"]) == (400, "The control plane reads JSON")


def test_no_answer_and_no_journal_repeats_the_key(client: stripe.StripeClient, panel: Panel) -> None:
    client.v1.events.list()
    assert KEY not in str(panel.get("/journal"))
