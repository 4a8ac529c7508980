"""Text in format=flowed (RFC 3676) with its paragraphs put together again, quotations kept as they are marked."""

from __future__ import annotations


def unflow(text: str, delete_space: bool) -> str:
    """Join the lines that end in a space to the next of the same quoting depth; undo the stuffing."""
    done: list[str] = []
    paragraph: list[str] = []
    depth_before = -1
    for line in text.split("\n"):
        content = line.lstrip(">")
        depth = len(line) - len(content)
        if content.startswith(" "):
            content = content[1:]
        if paragraph and (depth != depth_before or content == "-- "):
            done.append(_marked(depth_before, paragraph))
            paragraph = []
        depth_before = depth
        flows = content.endswith(" ") and content != "-- "
        if flows and delete_space:
            content = content[:-1]
        paragraph.append(content)
        if not flows:
            done.append(_marked(depth, paragraph))
            paragraph = []
    if paragraph:
        done.append(_marked(depth_before, paragraph))
    return "\n".join(done)


def _marked(depth: int, paragraph: list[str]) -> str:
    text = "".join(paragraph)
    return f"{'>' * depth} {text}" if depth else text
