"""Where a tutor lends a voice, and who may hear it."""

from __future__ import annotations

import io

from flask import Flask

from people import voices
from people.entering import COOKIE
from tests import factories as make
from tests.desk.words import PHRASES, phrases
from tests.test_doors import signed_in

SOUND = b"OggS not really, but nobody listens here"


def test_the_page_lists_what_the_desk_says_what_is_sold_and_numbers(app: Flask) -> None:
    make.chard()
    page = signed_in(app, make.tutor(), "password").get("/tutor/voce").get_data(as_text=True)
    for words in ("Torna indietro", "Bietole", "500"):
        assert f'data-parole="{words}"' in page


def test_the_list_of_phrases_is_what_the_screens_say() -> None:
    assert PHRASES.read_text().splitlines() == phrases(), "python -m tests.desk.words writes it anew"


def test_a_sound_file_becomes_the_voice_of_its_words_once(app: Flask) -> None:
    rita = signed_in(app, make.tutor(), "password")
    for _click in range(2):
        sent = {"words": "Fatto", "key": "k" * 22, "sound": (io.BytesIO(SOUND), "fatto.ogg", "audio/ogg")}
        answer = rita.post("/tutor/voce", data=sent, content_type="multipart/form-data", follow_redirects=True)
        assert "La voce c’è: «Fatto»." in answer.get_data(as_text=True)
    (number,) = voices.known().values()
    heard = rita.get(f"/tutor/voce/{number}")
    assert (heard.data, heard.mimetype) == (SOUND, "audio/ogg")
    assert "c’è" in rita.get("/tutor/voce").get_data(as_text=True)
    rita.post(f"/tutor/voce/{number}/togli")
    assert voices.known() == {}


def test_what_is_refused_keeps_the_words(app: Flask) -> None:
    rita = signed_in(app, make.tutor(), "password")
    answer = rita.post("/tutor/voce", data={"words": "Torna indietro"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Questa registrazione non si può tenere." in page
    assert 'value="Torna indietro"' in page


def test_only_a_tablet_of_the_farm_hears_it(app: Flask) -> None:
    kept = voices.record("Fatto", "audio/ogg", SOUND, by=make.tutor())
    stranger = app.test_client()
    assert stranger.get("/banco/voci").status_code == 404
    assert stranger.get(f"/banco/voci/{kept.id}").status_code == 404
    tablet = app.test_client()
    tablet.set_cookie(COOKIE, make.tablet()[1])
    assert tablet.get("/banco/voci").json == {"fatto": f"/banco/voci/{kept.id}"}
    assert tablet.get(f"/banco/voci/{kept.id}").data == SOUND
    assert tablet.get("/banco/voci/987").status_code == 404


def test_the_microphone_is_open_on_this_page_alone(app: Flask) -> None:
    rita = signed_in(app, make.tutor(), "password")
    assert "microphone=(self)" in rita.get("/tutor/voce").headers["Permissions-Policy"]
    assert "microphone=()" in rita.get("/tutor").headers["Permissions-Policy"]
