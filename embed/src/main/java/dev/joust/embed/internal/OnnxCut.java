// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.internal;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The part of an ONNX model that one of its outputs needs: ONNX Runtime computes all of a graph, whichever output is
/// asked for, so the tower for words is cut out of a file that holds both.
///
/// Field numbers are those of `onnx.proto`: `ModelProto.graph` 7; of a graph `node` 1, `initializer` 5, `input` 11,
/// `output` 12, `value_info` 13; of a node `input` 1, `output` 2, `attribute` 5; of an attribute `g` 6, `graphs` 11.
public final class OnnxCut {
    private static final int MODEL_GRAPH = 7;
    private static final int NODE = 1;
    private static final int INITIALIZER = 5;
    private static final int INPUT = 11;
    private static final int OUTPUT = 12;
    private static final int VALUE_INFO = 13;
    private static final int TENSOR_NAME = 8;
    private static final int VALUE_NAME = 1;
    private static final int NODE_INPUT = 1;
    private static final int NODE_OUTPUT = 2;
    private static final int NODE_ATTRIBUTE = 5;
    private static final int ATTRIBUTE_GRAPH = 6;
    private static final int ATTRIBUTE_GRAPHS = 11;

    private OnnxCut() {}

    private record Node(List<String> inputs, List<String> outputs) {}

    /// The names of a model's outputs.
    ///
    /// @throws IllegalArgumentException if the bytes are no ONNX model
    public static List<String> outputs(byte[] model) {
        List<String> names = new ArrayList<>();
        ProtoFields fields = new ProtoFields(model, 0, model.length);
        while (fields.next()) {
            if (fields.number() == MODEL_GRAPH) {
                ProtoFields graph = fields.message();
                while (graph.next()) {
                    if (graph.number() == OUTPUT) {
                        names.add(graph.message().textOf(VALUE_NAME));
                    }
                }
            }
        }
        return names;
    }

    /// The same model with that output alone, without the nodes, weights and inputs that it doesn't need.
    ///
    /// @throws IllegalArgumentException if the bytes are no ONNX model
    public static byte[] keep(byte[] model, String output) {
        ByteArrayOutputStream kept = new ByteArrayOutputStream(model.length / 2);
        ProtoFields fields = new ProtoFields(model, 0, model.length);
        while (fields.next()) {
            if (fields.number() == MODEL_GRAPH) {
                ProtoFields.writeMessage(MODEL_GRAPH, keepOfGraph(fields, output), kept);
            } else {
                fields.copyTo(kept);
            }
        }
        return kept.toByteArray();
    }

    private static byte[] keepOfGraph(ProtoFields graph, String output) {
        List<Node> nodes = new ArrayList<>();
        ProtoFields fields = graph.message();
        while (fields.next()) {
            if (fields.number() == NODE) {
                nodes.add(node(fields.message()));
            }
        }
        // Nodes stand in an order in which each comes after what it needs
        Set<String> needed = new HashSet<>(Set.of(output));
        Set<Integer> neededNodes = new HashSet<>();
        for (int i = nodes.size() - 1; i >= 0; i--) {
            if (nodes.get(i).outputs.stream().anyMatch(needed::contains)) {
                neededNodes.add(i);
                needed.addAll(nodes.get(i).inputs);
                needed.addAll(nodes.get(i).outputs);
            }
        }
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        int nodeIndex = 0;
        fields = graph.message();
        while (fields.next()) {
            boolean isKept = switch (fields.number()) {
                case NODE -> neededNodes.contains(nodeIndex++);
                case INITIALIZER -> needed.contains(fields.message().textOf(TENSOR_NAME));
                case INPUT, VALUE_INFO -> needed.contains(fields.message().textOf(VALUE_NAME));
                case OUTPUT -> fields.message().textOf(VALUE_NAME).equals(output);
                default -> true;
            };
            if (isKept) {
                fields.copyTo(kept);
            }
        }
        return kept.toByteArray();
    }

    /// What it reads, also within the graphs that it holds, and what it gives.
    private static Node node(ProtoFields fields) {
        Node node = new Node(new ArrayList<>(), new ArrayList<>());
        while (fields.next()) {
            switch (fields.number()) {
                case NODE_INPUT -> node.inputs.add(fields.text());
                case NODE_OUTPUT -> node.outputs.add(fields.text());
                case NODE_ATTRIBUTE -> addReadWithin(fields.message(), node.inputs);
                default -> {}
            }
        }
        // An absent optional output has no name
        node.outputs.removeIf(String::isEmpty);
        return node;
    }

    private static void addReadWithin(ProtoFields attribute, List<String> names) {
        while (attribute.next()) {
            if (attribute.number() == ATTRIBUTE_GRAPH || attribute.number() == ATTRIBUTE_GRAPHS) {
                ProtoFields graph = attribute.message();
                while (graph.next()) {
                    if (graph.number() == NODE) {
                        names.addAll(node(graph.message()).inputs);
                    } else if (graph.number() == OUTPUT) {
                        names.add(graph.message().textOf(VALUE_NAME));
                    }
                }
            }
        }
    }
}
