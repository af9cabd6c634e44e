"""What `wavepost serve` has in memory before anyone asks for anything."""

import subprocess
import sys

import pytest

from bot.child import WORK_ALONE

# Of what is loaded, the packages; asked in a process of its own, as this one holds them by now.
LOADED = (
    "import sys; import bot.operating; print(*{name.partition('.')[0] for name in sys.modules})"
)


@pytest.fixture(scope="module")
def loaded() -> set[str]:
    command = [sys.executable, "-c", LOADED]
    asked = subprocess.run(command, capture_output=True, text=True, check=True)
    return set(asked.stdout.split())


@pytest.mark.parametrize("package", ["ortools", "pandas", "altair", "vl_convert"])
def test_a_server_does_not_hold_what_few_jobs_need_in_a_process_of_their_own(
    package: str, loaded: set[str]
) -> None:
    assert "polars" in loaded
    assert package not in loaded


def test_processes_of_their_own_have_it_before_they_are_asked() -> None:
    names = repr(list(WORK_ALONE))
    asked = f"import importlib\nfor name in {names}: importlib.import_module(name)"
    subprocess.run([sys.executable, "-c", asked], check=True)
