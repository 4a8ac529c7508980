"""What was learnt as bytes, and back: the form in which it is kept and hashed. Pure."""

from __future__ import annotations

import json
import zlib

from complaintmail.triage.judge import Bands, Learnt


def packed(learnt: Learnt) -> bytes:
    """One value, one text: what its hash covers. The version is not in it: it is the number under which it is kept."""
    bands = learnt.bands
    said = {
        "bias": learnt.bias,
        "weights": dict(learnt.weights),
        "scale": None if learnt.scale is None else list(learnt.scale),
        "bands": None if bands is None else [bands.open, bands.release, bands.release_on],
    }
    return json.dumps(said, sort_keys=True, separators=(",", ":")).encode("ascii")


def unpacked(version: int, body: bytes) -> Learnt | None:
    """From the bytes as they are kept, pressed with zlib; None where they are no weights."""
    try:
        said = json.loads(zlib.decompress(body))
        scale, bands = said["scale"], said["bands"]
        return Learnt(
            version=str(version),
            bias=float(said["bias"]),
            weights={str(name): float(value) for name, value in said["weights"].items()},
            bands=None if bands is None else Bands(*bands),
            scale=None if scale is None else (float(scale[0]), float(scale[1])),
        )
    except (zlib.error, ValueError, KeyError, TypeError, AttributeError):
        return None
