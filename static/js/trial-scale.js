// The scale that the demo plays: it says on a channel of this browser what a scale on a cable says, moving first, then still.
"use strict";
(() => {
  const plate = document.querySelector("[data-bilancia-di-prova]");
  const channel = new BroadcastChannel(plate.dataset.bilanciaDiProva);
  const WAY = [0.4, 1.15, 0.95]; // how the weight swings until it stands
  const SWING = 120; // milliseconds
  const MOST = 15_000;
  const KEPT = "bilancia-di-prova";
  let grams = Number(sessionStorage.getItem(KEPT)) || 0;
  let swing = [];

  function say(status, weight) {
    const kilos = (Math.abs(weight) / 1000).toFixed(3).padStart(7);
    channel.postMessage(`${status},GS,${weight < 0 ? "-" : "+"}${kilos}kg`);
  }

  function show(isStill) {
    plate.querySelector("[data-grammi]").textContent = grams;
    plate.querySelector("[data-fermo]").hidden = !isStill;
    plate.querySelector("[data-muove]").hidden = isStill;
  }

  function put(weight) {
    const before = grams;
    grams = Math.min(MOST, Math.max(0, weight));
    sessionStorage.setItem(KEPT, String(grams));
    swing.forEach(clearTimeout);
    swing = WAY.map((part, step) => setTimeout(() => say("US", Math.round(before + (grams - before) * part)), step * SWING));
    swing.push(setTimeout(stand, WAY.length * SWING));
    show(false);
  }

  function stand() {
    swing = [];
    show(true);
    say("ST", grams);
  }

  channel.addEventListener("message", ({ data }) => {
    if (data === "?" && !swing.length) say("ST", grams);
  });
  plate.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (button) put("svuota" in button.dataset ? 0 : grams + Number(button.dataset.metti));
  });
  stand();
})();
