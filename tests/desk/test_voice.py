"""Ascolta with a tutor's voice, and the page where it is recorded, in a browser."""

from __future__ import annotations

import json

import pytest
from flask import Flask
from playwright.sync_api import Browser

from people import passwords, voices
from tests import factories as make
from tests.desk import crates
from tests.desk.test_meter import VOICES, enter
from tests.judges.pages import PASSWORD

pytestmark = pytest.mark.browser

PLAYED = """
window.played = [];
window.Audio = class extends EventTarget {
  constructor(address) { super(); this.address = address; }
  play() {
    played.push(this.address);
    setTimeout(() => this.dispatchEvent(new Event("ended")), 5);
    return Promise.resolve();
  }
  pause() {}
};
"""
SPEAKS = """() => {
  speechSynthesis.speak = (said) => { spoken.push(said.text); setTimeout(() => said.onend(), 5); };
}"""
A_TONE = """
navigator.mediaDevices.getUserMedia = async () => {
  const context = new AudioContext();
  const sound = context.createOscillator();
  const out = context.createMediaStreamDestination();
  sound.connect(out);
  sound.start();
  return out.stream;
};
"""


def lend(*words: str) -> dict[str, str]:
    rita = make.tutor("Rita")
    return {each: f"/banco/voci/{voices.record(each, 'audio/ogg', b'x', by=rita).id}" for each in words}


def test_the_tutors_voice_is_joined_from_what_was_recorded_and_the_rest_is_read_by_the_device(
    browser: Browser, address: str
) -> None:
    order, anna = crates.mixed(), make.person("Anna", support_level=2)
    lent = lend("Prendi", "2 mazzi", "Fatto", "2 mazzi di bietole")
    page = enter(browser, address, anna, before=PLAYED + VOICES % json.dumps(True))
    page.goto(f"/banco/casse/{order.id}")
    button = page.locator("[data-ascolta]")
    button.wait_for()
    assert page.evaluate("played") == page.evaluate("spoken") == []
    page.wait_for_load_state("networkidle")
    page.evaluate(SPEAKS)
    button.click()
    page.wait_for_timeout(600)
    assert page.evaluate("played")[:3] == [lent["Prendi"], lent["2 mazzi di bietole"], lent["2 mazzi"]]
    assert page.evaluate("played")[-1] == lent["Fatto"]
    assert "Prodotto 1 di 2" in page.evaluate("spoken")
    page.context.close()


def test_without_a_voice_of_the_device_the_button_is_there_when_all_can_be_said(browser: Browser, address: str) -> None:
    make.person("Anna")
    silent = PLAYED + VOICES % json.dumps(False)
    for words, is_offered in ((["Scegli chi sei"], False), (["Scegli", "chi", "sei", "Anna"], True)):
        lend(*words)
        tablet = make.tablet()[1]
        context = browser.new_context(locale="it-IT", base_url=address)
        context.add_cookies([{"name": "tablet", "value": tablet, "url": address}])
        context.add_init_script(silent)
        page = context.new_page()
        page.goto("/banco")
        page.wait_for_load_state("networkidle")
        assert page.locator("[data-ascolta]").is_visible() == is_offered, words
        context.close()


def test_a_tutor_records_with_two_taps_and_hears_it(app: Flask, browser: Browser, address: str) -> None:
    make.tutor("Rita", email="rita@example.org", password_hash=passwords.hashed(PASSWORD))
    context = browser.new_context(locale="it-IT", base_url=address)
    context.add_init_script(A_TONE)
    page = context.new_page()
    page.goto("/tutor/entra?poi=/tutor/voce")
    page.get_by_label("E-mail").fill("rita@example.org")
    page.get_by_label("Parola d'ordine").fill(PASSWORD)
    page.get_by_role("button", name="Entra").click()
    row = page.locator("[data-parole='Fatto']")
    row.locator("[data-registra]").click()
    page.locator("[data-registra][aria-pressed=true]").wait_for()
    page.wait_for_timeout(400)
    row.locator("[data-registra]").click()
    page.get_by_text("La voce c’è: «Fatto».").wait_for()
    (number,) = voices.known().values()
    assert voices.get(number).kind == "audio/webm"
    assert len(voices.get(number).sound) > 200
    page.locator("[data-parole='Fatto'] [data-suona]").wait_for()
    context.close()
