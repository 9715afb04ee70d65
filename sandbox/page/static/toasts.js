// What Slack itself says to somebody; shown above everything, also above an open modal.

const STAYS = 9000;

export function toast(text) {
  const place = document.getElementById("toasts");
  const told = document.createElement("p");
  told.textContent = text;
  place.append(told);
  if (place.matches(":popover-open")) place.hidePopover();
  place.showPopover();
  setTimeout(() => {
    told.remove();
    if (!place.children.length && place.matches(":popover-open")) place.hidePopover();
  }, STAYS);
}
