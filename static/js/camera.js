// The camera reads a QR on the tablet itself: pictures are looked at here and forgotten, only the text of the code is sent.
// It begins with a tap and ends with a tap, a code, or the page.
"use strict";
(() => {
  const EVERY = 120; // milliseconds between two looks
  const WIDEST = 640; // pixels are enough for a badge at arm's length
  const finder = document.querySelector("[data-mirino]");
  const video = finder.querySelector("video");
  const words = document.querySelector("[data-detto]");
  const first = words.textContent;
  const place = document.querySelector("form[data-codice]");
  const [on, off] = ["accendi", "spegni"].map((name) => document.querySelector(`[data-${name}]`));
  const canvas = document.createElement("canvas");
  const cameras = navigator.mediaDevices; // only over a safe connection
  let stream = null;

  function offer(isThere) {
    for (const part of document.querySelectorAll("[data-con]")) part.hidden = !isThere;
    for (const part of document.querySelectorAll("[data-senza]")) part.hidden = isThere;
  }

  function show(isOn) {
    finder.classList.toggle("is-on", isOn);
    for (const part of finder.children) part.toggleAttribute("hidden", (part === video) !== isOn);
    on.hidden = isOn;
    off.hidden = !isOn;
  }

  async function start() {
    try {
      stream = await cameras.getUserMedia({ video: { facingMode: finder.dataset.mirino, width: { ideal: 1280 } } });
      video.srcObject = stream;
      await video.play();
    } catch (reason) {
      stop();
      words.textContent = reason.name === "NotAllowedError" ? words.dataset.chiusa : words.dataset.manca;
      offer(false);
      return;
    }
    show(true);
    words.textContent = words.dataset.guardo;
    look();
  }

  function stop() {
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = video.srcObject = null;
    words.textContent = first;
    show(false);
  }

  function look() {
    if (!stream) return;
    const text = read();
    if (!text) {
      setTimeout(look, EVERY);
      return;
    }
    stop();
    place.elements.codice.value = text.slice(0, 300);
    place.requestSubmit();
  }

  function read() {
    const scale = Math.min(1, WIDEST / video.videoWidth);
    const [width, height] = [video.videoWidth * scale, video.videoHeight * scale].map(Math.round);
    if (!width || !height) return "";
    [canvas.width, canvas.height] = [width, height];
    const paper = canvas.getContext("2d", { willReadFrequently: true });
    paper.drawImage(video, 0, 0, width, height);
    return jsQR(paper.getImageData(0, 0, width, height).data, width, height, { inversionAttempts: "dontInvert" })?.data;
  }

  if (!cameras?.getUserMedia || !window.jsQR) return;
  offer(true);
  on.addEventListener("click", start);
  off.addEventListener("click", stop);
  window.addEventListener("pagehide", () => stream && stop());
  document.addEventListener("visibilitychange", () => document.hidden && stream && stop());

  // "Cartellino" on the page before was the tap. A reload is none, so the address forgets it.
  const here = new URL(location.href);
  if (here.searchParams.has("fotocamera")) {
    here.searchParams.delete("fotocamera");
    history.replaceState(null, "", here);
    start();
  }
})();
