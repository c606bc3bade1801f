"""What the documents promise is there, and the first thing they tell people to type works."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from kvtui.cli.namespaces import NAMESPACE_COMMANDS
from kvtui.cli.parser import parse, top_commands

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text()
TRY = "python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/kvtui demo"
DEVELOP = "python3 -m venv .venv && .venv/bin/pip install -e '.[dev]' && .venv/bin/pytest"

PACKAGED = ("kvtui", "pyproject.toml", "README.md", "LICENSE")
"""What `pip install .` needs of the project."""
ENVIRONMENT = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
"""Where this machine gets packages from."""


def commands_of(text: str) -> list[str]:
    """Give every line of every shell block."""
    blocks = re.findall(r"^```sh\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    return [line for block in blocks for line in block.splitlines()]


def test_the_first_and_the_last_command_of_the_readme_are_those_to_try_and_to_develop() -> None:
    commands = commands_of(README)
    assert commands[0] == TRY
    assert commands[-1] == DEVELOP


def test_contributing_and_continuous_integration_use_the_command_of_the_readme() -> None:
    assert commands_of(CONTRIBUTING)[0] == DEVELOP
    needle = re.search(r'grep -m 1 -F "(.*?)"', (ROOT / ".ci/run").read_text())
    assert needle is not None
    assert [line for line in README.splitlines() if needle[1] in line] == [DEVELOP]


@pytest.mark.parametrize("document", [README, CONTRIBUTING], ids=["README", "CONTRIBUTING"])
def test_every_file_that_a_document_links_to_exists(document: str) -> None:
    linked = re.findall(r"\]\((?!https?:)([^)#]+)", document)
    assert [path for path in linked if not (ROOT / path).is_file()] == []


def test_every_module_that_contributing_names_exists() -> None:
    named = re.findall(r"`([a-z_]+/[\w/.]+)`", CONTRIBUTING)
    places = (ROOT, ROOT / "kvtui")
    missing = [path for path in named if not any((place / path).exists() for place in places)]
    assert len(named) > 10
    assert missing == []


def help_of(*argv: str, capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as ended:
        parse([*argv, "--help"])
    assert ended.value.code == 0
    return capsys.readouterr().out


def test_the_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    for group, commands in (((), top_commands()), (("ns",), NAMESPACE_COMMANDS)):
        shown = help_of(*group, capsys=capsys)
        assert not [c.name for c in commands if f"\n    {c.name} " not in shown]
    assert "\n    ns " in help_of(capsys=capsys)


def in_project(command: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    """Run a line as somebody would who has just got the project, and has an empty home."""
    home = folder.parent / "home"
    home.mkdir(exist_ok=True)
    return subprocess.run(
        ["/bin/sh", "-c", command],
        capture_output=True,
        check=False,
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(home), **ENVIRONMENT},
        text=True,
        timeout=280,
    )


@pytest.mark.timeout(300)
def test_the_first_command_of_the_readme_works_and_the_wheel_is_whole(tmp_path: Path) -> None:
    project = tmp_path / "kvtui"
    project.mkdir()
    for name in PACKAGED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, project / name)

    tried = in_project(f"{commands_of(README)[0]} --screenshot demo.svg", project)
    assert tried.returncode == 0, tried.stderr
    assert "my-cache" in (project / "demo.svg").read_text()

    [record] = project.glob(".venv/lib/*/site-packages/kvtui-*.dist-info/RECORD")
    names = {line.split(",")[0] for line in record.read_text().splitlines()}
    from_wheel = {name for name in names if "/__pycache__/" not in name}
    assert {"kvtui/ui/app.tcss", "kvtui/py.typed", "../../../bin/kvtui"} <= from_wheel
    places = {name.split("/")[0] for name in from_wheel if ".dist-info/" not in name}
    assert places == {"kvtui", ".."}
