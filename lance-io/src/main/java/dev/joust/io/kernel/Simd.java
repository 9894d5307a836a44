// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.kernel;

import java.util.Locale;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/// Decides once per process whether kernels use the Vector API, and says so in the log `dev.joust.kernels`.
/// `-Djoust.kernels=scalar|simd` forces one; to force one that is not there is an error.
public final class Simd {
    private static final String PROPERTY = "joust.kernels";
    private static final String VECTOR_MODULE = "jdk.incubator.vector";
    private static final String WIDTH_CLASS = "dev.joust.io.internal.kernel.simd.VectorWidth";
    private static final int MIN_WIDTH_BITS = 128;

    private Simd() {}

    /// Whether kernels use the Vector API.
    public static boolean isActive() {
        return decision().active;
    }

    /// Whether the property asked for what is used, so that nothing is to be decided by time or size any more.
    public static boolean isForced() {
        return Asked.FORCED;
    }

    /// Why, in words.
    public static String reason() {
        return decision().reason;
    }

    private static Decision decision() {
        if (Chosen.REFUSAL != null) {
            throw new IllegalStateException(Chosen.REFUSAL.getMessage(), Chosen.REFUSAL);
        }
        return Chosen.DECISION;
    }

    /// The kernels to use: an instance of `simdClassName` (public, with a public constructor without parameters, in a
    /// package `..internal.kernel.simd`), named so that no class of the Vector API is loaded where there is none; or
    /// the scalar ones.
    public static <T> T choose(Class<T> kernels, Supplier<? extends T> scalar, String simdClassName) {
        return isActive() ? newInstance(kernels, simdClassName) : scalar.get();
    }

    /// @param forced          value of the property, empty if not set
    /// @param modulePresent   whether the Vector API was added to this JVM
    /// @param virtualMachine  `java.vm.info`: an interpreter or C1 alone makes vectors slower than scalars, by far
    static Decision decide(String forced, boolean modulePresent, String virtualMachine, IntSupplier widthBits) {
        switch (forced) {
            case "" -> {}
            case "scalar" -> {
                return new Decision(false, true, "-D" + PROPERTY + "=scalar");
            }
            case "simd" -> {
                if (!modulePresent) {
                    throw new IllegalStateException("-D" + PROPERTY + "=simd, but the module " + VECTOR_MODULE
                            + " is not there: start Java with --add-modules " + VECTOR_MODULE);
                }
                return new Decision(true, true, widthBits.getAsInt() + " bits, -D" + PROPERTY + "=simd");
            }
            default -> throw new IllegalArgumentException("-D" + PROPERTY + " is scalar or simd, not '" + forced + "'");
        }
        if (!modulePresent) {
            return new Decision(
                    false, false, "no module " + VECTOR_MODULE + "; --add-modules " + VECTOR_MODULE + " makes searches faster");
        }
        if (virtualMachine.contains("interpreted") || virtualMachine.contains("emulated-client")) {
            return new Decision(false, false, "this JVM runs without its optimising compiler (" + virtualMachine + ")");
        }
        int width = widthBits.getAsInt();
        return width < MIN_WIDTH_BITS
                ? new Decision(false, false, "vectors of this machine have only " + width + " bits")
                : new Decision(true, false, width + " bits");
    }

    private static <T> T newInstance(Class<T> type, String className) {
        try {
            return type.cast(Class.forName(className).getConstructor().newInstance());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("kernel class " + className + " cannot be used", e);
        }
    }

    record Decision(boolean active, boolean forced, String reason) {}

    /// Known without a look at the Vector API, which takes its time to load.
    private static final class Asked {
        static final boolean FORCED = !System.getProperty(PROPERTY, "").isEmpty();
    }

    private static final class Chosen {
        static final Decision DECISION;
        static final @Nullable RuntimeException REFUSAL;

        static {
            Decision decision = new Decision(false, false, "refused");
            RuntimeException refusal = null;
            try {
                decision = decide(
                        System.getProperty(PROPERTY, "").toLowerCase(Locale.ROOT),
                        ModuleLayer.boot().findModule(VECTOR_MODULE).isPresent(),
                        System.getProperty("java.vm.info", ""),
                        () -> newInstance(IntSupplier.class, WIDTH_CLASS).getAsInt());
                log(decision);
            } catch (RuntimeException e) {
                refusal = e; // thrown to everyone who asks, in place of an ExceptionInInitializerError to the first
            }
            DECISION = decision;
            REFUSAL = refusal;
        }

        private static void log(Decision decision) {
            // the slow one is worth a line that people see; the other is as expected
            System.getLogger("dev.joust.kernels")
                    .log(
                            decision.active ? System.Logger.Level.DEBUG : System.Logger.Level.INFO,
                            "{0} kernels: {1}",
                            decision.active ? "SIMD" : "scalar",
                            decision.reason);
        }
    }
}
