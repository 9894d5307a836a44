// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.internal;

import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;

/// One ONNX graph that turns a batch of tensors into a batch of vectors. Which inputs it has, of which types, and
/// which of its outputs holds the vectors is asked of the graph. Thread-safe until closed.
public final class OnnxTower implements AutoCloseable {
    private static final int DYNAMIC = -1;

    private final OrtSession session;
    private final Map<String, TensorInfo> inputs;
    private final String output;

    /// Takes ownership of the session.
    ///
    /// @param supportedInputs  names that {@link #run} will be given; the graph may have fewer of them, not others
    /// @param preferredOutputs names of the output that holds the vectors, the first that is there; else it is the
    ///                         only output of one vector per item
    /// @throws IllegalArgumentException if the graph doesn't fit
    public OnnxTower(OrtSession session, Set<String> supportedInputs, List<String> preferredOutputs)
            throws OrtException {
        this.session = session;
        inputs = tensors(session.getInputInfo());
        if (!supportedInputs.containsAll(inputs.keySet())) {
            throw new IllegalArgumentException(
                    "inputs " + inputs.keySet() + ", of which only " + supportedInputs + " are known");
        }
        output = vectorOutput(tensors(session.getOutputInfo()), preferredOutputs);
    }

    private static Map<String, TensorInfo> tensors(Map<String, NodeInfo> nodes) {
        Map<String, TensorInfo> tensors = new LinkedHashMap<>();
        nodes.forEach((name, node) -> {
            if (node.getInfo() instanceof TensorInfo tensor) {
                tensors.put(name, tensor);
            }
        });
        return tensors;
    }

    private static String vectorOutput(Map<String, TensorInfo> outputs, List<String> preferred) {
        Set<String> candidates = outputs.entrySet().stream()
                .filter(entry -> entry.getValue().getShape().length == 2
                        && entry.getValue().type == OnnxJavaType.FLOAT)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        for (String name : preferred) {
            if (candidates.contains(name)) {
                return name;
            }
        }
        if (candidates.size() != 1) {
            throw new IllegalArgumentException("outputs " + outputs.keySet() + ", none of them named one of "
                    + preferred + " with one float32 vector per item");
        }
        return candidates.iterator().next();
    }

    public boolean hasInput(String name) {
        return inputs.containsKey(name);
    }

    /// Length of an input's axis where the graph fixes it, else `otherwise`.
    public int axisLength(String input, int axis, int otherwise) {
        TensorInfo info = inputs.get(input);
        if (info == null || axis >= info.getShape().length || info.getShape()[axis] == DYNAMIC) {
            return otherwise;
        }
        return Math.toIntExact(info.getShape()[axis]);
    }

    /// An integer tensor of the width that the graph asks for.
    public OnnxTensor integers(String input, long[] values, long... shape) throws OrtException {
        OrtEnvironment environment = OnnxEnvironment.get();
        TensorInfo info = inputs.get(input);
        if (info != null && info.type == OnnxJavaType.INT32) {
            int[] narrow = new int[values.length];
            for (int i = 0; i < values.length; i++) {
                narrow[i] = Math.toIntExact(values[i]);
            }
            return OnnxTensor.createTensor(environment, IntBuffer.wrap(narrow), shape);
        }
        return OnnxTensor.createTensor(environment, LongBuffer.wrap(values), shape);
    }

    public static OnnxTensor floats(FloatBuffer values, long... shape) throws OrtException {
        return OnnxTensor.createTensor(OnnxEnvironment.get(), values, shape);
    }

    /// One vector per item of the batch, as the graph gives them.
    public float[][] run(Map<String, OnnxTensor> tensors) throws OrtException {
        try (OrtSession.Result result = session.run(tensors, Set.of(output))) {
            return (float[][]) result.get(0).getValue();
        }
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException("closing a model: " + e.getMessage(), e);
        }
    }
}
