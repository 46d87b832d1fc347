"""The sixteen answers on a published declaration for anybody: what this server may say of a history without showing it.

They rest on the checks of epd.services.history and have the ids of epd.verifier.sixteen. What needs the bundle, or the
reader's own files, is not established. Each answer is proven, claimed or open, and says on whose word it rests.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from django.conf import settings

from epd.models import Declaration
from epd.services import checks, history
from epd.services.bundle_check import Judged
from epd.services.checked import Checked, History
from epd.services.checked import Word as Seen
from epd.services.checks import Criteria, Outcome
from epd.verifier.answers import EXIT_CODES, FORMAT, Named, worst
from epd.verifier.purchase import NOTHING_BOUGHT, Purchase
from epd.verifier.sixteen import NAMED, OFFLINE
from traceability.ledger.moments import format_moment
from traceability.services import clock, rows_world
from traceability.verifier.report import NOT_DETECTABLE, Word


class Standing(StrEnum):
    """What an answer is worth."""

    PROVEN = "proven"  # recomputed here from signed bytes
    CLAIMED = "claimed"  # nothing speaks against it, and it rests on somebody's word
    OPEN = "open"  # not established, or something is wrong


@dataclass(frozen=True, slots=True)
class PublicCheck:
    """One of the sixteen: `rests_on` says whose word stays behind it even where it passes."""

    number: int
    named: Named
    word: Word
    sentence: str

    @property
    def standing(self) -> Standing:
        """What it is worth."""
        if self.word is not Word.PASS:
            return Standing.OPEN
        return Standing.PROVEN if self.named.id in _PROVABLE else Standing.CLAIMED

    @property
    def rests_on(self) -> str:
        """On whose word it rests."""
        return _RESTS_ON[self.named.id]


@dataclass(frozen=True, slots=True)
class PublicAnswer:
    """All sixteen on a declaration."""

    declaration: Declaration
    checks: tuple[PublicCheck, ...]
    custody_hash: str
    size: int | None

    @property
    def verdict(self) -> Word:
        """The worst word: what is not established never passes."""
        return worst(one.word for one in self.checks)

    def of(self, standing: Standing) -> list[PublicCheck]:
        """The answers that are worth this; what does not apply is none of them."""
        return [one for one in self.checks if one.standing is standing and one.word is not Word.NOT_APPLICABLE]

    def to_value(self) -> dict[str, object]:
        """The JSON object that the offline verifier gives for a bundle, without places in it."""
        now = format_moment(clock.now().replace(microsecond=0))
        words = [one.word for one in self.checks]
        return {
            "format": FORMAT,
            "verdict": code_of(self.verdict),
            "exit_code": EXIT_CODES.get(self.verdict, 0),
            "checked_at": now,
            "as_of": None,
            "target": self.declaration.urn,
            "custody_hash": self.custody_hash,
            "log": {"origin": settings.LODESTONE_LOG_ORIGIN, "size": self.size},
            "counts": {code_of(word): words.count(word) for word in Word},
            "checks": [
                {
                    "number": one.number, "id": one.named.id, "name": one.named.name, "result": code_of(one.word),
                    "code": code_of(one.word), "message": one.sentence, "rule": one.named.rule, "checked_at": now,
                    "evidence": [],
                }
                for one in self.checks
            ],
            "not_detectable": list(NOT_DETECTABLE),
        }  # fmt: skip


def of_declaration(declaration: Declaration, by: Judged | None = None) -> PublicAnswer:
    """The answers, by what a reader bought and asks for."""
    found = history.of_declaration(declaration)
    body = rows_world.effective_versions([declaration.statement])[0].body
    said = dict(_said(found)) | {
        "valid": _valid(declaration, body),
        "purchase": _purchase(declaration, body, by or Judged()),
    }
    answered = [
        PublicCheck(number, named, *said.get(named.id, (Word.NOT_ESTABLISHED, _NEEDS_THE_BUNDLE)))
        for number, named in enumerate((*NAMED, OFFLINE), start=1)
    ]
    return PublicAnswer(declaration, tuple(answered), str(body.get("custody_hash", "")), found.size)


_OF_HISTORY: Final[Mapping[str, tuple[str, ...]]] = {
    "signed": ("signatures",),
    "keys": ("keys",),
    "current": ("current",),
    "log": ("chains", "in_log"),
    "figures": ("figures",),
    "balance": ("balance", "receipts"),
    "complete": ("sources", "withheld"),
    "recycled": ("shares",),
    "verified": ("verified",),
    "method": ("pcr",),
}
"""The checks of the history that answer each question."""
_WORDS: Final = {
    Seen.PASS: Word.PASS,
    Seen.WARN: Word.WARNING,
    Seen.FAIL: Word.FAIL,
    Seen.NOT_ESTABLISHED: Word.NOT_ESTABLISHED,
    Seen.NOT_APPLICABLE: Word.NOT_APPLICABLE,
}
_PROVABLE: Final = frozenset({"signed", "keys", "current", "log", "figures", "balance", "recycled"})
_NEEDS_THE_BUNDLE: Final = "This is told to who has the bundle of the lot."
_FIXED: Final = {
    "issuer": "Who stands behind the names is yours to judge: this server knows no list of yours.",
    "anchors": "Whom to trust is yours to say: here only the keys of this log count.",
    "offline": "This server answers from its own record. The bundle of the lot gives an answer without it.",
}
_RESTS_ON: Final = {
    "signed": "Who has the key signed exactly these bytes. Whether they are true no signature shows.",
    "keys": "That nobody else had the key is the word of its holder.",
    "issuer": "A name is what an organisation says of itself, unless somebody you trust attests it.",
    "anchors": "Trust comes from you, never from who wants to be trusted.",
    "current": "As of the newest checkpoint of this log; later statements are not known.",
    "valid": "The last day is the word of the declarant, the verifier or the programme operator.",
    "log": "That everybody is shown the same log is the word of this server, until a witness outside cosigns.",
    "figures": "The arithmetic is proven. The amounts and factors in it are the word of who stated them.",
    "balance": "The stated masses and assays agree. That they were measured rightly is the word of each maker.",
    "complete": "That the first statement, at a mine or of scrap, is true is the word of who made it.",
    "origin": "Countries are the word of the makers of each step.",
    "recycled": "The shares are computed. That scrap was waste of users is the word of who brought it in.",
    "verified": "A signature proves who verified. Whether he is independent and accredited is for your own list.",
    "method": "That rules of a product category were followed is a claim, unless a verifier confirms it.",
    "purchase": "What you bought is known to you alone.",
    "offline": "The offline verifier needs nobody's word for its answer, but your own files.",
}


def _said(found: History) -> Iterator[tuple[str, tuple[Word, str]]]:
    for id, sentence in _FIXED.items():
        yield id, (Word.NOT_ESTABLISHED, sentence)
    for id, names in _OF_HISTORY.items():
        rows = [one for name in names if (one := found.named(name)) is not None]
        yield id, (worst(_WORDS[one.word] for one in rows), _sentence(rows))


def _sentence(rows: list[Checked]) -> str:
    """That of the check that weighs most."""
    word = worst(_WORDS[one.word] for one in rows)
    return next(one.sentence for one in rows if _WORDS[one.word] is word)


def _valid(declaration: Declaration, body: Mapping[str, Any]) -> tuple[Word, str]:
    """The last days of the declaration, its verification and its registration."""
    days = [str(day) for day in (declaration.verified_until, declaration.registered_until) if day]
    days += [str(body["valid_until"])] if "valid_until" in body else []
    if not days:
        return Word.NOT_ESTABLISHED, "No end is declared."
    word = Word.PASS if min(days) >= clock.now().date().isoformat() else Word.FAIL
    return word, f"The first of its last days is {min(days)}."


def _purchase(declaration: Declaration, body: Mapping[str, Any], by: Judged) -> tuple[Word, str]:
    """What was bought, as far as the public page of the declaration shows it."""
    bought = by.purchase
    if bought == NOTHING_BOUGHT and by.expect is None:
        return Word.NOT_APPLICABLE, "You did not say what you bought."
    criteria = Criteria(by.expect, bought.max_gwp_ghg, bought.min_recycled_pct, bought.basis)
    asked = [one for one in checks.check_declaration(declaration, criteria).checks if one.id in _CRITERIA]
    wrong = [one for one in asked if one.outcome is Outcome.FAIL]
    if wrong:
        return Word.FAIL, wrong[0].sentence
    for name, told in (("lot", body.get("lot")), ("product", body.get("product"))):
        if getattr(bought, name) not in (None, told):
            return Word.FAIL, f"You bought another {name} than the declaration names."
    if any(one.outcome is not Outcome.PASS for one in asked) or _asks_for_more(bought):
        return Word.NOT_ESTABLISHED, _NEEDS_THE_BUNDLE
    return Word.PASS, "It is about what you bought."


_CRITERIA: Final = frozenset({"custody_hash", "max_gwp_ghg", "min_recycled_pct"})


def _asks_for_more(bought: Purchase) -> bool:
    return any((bought.lot_number, bought.mass_kg, bought.delivery_note, bought.rules))


def code_of(word: Word) -> str:
    """The word as the API writes it."""
    return word.value.replace(" ", "_")
