// A scale on a cable (Web Serial: 9600, 8 data bits, no parity, 1 stop bit), or the one that the demo plays.
// Only a weight that stands still is taken over, and only when it is another one: docs/decisions/0017-live-scale.md.
"use strict";
(() => {
  const LEAST = 5; // grams that make another weight
  const SAME = 2; // grams between two looks at the same goods
  const ALIKE = 3; // so many lines alike are a weight that stands still, where the scale does not say
  const SILENT = 1000; // milliseconds after which the last line stands
  const KEPT = "bilancia";
  const scale = window.bilancia;
  const place = document.querySelector("[data-bilancia]");

  let last = null; // what was taken over, or lay there when the screen opened
  let rose = false;
  let alike = [];
  let silence = 0;
  let word = "";
  let sent = JSON.parse(sessionStorage.getItem(KEPT) ?? "null"); // the line before, and what it weighed

  // The goods of the line before may still lie there: their weight is not that of this line.
  function isHeldOver(grams) {
    return sent !== null && sent.line !== scale.line() && Math.abs(grams - sent.grams) <= SAME;
  }

  document.addEventListener("submit", (event) => {
    const line = event.target.getAttribute("action")?.match(/\/righe\/(\d+)\//)?.[1];
    if (line && last) sessionStorage.setItem(KEPT, JSON.stringify({ line, grams: last }));
  }, true);

  function hear(line) {
    const said = scale.read(line);
    if (!said) return;
    clearTimeout(silence);
    if (said.grams === null) return say("guarda");
    const grams = said.grams + (said.net ? tare() : 0);
    if (said.stable === null) {
      alike = [...alike, grams].slice(-ALIKE);
      silence = setTimeout(settle, SILENT, grams);
    }
    const stands = said.stable ?? (alike.length === ALIKE && Math.max(...alike) - Math.min(...alike) <= SAME);
    if (stands) settle(grams);
    else if (Math.abs(grams - (last ?? 0)) >= LEAST) say("aspetta");
  }

  function settle(grams) {
    if (isHeldOver(grams)) {
      last = grams;
      return say("svuota");
    }
    if (sent?.line !== scale.line()) forget();
    say("");
    const isFirst = last === null;
    if (!isFirst && Math.abs(grams - last) < LEAST) return;
    const before = last ?? 0;
    last = grams;
    if (isFirst && scale.grams()) return; // what was written before stays until the scale says something else
    take(grams, before);
  }

  // What is lifted off into the crate keeps its number; what is taken away piece by piece does not.
  function take(grams, before) {
    if (grams < tare() + LEAST) {
      if (!rose && !isEnough(scale.grams())) write(0);
      return;
    }
    rose = grams > before;
    write(grams);
  }

  function write(grams) {
    if (grams !== scale.grams()) scale.write(grams);
  }

  function isEnough(grams) {
    const needs = Number(scale.about().serve) || 0;
    const net = grams - tare();
    return needs > 0 && net * 100 >= needs * 95 && net * 100 <= needs * 110;
  }

  function tare() {
    return Number(scale.about().tara) || 0;
  }

  function forget() {
    sent = null;
    sessionStorage.removeItem(KEPT);
  }

  // One word beside the number, in the place of the hint; the number itself stands still meanwhile.
  function say(name) {
    const reading = document.querySelector(".reading, [data-dice]");
    const own = reading?.querySelector(".say-scale");
    if (!reading || (name === word && Boolean(own) === Boolean(name))) return;
    word = name;
    own?.remove();
    if (!name) return;
    const said = document.createElement("span");
    said.className = "say say-scale";
    said.textContent = place.dataset[name];
    reading.append(said);
  }

  // Without a scale that listens there is one control that looks for it, in the place of what one reads otherwise.
  function show(isThere) {
    for (const part of document.querySelectorAll("[data-scollegata]")) part.hidden = isThere || !navigator.serial;
    for (const part of document.querySelectorAll("[data-collegata]")) part.hidden = !isThere && Boolean(navigator.serial);
    for (const part of document.querySelectorAll("[data-viva]")) part.hidden = !isThere;
    for (const part of document.querySelectorAll("[data-muta]")) part.hidden = isThere;
    if (!isThere) say("");
  }

  async function listen(port) {
    try {
      await port.open({ baudRate: 9600 });
    } catch {
      return false; // another window has it, or the cable is out
    }
    show(true);
    follow(port).finally(() => show(false));
    return true;
  }

  async function follow(port) {
    const text = new TextDecoder("latin1");
    let rest = "";
    while (port.readable) {
      const reader = port.readable.getReader();
      window.addEventListener("pagehide", () => reader.cancel().then(() => port.close()).catch(() => {}), { once: true });
      try {
        for (;;) {
          const { value, done } = await reader.read();
          if (done) return;
          const lines = (rest + text.decode(value, { stream: true })).split(/[\r\n\x03]+/);
          rest = lines.pop().slice(-100);
          lines.forEach(hear);
        }
      } catch {
        // A byte was lost: the port opens a new stream, or none when the cable is out.
      } finally {
        reader.releaseLock();
      }
    }
  }

  async function choose() {
    try {
      if (!(await listen(await navigator.serial.requestPort()))) say("guarda");
    } catch {
      // Nothing was chosen: nothing changes.
    }
  }

  async function begin() {
    for (const port of await navigator.serial.getPorts()) if (await listen(port)) return;
    show(false);
  }

  if (navigator.serial) {
    document.querySelector("[data-collega]")?.addEventListener("click", choose);
    navigator.serial.addEventListener?.("connect", (event) => listen(event.target));
    begin();
  }
  if (place.dataset.prova) {
    const played = new BroadcastChannel(place.dataset.prova);
    played.addEventListener("message", ({ data }) => {
      if (!scale.read(data)) return;
      show(true);
      hear(data);
    });
    played.postMessage("?");
  }
})();
