// Small enhancements of the desk; every screen works without them. Nothing here begins by itself: all of it answers a tap.
"use strict";
(() => {
  const own = document.currentScript;

  // Ascolta: reads what the screen says, with a voice that lives on this device. No such voice: no button.
  const listen = document.querySelector("[data-ascolta]");
  const speech = window.speechSynthesis;

  function localVoice() {
    const spoken = document.documentElement.lang;
    const voices = speech.getVoices().filter((voice) => voice.localService && voice.lang.toLowerCase().startsWith(spoken));
    return voices.find((voice) => voice.default) || voices[0];
  }

  function isSeen(element) {
    return element.checkVisibility ? element.checkVisibility() : element.offsetParent !== null;
  }

  // The words of the instruction, then those of the buttons: exactly what can be seen, one sentence each.
  function whatIsSeen() {
    const screen = document.querySelector("main");
    const found = screen.querySelectorAll("h1, .step > span, p, .reading, a, button, li > small");
    return [...found]
      .filter((element) => isSeen(element) && !element.matches(".key") && !element.closest(".unseen, ol"))
      .filter((element) => !element.parentElement.closest("a, button, p, .reading"))
      .map((element) => element.innerText.replace(/\s+/g, " ").trim())
      .filter(Boolean);
  }

  function read() {
    speech.cancel();
    const voice = localVoice();
    // A voice that is told to speak in the same breath as it is stopped says nothing in some browsers.
    setTimeout(() => {
      for (const words of whatIsSeen()) {
        const sentence = new SpeechSynthesisUtterance(words);
        sentence.voice = voice;
        sentence.lang = voice.lang;
        sentence.rate = 0.9;
        speech.speak(sentence);
      }
    }, 60);
  }

  function offerToRead() {
    listen.hidden = !localVoice();
  }

  if (listen && speech && own.dataset.voce === "si") {
    offerToRead();
    speech.addEventListener?.("voiceschanged", offerToRead);
    listen.addEventListener("click", read);
    window.addEventListener("pagehide", () => speech.cancel());
  }

  // A badge reader writes what it reads as a keyboard would, then Enter. Only the badge page listens, and only for a token.
  if (document.querySelector("[data-cartellino]")) {
    let written = "";
    document.addEventListener("keydown", (event) => {
      if (event.key.length === 1) written += event.key;
      if (event.key !== "Enter") return;
      const token = written.match(/[A-Za-z0-9_-]{20,}$/);
      written = "";
      if (!token) return;
      event.preventDefault();
      location.assign(`/banco/cartellino/${token[0]}`);
    });
  }

  // Keys: the number changes at once and no tap is lost; the page behind it comes from the server as always.
  let asked = 0;

  async function press(key) {
    const form = key.form;
    const name = form.dataset.tastiera;
    const typed = String(Number(key.value) || "");
    show(form, typed);
    keepSilent();
    const page = new URL(form.action, location.href);
    new FormData(form).forEach((value, field) => page.searchParams.set(field, value));
    page.searchParams.set(name, typed);
    history.replaceState(null, "", page); // a reload keeps the number
    const mine = ++asked;
    try {
      const answer = await fetch(page, { headers: { Accept: "text/html" } });
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      const bar = fresh.querySelector(".ruler-weigh");
      const reading = fresh.querySelector(".reading");
      if (mine !== asked || !answer.ok || !bar || !reading) return;
      document.querySelector(".ruler-weigh")?.replaceWith(bar);
      document.querySelector(".reading")?.replaceChildren(...reading.childNodes);
    } catch {
      // Without the network the number stands all the same, and nothing is said of it.
    }
  }

  // What each key would lead to, as the macro writes it: the digits so far and its own.
  function show(form, typed) {
    const most = Number(form.dataset.cifre);
    for (const key of form.querySelectorAll(".key")) {
      const digit = key.innerText.trim();
      key.value = key.matches(".key-erase") ? typed.slice(0, -1) : String(Number((typed + digit).slice(0, most)));
    }
    const number = document.querySelector("[data-lettura]");
    if (number) number.textContent = typed || "0";
    const unit = document.querySelector(".reading [data-uno]");
    if (unit) unit.textContent = typed === "1" ? unit.dataset.uno : unit.dataset.tanti;
    for (const field of document.querySelectorAll(`.principal input[name="${form.dataset.campo}"]`)) field.value = typed;
    for (const field of document.querySelectorAll('input[name="da"]')) field.value = withDigits(field.value, form, typed);
    for (const hint of document.querySelectorAll(".control-hint")) hint.href = withDigits(hint.href, form, typed);
  }

  // A hint and a bar belong to the number that they were said of: for another one there are none until the server knows.
  function keepSilent() {
    for (const said of document.querySelectorAll(".reading .say, .ruler-fill, .ruler-ticks, .ruler-end")) said.remove();
  }

  function withDigits(address, form, typed) {
    const page = new URL(address, location.href);
    page.searchParams.set(form.dataset.tastiera, typed);
    return page.pathname + page.search;
  }

  // An empty field of the plain list is asked for in the words of the desk, and nothing beside it is lost.
  for (const field of document.querySelectorAll("[data-chiede]")) {
    field.addEventListener("invalid", () => field.setCustomValidity(field.dataset.chiede));
    field.addEventListener("input", () => field.setCustomValidity(""));
  }

  document.addEventListener("click", (event) => {
    const key = event.target.closest("[data-tastiera] .key");
    if (!key) return;
    event.preventDefault();
    press(key);
  });
})();
