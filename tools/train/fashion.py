# SPDX-License-Identifier: BSD-3-Clause
"""Fashion-MNIST as the package dataset-fashion-mnist installs it, and IDX files."""

import gzip
import os
import struct

import numpy as np

DEFAULT_FOLDER = "/usr/share/datasets/fashion-mnist"
LABELS = ("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat",
          "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot")
VALIDATION_PICTURES = 5000

_UBYTE = 0x08  # the IDX code of the element type, the only one used here


def read_idx(path):
    """The array of unsigned bytes in an IDX file, gzipped or not."""
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rb") as file:
        data = file.read()
    if len(data) < 4 or data[0] or data[1] or data[2] != _UBYTE:
        raise SystemExit(f"{path}: not an IDX file of unsigned bytes")
    dimensions = data[3]
    header = 4 + 4 * dimensions
    if len(data) < header:
        raise SystemExit(f"{path}: ends inside its header")
    shape = struct.unpack(f">{dimensions}I", data[4:header])
    if len(data) - header != int(np.prod(shape)):
        raise SystemExit(f"{path}: {len(data) - header} bytes of data do not fit shape {shape}")
    return np.frombuffer(data, np.uint8, offset=header).reshape(shape)


def write_idx(path, array):
    """Writes an array of unsigned bytes as an uncompressed IDX file."""
    with open(path, "wb") as file:
        file.write(struct.pack(f">HBB{array.ndim}I", 0, _UBYTE, array.ndim, *array.shape))
        file.write(np.ascontiguousarray(array, np.uint8).tobytes())


def load(part, folder=DEFAULT_FOLDER):
    """(pictures [n, 28, 28], labels [n]) of part "train" or "t10k" (the test set)."""
    arrays = []
    for kind in ("images-idx3", "labels-idx1"):
        path = os.path.join(folder, f"{part}-{kind}-ubyte.gz")
        if not os.path.exists(path):
            raise SystemExit(f"{path}: not there; 'apt-get install dataset-fashion-mnist' "
                             "installs it, --data names another folder")
        arrays.append(read_idx(path))
    pictures, labels = arrays
    if len(pictures) != len(labels):
        raise SystemExit(f"{folder}: {len(pictures)} pictures, but {len(labels)} labels")
    return pictures, labels


def split(count, seed):
    """Indices (training, validation) into the training part; the same for the same seed."""
    order = np.random.RandomState(seed).permutation(count)
    return order[VALIDATION_PICTURES:], order[:VALIDATION_PICTURES]
