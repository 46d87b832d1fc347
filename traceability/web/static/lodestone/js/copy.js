// Copies the full hash of a chip. Without this file the button stays hidden and the full hash stands in the details.
const show = (part) => {
  for (const button of part.querySelectorAll("button[data-copy]")) button.hidden = !navigator.clipboard;
};
show(document);
document.addEventListener("htmx:load", (event) => show(event.target));

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  const label = button.getAttribute("aria-label");
  button.classList.add("is-done");
  button.setAttribute("aria-label", button.dataset.copied);
  setTimeout(() => {
    button.classList.remove("is-done");
    button.setAttribute("aria-label", label);
  }, 2000);
});
