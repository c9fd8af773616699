# SPDX-License-Identifier: BSD-3-Clause
"""The default network of the demo: a small MobileNetV1 for 28x28 grey pictures.

Life of the network: Network (trained in float, with batch norm) -> fold() -> FoldedNetwork (each
convolution with a bias, nothing else left) -> fine-tuned with its quantization simulated -> the
integers of quantize.py. Both classes describe their layers by the same list of Layer.
"""

import collections

import torch
from torch import nn
from torch.nn import functional

CLASSES = 10
SIZE = 28
MAP = 7          # side of the last feature map, averaged as a whole
RELU6_MAX = 6.0

# kind: "conv" (3x3), "depthwise" (3x3) or "pointwise"; size: side of its output
Layer = collections.namedtuple("Layer", "name kind inputs outputs stride size")

# (output channels, stride) of the blocks after the first convolution. The picture is halved only
# twice, and not by the first layer: at 28x28 there is little detail to throw away.
FIRST_CHANNELS = 16
BLOCKS = ((64, 2), (64, 1), (128, 2), (128, 1), (128, 1), (256, 1))


def layers():
    """The convolutions in order."""
    size, channels = SIZE, FIRST_CHANNELS
    result = [Layer("conv0", "conv", 1, channels, 1, size)]
    for i, (outputs, stride) in enumerate(BLOCKS, 1):
        size //= stride
        result.append(Layer(f"depthwise{i}", "depthwise", channels, channels, stride, size))
        result.append(Layer(f"pointwise{i}", "pointwise", channels, outputs, 1, size))
        channels = outputs
    assert size == MAP
    return result


def convolution(layer, bias):
    kernel = 1 if layer.kind == "pointwise" else 3
    groups = layer.inputs if layer.kind == "depthwise" else 1
    # TFLite's SAME padding of an even size at stride 2 puts the one padded row at the bottom; the
    # network pads there itself (pad_same), so that it learns what it will be run with.
    padding = kernel // 2 if layer.stride == 1 else 0
    return nn.Conv2d(layer.inputs, layer.outputs, kernel, layer.stride, padding, groups=groups,
                     bias=bias)


def pad_same(x, layer):
    return functional.pad(x, (0, 1, 0, 1)) if layer.stride == 2 else x


def macs():
    """Multiplications of one picture."""
    total = BLOCKS[-1][0] * CLASSES
    for layer in layers():
        taps = {"conv": 9 * layer.inputs, "depthwise": 9, "pointwise": layer.inputs}[layer.kind]
        total += layer.size ** 2 * layer.outputs * taps
    return total


class Network(nn.Module):
    """Float, with batch norm and ReLU6; input [n, 1, 28, 28] in 0..1, output logits [n, 10]."""

    def __init__(self):
        super().__init__()
        self.plan = layers()
        self.convolutions = nn.ModuleList(convolution(layer, bias=False) for layer in self.plan)
        # A larger epsilon than usual: a channel that hardly varies must not be blown up by
        # folding, its weights would widen the range that all channels share.
        self.norms = nn.ModuleList(nn.BatchNorm2d(layer.outputs, eps=1e-3) for layer in self.plan)
        self.classifier = nn.Linear(self.plan[-1].outputs, CLASSES)
        for module in self.convolutions:
            nn.init.kaiming_normal_(module.weight, mode="fan_out")

    def forward(self, x):
        for layer, conv, norm in zip(self.plan, self.convolutions, self.norms):
            x = functional.relu6(norm(conv(pad_same(x, layer))))
        return self.classifier(x.mean((2, 3)))


class FoldedNetwork(nn.Module):
    """Without batch norm. After observe() or with `ranges` filled, it can simulate uint8."""

    def __init__(self):
        super().__init__()
        self.plan = layers()
        self.convolutions = nn.ModuleList(convolution(layer, bias=True) for layer in self.plan)
        self.classifier = nn.Linear(self.plan[-1].outputs, CLASSES)
        # Output ranges (low, high), the last row is the logits'.
        self.register_buffer("ranges", torch.zeros(len(self.plan) + 1, 2))
        self.simulate = False
        self.observing = False

    def forward(self, x):
        for i, (layer, conv) in enumerate(zip(self.plan, self.convolutions)):
            x = conv._conv_forward(pad_same(x, layer), self.weight(conv), conv.bias)
            # Simulated, the range cuts as ReLU6 does: it begins at 0 and ends at 6 or below.
            x = self.output(x if self.simulate else functional.relu6(x), i)
        x = x.mean((2, 3))
        if self.simulate:  # the average keeps the scale of its input
            x = fake_quantize(x, *self.ranges[-2])
        return self.output(functional.linear(x, self.weight(self.classifier),
                                             self.classifier.bias), -1)

    def weight(self, module):
        if not self.simulate:
            return module.weight
        low, high = weight_range(module.weight)
        return fake_quantize(module.weight, low, high)

    def output(self, x, i):
        if self.observing:
            self.ranges[i, 0] = torch.minimum(self.ranges[i, 0], x.min())
            self.ranges[i, 1] = torch.maximum(self.ranges[i, 1], x.max())
        return fake_quantize(x, *self.ranges[i]) if self.simulate else x

    def observe(self, batches):
        """Sets the output ranges to what the pictures of `batches` reach."""
        self.ranges.zero_()
        self.simulate, self.observing = False, True
        with torch.no_grad():
            for x in batches:
                self(x)
        self.observing = False


def weight_range(weight):
    """Smallest and greatest weight; zero is always inside, so that it is exact."""
    weight = weight.detach()
    return weight.min().clamp(max=0), weight.max().clamp(min=0)


def affine(low, high):
    """Scale and zero point of 0..255 over the range low <= 0 < high."""
    scale = (high - low) / 255
    return scale, torch.round(-low / scale)


class _FakeQuantize(torch.autograd.Function):
    """Four passes in place; torch's own operator takes several times as long."""

    @staticmethod
    def forward(context, x, scale, zero_point):
        context.save_for_backward(x)
        context.range = -zero_point * scale, (255 - zero_point) * scale
        return (x / scale).round_().clamp_(-zero_point, 255 - zero_point).mul_(scale)

    @staticmethod
    def backward(context, gradient):
        (x,) = context.saved_tensors
        return torch.ops.aten.hardtanh_backward(gradient, x, *context.range), None, None


def fake_quantize(x, low, high):
    """x as it comes back from uint8; the gradient passes where nothing is clamped."""
    scale, zero_point = affine(low, high)
    return _FakeQuantize.apply(x, float(scale), int(zero_point))


def fold(network):
    """The same function without batch norm: each is a factor and an offset per channel."""
    folded = FoldedNetwork()
    with torch.no_grad():
        for new, old, norm in zip(folded.convolutions, network.convolutions, network.norms):
            factor = norm.weight / torch.sqrt(norm.running_var + norm.eps)
            new.weight.copy_(old.weight * factor.view(-1, 1, 1, 1))
            new.bias.copy_(norm.bias - norm.running_mean * factor)
        folded.classifier.load_state_dict(network.classifier.state_dict())
    return folded.to(memory_format=torch.channels_last)
