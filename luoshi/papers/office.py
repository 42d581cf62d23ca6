"""Has LibreOffice turn a paper into another format, in a folder and with a profile that are thrown away."""

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from luoshi.papers.refusals import UnreadablePaper

SETTING = "LUOSHI_OFFICE"
NAMES = ("soffice", "libreoffice")
SECONDS = 90
AGAIN = 81  # how LibreOffice ends when it wants to be started once more
DOCX, PDF = "docx:MS Word 2007 XML", "pdf:writer_pdf_Export"
# Nothing in the paper may run, and nothing may be fetched.
PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse">
<value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution"
 oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks"
 oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>0</value>
</prop></item>
</oor:items>
"""


def find_office() -> str | None:
    """Return the path of LibreOffice: what LUOSHI_OFFICE names, else what the system's path holds."""
    named = os.environ.get(SETTING, "")
    if named:
        return shutil.which(named)
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def convert_paper(data: bytes, *, ending: str, to: str, office: str, seconds: float = SECONDS) -> bytes:
    """Return the paper in the format of the filter `to`. Raises UnreadablePaper."""
    with tempfile.TemporaryDirectory(prefix="luoshi-office-") as folder:
        made = Path(folder, "made", f"paper.{to.partition(':')[0]}")
        given = Path(folder, f"paper.{ending}")
        given.write_bytes(data)
        profile = Path(folder, "profile", "user")
        profile.mkdir(parents=True)
        (profile / "registrymodifications.xcu").write_text(PROFILE, encoding="utf-8")
        _run(office, folder, given, to, seconds)
        if not made.is_file():
            raise UnreadablePaper("broken")
        return made.read_bytes()


def _run(office: str, folder: str, given: Path, to: str, seconds: float) -> None:
    """Run LibreOffice; with a new profile it may end at once and ask to be started again."""
    command = [
        _program(office), f"-env:UserInstallation={Path(folder, 'profile').as_uri()}", "--headless", "--norestore",
        "--nolockcheck", "--nodefault", "--nologo", "--convert-to", to,
        "--outdir", str(Path(folder, "made")), str(given),
    ]  # fmt: skip
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
    ends = time.monotonic() + seconds
    code = AGAIN
    try:
        while code == AGAIN:
            code = subprocess.run(  # noqa: S603 (a fixed program, our own arguments)
                command, cwd=folder, env={**kept, "HOME": folder, "TMPDIR": folder}, check=False,
                timeout=max(0.1, ends - time.monotonic()),
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            ).returncode  # fmt: skip
    except subprocess.TimeoutExpired:
        raise UnreadablePaper("too_hard") from None
    except OSError:
        raise UnreadablePaper("needs_office") from None


def _program(office: str) -> str:
    """Return the program itself where it lies beside its launcher, so that it can be ended as one process."""
    program = Path(office).resolve().with_name("soffice.bin")
    return str(program) if program.is_file() else office
