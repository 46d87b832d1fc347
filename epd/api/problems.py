"""The statuses of the codes of declarations."""

from traceability.api.problems import STATUS

STATUS.update(dict.fromkeys(("result_unknown", "no_factor_set", "custody_hash_differs"), 409), not_the_declarant=403)
