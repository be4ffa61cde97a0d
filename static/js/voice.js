// Ascolta: reads what can be seen, only on a tap. A tutor's recording where there is one, else a voice that lives on this
// device: the words of the desk hold names, so they are never sent out to be read. Neither of them: no button.
"use strict";
(() => {
  const own = document.currentScript;
  const listen = document.querySelector("[data-ascolta]");
  const speech = window.speechSynthesis;
  if (!listen || own.dataset.voce !== "si") return;
  const spoken = document.documentElement.lang;
  let recorded = {};
  let playing = 0;
  let sound = null;

  function localVoice() {
    if (!speech) return undefined;
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

  const plain = (words) => (words.toLowerCase().replaceAll("'", "’").match(/[\p{L}\p{N}_’]+/gu) || []).join(" ");

  // As few recordings as possible, the longest first: "Servono 500 grammi" may be three of them. What nobody has recorded stays
  // as written, for the voice of the device.
  function pieces(sentence) {
    const words = sentence.match(/\S+/g) || [];
    const found = [];
    for (let start = 0; start < words.length; ) {
      let end = words.length;
      while (end > start && !recorded[plain(words.slice(start, end).join(" "))]) end--;
      if (end > start) {
        found.push({ sound: recorded[plain(words.slice(start, end).join(" "))] });
        start = end;
      } else {
        const last = found.at(-1);
        if (last && last.words) last.words += ` ${words[start]}`;
        else found.push({ words: words[start] });
        start++;
      }
    }
    return found;
  }

  function play(address) {
    return new Promise((done) => {
      sound = new Audio(address);
      sound.addEventListener("ended", done);
      sound.addEventListener("error", done);
      sound.play().catch(done);
    });
  }

  function say(words) {
    const voice = localVoice();
    if (!voice) return Promise.resolve();
    return new Promise((done) => {
      const sentence = new SpeechSynthesisUtterance(words);
      sentence.voice = voice;
      sentence.lang = voice.lang;
      sentence.rate = 0.9;
      sentence.onend = done;
      sentence.onerror = done;
      speech.speak(sentence);
    });
  }

  function stop() {
    playing++;
    sound?.pause();
    speech?.cancel();
  }

  async function read() {
    stop();
    const mine = playing;
    // A voice that is told to speak in the same breath as it is stopped says nothing in some browsers.
    await new Promise((done) => setTimeout(done, 60));
    const all = whatIsSeen().flatMap(pieces);
    if (all.every((piece) => piece.words)) {
      for (const sentence of whatIsSeen()) say(sentence);
      return;
    }
    for (const piece of all) {
      if (mine !== playing) return;
      await (piece.sound ? play(piece.sound) : say(piece.words));
    }
  }

  function offer() {
    listen.hidden = !localVoice() && !whatIsSeen().flatMap(pieces).every((piece) => piece.sound);
  }

  async function learn() {
    if (spoken !== "it" || !own.dataset.voci) return;
    try {
      const answer = await fetch("/banco/voci", { headers: { Accept: "application/json" } });
      if (answer.ok) recorded = await answer.json();
    } catch {
      // Without the network only the voice of the device reads.
    }
    offer();
  }

  offer();
  speech?.addEventListener?.("voiceschanged", offer);
  listen.addEventListener("click", read);
  window.addEventListener("pagehide", stop);
  learn();
})();
