// What a scale says, and where it goes: one line of text to grams, and grams to the number that the keys write as well.
// Nothing is sent from here: Fatto is the person's.
"use strict";
(() => {
  const STATUS = /^\d{0,2}(ST|WT|US|OL|UL|QT)\b/; // A&D, CAS, Dini Argeo
  const LETTER = /^([SU])[\s-]*\d/; // CAS, Shimadzu: "S 480.00g"
  const SICS = /^S\s*([SDI+-])(?=\s|$)/; // Mettler Toledo, Kern, Ohaus: "S S 480.0 g"
  const NUMBER = /([+-]?)\s*(\d+)(?:[.,](\d+))?[\s,]*(kg|g|lb|oz|t|pcs?)?(?![a-z])/gi;
  const MOST = 99_999; // five digits, as the keys write

  // "ST,GS,+  0.480kg" -> {grams: 480, stable: true, net: false}; stable is null where the scale does not say.
  // grams is null where the scale says that it cannot weigh; the answer is null for what is no weight at all.
  function read(line) {
    const words = line.replace(/[^\x20-\x7e]/g, "").trim();
    const status = words.match(STATUS)?.[1] ?? "";
    const sics = words.match(SICS)?.[1] ?? "";
    if (/\b(TR|PT)\b/.test(words) || status === "QT") return null; // a tare, a count
    const letter = words.match(LETTER)?.[1] ?? "";
    const mark = sics || letter || status;
    const stable = mark ? ["S", "ST", "WT"].includes(mark) : words.endsWith("?") ? false : null;
    const net = /\bN(T|ET)?\b/.test(words);
    if (["OL", "UL"].includes(status) || ["+", "-", "I"].includes(sics)) return { grams: null, stable, net };
    const found = [...words.replace(SICS, "").matchAll(NUMBER)];
    const said = found.find((one) => one[4]) ?? found.at(-1);
    if (!said || /[a-z]{3,}/i.test(words.replace(/net|pcs?/i, ""))) return null;
    const grams = toGrams(said);
    return { grams: grams !== null && grams <= MOST ? grams : null, stable, net };
  }

  // Without a unit two decimals or more are kilos ("0.480"), fewer are grams ("480", "480.0").
  function toGrams([, sign, whole, part = "", unit = part.length > 1 ? "kg" : "g"]) {
    const kind = unit.toLowerCase();
    if (kind !== "kg" && kind !== "g") return null;
    const grams = Math.round(Number(`${whole}.${part || 0}`) * (kind === "kg" ? 1000 : 1));
    return sign === "-" ? -grams : grams;
  }

  // The keys of a screen with one line, else the field of the plain list that somebody is in.
  let field = null;
  const isGrams = (element) => element?.matches?.(".list-grams[name=grams]");
  const keys = () => document.querySelector("[data-tastiera]");
  const grams = () => Number(keys() ? document.querySelector("[data-lettura]").textContent : field?.value) || 0;
  const about = () => (keys() ? document.querySelector("[data-bilancia]") : field)?.dataset ?? {};

  function write(number) {
    const typed = number ? String(number) : "";
    if (keys()) keys().dispatchEvent(new CustomEvent("peso", { bubbles: true, detail: typed }));
    else if (field) {
      field.value = typed;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }

  function look() {
    if (isGrams(document.activeElement)) field = document.activeElement;
  }

  document.addEventListener("focusin", look);
  look();
  window.bilancia = { read, write, grams, about, line: () => about().riga ?? "" };
})();
