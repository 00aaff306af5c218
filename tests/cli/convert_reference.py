# SPDX-License-Identifier: Apache-2.0
"""Makes a training checkpoint with PyTorch, or checks what `visionllama convert` made of it.

Usage: convert_reference.py make|check FOLDER
"""
import argparse
import collections
import pathlib
import sys

import torch

folder = pathlib.Path(sys.argv[2])


def weights():
    torch.manual_seed(0)
    body = torch.randn(6, 4)
    return collections.OrderedDict(
        first=body.bfloat16(), shared=body, same=body, row=body[1], turned=body.t(), half=body.half(),
        counter=torch.tensor(7), flags=torch.tensor([True, False]), empty=torch.zeros(0, 3))


if sys.argv[1] == "make":
    arguments = argparse.Namespace(model="mine", lr=0.1)
    average = collections.OrderedDict((key, value + value) for key, value in weights().items())
    tree = {"model": weights(), "model_ema": average, "optimizer": {"state": {0: {"step": torch.tensor(3.0)}}},
            "epoch": 5, "args": arguments}
    torch.save(tree, folder / "zip.pth")
    torch.save(tree, folder / "legacy.pth", _use_new_zipfile_serialization=False)
else:
    for file in sorted(folder.glob("out-*.pth")):
        state = torch.load(file, weights_only=True)
        expected = weights()
        if "ema" in file.name:
            expected = collections.OrderedDict((key, value + value) for key, value in expected.items())
        assert list(state) == list(expected), (file, list(state))
        for key, value in expected.items():
            if "f16" in file.name and value.is_floating_point():
                value = value.half()
            assert state[key].dtype == value.dtype and state[key].shape == value.shape, (file, key)
            assert torch.equal(state[key], value), (file, key)
    print("checked")
