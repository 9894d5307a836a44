// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.schedule;

import java.util.function.Supplier;

import dev.joust.format.CorruptFileException;
import dev.joust.format.internal.encoding.compress.DecodeContext;

/// The border around decoding: whatever damage does that no check foresaw leaves it as a {@link CorruptFileException}.
public final class Decoding {
    private Decoding() {}

    public static void guarded(DecodeContext context, Runnable decode) {
        guarded(context, () -> {
            decode.run();
            return true;
        });
    }

    public static <T> T guarded(DecodeContext context, Supplier<T> decode) {
        try {
            return decode.get();
        } catch (IndexOutOfBoundsException | ArithmeticException | NegativeArraySizeException e) {
            CorruptFileException corrupt = context.corrupt("its sizes contradict each other: " + e.getMessage());
            corrupt.addSuppressed(e);
            throw corrupt;
        }
    }
}
