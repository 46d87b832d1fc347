// The page: files in, a report out. Everything that a file says is shown as text, never as markup.

const MOST_FILE_BYTES = 512 * KIB ** 2;
const byId = (id) => document.getElementById(id);

/** An element of this class and text or children. */
function element(tag, className, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

async function bytesOf(file) {
  if (file.size > MOST_FILE_BYTES) {
    throw new RecordError("file_too_large", `${file.name} has more than 512 MiB. Use lodestone-verify.pyz for it.`);
  }
  return new Uint8Array(await file.arrayBuffer());
}

/** What a file of the reader says, or null; a mistake in it names the file. */
async function readOwn(id, parse) {
  const [file] = byId(id).files;
  if (!file) return null;
  try {
    return parse(await bytesOf(file));
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    throw new RecordError("bad_usage", `${file.name}: ${error.path ? `${error.path}: ` : ""}${error.sentence}`);
  }
}

function readAsked() {
  const [expect, at] = ["expect", "at"].map((id) => byId(id).value.trim());
  const asked = {};
  if (expect) {
    asked.expect = expect.includes(":") ? expect : `sha256:${expect}`;
    digestBytes(asked.expect);
  }
  if (at) asked.at = parseMoment(at);
  return asked;
}

async function check() {
  const [policy, trust] = [await readOwn("policy", parsePolicy), await readOwn("trust", parseTrust)];
  return verify(await bytesOf(byId("bundle").files[0]), policy, trust, readAsked());
}

const OF_RESULT = {
  pass: "pass", warning: "warning", fail: "fail", not_established: "not established here", not_applicable: "not applicable",
};

function show(report) {
  const failed = report.verdict === "INVALID";
  const verdict = failed
    ? "INVALID: something is broken."
    : report.holds
      ? "What was looked at here holds. The other checks are not established here."
      : "INCOMPLETE: something could not be established.";
  const sixteen = table("The sixteen checks", ["", "Check", "Result", "What was found"], report.checks.map((one) => [
    ["", String(one.number)], ["", one.name], [`result ${one.result}`, OF_RESULT[one.result]], ["", one.message],
  ]));
  const findings = table("Findings", ["Class", "Code", "Where", "Sentence"], report.findings.map((one) => [
    ["result", one.level], ["where", one.code], ["where", one.where], ["", one.sentence],
  ]));
  const log = `${report.log.origin || "unknown"}, ${report.log.size ?? "unknown"} leaves`;
  const stood = element("dl", "", ...[
    ["Lot", report.target], ["Custody hash", report.custody_hash], ["Log", log],
  ].flatMap(([term, said]) => [element("dt", "", term), element("dd", "", element("code", "", said || "unknown"))]));
  const json = element("details", "", element("summary", "", "Report, JSON"), element("pre", "scroll", JSON.stringify(report, null, 2)));
  json.lastChild.id = "json";
  return [
    element("p", `verdict ${failed ? "fail" : report.holds ? "pass" : ""}`, verdict), element("p", "", report.first_line),
    stood, element("h2", "", "The sixteen checks"), sixteen,
    ...(report.findings.length ? [element("h2", "", "Findings"), findings] : []),
    element("h2", "", "What no ledger can detect"),
    element("ul", "", ...report.not_detectable.map((one) => element("li", "", one))), json,
  ];
}

function table(label, heads, rows) {
  const head = element("tr", "", ...heads.map((one) => element("th", "", one)));
  const body = rows.map((cells) => element("tr", "", ...cells.map(([name, said]) => element("td", name, said))));
  const made = element("table", "", element("thead", "", head), element("tbody", "", ...body));
  made.setAttribute("aria-label", label);
  return element("div", "scroll", made);
}

/** Dropped files find their place by their names. */
function takeDropped(files) {
  for (const file of files) {
    const id = /\.zip$/i.test(file.name) ? "bundle" : /\.json$/i.test(file.name) ? "trust" : "policy";
    const given = new DataTransfer();
    given.items.add(file);
    byId(id).files = given.files;
  }
}

async function start() {
  if (!globalThis.crypto?.subtle || !(await knowsEd25519())) {
    byId("browser").textContent =
      "This browser cannot check Ed25519 signatures (WebCrypto), so it can establish nothing here. Use a newer browser " +
      "or the Python verifier.";
    byId("browser").hidden = false;
    byId("form").querySelector("button").disabled = true;
    return;
  }
  byId("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const report = byId("report");
    report.replaceChildren("Checking …");
    report.hidden = false;
    try {
      report.replaceChildren(...show(await check()));
    } catch (error) {
      const said = error instanceof RecordError ? error.sentence : `Internal error, no verdict: ${error}`;
      report.replaceChildren(element("p", "fail", said));
    }
    report.focus();
  });
  for (const kind of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(kind, (event) => {
      event.preventDefault();
      byId("drop").classList.toggle("over", kind === "dragover");
      if (kind === "drop") takeDropped(event.dataTransfer.files);
    });
  }
}

start();
