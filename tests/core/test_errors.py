"""Who hears "Chiama il tutor": those who have one. Whoever raises it says what the others hear."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from flask.testing import FlaskClient

from core.errors import Conflict
from orders import cancelling, links
from tests import factories as make
from tests import house
from tests.shop.citizen import words

CALL = "chiama il tutor"
ENGINES = ("core/", "catalog/", "orders/", "adapters/")


def says_only_to_call(files: Iterable[tuple[str, str]]) -> list[str]:
    """Sentences of the engines, which do not know who is looking, that send everybody to a tutor."""
    found = []
    for path, text in files:
        if not path.startswith(ENGINES):
            continue
        tree = ast.parse(text)
        spared = {
            id(inside)
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and any(word.arg == "without_tutor" for word in node.keywords)
            for inside in ast.walk(node.args[0])
        }
        found += [
            f"{path}:{node.lineno}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and CALL in str(node.value).lower() and id(node) not in spared
            if not _is_docstring(node, tree)
        ]
    return found


def _is_docstring(constant: ast.Constant, tree: ast.AST) -> bool:
    return any(isinstance(node, ast.Expr) and node.value is constant for node in ast.walk(tree))


def test_the_engines_have_words_for_whoever_has_no_tutor_to_call() -> None:
    assert says_only_to_call(house.sources()) == []


def test_a_sentence_that_sends_everybody_to_a_tutor_is_noticed() -> None:
    bad = 'raise Conflict(_("Qui non si può. Chiama il tutor."))'
    good = 'raise Conflict(_("Qui non si può. Chiama il tutor."), without_tutor=_("Qui non si può."))'
    assert says_only_to_call([("orders/one.py", bad), ("orders/two.py", good), ("desk/own.py", bad)]) == [
        "orders/one.py:1"
    ]


def test_what_has_no_other_words_is_the_same_for_everybody() -> None:
    assert Conflict("Guarda di nuovo.").without_tutor == "Guarda di nuovo."
    refused = Conflict("Chiama il tutor.", without_tutor="Si rimedia con un reclamo.", field="riga")
    assert (refused.sentence, refused.without_tutor) == ("Chiama il tutor.", "Si rimedia con un reclamo.")
    assert refused.details == {"field": "riga"}


def test_a_citizen_is_never_sent_to_a_tutor(client: FlaskClient) -> None:
    order = make.order()
    address = f"/ordini/{links.make(order)}"
    cancelling.cancel(order.id, why="citizen")
    answer = client.post(f"{address}/ritira", data={"ritira": "Ugo Ferri"})
    assert answer.status_code == 409
    assert "Questo ordine è già disdetto." in words(answer.text)
    assert "tutor" not in words(answer.text)
