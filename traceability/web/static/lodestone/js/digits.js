// Remembers the "All digits" box from page to page. The box itself works without this file (CSS :has).
const boxes = document.querySelectorAll("input.all-digits");
const remembered = () => { try { return localStorage.getItem("all-digits") === "yes"; } catch { return false; } };
const remember = (on) => { try { localStorage.setItem("all-digits", on ? "yes" : "no"); } catch { /* private window */ } };

for (const box of boxes) {
  box.checked = remembered();
  box.addEventListener("change", () => {
    remember(box.checked);
    for (const other of boxes) other.checked = box.checked;
  });
}
