"""A TensorFlow frozen graph, read without TensorFlow: the constants that hold weights."""

from __future__ import annotations

from typing import Any

import numpy as np
from google.protobuf import descriptor_pb2, descriptor_pool, message, message_factory

from spliceai_cli.arrays import FloatArray
from spliceai_cli.errors import WeightsError
from spliceai_cli.models.readers.keras import KerasNorm, read_layers
from spliceai_cli.models.spec import NetworkSpec
from spliceai_cli.models.tensors import FloatTensors, Weights, of_member

_FLOAT = 1  # DT_FLOAT

_STRING, _BYTES, _INT64, _MESSAGE = (
    descriptor_pb2.FieldDescriptorProto.TYPE_STRING,
    descriptor_pb2.FieldDescriptorProto.TYPE_BYTES,
    descriptor_pb2.FieldDescriptorProto.TYPE_INT64,
    descriptor_pb2.FieldDescriptorProto.TYPE_MESSAGE,
)

# The protobuf messages that weights need: message -> (field, number, type, message of the field, whether it repeats).
# On the wire, an attribute map is a repeated message of key and value.
_MESSAGES: dict[str, tuple[tuple[str, int, int, str, bool], ...]] = {
    "Dim": (("size", 1, _INT64, "", False),),
    "Shape": (("dim", 2, _MESSAGE, "Dim", True),),
    "Tensor": (
        ("dtype", 1, _INT64, "", False),
        ("shape", 2, _MESSAGE, "Shape", False),
        ("content", 4, _BYTES, "", False),
        ("float_val", 5, descriptor_pb2.FieldDescriptorProto.TYPE_FLOAT, "", True),
    ),
    "Value": (("tensor", 8, _MESSAGE, "Tensor", False),),
    "Attribute": (("key", 1, _STRING, "", False), ("value", 2, _MESSAGE, "Value", False)),
    "Node": (
        ("name", 1, _STRING, "", False),
        ("op", 2, _STRING, "", False),
        ("attr", 5, _MESSAGE, "Attribute", True),
    ),
    "Graph": (("node", 1, _MESSAGE, "Node", True),),
}


def read_frozen_graph(raw: bytes, spec: NetworkSpec, name: str) -> Weights:
    """Read the weights from a graph that runs an ensemble of Keras models one after the other.

    Args:
        raw: the file.
        spec: spec of the networks in it.
        name: file name, for messages.

    Raises:
        WeightsError: the file is not such a graph, or its normalisations' epsilon is not the spec's.
    """
    try:
        constants = _constants(raw)
    except (message.DecodeError, ValueError) as error:
        raise WeightsError(f"{name} is not a TensorFlow graph, or damaged.") from error
    tensors: FloatTensors = {}
    try:
        for member in range(1, spec.n_networks + 1):
            layers = _GraphLayers(constants, member)
            if not np.isclose(layers.norm_eps, spec.norm_eps):
                raise WeightsError(
                    f"{name}: epsilon of the normalisations is {layers.norm_eps:g}, {spec.norm_eps:g} expected."
                )
            tensors |= of_member(member, read_layers(layers, spec))
    except KeyError as error:
        raise WeightsError(f"{name} does not hold {spec.name}: it has no constant {error.args[0]}.") from error
    return Weights(spec, tensors)


class _GraphLayers:
    """Layers of one member: TensorFlow adds ``_1`` to the names of operations at their second use, and so on."""

    def __init__(self, constants: FloatTensors, member: int) -> None:
        self._constants = constants
        self._use = "" if member == 1 else f"_{member - 1}"

    @property
    def norm_eps(self) -> float:
        """Epsilon of the first normalisation."""
        return float(self._find("batch_normalization_1/batchnorm{use}/add/y"))

    def conv(self, number: int) -> tuple[FloatArray, FloatArray]:
        """Kernel and bias."""
        kernel = self._find(f"conv1d_{number}/conv1d{{use}}/ExpandDims_1/ReadVariableOp/resource")
        return kernel, self._find(f"conv1d_{number}/BiasAdd{{use}}/ReadVariableOp/resource")

    def norm(self, number: int) -> KerasNorm:
        """Parameters of a normalisation."""
        scope = f"batch_normalization_{number}/batchnorm{{use}}"
        return KerasNorm(
            gamma=self._find(f"{scope}/mul/ReadVariableOp/resource"),
            beta=self._find(f"{scope}/ReadVariableOp_2/resource"),
            moving_mean=self._find(f"{scope}/ReadVariableOp_1/resource"),
            moving_variance=self._find(f"{scope}/ReadVariableOp/resource"),
        )

    def _find(self, name: str) -> FloatArray:
        return self._constants["model_1/" + name.format(use=self._use)]


def _constants(raw: bytes) -> FloatTensors:
    """Float constants by the name of their node."""
    graph = _graph_class()()
    graph.ParseFromString(raw)
    constants = {}
    for node in graph.node:
        if node.op == "Const":
            tensor = next((a.value.tensor for a in node.attr if a.key == "value"), None)
            if tensor is not None and tensor.dtype == _FLOAT:
                constants[node.name] = _array(tensor)
    return constants


def _array(tensor: Any) -> FloatArray:  # noqa: ANN401 (a class made at run time)
    shape = tuple(dim.size for dim in tensor.shape.dim)
    if tensor.content:
        return np.frombuffer(tensor.content, dtype="<f4").reshape(shape).astype(np.float32)
    # A single value fills the whole tensor. It is copied because PyTorch does not accept read-only arrays.
    return np.broadcast_to(np.asarray(tensor.float_val, dtype=np.float32), shape or (1,)).reshape(shape).copy()


def _graph_class() -> Any:  # noqa: ANN401
    """The message class of a graph."""
    file = descriptor_pb2.FileDescriptorProto(name="spliceai_cli/graph.proto", package="graph", syntax="proto3")
    label = descriptor_pb2.FieldDescriptorProto
    for name, fields in _MESSAGES.items():
        declared = file.message_type.add(name=name)
        for field, number, kind, type_name, is_repeated in fields:
            declared.field.add(
                name=field,
                number=number,
                type=kind,
                type_name=f".graph.{type_name}" if type_name else None,
                label=label.LABEL_REPEATED if is_repeated else label.LABEL_OPTIONAL,
            )
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("graph.Graph"))
