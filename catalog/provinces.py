"""The provinces of Italy, each with the letters that stand for it and the names that people give it.

Source: ISTAT, "Codici dei comuni, delle province e delle regioni": 107, and the four that Sardinia has had again since
2025 (law of the Region 7/2021). Who moved from Sud Sardegna may write either.
"""

from __future__ import annotations

import unicodedata
from functools import cache

PROVINCES = {
    "AG": "Agrigento",
    "AL": "Alessandria",
    "AN": "Ancona",
    "AO": "Valle d'Aosta/Aosta/Vallée d'Aoste",
    "AP": "Ascoli Piceno",
    "AQ": "L'Aquila/Aquila",
    "AR": "Arezzo",
    "AT": "Asti",
    "AV": "Avellino",
    "BA": "Bari",
    "BG": "Bergamo",
    "BI": "Biella",
    "BL": "Belluno",
    "BN": "Benevento",
    "BO": "Bologna",
    "BR": "Brindisi",
    "BS": "Brescia",
    "BT": "Barletta-Andria-Trani",
    "BZ": "Bolzano/Bozen/Alto Adige/Südtirol/Bolzano Bozen",
    "CA": "Cagliari",
    "CB": "Campobasso",
    "CE": "Caserta",
    "CH": "Chieti",
    "CI": "Sulcis Iglesiente/Carbonia-Iglesias",
    "CL": "Caltanissetta",
    "CN": "Cuneo",
    "CO": "Como",
    "CR": "Cremona",
    "CS": "Cosenza",
    "CT": "Catania",
    "CZ": "Catanzaro",
    "EN": "Enna",
    "FC": "Forlì-Cesena/Forlì e Cesena/Forlì",
    "FE": "Ferrara",
    "FG": "Foggia",
    "FI": "Firenze",
    "FM": "Fermo",
    "FR": "Frosinone",
    "GE": "Genova",
    "GO": "Gorizia",
    "GR": "Grosseto",
    "IM": "Imperia",
    "IS": "Isernia",
    "KR": "Crotone",
    "LC": "Lecco",
    "LE": "Lecce",
    "LI": "Livorno",
    "LO": "Lodi",
    "LT": "Latina",
    "LU": "Lucca",
    "MB": "Monza e della Brianza/Monza e Brianza/Monza-Brianza/Monza",
    "MC": "Macerata",
    "ME": "Messina",
    "MI": "Milano",
    "MN": "Mantova",
    "MO": "Modena",
    "MS": "Massa-Carrara/Massa e Carrara/Massa",
    "MT": "Matera",
    "NA": "Napoli",
    "NO": "Novara",
    "NU": "Nuoro",
    "OG": "Ogliastra",
    "OR": "Oristano",
    "OT": "Gallura Nord-Est Sardegna/Gallura/Olbia-Tempio",
    "PA": "Palermo",
    "PC": "Piacenza",
    "PD": "Padova",
    "PE": "Pescara",
    "PG": "Perugia",
    "PI": "Pisa",
    "PN": "Pordenone",
    "PO": "Prato",
    "PR": "Parma",
    "PT": "Pistoia",
    "PU": "Pesaro e Urbino/Pesaro-Urbino/Pesaro",
    "PV": "Pavia",
    "PZ": "Potenza",
    "RA": "Ravenna",
    "RC": "Reggio di Calabria/Reggio Calabria",
    "RE": "Reggio nell'Emilia/Reggio Emilia",
    "RG": "Ragusa",
    "RI": "Rieti",
    "RM": "Roma/Roma Capitale",
    "RN": "Rimini",
    "RO": "Rovigo",
    "SA": "Salerno",
    "SI": "Siena",
    "SO": "Sondrio",
    "SP": "La Spezia/Spezia",
    "SR": "Siracusa",
    "SS": "Sassari",
    "SU": "Sud Sardegna",
    "SV": "Savona",
    "TA": "Taranto",
    "TE": "Teramo",
    "TN": "Trento/Trentino",
    "TO": "Torino",
    "TP": "Trapani",
    "TR": "Terni",
    "TS": "Trieste",
    "TV": "Treviso",
    "UD": "Udine",
    "VA": "Varese",
    "VB": "Verbano-Cusio-Ossola/Verbania",
    "VC": "Vercelli",
    "VE": "Venezia",
    "VI": "Vicenza",
    "VR": "Verona",
    "VS": "Medio Campidano",
    "VT": "Viterbo",
    "VV": "Vibo Valentia",
}
"""Two letters -> its name, then those that people also give it."""


def find(text: str) -> str | None:
    """The two letters for 'pv', 'Pavia', 'FORLI CESENA', 'Reggio Emilia'; None for what is no province."""
    letters = text.strip().upper()
    return letters if letters in PROVINCES else _by_name().get(_plain(text))


@cache
def _by_name() -> dict[str, str]:
    return {_plain(name): letters for letters, names in PROVINCES.items() for name in names.split("/")}


def _plain(name: str) -> str:
    """Only what makes it this name: no accents, blanks, hyphens, apostrophes, capitals."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", name.casefold()) if sign.isalpha())
