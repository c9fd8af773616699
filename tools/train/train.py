#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""Trains the demo's default network on Fashion-MNIST.

Two stages: float training with batch norm, then a few epochs of quantization-aware fine-tuning of
the folded network. The test set is read once, at the end, and decides nothing: the last epoch is
what is kept. Needs Debian's python3-torch and dataset-fashion-mnist. The checkpoint is read by
quantize.py.
"""

import argparse
import ctypes
import math
import os
import random
import sys
import time

import numpy as np
import torch
from torch.nn import functional

import fashion
import network

SHIFT = 2            # pixels a training picture may move in each direction
WARMUP = 0.05        # share of the steps in which the learning rate rises
CALIBRATION = 4096   # training pictures that set the output ranges


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default=fashion.DEFAULT_FOLDER, help="folder of the IDX files")
    parser.add_argument("--output", default="build/train/fashion_mnist.pt", help="checkpoint")
    parser.add_argument("--resume", help="skip float training, take it from this checkpoint")
    parser.add_argument("--epochs", type=int, default=15, help="of float training")
    parser.add_argument("--qat-epochs", type=int, default=3, help="of quantization-aware training")
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--rate", type=float, default=0.1, help="peak learning rate")
    parser.add_argument("--qat-rate", type=float, default=0.002)
    parser.add_argument("--decay", type=float, default=5e-4, help="weight decay")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--limit", type=int, default=0, help="train on so many pictures only")
    arguments = parser.parse_args()
    for name in ("epochs", "qat_epochs", "limit", "batch", "threads"):
        if getattr(arguments, name) < (name in ("batch", "threads")):
            parser.error(f"--{name.replace('_', '-')} is too small")
    if arguments.resume and not os.path.exists(arguments.resume):
        parser.error(f"--resume: {arguments.resume} is not there")
    return arguments


def to_input(pictures):
    """uint8 [n, 28, 28] -> float [n, 1, 28, 28] in 0..1."""
    x = torch.as_tensor(pictures, dtype=torch.float32).unsqueeze(1) / 255
    return x.contiguous(memory_format=torch.channels_last)


def augment(pictures, generator):
    """Mirrors every other picture and moves each by up to SHIFT pixels, filling with black."""
    count, size = len(pictures), network.SIZE
    mirror = torch.rand(count, generator=generator) < 0.5
    pictures = torch.where(mirror.view(-1, 1, 1), pictures.flip(2), pictures)
    padded = functional.pad(pictures, (SHIFT,) * 4)
    corner = torch.randint(0, 2 * SHIFT + 1, (2, count, 1), generator=generator)
    rows, columns = corner + torch.arange(size)
    return padded[torch.arange(count).view(-1, 1, 1), rows.unsqueeze(2), columns.unsqueeze(1)]


def accuracy(model, pictures, labels, batch=500):
    """Share of right answers, in percent."""
    model.eval()
    right = 0
    with torch.no_grad():
        for start in range(0, len(labels), batch):
            answer = model(to_input(pictures[start:start + batch])).argmax(1)
            right += int((answer == labels[start:start + batch]).sum())
    return 100 * right / len(labels)


def optimizer_of(model, arguments):
    """Nesterov SGD; only the large matrices decay, a depthwise filter has too few weights."""
    decaying, free = [], []
    for parameter in model.parameters():
        large = parameter.dim() == 2 or parameter.dim() == 4 and parameter.shape[1] > 1
        (decaying if large else free).append(parameter)
    return torch.optim.SGD([{"params": decaying, "weight_decay": arguments.decay},
                            {"params": free}], lr=arguments.rate, momentum=0.9, nesterov=True)


def learning_rate(peak, step, steps):
    """Linear warm-up, then half a cosine down to zero."""
    warmup = max(1, int(WARMUP * steps))
    if step < warmup:
        return peak * (step + 1) / warmup
    return peak * 0.5 * (1 + math.cos(math.pi * (step - warmup) / max(1, steps - warmup)))


def run(model, stage, epochs, peak, data, arguments, generator):
    """Trains for `epochs`; data = (training pictures, labels, validation pictures, labels)."""
    pictures, labels, check_pictures, check_labels = data
    optimizer = optimizer_of(model, arguments)
    per_epoch = len(labels) // arguments.batch
    steps, step, begin, said = per_epoch * epochs, 0, time.time(), time.time()
    for epoch in range(1, epochs + 1):
        model.train()
        order, loss_sum = torch.randperm(len(labels), generator=generator), 0.0
        for chosen in order[:per_epoch * arguments.batch].split(arguments.batch):
            for group in optimizer.param_groups:
                group["lr"] = learning_rate(peak, step, steps)
            loss = functional.cross_entropy(model(to_input(augment(pictures[chosen], generator))),
                                            labels[chosen])
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            loss_sum += float(loss.detach())
            step += 1
            if time.time() - said > 30 and step % per_epoch:
                said = time.time()
                left = (said - begin) / step * (steps - step)
                print(f"  {stage}: step {step}/{steps}, {left / 60:.1f} min left", flush=True)
        left = (time.time() - begin) / step * (steps - step)
        print(f"{stage} epoch {epoch}/{epochs}: loss {loss_sum / per_epoch:.4f}, validation "
              f"{accuracy(model, check_pictures, check_labels):.2f} %, "
              f"{left / 60:.1f} min left", flush=True)


def load_data(arguments):
    pictures, labels = (torch.from_numpy(array.copy())
                        for array in fashion.load("train", arguments.data))
    labels = labels.long()
    training, validation = fashion.split(len(labels), arguments.seed)
    if arguments.limit:
        training = training[:arguments.limit]
    if len(training) < arguments.batch:
        raise SystemExit(f"{len(training)} training pictures do not fill a batch of "
                         f"{arguments.batch}")
    return pictures[training], labels[training], pictures[validation], labels[validation]


def keep_freed_memory():
    """Tells glibc's malloc not to return every large tensor to the kernel: a third of the time."""
    trim_threshold, mmap_threshold = -1, -3  # M_* of <malloc.h>
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):
        libc.mallopt(mmap_threshold, 1 << 30)
        libc.mallopt(trim_threshold, 1 << 30)


def main():
    arguments = parse_arguments()
    keep_freed_memory()
    torch.set_num_threads(arguments.threads)
    for seed in (random.seed, np.random.seed, torch.manual_seed):
        seed(arguments.seed)
    generator = torch.Generator().manual_seed(arguments.seed)
    print(f"seed {arguments.seed}, torch {torch.__version__}, {arguments.threads} thread(s)")
    data, begin = load_data(arguments), time.time()

    model = network.Network().to(memory_format=torch.channels_last)
    print(f"{sum(p.numel() for p in model.parameters())} parameters, {network.macs()} MACs, "
          f"{len(data[1])} training and {len(data[3])} validation pictures", flush=True)
    if arguments.resume:
        model.load_state_dict(torch.load(arguments.resume)["float"])
    else:
        run(model, "float", arguments.epochs, arguments.rate, data, arguments, generator)
    os.makedirs(os.path.dirname(arguments.output) or ".", exist_ok=True)
    command = " ".join(["tools/train/train.py", *sys.argv[1:]])
    checkpoint = {"seed": arguments.seed, "command": command, "float": model.state_dict()}
    torch.save(checkpoint, arguments.output)

    model.eval()
    folded = network.fold(model)
    folded.observe(to_input(part) for part in data[0][:CALIBRATION].split(512))
    folded.simulate = True
    print(f"folded, quantized without training: validation "
          f"{accuracy(folded, data[2], data[3]):.2f} %", flush=True)
    run(folded, "qat", arguments.qat_epochs, arguments.qat_rate, data, arguments, generator)
    checkpoint["folded"] = folded.state_dict()

    test = [torch.from_numpy(array.copy()) for array in fashion.load("t10k", arguments.data)]
    checkpoint["float_accuracy"] = accuracy(model, *test)
    torch.save(checkpoint, arguments.output)
    print(f"test: float {checkpoint['float_accuracy']:.2f} %, simulated uint8 "
          f"{accuracy(folded, *test):.2f} %; {(time.time() - begin) / 60:.1f} minutes; "
          f"{arguments.output}")


if __name__ == "__main__":
    main()
