"""The bare reference page: Flask and Jinja, sixty cards from memory, 26 KB. Its CPU is the unit, RP."""

from __future__ import annotations

from flask import Flask, render_template

CARDS = [
    {
        "slug": f"prodotto-{n}",
        "name": f"Prodotto numero {n}",
        "price": f"{n % 9 + 1},{n % 10}0 €",
        "unit": "al chilo",
        "field": f"Campo {n % 7}",
        "km": n % 20 + 1,
        "words": "Raccolto a mano il giorno prima, pesato quando prepariamo la tua cassetta.",
    }
    for n in range(60)
]

app = Flask(__name__)


@app.get("/hello")
def hello() -> str:
    return "hello"


@app.get("/cards")
def cards() -> str:
    return render_template("reference.html", cards=CARDS)
