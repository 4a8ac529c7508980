"""`record` where somebody sits at a terminal: what is missing is asked for, and only that."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

from tests.support.shells import shell_in


def test_what_is_missing_is_asked_for(tmp_path: Path) -> None:
    shell = shell_in(tmp_path)
    command = ["record", "--policy", "cms", "--channel", "letter", "--received", "2026-03-17"]
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "complaintmail", "--config", str(tmp_path / "config.toml"), *command],
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        os.close(theirs)
        os.write(ours, b"Jane Doe\njane@complainants.test\n\nThe room was cold.\nNobody came.\n.\n")
        out, asked = process.communicate(timeout=180)
    os.close(ours)

    assert (process.returncode, out) == (0, "CMS-2026-000001\n"), asked
    assert "Who complains" in asked and "What they complain of" in asked
    assert "How it came" not in asked and "When it came" not in asked
    page = shell.json("show", "CMS-2026-000001")
    assert page["complainant"] == {"name": "Jane Doe", "email": "jane@complainants.test"}
    assert page["messages"][0]["text"] == "The room was cold.\nNobody came."
    assert (page["channel"], page["received_at"][:10]) == ("letter", "2026-03-17")
