# SPDX-License-Identifier: Apache-2.0
"""The FID Inception v3 in PyTorch's own layers, for inception_python_test.cpp: inception_reference.py WEIGHTS OUT_NPZ.
Reads WEIGHTS (a state dict) and OUT_NPZ's folder/pictures.npy, writes pooled, spatial and logits. Written from the
description of the network, layer by layer, so that names and shapes are said a second time."""
import sys

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F


class Unit(nn.Module):
    def __init__(self, i, o, k=1, s=1, p=0):
        super().__init__()
        self.conv = nn.Conv2d(i, o, k, s, p, bias=False)
        self.bn = nn.BatchNorm2d(o, eps=0.001)

    def forward(self, x):
        return F.relu(self.bn(self.conv(x)))


def mean3(x):
    return F.avg_pool2d(x, 3, 1, 1, count_include_pad=False)


class A(nn.Module):
    def __init__(self, i, pool):
        super().__init__()
        self.branch1x1 = Unit(i, 64)
        self.branch5x5_1, self.branch5x5_2 = Unit(i, 48), Unit(48, 64, 5, p=2)
        self.branch3x3dbl_1, self.branch3x3dbl_2, self.branch3x3dbl_3 = Unit(i, 64), Unit(64, 96, 3, p=1), Unit(96, 96, 3, p=1)
        self.branch_pool = Unit(i, pool)

    def forward(self, x):
        return torch.cat([self.branch1x1(x), self.branch5x5_2(self.branch5x5_1(x)),
                          self.branch3x3dbl_3(self.branch3x3dbl_2(self.branch3x3dbl_1(x))), self.branch_pool(mean3(x))], 1)


class B(nn.Module):
    def __init__(self):
        super().__init__()
        self.branch3x3 = Unit(288, 384, 3, 2)
        self.branch3x3dbl_1, self.branch3x3dbl_2, self.branch3x3dbl_3 = Unit(288, 64), Unit(64, 96, 3, p=1), Unit(96, 96, 3, 2)

    def forward(self, x):
        return torch.cat([self.branch3x3(x), self.branch3x3dbl_3(self.branch3x3dbl_2(self.branch3x3dbl_1(x))), F.max_pool2d(x, 3, 2)], 1)


class C(nn.Module):
    def __init__(self, c):
        super().__init__()
        row, column = dict(k=(1, 7), p=(0, 3)), dict(k=(7, 1), p=(3, 0))
        self.branch1x1 = Unit(768, 192)
        self.branch7x7_1, self.branch7x7_2, self.branch7x7_3 = Unit(768, c), Unit(c, c, **row), Unit(c, 192, **column)
        self.branch7x7dbl_1, self.branch7x7dbl_2 = Unit(768, c), Unit(c, c, **column)
        self.branch7x7dbl_3, self.branch7x7dbl_4, self.branch7x7dbl_5 = Unit(c, c, **row), Unit(c, c, **column), Unit(c, 192, **row)
        self.branch_pool = Unit(768, 192)

    def forward(self, x):
        y = self.branch7x7dbl_2(self.branch7x7dbl_1(x))
        return torch.cat([self.branch1x1(x), self.branch7x7_3(self.branch7x7_2(self.branch7x7_1(x))),
                          self.branch7x7dbl_5(self.branch7x7dbl_4(self.branch7x7dbl_3(y))), self.branch_pool(mean3(x))], 1)


class D(nn.Module):
    def __init__(self):
        super().__init__()
        self.branch3x3_1, self.branch3x3_2 = Unit(768, 192), Unit(192, 320, 3, 2)
        self.branch7x7x3_1, self.branch7x7x3_2 = Unit(768, 192), Unit(192, 192, (1, 7), p=(0, 3))
        self.branch7x7x3_3, self.branch7x7x3_4 = Unit(192, 192, (7, 1), p=(3, 0)), Unit(192, 192, 3, 2)

    def forward(self, x):
        y = self.branch7x7x3_4(self.branch7x7x3_3(self.branch7x7x3_2(self.branch7x7x3_1(x))))
        return torch.cat([self.branch3x3_2(self.branch3x3_1(x)), y, F.max_pool2d(x, 3, 2)], 1)


class E(nn.Module):
    def __init__(self, i, largest):
        super().__init__()
        row, column = dict(k=(1, 3), p=(0, 1)), dict(k=(3, 1), p=(1, 0))
        self.branch1x1, self.branch3x3_1 = Unit(i, 320), Unit(i, 384)
        self.branch3x3_2a, self.branch3x3_2b = Unit(384, 384, **row), Unit(384, 384, **column)
        self.branch3x3dbl_1, self.branch3x3dbl_2 = Unit(i, 448), Unit(448, 384, 3, p=1)
        self.branch3x3dbl_3a, self.branch3x3dbl_3b = Unit(384, 384, **row), Unit(384, 384, **column)
        self.branch_pool = Unit(i, 192)
        self.largest = largest

    def forward(self, x):
        y, z = self.branch3x3_1(x), self.branch3x3dbl_2(self.branch3x3dbl_1(x))
        pooled = F.max_pool2d(x, 3, 1, 1) if self.largest else mean3(x)
        return torch.cat([self.branch1x1(x), self.branch3x3_2a(y), self.branch3x3_2b(y), self.branch3x3dbl_3a(z),
                          self.branch3x3dbl_3b(z), self.branch_pool(pooled)], 1)


class Inception(nn.Module):
    def __init__(self):
        super().__init__()
        self.Conv2d_1a_3x3, self.Conv2d_2a_3x3, self.Conv2d_2b_3x3 = Unit(3, 32, 3, 2), Unit(32, 32, 3), Unit(32, 64, 3, p=1)
        self.Conv2d_3b_1x1, self.Conv2d_4a_3x3 = Unit(64, 80), Unit(80, 192, 3)
        self.Mixed_5b, self.Mixed_5c, self.Mixed_5d = A(192, 32), A(256, 64), A(288, 64)
        self.Mixed_6a, self.Mixed_6b, self.Mixed_6c, self.Mixed_6d, self.Mixed_6e = B(), C(128), C(160), C(160), C(192)
        self.Mixed_7a, self.Mixed_7b, self.Mixed_7c = D(), E(1280, False), E(2048, True)
        self.fc = nn.Linear(2048, 1008)

    def forward(self, x):
        x = F.max_pool2d(self.Conv2d_2b_3x3(self.Conv2d_2a_3x3(self.Conv2d_1a_3x3(x))), 3, 2)
        x = F.max_pool2d(self.Conv2d_4a_3x3(self.Conv2d_3b_1x1(x)), 3, 2)
        x = self.Mixed_6c(self.Mixed_6b(self.Mixed_6a(self.Mixed_5d(self.Mixed_5c(self.Mixed_5b(x))))))
        spatial = self.Mixed_6d.branch1x1(x)[:, :7].permute(0, 2, 3, 1).flatten(1)
        x = self.Mixed_7c(self.Mixed_7b(self.Mixed_7a(self.Mixed_6e(self.Mixed_6d(x)))))
        x = x.mean((2, 3))
        return x, spatial, x @ self.fc.weight.T


def resize(x, side):
    """TensorFlow 1's ResizeBilinear, pixel by pixel of one axis at a time; x [N, H, W, C] float32."""
    for axis in (2, 1):
        n = x.shape[axis]
        place = np.arange(side, dtype=np.float32) * np.float32(n / side)
        low = np.floor(place).astype(int)
        high = np.minimum(low + 1, n - 1)
        share = (place - low).reshape([-1 if a == axis else 1 for a in range(4)]).astype(np.float32)
        a, b = np.take(x, low, axis), np.take(x, high, axis)
        x = a + (b - a) * share
    return x


def main(weights, out):
    model = Inception().eval()
    model.load_state_dict(torch.load(weights, weights_only=True), strict=False)
    named = {k for k in model.state_dict() if not k.endswith("num_batches_tracked")}
    assert named == set(torch.load(weights, weights_only=True)), "names differ"
    pictures = np.load(out.rsplit("/", 1)[0] + "/pictures.npz")["arr_0"].astype(np.float32)
    x = (torch.from_numpy(resize(pictures, 299)).permute(0, 3, 1, 2) - 128) / 128
    with torch.no_grad():
        pooled, spatial, logits = model(x.contiguous())
    np.savez(out, pooled=pooled.numpy(), spatial=spatial.numpy(), probabilities=logits.softmax(1).numpy())


main(*sys.argv[1:3])
