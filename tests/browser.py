"""A real Chromium for the journeys: found, else installed with the system's package manager, else a clear word."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
INSTALLERS = {  # package manager: the commands that bring Chromium and a Chinese font
    "apt-get": [["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium", "fonts-noto-cjk"]],
    "dnf": [["dnf", "install", "-y", "-q", "chromium", "google-noto-sans-cjk-fonts"]],
    "apk": [["apk", "add", "--quiet", "chromium", "font-noto-cjk"]],
    "zypper": [["zypper", "--non-interactive", "install", "chromium", "google-noto-sans-cjk-fonts"]],
    "pacman": [["pacman", "-S", "--noconfirm", "chromium", "noto-fonts-cjk"]],
}


def find_browser() -> str | None:
    """The path of Chromium, from LUOSHI_CHROMIUM or PATH."""
    return os.environ.get("LUOSHI_CHROMIUM") or next((p for p in map(shutil.which, NAMES) if p), None)


def has_chinese_font() -> bool:
    """Whether pages would show Chinese rather than boxes; unknown counts as yes."""
    lister = shutil.which("fc-list")
    if lister is None:
        return True
    return bool(subprocess.run([lister, ":lang=zh"], capture_output=True, text=True, check=False).stdout.strip())


def main() -> int:
    """Install what is missing if this user may; say exactly what to run otherwise."""
    if find_browser() and has_chinese_font():
        return 0
    manager = next((name for name in INSTALLERS if shutil.which(name)), None)
    commands = INSTALLERS.get(manager or "", [])
    if commands and os.geteuid() == 0:
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in commands:
            subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
    if find_browser():
        return 0
    wanted = " && ".join("sudo " + " ".join(command) for command in commands) or "install Chromium with your system"
    print(f"The journeys need a real Chromium. Run this once, then again make test:\n  {wanted}\n"
          "or name one with LUOSHI_CHROMIUM=/path/to/chromium", file=sys.stderr)  # fmt: skip
    return 1


if __name__ == "__main__":
    sys.exit(main())
