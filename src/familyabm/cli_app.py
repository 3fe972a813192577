"""The command that opens the app in a browser. It is added to the command line in `cli`.

The pages stand above this package and are looked for by name, so that the package works without them.
"""

import importlib
import importlib.util
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from familyabm.console import make_folder, say
from familyabm.errors import InputError

PAGES = "familyabm_visualization"
_CHECKOUT = Path(__file__).parents[2]
MISSING = "the app needs more packages; pip install 'familyabm[app]' brings them."


def app(
    area: Annotated[str, typer.Option(help="The area that pages begin with.")] = "Wakefield",
    port: Annotated[int, typer.Option(help="Where the pages are served.")] = 8750,
    host: Annotated[str, typer.Option(help="127.0.0.1: this computer; 0.0.0.0: its network too.")] = "127.0.0.1",
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open a browser.")] = True,
    studies: Annotated[Path | None, typer.Option(help="A folder of studies that anybody may look at.")] = None,
    password: Annotated[
        str,
        typer.Option(envvar="FAMILYABM_PASSWORD", help="Asked of whoever opens a page; best given in the environment."),
    ] = "",
    address: Annotated[str, typer.Option(help="Where people open the pages, if a proxy stands in front.")] = "",
    folder: Annotated[Path | None, typer.Option(help="Where results are kept; by default the user's cache.")] = None,
) -> None:  # fmt: skip
    """Open the app: watch, compare and explain an authority in a browser, with no network needed."""
    from familyabm.lab.execute import compile_first

    home = home_of(folder, port)
    server = pages("server")
    compile_first(say)

    def ready() -> None:
        if host not in ("127.0.0.1", "localhost", "::1") and not password:
            say("Anybody on this network can open it; with --password it asks for one.")
        say(f"familyabm is at http://{host}:{port}/ ; Ctrl-C stops it.")

    server.serve(area, host, port, browser, home, studies, password, address, ready)


def home_of(folder: Path | None, port: int) -> Path:
    """Return the folder in which a server keeps what it finds; one sentence if it or the port will not do."""
    from familyabm import compiled

    if not 1 <= port <= 65_535:
        raise InputError(f"--port {port} is not accepted; 1 to 65535 is.")
    home = folder or compiled.cache_folder().parent / "app"
    try:
        make_folder(home)
    except OSError as error:
        raise InputError(f"--folder {home} cannot be written: {(error.strerror or 'unwritable').lower()}.") from None
    return home


def pages(module: str) -> Any:
    """Return a module of the pages: as installed, or from beside the sources in a checkout."""
    name = PAGES
    if importlib.util.find_spec(PAGES) is None and (_CHECKOUT / "visualization" / "__init__.py").exists():
        name = "visualization"
        if str(_CHECKOUT) not in sys.path:
            sys.path.insert(0, str(_CHECKOUT))
    try:
        return importlib.import_module(f"{name}.{module}")
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("familyabm."):
            raise
        raise InputError(MISSING) from None
