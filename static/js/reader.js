// A badge reader writes what it reads as a keyboard would, then Enter. Only pages with a place for a code listen, and only
// what looks like one is taken.
"use strict";
(() => {
  const place = document.querySelector("form[data-codice]");
  const shape = new RegExp(place.dataset.codice);
  const PLAIN = { Minus: "-", Slash: "/", Period: ".", Semicolon: ";" };
  const SHIFTED = { Minus: "_", Slash: "?", Period: ">", Semicolon: ":" };
  const PAUSE = 1000; // milliseconds: no reader is that slow
  let written = "";
  let pressed = "";
  let last = 0;

  // Most readers press the keys of an American keyboard; a PC may take them for those of another one. So both are kept:
  // what the keys wrote, and which keys they were.
  function american({ code, shiftKey }) {
    const key = code.match(/^(?:Key([A-Z])|Digit(\d))$/);
    if (key?.[1]) return shiftKey ? key[1] : key[1].toLowerCase();
    return key?.[2] ?? (shiftKey ? SHIFTED : PLAIN)[code] ?? "";
  }

  document.addEventListener("keydown", (event) => {
    if (event.timeStamp - last > PAUSE) written = pressed = ""; // what somebody pressed before it
    last = event.timeStamp;
    if (event.key.length === 1) {
      written += event.key;
      pressed += american(event);
    }
    if (event.key !== "Enter") return;
    const read = [written, pressed].find((text) => shape.test(text));
    written = pressed = "";
    if (!read) return;
    event.preventDefault();
    place.elements.codice.value = read;
    place.requestSubmit();
  });
})();
