"""What the demo's goods say of themselves, in both languages. The farm is invented, its kitchen works."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Told:
    """Pairs are Italian and English. ``other``: names by which people look for it too."""

    other: str
    about: tuple[str, str]
    keeps: tuple[str, str]
    recipe: tuple[str, str]
    variety: str = ""
    caliber: str = ""
    quality: str = ""
    ingredients_en: str = ""


COOL = "In frigorifero, in un sacchetto di carta o di stoffa: dura {} giorni."
COOL_EN = "In the fridge, in a paper or cloth bag: keeps {} days."
DARK = "In un posto fresco, buio e asciutto: dura {}."
DARK_EN = "Somewhere cool, dark and dry: keeps {}."
OPENED = "Chiuso, in dispensa. Dopo l'apertura in frigorifero, da finire entro {} giorni."
OPENED_EN = "Closed, in the cupboard. Once opened in the fridge, to be eaten within {} days."
DRY = ("All'asciutto, ben chiuso.", "Dry and well closed.")
HONEY = ("Al fresco e all'asciutto. Se cristallizza è normale.", "Cool and dry. If it sets, that is normal.")


def _cool(days: int) -> tuple[str, str]:
    return COOL.format(days), COOL_EN.format(days)


def _dark(time: str, in_english: str) -> tuple[str, str]:
    return DARK.format(time), DARK_EN.format(in_english)


def _opened(days: int) -> tuple[str, str]:
    return OPENED.format(days), OPENED_EN.format(days)


TOLD = {
    "bietole": Told(
        "coste, costa, costine, erbette, bieta, biete, biede, swiss chard",
        (
            "Foglie larghe e coste bianche, tagliate la mattina del ritiro.",
            "Broad leaves and white ribs, cut on the morning of the pick-up.",
        ),
        _cool(3),
        (
            "Stacca le coste dalle foglie. Fai bollire le coste 8 minuti, le foglie 3. Scola, strizza e ripassa in"
            " padella"
            " con olio e uno spicchio d'aglio.",
            "Separate ribs and leaves. Boil the ribs for 8 minutes, the leaves for 3. Drain, squeeze and toss in a"
            " pan with"
            " oil and a clove of garlic.",
        ),
    ),
    "zucca": Told(
        "zucche, zucca mantovana, delica, pumpkin",
        ("Soda e dolce. Ogni zucca pesa circa 1,8 chili.", "Firm and sweet. Each weighs about 1.8 kg."),
        (
            "Intera, in un posto fresco e asciutto: dura due mesi. Tagliata, in frigorifero 4 giorni.",
            "Whole, somewhere cool and dry: keeps two months. Once cut, 4 days in the fridge.",
        ),
        (
            "Tagliala a fette con la buccia, ungila, aggiungi sale e rosmarino. In forno a 200 gradi per 25 minuti:"
            " la buccia"
            " si mangia.",
            "Slice it with the skin on, oil it, add salt and rosemary. 25 minutes in the oven at 200 degrees: the"
            " skin is"
            " good to eat.",
        ),
        variety="Delica",
    ),
    "cavolo-nero": Told(
        "cavolo toscano, kale, cavoli neri, black cabbage, lacinato",
        ("Foglie scure e ricce, più dolci dopo il primo freddo.", "Dark curly leaves, sweeter after the first cold."),
        _cool(5),
        (
            "Togli la costa e taglia le foglie a strisce. Cuocile 20 minuti con fagioli, carota e cipolla: è una"
            " zuppa che il"
            " giorno dopo è ancora più buona.",
            "Take out the rib and cut the leaves into strips. Cook for 20 minutes with beans, a carrot and an"
            " onion: the soup"
            " is even better the next day.",
        ),
    ),
    "verza": Told(
        "verze, cavolo verza, cavoli, cavolo, cabbage, savoy",
        (
            "Testa piena e foglie increspate. Ogni verza pesa circa 1,1 chili.",
            "A full head of crinkled leaves, 1.1 kg.",
        ),
        _cool(7),
        (
            "Tagliala a strisce sottili e falla stufare mezz'ora a fuoco basso con una cipolla e mezzo bicchiere"
            " d'acqua. Alla"
            " fine un cucchiaio di aceto.",
            "Cut it into thin strips and let it stew for half an hour over a low flame with an onion and half a"
            " glass of"
            " water. A spoon of vinegar at the end.",
        ),
    ),
    "broccoli": Told(
        "broccolo, broccoletti",
        ("Cime verdi e compatte con il gambo tenero.", "Firm green heads with a tender stalk."),
        _cool(4),
        (
            "Il gambo si mangia: pelalo e taglialo a rondelle. Cuoci tutto 6 minuti a vapore e condisci con olio e"
            " limone.",
            "The stalk is good too: peel and slice it. Steam everything for 6 minutes, then oil and lemon.",
        ),
    ),
    "cavolfiore": Told(
        "cavolfiori, cavolo fiore, cavoli, cavolo bianco",
        ("Bianco e sodo, con le sue foglie. Pesa circa 900 grammi.", "White and firm, with its leaves. About 900 g."),
        _cool(5),
        (
            "Dividilo in cimette, ungile e mettile in forno a 200 gradi per 25 minuti. Quando i bordi sono scuri è"
            " pronto.",
            "Break it into florets, oil them and roast at 200 degrees for 25 minutes. Brown edges mean that it is"
            " ready.",
        ),
    ),
    "spinaci": Told(
        "spinacio, spinacini, spinaci freschi",
        ("Foglie intere, da lavare due volte.", "Whole leaves, to be washed twice."),
        _cool(2),
        (
            "Mettili ancora bagnati in una pentola con il coperchio: in 3 minuti sono cotti. Strizzali e condiscili"
            " con olio"
            " e una grattata di noce moscata.",
            "Put them still wet into a pot with a lid: they are done in 3 minutes. Squeeze them; oil and a little"
            " nutmeg.",
        ),
    ),
    "radicchio": Told(
        "radicchi, radicchio di chioggia, insalata rossa, cicoria rossa, radicchio rosso, salad",
        ("Rosso e croccante, un po' amaro.", "Red and crisp, a little bitter."),
        _cool(6),
        (
            "Taglialo in quattro e scottalo in padella 3 minuti per lato. Un filo di miele gli toglie l'amaro.",
            "Quarter it and sear it in a pan for 3 minutes a side. A little honey takes the bitterness away.",
        ),
    ),
    "catalogna": Told(
        "cicoria, cicoria catalogna, puntarelle, cicorie",
        ("Foglie lunghe e amare, buone cotte.", "Long bitter leaves, good when cooked."),
        _cool(3),
        (
            "Falla bollire 10 minuti in tanta acqua, scolala bene e ripassala in padella con aglio e olio.",
            "Boil it for 10 minutes in plenty of water, drain it well and toss it in a pan with garlic and oil.",
        ),
    ),
    "finocchi": Told(
        "finocchio",
        ("Tondi, teneri, con il loro ciuffo.", "Round and tender, with their fronds."),
        _cool(5),
        (
            "Affettali sottili e mangiali crudi con olio, sale e un'arancia a spicchi. Il ciuffo va sopra, tritato.",
            "Slice them thinly and eat them raw with oil, salt and orange segments. Chop the fronds over it.",
        ),
    ),
    "porri": Told(
        "porro",
        ("Lunghi e bianchi, già puliti dalla terra.", "Long and white, already free of earth."),
        _cool(7),
        (
            "Tagliali a rondelle e cuocili 15 minuti con due patate a pezzi e mezzo litro d'acqua. Frulla: è una"
            " vellutata.",
            "Slice them and cook for 15 minutes with two chopped potatoes and half a litre of water. Blend: a cream"
            " soup.",
        ),
    ),
    "carote": Told(
        "carota, carotine",
        ("Con un po' di terra, così durano di più.", "With a little earth on them: they keep longer that way."),
        _cool(10),
        (
            "Tagliale a bastoncini, in forno a 200 gradi per 30 minuti con olio e salvia.",
            "Cut them into sticks; 30 minutes in the oven at 200 degrees with oil and sage.",
        ),
    ),
    "barbabietole": Told(
        "barbabietola, rape rosse, rapa rossa, bietola rossa, beet, beets",
        ("Crude, con la buccia. Rosse fino in fondo.", "Raw, in their skin. Red all the way through."),
        _cool(10),
        (
            "Falle bollire intere 40 minuti, poi la buccia viene via da sola. A fette con olio, aceto e noci.",
            "Boil them whole for 40 minutes: then the skin slips off. Sliced, with oil, vinegar and walnuts.",
        ),
    ),
    "rape": Told(
        "rapa, rapa bianca, navoni",
        ("Piccole e bianche, con il colletto viola.", "Small and white with a purple collar."),
        _cool(7),
        (
            "Pelale, tagliale a dadi e rosolale 15 minuti in padella con burro e un pizzico di zucchero.",
            "Peel and dice them and brown them in a pan for 15 minutes with butter and a pinch of sugar.",
        ),
    ),
    "patate": Told(
        "patata, patatine, patate gialle",
        ("A pasta gialla, buone per tutto.", "Yellow potatoes, good for everything."),
        _dark("un mese", "a month"),
        (
            "Tagliale a spicchi con la buccia, tienile 10 minuti in acqua fredda, asciugale bene. In forno a 200"
            " gradi per 40"
            " minuti con olio e rosmarino.",
            "Cut them into wedges with the skin, 10 minutes in cold water, dry them well. 40 minutes in the oven at"
            " 200"
            " degrees with oil and rosemary.",
        ),
        variety="Monalisa",
    ),
    "cipolle": Told(
        "cipolla, cipolla dorata, cipolle bionde",
        ("Asciutte e sode, raccolte in estate.", "Dry and firm, picked in summer."),
        _dark("due mesi", "two months"),
        (
            "Affettane quattro e cuocile un'ora a fuoco bassissimo con un filo d'olio e un po' d'acqua: diventano"
            " una crema.",
            "Slice four and cook them for an hour over the lowest flame with a little oil and water: they turn to"
            " cream.",
        ),
    ),
    "aglio": Told(
        "agli, treccia d'aglio",
        ("In treccine da appendere in cucina.", "In small braids to hang in the kitchen."),
        _dark("tre mesi", "three months"),
        (
            "Cuoci una testa intera in forno, nella carta, 40 minuti a 180 gradi: gli spicchi si spalmano.",
            "Bake a whole head in paper for 40 minutes at 180 degrees: the cloves can be spread.",
        ),
    ),
    "topinambur": Told(
        "topinambour, tapinambur, rapa tedesca, carciofo di gerusalemme, sunchoke",
        ("Tuberi nodosi che sanno di carciofo.", "Knobbly tubers that taste of artichoke."),
        _cool(7),
        (
            "Lavali bene e non pelarli. A fette sottili in padella con aglio e prezzemolo, 12 minuti.",
            "Wash them well and do not peel them. Thin slices in a pan with garlic and parsley, 12 minutes.",
        ),
    ),
    "lattuga": Told(
        "insalata, insalate, lattughe, lattughino, cappuccina, salad",
        ("Cespi teneri, tagliati la mattina del ritiro.", "Tender heads, cut on the morning of the pick-up."),
        _cool(3),
        (
            "Lavala, asciugala bene e condiscila solo a tavola: olio, un po' d'aceto, sale.",
            "Wash it, dry it well and dress it only at the table: oil, a little vinegar, salt.",
        ),
        variety="Cappuccio",
        quality="I",
    ),
    "valerianella": Told(
        "songino, soncino, gallinella, insalata, insalatina, valeriana, corn salad, salad",
        ("Ciuffetti piccoli e dolci, da lavare.", "Small sweet tufts, to be washed."),
        _cool(2),
        (
            "Con una mela a fettine, qualche noce e olio: è già un piatto.",
            "With a sliced apple, a few walnuts and oil: that is a dish already.",
        ),
    ),
    "sedano": Told(
        "sedani, gambi di sedano, costa di sedano",
        ("Coste croccanti con le loro foglie.", "Crisp stalks with their leaves."),
        _cool(6),
        (
            "Le foglie non si buttano: tritate con un po' di sale durano mesi e insaporiscono il brodo.",
            "Do not throw the leaves away: chopped with a little salt they keep for months and season a broth.",
        ),
    ),
    "prezzemolo": Told(
        "erbe, odori, erbe aromatiche, prezzemoli, herbs",
        ("Un mazzetto profumato.", "A fragrant sprig."),
        ("In un bicchiere d'acqua, in frigorifero: dura 5 giorni.", "In a glass of water, in the fridge: 5 days."),
        (
            "Tritalo con aglio, capperi e olio: è la salsa verde per patate e uova sode.",
            "Chop it with garlic, capers and oil: a green sauce for potatoes and boiled eggs.",
        ),
    ),
    "rosmarino": Told(
        "erbe, odori, erbe aromatiche, ramerino, rosmarini, herbs",
        ("Rametti appena tagliati.", "Twigs just cut."),
        ("In frigorifero 10 giorni, o appeso ad asciugare.", "10 days in the fridge, or hung up to dry."),
        (
            "Scalda piano due rametti nell'olio per 5 minuti e lascia riposare: è un olio per patate e fagioli.",
            "Warm two twigs gently in oil for 5 minutes and let it rest: an oil for potatoes and beans.",
        ),
    ),
    "salvia": Told(
        "erbe, odori, erbe aromatiche, herbs",
        ("Foglie larghe e vellutate.", "Broad velvety leaves."),
        ("In frigorifero 7 giorni, in un foglio umido.", "7 days in the fridge, in a damp sheet."),
        (
            "Fai sciogliere il burro con sei foglie finché sono croccanti: ci condisci il riso o la zucca.",
            "Melt butter with six leaves until they are crisp: for rice or squash.",
        ),
    ),
    "cachi": Told(
        "caco, kaki, diospiri, loti",
        ("Da mangiare morbidi, con il cucchiaio.", "To be eaten soft, with a spoon."),
        (
            "Duri: accanto a una mela, fuori dal frigorifero. Morbidi: in frigorifero 2 giorni.",
            "Hard: beside an apple, outside the fridge. Soft: 2 days in the fridge.",
        ),
        (
            "Metti la polpa morbida in un bicchiere con uno yogurt e qualche noce spezzata.",
            "Put the soft pulp into a glass with yoghurt and a few broken walnuts.",
        ),
    ),
    "mele": Told(
        "mela, mela renetta, renette, pomi",
        ("Un po' ruvide e asprigne, le migliori da cuocere.", "A little rough and tart, the best ones to cook."),
        _dark("un mese", "a month"),
        (
            "Togli il torsolo, riempi il buco con un cucchiaio di miele e una noce. In forno a 180 gradi per 35"
            " minuti.",
            "Core them, fill the hole with a spoon of honey and a walnut. 35 minutes in the oven at 180 degrees.",
        ),
        variety="Renetta del Canada",
        caliber="70-80 mm",
        quality="I",
    ),
    "pere": Told(
        "pera, pera kaiser, pere invernali",
        ("Grandi e rugginose, dolci anche quando sono sode.", "Large and russet, sweet even while firm."),
        (
            "Sode: fuori dal frigorifero. Quando cedono vicino al picciolo, in frigorifero 4 giorni.",
            "Firm: outside the fridge. Once they give near the stalk, 4 days in the fridge.",
        ),
        (
            "Cuocile sbucciate in mezzo litro di succo di mela con una foglia di salvia, 20 minuti.",
            "Poach them peeled in half a litre of apple juice with a sage leaf, 20 minutes.",
        ),
        variety="Kaiser",
        caliber="65-75 mm",
        quality="I",
    ),
    "noci": Told(
        "noce, noci con guscio, frutta secca, nuts",
        ("Con il guscio, asciugate in solaio.", "In the shell, dried in the loft."),
        _dark("sei mesi", "six months"),
        (
            "Pestale con uno spicchio d'aglio, mollica bagnata e olio: è la salsa di noci per la pasta.",
            "Pound them with a clove of garlic, soaked bread and oil: walnut sauce for pasta.",
        ),
        ingredients_en="walnuts",
    ),
    "miele-acacia": Told(
        "mieli, miele di robinia",
        ("Chiaro e liquido, dalle arnie tra le robinie.", "Pale and runny, from hives among the locust trees."),
        HONEY,
        ("Un cucchiaino su una fetta di zucca calda.", "A teaspoon on a slice of warm squash."),
        ingredients_en="honey",
    ),
    "miele-millefiori": Told(
        "mieli, miele di campo",
        ("Ambrato, dai fiori dei prati intorno alle risaie.", "Amber, from the meadows around the rice fields."),
        HONEY,
        ("Scioglilo in acqua tiepida con limone e rosmarino.", "Stir it into warm water with lemon and rosemary."),
        ingredients_en="honey",
    ),
    "riso": Told(
        "risotto, riso da risotto, chicchi",
        ("Chicchi grandi che tengono la cottura.", "Large grains that keep their bite."),
        DRY,
        (
            "Tosta 160 grammi in un filo d'olio, aggiungi brodo di verdura un mestolo alla volta per 18 minuti."
            " Alla fine un"
            " pezzo di zucca schiacciata.",
            "Toast 160 grams in a little oil, add vegetable broth a ladle at a time for 18 minutes. Mashed squash"
            " at the end.",
        ),
        variety="Carnaroli",
        ingredients_en="rice",
    ),
    "fagioli": Told(
        "fagiolo, borlotti, legumi",
        ("Secchi, dell'ultimo raccolto: non serve bollirli due volte.", "Dried, from the last harvest."),
        DRY,
        (
            "In acqua fredda per una notte. Cambia l'acqua e cuocili 50 minuti con una foglia di salvia; il sale"
            " alla fine.",
            "In cold water overnight. Change the water and cook them for 50 minutes with a sage leaf; salt at the end.",
        ),
        ingredients_en="borlotti beans",
    ),
    "farina-mais": Told(
        "polenta, farina gialla, farina per polenta, farine, cornmeal, corn flour",
        ("Macinata a pietra, per una polenta che sa di mais.", "Stone-ground, for a polenta that tastes of maize."),
        DRY,
        (
            "Un litro d'acqua salata e 250 grammi di farina. Versala a pioggia e mescola ogni tanto per 40 minuti.",
            "A litre of salted water and 250 grams of flour. Pour it in slowly and stir now and then for 40 minutes.",
        ),
        ingredients_en="maize",
    ),
    "passata": Told(
        "sugo, salsa di pomodoro, pomodoro, conserva di pomodoro, tomato sauce",
        (
            "I pomodori dell'estate, cotti e passati il giorno stesso.",
            "Summer tomatoes, cooked and sieved the same day.",
        ),
        _opened(4),
        (
            "Falla andare 15 minuti con uno spicchio d'aglio e olio. È il sugo per due.",
            "Let it simmer for 15 minutes with a clove of garlic and oil. Sauce for two.",
        ),
        ingredients_en="tomato, salt",
    ),
    "confettura": Told(
        "marmellata, marmellata di fichi, fichi, fico, composta",
        ("Fichi maturi e poco zucchero.", "Ripe figs and little sugar."),
        _opened(20),
        ("Su una fetta di polenta abbrustolita.", "On a slice of toasted polenta."),
        ingredients_en="figs, sugar, lemon juice",
    ),
    "giardiniera": Told(
        "sottaceti, verdure sottaceto, verdura in aceto, sottaceto",
        ("Verdure dell'orto, croccanti, in aceto.", "Crisp garden vegetables in vinegar."),
        _opened(15),
        ("Tritata con un uovo sodo, sulle patate lesse.", "Chopped with a boiled egg, on boiled potatoes."),
        ingredients_en="carrots, cauliflower, celery, onions, vinegar, salt",
    ),
    "succo-mela": Told(
        "succhi, succo di mele, succhi di frutta, bevande",
        ("Solo mele spremute.", "Nothing but pressed apples."),
        _opened(3),
        ("Caldo, con una scorza di limone.", "Warm, with a strip of lemon peel."),
        ingredients_en="apples",
    ),
    "uova": Told(
        "uovo, ova, uova di gallina",
        (
            "Di galline che stanno all'aperto, raccolte ogni giorno.",
            "From hens that live outdoors, gathered every day.",
        ),
        ("In frigorifero. La data è sulla confezione.", "In the fridge. The date is on the box."),
        (
            "Sode in 9 minuti dal bollore. Raffreddale subito: si sbucciano meglio.",
            "Hard-boiled 9 minutes after the water boils. Cool them at once: they peel better.",
        ),
    ),
    "zucchine": Told(
        "zucchina, zucchini, zucchino, zucchine chiare",
        ("Chiare e piccole, con il fiore quando c'è.", "Pale and small, with the flower when there is one."),
        _cool(4),
        (
            "A rondelle in padella molto calda, 6 minuti, con aglio e menta.",
            "Sliced in a very hot pan, 6 minutes, with garlic and mint.",
        ),
    ),
    "pomodori": Told(
        "pomodoro, pomodori ramati, pomidoro, pomidori",
        ("A grappolo, raccolti maturi.", "On the vine, picked ripe."),
        ("Fuori dal frigorifero: durano 4 giorni.", "Outside the fridge: 4 days."),
        (
            "A fette con sale e olio, dieci minuti prima di mangiare: fanno il loro sugo.",
            "Sliced with salt and oil ten minutes before eating: they make their own juice.",
        ),
        quality="I",
    ),
    "melanzane": Told(
        "melanzana, melanzane lunghe, petonciano, eggplant",
        ("Lunghe, viola scuro, sode.", "Long, dark purple, firm."),
        _cool(4),
        (
            "A fette sulla piastra, 4 minuti per lato. Condiscile calde con olio, aglio e prezzemolo.",
            "Sliced on the griddle, 4 minutes a side. Dress them while warm with oil, garlic and parsley.",
        ),
    ),
}
