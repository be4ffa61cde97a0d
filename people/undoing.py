"""What this room does has no inverse: each a deed of its own, with the reason (ruling 8)."""

from __future__ import annotations

WITHOUT = {
    "person.added": "Somebody who leaves gets a last day; nobody is un-added.",
    "person.signed_in": "Signing out is a deed of its own.",
    "person.signed_out": "Signing in is a deed of its own.",
    "shift.planned": "A tutor plans the day again.",
    "grant.given": "It is withdrawn as a deed of its own, with a reason.",
    "grant.withdrawn": "It is given again as a deed of its own, with a reason.",
    "support.changed": "It is changed again as a deed of its own, with a reason; the person may have more at once.",
    "device.enrolled": "It is voided as a deed of its own, in one tap.",
    "device.voided": "A device that comes back is enrolled again, with a new secret.",
    "badge.made": "Printing another one voids it.",
    "invitation.made": "It ends by itself after two days.",
    "invitation.accepted": "Somebody who leaves gets a last day.",
    "text.changed": "The old words are in the journal; the coordinator writes them again.",
}
