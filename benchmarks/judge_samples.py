# SPDX-License-Identifier: Apache-2.0
"""An independent opinion of generated garments: a small convolutional network, trained here with plain PyTorch on
Fashion-MNIST, says what samples show.

    python3 benchmarks/judge_samples.py s.npz d.npz        (needs torch and numpy; about six minutes on one core)

Each file is what `visionllama sample --npz` writes: arr_0 [N, 32, 32, 3] and the classes asked for in arr_1 [N].
The network's own accuracy on the test pictures is printed first: no judge is better than that.
"""
import argparse
import gzip
import pathlib

import numpy as np
import torch
from torch import nn

FOLDER = pathlib.Path("/usr/share/datasets/fashion-mnist")
CLASSES = 10


def idx(stem, header):
    file = next(FOLDER.glob(stem + "*"))
    raw = gzip.open(file).read() if file.suffix == ".gz" else file.read_bytes()
    return np.frombuffer(raw, np.uint8, offset=header)


def pictures(stem):
    return torch.from_numpy(idx(stem, 16).reshape(-1, 1, 28, 28).copy())


def labels(stem):
    return torch.from_numpy(idx(stem, 8).astype(np.int64))


def normalised(batch):
    """Bytes [B, 1, S, S] to -1..1 at 32 px, as the samples are."""
    border = (32 - batch.shape[-1]) // 2
    return nn.functional.pad(batch, (border,) * 4).float() / 127.5 - 1


def network():
    def layer(inputs, outputs):
        return [nn.Conv2d(inputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()]

    return nn.Sequential(
        *layer(1, 24), *layer(24, 24), nn.MaxPool2d(2), *layer(24, 48), *layer(48, 48), nn.MaxPool2d(2),
        *layer(48, 96), *layer(96, 96), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.3), nn.Linear(96, CLASSES))


def trained(epochs, batch=128):
    torch.manual_seed(0)
    x, y, model = pictures("train-images"), labels("train-labels"), network()
    steps = len(x) // batch
    optimiser = torch.optim.AdamW(model.parameters(), weight_decay=5e-3)
    rate = torch.optim.lr_scheduler.OneCycleLR(optimiser, 4e-3, total_steps=steps * epochs)
    for _ in range(epochs):
        for chosen in torch.randperm(len(x))[:steps * batch].split(batch):
            seen = normalised(x[chosen])
            if torch.rand(()) < 0.5:
                seen = seen.flip(3)
            loss = nn.functional.cross_entropy(model(seen), y[chosen], label_smoothing=0.05)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            rate.step()
    return model.eval()


@torch.no_grad()
def report(name, model, batch, wanted):
    said = torch.cat([model(normalised(part)).argmax(1) for part in batch.split(500)])
    right = said == wanted
    each = " ".join(f"{100 * right[wanted == c].float().mean():5.1f}" for c in range(CLASSES))
    print(f"{name}: {100 * right.float().mean():.1f} % of {len(right)}; by class {each}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("samples", nargs="+")
    parser.add_argument("--epochs", type=int, default=5)
    arguments = parser.parse_args()
    model = trained(arguments.epochs)
    report("real test pictures", model, pictures("t10k-images"), labels("t10k-labels"))
    for file in arguments.samples:
        with np.load(file) as arrays:
            batch = torch.from_numpy(arrays["arr_0"][..., :1].transpose(0, 3, 1, 2).copy())
            report(file, model, batch, torch.from_numpy(arrays["arr_1"].astype(np.int64)))


if __name__ == "__main__":
    main()
