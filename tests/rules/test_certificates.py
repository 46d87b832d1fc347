"""In force, to come, expired, renewed, withdrawn: what a certificate is on a day."""

from datetime import date

from traceability.rules.certificates import Certificate, Validity, validity


def made(name: str, first: str, last: str, renews: str = "", *, withdrawn: bool = False) -> Certificate:
    return Certificate(
        name, "f", "ISO 14001", date.fromisoformat(first), date.fromisoformat(last), renews, withdrawn=withdrawn
    )


A = made("a", "2023-01-01", "2025-12-31")
B = made("b", "2026-03-01", "2028-12-31", "a")


def said(day: str, *certificates: Certificate) -> dict[str, str]:
    return {digest: found.value for digest, found in validity(certificates, date.fromisoformat(day)).items()}


def test_first_and_last_day_belong_to_it() -> None:
    for day, expected in (
        ("2022-12-31", "to_come"),
        ("2023-01-01", "in_force"),
        ("2025-12-31", "in_force"),
        ("2026-01-01", "expired"),
    ):
        assert said(day, A) == {"a": expected}


def test_between_two_certificates_there_is_a_gap() -> None:
    assert said("2026-02-28", A, B) == {"a": "expired", "b": "to_come"}
    assert said("2026-03-01", A, B) == {"a": "renewed", "b": "in_force"}
    assert said("2029-01-01", A, B) == {"a": "renewed", "b": "expired"}


def test_what_was_withdrawn_renews_nothing() -> None:
    gone = made("b", "2026-03-01", "2028-12-31", "a", withdrawn=True)
    assert said("2026-03-01", A, gone) == {"a": "expired", "b": "withdrawn"}
    third = made("c", "2026-04-01", "2029-12-31", "b")
    assert said("2026-04-01", A, gone, third) == {"a": "renewed", "b": "withdrawn", "c": "in_force"}


def test_ten_thousand_renewals_are_read_in_one_pass() -> None:
    chain = [made(str(n), "2020-01-01", "2020-12-31", str(n - 1)) for n in range(10_000)]
    found = validity(chain, date(2026, 1, 1))
    assert [digest for digest, one in found.items() if one is Validity.EXPIRED] == ["9999"]
