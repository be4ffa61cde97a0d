"""What is learnt from the work, and the face of tutors."""

from flask import Blueprint

blueprint = Blueprint("training", __name__, url_prefix="/tutor")
