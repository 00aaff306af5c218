# SPDX-License-Identifier: Apache-2.0
"""Writes checkpoints with PyTorch itself and says what is in them; reads back the ones our writer made.

Usage: pth_reference.py FOLDER. Writes FOLDER/expected.txt, one tensor a line: file, name, dtype, shape, data in hex,
and one value beside the tensors a line: file, name, "=", text. Reads FOLDER/ours*.pth.
"""
import argparse
import collections
import pathlib
import sys
import warnings

import torch

warnings.filterwarnings("ignore")
folder = pathlib.Path(sys.argv[1])
NAMES = {torch.float64: "F64", torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16", torch.int64: "I64",
         torch.int32: "I32", torch.int16: "I16", torch.int8: "I8", torch.uint8: "U8", torch.bool: "BOOL",
         torch.complex64: "C64", torch.complex128: "C128"}
YOUNG = {"float8_e4m3fn": "F8_E4M3", "float8_e5m2": "F8_E5M2", "uint16": "U16", "uint32": "U32", "uint64": "U64"}
for name, ours in YOUNG.items():
    if hasattr(torch, name):
        NAMES[getattr(torch, name)] = ours
expected = []


def expect(file, tree, prefix=""):
    if isinstance(tree, argparse.Namespace):
        tree = vars(tree)
    for key, value in tree.items():
        name = f"{prefix}{key}"
        if isinstance(value, torch.Tensor):
            raw = value.detach().clone(memory_format=torch.contiguous_format).reshape(-1).view(torch.uint8).tolist()
            shape = ",".join(str(size) for size in value.shape)
            expected.append(f"{file} {name} {NAMES[value.dtype]} [{shape}] {bytes(raw).hex()}")
        elif isinstance(value, (dict, argparse.Namespace)):
            expect(file, value, name + ".")
        else:
            expected.append(f"{file} {name} = {value}")


def save(tree, name):
    old = {"_use_new_zipfile_serialization": False}
    forms = {"zip": {}, "legacy": old, "protocol4": {"pickle_protocol": 4}, "legacy5": {**old, "pickle_protocol": 5}}
    for form, options in forms.items():
        file = f"{name}-{form}.pth"
        torch.save(tree, folder / file, **options)
        expect(file, tree)


def make():
    torch.manual_seed(0)
    numbers = torch.randn(3, 4) * 3
    save(collections.OrderedDict((f"layer.{ours}", numbers.abs().to(dtype)) for dtype, ours in NAMES.items()), "dtypes")
    base = torch.arange(24.0).reshape(4, 6)
    views = {"base": base, "transposed": base.t(), "columns": base[:, 1:5:2], "row": base[2], "last": base[3, 5],
             "expanded": base[0, :1].expand(5), "steps": base.reshape(2, 2, 6).permute(2, 0, 1),
             "empty": torch.zeros(0, 3), "scalar": torch.tensor(7.5)}
    save(views, "views")
    net = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.BatchNorm1d(2)).bfloat16()
    tied = torch.nn.Parameter(torch.randn(5, 2))
    average = {"module": collections.OrderedDict(w=tied, same=tied)}
    arguments = argparse.Namespace(lr=0.001, model="illama_tiny", out=None, big=2**70)
    save({"model": net.state_dict(), "model_ema": average, "epoch": 12, "best": 0.125, "name": "caf\u00e9",
          "flag": True, "nothing": None, "args": arguments}, "training")
    optimizer = torch.optim.AdamW(net.parameters())
    net(torch.randn(4, 3).bfloat16()).sum().backward()
    optimizer.step()
    file = "optimizer-zip.pth"
    torch.save({"optimizer": optimizer.state_dict(), "model": net.state_dict()}, folder / file)
    expect(file, {"optimizer.state": optimizer.state_dict()["state"], "model": net.state_dict()})
    torch.save(net, folder / "module-zip.pth")
    expect("module-zip.pth", net.state_dict())
    torch.save(net, folder / "module-legacy.pth", _use_new_zipfile_serialization=False)
    expect("module-legacy.pth", net.state_dict())
    try:
        import numpy
        file = "numpy-zip.pth"
        tree = {"best": numpy.float64(0.5), "step": numpy.int64(-7), "half": numpy.float32(2.25),
                "ok": numpy.bool_(True)}
        torch.save(tree, folder / file)
        expect(file, tree)
    except ImportError:
        pass
    (folder / "expected.txt").write_text("".join(line + "\n" for line in expected), encoding="utf-8")


def check_ours():
    bare = torch.load(folder / "ours.pth", weights_only=True)
    assert isinstance(bare, collections.OrderedDict), type(bare)
    for ours, dtype in ((value, key) for key, value in NAMES.items() if value != "C128"):
        tensor = bare["layer." + ours]
        assert tensor.dtype == dtype and tensor.shape == (2, 8 // tensor.element_size()), (ours, tensor)
        assert bytes(tensor.reshape(-1).view(torch.uint8).tolist()) == bytes([0, 1] * 8), (ours, tensor)
    assert bare["scalar"].shape == () and bare["scalar"].item() == 1.5
    assert bare["empty"].shape == (0, 4)
    mapped = torch.load(folder / "ours.pth", weights_only=True, mmap=True)
    assert list(mapped) == list(bare)
    wrapped = torch.load(folder / "ours-wrapped.pth", weights_only=True)
    assert list(wrapped) == ["model", "epoch", "best", "note", "done"], list(wrapped)
    assert wrapped["epoch"] == -3 and wrapped["best"] == 0.1
    assert wrapped["note"] == "caf\u00e9" and wrapped["done"] is True
    assert wrapped["model"]["w"].item() == 1.5
    torch.nn.Linear(1, 1, bias=False).load_state_dict({"weight": wrapped["model"]["w"].reshape(1, 1)})


make()
check_ours()
print("every check passed")
