// Brings a part of the page up to date in place, so that focus, scroll positions, open menus and typed text stay.

const KEPT_ATTRIBUTES = new Set(["open", "data-busy", "aria-busy", "data-dirty", "data-held", "data-errors"]);

export function morph(region, html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  children(region, template.content);
}

// White space between elements means nothing, but inside of text it does.
const idle = (node) => node.nodeType === Node.TEXT_NODE && !node.data.trim() && !node.parentElement?.closest(".text, pre");

function move(parent, node, before) {
  if (parent.moveBefore) parent.moveBefore(node, before);
  else parent.insertBefore(node, before);
}

function children(parent, wanted) {
  for (const each of [...parent.childNodes]) if (idle(each)) each.remove();
  const keyed = new Map();
  for (const each of parent.children) if (each.id) keyed.set(each.id, each);
  let at = parent.firstChild;
  for (const next of [...wanted.childNodes].filter((each) => !idle(each))) {
    const match = next.id ? keyed.get(next.id) : sameKind(at, next);
    if (!match) {
      parent.insertBefore(next, at);
      continue;
    }
    if (match === at) at = at.nextSibling;
    else move(parent, match, at);
    update(match, next);
  }
  while (at) {
    const gone = at;
    at = at.nextSibling;
    gone.remove();
  }
}

function sameKind(node, wanted) {
  if (!node || node.nodeType !== wanted.nodeType || node.nodeName !== wanted.nodeName) return null;
  return node.id || wanted.id ? null : node;
}

function update(node, wanted) {
  if (node.nodeName !== wanted.nodeName) {
    node.replaceWith(wanted);
    return;
  }
  if (node.nodeType !== Node.ELEMENT_NODE) {
    if (node.data !== wanted.data) node.data = wanted.data;
    return;
  }
  if (node.hasAttribute("data-keep") || (node.matches("dialog.confirm") && node.open)) return;
  const changed = node.matches("[data-message]") && plainText(node) !== plainText(wanted);
  const value = wanted.value;
  attributes(node, wanted);
  children(node, wanted);
  values(node, wanted, value);
  if (changed) flash(node);
}

const plainText = (node) => node.textContent.replace(/\s+/g, " ");

function attributes(node, wanted) {
  for (const { name } of [...node.attributes]) {
    if (!wanted.hasAttribute(name) && !KEPT_ATTRIBUTES.has(name)) node.removeAttribute(name);
  }
  for (const { name, value } of wanted.attributes) {
    if (KEPT_ATTRIBUTES.has(name)) continue;
    if (node.getAttribute(name) !== value) node.setAttribute(name, value);
  }
}

// What somebody is typing just now is theirs; everything else is as the workspace has it.
function values(node, wanted, value) {
  if (node === document.activeElement && node.matches("input[type=text], textarea")) return;
  if (node.matches("[data-dirty], [data-held]")) return;
  if (node.matches("input[type=radio], input[type=checkbox]")) node.checked = wanted.hasAttribute("checked");
  else if (node.matches("input:not([type=file]), textarea, select") && node.value !== value) node.value = value;
}

function flash(node) {
  node.classList.remove("changed");
  void node.offsetWidth;
  node.classList.add("changed");
}
