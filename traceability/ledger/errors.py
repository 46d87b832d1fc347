"""The one root of all errors of the pure core: a stable code, the place, and a sentence that says what to do."""


class RecordError(ValueError):
    """An error to show: `code` never changes, `path` says where (JSON pointer), `sentence` says what to do.

    Every cause has a subclass of its own, beside the code that raises it.
    """

    code = "record_error"

    def __init__(self, sentence: str, *, path: str = "", **fields: str | int) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.path = path
        self.fields = fields

    def __str__(self) -> str:
        return f"{self.path}: {self.sentence}" if self.path else self.sentence
