"""The process in which letters are set: JSON lines from standard input, PDFs out, until there is no more input.

Its limits are its own first act: memory, processor time for each letter, no file larger than nothing, and no further
file or connection at all: what it needs is open or in memory before the first letter comes, so that nothing a letter
says can read a file or reach a network. An answer is a line of JSON, and behind it the PDF where there is one.
"""

from __future__ import annotations

import json
import os
import re
import resource
import sys
from pathlib import Path

# typst carries no sans serif. Where the machine has this one (Debian: fonts-liberation), large print is set in it.
SANS = "Liberation Sans"
SANS_FILE = "LiberationSans-Regular.ttf"
FOLDERS = tuple(
    Path("/usr/share/fonts") / name
    for name in (
        "truetype/liberation",
        "truetype/liberation2",
        "liberation-sans",
        "liberation-sans-fonts",
        "liberation",
    )
)
_NO_GLYPH = re.compile(r'the text `"((?:[^"\\]|\\.)+)"` could not be displayed')
_ESCAPE = re.compile(r"\\(?:u\{([0-9a-f]{1,6})\}|(.))")


def main() -> int:
    memory_mb, seconds = int(sys.argv[1]), int(sys.argv[2])
    os.environ["RAYON_NUM_THREADS"] = "1"
    _limit(memory_mb * 1024 * 1024)
    try:
        import typst
    except ImportError:
        return _say({"problem": "typst, which makes the PDF, is not installed"}, b"") or 1
    sans = sans_folder()
    compiler = typst.Compiler(ignore_system_fonts=True, font_paths=[sans] if sans else [])
    if sans:  # a font is read when it is first used: now, as long as files can be opened
        compiler.compile(input=f'#text(font: "{SANS}")[a *b* _c_ _*d*_]'.encode(), format="pdf")
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    for line in sys.stdin.buffer:
        used = resource.getrusage(resource.RUSAGE_SELF)
        until = int(used.ru_utime + used.ru_stime) + seconds + 1
        resource.setrlimit(resource.RLIMIT_CPU, (until, resource.RLIM_INFINITY))
        asked = json.loads(line)
        answer: dict[str, object] = {}
        pdf = b""
        try:
            made = compiler.compile(
                input=asked["page"].encode(),
                format="pdf",
                sys_inputs={"letter": asked["data"], "sans": SANS if sans else ""},
                pdf_standards=["a-2a", "ua-1"],  # the strictest that go together: to keep, and to be read aloud
                timestamp=asked["at"],
            )
            assert isinstance(made, bytes)
            pdf = made
        except typst.TypstError as failed:
            answer["problem"] = failed.message
            answer["unknown"] = sorted({_plain(found[1]) for found in _NO_GLYPH.finditer(failed.diagnostic)})
        except Exception as failed:  # whatever the library does, the one who asked is told
            answer["problem"] = f"{type(failed).__name__}: {failed}"
        _say(answer, pdf)
    return 0


def sans_folder() -> str:
    return next((str(folder) for folder in FOLDERS if (folder / SANS_FILE).is_file()), "")


def _say(answer: dict[str, object], pdf: bytes) -> int:
    sys.stdout.buffer.write(json.dumps({**answer, "size": len(pdf)}).encode("ascii") + b"\n" + pdf)
    sys.stdout.buffer.flush()
    return 0


def _plain(quoted: str) -> str:
    """A text as typst quotes it in what it complains of."""

    def unescaped(found: re.Match[str]) -> str:
        if found[1]:
            return chr(int(found[1], 16))
        return {"n": "\n", "t": "\t", "r": "\r", "0": "\0"}.get(found[2], found[2])

    return _ESCAPE.sub(unescaped, quoted)


def _limit(memory: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


if __name__ == "__main__":
    sys.exit(main())
