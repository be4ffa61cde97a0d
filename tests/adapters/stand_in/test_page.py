"""The page where one pays by a button. Read here by its forms; browsers meet it in the shop's journeys."""

from __future__ import annotations

import pytest
import requests
import stripe

from adapters.stripe_stand_in.page import euro
from tests.adapters.stand_in.conftest import wish
from tests.adapters.stand_in.running import Panel


def _press(url: str | None, outcome: str) -> requests.Response:
    return requests.post(str(url), data={"outcome": outcome}, timeout=5, allow_redirects=False)


def _read(url: str | None) -> str:
    answer = requests.get(str(url), timeout=5)
    answer.encoding = "utf-8"
    return answer.text


def test_the_page_says_what_is_held_and_that_no_money_moves(client: stripe.StripeClient) -> None:
    session = client.v1.checkout.sessions.create(wish())
    page = _read(session.url)
    for words in (
        '<html lang="it">',
        "Pagamento di prova: qui non si muovono soldi veri",
        "23,00\N{NO-BREAK SPACE}€",
        "Somma da bloccare sulla carta",
        "Ordine 12 - importo massimo",
        "Blocchiamo 23 euro e prendiamo il peso vero.",
        'href="http://shop.example/cassa"',
    ):
        assert words in page
    charged = client.v1.checkout.sessions.create(wish(payment_intent_data={}))
    assert "Somma da addebitare subito" in _read(charged.url)


def test_who_pays_comes_back_to_the_shop_with_the_session(client: stripe.StripeClient) -> None:
    session = client.v1.checkout.sessions.create(wish())
    answer = _press(session.url, "ok")
    assert (answer.status_code, answer.headers["Location"]) == (
        303,
        f"http://shop.example/ritorno?session_id={session.id}",
    )
    assert client.v1.checkout.sessions.retrieve(session.id).status == "complete"


@pytest.mark.parametrize(
    ("outcome", "words"),
    [("declined", "La carta è stata rifiutata"), ("3ds_failed", "La banca non ha potuto riconoscerti")],
)
def test_who_is_declined_reads_why_and_may_try_again(client: stripe.StripeClient, outcome: str, words: str) -> None:
    session = client.v1.checkout.sessions.create(wish())
    assert _press(session.url, outcome).headers["Location"] == f"/pay/{session.id}"
    assert words in _read(session.url)
    assert words in _read(session.url)  # a reload does not lose it
    assert _press(session.url, "ok").headers["Location"].startswith("http://shop.example/ritorno")


def test_a_second_tab_pays_nothing_twice(client: stripe.StripeClient, panel: Panel) -> None:
    session = client.v1.checkout.sessions.create(wish())
    for _ in range(2):
        assert _press(session.url, "ok").headers["Location"].startswith("http://shop.example/ritorno")
    assert "Questo pagamento è già fatto" in _read(session.url)
    assert [thing["object"] for thing in panel.get("")["things"].values()].count("charge") == 1


def test_an_expired_page_leads_back(client: stripe.StripeClient) -> None:
    session = client.v1.checkout.sessions.create(wish())
    client.v1.checkout.sessions.expire(session.id)
    assert _press(session.url, "ok").headers["Location"] == f"/pay/{session.id}"
    page = _read(session.url)
    assert "Questa pagina è scaduta" in page
    assert 'href="http://shop.example/cassa"' in page


def test_what_the_shop_sends_is_shown_as_text(client: stripe.StripeClient) -> None:
    text = {"submit": {"message": "<b>peso</b> & misura"}}
    session = client.v1.checkout.sessions.create(wish(custom_text=text))
    assert "&lt;b&gt;peso&lt;/b&gt; &amp; misura" in _read(session.url)


def test_the_page_needs_no_script_and_lets_the_browser_go_back_to_the_shop(client: stripe.StripeClient) -> None:
    session = client.v1.checkout.sessions.create(wish())
    answer = requests.get(str(session.url), timeout=5)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "form-action" not in policy
    assert "<script" not in answer.text


def test_an_unknown_session_or_button_is_refused(client: stripe.StripeClient, panel: Panel) -> None:
    assert requests.get(f"{panel.url}/pay/cs_test_nobody", timeout=5).status_code == 404
    session = client.v1.checkout.sessions.create(wish())
    assert _press(session.url, "free").status_code == 400


def test_sums_are_written_as_in_italy() -> None:
    assert [euro(cents) for cents in (5, 2300, 123456)] == [
        f"{sum_}\N{NO-BREAK SPACE}€" for sum_ in ("0,05", "23,00", "1234,56")
    ]
