// Adds and removes rows of a formset in the page. Without this file the "add" button asks the server for one more row
// and a row is removed with its box.
for (const set of document.querySelectorAll("[data-formset]")) {
  const prefix = set.dataset.formset;
  const total = set.querySelector(`[name="${prefix}-TOTAL_FORMS"]`);
  const blank = set.querySelector("template");
  const add = set.querySelector("[data-add]");
  if (!total || !blank || !add) continue;

  const remover = (row) => {
    const box = row.querySelector('input[type="checkbox"][name$="-DELETE"]');
    const button = row.querySelector("[data-remove]");
    if (!box || !button) return;
    box.closest(".check").hidden = true;
    button.hidden = false;
    button.addEventListener("click", () => {
      box.checked = true;
      row.classList.add("is-gone");
      add.focus();
    });
    if (box.checked) row.classList.add("is-gone");
  };

  set.querySelectorAll("[data-row]").forEach(remover);
  add.addEventListener("click", (event) => {
    event.preventDefault();
    const number = Number(total.value);
    const shell = document.createElement("template");
    shell.innerHTML = blank.innerHTML.replaceAll("__prefix__", number).replaceAll("__number__", number + 1);
    const row = shell.content.firstElementChild;
    blank.before(row);
    total.value = number + 1;
    remover(row);
    window.htmx?.process(row);
    row.querySelector(".cols :is(input, select, textarea)")?.focus();
  });
}
