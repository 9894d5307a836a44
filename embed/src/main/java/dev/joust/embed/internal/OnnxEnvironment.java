// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import ai.onnxruntime.OrtEnvironment;
import org.jspecify.annotations.Nullable;

/// The process's one environment of ONNX Runtime.
///
/// When it is created, ONNX Runtime 1.29 matches the process's command line against a pattern, one call deeper per
/// character: on the stack of a common thread some 4,000 characters (a class path, a list of files) end the process
/// with a segmentation fault. So it is created on a thread whose stack suffices.
final class OnnxEnvironment {
    /// Measured: 262 bytes on x86-64.
    private static final long STACK_BYTES_PER_CHARACTER = 1024;

    private static final long LEAST_STACK_BYTES = 16L << 20;
    private static final long MOST_STACK_BYTES = 1L << 30;

    private static @Nullable OrtEnvironment environment;

    private OnnxEnvironment() {}

    /// @throws IllegalStateException if the native library cannot be loaded
    static synchronized OrtEnvironment get() {
        OrtEnvironment present = environment;
        if (present == null) {
            present = create();
            environment = present;
        }
        return present;
    }

    private static OrtEnvironment create() {
        long stackBytes = Math.clamp(
                commandLineLength() * STACK_BYTES_PER_CHARACTER, LEAST_STACK_BYTES, MOST_STACK_BYTES);
        OrtEnvironment[] created = new OrtEnvironment[1];
        Throwable[] failure = new Throwable[1];
        Thread creator = new Thread(
                null,
                () -> {
                    try {
                        OnnxTelemetry.preventBeforeStart();
                        created[0] = OrtEnvironment.getEnvironment();
                        OnnxTelemetry.stop(created[0]);
                    } catch (RuntimeException | Error e) {
                        failure[0] = e;
                    }
                },
                "joust-onnx-start",
                stackBytes);
        creator.setDaemon(true);
        creator.start();
        boolean interrupted = false;
        while (true) {
            try {
                creator.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (created[0] == null) {
            throw new IllegalStateException("ONNX Runtime does not start: " + failure[0], failure[0]);
        }
        return created[0];
    }

    private static long commandLineLength() {
        try {
            return Files.readAllBytes(Path.of("/proc/self/cmdline")).length;
        } catch (IOException e) {
            // Not Linux, where alone this was seen; the most that the others allow costs no memory until it is used
            return MOST_STACK_BYTES / STACK_BYTES_PER_CHARACTER / 16;
        }
    }
}
