#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""Runs a uint8 TFLite network on the Fashion-MNIST test set with exact integer arithmetic.

The arithmetic is the library's: acc = bias + sum of (a - a_zero) * (w - w_zero), exactly; then
out = clamp(round_half_even(float32(acc) * scale) + out_zero) with one float32 multiplication and
scale = float32(double(a_scale) * double(w_scale) / double(out_scale)). It is written from that
definition in numpy, so that the library can be compared with it byte for byte.
"""

import argparse
import time

import numpy as np

import fashion
import tflite_file

BATCH = 250


class Tensor:
    """Shape, type, quantization and constant data of one tensor of a file."""

    def __init__(self, model, tensor):
        self.name = tensor.name.decode() if tensor.name else ""
        self.shape = [] if tensor.shape is None else [int(size) for size in tensor.shape]
        self.type = tflite_file.name_of("TensorType", tensor.type)
        self.scale, self.zero_point = np.float32(0), 0
        quantization = tensor.quantization
        if quantization is not None and quantization.scale is not None:
            if len(quantization.scale) != 1:
                raise SystemExit(f"tensor {self.name}: only one scale per tensor is supported")
            self.scale = np.float32(quantization.scale[0])
            self.zero_point = int(quantization.zeroPoint[0])
        data = model.buffers[tensor.buffer].data
        self.data = None
        if data is not None and len(data):
            kind = {"UINT8": np.uint8, "INT32": "<i4"}.get(self.type)
            if kind is None:
                raise SystemExit(f"tensor {self.name}: constant of type {self.type}")
            self.data = np.asarray(data).view(kind).reshape(self.shape)

    def centred(self):
        """Weights less their zero point."""
        return self.data.astype(np.int32) - self.zero_point


def output_limits(output, activation):
    """Smallest and greatest output byte that a fused activation allows."""
    def quantized(real):
        return int(np.rint(np.float64(real) / np.float64(output.scale))) + output.zero_point
    low, high = {"NONE": (0, 255), "RELU": (quantized(0), 255),
                 "RELU6": (quantized(0), quantized(6))}[activation]
    return max(low, 0), min(high, 255)


def requantize(acc, inputs, weights, output, activation):
    low, high = output_limits(output, activation)
    scale = np.float32(np.float64(inputs.scale) * np.float64(weights.scale)
                       / np.float64(output.scale))
    # acc is an integer that float64 holds exactly, so this rounds once, as from int32.
    product = acc.astype(np.float32) * scale
    return np.clip(np.rint(product) + np.float32(output.zero_point), low, high).astype(np.uint8)


def padded(x, zero_point, kernel, stride, padding):
    """(input less its zero point with its padding, output height, width), for square strides."""
    centred = x.astype(np.int32) - zero_point
    if padding == "VALID":
        return centred, *((x.shape[i] - kernel[i - 1]) // stride + 1 for i in (1, 2))
    sizes, pads = [], [(0, 0)]
    for size, taps in zip(x.shape[1:3], kernel):
        out = -(-size // stride)
        total = max((out - 1) * stride + taps - size, 0)
        pads.append((total // 2, total - total // 2))
        sizes.append(out)
    return np.pad(centred, pads + [(0, 0)]), *sizes  # zero: the zero point is already subtracted


def convolution(x, tensors, options, depthwise):
    """CONV_2D and DEPTHWISE_CONV_2D (one output channel for each input channel)."""
    inputs, weights, bias, output = tensors
    if options.strideH != options.strideW or (options.dilationHFactor,
                                              options.dilationWFactor) != (1, 1):
        raise SystemExit(f"tensor {output.name}: its stride or dilation is not supported")
    w, stride = weights.centred(), options.strideH
    _, taps_y, taps_x, _ = w.shape
    if depthwise and w.shape[3] != x.shape[3]:
        raise SystemExit(f"tensor {output.name}: its channel multiplier is not supported")
    source, height, width = padded(x, inputs.zero_point, (taps_y, taps_x), stride,
                                   tflite_file.name_of("Padding", options.padding))
    acc = np.zeros((len(x), height, width, len(bias.data)))
    for i in range(taps_y):
        for j in range(taps_x):
            window = source[:, i:i + stride * (height - 1) + 1:stride,
                            j:j + stride * (width - 1) + 1:stride]
            if depthwise:
                acc += window * w[0, i, j]
            else:  # float64 for the sake of a fast product; every sum is below 2^53, so exact
                flat = window.reshape(-1, w.shape[3]).astype(np.float64)
                acc += (flat @ w[:, i, j].T.astype(np.float64)).reshape(acc.shape)
    acc += bias.data
    assert np.abs(acc).max() < 2 ** 31
    return requantize(acc, inputs, weights, output, activation_of(options))


def fully_connected(x, tensors, options):
    inputs, weights, bias, output = tensors
    acc = (x.astype(np.int64) - inputs.zero_point) @ weights.centred().T + bias.data
    return requantize(acc, inputs, weights, output, activation_of(options))


def average_pool(x, tensors, options):
    """Of the whole map. The average keeps its scale: only a division is rounded."""
    inputs, output = tensors
    same = (inputs.scale, inputs.zero_point) == (output.scale, output.zero_point)
    if not same or (options.filterHeight, options.filterWidth) != x.shape[1:3]:
        raise SystemExit(f"tensor {output.name}: only an average of the whole map at an "
                         "unchanged scale is supported")
    total = x.astype(np.int64).sum((1, 2), keepdims=True)
    return np.rint(total / (x.shape[1] * x.shape[2])).astype(np.uint8)


def softmax(x, tensors, options):
    inputs, output = tensors
    real = (x.astype(np.float64) - x.max(-1, keepdims=True)) * np.float64(inputs.scale)
    power = np.exp(real * options.beta)
    q = np.rint(power / power.sum(-1, keepdims=True) / np.float64(output.scale))
    return np.clip(q + output.zero_point, 0, 255).astype(np.uint8)


def activation_of(options):
    return tflite_file.name_of("ActivationFunctionType", options.fusedActivationFunction)


class Network:
    """A file, ready to run."""

    def __init__(self, path):
        model = tflite_file.read(path)
        graph = model.subgraphs[0]
        self.tensors = [Tensor(model, tensor) for tensor in graph.tensors]
        self.input, self.output = int(graph.inputs[0]), int(graph.outputs[0])
        self.operators = []
        for operator in graph.operators:
            code = model.operatorCodes[operator.opcodeIndex]
            kind = tflite_file.name_of("BuiltinOperator",
                                       max(code.builtinCode, code.deprecatedBuiltinCode))
            self.operators.append((kind, operator))

    def run(self, x):
        """uint8 [n, height, width, channels] -> (bytes before the softmax, output bytes)."""
        values, logits = {self.input: x}, None
        for kind, operator in self.operators:
            indices = [int(i) for i in (*operator.inputs, *operator.outputs)]
            tensors = [self.tensors[i] for i in indices]
            source = values[indices[0]]
            values[indices[-1]] = self.step(kind, source, tensors, operator.builtinOptions)
            if kind == "SOFTMAX":
                logits = source
        output = values[self.output]
        return output if logits is None else logits, output

    @staticmethod
    def step(kind, x, tensors, options):
        if kind in ("CONV_2D", "DEPTHWISE_CONV_2D"):
            return convolution(x, tensors, options, kind != "CONV_2D")
        if kind == "RESHAPE":
            return x.reshape(len(x), *tensors[-1].shape[1:])
        simple = {"FULLY_CONNECTED": fully_connected, "AVERAGE_POOL_2D": average_pool,
                  "SOFTMAX": softmax}
        if kind not in simple:
            raise SystemExit(f"operator {kind} is not supported")
        return simple[kind](x, tensors, options)


def run_all(path, pictures, progress=True):
    """(logits, probabilities), both uint8 [n, 10], of uint8 pictures [n, 28, 28]."""
    network, results, begin = Network(path), [], time.time()
    for start in range(0, len(pictures), BATCH):
        results.append(network.run(pictures[start:start + BATCH, :, :, np.newaxis]))
        done = min(start + BATCH, len(pictures))
        if progress and done % 2500 == 0:
            left = (time.time() - begin) / done * (len(pictures) - done)
            print(f"  {done} of {len(pictures)} pictures, {left:.0f} s left", flush=True)
    return tuple(np.concatenate(part) for part in zip(*results))


def accuracy(outputs, labels):
    """In percent; of equal bytes the first counts, as in the demo."""
    return 100 * float((outputs.argmax(1) == labels).mean())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", nargs="?", default="models/fashion_mnist_uint8.tflite")
    parser.add_argument("--data", default=fashion.DEFAULT_FOLDER, help="folder of the IDX files")
    parser.add_argument("--count", type=int, default=10000, help="pictures of the test set")
    arguments = parser.parse_args()
    if not 0 < arguments.count <= 10000:
        parser.error("--count has to be in 1..10000")
    pictures, labels = (part[:arguments.count]
                        for part in fashion.load("t10k", arguments.data))
    logits, probabilities = run_all(arguments.model, pictures)
    print(f"{arguments.model}: uint8 accuracy {accuracy(logits, labels):.2f} % by logits, "
          f"{accuracy(probabilities, labels):.2f} % by probabilities, {len(labels)} pictures")


if __name__ == "__main__":
    main()
