"""Pure work in a second process, so that a large job uses two cores: while one part is used, the next is made.

Questions and answers are pickles in pipes, one question at a time. The second process knows no framework, no database
and no key, and ends when the first one does. It is a program of its own and no child of `multiprocessing`, because a
worker of Celery may have none.
"""

import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Generic, Protocol, TypeVar

from traceability.garbage import settle

Asked = TypeVar("Asked", contravariant=True)
Given = TypeVar("Given", covariant=True)
Make = Callable[..., Callable[[Any], Any]]


class Beside(Protocol[Asked, Given]):
    """Something that is asked, and answers when it is told to; one question at a time."""

    def ask(self, question: Asked) -> None: ...

    def answer(self) -> Given: ...


class _Here(Generic[Asked, Given]):
    """The work done in this process, when its answer is wanted."""

    def __init__(self, work: Callable[[Asked], Given]) -> None:
        self._work = work

    def ask(self, question: Asked) -> None:
        self._question = question

    def answer(self) -> Given:
        return self._work(self._question)


class _There(Generic[Asked, Given]):
    """The work done in the second process while this one goes on."""

    def __init__(self, program: "subprocess.Popen[bytes]") -> None:
        self._program = program

    def ask(self, question: Asked) -> None:
        pickle.dump(question, self._program.stdin, pickle.HIGHEST_PROTOCOL)  # type: ignore[arg-type]
        self._program.stdin.flush()  # type: ignore[union-attr]

    def answer(self) -> Given:
        return pickle.load(self._program.stdout)  # type: ignore[arg-type, no-any-return]  # noqa: S301  our own child


@contextmanager
def beside(make: Make, *arguments: object, worth_it: bool) -> Iterator[Beside[Any, Any]]:
    """What `make(*arguments)` makes, a function, in a second process where that is worth it and there is a core for it.

    `make`, its arguments, the questions and the answers go through pickles. What fails there raises EOFError here and
    is told in the log of this process.
    """
    if not worth_it or len(os.sched_getaffinity(0)) == 1:
        yield _Here(make(*arguments))
        return
    program = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", __name__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    try:
        there: _There[Any, Any] = _There(program)
        there.ask((make, arguments))
        yield there
    finally:
        program.kill()
        program.communicate()


def _serve() -> None:
    """Makes what it is told to make, then answers questions until there are no more."""
    questions, answers = sys.stdin.buffer, sys.stdout.buffer
    make, arguments = pickle.load(questions)  # noqa: S301  of the program that started this one
    work = make(*arguments)
    settle()
    while True:
        try:
            question = pickle.load(questions)  # noqa: S301
        except EOFError:
            return
        pickle.dump(work(question), answers, pickle.HIGHEST_PROTOCOL)
        answers.flush()


if __name__ == "__main__":
    _serve()
