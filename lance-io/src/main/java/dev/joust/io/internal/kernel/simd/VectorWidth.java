// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.internal.kernel.simd;

import java.util.function.IntSupplier;

import jdk.incubator.vector.FloatVector;

/// The width of this machine's preferred vectors, in bits.
public final class VectorWidth implements IntSupplier {
    @Override
    public int getAsInt() {
        return FloatVector.SPECIES_PREFERRED.vectorBitSize();
    }
}
