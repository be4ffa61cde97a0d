// The tutor's recording page: one tap begins, one tap ends and keeps. Nothing is recorded before a tap.
"use strict";
(() => {
  const form = document.querySelector("[data-voce]");
  if (!form || !navigator.mediaDevices || !window.MediaRecorder) return;
  const LONGEST = 20_000; // milliseconds: a sentence, and no forgotten microphone
  let running = null;

  async function begin(button) {
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch {
      document.querySelector("[data-microfono-no]").hidden = false;
      return;
    }
    const pieces = [];
    const recorder = new MediaRecorder(stream);
    const label = button.querySelector("[data-scritta]");
    running = { button, recorder, before: label.textContent };
    label.textContent = button.dataset.ferma;
    button.setAttribute("aria-pressed", "true");
    recorder.addEventListener("dataavailable", (event) => pieces.push(event.data));
    recorder.addEventListener("stop", () => {
      stream.getTracks().forEach((track) => track.stop());
      keep(button, new Blob(pieces, { type: recorder.mimeType }));
    });
    recorder.start();
    setTimeout(() => recorder.state === "recording" && end(), LONGEST);
  }

  function end() {
    const { button, recorder, before } = running;
    button.querySelector("[data-scritta]").textContent = before;
    button.removeAttribute("aria-pressed");
    running = null;
    recorder.stop();
  }

  // The same form as without a microphone: the server answers with the page as it then is.
  function keep(button, sound) {
    const file = new File([sound], "voce", { type: sound.type });
    const chosen = new DataTransfer();
    chosen.items.add(file);
    form.elements.sound.files = chosen.files;
    form.elements.words.value = button.closest("[data-parole]").dataset.parole;
    form.submit();
  }

  for (const button of document.querySelectorAll("[data-registra]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      if (running && running.button === button) end();
      else if (!running) begin(button);
    });
  }

  for (const link of document.querySelectorAll("[data-suona]"))
    link.addEventListener("click", (event) => {
      event.preventDefault();
      new Audio(link.href).play();
    });
})();
