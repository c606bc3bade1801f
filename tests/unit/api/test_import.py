import subprocess
import sys
from pathlib import Path


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


def test_certificates_and_foreign_host_names_are_loaded_by_whom_they_are_asked_for() -> None:
    program = (
        "import sys, kvtui.api.pool\n"
        "kvtui.api.pool.open_transport('http://127.0.0.1:8787')\n"
        "print(*{'certifi.core', 'idna.core'} & set(sys.modules), sep=',')\n"
        "import certifi, httpx\n"
        "print(certifi.where())\n"
        "print(httpx.URL('http://b\u00fccher.test').raw_host.decode())\n"
    )

    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, text=True
    ).stdout

    too_soon, certificates, host = told.splitlines()
    assert too_soon == ""
    assert Path(certificates).is_file()
    assert host == "xn--bcher-kva.test"
