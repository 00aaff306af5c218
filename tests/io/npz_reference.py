# SPDX-License-Identifier: Apache-2.0
"""Writes .npz files with numpy for npz_python_test.cpp and reads ours: npz_reference.py FOLDER."""
import sys

import numpy as np

TYPES = ["u1", "i1", "?", "u2", "i2", "u4", "i4", "u8", "i8", "f2", "f4", "f8"]


def arrays():
    for name in TYPES:
        kind = np.dtype(name).newbyteorder("<")
        yield kind.str[1:].replace("?", "b1"), (np.arange(24) % 2 if name == "?" else np.arange(24)).astype(kind).reshape(2, 3, 4)
    yield "scalar", np.float64(1.5)
    yield "empty", np.zeros((0, 4), np.float32)
    yield "long", np.arange(100_000, dtype=np.int32)


def main(folder):
    ours = np.load(folder + "/ours.npz", allow_pickle=False)
    for name, expected in arrays():
        found = ours[name]
        assert found.dtype == expected.dtype and found.shape == expected.shape, name
        assert np.array_equal(found, expected), name
    np.savez(folder + "/plain.npz", **dict(arrays()))
    np.savez_compressed(folder + "/packed.npz", **dict(arrays()))
    np.savez(folder + "/columns.npz", a=np.asfortranarray(np.ones((2, 3))))
    np.save(folder + "/one.npy", np.arange(7, dtype=np.uint8))


main(sys.argv[1])
