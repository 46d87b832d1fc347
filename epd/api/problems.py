"""The statuses of the codes of declarations."""

from traceability.api.problems import STATUS

STATUS.update(
    {
        **dict.fromkeys(
            (
                "result_unknown",
                "no_factor_set",
                "custody_hash_differs",
                "no_font",
                "number_taken",
                "no_such_reference",
            ),
            409,
        ),
        "declaration_withdrawn": 410,
        **dict.fromkeys(("file_too_large", "zip_too_large", "epd_file_too_large"), 413),
        "number_taken": 409,
        "not_the_declarant": 403,
    }
)
