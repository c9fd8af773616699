#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""Writes the trained network as a uint8 TFLite file and measures it.

One scale and zero point per tensor, weights too (minimum and maximum of the values, zero
included), bias int32 with scale input_scale * weight_scale, batch norm folded. Prints the accuracy
of the float network and of the integers of the file on the 10,000 test pictures, and fails if the
file misses a bar. Writes a summary as JSON beside the file.
"""

import argparse
import datetime
import json
import os

import numpy as np
import torch

import evaluate
import fashion
import network
import tflite_file
import train

MINIMUM_ACCURACY = 90.0
MAXIMUM_LOSS = 0.5
MAXIMUM_BYTES = 250_000


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--checkpoint", default="build/train/fashion_mnist.pt")
    parser.add_argument("--output", default="models/fashion_mnist_uint8.tflite")
    parser.add_argument("--summary", default="models/fashion_mnist.json")
    parser.add_argument("--data", default=fashion.DEFAULT_FOLDER, help="folder of the IDX files")
    parser.add_argument("--post-training", action="store_true",
                        help="quantize the float weights, without what fine-tuning changed")
    return parser.parse_args()


def folded_network(checkpoint, model, arguments):
    """The folded network with its output ranges."""
    if not arguments.post_training:
        if "folded" not in checkpoint:
            raise SystemExit("this checkpoint has no fine-tuned network; --post-training does "
                             "without")
        folded = network.FoldedNetwork()
        folded.load_state_dict(checkpoint["folded"])
        return folded
    folded = network.fold(model)
    pictures, _ = fashion.load("train", arguments.data)
    chosen, _ = fashion.split(len(pictures), checkpoint["seed"])
    calibration = torch.from_numpy(pictures[chosen[:train.CALIBRATION]])
    folded.observe(train.to_input(part) for part in calibration.split(512))
    return folded


def quantize_weights(weight):
    """(uint8 array of the same layout, scale, zero point)."""
    low, high = network.weight_range(weight)
    scale, zero_point = (np.float32(value) for value in network.affine(low, high))
    q = np.rint(weight.detach().numpy() / scale) + zero_point
    return np.clip(q, 0, 255).astype(np.uint8), scale, int(zero_point)


class QuantizedWriter:
    """Adds the layers of a folded network to a TFLite model."""

    def __init__(self, folded):
        self.folded = folded
        self.file = tflite_file.ModelWriter("qnnpack demo: Fashion-MNIST, uint8")
        self.parameters = 0
        self.size, self.scale = network.SIZE, np.float32(1 / 255)
        self.current = self.file.tensor("input", (1, self.size, self.size, 1), "UINT8",
                                        (self.scale, 0))
        self.file.graph.inputs = [self.current]

    def constants(self, name, module, layout):
        """Weights (permuted by `layout`) and bias; returns their tensors' indices."""
        q, scale, zero_point = quantize_weights(module.weight)
        q = q.transpose(layout)
        bias_scale = np.float32(self.scale * scale)
        bias = np.rint(module.bias.detach().numpy().astype(np.float64) / np.float64(bias_scale))
        # Neither an activation nor a weight is further than 255 from its zero point.
        reach = np.abs(bias).max() + 255 * 255 * q.size / len(bias)
        if reach >= 2 ** 31:
            raise SystemExit(f"layer {name}: its accumulator could overflow")
        self.parameters += q.size + len(bias)
        return (self.file.tensor(name + "/weights", q.shape, "UINT8", (scale, zero_point), q),
                self.file.tensor(name + "/bias", bias.shape, "INT32", (bias_scale, 0),
                                 bias.astype("<i4")))

    def output(self, name, shape, row):
        """Adds a computed tensor with the range in row `row`; it becomes the current one."""
        scale, zero_point = network.affine(*self.folded.ranges[row])
        self.scale = np.float32(scale)
        self.current = self.file.tensor(name, shape, "UINT8", (self.scale, zero_point))
        return self.current

    def convolution(self, i, layer, module):
        depthwise = layer.kind == "depthwise"
        # PyTorch has [out][in][y][x]; TFLite [out][y][x][in], depthwise [1][y][x][out].
        layout = (1, 2, 3, 0) if depthwise else (0, 2, 3, 1)
        inputs = [self.current, *self.constants(layer.name, module, layout)]
        output = self.output(layer.name, (1, layer.size, layer.size, layer.outputs), i)
        options = {"depthMultiplier": 1} if depthwise else {}
        self.file.operator(
            "DEPTHWISE_CONV_2D" if depthwise else "CONV_2D", inputs, output,
            "DepthwiseConv2DOptions" if depthwise else "Conv2DOptions",
            padding=tflite_file.schema("Padding").SAME, strideW=layer.stride,
            strideH=layer.stride, dilationWFactor=1, dilationHFactor=1,
            fusedActivationFunction=tflite_file.schema("ActivationFunctionType").RELU6, **options)

    def head(self):
        """Average, fully connected layer, softmax."""
        channels, file, side = self.folded.plan[-1].outputs, self.file, network.MAP
        source = self.current
        output = self.output("average", (1, 1, 1, channels), -2)
        file.operator("AVERAGE_POOL_2D", [source], output, "Pool2DOptions",
                      padding=tflite_file.schema("Padding").VALID, strideW=side, strideH=side,
                      filterWidth=side, filterHeight=side)
        shape = file.tensor("flat/shape", (2,), "INT32", data=np.array([1, channels], "<i4"))
        flat = self.output("flat", (1, channels), -2)
        file.operator("RESHAPE", [output, shape], flat, "ReshapeOptions", newShape=[1, channels])
        inputs = [flat, *self.constants("classifier", self.folded.classifier, (0, 1))]
        logits = self.output("logits", (1, network.CLASSES), -1)
        file.operator("FULLY_CONNECTED", inputs, logits, "FullyConnectedOptions")
        output = file.tensor("probabilities", (1, network.CLASSES), "UINT8", (1 / 256, 0))
        file.operator("SOFTMAX", [logits], output, "SoftmaxOptions", beta=1.0)
        file.graph.outputs = [output]

    def build(self):
        for i, (layer, module) in enumerate(zip(self.folded.plan, self.folded.convolutions)):
            self.convolution(i, layer, module)
        self.head()
        return self.file.model


def measure(model, arguments):
    """Accuracies (float, uint8) on the test set."""
    pictures, labels = fashion.load("t10k", arguments.data)
    model.eval()
    float_accuracy = train.accuracy(model, *(torch.from_numpy(a.copy())
                                             for a in (pictures, labels)))
    print(f"float accuracy {float_accuracy:.2f} %", flush=True)
    _, probabilities = evaluate.run_all(arguments.output, pictures)
    uint8_accuracy = evaluate.accuracy(probabilities, labels)
    print(f"uint8 accuracy {uint8_accuracy:.2f} %")
    return float_accuracy, uint8_accuracy


def misses(float_accuracy, uint8_accuracy, size):
    """The bars that the file does not reach, as sentences."""
    if uint8_accuracy < MINIMUM_ACCURACY:
        yield f"uint8 accuracy is below {MINIMUM_ACCURACY} %"
    if float_accuracy - uint8_accuracy > MAXIMUM_LOSS:
        yield f"uint8 loses more than {MAXIMUM_LOSS} points"
    if size > MAXIMUM_BYTES:
        yield f"the file is larger than {MAXIMUM_BYTES} bytes"


def main():
    arguments = parse_arguments()
    torch.set_num_threads(1)
    if not os.path.exists(arguments.checkpoint):
        raise SystemExit(f"{arguments.checkpoint}: not there; train.py makes it")
    for path in (arguments.output, arguments.summary):
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    checkpoint = torch.load(arguments.checkpoint)
    model = network.Network().to(memory_format=torch.channels_last)
    model.load_state_dict(checkpoint["float"])
    writer = QuantizedWriter(folded_network(checkpoint, model, arguments))
    size = tflite_file.write(arguments.output, writer.build())
    print(f"{arguments.output}: {size} bytes, {writer.parameters} parameters")

    float_accuracy, uint8_accuracy = measure(model, arguments)
    summary = {
        "float_accuracy_percent": round(float_accuracy, 2),
        "uint8_accuracy_percent": round(uint8_accuracy, 2),
        "test_pictures": 10000,
        "parameters": writer.parameters,
        "macs": network.macs(),
        "file_bytes": size,
        "seed": checkpoint["seed"],
        "date": datetime.date.today().isoformat(),
        "commands": [checkpoint["command"],
                     "tools/train/quantize.py" + " --post-training" * arguments.post_training,
                     "tools/train/samples.py"],
    }
    with open(arguments.summary, "w", encoding="utf-8") as file:
        json.dump(summary, file, indent=2)
        file.write("\n")
    failures = list(misses(float_accuracy, uint8_accuracy, size))
    if failures:
        raise SystemExit("; ".join(failures))


if __name__ == "__main__":
    main()
