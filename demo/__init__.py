"""The invented farm: only with DEMO=1. Made through the application's own verbs, so filling it is also a test."""

from flask import Blueprint

blueprint = Blueprint("demo", __name__, url_prefix="/demo")
