// Everything somebody does: it is sent to the sandbox, which makes the very gestures that Slack would.

import { toast } from "./toasts.js";

const me = document.body.dataset.me;

async function post(address, sent) {
  try {
    const answer = await fetch(address, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(sent),
    });
    if (!answer.ok) throw new Error(await answer.text());
    const told = await answer.json();
    if (told.problem) toast(told.problem);
    return told;
  } catch {
    toast("The page lost its workspace. Is the demo still running?");
    return { problem: "gone" };
  }
}

// Gestures happen one after the other, in the order in which they were made; only asking for options overtakes.
let line = Promise.resolve();

export function gesture(name, sent) {
  const send = () => post(`/as/${me}/do/${name}`, sent);
  if (name === "suggest") return send();
  line = line.then(send);
  return line;
}

export const where = (element) => {
  const { source, block, action } = element.closest("[data-source]").dataset;
  return { source, block, action };
};

async function busy(element, work) {
  element.setAttribute("aria-busy", "true");
  try {
    return await work();
  } finally {
    element.removeAttribute("aria-busy");
  }
}

// A confirm dialog stands between a press and what it does.
function agreed(element) {
  const id = element.closest("[data-source]").dataset.confirm;
  const dialog = id && document.getElementById(id);
  if (!dialog) return Promise.resolve(true);
  return new Promise((resolve) => {
    const answer = (yes) => {
      dialog.close();
      resolve(yes);
    };
    dialog.querySelector("[data-confirm-yes]").onclick = () => answer(true);
    dialog.querySelector("[data-confirm-no]").onclick = () => answer(false);
    dialog.oncancel = (event) => {
      event.stopPropagation();
      resolve(false);
    };
    dialog.showModal();
  });
}

// What was typed is sent when somebody leaves the field, and before anything else they do.
export function flush() {
  document.querySelectorAll("[data-dirty]").forEach(sendTyped);
}

const underway = new WeakMap();

async function sendTyped(element) {
  const { value } = element;
  if (!element.hasAttribute("data-dirty") || underway.get(element) === value) return;
  underway.set(element, value);
  await gesture("choose", { ...where(element), value });
  underway.delete(element);
  if (element.value === value) element.removeAttribute("data-dirty");
}

// Until the workspace knows what was chosen, it stays on the screen as it was chosen.
export async function choose(element, value) {
  const held = [element, ...element.querySelectorAll("input")];
  for (const each of held) each.setAttribute("data-held", "1");
  flush();
  await gesture("choose", { ...where(element), value });
  for (const each of held) each.removeAttribute("data-held");
}

async function press(button) {
  if (button.getAttribute("aria-busy") || !(await agreed(button))) return;
  flush();
  await busy(button, () => gesture("press", where(button)));
}

async function chosen(element) {
  if (await agreed(element)) await choose(element, element.value);
}

async function boxes(input) {
  const ticked = [...input.closest(".boxes").querySelectorAll("input:checked")].map((each) => each.value);
  if (await agreed(input)) await choose(input.closest(".boxes"), input.type === "radio" ? input.value : ticked);
}

async function pick(button) {
  button.closest("details").open = false;
  if (await agreed(button)) await choose(button, button.value);
}

async function submit(form) {
  const dialog = form.closest("dialog");
  if (dialog.dataset.busy) return;
  dialog.dataset.busy = "1";
  flush();
  const told = await gesture("submit", { view: dialog.dataset.view });
  delete dialog.dataset.busy;
  if (told.errors && Object.keys(told.errors).length) dialog.dataset.errors = "1";
  focusWrong(dialog);
}

// After a refused submission the first wrong field has the focus, as soon as it is marked; its list stays shut, for
// it would cover what is said below.
export const focusing = { quietly: false };

export function focusWrong(dialog) {
  const wrong = dialog.dataset.errors && dialog.querySelector("[aria-invalid]");
  if (!wrong) return;
  delete dialog.dataset.errors;
  focusing.quietly = true;
  wrong.focus();
  focusing.quietly = false;
}

async function leave(dialog, name) {
  if (dialog.dataset.busy) return;
  dialog.dataset.busy = "1";
  await gesture(name, { view: dialog.dataset.view });
  delete dialog.dataset.busy;
}

async function lever(button) {
  const { title } = button; // what it says now: it may change with what it does
  const told = await busy(button, () => post(`/world/${button.dataset.lever}`, {}));
  const said = document.getElementById("ordered");
  if (said && !told.problem && button.closest("#pane-faults")) said.textContent = title;
}

async function unpick(button) {
  const combo = button.closest(".combo");
  const gone = button.closest("li").dataset.value;
  const left = [...combo.querySelectorAll(".chips li")].map((each) => each.dataset.value).filter((each) => each !== gone);
  await choose(combo, left);
  combo.querySelector("[role=combobox]").focus();
}

const CLICKS = {
  press,
  pick,
  unpick,
  dismiss: (button) => leave(button.closest("dialog"), "dismiss"),
  close: (button) => leave(button.closest("dialog"), "close"),
  shortcut: (button) => {
    button.closest("details").open = false;
    return gesture("shortcut", { name: button.value });
  },
};

document.addEventListener("click", (event) => {
  const pulled = event.target.closest("[data-lever]");
  if (pulled) lever(pulled);
  const button = event.target.closest("button[data-do], a[data-do]");
  const act = button && CLICKS[button.dataset.do];
  if (act) act(button);
});

document.addEventListener("change", (event) => {
  const element = event.target;
  if (element.dataset.do === "choose") chosen(element);
  if (element.dataset.do === "boxes") boxes(element);
  if (element.dataset.do === "typed") sendTyped(element);
  if (element.dataset.do === "file") choose(element, [...element.files].map(({ name, size }) => ({ name, size })));
});

document.addEventListener("input", (event) => {
  const element = event.target;
  if (element.dataset.do !== "typed") return;
  element.setAttribute("data-dirty", "1");
  const count = element.parentElement.querySelector("[data-count]");
  const left = element.maxLength - element.value.length;
  if (count) count.hidden = left > 200 || element.maxLength < 0;
  if (count) count.textContent = `${left} characters left`;
});

document.addEventListener("keydown", async (event) => {
  const element = event.target;
  if (event.key !== "Enter" || element.dataset?.do !== "typed") return;
  if ((event.ctrlKey || event.metaKey) && element.form) element.form.requestSubmit();
  else if (element.dataset.enter && element.matches("input")) {
    event.preventDefault();
    flush();
    await gesture("enter", where(element));
  }
});

document.addEventListener("submit", (event) => {
  event.preventDefault();
  if (event.target.dataset.do === "submit") submit(event.target);
});

// Escape closes the modal on top as its close button does.
document.addEventListener(
  "cancel",
  (event) => {
    if (!event.target.matches("dialog.modal")) return;
    event.preventDefault();
    leave(event.target, "close");
  },
  true,
);
