"""Raw mails out of files, folders, mbox files and pipes: each once, in order, and nothing stops the rest."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from complaintmail.gateways import mail_files as module
from complaintmail.gateways.mail_files import MailFile, mail_files, split_mbox

FROM = b"From jane@x.test Mon Mar  2 09:00:00 2026\n"


def split(raw: bytes) -> list[bytes]:
    return [mail if isinstance(mail, bytes) else mail.read_bytes() for mail in split_mbox(io.BytesIO(raw))]


@pytest.mark.parametrize(
    ("raw", "mails"),
    [
        (b"", []),
        (FROM + b"Subject: a\n\nbody\n", [b"Subject: a\n\nbody\n"]),
        (FROM + b"A: a\n\nbody\n\n" + FROM + b"A: b\n\nx\n", [b"A: a\n\nbody\n", b"A: b\n\nx\n"]),
        (FROM[:-1] + b"\r\nA: a\r\n\r\nx\r\n\r\n" + FROM + b"A: b\n\n", [b"A: a\r\n\r\nx\r\n", b"A: b\n"]),
        # Words that only begin like a separator cut nothing.
        (FROM + b"A: b\n\nFrom the beginning\nit went wrong\n", [b"A: b\n\nFrom the beginning\nit went wrong\n"]),
        (FROM + b"A: b\n\nso\nFrom 9:00 on nobody came\n", [b"A: b\n\nso\nFrom 9:00 on nobody came\n"]),
        # A separator without a date counts when a header follows.
        (FROM + b"A: b\n\nx\n\nFrom somebody\nSubject: b\n\ny\n", [b"A: b\n\nx\n", b"Subject: b\n\ny\n"]),
        # What mbox files quote is given back as it was.
        (FROM + b"A: b\n\n>From here\n>>From there\n> From\n", [b"A: b\n\nFrom here\n>From there\n> From\n"]),
        (FROM + b"A: b\n\nno end of line", [b"A: b\n\nno end of line"]),
        (FROM + FROM + b"A: b\n", [FROM + b"A: b\n"]),
        (FROM + b"A: b\n\n" + b"\x00\xff" * 10 + b"\n", [b"A: b\n\n" + b"\x00\xff" * 10 + b"\n"]),
    ],
)  # fmt: skip
def test_an_mbox_is_split_where_mails_begin(raw: bytes, mails: list[bytes]) -> None:
    assert split(raw) == mails


def test_a_line_without_end_does_not_fill_the_memory_with_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LINE", 60)
    long = b"X" * 60 + b"From " + b"9:00" + b"y" * 40

    assert split(FROM + b"A: b\n\n" + long + b"\n\n" + FROM + b"C: d\n") == [b"A: b\n\n" + long + b"\n", b"C: d\n"]


def test_a_large_mail_of_an_mbox_comes_as_a_file_that_is_gone_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LARGE", 1000)
    body = b"A: b\n\n" + b"words and words\n" * 500
    given: list[Path] = []

    for mail in split_mbox(io.BytesIO(FROM + body + b"\n" + FROM + b"C: d\n")):
        if isinstance(mail, Path):
            given.append(mail)
            assert mail.read_bytes() == body
        else:
            assert mail == b"C: d\n"
    assert len(given) == 1 and not given[0].exists()


def seen(*paths: str, pipe: bytes = b"") -> list[tuple[str, str | None]]:
    return [(found.path, found.error) for found in mail_files(paths, io.BytesIO(pipe))]


def test_a_folder_is_gone_through_in_order_and_a_maildir_as_one(tmp_path: Path) -> None:
    for name in ("b.eml", "a", "sub/c.eml", "md/cur/1", "md/new/2", "md/tmp/3", "md/.Sent/cur/4", ".git/x", ".hidden"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"Subject: x\n\n")
    (tmp_path / "z.mbox").write_bytes(FROM + b"A: b\n\nx\n\n" + FROM + b"A: c\n")

    names = [path.removeprefix(f"{tmp_path}/") for path, _ in seen(str(tmp_path))]

    assert names == ["a", "b.eml", "z.mbox:1", "z.mbox:2", "md/.Sent/cur/4", "md/cur/1", "md/new/2", "sub/c.eml"]


def test_what_cannot_be_read_is_told_and_the_rest_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(b"Subject: x\n\n")
    (tmp_path / "b.eml").symlink_to(tmp_path / "nowhere")

    found = dict(seen(str(tmp_path / "none"), str(tmp_path)))

    assert found == {
        str(tmp_path / "none"): "cannot be read: No such file or directory",
        str(tmp_path / "a.eml"): None,
        str(tmp_path / "b.eml"): "cannot be read: No such file or directory",
    }


def test_a_mail_that_only_begins_like_an_mbox_is_one_mail(tmp_path: Path) -> None:
    path = tmp_path / "a.eml"
    path.write_bytes(FROM + b"Subject: x\n\n" + b"a\n\n" + FROM + b"A: b\n")

    assert list(mail_files([str(path)], io.BytesIO())) == [MailFile(str(path), path)]


def test_a_pipe_is_a_mail_or_an_mbox() -> None:
    assert seen("-", pipe=b"Subject: x\n\nbody") == [("-", None)]
    assert seen("-", pipe=FROM + b"A: b\n\nx\n\n" + FROM + b"C: d\n") == [("-:1", None), ("-:2", None)]
    assert [found.raw for found in mail_files(["-"], io.BytesIO(b"abc"))] == [b"abc"]


def test_a_named_pipe_is_read_as_it_is(tmp_path: Path) -> None:
    end, start = os.pipe()
    os.write(start, b"Subject: through a descriptor\n\nx")
    os.close(start)
    try:
        (found,) = mail_files([f"/dev/fd/{end}"], io.BytesIO())
    finally:
        os.close(end)
    assert found.raw == b"Subject: through a descriptor\n\nx"
