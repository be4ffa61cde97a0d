"""The face of citizens: shelves, basket, checkout, my orders, pages."""

from flask import Blueprint

blueprint = Blueprint("shop", __name__)
