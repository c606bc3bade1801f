import subprocess
import sys


def test_the_client_loads_neither_click_nor_rich_nor_the_rest_of_the_application() -> None:
    program = (
        "import sys, kvtui.api.client\n"
        "print(*{name.split('.')[0] for name in sys.modules})\n"
        "print(*(name for name in sys.modules if name.startswith('kvtui.')))\n"
    )

    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, text=True
    ).stdout

    libraries, ours = (set(line.split()) for line in loaded.splitlines())
    assert "httpx" in libraries
    assert not libraries & {"click", "rich", "textual", "starlette", "uvicorn", "pygments"}
    assert not {name for name in ours if name.split(".")[1] in {"session", "server", "ui", "cli"}}
