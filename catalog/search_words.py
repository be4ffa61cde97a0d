"""Words that the search knows beside the names of the goods, each list by what is done with it."""

from __future__ import annotations

_OF = "di del dello della dell dei degli delle d da dal al allo alla all ai agli alle in con per a of in with for"
OF = frozenset(_OF.split())
"""What follows says of what it is made, or for what it is."""

AND = frozenset(["e", "ed", "o", "oppure", "and", "or"])
"""What follows is another thing."""

_PASSED_OVER = """
il lo la i gli le l un uno una nell sull the some an any
uno due tre quattro cinque sei sette otto nove dieci dodici venti trenta cento mezzo mezza mezzi mezze paio poco poca
pochi poche tanto tanta tanti tante molto molta molti molte qualche altro altra altri altre alcuni alcune circa
one two three four five six ten dozen half few lot
kg hg g gr l lt lb chilo chili chilogrammo chilogrammi grammo grammi etto etti ettogrammi litro litri euro
kilo kilos gram grams litre litres pound pounds
favore piacere cortesia grazie prego scusa scusi ciao buongiorno buonasera salve please thanks hello
voglio vorrei vorremmo vogliamo cerco cerchiamo compro comprare prendo prendere mi ci serve servono servirebbero
bisogno ho abbiamo dammi dare avere avete hai c sono vendete vendi trovo trovare dove quanto costano prezzo
want need like buy have you do i we me
fresco fresca freschi fresche freschissimo freschissima freschissimi freschissime buono buona buoni buone buonissimo
nostrano nostrana nostrani nostrane locale locali genuino genuina genuini genuine naturale naturali
contadino contadina contadini contadine campagna stagione oggi settimana
bio biologico biologica biologici biologiche km0 fresh local organic farm good
"""
PASSED_OVER = OF | AND | frozenset(_PASSED_OVER.split())
"""They say nothing about which product is meant."""

_MEASURES = """
mazzo mazzi mazzetto mazzetti vasetto vaso vasi sacchetto sacchetti sacco sacchi busta buste borsa cassetta cassette
cassa casse cesto cesta ceste cesti cestino pezzo pezzi costa confezione confezioni scatola scatole barattolo barattoli
bottiglia bottiglie pacco pacchi pacchetto dozzina testa teste cespo cespi rete retina spicchio spicchi
bunch bunches jar bag bags box boxes bottle bottles pack packs piece pieces head heads
"""
MEASURES = frozenset(_MEASURES.split())
"""Passed over beside another word; alone, one of them may be what a product is called: a mixed box, a rib of chard."""

_QUALITIES = """
rosso bianco giallo verde nero viola dorato dorate biondo chiaro chiare scuro scure rosato grande piccolo grosso medio
lungo tondo riccio liscio dolce amaro maturo mature tenero tenere croccante novello precoce tardivo invernale estivo
secco crudo intero intere pulito bello selvatico misto
red white yellow brown green black purple golden sweet big small large ripe dried dry whole baby wild raw
"""
QUALITIES = frozenset(_QUALITIES.split())
"""They tell one sort from another: red apples are apples before they are red."""

_NO_FOOD = """
blu azzurro azzurra celeste turchese blue plastica plastic finto finta finti finte giocattolo regalo gift
consegna consegne delivery domicilio orari orario ritiro pagamento abbonamento telefono contatti
"""
NO_FOOD = frozenset(_NO_FOOD.split())
"""With one of these no food is meant, as long as nothing of ours is called so."""

NAMED_AFTER = frozenset(["gerusalemme", "jerusalem"])
"""What has it in its name is called like something that it is not."""

_SOMETHING_ELSE = """
pane pasta pizza pesto pepe sale olio olive aceto vino birra acqua latte burro panna formaggio cacio yogurt carne pollo
manzo maiale pesce tonno salame caffe te the tisana zucchero cioccolato biscotti torta gelato lievito
melone meloni anguria fragola fragole arancia arance limone limoni mandarino banana banane ananas mango avocado uva
ciliegia ciliegie albicocca albicocche pesca pesche prugna prugne susina susine kiwi melagrana mora more lamponi
mandorla mandorle nocciola nocciole castagna castagne nocino
carciofo carciofi asparagi piselli fave ceci lenticchie soia funghi peperone peperoni peperoncino cetriolo cetrioli
melanzana melanzane zucchina zucchine pomodoro pomodori rucola ravanelli basilico timo menta origano alloro zenzero
fagiolini taccole cavoletti cavolini indivia agretti scarola scalogno cardi puntine cocomero pompelmo clementine
ricotta mozzarella stracchino prosciutto speck salsiccia wurstel pancetta lardo bistecca coniglio agnello vitello
tacchino gamberi cozze acciughe pinoli pistacchi arachidi datteri uvetta lenticchia orzo miglio quinoa pancarre
curcuma farro orzo avena grano fiori rosa rose piante semi
bread pepper salt oil wine beer milk butter cheese meat fish coffee tea sugar roses pear peas peach rice artichoke

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
