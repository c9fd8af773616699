# SPDX-License-Identifier: BSD-3-Clause
"""Reads and writes TFLite files through classes that flatc makes from the project's schema."""

import importlib
import os
import subprocess
import sys

import flatbuffers
import numpy as np

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SCHEMA = os.path.join(ROOT, "examples", "classify", "tflite.fbs")
GENERATED = os.path.join(ROOT, "build", "train", "schema")
IDENTIFIER = b"TFL3"


def _generate():
    try:
        subprocess.run(["flatc", "--python", "--gen-object-api", "-o", GENERATED, SCHEMA],
                       check=True)
    except FileNotFoundError:
        raise SystemExit("flatc is not there; 'apt-get install flatbuffers-compiler' "
                         "installs it") from None
    sys.path.insert(0, GENERATED)


_generate()


def schema(name):
    """What the schema calls `name`; its object class (plain attributes) where it has one."""
    module = importlib.import_module("tflite." + name)
    return getattr(module, name + "T", None) or getattr(module, name)


def name_of(enum, value):
    """The name of an enum's value, "unknown (value)" for one the schema leaves out."""
    for name, number in vars(schema(enum)).items():
        if number == value and not name.startswith("_"):
            return name
    return f"unknown ({value})"


class AlignedBuffer(schema("Buffer")):
    """A Buffer whose data stands at a multiple of 16 bytes, which flatc's Python code forgets."""

    def Pack(self, builder):
        module = importlib.import_module("tflite.Buffer")
        data = None
        if self.data is not None:
            content = np.ascontiguousarray(self.data).tobytes()
            builder.StartVector(1, len(content), 16)
            builder.head -= len(content)
            builder.Bytes[builder.head:builder.head + len(content)] = content
            data = builder.EndVector()
        module.BufferStart(builder)
        if data is not None:
            module.BufferAddData(builder, data)
        return module.BufferEnd(builder)


def read(path):
    """The Model in a file."""
    if not os.path.exists(path):
        raise SystemExit(f"{path}: not there")
    with open(path, "rb") as file:
        content = file.read()
    model = importlib.import_module("tflite.Model")
    if len(content) < 8 or not model.Model.ModelBufferHasIdentifier(content, 0):
        raise SystemExit(f"{path}: not a TFLite file (no {IDENTIFIER.decode()} at byte 4)")
    return model.ModelT.InitFromObj(model.Model.GetRootAs(content, 0))


def write(path, model):
    """Writes a Model; returns the size of the file."""
    builder = flatbuffers.Builder(1 << 20)
    builder.Finish(model.Pack(builder), IDENTIFIER)
    with open(path, "wb") as file:
        return file.write(builder.Output())


class ModelWriter:
    """Builds a Model with one subgraph, tensor by tensor and operator by operator."""

    def __init__(self, description):
        self.model, self.graph = schema("Model")(), schema("SubGraph")()
        self.model.version, self.model.description = 3, description
        self.model.operatorCodes, self.model.subgraphs = [], [self.graph]
        self.model.buffers = [AlignedBuffer()]  # the first one is empty by convention
        self.graph.tensors, self.graph.operators = [], []

    def tensor(self, name, shape, kind, quantization=None, data=None):
        """Adds a tensor, returns its index; quantization = (scale, zero point)."""
        tensor = schema("Tensor")()
        tensor.name, tensor.shape = name, [int(size) for size in shape]
        tensor.type, tensor.buffer = getattr(schema("TensorType"), kind), 0
        if quantization:
            tensor.quantization = schema("QuantizationParameters")()
            tensor.quantization.scale = [float(quantization[0])]
            tensor.quantization.zeroPoint = [int(quantization[1])]
        if data is not None:
            tensor.buffer = len(self.model.buffers)
            self.model.buffers.append(AlignedBuffer())
            self.model.buffers[-1].data = data
        self.graph.tensors.append(tensor)
        return len(self.graph.tensors) - 1

    def operator(self, kind, inputs, output, options_kind, **options):
        """Adds an operator; `options` are attributes of its option table."""
        operator = schema("Operator")()
        operator.opcodeIndex = self._opcode(getattr(schema("BuiltinOperator"), kind))
        operator.inputs, operator.outputs = inputs, [output]
        operator.builtinOptionsType = getattr(schema("BuiltinOptions"), options_kind)
        operator.builtinOptions = schema(options_kind)()
        for name, value in options.items():
            assert hasattr(operator.builtinOptions, name), name
            setattr(operator.builtinOptions, name, value)
        self.graph.operators.append(operator)

    def _opcode(self, builtin):
        codes = self.model.operatorCodes
        for i, code in enumerate(codes):
            if code.builtinCode == builtin:
                return i
        code = schema("OperatorCode")()
        # Old readers know only the first of the two; version 1 is the uint8 form of every
        # operator used here.
        code.deprecatedBuiltinCode = code.builtinCode = builtin
        code.version = 1
        codes.append(code)
        return len(codes) - 1
