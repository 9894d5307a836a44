// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.internal;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;

/// One ONNX graph, loaded. Which inputs it has, of which types, and which outputs is asked of the graph itself.
/// Thread-safe: runs of several threads go on at once, and closing waits for them.
public final class OnnxGraph implements AutoCloseable {
    private static final int DYNAMIC = -1;
    private static final Pattern ABSENT_WEIGHTS = Pattern.compile("External data path does not exist: \"([^\"]+)\"");

    private final String name;
    private final OrtSession session;
    private final Map<String, TensorInfo> inputs;
    private final Map<String, TensorInfo> outputs;
    /// Runs hold the read lock, closing the write lock: a graph is not freed under a run.
    private final ReentrantReadWriteLock lifecycle = new ReentrantReadWriteLock();
    private boolean closed;

    private OnnxGraph(String name, OrtSession session) throws OrtException {
        this.name = name;
        this.session = session;
        inputs = tensors(session.getInputInfo());
        outputs = tensors(session.getOutputInfo());
    }

    /// Tensors that a run is given; {@link #run} closes them.
    @FunctionalInterface
    public interface Inputs {
        /// Puts them into the map one by one, so that none is lost if a later one fails.
        void create(Map<String, OnnxTensor> tensors) throws OrtException;
    }

    /// Opens a session with options that are set already.
    @FunctionalInterface
    private interface Opening {
        OrtSession open(OrtSession.SessionOptions options) throws OrtException, IOException;
    }

    /// @param threadCount threads within one run
    /// @throws IllegalArgumentException if it is no graph that can be run
    public static OnnxGraph open(ModelFiles files, String file, int threadCount) throws IOException {
        return open(files, file, threadCount, options -> files.openSession(file, options));
    }

    /// A graph that was made of the file of that name.
    ///
    /// @throws IllegalArgumentException if it is no graph that can be run
    public static OnnxGraph open(ModelFiles files, String file, byte[] graph, int threadCount) throws IOException {
        return open(files, file, threadCount, options -> files.openSession(file, graph, options));
    }

    private static OnnxGraph open(ModelFiles files, String file, int threadCount, Opening opening)
            throws IOException {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threadCount);
            options.setInterOpNumThreads(1);
            // What fails is thrown, and said there
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            OrtSession session = opening.open(options);
            try {
                return new OnnxGraph(file + " of " + files.location(), session);
            } catch (OrtException | RuntimeException e) {
                session.close();
                throw e;
            }
        } catch (OrtException e) {
            throw new IllegalArgumentException(problem(e), e);
        }
    }

    /// What ONNX Runtime says, in one line, without its code.
    private static String problem(OrtException e) {
        String message = String.valueOf(e.getMessage()).strip().replaceAll("\\s*\n\\s*", "; ");
        Matcher absent = ABSENT_WEIGHTS.matcher(message);
        if (absent.find()) {
            return "its weights are in " + absent.group(1) + ", which is absent";
        }
        return e.getCode() == OrtException.OrtErrorCode.ORT_INVALID_PROTOBUF
                ? "no ONNX graph, or one that was cut short" : message.replaceFirst("^Error code - \\w+ - message: ", "");
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

    public boolean hasInput(String input) {
        return inputs.containsKey(input);
    }

    /// @throws IllegalArgumentException unless it has all of `needed` and none but `known`
    public void checkInputs(Set<String> needed, Set<String> known) {
        for (String input : needed) {
            if (!inputs.containsKey(input)) {
                throw new IllegalArgumentException("inputs " + inputs.keySet() + ", no '" + input + "' among them");
            }
        }
        if (!known.containsAll(inputs.keySet())) {
            throw new IllegalArgumentException(
                    "inputs " + inputs.keySet() + ", of which only " + known + " are known");
        }
    }

    /// The output of that many axes and floating-point elements that `preferred` names first, else the only one
    /// there is of that kind.
    public Optional<String> output(int axisCount, List<String> preferred) {
        List<String> candidates = outputs.entrySet().stream()
                .filter(entry -> entry.getValue().getShape().length == axisCount && isFloat(entry.getValue().type))
                .map(Map.Entry::getKey)
                .toList();
        return preferred.stream().filter(candidates::contains).findFirst()
                .or(() -> candidates.size() == 1 ? Optional.of(candidates.getFirst()) : Optional.empty());
    }

    /// Axes of that output.
    public int axisCount(String output) {
        TensorInfo info = outputs.get(output);
        return info == null ? 0 : info.getShape().length;
    }

    /// Names, types and shapes of the outputs, for messages.
    public String describeOutputs() {
        StringBuilder text = new StringBuilder("outputs ");
        outputs.forEach((output, info) -> text.append(output).append(' ').append(info.type)
                .append(Arrays.toString(info.getShape())).append(' '));
        return text.toString().strip();
    }

    private static boolean isFloat(OnnxJavaType type) {
        return type == OnnxJavaType.FLOAT || type == OnnxJavaType.FLOAT16 || type == OnnxJavaType.BFLOAT16;
    }

    /// Length of an input's axis where the graph fixes it, else `otherwise`.
    public int axisLength(String input, int axis, int otherwise) {
        TensorInfo info = inputs.get(input);
        if (info == null || axis >= info.getShape().length || info.getShape()[axis] == DYNAMIC) {
            return otherwise;
        }
        return Math.toIntExact(info.getShape()[axis]);
    }

    /// An integer tensor of the width that the input asks for.
    public OnnxTensor integers(String input, long[] values, long... shape) throws OrtException {
        OnnxJavaType type = inputs.containsKey(input) ? inputs.get(input).type : OnnxJavaType.INT64;
        return switch (type) {
            case INT64 -> OnnxTensor.createTensor(OnnxEnvironment.get(), LongBuffer.wrap(values), shape);
            case INT32 -> {
                int[] narrow = new int[values.length];
                for (int i = 0; i < values.length; i++) {
                    narrow[i] = Math.toIntExact(values[i]);
                }
                yield OnnxTensor.createTensor(OnnxEnvironment.get(), IntBuffer.wrap(narrow), shape);
            }
            default -> throw new IllegalStateException("input '" + input + "' of " + type + ", not of integers");
        };
    }

    /// A floating-point tensor of the width that the input asks for.
    public OnnxTensor floats(String input, float[] values, long... shape) throws OrtException {
        OnnxJavaType type = inputs.containsKey(input) ? inputs.get(input).type : OnnxJavaType.FLOAT;
        return switch (type) {
            case FLOAT -> OnnxTensor.createTensor(OnnxEnvironment.get(), FloatBuffer.wrap(values), shape);
            case FLOAT16 -> {
                short[] narrow = new short[values.length];
                for (int i = 0; i < values.length; i++) {
                    narrow[i] = Float.floatToFloat16(values[i]);
                }
                yield OnnxTensor.createTensor(
                        OnnxEnvironment.get(), ShortBuffer.wrap(narrow), shape, OnnxJavaType.FLOAT16);
            }
            default -> throw new IllegalStateException("input '" + input + "' of " + type + ", not of float32 or float16");
        };
    }

    /// One output of a run.
    ///
    /// @throws IllegalStateException if the run fails, or the graph is closed
    public FloatTensor run(String output, Inputs given) {
        lifecycle.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("the model " + name + " is closed");
            }
            Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
            try {
                given.create(tensors);
                try (OrtSession.Result result = session.run(tensors, Set.of(output))) {
                    if (!(result.get(0) instanceof OnnxTensor tensor) || tensor.getFloatBuffer() == null) {
                        throw new IllegalStateException("the model " + name + ": output '" + output + "' holds no floats");
                    }
                    float[] values = new float[tensor.getFloatBuffer().remaining()];
                    tensor.getFloatBuffer().get(values);
                    return new FloatTensor(values, tensor.getInfo().getShape());
                }
            } finally {
                tensors.values().forEach(OnnxTensor::close);
            }
        } catch (OrtException e) {
            throw new IllegalStateException("running the model " + name + ": " + problem(e), e);
        } finally {
            lifecycle.readLock().unlock();
        }
    }

    @Override
    public void close() {
        lifecycle.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                session.close();
            }
        } catch (OrtException e) {
            throw new IllegalStateException("closing the model " + name + ": " + e.getMessage(), e);
        } finally {
            lifecycle.writeLock().unlock();
        }
    }
}
