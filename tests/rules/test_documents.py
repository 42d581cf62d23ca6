"""What the documents say of the code is true: the map, the glossary, the settings."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def tracked() -> list[str]:
    """The files of the repository; of the folder where it is no git checkout."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode == 0 and listed.stdout:
        return listed.stdout.split("\n")
    return [
        str(p.relative_to(ROOT)) for p in ROOT.rglob("*") if ".venv" not in p.parts and "node_modules" not in p.parts
    ]


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_map_names_every_room_and_top_folder() -> None:
    text = read("ARCHITECTURE.md")
    rooms = {p.parent.name for p in (ROOT / "luoshi").glob("*/__init__.py")}
    tops = {name.split("/")[0] for name in tracked() if "/" in name}
    assert not [room for room in rooms if f"`{room}`" not in text]
    assert not [top for top in tops if f"`{top}/`" not in text]


def test_every_path_in_the_map_and_the_recipes_exists() -> None:
    for document in ("ARCHITECTURE.md",):
        for path in re.findall(r"`((?:luoshi|tests|docs|config|frontend|bench)/[\w./-]+)`", read(document)):
            assert (ROOT / path).exists(), f"{document} names {path}"


def test_glossary_points_at_files_that_exist() -> None:
    for path in re.findall(r"luoshi/[\w/.]+", read("docs/glossary.md")):
        assert (ROOT / path.rstrip(".")).exists(), path


def test_every_setting_is_documented() -> None:
    used = set(re.findall(r'"((?:LUOSHI|DATABASE)_[A-Z_]+)"', read("config/settings.py")))
    text = read("docs/guide/settings.md")
    assert used
    assert not [name for name in used if f"`{name}`" not in text]


def test_every_documented_setting_is_used() -> None:
    places = ("config/settings.py", "luoshi/papers/office.py", "tests/browser.py", "tests/settings.py")
    source = "".join(read(place) for place in places)
    for name in re.findall(r"^\| `((?:LUOSHI|DATABASE)_[A-Z_]+)`", read("docs/guide/settings.md"), re.MULTILINE):
        assert f'"{name}"' in source, name


def test_no_registry_host_is_committed() -> None:
    hosts = re.compile(r"pypi\.org|pythonhosted|registry\.npmjs|deb\.debian|mirrors\.")
    for name in tracked():
        path = ROOT / name
        if (
            name
            and path.is_file()
            and path.suffix in {".txt", ".json", ".toml", ".in", ".sh", ".mjs", ".yml", ".npmrc"}
        ):
            assert not hosts.search(path.read_text(encoding="utf-8", errors="replace")), name
