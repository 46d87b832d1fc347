"""What an auditor does with the demonstration: takes the magnet's bundle and verifies it with files of his own."""

import io
from pathlib import Path

from epd.demo.load import Loader
from epd.verifier.checks import ALL_CHECKS
from traceability.ledger.policy import parse_policy
from traceability.selectors import log
from traceability.services import trust_proposal
from traceability.services.export import export_bundle
from traceability.verifier.checks import run_file
from traceability.verifier.report import Asked, Report
from traceability.verifier.text import to_text
from traceability.verifier.trust import parse_trust

FOLDER = "audit"
BUNDLE = "MAG-1.custody.zip"


def audit(chain: Loader, folder: Path) -> Report:
    """The report on the magnet's bundle; bundle, policy, trust file and report then lie in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    content = io.BytesIO()
    export_bundle(actor=chain.actor("auditor"), lot=chain.id_of("MAG-1"), file=content)
    policy, trust = log.own_policy(), trust_proposal.propose(actor=chain.actor("auditor"), lot=chain.id_of("MAG-1"))
    report = run_file(
        content,
        parse_trust(trust.encode()),
        parse_policy(policy.encode()),
        asked=Asked(None, None),
        checks=ALL_CHECKS,
    )
    for name, text in (("policy", policy), ("trust.json", trust), ("report.txt", to_text(report))):
        (folder / name).write_text(text, encoding="utf-8")
    (folder / BUNDLE).write_bytes(content.getvalue())
    return report
