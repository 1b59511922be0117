"""A new model: the smallest one that keeps the contract of models, written where it is wanted."""

from __future__ import annotations

import keyword
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

import detectors
from detectors.framework.packs import ENTRY_POINT, same_name
from detectors.framework.registry import Catalogue
from schemas.errors import SettingsError

_TEMPLATES = Path(__file__).parent

#: The model that the templates are, and what stands for the pack.
NAME, ID, FACTS = "paid_after_stop", "X01", "PaidAfterStopFacts"
_LONGEST = 40


def model_files(name: str, id: str) -> dict[str, str]:
    """The three files of a model by file name."""
    words = {NAME: name, FACTS: f"{name.title().replace('_', '')}Facts", ID: id}
    return {
        f"{name}.py": _filled("model.py.txt", words),
        f"{name}.toml": _filled("card.toml.txt", words),
        f"{name}.cases.toml": _filled("cases.toml.txt", words),
    }


def start_model(name: str, id: str, catalogue: Catalogue) -> list[Path]:
    """Write a model into this project's ``detectors``; the paths written."""
    folder = Path(detectors.__path__[0])
    if not (folder.parent / "pyproject.toml").is_file():
        raise SettingsError(f"{folder} is no checkout of dongjian: say --pack DIR for your models")
    return _write(folder, model_files(_checked(name), _free_id(id, catalogue)))


def start_in_pack(name: str, id: str, place: Path, catalogue: Catalogue) -> list[Path]:
    """Write a model into the distribution at ``place``, and the distribution where none is yet."""
    project = place / "pyproject.toml"
    package = _package_of(project) if project.exists() else _package_name(place)
    files = {
        f"{package}/{file}": text
        for file, text in model_files(_checked(name), _free_id(id, catalogue)).items()
    }
    if not project.exists():
        words = {"DISTRIBUTION": same_name(place.resolve().name), "PACKAGE": package}
        files |= {
            "pyproject.toml": _filled("pyproject.toml.txt", words),
            "README.md": _filled("README.md.txt", words),
            f"{package}/__init__.py": _filled("package.py.txt", words),
            f"{package}/articles.toml": _filled("articles.toml.txt", words),
            "tests/test_models.py": _filled("test_models.py.txt", words),
        }
    return _write(place, files)


def _filled(template: str, words: Mapping[str, str]) -> str:
    text = (_TEMPLATES / template).read_text(encoding="utf-8")
    return re.sub("|".join(words), lambda found: words[found[0]], text)


def _write(folder: Path, files: Mapping[str, str]) -> list[Path]:
    """All or nothing, and over nothing that is there."""
    paths = {folder / name: text for name, text in files.items()}
    if taken := [str(path) for path in paths if path.exists()]:
        raise SettingsError(f"exists already, nothing was written: {', '.join(taken)}")
    for path, text in paths.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return list(paths)


def _checked(name: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or keyword.iskeyword(name):
        raise SettingsError(f"{name!r} is no name of a module: small letters, digits and _")
    if len(name) > _LONGEST:
        raise SettingsError(f"{name!r} is longer than {_LONGEST} letters")
    if name != NAME and re.search(rf"\b{name}\b", _filled("model.py.txt", {NAME: ""})):
        raise SettingsError(f"{name!r} is a word of the model itself: take another name")
    return name


def _free_id(id: str, catalogue: Catalogue) -> str:
    taken = {model.id for model in catalogue.models}
    if not id:
        return next(f"X{n:02}" for n in range(1, 1000) if f"X{n:02}" not in taken)
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9]*", id):
        raise SettingsError(f"--id: {id!r} is made of letters and digits, a letter first")
    if id in taken:
        raise SettingsError(f"--id: {id} is taken; there are {_listed(taken)}")
    return id


def _package_name(place: Path) -> str:
    package = same_name(place.resolve().name).replace("-", "_")
    if not package.isidentifier() or keyword.iskeyword(package) or not package.isascii():
        raise SettingsError(
            f"--pack: {place.name!r} gives no name of a package; name DIR otherwise"
        )
    if package in ("detectors", "schemas", "streams"):
        raise SettingsError(f"--pack: {package} is a package of dongjian; name DIR otherwise")
    return package


def _package_of(project: Path) -> str:
    """The package of models that a distribution declares."""
    try:
        said = tomllib.loads(project.read_text(encoding="utf-8"))
        points = said["project"]["entry-points"][ENTRY_POINT]
        (package,) = points.values()
    except (tomllib.TOMLDecodeError, KeyError, AttributeError, ValueError):
        raise SettingsError(
            f"{project}: declares no one package under the entry point {ENTRY_POINT}"
        ) from None
    return str(package).replace(".", "/")


def _listed(ids: Iterable[str]) -> str:
    return ", ".join(sorted(ids))
