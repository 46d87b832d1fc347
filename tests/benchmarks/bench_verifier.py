"""10,000 statements with 8 confidential values each, out of a log of a million: CPU time and memory of the verifier."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.verifier.builder import Log, pack, urn
from tests.verifier.stories import Story, assay, lot

STATEMENTS = 10_000
LEAVES = 1 << 20
PARTS = 100
MOST_SECONDS = 10
MOST_MEGABYTES = 250
READER = """
import json, resource, runpy, sys
sys.argv = ["lodestone-verify", "bundle.zip", "--policy", "policy", "--trust", "trust.json", "--json"]
try:
    runpy.run_module("epd.verifier", run_name="__main__")
except SystemExit as ended:
    used = resource.getrusage(resource.RUSAGE_SELF)
    peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
    print(json.dumps({"code": ended.code, "seconds": used.ru_utime + used.ru_stime, "kibibytes": int(peak.split()[1])}),
          file=sys.stderr)
"""


def source(log: Log, number: int) -> str:
    """The name of a lot of ore that a statement with 8 confidential values brings in."""
    name = f"ore {number}"
    body = lot(
        name,
        "940",
        material="ore",
        stage="ore",
        origin="mined",
        country="US",
        lot_number=f"ORE-{number}",
        wet_mass_kg="1000",
        moisture_pct="6",
        supplier="Juniper Flat Rare Earths",
        assay=assay(Nd2O3="0.66", Pr6O11="0.18", La2O3="1.2", CeO2="2.1")
        | {"laboratory": "Laboratory North", "report": f"N-{number}"},
    )
    said = log.say(log.operator, "lot.source", body)
    assert len(said.places) == 8
    return name


def merge(log: Log, names: list[str], name: str, each_kg: int) -> str:
    """The name of the lot into which these lots were merged."""
    inputs = [{"lot": urn(one), "mass_kg": str(each_kg)} for one in names]
    whole = lot(name, str(each_kg * len(names)), material="ore", stage="ore", **{"class": "product"})
    log.say(log.operator, "lot.transform", {"inputs": inputs, "outputs": [whole]})
    return name


@pytest.fixture(scope="module")
def audit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a bundle of one lot, merged out of lots whose statements are spread over a log of a million."""
    folder = tmp_path_factory.mktemp("audit")
    log = Log()
    others = LEAVES // STATEMENTS - 1
    merged, mass_kg = [], 940
    names: list[str] = []
    for number in range(STATEMENTS):
        log.pass_by(others)
        names.append(source(log, number))
        if len(names) == PARTS or number == STATEMENTS - 1:
            merged.append((merge(log, names, f"merged {number}", mass_kg), len(names)))
            names = []
    inputs = [{"lot": urn(name), "mass_kg": str(mass_kg * count)} for name, count in merged]
    whole = lot("target", str(mass_kg * STATEMENTS), material="ore", stage="ore", **{"class": "product"})
    log.say(log.operator, "lot.transform", {"inputs": inputs, "outputs": [whole]})
    log.commit()
    story = Story(log, urn("target"))
    (folder / "bundle.zip").write_bytes(pack(log.members(), story.target, story.custody_hash))
    ed25519, ml_dsa, time = (one.key for one in log.signers)
    (folder / "trust.json").write_text('{"format": "lodestone-trust/1"}')
    (folder / "policy").write_text(f"log {ed25519}\nlog {ml_dsa}\nwitness time {time}\nquorum time\n")
    return folder


def test_ten_thousand_statements_are_verified_in_seconds(audit: Path) -> None:
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", READER], cwd=audit, env={"PYTHONPATH": str(root)}, capture_output=True, text=True
    )
    found = json.loads(done.stderr)
    report = json.loads(done.stdout)
    size, megabytes = (audit / "bundle.zip").stat().st_size / 2**20, found["kibibytes"] / 1024
    print(f"\n{report['checks'][0]['sentence']} {found['seconds']:.1f} s, {megabytes:.0f} MB; bundle of {size:.0f} MB")
    assert (report["verdict"], found["code"]) == ("VALID", 0)
    assert found["seconds"] < MOST_SECONDS
    assert megabytes < MOST_MEGABYTES
