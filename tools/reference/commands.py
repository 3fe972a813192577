"""The command line: every command and option, as the program itself says."""

import re
from typing import Any

from typer.cli import get_docs_for_click
from typer.main import get_command

from familyabm import cli
from tools.reference import text


def pages() -> dict[str, str]:
    """Return the page of the command line."""
    command = get_command(cli.app)
    context: Any = command.make_context("familyabm", [], resilient_parsing=True)  # typer tells its type in two ways
    written = get_docs_for_click(obj=command, ctx=context, name="familyabm")
    body = re.sub(r"^# .*\n", "", written.replace("```console", "```text"), count=1)
    return {"commands.md": text.page("The command line", body.strip())}
