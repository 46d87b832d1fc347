// Files are dropped where they are chosen. Without scripts they are chosen, and controls.css says nothing of dropping.
const zones = [...document.querySelectorAll(".drop")];
// A file that misses a zone is taken by the first: a browser would leave the page and show it.
const zoneOf = (event) => (event.target.closest && event.target.closest(".drop")) || zones[0];
const mark = (zone) => zones.forEach((one) => one.classList.toggle("is-over", one === zone));
const bringsFiles = (event) => event.dataTransfer.types.includes("Files");

const first = (files) => {
  const one = new DataTransfer();
  one.items.add(files[0]);
  return one.files;
};

window.addEventListener("dragover", (event) => {
  if (!bringsFiles(event)) return;
  event.preventDefault();
  mark(zoneOf(event));
});
window.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) mark(null);
});
window.addEventListener("drop", (event) => {
  if (!bringsFiles(event)) return;
  event.preventDefault();
  mark(null);
  const input = zoneOf(event).querySelector('input[type="file"]');
  const { files } = event.dataTransfer;
  input.files = input.multiple || files.length < 2 ? files : first(files);
  input.dispatchEvent(new Event("change", { bubbles: true }));
});
