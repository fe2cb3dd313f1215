"""Questions asked one by one: a row, the answers on offer, and what was learned after each answer."""

from __future__ import annotations

import sys
from typing import Any

from rich.console import Console
from rich.text import Text

from extrapolate.core.errors import InputError
from extrapolate.core.result import Question, Result
from extrapolate.core.source import python_expression
from extrapolate.read.cells import cell_as
from extrapolate.show.tables import shown


def asked(result: Result, console: Console) -> tuple[Result, dict[int, Any]]:
    """What is learned with the answers of whoever sits there, and these answers, by the numbers of their rows.

    It ends when nothing is open any more, with an empty line, and at the end of the input.
    """
    told: dict[int, Any] = {}
    while result.questions:
        question = result.questions[0]
        show_question(question, result, console)
        value = read_answer(question, result, console)
        if value is None:
            break
        try:
            answered = result.answer(question.row.number, value)
        except InputError as error:
            console.print(Text(str(error), "yellow"), soft_wrap=True)
            continue
        told[question.row.number] = value
        result = answered
        show_learned(result, console)
    return result, told


def show_question(question: Question, result: Result, console: Console) -> None:
    task, row = result.task, question.row
    cells = ", ".join(f"{v.name} {shown(value)}" for v, value in zip(task.inputs, row.inputs, strict=True))
    console.print()
    console.print(Text(f"Row {row.number}: {cells}", "bold"), soft_wrap=True)
    for i, answer in enumerate(question.answers, 1):
        console.print(Text.assemble((f"  {i}  ", "dim"), shown(answer)), soft_wrap=True)
    console.print(
        Text(
            f"What is {task.name} here? A number above, or type it (=5 for 5 itself); nothing ends the questions.",
            "dim",
        )
    )


def read_answer(question: Question, result: Result, console: Console) -> Any:
    """One of the answers on offer by its number, or what is typed; None to stop."""
    while True:
        console.print("> ", end="")
        line = sys.stdin.readline().rstrip("\r\n")
        if not line.strip():
            return None
        if line.strip().isascii() and line.strip().isdigit() and 0 < int(line) <= len(question.answers):
            return question.answers[int(line) - 1]
        try:
            value = cell_as(line.removeprefix("="), result.task.output)
        except InputError as error:
            console.print(Text(str(error), "yellow"), soft_wrap=True)
            continue
        return value if value is not None else line.removeprefix("=")


def show_learned(result: Result, console: Console) -> None:
    if result.program is None:
        sentence = "No program was found that is right on all of that; the nearest is shown below."
    else:
        left = len(result.questions)
        rest = f"; {left} row{'s' * (left != 1)} still open" if left else "; nothing is open any more"
        sentence = f"Now it is {python_expression(result.program.expr)}{rest}."
    console.print(Text(sentence), soft_wrap=True)
