// Fields one types into to choose from a list: selects with type-ahead, and slash commands in the composer.

import { choose, focusing, gesture, where } from "./gestures.js";

const WAIT = 150;

function shown(input, list, options, pick) {
  list.replaceChildren(...options.map((each, index) => item(list, each, index, pick)));
  list.hidden = !options.length;
  input.setAttribute("aria-expanded", String(!list.hidden));
  input.removeAttribute("aria-activedescendant");
  if (options.length) list.scrollIntoView({ block: "nearest" });
}

function item(list, each, index, pick) {
  const made = document.createElement("li");
  made.id = `${list.id}-${index}`;
  made.setAttribute("role", each.nothing ? "note" : "option");
  made.textContent = each.text;
  if (each.description) made.append(Object.assign(document.createElement("small"), { textContent: each.description }));
  if (each.nothing) return made;
  made.setAttribute("aria-selected", "false");
  made.addEventListener("pointerdown", (event) => event.preventDefault());
  made.addEventListener("click", () => pick(each));
  return made;
}

function hide(input, list) {
  list.hidden = true;
  list.replaceChildren();
  input.setAttribute("aria-expanded", "false");
}

// Up and down move through the list, Enter takes, Escape closes the list and nothing else.
function keys(event, input, list) {
  if (list.hidden) return false;
  const options = [...list.querySelectorAll("[role=option]")];
  const at = options.findIndex((each) => each.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    const next = (at + (event.key === "ArrowDown" ? 1 : -1) + options.length) % options.length;
    options.forEach((each, index) => each.setAttribute("aria-selected", String(index === next)));
    if (options[next]) input.setAttribute("aria-activedescendant", options[next].id);
    options[next]?.scrollIntoView({ block: "nearest" });
    return true;
  }
  if (event.key === "Escape") {
    event.preventDefault();
    hide(input, list);
    return true;
  }
  if ((event.key === "Enter" || (event.key === "Tab" && input.id === "composer-text")) && at >= 0) {
    event.preventDefault();
    options[at].click();
    return true;
  }
  return false;
}

// Selects with type-ahead.

const timers = new WeakMap();
const asked = new WeakMap();

async function ask(combo) {
  const input = combo.querySelector("[role=combobox]");
  const list = combo.querySelector("[role=listbox]");
  const query = input.value === input.dataset.chosen ? "" : input.value;
  const turn = {};
  asked.set(combo, turn);
  combo.setAttribute("aria-busy", "true");
  const told = await gesture("suggest", { ...where(combo), query });
  if (asked.get(combo) !== turn) return;
  combo.removeAttribute("aria-busy");
  const picked = new Set([...combo.querySelectorAll(".chips li")].map((each) => each.dataset.value));
  const options = (told.options ?? []).filter((each) => !picked.has(each.value));
  if (!options.length) options.push({ nothing: true, text: query.length < told.least ? `Type ${told.least} characters` : "No results" });
  shown(input, list, options, (each) => take(combo, input, each));
}

// Answers that come after somebody has chosen or looked elsewhere are late.
function leave(combo) {
  clearTimeout(timers.get(combo));
  asked.delete(combo);
  combo.removeAttribute("aria-busy");
  hide(combo.querySelector("[role=combobox]"), combo.querySelector("[role=listbox]"));
}

async function take(combo, input, option) {
  leave(combo);
  const many = combo.dataset.many === "1";
  const picked = [...combo.querySelectorAll(".chips li")].map((each) => each.dataset.value);
  const most = Number(combo.dataset.most) || Infinity;
  input.value = many ? "" : option.text;
  input.dataset.chosen = many ? "" : option.text;
  if (!many) await choose(combo, option.value);
  else if (picked.length < most) await choose(combo, [...picked, option.value]);
}

const comboOf = (element) => (element.matches?.(".combo [role=combobox]") ? element.closest(".combo") : null);

document.addEventListener("focusin", (event) => {
  const combo = comboOf(event.target);
  if (!combo) return;
  event.target.select();
  if (!focusing.quietly) ask(combo);
});
document.addEventListener("click", (event) => {
  const combo = comboOf(event.target);
  if (combo && combo.querySelector("[role=listbox]").hidden) ask(combo);
});
document.addEventListener("input", (event) => {
  const combo = comboOf(event.target);
  if (!combo) return;
  clearTimeout(timers.get(combo));
  timers.set(combo, setTimeout(() => ask(combo), WAIT));
});
document.addEventListener("focusout", (event) => {
  const combo = comboOf(event.target);
  if (!combo) return;
  leave(combo);
  if (!event.target.value && event.target.dataset.chosen) {
    event.target.dataset.chosen = "";
    choose(combo, null);
  } else event.target.value = event.target.dataset.chosen ?? "";
});
document.addEventListener(
  "keydown",
  (event) => {
    const combo = comboOf(event.target);
    if (!combo) return;
    if (keys(event, event.target, combo.querySelector("[role=listbox]"))) event.stopPropagation();
    else if (event.key === "ArrowDown" || event.key === "Enter") {
      event.preventDefault();
      if (event.key === "ArrowDown") ask(combo);
    }
    else if (event.key === "Backspace" && !event.target.value) combo.querySelector(".chips li:last-child button")?.click();
  },
  true,
);

// Slash commands.

const composer = document.getElementById("composer-text");

function completions(text) {
  const hints = new Map(JSON.parse(composer.dataset.hints));
  return JSON.parse(composer.dataset.commands).flatMap((command) => {
    const uses = (hints.get(command) || "").split("|").map((each) => each.trim()).filter(Boolean);
    const whole = { text: command, description: hints.get(command) || "", fill: `${command} ` };
    if (command.startsWith(text) && text.length < command.length) return [whole];
    if (!text.startsWith(command)) return [];
    return uses
      .map((each) => ({ text: `${command} ${each}`, description: "", fill: `${command} ${each.split(" [")[0].split(/ (?=[A-Z]+-)/)[0]} ` }))
      .filter((each) => each.fill.startsWith(text.trimEnd()) && each.fill.trim() !== text.trim());
  });
}

if (composer) {
  const list = document.getElementById("completions");
  const fill = (each) => {
    composer.value = each.fill;
    composer.focus();
    complete();
  };
  const complete = () => shown(composer, list, composer.value.startsWith("/") ? completions(composer.value) : [], fill);
  composer.addEventListener("input", complete);
  composer.addEventListener("blur", () => hide(composer, list));
  composer.addEventListener("keydown", (event) => keys(event, composer, list));
  composer.form.addEventListener("submit", async () => {
    const text = composer.value;
    if (!text.trim()) return;
    composer.value = "";
    hide(composer, list);
    composer.form.setAttribute("aria-busy", "true");
    await gesture("type", { place: document.body.dataset.place, text });
    composer.form.removeAttribute("aria-busy");
  });
}
