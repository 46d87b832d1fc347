"""The statuses of the codes of declarations."""

from traceability.api.problems import STATUS

STATUS.update(
    {
        **dict.fromkeys(
            ("result_unknown", "no_factor_set", "custody_hash_differs", "declaration_withdrawn", "no_font"), 409
        ),
        **dict.fromkeys(("file_too_large", "zip_too_large", "epd_file_too_large"), 413),
        "not_the_declarant": 403,
    }
)
