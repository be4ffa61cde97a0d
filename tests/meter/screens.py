"""Every screen that a co-resident can see, by name: who sees it, at which levels, and how one gets there.

A screen is an address in one of the worlds and, where it is the answer to a press or a form, what is pressed or sent.
`template` says what must be shown there: a screen that has moved is noticed. Tests: every desk route that answers with
a page, and every template of the desk, is on the list.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

ALL, STEPS, LIST, WHOLE, TAP = (2, 1, 0), (2, 1), (0,), (2,), (1,)
MAIN = "[data-azione=principale]"
TROUBLED = "/banco/prepara"  # the page that something goes wrong in
ODD = 12_345  # grams that hardly can be half a kilo, and take many words


@dataclass(frozen=True)
class Screen:
    """``at``: the address, with {names} of the world. ``who``: a person, "tablet" (nobody came in), "stranger".

    ``sends``: a form that is sent to ``at`` instead of looking; ``presses``: selectors pressed one after another, each
    leading to a page; ``opens``: one that only opens something. ``shows``: what of who, what, how much must be in sight
    (criterion 6). ``scale``: what the tablet weighs with; ``camera``: "on", "closed" or "none" once it is asked for
    with what ``opens``; ``trouble``: what of seeing.having happens meanwhile.
    """

    name: str
    template: str
    world: str
    at: str
    levels: tuple[int, ...] = ALL
    who: str = "Anna"
    sends: dict[str, str] | None = None
    presses: tuple[str, ...] = ()
    opens: str = ""
    shows: tuple[str, ...] = ()
    scale: str = ""
    camera: str = ""
    trouble: str = ""


CRATE, LINES = "/banco/casse/{plain}", "/banco/casse/{plain}/righe"
HAND = "/banco/prodotti-in-mano/{pickup}"
CHARD, CARROTS = ("{plain_crate}", "3 mazzi", "bietole"), ("{plain_crate}", "500 grammi", "carote")
POTATOES, SQUASH = ("{plain_crate}", "1 chilo", "patate"), ("{plain_crate}", "2 pezzi", "zucca")


def _preparing(name: str, template: str, at: str, levels: tuple[int, ...] = ALL, **more: object) -> Screen:
    return Screen(name, template, "preparing", at, levels, **more)  # type: ignore[arg-type]


TAKING = [
    _preparing("prendi", "take", f"{CRATE}?riga={{plain_bietole}}&come=1", WHOLE, shows=CHARD),
    _preparing("prendi, una riga", "take", CRATE, TAP, shows=CHARD),
    _preparing("prendi, come si fa", "take", f"{CRATE}?riga={{plain_bietole}}&come=1", TAP, shows=CHARD),
    _preparing("prendi molti, poco arrivato", "take", f"{CRATE}?riga={{plain_basilico}}&come=1", STEPS),
    _preparing("metti nella cassetta", "take", f"{CRATE}?riga={{plain_bietole}}", WHOLE, shows=CHARD),
    _preparing("dopo aver messo", "weigh", "/banco/casse/{own}", WHOLE, shows=("{own_crate}", "carote")),
    _preparing("aiuto chiamato", "take", f"{CRATE}?chiamato=1", STEPS),
    _preparing("già fatto", "already", "/banco/casse/{full}?riga={full_carote}", shows=("{full_crate}", "carote")),
    _preparing("già segnato", "already", "/banco/casse/{full}?riga={full_miele_acacia}"),
    _preparing("un tutor ci lavora", "taken_over", "/banco/casse/{taken_over}", shows=("{taken_over_crate}", "rita")),
]

WEIGHING = [
    _preparing("metti sulla bilancia", "weigh", f"{CRATE}?riga={{plain_carote}}&come=1", WHOLE, shows=CARROTS[:1]),
    _preparing("sulla bilancia, con la ciotola", "weigh", f"{CRATE}?riga={{plain_patate}}&come=1", WHOLE),
    _preparing("sulla bilancia, poco arrivato", "weigh", "/banco/casse/{scarce}?come=1", WHOLE),
    _preparing("pesa", "weigh", f"{CRATE}?riga={{plain_carote}}", STEPS, shows=("{plain_crate}", "500 grammi")),
    _preparing("pesa, va bene", "weigh", f"{CRATE}?riga={{plain_carote}}&cifre=480", STEPS, shows=CARROTS[:2]),
    _preparing("pesa, metti ancora", "weigh", f"{CRATE}?riga={{plain_carote}}&cifre=100", STEPS),
    _preparing("pesa, troppo", "weigh", f"{CRATE}?riga={{plain_carote}}&cifre=99999", STEPS),
    _preparing("pesa, come si fa", "weigh", f"{CRATE}?riga={{plain_carote}}&come=1&cifre=48", TAP),
    _preparing("peso strano", "weigh", f"{CRATE}?riga={{plain_carote}}&cifre={ODD}", STEPS, presses=(MAIN,)),
    _preparing("pesa con la ciotola", "weigh", f"{CRATE}?riga={{plain_patate}}&cifre=1220", STEPS, shows=POTATOES[:2]),
    _preparing("ciotola, strano", "weigh", f"{CRATE}?riga={{plain_patate}}&cifre={ODD}", STEPS, presses=(MAIN,)),
    _preparing("pesa pezzi", "weigh", f"{CRATE}?riga={{plain_zucca}}&cifre=3600", STEPS, shows=SQUASH[:2]),
    _preparing("pesa pezzi, strano", "weigh", f"{CRATE}?riga={{plain_zucca}}&cifre={ODD}", STEPS, presses=(MAIN,)),
    _preparing("pesa, poco arrivato", "weigh", "/banco/casse/{scarce}?riga={scarce_fagiolini}", STEPS),
    _preparing("bilancia con cavo", "weigh", f"{CRATE}?riga={{plain_carote}}", STEPS, scale="serial"),
    _preparing("bilancia con cavo, ciotola", "weigh", f"{CRATE}?riga={{plain_patate}}", STEPS, scale="serial"),
    _preparing(
        "bilancia con cavo, strano", "weigh", f"{CRATE}?riga={{plain_carote}}&cifre={ODD}", STEPS,
        scale="serial", presses=(MAIN,),
    ),
    _preparing(
        "bilancia con cavo, ciotola, strano", "weigh", f"{CRATE}?riga={{plain_patate}}&cifre={ODD}", STEPS,
        scale="serial", presses=(MAIN,),
    ),
    _preparing("bilancia come tastiera", "weigh", f"{CRATE}?riga={{plain_carote}}", STEPS, scale="keyboard"),
    _preparing("scegli il peso", "which", "/banco/casse/{two_weights}/righe/{two_weights_carote}/quale"),
    _preparing(
        "scegli il peso, strano",
        "which",
        "/banco/casse/{odd_weights}/righe/{odd_weights_carote}/quale",
        presses=(".answers form .tile",),
    ),
]  # fmt: skip

MISSING = [
    _preparing("non c'è", "missing", f"{LINES}/{{plain_bietole}}/manca", shows=CHARD),
    _preparing("non c'è, poco arrivato", "missing", f"{LINES}/{{plain_basilico}}/manca"),
    _preparing("non c'è, uno solo", "missing", f"{LINES}/{{plain_miele_acacia}}/manca"),
    _preparing("quanti ce ne sono", "less_pieces", f"{LINES}/{{plain_bietole}}/meno", STEPS, shows=CHARD),
    _preparing("quanti, da pesare", "less_pieces", f"{LINES}/{{plain_zucca}}/meno", STEPS),
    _preparing("quanti, a cifre", "less", f"{LINES}/{{plain_basilico}}/meno?cifre=7", STEPS),
    _preparing("quanto ce n'è", "less", f"{LINES}/{{plain_carote}}/meno?cifre=300", STEPS, shows=CARROTS),
    _preparing("quanto, con la ciotola", "less", f"{LINES}/{{plain_patate}}/meno?cifre=520", STEPS),
    _preparing("quanto, pezzi", "less", f"{LINES}/{{plain_zucca}}/meno?pezzi=1&cifre=1700", STEPS),
    _preparing("quanto, strano", "less", f"{LINES}/{{plain_zucca}}/meno?pezzi=1&cifre=100", STEPS, presses=(MAIN,)),
    _preparing("quanto, niente", "less", f"{LINES}/{{plain_carote}}/meno", STEPS, presses=(MAIN,)),
    _preparing("un altro", "another", f"{LINES}/{{plain_bietole}}/altro"),
]

FINISHING = [
    _preparing("controlla", "check", "/banco/casse/{full}", STEPS, shows=("{full_crate}", "bietole", "carote")),
    _preparing("etichetta", "label", "/banco/casse/{ready}", STEPS, shows=("{ready_crate}",)),
    _preparing("due etichette", "label", "/banco/casse/{two_crates}", STEPS),
    _preparing("pronta", "prepared", "/banco/casse/{labelled}", shows=("{labelled_crate}",)),
    _preparing("passa la cassetta", "pass_on", "/banco/passa/{own}"),
    Screen("passa, nessun altro", "pass_on", "lonely", "/banco/passa/{own}"),
]

LISTS = [
    _preparing("elenco", "list", CRATE, LIST),
    _preparing("elenco, aperto", "list", CRATE, LIST, opens=".list-more > summary"),
    _preparing("elenco, peso strano", "list", f"{CRATE}?riga={{plain_carote}}&cifre={ODD}", LIST, presses=(
        "li:has(#grammi-{plain_carote}) .list-form button",
    )),
    _preparing("elenco, tutto fatto", "list", "/banco/casse/{full}", LIST),
    _preparing("elenco, etichetta", "list", "/banco/casse/{two_crates}", LIST),
    _preparing("elenco, bilancia con cavo", "list", CRATE, LIST, scale="serial"),
    _preparing("un prodotto in elenco", "by_product_list", f"{HAND}/{{product_carote}}", LIST),
    _preparing("raccolto in elenco", "harvest_list", "/banco/raccolto/{pickup}", LIST),
]  # fmt: skip

BY_PRODUCT = [
    _preparing("quale ritiro", "by_product_pickups", "/banco/prodotti-in-mano"),
    _preparing("quale prodotto", "by_product", HAND),
    _preparing("prendi la cassetta", "by_product_crate", f"{HAND}/{{product_carote}}", WHOLE, shows=CARROTS),
    _preparing("in mano, prendi", "take", f"{HAND}/{{product_bietole}}", TAP, shows=CHARD),
    _preparing("in mano, metti", "take", f"{HAND}/{{product_bietole}}?riga={{plain_bietole}}", WHOLE, shows=CHARD),
    _preparing("in mano, pesa", "weigh", f"{HAND}/{{product_carote}}?riga={{plain_carote}}&cifre=480", STEPS),
    _preparing("in mano, ciotola", "weigh", f"{HAND}/{{product_patate}}?riga={{plain_patate}}&cifre=480", STEPS),
    _preparing("in mano, non c'è", "missing", f"{LINES}/{{plain_carote}}/manca?via=prodotto"),
    Screen("in mano, l'ultima", "by_product_done", "lonely", f"{HAND}/{{product_bietole}}", STEPS),
]

HARVEST = [
    _preparing("quale raccolto", "harvests", "/banco/raccolto"),
    _preparing("raccolto", "harvest", "/banco/raccolto/{pickup}", STEPS),
    _preparing("raccolto segnato", "harvest_done", "/banco/raccolto/{pickup_noted}", STEPS),
    _preparing("è arrivato tutto?", "arrived", "/banco/raccolto/{pickup}/{product_carote}", STEPS, shows=("carote",)),
    _preparing("c'è già un numero", "arrived", "/banco/raccolto/{pickup}/{product_basilico}", STEPS),
    _preparing("quanto è arrivato", "arrived_less", "/banco/raccolto/{pickup}/{product_carote}/meno?cifre=1500", STEPS),
    _preparing("quanti sono arrivati", "arrived_less", "/banco/raccolto/{pickup}/{product_bietole}/meno", STEPS),
    _preparing(
        "intendi chili?", "arrived_doubt", "/banco/raccolto/{pickup}/{product_carote}", STEPS,
        sends={"arrived": "2", "seen": "", "less": "1"},
    ),
    _preparing(
        "più di quanto è venduto", "arrived_doubt", "/banco/raccolto/{pickup}/{product_bietole}",
        sends={"arrived": "400", "seen": ""},
    ),
]  # fmt: skip

TODAY = [
    _preparing("oggi, la cassetta cominciata", "today", "/banco"),
    _preparing("oggi, una cassetta passata", "today", "/banco", who="Bruno"),
    _preparing("oggi, il raccolto", "today", "/banco", who="Carla"),
    Screen("oggi, la consegna", "today", "handing", "/banco"),
    Screen("oggi, il tutor ha risposto", "today", "handing", "/banco", who="Bruno"),
    Screen("oggi, niente", "today", "quiet", "/banco"),
    _preparing("scegli la cassetta", "to_prepare", "/banco/prepara"),
    _preparing("scegli, altre", "to_prepare", "/banco/prepara?pagina=2", STEPS),
    Screen("tutte preparate", "to_prepare", "quiet", "/banco/prepara"),
    Screen("tutti i prodotti preparati", "by_product_pickups", "quiet", "/banco/prodotti-in-mano"),
    Screen("nessun raccolto", "harvests", "quiet", "/banco/raccolto"),
    _preparing("io", "oneself", "/banco/io"),
    Screen("io, con un grazie", "oneself", "handing", "/banco/io"),
    Screen("un grazie", "thanks", "handing", "/banco/io/grazie"),
    Screen("grazie letto", "thanks_read", "handing", "/banco/io/grazie", who="Carla"),
    Screen("prova", "practice", "quiet", "/banco", who="Anna in prova"),
    Screen("prova, prendi", "take", "quiet", "/banco/prepara", STEPS, "Anna in prova", presses=(".tile",)),
    Screen("prova, dai", "to_hand_over", "quiet", "/banco/consegna", who="Anna in prova"),
]

GIVE = "/banco/consegna/{due}"
WHO = ("{due_crate}", "Mariangela Abbondanza")


def _handing(name: str, template: str, at: str, levels: tuple[int, ...] = ALL, **more: object) -> Screen:
    return Screen(name, template, "handing", at, levels, **more)  # type: ignore[arg-type]


HANDING = [
    _handing("da dare", "to_hand_over", "/banco/consegna"),
    Screen("tutte date", "to_hand_over", "quiet", "/banco/consegna"),
    _handing("il numero", "find_number", "/banco/consegna/trova?cifre=1"),
    _handing("il numero, vuoto", "find_number", "/banco/consegna/trova", sends={"numero": "", "volte": "0"}),
    _handing("il numero non c'è", "find_number", "/banco/consegna/trova", sends={"numero": "59", "volte": "0"}),
    _handing("il numero non c'è, ancora", "find_number", "/banco/consegna/trova", sends={"numero": "59", "volte": "1"}),
    _handing("due con un numero", "which_crate", "/banco/consegna/trova?quale=1"),
    _handing("l'etichetta", "find_label", "/banco/consegna/etichetta"),
    _handing("l'etichetta di un altro giorno", "find_label", "/banco/consegna/etichetta", sends={"codice": "x"}),
    _handing("trova", "find", GIVE, WHOLE, shows=("{due_crate}",)),
    _handing("trova, tre cassette", "find", "/banco/consegna/{several}", WHOLE),
    _handing("nome", "name", "/banco/consegna/{plain}?passo=nome", STEPS, shows=WHO[1:]),
    _handing("nome, può venire un altro", "name", f"{GIVE}?passo=nome", STEPS, shows=(*WHO, "Luca Verdi")),
    _handing("soldi", "cash", f"{GIVE}?passo=soldi", shows=(*WHO, "22 euro")),
    _handing("soldi, un altro", "cash", f"{GIVE}?passo=soldi&chi=altra", shows=("{due_crate}", "Luca Verdi")),
    _handing("soldi, tanti", "cash", "/banco/consegna/{dear}?passo=soldi"),
    _handing("carta", "card", f"{GIVE}?passo=carta", shows=(*WHO, "22 euro")),
    _handing("soldi che ricevi", "given", f"{GIVE}/contanti", STEPS, shows=(*WHO, "22 euro")),
    _handing("soldi che ricevi, manca", "given", f"{GIVE}/contanti?dati=2000", STEPS),
    _handing("soldi che ricevi, basta", "given", f"{GIVE}/contanti?dati=2000,500", STEPS),
    _handing("soldi che ricevi, tanti pezzi", "given", "/banco/consegna/{dear}/contanti?dati=" + "1000," * 20, STEPS),
    _handing("soldi, scritti", "given_typed", f"{GIVE}/contanti", LIST),
    _handing("soldi, scritti pochi", "given_typed", f"{GIVE}/contanti?euro=10", LIST),
    _handing("soldi, scritti e resto", "given_typed", f"{GIVE}/contanti?euro=50", LIST),
    _handing("resto, un tipo", "change_handful", f"{GIVE}/resto?dati=5000", WHOLE, shows=WHO),
    _handing("resto", "change", f"{GIVE}/resto?dati=5000&mano=9", STEPS, shows=WHO),
    _handing("soldi giusti", "change", f"{GIVE}/resto?dati=2000,200,20,10", STEPS, shows=WHO),
    _handing("resto, quaranta monete", "change", "/banco/consegna/{cheap}/resto?dati=5000&mano=9", STEPS),
    _handing("manca il resto", "no_change", "/banco/consegna/{no_change}/resto?dati=5000"),
    _handing("manca il resto, dà altro", "no_change", "/banco/consegna/{no_change}/resto?dati=2000"),
    _handing("manca il resto, chiamato", "no_change", "/banco/consegna/{no_change}/resto?dati=5000&chiamato=1"),
    _handing("dai la cassetta", "give", "/banco/consegna/{paid}", shows=("{paid_crate}", WHO[1])),
    _handing("data", "handed", "/banco/consegna/{given}", shows=("{given_crate}",)),
    _handing("in ritardo, trova", "find", "/banco/consegna/{late}", STEPS),
    _handing("in ritardo, nome", "name", "/banco/consegna/{late}?passo=nome", STEPS),
    _handing("in ritardo, soldi", "cash", "/banco/consegna/{alone_late}?passo=soldi"),
    _handing("metti via", "handed", "/banco/consegna/{away}", shows=("{away_crate}",)),
    _handing("quale cassa", "cash_boxes", "/banco/cassa"),
    Screen("nessuna cassa", "cash_boxes", "quiet", "/banco/cassa"),
    _handing("conta la cassa", "cash_box", "/banco/cassa/{place}", STEPS),
    _handing("conta, tre", "cash_box", "/banco/cassa/{place}?ho=5000:0&cifre=3", STEPS),
    _handing("conta, nessun numero", "cash_box", "/banco/cassa/{place}?avanti=1", STEPS),
    _handing("conta, centesimi", "cash_box", "/banco/cassa/{place}?ho=5000:0,2000:1,1000:3,500:2,200:4,100:9", STEPS),
    _handing("conta, in un foglio", "cash_box_form", "/banco/cassa/{place}", LIST),
    _handing(
        "la cassa da guardare", "cash_box_check",
        "/banco/cassa/{place}?ho=5000:0,2000:1,1000:3,500:2,200:4,100:9,50:9,20:9,10:5,5:50", STEPS,
    ),
    _handing("cassa contata", "cash_box_counted", "/banco/cassa/{place}/contata"),
]  # fmt: skip

ASKING = [
    _handing("chiedi dei soldi", "cash", f"{GIVE}?passo=soldi", who="Bruno"),
    _handing("chiedi di dare", "give", f"{GIVE}?passo=dai&pagato=soldi", who="Bruno"),
    _handing("chiesto al tutor", "proposed", "/banco/consegna/{asked}", who="Bruno", shows=("{asked_crate}",)),
    _handing("un altro ha chiesto", "proposed", "/banco/consegna/{asked}", who="Carla"),
    _handing("il tutor dice", "proposal_answer", "/banco/consegna/{refused}", who="Bruno"),
    _handing("scaffali", "shelves", "/banco/scaffali"),
    _handing("che cosa contare", "shelves_count", "/banco/scaffali/conta", STEPS),
    _handing("che cosa costa", "shelves_price", "/banco/scaffali/prezzo", STEPS),
    _handing("guarda e conta", "shelf_look", "/banco/scaffali/conta/{product_sauce}", WHOLE),
    _handing("pesa tutto", "shelf_look", "/banco/scaffali/conta/{product_beans}", WHOLE),
    _handing("guarda il prezzo", "shelf_look", "/banco/scaffali/prezzo/{product_sauce}", WHOLE),
    _handing("quanti contati", "shelf_count", "/banco/scaffali/conta/{product_sauce}?scrivi=1&cifre=9", STEPS),
    _handing("quanto pesa", "shelf_count", "/banco/scaffali/conta/{product_beans}?scrivi=1&cifre=12500", STEPS),
    _handing(
        "quanti, strano", "shelf_count", "/banco/scaffali/conta/{product_sauce}?scrivi=1&cifre=9999", STEPS,
        who="Carla", presses=(MAIN,),
    ),
    _handing("nuovo prezzo", "shelf_price", "/banco/scaffali/prezzo/{product_beans}?scrivi=1&cifre=640", STEPS),
    _handing(
        "prezzo strano", "shelf_price", "/banco/scaffali/prezzo/{product_beans}?scrivi=1&cifre=9", STEPS,
        presses=(MAIN,),
    ),
    _handing("contato", "shelf_done", "/banco/scaffali/conta/{product_cheap}?fatto=1"),
    _handing("prezzo scritto", "shelf_done", "/banco/scaffali/prezzo/{product_dear}?fatto=1"),
    _handing("contare chiesto", "proposed", "/banco/scaffali/conta/{product_beans}", who="Bruno"),
    _handing("il tutor dice, scaffale", "proposal_answer", "/banco/scaffali/conta/{product_rice}", who="Bruno"),
    _handing("contare in elenco", "shelves_list", "/banco/scaffali/conta", LIST),
    _handing("prezzi in elenco", "shelves_list", "/banco/scaffali/prezzo", LIST),
    _handing("contare in elenco, chiesto", "shelves_list", "/banco/scaffali/conta", LIST, who="Bruno"),
]  # fmt: skip


def _entering(name: str, template: str, at: str, **more: object) -> Screen:
    """Of somebody whom nobody knows yet the whole guide is shown."""
    levels = WHOLE if more["who"] in ("tablet", "stranger") else ALL
    return Screen(name, template, "entering", at, levels, **more)  # type: ignore[arg-type]


AT_BADGE, AT_LABEL = "/banco/cartellino", "/banco/consegna/etichetta"
ENTERING = [
    _entering("chi sei", "who", "/banco", who="tablet"),
    _entering("chi sei, altri", "who", "/banco?pagina=2", who="tablet"),
    _entering("cartellino", "badge", "/banco/cartellino", who="tablet"),
    _entering("cartellino di chi è già qui", "badge", "/banco/cartellino", who="Fabio al posto"),
    _entering("non conosco il cartellino", "badge", AT_BADGE, who="Fabio al posto", sends={"codice": "{no_badge}"}),
    _entering("di un'altra persona", "badge", AT_BADGE, who="Gino al posto", sends={"codice": "{good_badge}"}),
    _entering("non è un cartellino", "badge", "/banco/cartellino", who="tablet", sends={"codice": "x"}),
    _entering("facciamo una pausa", "pause", "/banco/cartellino", who="Elena al posto", sends={"codice": "{badge}"}),
    _entering("sei tu?", "badge_yes", "/banco/cartellino/{good_badge}", who="tablet"),
    _entering("ho chiesto", "asked", "/banco/chiedi", who="Bruno al posto"),
    _entering("adesso no", "asked", "/banco/chiedi", who="Carla al posto"),
    _entering("chiedi ancora", "asked", "/banco/chiedi", who="Dario al posto"),
    _entering("consegna senza cartellino", "badge", "/banco/consegna", who="Anna al posto"),
    _entering("chi sei, sul lavoro", "who", "/banco/prepara", who="tablet"),
    _entering("il lavoro è qui", "send_again", "/banco/ancora", who="Gianni tornato"),
]

CAMERA = "[data-accendi]"
LOOKING = [
    _entering("cartellino, con la fotocamera", "badge", AT_BADGE, who="tablet", opens=CAMERA, camera="on"),
    _entering("cartellino, fotocamera chiusa", "badge", AT_BADGE, who="Fabio al posto", opens=CAMERA, camera="closed"),
    _entering("cartellino, niente fotocamera", "badge", AT_BADGE, who="tablet", opens=CAMERA, camera="none"),
    _handing("l'etichetta, con la fotocamera", "find_label", AT_LABEL, opens=CAMERA, camera="on"),
    _handing("l'etichetta, fotocamera chiusa", "find_label", AT_LABEL, opens=CAMERA, camera="closed"),
    _handing("l'etichetta, niente fotocamera", "find_label", AT_LABEL, opens=CAMERA, camera="none"),
]

LARGE = {"Dario": "lettere grandi", "Fabio": "figure grandi", "Gino": "le più grandi"}
"""Who has chosen what of their own page (worlds.py)."""


def _as_large(screen: Screen) -> list[Screen]:
    return [replace(screen, name=f"{screen.name}, {look}", who=who, shows=()) for who, look in LARGE.items()]


OWN_LOOKS = [
    large
    for screen in [
        TAKING[2],  # prendi, come si fa
        TAKING[4],  # metti nella cassetta
        WEIGHING[4],  # pesa, va bene
        WEIGHING[9],  # pesa con la ciotola
        MISSING[0],  # non c'è
        FINISHING[0],  # controlla
        LISTS[0],  # elenco
    ]
    for large in _as_large(screen)
]

CALM = [
    _handing("questa cassetta non c'è", "core/calm_desk", "/banco/casse/9999"),
    _handing("questa pagina non c'è", "core/calm_desk", "/banco/niente"),
    _handing("lo fa un altro", "core/calm_desk", "/banco/cassa", who="Bruno"),
    _handing("non è pronta", "core/calm_desk", "/banco/consegna/{given}/soldi", sends={"expected": "1"}),
    _handing("la cassa non è qui", "core/calm_desk", "/banco/cassa/9999"),
    _handing("da qui non si può", "core/calm_desk", "/banco/esci"),
    _handing("qualcosa non va", "core/calm_desk", TROUBLED, trouble="fault"),
    _handing("c'è tanta gente", "core/calm_desk", TROUBLED, trouble="busy"),
    _handing("aperta da ieri", "core/calm_desk", f"{GIVE}/soldi", sends={"expected": "1"}, trouble="stale"),
    _entering("chi non è della cascina", "core/calm_desk", "/banco", who="stranger"),
]

CRATES = [*TAKING, *WEIGHING, *MISSING, *FINISHING, *LISTS, *BY_PRODUCT]
SCREENS: list[Screen] = [*CRATES, *HARVEST, *TODAY, *HANDING, *ASKING, *ENTERING, *LOOKING, *OWN_LOOKS, *CALM]
