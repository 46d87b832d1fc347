// A pasted column goes line by line into the same field of the rows below; one field would run its numbers together.
// Lines beyond the last row travel as hidden fields, and the button that adds a row lets the server draw them.
document.addEventListener("paste", (event) => {
  const field = event.target;
  const place = /^(.+)-(\d+)-(\w+)$/.exec(field.form && field.type === "text" ? field.name : "");
  const lines = event.clipboardData.getData("text/plain").replace(/\s+$/, "").split(/\r?\n/);
  if (!place || lines.length < 2) return;
  event.preventDefault();
  const [, rows, first, column] = place;
  const add = field.form.querySelector(`button[name="add_row"][value="${rows}"]`);
  let more = false;
  lines.forEach((line, number) => {
    const name = `${rows}-${Number(first) + number}-${column}`;
    let target = field.form.elements.namedItem(name);
    if (!target) {
      target = document.createElement("input");
      target.type = "hidden";
      target.name = name;
      field.form.append(target);
      more = true;
    }
    target.value = line.trim();
  });
  field.dispatchEvent(new Event("input", { bubbles: true }));
  if (more && add) add.click();
});
