"""What breaks each rule of the meter once: changes of the good screen (`good/screen.html`), and nothing else on it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

GOOD = Path(__file__).parent / "good/screen.html"


@dataclass(frozen=True)
class Breach:
    """``style``: one more rule of style; ``old``: what stands on the good screen once, and ``new`` in its place."""

    criterion: int
    why: str
    style: str = ""
    old: str = ""
    new: str = ""

    def page(self) -> str:
        """The good screen with this one fault. Raises ValueError where ``old`` is not there once."""
        html = GOOD.read_text()
        if self.old and html.count(self.old) != 1:
            raise ValueError(self.old)
        html = html.replace(self.old, self.new) if self.old else html
        return html.replace("</head>", f"<style>{self.style}</style></head>") if self.style else html

    def __str__(self) -> str:
        return f"{self.criterion}: {self.why}"


LINE = "Guarda il peso e scrivi i numeri."
KEY = '<button class="key">4</button>'
BESIDE = '<a class="control" href="#"><svg viewBox="0 0 9 9"><path d="M1 1h7"/></svg><span>No, aspetta</span></a>'
TICK = '<svg width="24" height="24" viewBox="0 0 9 9"><path d="M1 5l3 3 4-7"/></svg>'
FIELD = '<input inputmode="numeric" style="width:200px;height:120px">'
LATE = """<script>addEventListener("load", () => setTimeout(() => {
  const late = document.createElement("p");
  late.style.height = "60px";
  late.id = "late";
  document.querySelector(".tell").prepend(late);
}, 100));</script>"""
LATER = '<script>setTimeout(() => { document.querySelector(".need").textContent = "600 grammi"; }, 600_000);</script>'

BREACHES = [
    Breach(
        1,
        "four choices beside the keys",
        "@media (min-width: 900px) { .action { grid-template-columns: 464px 1fr; } }"
        " .beside { display: grid; grid-template-columns: repeat(auto-fit, minmax(120px, 1fr)); gap: 16px; }",
        BESIDE,
        BESIDE.replace("No, aspetta", "Uno") + BESIDE.replace("No, aspetta", "Altro") + BESIDE,
    ),
    Breach(
        2,
        "the second control is larger than the main action",
        ".action { grid-template-columns: 1fr 264px; } .beside .control { min-height: 160px; }",
    ),
    Breach(3, "four sentences", old=f"<p>{LINE}</p>", new=f"<p>{LINE}</p><p>Poi guarda.</p><p>Poi conta.</p>"),
    Breach(4, "no verb of the glossary first", old="Pesa:", new="Pesatura di:"),
    Breach(
        5,
        "six steps are drawn",
        old=f'di 3<ol class="steps"><li>{TICK}</li><li aria-current="step">2</li><li>3</li>',
        new=f'di 6<ol class="steps"><li>{TICK}</li><li aria-current="step">2</li>' + "<li>3</li>" * 4,
    ),
    Breach(6, "how much is not in sight", old='need">500 grammi', new='need">1 chilo scarso'),
    Breach(7, "the main action is below the screen", ".action { top: 900px; }"),
    Breach(
        7,
        "words lie under the main action",
        ".action { left: 576px; width: 440px; grid-template-columns: 160px 1fr; } .main-action { min-height: 132px; }"
        " .tell > p:last-child { margin-top: 420px; }",
    ),
    Breach(8, "a box like a button", ".need { border: 2px solid #111; border-radius: 12px; background: #eee; }"),
    Breach(9, "a key of 100 px", ".key { width: 100px; min-height: 100px; }"),
    Breach(10, "controls 8 px apart", ".bar { gap: 8px; }"),
    Breach(12, "a field", old=KEY, new=f'<label>{TICK}<span class="unseen">Peso</span>{FIELD}</label>'),
    Breach(14, "bar and main action stand elsewhere", ".bar { padding-left: 40px; } .action { top: 640px; }"),
    Breach(16, "undo of one knows not what", old=": <small>2 mazzi</small>", new=""),
    Breach(19, "a key that cannot be used", old=KEY, new=f'{KEY}<button class="key" disabled>5</button>'),
    Breach(20, "yes and no of one colour", ".main-action { background: #fff; color: #111; }"),
    Breach(22, "a word of blame", old=LINE, new="Peso sbagliato: scrivi i numeri."),
    Breach(24, "it fades", "@keyframes blink { to { opacity: 0.5; } } .main-action { animation: blink 1s infinite; }"),
    Breach(24, "ten minutes later another number", old="</body>", new=f"{LATER}</body>"),
    Breach(25, "something comes late and pushes the rest down", old="</body>", new=f"{LATE}</body>"),
    Breach(26, "a score", old=LINE, new="Hai 12 punti in classifica."),
    Breach(
        27,
        "a text of the office: Gulpease 40 and less",
        old=LINE,
        new="Procedere alla registrazione definitiva della giacenza ortofrutticola complessivamente poi disponibile.",
    ),
    Breach(28, "a sentence of twelve words", old=LINE, new="Guarda il peso e poi scrivi i numeri che tu ci vedi."),
    Breach(28, "two sentences in a line", old=f"500 grammi</p>\n<p>{LINE}", new="Servono 500 grammi. Scrivi i numeri."),
    Breach(31, "letters of 16 px", ".tell p { font-size: 16px; }"),
    Breach(32, "no unit", old="<span>grammi</span>", new=""),
    Breach(33, "no picture", old=BESIDE, new='<a class="control" href="#"><span>No, aspetta</span></a>'),
    Breach(34, "a picture of 120 px", ".picture > img { width: 120px; height: 120px; }"),
    Breach(36, "grey letters: 4.5 to 1", ".tell p { color: #767676; }"),
    Breach(36, "at 200 % it goes sideways", ".tell { width: 560px; }"),
    Breach(36, "at 200 % words are gone", "@media (max-width: 900px) { .need { display: none; } }"),
    Breach(36, "with wider spacing words are cut", ".need { width: 140px; height: 40px; overflow: hidden; }"),
    Breach(36, "at 200 % one lies over the other", ".tell > p:last-child { margin-top: -24px; }"),
    Breach(37, "no help", old='class="bar-help"', new='class="bar-other"'),
]  # fmt: skip
