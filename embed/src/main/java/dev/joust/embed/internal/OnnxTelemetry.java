// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.internal;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;

/// Keeps ONNX Runtime from sending its maker what it is used for. From 1.29 on its library for Linux and macOS does that
/// unless it is told otherwise: when it starts it puts an identity and a database of events below the user's `.cache`, and
/// sends them by and by.
final class OnnxTelemetry {
    /// Read by the library when it starts.
    private static final String VARIABLE = "ORT_DISABLE_TELEMETRY";

    private static final System.Logger LOG = System.getLogger(OnnxTelemetry.class.getName());

    private OnnxTelemetry() {}

    /// Before the library starts: nothing is written or sent. Does what the launcher does already for the command line.
    static void preventBeforeStart() {
        if (System.getenv(VARIABLE) != null || System.getProperty("os.name", "").startsWith("Windows")) {
            return;
        }
        Linker linker = Linker.nativeLinker();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = linker.defaultLookup().find("setenv").orElseThrow();
            MethodHandle setenv = linker.downcallHandle(
                    address,
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
            int failed = (int) setenv.invokeExact(arena.allocateFrom(VARIABLE), arena.allocateFrom("1"), 1);
            if (failed != 0) {
                LOG.log(System.Logger.Level.DEBUG, "{0} could not be set", VARIABLE);
            }
        } catch (Throwable e) {
            LOG.log(System.Logger.Level.DEBUG, VARIABLE + " could not be set", e);
        }
    }

    /// After it has started: nothing is sent any more, where the variable did not do it.
    static void stop(OrtEnvironment environment) {
        try {
            environment.setTelemetry(false);
        } catch (OrtException e) {
            LOG.log(System.Logger.Level.DEBUG, "telemetry could not be switched off", e);
        }
    }
}
