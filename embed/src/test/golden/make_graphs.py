# SPDX-License-Identifier: Apache-2.0
"""Makes small ONNX towers that differ in their inputs and outputs as exports do.

    pip install onnx==1.23.2 numpy==2.4.6
    python make_graphs.py

Every text tower gives, for each text, the sum of one-hot vectors of (token id modulo 8) over the tokens that the mask, where it has
one, lets through; every picture tower the means of the three components, then five ones.
"""
import pathlib

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

OUT = pathlib.Path(__file__).resolve().parent.parent / "resources/dev/joust/embed/graphs"
OUT.mkdir(parents=True, exist_ok=True)


def save(name, nodes, inputs, outputs, constants):
    graph = helper.make_graph(nodes, name, inputs, outputs, [numpy_helper.from_array(v, k) for k, v in constants.items()])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8)
    onnx.checker.check_model(model)
    (OUT / (name + ".onnx")).write_bytes(model.SerializeToString())


def text(name, integer=TensorProto.INT64, mask=False, shape=("batch", "tokens"), output="text_embeds", extra=False, more_inputs=()):
    nodes = [helper.make_node("Cast", ["input_ids"], ["ids"], to=TensorProto.INT64),
             helper.make_node("Mod", ["ids", "eight"], ["kind"]),
             helper.make_node("Gather", ["rows", "kind"], ["states"], axis=0)]
    inputs = [helper.make_tensor_value_info("input_ids", integer, shape)]
    last = "states"
    if mask:
        inputs.append(helper.make_tensor_value_info("attention_mask", integer, shape))
        nodes += [helper.make_node("Cast", ["attention_mask"], ["float_mask"], to=TensorProto.FLOAT),
                  helper.make_node("Unsqueeze", ["float_mask", "minus_one"], ["wide_mask"]),
                  helper.make_node("Mul", ["states", "wide_mask"], ["masked"])]
        last = "masked"
    nodes.append(helper.make_node("ReduceSum", [last, "one"], [output], keepdims=0))
    outputs = [helper.make_tensor_value_info(output, TensorProto.FLOAT, (shape[0], 8))]
    if extra:
        nodes += [helper.make_node("Identity", ["states"], ["last_hidden_state"]),
                  helper.make_node("ReduceMax", ["states"], ["pooler_output"], axes=[1], keepdims=0)]
        outputs = [helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, (*shape, 8)),
                   helper.make_tensor_value_info("pooler_output", TensorProto.FLOAT, (shape[0], 8))] + outputs
    for other in more_inputs:
        inputs.append(helper.make_tensor_value_info(other, integer, shape))
        nodes.append(helper.make_node("Identity", [other], [other + "_seen"]))
    save(name, nodes, inputs, outputs, {"eight": np.array(8, np.int64), "rows": np.eye(8, dtype=np.float32),
                                        "one": np.array([1], np.int64), "minus_one": np.array([-1], np.int64)})


def picture(name, shape, extra=False):
    nodes = [helper.make_node("ReduceMean", ["pixel_values"], ["means"], axes=[2, 3], keepdims=0),
             helper.make_node("Pad", ["means", "pads", "filler"], ["image_embeds"])]
    outputs = [helper.make_tensor_value_info("image_embeds", TensorProto.FLOAT, (shape[0], 8))]
    if extra:
        nodes.append(helper.make_node("Identity", ["means"], ["pooler_output"]))
        outputs.insert(0, helper.make_tensor_value_info("pooler_output", TensorProto.FLOAT, (shape[0], 3)))
    save(name, nodes, [helper.make_tensor_value_info("pixel_values", TensorProto.FLOAT, shape)], outputs,
         {"pads": np.array([0, 0, 0, 5], np.int64), "filler": np.array(1, np.float32)})


text("text-without-mask")
text("text-int32-mask", integer=TensorProto.INT32, mask=True)
text("text-fixed-shape", mask=True, shape=(2, 16))
text("text-more-outputs", mask=True, extra=True)
text("text-other-output-name", mask=True, output="sentence")
text("text-unknown-input", more_inputs=["pixel_values"])
picture("picture", ("batch", 3, "height", "width"))
picture("picture-fixed-shape", (2, 3, 64, 64))
picture("picture-more-outputs", ("batch", 3, 64, 64), extra=True)
