#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""Writes the sample data that stands beside the demo's default network in models/.

500 pictures of the test set (the first 50 of each class, in the order of the set) with their
labels and with the logits that the exact simulation of the network gives, as IDX files; the first
picture of each class as PNG; the names of the classes.
"""

import argparse
import os
import re
import struct
import zlib

import numpy as np

import evaluate
import fashion

PER_CLASS = 50


def write_png(path, picture):
    """An 8-bit grey picture."""
    def chunk(kind, content):
        return (struct.pack(">I", len(content)) + kind + content
                + struct.pack(">I", zlib.crc32(kind + content)))
    height, width = picture.shape
    rows = b"".join(b"\0" + row.tobytes() for row in picture)  # 0: the row is not filtered
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n"
                   + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
                   + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b""))


def choose(labels):
    """Indices of the first PER_CLASS of each class, ascending."""
    first = [np.flatnonzero(labels == label)[:PER_CLASS] for label in range(len(fashion.LABELS))]
    return np.sort(np.concatenate(first))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default=fashion.DEFAULT_FOLDER, help="folder of the IDX files")
    parser.add_argument("--models", default="models", help="folder of the network and the output")
    arguments = parser.parse_args()
    pictures, labels = fashion.load("t10k", arguments.data)
    chosen = choose(labels)
    pictures, labels = pictures[chosen], labels[chosen]

    def path(name):
        return os.path.join(arguments.models, name)
    model = path("fashion_mnist_uint8.tflite")
    if not os.path.exists(model):
        raise SystemExit(f"{model}: not there; quantize.py makes it")
    logits, probabilities = evaluate.run_all(model, pictures, progress=False)
    fashion.write_idx(path("test500-images-idx3-ubyte"), pictures)
    fashion.write_idx(path("test500-labels-idx1-ubyte"), labels)
    fashion.write_idx(path("test500-logits-idx2-ubyte"), logits)
    with open(path("fashion_mnist_labels.txt"), "w", encoding="utf-8") as file:
        file.write("\n".join(fashion.LABELS) + "\n")

    os.makedirs(path("pictures"), exist_ok=True)
    answers = probabilities.argmax(1)
    for label, name in enumerate(fashion.LABELS):
        i = int(np.flatnonzero(labels == label)[0])
        file = f"{label}-{re.sub('[^a-z]+', '-', name.lower())}.png"
        write_png(path(os.path.join("pictures", file)), pictures[i])
        print(f"{file}: {fashion.LABELS[answers[i]]} {probabilities[i].max() / 256:.2f}")
    print(f"{(answers == labels).sum()} of {len(labels)} right")


if __name__ == "__main__":
    main()
