"""Words that the search knows beside the names of the goods, each list by what is done with it."""

from __future__ import annotations

_PASSED_OVER = """
di del dello della dei degli delle d da dal al allo alla ai agli alle il lo la i gli le l un uno una e ed con per in a o
dell nell sull all dall favore grazie
the of and with some an fresh local
kg g chilo chili grammi mazzo mazzi vasetto sacchetto
fresco fresca freschi fresche buono buona buoni buone nostrano nostrana nostrani nostrane locale locali vorrei cerco
bio biologico biologica biologici biologiche km0
"""
PASSED_OVER = frozenset(_PASSED_OVER.split())
"""They say nothing about which product is meant."""

_SOMETHING_ELSE = """
pane pasta pizza pesto pepe sale olio olive aceto vino birra acqua latte burro panna formaggio cacio yogurt carne pollo
manzo maiale pesce tonno salame caffe te the tisana zucchero cioccolato biscotti torta gelato lievito
melone meloni anguria fragola fragole arancia arance limone limoni mandarino banana banane ananas mango avocado uva
ciliegia ciliegie albicocca albicocche pesca pesche prugna prugne susina susine kiwi melagrana mora more lamponi
mandorla mandorle nocciola nocciole castagna castagne
carciofo carciofi asparagi piselli fave ceci lenticchie soia funghi peperone peperoni peperoncino cetriolo cetrioli
melanzana melanzane zucchina zucchine pomodoro pomodori rucola ravanelli basilico timo menta origano alloro zenzero
curcuma farro orzo avena grano fiori rosa rose piante semi
bread pepper salt oil wine beer milk butter cheese meat fish coffee tea sugar roses pear peas peach rice
"""
SOMETHING_ELSE = frozenset(_SOMETHING_ELSE.split())
"""Right names of what is eaten: what one is called is no misspelling of another, whether we have it or not."""

SHELVES = {
    "orto": "orto verdura ortaggi ortaggio",
    "frutta": "frutta frutti",
    "dispensa": "dispensa conserve conserva vasetti",
}
SHELVES_EN = {"orto": "vegetables greens", "frutta": "fruit", "dispensa": "pantry larder jars"}
"""By these one finds all that stands on a shelf."""
