"""What is installed: the lock files, the names we take and the wheel."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = {"schemas", "detectors", "streams"}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LOCKS = {
    "requirements.lock": PROJECT["dependency-groups"]["dev"],
    "requirements-cdc.lock": PROJECT["project"]["optional-dependencies"]["cdc"],
    "requirements-bench.lock": PROJECT["dependency-groups"]["bench"],
}
PINNED = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(\[[^\]]*\])?==(?P<version>[^ ;\\]+)")


def pins(lock: str) -> dict[str, str]:
    """Name to version of everything that the lock file installs."""
    lines = (ROOT / lock).read_text().splitlines()
    found = [match for line in lines if (match := PINNED.match(line))]
    return {canonicalize_name(match["name"]): match["version"] for match in found}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as users get it, built by the locked backend without a network."""
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert built.returncode == 0, built.stderr
    (path,) = out.glob("*.whl")
    return path


def test_the_top_level_names_belong_to_this_project_only() -> None:
    owners = packages_distributions()
    for name in PACKAGES:
        assert set(owners.get(name, ())) <= {"dongjian"}
        spec = importlib.util.find_spec(name)
        assert spec is not None
        assert [Path(place) for place in spec.submodule_search_locations or ()] == [ROOT / name]


@pytest.mark.parametrize(("lock", "also"), LOCKS.items())
def test_a_lock_file_satisfies_the_project_file(lock: str, also: list[str]) -> None:
    pinned = pins(lock)
    for line in PROJECT["project"]["dependencies"] + also:
        wanted = Requirement(line)
        version = pinned.get(canonicalize_name(wanted.name), "absent")
        assert version in wanted.specifier, f"{line} is {version} in {lock}: run make lock"


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_file_hashes_everything_and_names_no_registry(lock: str) -> None:
    text = (ROOT / lock).read_text()
    blocks = re.split(r"\n(?=[A-Za-z0-9])", text)[1:]
    assert len(blocks) == len(pins(lock))
    assert [block for block in blocks if "--hash=sha256:" not in block] == []
    assert "://" not in text
    assert "index" not in text


def test_the_lock_files_agree_with_each_other() -> None:
    main = pins("requirements.lock")
    for lock in ("requirements-cdc.lock", "requirements-bench.lock"):
        both = main.keys() & pins(lock).keys()
        assert {name: pins(lock)[name] for name in both} == {name: main[name] for name in both}


def test_the_benchmarks_yardstick_is_needed_by_nobody_else() -> None:
    assert "quixstreams" not in pins("requirements.lock") | pins("requirements-cdc.lock")


def test_the_wheel_holds_the_three_packages_with_their_data_and_nothing_else(wheel: Path) -> None:
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert {name.partition("/")[0] for name in held} == PACKAGES
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*"):
            if path.is_file() and path.suffix in {".py", ".toml", ".lua", ".sql", ".json"}:
                assert path.relative_to(ROOT).as_posix() in held


def test_the_command_works_from_the_wheel(wheel: Path, tmp_path: Path) -> None:
    place = tmp_path / "installed"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*pip, "--target", str(place), str(wheel)], check=True, timeout=120)
    # PYTHONPATH comes before the checkout, which this environment has installed as editable.
    environment = {**os.environ, "PYTHONPATH": str(place)}
    probe = [sys.executable, "-c", "import streams; print(streams.__file__)"]
    for command, said in (
        ([str(place / "bin" / "dongjian"), "--help"], "Usage: dongjian"),
        (probe, str(place)),
    ):
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, done.stderr
        assert said in done.stdout
