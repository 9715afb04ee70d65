// The window: what changes arrives as HTML of whole regions and is laid over what is there.

import "./choosing.js";
import { focusWrong } from "./gestures.js";
import { morph } from "./morph.js";
import { toast } from "./toasts.js";

const root = document.documentElement;
const { me, place, toasts } = document.body.dataset;
const scroller = document.querySelector(".scroll");
const NEAR = 120;

const atEnd = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR;
const toEnd = () => scroller.scrollTo({ top: scroller.scrollHeight });

function show(name, html) {
  const region = document.querySelector(`[data-region="${name}"]`);
  if (!region) return;
  const stay = name === "conversation" && !atEnd();
  const message = region.contains(document.activeElement) && document.activeElement.closest("[data-message]");
  morph(region, html);
  if (message && lost() && message.isConnected) message.focus({ preventScroll: true });
  if (name === "conversation" && !stay && place !== "home") toEnd();
  if (name === "modal") openModal(region);
}

// Somebody at the keyboard goes on where they were, though the button they pressed, or a modal, is gone.

let before = null;
const lost = () => document.activeElement === document.body;

function goOn() {
  if (!before) return;
  const back = before.isConnected ? before : document.getElementById("composer-text");
  before = null;
  if (lost()) back?.focus({ preventScroll: true });
}

// A modal opens as soon as it is there.
function openModal(region) {
  const dialog = region.querySelector("dialog.modal");
  if (!dialog) return goOn();
  if (!dialog.open) {
    before ??= document.activeElement;
    const first = dialog.querySelector("[autofocus]") ?? dialog.querySelector(".blocks :is(input, textarea, select, button):not([role=combobox])");
    dialog.showModal();
    (first ?? dialog.querySelector("footer button:last-child"))?.focus({ preventScroll: true });
  }
  focusWrong(dialog);
}

// A browser gives one workspace six connections: a window that nobody looks at lets go of its own.

let live = null;
let seen = toasts;

function listen() {
  if (live || document.hidden) return;
  live = new EventSource(`/as/${me}/${place}/live?toasts=${seen}`);
  live.addEventListener("region", ({ data, lastEventId }) => {
    const { name, html } = JSON.parse(data);
    seen = lastEventId;
    show(name, html);
    document.body.dataset.live = "1";
  });
  live.addEventListener("toast", ({ data, lastEventId }) => {
    seen = lastEventId;
    toast(JSON.parse(data).text);
  });
  live.addEventListener("error", () => document.body.classList.add("away"));
  live.addEventListener("open", () => document.body.classList.remove("away"));
}

function rest() {
  live?.close();
  live = null;
}

document.addEventListener("visibilitychange", () => (document.hidden ? rest() : listen()));
addEventListener("pagehide", rest);
addEventListener("pageshow", listen);
listen();

// Light and dark: as the system has it, until somebody says otherwise.

document.querySelector("[data-theme-switch]").addEventListener("click", () => {
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  document.cookie = `theme=${root.dataset.theme}; path=/; max-age=31536000; samesite=strict`;
});

// On narrow screens the side bar and the panes are drawers; menus close when somebody looks elsewhere.

function drawer(name, open) {
  const part = document.getElementById(name);
  part.classList.toggle("open", open);
  document.querySelector(`[data-drawer="${name}"]`).setAttribute("aria-expanded", String(open));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-drawer]");
  for (const name of ["side", "behind"]) {
    const part = document.getElementById(name);
    if (button?.dataset.drawer === name) drawer(name, !part.classList.contains("open"));
    else if (!part.contains(event.target)) drawer(name, false);
  }
  for (const each of document.querySelectorAll("details.menu[open]")) if (!each.contains(event.target)) each.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const each of document.querySelectorAll("details.menu[open]")) {
    each.open = false;
    each.querySelector("summary").focus();
  }
  drawer("side", false);
  drawer("behind", false);
});

// Which panes are open is remembered for this tab, from place to place.

for (const each of document.querySelectorAll("details.pane")) {
  const key = `pane ${each.querySelector("summary").textContent}`;
  const kept = sessionStorage.getItem(key);
  if (kept) each.open = kept === "open";
  each.addEventListener("toggle", () => sessionStorage.setItem(key, each.open ? "open" : "shut"));
}

toEnd();
if (matchMedia("(min-width: 720px)").matches) document.getElementById("composer-text")?.focus({ preventScroll: true });
openModal(document.querySelector('[data-region="modal"]'));
