// Sends files one by one as soon as they are dropped or chosen, with progress; what is too large is not sent at all.
// Without this file the form sends them all with its button.
const form = document.querySelector("form[data-documents]");
const words = form.dataset;
const input = form.querySelector('input[type="file"]');
const list = form.querySelector(".sending");
const waiting = [];
let busy = false;
let pressed = null; // the button that goes on when all have arrived

const line = (file) => {
  const item = document.createElement("li");
  const name = document.createElement("bdi");
  const bar = document.createElement("progress");
  const said = document.createElement("span");
  name.textContent = file.name;
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", file.name);
  said.textContent = words.waits;
  item.append(name, bar, said);
  list.append(item);
  const end = (text) => {
    bar.remove();
    said.textContent = text;
    item.className = "t-pass";
  };
  const refuse = (text) => {
    end(text);
    item.className = "t-fail";
    pressed = null;
  };
  return { bar, said, end, refuse };
};

const refusal = (page) => {
  const said = page.querySelector(".field .err span");
  return said ? said.textContent.slice(said.querySelector("bdi").textContent.length + 2) : "";
};

const answered = (request, shown) => {
  const page = new DOMParser().parseFromString(request.responseText, "text/html");
  const documents = page.getElementById("documents");
  if (!documents) {
    shown.refuse(page.querySelector('input[type="password"]') ? words.signedOut : words.lost);
    return;
  }
  document.getElementById("documents").replaceWith(document.adoptNode(documents));
  const reason = refusal(page);
  if (reason) shown.refuse(reason);
  else shown.end(words.added);
};

const send = ({ file, shown }) => {
  const data = new FormData();
  data.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  data.append("add", "");
  data.append("document", file);
  const request = new XMLHttpRequest();
  request.upload.addEventListener("progress", (event) => {
    shown.bar.value = event.loaded / event.total;
    shown.said.textContent = event.loaded < event.total ? "" : words.sent;
  });
  request.addEventListener("load", () => answered(request, shown));
  request.addEventListener("error", () => shown.refuse(words.lost));
  request.addEventListener("loadend", next);
  request.open("POST", location.pathname);
  request.send(data);
};

const next = () => {
  const first = waiting.shift();
  busy = Boolean(first);
  if (first) send(first);
  else if (pressed) form.requestSubmit(pressed);
};

const take = (files) => {
  for (const file of files) {
    const shown = line(file);
    if (file.size > Number(words.most)) shown.refuse(words.tooLarge);
    else waiting.push({ file, shown });
  }
  if (!busy) next();
};

form.querySelector('button[name="add"]').hidden = true;
input.addEventListener("change", () => {
  const files = [...input.files];
  input.value = "";
  take(files);
});
// Whoever goes on while files are on their way goes on when they have arrived.
form.addEventListener("submit", (event) => {
  if (!busy) return;
  event.preventDefault();
  pressed = event.submitter;
});
