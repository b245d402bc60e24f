"""The C interface of spliceai.h, for ctypes."""

from __future__ import annotations

import ctypes
from ctypes import c_double, c_float, c_int32, c_int64, c_void_p

#: Version of the interface; libraries of another one are not used.
INTERFACE = 3

#: Number of sizes of transforms.
N_SIZES = 7

#: What a call returns -> what it means.
STATUSES = {1: "a pointer is null", 2: "an impossible shape", 3: "weights are not packed", 4: "too little scratch"}

#: Features per position.
FEATURES = 32

#: Activations.
NONE, RECTIFY, GELU = 0, 1, 2


class LayerStruct(ctypes.Structure):
    """``spliceai_layer``."""

    _fields_ = (
        ("taps", c_int32),
        ("dilation", c_int32),
        ("bias", c_void_p),
        ("direct", c_void_p),
        ("spectral", c_void_p * N_SIZES),
    )


class StageStruct(ctypes.Structure):
    """``spliceai_stage``."""

    _fields_ = (
        ("layer", ctypes.POINTER(LayerStruct)),
        ("entry", c_int32),
        ("exit", c_int32),
        ("slope", c_float),
        ("scale", c_void_p),
        ("shift", c_void_p),
    )


class BlockStruct(ctypes.Structure):
    """``spliceai_block``."""

    _fields_ = (
        ("first", ctypes.POINTER(LayerStruct)),
        ("second", ctypes.POINTER(LayerStruct)),
        ("scale", c_void_p),
        ("shift", c_void_p),
        ("tap", c_void_p),
    )


class NetworkStruct(ctypes.Structure):
    """``spliceai_network``."""

    _fields_ = (
        ("n_blocks", c_int32),
        ("n_classes", c_int32),
        ("function", c_int32),
        ("slope", c_float),
        ("stem", c_void_p),
        ("tap", c_void_p),
        ("bias", c_void_p),
        ("blocks", ctypes.POINTER(BlockStruct)),
    )


_STAGE = ctypes.POINTER(StageStruct)
_NETWORK = ctypes.POINTER(NetworkStruct)
#: Function -> its result and arguments.
SIGNATURES = {
    "spliceai_interface": (c_int32, ()),
    "spliceai_points": (c_int32, (c_int32,)),
    "spliceai_packed_floats": (c_int64, (c_int32,)),
    "spliceai_sizes": (c_int32, (c_int32, c_int32, c_int64)),
    "spliceai_pack": (c_int32, (c_void_p, c_int32, c_int32, c_void_p)),
    "spliceai_scratch": (c_int64, (c_int32, c_int32)),
    "spliceai_convolve": (
        c_int32,
        (_STAGE, c_void_p, c_int64, c_int64, c_int64, c_void_p, c_int64, c_void_p, c_int64, c_void_p, c_int64),
    ),
    "spliceai_reference_sizes": (c_int32, (_NETWORK, c_int64, c_void_p)),
    "spliceai_reference_operations": (c_double, (_NETWORK, c_int64)),
    "spliceai_reference_scratch": (c_int64, (_NETWORK, c_int64)),
    "spliceai_reference": (
        c_int32,
        (_NETWORK, c_void_p, c_int64, c_void_p, c_void_p, c_void_p, c_int64),
    ),
    "spliceai_alternate_operations": (c_double, (_NETWORK, c_void_p)),
    "spliceai_alternate_scratch": (c_int64, (_NETWORK, c_void_p, c_int64)),
    "spliceai_alternate": (
        c_int32,
        (_NETWORK, c_void_p, c_void_p, c_void_p, c_int64, c_void_p, c_void_p, c_int64),
    ),
    "spliceai_convolve_by": (c_int32, (c_int32, _STAGE, c_void_p, c_int64, c_void_p, c_void_p, c_int64)),
}
