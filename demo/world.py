"""Who and what is in the demo. Everybody and everything here is invented."""

from __future__ import annotations

from dataclasses import dataclass

SELLER = {
    "name": "Cascina Chilometrico, cooperativa sociale agricola",
    "address": "Strada della Sforzesca 12, 27029 Vigevano (PV)",
    "email": "ciao@chilometrico.example",
    "pec": "chilometrico@pec.example",
    "phone": "0381 000 000",
    "vat_number": "00000000000",
    "rea": "PV-000000",
    "cooperative_register": "A000000",
}

FIELDS = {
    # key: (name, municipality, province, latitude, longitude)
    "sforzesca": ("Campo della Sforzesca", "Vigevano", "PV", 45.2846, 8.8790),
    "serra": ("Serra di Gambolò", "Gambolò", "PV", 45.2555, 8.8310),
    "apiario": ("Apiario di Mortara", "Mortara", "PV", 45.2440, 8.7210),
    "risaia": ("Risaia di Tromello", "Tromello", "PV", 45.2100, 8.8700),
    "frutteto": ("Frutteto di Cassolnovo", "Cassolnovo", "PV", 45.3600, 8.8040),
    "pollaio": ("Pollaio della Sforzesca", "Vigevano", "PV", 45.2830, 8.8765),
    "mulino": ("Mulino di Mortara", "Mortara", "PV", 45.2531, 8.7425),
    "cucina": ("Cucina della cascina", "Vigevano", "PV", 45.2851, 8.8802),
}
"""Where things grow, and where they are milled or cooked: the law counts both for zero km."""

PROCESSED = {
    "riso": "mulino",
    "farina-mais": "mulino",
    "passata": "cucina",
    "confettura": "cucina",
    "giardiniera": "cucina",
}

BOWL = ("Ciotola blu", "Blue bowl", 180)  # grams
SHELF_PLACES = {"orto": "Cella, ripiano 1", "frutta": "Cella, ripiano 2", "dispensa": "Dispensa, ripiano 3"}
"""By shelf of the shop: where its goods lie in the workshop."""
CASH_BOX = {2000: 2, 1000: 3, 500: 6, 200: 10, 100: 12, 50: 10, 20: 15, 10: 10, 5: 8}
"""Cents -> pieces, as somebody would bring along for change."""

WEIGHED_IN_BOWL = ("valerianella", "spinaci")

RULES = [
    # (place, weekday, from hour, to hour, places): the weeks after the demo's own days
    ("vigevano", 4, 16, 19, 25),
    ("mortara", 1, 16, 18, 25),
    ("bicicletta", 5, 9, 12, 12),
]

PLACES = {
    # key: (name, English name of what says something, kind, address, municipality, province, latitude, longitude, fee)
    "vigevano": ("Piazza Ducale", "", "stall", "Piazza Ducale, Vigevano", "Vigevano", "PV", 45.3166, 8.8583, 0),
    "mortara": ("Casa del Parco", "", "stall", "Piazza Silvabella 3, Mortara", "Mortara", "PV", 45.2494, 8.7330, 0),
    "garlasco": (
        "Portico del mercato",
        "Market arcade",
        "stall",
        "Piazza Repubblica 8, Garlasco",
        "Garlasco",
        "PV",
        45.1972,
        8.9236,
        0,
    ),
    "bicicletta": (
        "A casa tua, in bicicletta",
        "To your home, by bicycle",
        "round",
        "Giro di Vigevano",
        "Vigevano",
        "PV",
        45.3141,
        8.8544,
        300,
    ),
}
ZONES = [("bicicletta", "Vigevano", "27029")]

VAT = {
    # category: (rate, reference)
    "verdura": (4, "Tabella A, parte II, n. 5"),
    "erbe": (5, "Tabella A, parte II-bis, n. 1-bis"),
    "frutta": (4, "Tabella A, parte II, n. 8"),
    "legumi": (4, "Tabella A, parte II, n. 7"),
    "riso": (4, "Tabella A, parte II, n. 9"),
    "farina": (4, "Tabella A, parte II, n. 10"),
    "passata": (4, "Tabella A, parte II, n. 16"),
    "miele": (10, "Tabella A, parte III, n. 16"),
    "uova": (10, "Tabella A, parte III, n. 14"),
    "tuberi": (10, "Tabella A, parte III, n. 21"),
    "confetture": (10, "Tabella A, parte III, n. 73"),
    "sottaceti": (10, "Tabella A, parte III, n. 69"),
    "succhi": (22, "aliquota ordinaria"),
}


@dataclass(frozen=True)
class Good:
    """A product in the shortest form. ``price`` in cents per kilo or per piece, ``stock`` in kilos or pieces."""

    slug: str
    it: str
    en: str
    kind: str
    price: int
    field: str
    vat: str
    stock: int
    season: str = ""
    unit: tuple[str, str, str, str] = ("", "", "", "")
    step: int = 1
    piece: int | None = None
    net: int | None = None
    measure: str = "g"
    shelf: str = "orto"
    perishable: bool = True
    ingredients: str = ""


BUNCH = ("mazzo", "mazzi", "bunch", "bunches")
SPRIG = ("mazzetto", "mazzetti", "sprig", "sprigs")
JAR = ("vasetto", "vasetti", "jar", "jars")
BAG = ("sacchetto", "sacchetti", "bag", "bags")
BOTTLE = ("bottiglia", "bottiglie", "bottle", "bottles")
HEAD = ("cespo", "cespi", "head", "heads")

GOODS = [
    Good(
        "bietole",
        "Bietole",
        "Chard",
        "fixed",
        180,
        "sforzesca",
        "verdura",
        60,
        "4-12",
        BUNCH,
        net=500,
    ),
    Good(
        "zucca",
        "Zucca delica",
        "Delica squash",
        "piece_by_weight",
        240,
        "sforzesca",
        "verdura",
        40,
        "9-1",
        piece=1800,
    ),
    Good("cavolo-nero", "Cavolo nero", "Black kale", "fixed", 220, "serra", "verdura", 40, "10-3", BUNCH, net=400),
    Good("verza", "Verza", "Savoy cabbage", "piece_by_weight", 210, "sforzesca", "verdura", 40, "10-3", piece=1100),
    Good("broccoli", "Broccoli", "Broccoli", "by_weight", 320, "sforzesca", "verdura", 35, "10-4", step=250),
    Good(
        "cavolfiore", "Cavolfiore", "Cauliflower", "piece_by_weight", 260, "sforzesca", "verdura", 30, "10-3", piece=900
    ),
    Good("spinaci", "Spinaci", "Spinach", "by_weight", 420, "serra", "verdura", 25, "10-5", step=250),
    Good("radicchio", "Radicchio rosso", "Red chicory", "by_weight", 380, "sforzesca", "verdura", 25, "10-2", step=250),
    Good("catalogna", "Catalogna", "Catalogna chicory", "fixed", 200, "serra", "verdura", 30, "10-4", HEAD, net=600),
    Good("finocchi", "Finocchi", "Fennel", "by_weight", 290, "sforzesca", "verdura", 35, "10-3", step=500),
    Good("porri", "Porri", "Leeks", "by_weight", 270, "sforzesca", "verdura", 30, "9-3", step=500),
    Good("carote", "Carote", "Carrots", "by_weight", 220, "sforzesca", "verdura", 50, "6-2", step=500),
    Good("barbabietole", "Barbabietole", "Beetroot", "by_weight", 260, "sforzesca", "verdura", 25, "7-2", step=500),
    Good("rape", "Rape bianche", "White turnips", "by_weight", 230, "sforzesca", "verdura", 0, "10-2", step=500),
    Good("patate", "Patate", "Potatoes", "by_weight", 190, "sforzesca", "verdura", 120, "", step=1000),
    Good("cipolle", "Cipolle dorate", "Yellow onions", "by_weight", 200, "serra", "verdura", 60, "", step=500),
    Good(
        "aglio",
        "Aglio",
        "Garlic",
        "fixed",
        150,
        "serra",
        "verdura",
        50,
        "",
        ("treccina", "treccine", "small braid", "small braids"),
        net=150,
    ),
    Good(
        "topinambur",
        "Topinambur",
        "Jerusalem artichokes",
        "by_weight",
        360,
        "sforzesca",
        "tuberi",
        15,
        "10-3",
        step=250,
    ),
    Good("lattuga", "Lattuga", "Lettuce", "fixed", 140, "serra", "verdura", 45, "", HEAD, net=300),
    Good("valerianella", "Valerianella", "Lamb's lettuce", "by_weight", 1200, "serra", "verdura", 8, "10-4", step=100),
    Good("sedano", "Sedano", "Celery", "fixed", 170, "serra", "verdura", 25, "6-12", HEAD, net=500),
    Good("prezzemolo", "Prezzemolo", "Parsley", "fixed", 100, "serra", "verdura", 40, "", SPRIG, net=60),
    Good("rosmarino", "Rosmarino", "Rosemary", "fixed", 100, "serra", "erbe", 40, "", SPRIG, net=50),
    Good("salvia", "Salvia", "Sage", "fixed", 100, "serra", "erbe", 40, "", SPRIG, net=50),
    Good("cachi", "Cachi", "Persimmons", "by_weight", 280, "frutteto", "frutta", 30, "10-12", step=500, shelf="frutta"),
    Good(
        "mele",
        "Mele renette",
        "Reinette apples",
        "by_weight",
        240,
        "frutteto",
        "frutta",
        80,
        "9-3",
        step=500,
        shelf="frutta",
    ),
    Good(
        "pere",
        "Pere kaiser",
        "Kaiser pears",
        "by_weight",
        290,
        "frutteto",
        "frutta",
        40,
        "9-2",
        step=500,
        shelf="frutta",
    ),
    Good(
        "noci",
        "Noci",
        "Walnuts",
        "fixed",
        550,
        "frutteto",
        "frutta",
        30,
        "10-2",
        BAG,
        net=500,
        shelf="frutta",
        perishable=False,
        ingredients="noci",
    ),
    Good(
        "miele-acacia",
        "Miele di acacia",
        "Acacia honey",
        "fixed",
        850,
        "apiario",
        "miele",
        48,
        "",
        JAR,
        net=500,
        shelf="dispensa",
        perishable=False,
        ingredients="miele",
    ),
    Good(
        "miele-millefiori",
        "Miele millefiori",
        "Wildflower honey",
        "fixed",
        790,
        "apiario",
        "miele",
        40,
        "",
        JAR,
        net=500,
        shelf="dispensa",
        perishable=False,
        ingredients="miele",
    ),
    Good(
        "riso",
        "Riso Carnaroli",
        "Carnaroli rice",
        "fixed",
        420,
        "risaia",
        "riso",
        60,
        "",
        BAG,
        net=1000,
        shelf="dispensa",
        perishable=False,
        ingredients="riso",
    ),
    Good(
        "fagioli",
        "Fagioli borlotti secchi",
        "Dried borlotti beans",
        "fixed",
        390,
        "sforzesca",
        "legumi",
        40,
        "",
        BAG,
        net=500,
        shelf="dispensa",
        perishable=False,
        ingredients="fagioli borlotti",
    ),
    Good(
        "farina-mais",
        "Farina di mais",
        "Maize flour",
        "fixed",
        320,
        "risaia",
        "farina",
        40,
        "",
        BAG,
        net=1000,
        shelf="dispensa",
        perishable=False,
        ingredients="mais",
    ),
    Good(
        "passata",
        "Passata di pomodoro",
        "Tomato passata",
        "fixed",
        330,
        "serra",
        "passata",
        50,
        "",
        BOTTLE,
        net=700,
        shelf="dispensa",
        perishable=False,
        ingredients="pomodoro, sale",
    ),
    Good(
        "confettura",
        "Confettura di fichi",
        "Fig jam",
        "fixed",
        480,
        "frutteto",
        "confetture",
        30,
        "",
        JAR,
        net=330,
        shelf="dispensa",
        perishable=False,
        ingredients="fichi, zucchero, succo di limone",
    ),
    Good(
        "giardiniera",
        "Giardiniera",
        "Pickled vegetables",
        "fixed",
        520,
        "serra",
        "sottaceti",
        25,
        "",
        JAR,
        net=300,
        shelf="dispensa",
        perishable=False,
        ingredients="carote, cavolfiore, sedano, cipolle, aceto, sale",
    ),
    Good(
        "succo-mela",
        "Succo di mela",
        "Apple juice",
        "fixed",
        390,
        "frutteto",
        "succhi",
        30,
        "",
        BOTTLE,
        net=750,
        measure="ml",
        shelf="dispensa",
        perishable=False,
        ingredients="mele",
    ),
    Good(
        "uova",
        "Uova",
        "Eggs",
        "fixed",
        290,
        "pollaio",
        "uova",
        40,
        "",
        ("confezione da 6", "confezioni da 6", "box of 6", "boxes of 6"),
        shelf="dispensa",
    ),
    Good("zucchine", "Zucchine", "Courgettes", "by_weight", 290, "sforzesca", "verdura", 0, "6-9", step=500),
    Good("melanzane", "Melanzane", "Aubergines", "by_weight", 300, "serra", "verdura", 0, "7-10", step=500),
    Good("pomodori", "Pomodori ramati", "Vine tomatoes", "by_weight", 340, "serra", "verdura", 0, "6-10", step=500),
]
"""Those without stock are told all the same: a citizen reads when they come back."""

BACK_IN = {"rape": 5}
"""Days from today: sold out in the middle of its season."""
DRAINED = {"giardiniera": 180}  # grams
PREPACKED = ("noci",)  # beside the jars, bags and bottles of the pantry

ALLERGENS = {"sedano": "sedano", "giardiniera": "sedano", "uova": "uova", "noci": "frutta a guscio"}

CO_RESIDENTS = [
    # name, picture, support level, capabilities granted
    ("Anna", "bicicletta", 1, ("orders.hand_over", "cash.take")),
    ("Bruno", "chitarra", 2, ()),
    ("Carla", "gatto", 2, ("orders.hand_over",)),
    ("Dario", "montagna", 0, ("orders.hand_over", "cash.take")),
    ("Elena", "libro", 1, ()),
    ("Fabio", "treno", 2, ()),
]
STAFF = [
    ("Rita", "tutor", "rita@chilometrico.example", "albero"),
    ("Sandro", "tutor", "sandro@chilometrico.example", "barca"),
    ("Teresa", "coordinator", "teresa@chilometrico.example", "stella"),
]
DEMO_PASSWORD = "pomodori e zucchine"  # noqa: S105 - printed by ./run, for an invented farm only

CITIZENS = [
    "Maria Rossi",
    "Giuseppe Colombo",
    "Lucia Ferrari",
    "Antonio Bianchi",
    "Paola Gatti",
    "Franco Moro",
    "Silvia Riva",
    "Giorgio Villa",
    "Chiara Fontana",
    "Piero Sala",
    "Marta Conti",
    "Luigi Barbieri",
    "Elisa Grassi",
    "Renato Testa",
    "Irene Longo",
    "Sergio Monti",
    "Nadia Costa",
    "Enrico Pini",
    "Laura Marini",
    "Carlo Serra",
    "Giulia Neri",
    "Mario Fabbri",
    "Teodora Leone",
    "Ugo Ferri",
    "Valeria Poli",
    "Dino Caruso",
    "Ada Milani",
    "Bice Orsi",
]

HOURS = [
    # (days before the last one, hour, minute) at which households order, first to last
    (2, 19, 40),
    (2, 20, 55),
    (1, 7, 50),
    (1, 12, 35),
    (1, 18, 20),
    (1, 19, 45),
    (1, 21, 10),
    (0, 7, 25),
    (0, 8, 40),
    (0, 9, 55),
    (0, 10, 30),
    (0, 11, 15),
]

BASKETS = [
    # (slug, quantity in grams or pieces), a handful of households
    [("miele-acacia", 1), ("bietole", 2)],
    [("patate", 2000), ("carote", 1000), ("porri", 500), ("uova", 1)],
    [("zucca", 1), ("cavolo-nero", 1), ("riso", 1)],
    [("mele", 1500), ("pere", 1000), ("noci", 1)],
    [("broccoli", 500), ("finocchi", 1000), ("lattuga", 2), ("prezzemolo", 1)],
    [("verza", 1), ("patate", 1000), ("fagioli", 1), ("salvia", 1)],
    [("spinaci", 500), ("cipolle", 1000), ("passata", 2)],
    [("radicchio", 500), ("cavolfiore", 1), ("rosmarino", 1), ("uova", 2)],
    [("topinambur", 500), ("valerianella", 200), ("miele-millefiori", 1)],
    [("carote", 500), ("sedano", 1), ("cipolle", 500), ("aglio", 1), ("farina-mais", 1)],
    [("confettura", 1), ("succo-mela", 2), ("mele", 1000)],
    [("barbabietole", 500), ("catalogna", 1), ("giardiniera", 1)],
]

THANKS = [
    # (words, whether the name may be seen), in the order in which households ordered
    ("Che bella cassetta, tutto pulito e in ordine. Le patate sono buonissime!", True),
    ("Grazie, si vede che ci mettete cura. A presto!", False),
    ("Avete scelto le pere migliori. Mia figlia ha detto: wow.", True),
]
