"""A person as the team knows them: name, picture, how the desk looks for them, their last day, and the way back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core import clock, formats, inputs, keys, seen, undo
from core.doors import door
from core.errors import NotFound, Refused
from core.web import form_key_given, language
from people import badges, pictures, staff, staying
from people.capabilities import Capability
from people.entering import me
from people.models import Person
from training import blueprint, path

Page = str | tuple[str, int] | Response


@blueprint.get("/persone/<int:person_id>/modifica")
@door(Capability.GRANT, "tutor")
def edit_person(person_id: int) -> str:
    return _page(staff.get_co_resident(person_id))


@blueprint.post("/persone/<int:person_id>/modifica")
@door(Capability.GRANT, "tutor")
def save_person(person_id: int) -> Page:
    about = staff.get_co_resident(person_id)
    return _do(about, "save", lambda: _save(about))


@blueprint.post("/persone/<int:person_id>/ultimo-giorno")
@door(Capability.GRANT, "tutor")
def end_time(person_id: int) -> Page:
    """The last day here, or "from now on": then the badge and whatever is open ends at once."""
    about = staff.get_co_resident(person_id)
    return _do(about, "leave", lambda: say_left(staying.leave(about.id, _last_day(request.form), by=me())))


@blueprint.post("/persone/<int:person_id>/di-nuovo")
@door(Capability.GRANT, "tutor")
def bring_back(person_id: int) -> Page:
    about = staff.get_co_resident(person_id)
    return _do(about, "back", lambda: say_back(staying.come_back(about.id, by=me())))


@blueprint.post("/persone/<int:person_id>/cartellino-perso")
@door(Capability.GRANT, "tutor")
def lose_badge(person_id: int) -> Page:
    """One tap: whoever finds it opens nothing."""
    about = staff.get_co_resident(person_id)
    return _do(about, "badge", lambda: _lose_badge(about))


@blueprint.post("/persone/<int:person_id>/torna-indietro")
@door(Capability.GRANT, "tutor")
def undo_on_person(person_id: int) -> Page:
    about = staff.get_co_resident(person_id)
    deed = inputs.whole_number(request.form.get("deed")) or 0
    return _do(about, "undo", lambda: flash(_tornato(undo.undo_last(about, expected=deed, by=me().id))))


@blueprint.post("/squadra/staff/<int:person_id>/ultimo-giorno")
@door(Capability.INVITE, "tutor")
def end_time_of_staff(person_id: int) -> Page:
    """Of a tutor, by whoever coordinates; never one's own."""
    return _do_for_staff(person_id, lambda id_: say_left(staying.leave(id_, _last_day(request.form), by=me())))


@blueprint.post("/squadra/staff/<int:person_id>/di-nuovo")
@door(Capability.INVITE, "tutor")
def bring_back_staff(person_id: int) -> Page:
    return _do_for_staff(person_id, lambda id_: say_back(staying.come_back(id_, by=me())))


def say_left(person: Person) -> None:
    end = person.active_to
    if end is not None and end < clock.today():
        flash(_("%(name)s da adesso non entra più. Niente è stato cancellato.", name=person.name))
    elif end is not None:
        flash(_("L'ultimo giorno di %(name)s: %(day)s.", name=person.name, day=formats.day(end)))


def say_back(person: Person) -> None:
    flash(_("%(name)s lavora di nuovo qui.", name=person.name))
    if not person.is_staff and not badges.in_use([person.id]):
        flash(_("Il cartellino di prima non apre più: stampane uno nuovo."))


def _save(about: Person) -> None:
    given = request.form
    columns: dict[str, Any] = {name: given.get(name, "") for name in ("name", "picture", "language")}
    columns["text_size"] = inputs.whole_number(given.get("text_size"))
    columns |= {name: given.get(name) == "1" for name in ("reads_aloud", "large_pictures")}
    staying.change(about.id, columns, seen_as=given.get("visto", ""), by=me())
    flash(_("Salvato: vale dalla prossima schermata."))


def _lose_badge(about: Person) -> None:
    badges.void(about, by=me())
    flash(_("Quel cartellino non apre più. Se serve, stampane uno nuovo nella pagina Squadra."))


def _tornato(what: str) -> str:
    return _("Tornato indietro: %(what)s.", what=what)


def _last_day(given: Mapping[str, str]) -> date | None:
    """None: it is over from now on. Raises Refused for what is no day."""
    if given.get("quando") == "adesso":
        return None
    try:
        return date.fromisoformat(given.get("ultimo", ""))
    except ValueError:
        raise Refused(_("Scegli un giorno."), field="ultimo") from None


def _do(about: Person, form: str, deed: Callable[[], None]) -> Page:
    """Once; what was refused stays in its form."""
    try:
        keys.once(form_key_given(), deed)
    except Refused as refused:
        return _page(about, refused, form), refused.status
    return redirect(f"/tutor/persone/{about.id}/modifica", 303)


def _do_for_staff(person_id: int, deed: Callable[[int], None]) -> Page:
    if not staff.get(person_id).is_staff:
        raise NotFound(_("Questa persona non c'è."))
    try:
        keys.once(form_key_given(), lambda: deed(person_id))
    except Refused as refused:
        flash(refused.sentence)
    return redirect("/tutor/squadra#staff", 303)


def _page(about: Person, refused: Refused | None = None, form: str = "") -> str:
    """Whoever opens the page leaves their name there, as on the person's own (privacy rule P2)."""
    path.note_look(me(), about, "edit", "support")
    return render_template(
        "training/person_edit.html",
        person=about,
        seen=seen.of(about, staying.COLUMNS),
        back=undo.offer(about),
        has_badge=bool(badges.in_use([about.id])),
        is_over=not about.is_active,
        pictures_to_choose=pictures.choices(language()),
        today=clock.today(),
        refused=refused,
        refused_form=form,
        kept=request.form,
    )
