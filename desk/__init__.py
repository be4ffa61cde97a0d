"""The face of those who do the work."""

from flask import Blueprint

blueprint = Blueprint("desk", __name__, url_prefix="/banco")
