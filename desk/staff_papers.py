"""Papers of a pick-up that take a while: asked for here, made by the worker, waited for without a script."""

from __future__ import annotations

from flask import Response as FileResponse
from flask import make_response, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.doors import door
from core.errors import Conflict, NotFound, Refused
from core.web import language
from desk import blueprint, given, pickup_words
from desk.answering import go
from desk.staff_pickups import Page, show
from orders import papers
from orders.models import Paper
from people.capabilities import Capability
from people.entering import me

LOOK_AGAIN = 3  # seconds


@blueprint.post("/ritiri/<int:pickup_id>/fogli/<kind>")
@door(Capability.KEEP_PICKUPS, "tutor")
def ask_paper(pickup_id: int, kind: str) -> Page:
    by = me().id
    try:
        return go(given.answer_once(lambda: _address(papers.ask(kind, pickup_id, by=by, language=language()))))
    except NotFound:
        raise
    except Refused as refused:
        return show(pickup_id, refused, form="papers"), refused.status


@blueprint.get("/fogli/<int:paper_id>")
@door(Capability.KEEP_PICKUPS, "tutor")
def one_paper(paper_id: int) -> Response:
    """While it is being made the page asks again by itself, unless somebody has stopped that (WCAG 2.2.1)."""
    paper = papers.get(paper_id)
    stopped = "fermo" in request.args
    waits = paper.made_at is None and not paper.trouble
    answer = make_response(
        render_template(
            "desk/staff/paper.html",
            paper=paper,
            name=pickup_words.papers()[paper.kind][0],
            waits=waits,
            stopped=stopped,
        )
    )
    if waits and not stopped:
        answer.headers["Refresh"] = str(LOOK_AGAIN)
    return answer


@blueprint.get("/fogli/<int:paper_id>.pdf")
@door(Capability.KEEP_PICKUPS, "paper")
def print_paper(paper_id: int) -> FileResponse:
    paper = papers.get(paper_id)
    if paper.pdf is None:
        raise Conflict(_("Questo foglio non è ancora pronto."))
    return FileResponse(
        paper.pdf,
        mimetype="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{_file_name(paper)}"'},
    )


def _address(paper: Paper) -> str:
    return f"/banco/fogli/{paper.id}"


def _file_name(paper: Paper) -> str:
    """Plain letters: it stands in a header."""
    words = {"harvest": "raccolto", "crates": "cassette", "round": "giro", "labels": "etichette"}
    return f"{words[paper.kind]}-{paper.pickup.day.isoformat()}.pdf"
