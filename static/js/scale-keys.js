// A scale that writes as a keyboard does: digits and Enter, faster than any hand. It writes the number; Fatto is another Enter.
"use strict";
(() => {
  const FAST = 50; // milliseconds between two keys
  let written = "";
  let at = -Infinity;
  let isScales = false; // the Enter before was the scale's: some send two

  function hear(event) {
    if (event.repeat) return;
    const isFast = event.timeStamp - at <= FAST;
    at = event.timeStamp;
    if (event.key.length === 1) {
      written = isFast ? written + event.key : event.key;
      isScales = false;
      if (isFast && event.key === " ") event.preventDefault(); // the space before a unit presses no button
      return;
    }
    if (event.key !== "Enter" && event.key !== "Tab") return;
    const said = isFast && written.length > 1 ? window.bilancia.read(written) : null;
    if (said || (isFast && isScales)) event.preventDefault();
    isScales = Boolean(said) || (isFast && isScales);
    written = "";
    if (said?.grams > 0) take(said);
  }

  function take(said) {
    const bowl = said.net ? Number(window.bilancia.about().tara) || 0 : 0;
    window.bilancia.write(said.grams + bowl);
    if (document.querySelector("[data-tastiera]")) document.querySelector("[data-azione=principale]").focus();
  }

  document.addEventListener("keydown", hear, true);
})();
