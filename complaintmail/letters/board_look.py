"""How the compliments board looks, and when which note is seen. See `board`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

FADE = 1.4  # seconds in which a note appears; it goes in half of them, before the next one comes

STYLE = """\
:root {
  --paper: #fbf6ec; --glow: #fffdf8; --ink: #2a2420; --quiet: #6f6259; --line: #e2d5c3;
  --tint-0: #a8452c; --tint-1: #1f6a63; --tint-2: #7a4a86; --tint-3: #8a5a00;
  --serif: "Iowan Old Style", "Palatino Linotype", Palatino, "URW Palladio L", "Book Antiqua", Georgia, serif;
  --sans: system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #15161b; --glow: #22242c; --ink: #f5eee3; --quiet: #b3a99d; --line: #34353d;
    --tint-0: #f2a283; --tint-1: #7fd0c4; --tint-2: #d3a8e0; --tint-3: #ecc46a;
  }
}
* { box-sizing: border-box; margin: 0; }
html { -webkit-text-size-adjust: 100%; }
body {
  min-height: 100vh; display: flex; flex-direction: column; color: var(--ink);
  background: radial-gradient(120vmax 80vmax at 80% 0%, var(--glow), transparent 70%) no-repeat var(--paper);
  font-family: var(--serif); overflow-wrap: anywhere; hyphens: manual;
  padding: max(1.4rem, 4.5vw); padding-block: max(1.6rem, 4.2vw);
}
header { display: flex; flex-direction: column; gap: .3em; }
h1 {
  font-size: max(2rem, 3.1vw); font-weight: 400; font-style: italic; letter-spacing: -.01em; line-height: 1.1;
}
.whose, footer {
  font-family: var(--sans); color: var(--quiet); font-size: max(1rem, 1.3vw); line-height: 1.4;
}
.whose { letter-spacing: .14em; text-transform: uppercase; font-size: max(.8rem, 1.05vw); }
footer { display: flex; flex-wrap: wrap; gap: .4em 2.5em; justify-content: space-between; }
footer b { color: var(--ink); font-weight: 600; }
main { flex: 1; margin-block: max(1.6rem, 3vw); position: relative; }
ol { list-style: none; padding: 0; }
.notes { columns: 22rem; column-gap: 1.4rem; }
.note {
  break-inside: avoid; margin-bottom: 1.4rem; padding: 1.5rem 1.5rem 1.2rem; border-radius: 1rem;
  background: var(--glow); border: 1px solid var(--line); position: relative;
}
.tint-0 { --tint: var(--tint-0); } .tint-1 { --tint: var(--tint-1); }
.tint-2 { --tint: var(--tint-2); } .tint-3 { --tint: var(--tint-3); }
blockquote p { font-size: 1.28rem; line-height: 1.5; text-wrap: pretty; }
.short blockquote p { font-size: 1.55rem; line-height: 1.38; }
blockquote::before {
  content: "\\201c"; display: block; height: .48em; font-size: 4rem; line-height: 1; color: var(--tint);
}
.from { margin-top: .9em; font-family: var(--sans); font-size: .95rem; color: var(--quiet); }
.from .name { color: var(--tint); font-weight: 600; margin-right: .6em; }
.nothing-yet { max-width: 33em; margin-block: 8vh; font-size: max(1.2rem, 2vw); line-height: 1.5; }
.nothing-yet .large { font-size: 2.3em; font-style: italic; line-height: 1.2; margin-bottom: .6em; }
.nothing-yet p + p { color: var(--quiet); }
.nothing-yet::before {
  content: "\\201c"; display: block; font-size: 5em; height: .5em; line-height: 1; color: var(--tint-0); opacity: .85;
}
.pace { display: none; }
@media (min-width: 900px) and (min-height: 480px) and (prefers-reduced-motion: no-preference) {
  html, body { height: 100vh; overflow: hidden; }
  header { flex-direction: row; justify-content: space-between; align-items: baseline; gap: 2em; }
  .notes { columns: auto; }
  .note {
    position: absolute; inset: 0; margin: 0; padding: 0; border: 0; background: none; border-radius: 0;
    display: flex; flex-direction: column; justify-content: center; max-width: 88%; opacity: 0;
  }
  .note blockquote p { font-size: min(2.35vw, 4.2vh); line-height: 1.42; }
  .note.long blockquote p { font-size: min(3.05vw, 5.4vh); line-height: 1.36; }
  .note.middle blockquote p { font-size: min(4vw, 7.1vh); line-height: 1.28; letter-spacing: -.008em; }
  .note.short blockquote p {
    font-size: min(5.6vw, 10vh); line-height: 1.18; letter-spacing: -.014em; text-wrap: balance;
  }
  .note.middle blockquote p, .note.long blockquote p { text-wrap: pretty; }
  blockquote::before { font-size: min(12vw, 21vh); height: .46em; margin-left: -.05em; opacity: .85; }
  .longest blockquote::before { font-size: min(9vw, 16vh); }
  main:has(.nothing-yet) { display: flex; align-items: center; }
  .nothing-yet { margin-block: 0 4vh; }
  .from { font-size: max(1.1rem, 1.35vw); margin-top: 1.5em; }
  .pace {
    display: block; position: absolute; left: 0; bottom: 0; width: 12rem; height: 3px; border-radius: 2px;
    background: var(--tint); transform: scaleX(0); transform-origin: left; opacity: .7;
  }
  .alone .note { opacity: 1; }
}
@media (min-width: 900px) and (orientation: portrait) and (prefers-reduced-motion: no-preference) {
  h1 { font-size: 5vw; }
  .whose { font-size: 1.8vw; }
  footer, .from { font-size: 2.2vw; }
  .note { max-width: 100%; }
  .note blockquote p { font-size: 4vw; }
  .note.long blockquote p { font-size: 4.9vw; }
  .note.middle blockquote p { font-size: 6.2vw; }
  .note.short blockquote p { font-size: 8.8vw; }
  blockquote::before, .longest blockquote::before { font-size: 18vw; }
  .nothing-yet { font-size: 3.4vw; }
}
"""


def turns(how_long: Sequence[int]) -> str:
    """Rules by which each note is seen for its seconds, one after the other, and then again from the first."""
    cycle = sum(how_long)
    if len(how_long) < 2:
        return ""
    return "\n".join(
        (
            "@media (min-width: 900px) and (min-height: 480px) and (prefers-reduced-motion: no-preference) {",
            *(rule for seconds in sorted(set(how_long)) for rule in _rules(seconds, cycle)),
            "}",
        )
    )


def _rules(seconds: int, cycle: int) -> Iterator[str]:
    come, go, gone = (100 * at / cycle for at in (FADE, seconds - FADE / 2, seconds))
    yield (
        f"@keyframes seen-{seconds} {{ 0% {{ opacity: 0; transform: translateY(1.2vh); }} "
        f"{come:.4f}%, {go:.4f}% {{ opacity: 1; transform: none; }} "
        f"{gone:.4f}%, 100% {{ opacity: 0; transform: translateY(-1.2vh); }} }}"
    )
    yield (
        f"@keyframes pace-{seconds} {{ 0% {{ transform: scaleX(0); }} {go:.4f}%, 100% {{ transform: scaleX(1); }} }}"
    )
    yield f".for-{seconds} {{ animation: seen-{seconds} {cycle}s linear var(--begins) infinite backwards; }}"
    yield f".for-{seconds} .pace {{ animation: pace-{seconds} {cycle}s linear var(--begins) infinite backwards; }}"
