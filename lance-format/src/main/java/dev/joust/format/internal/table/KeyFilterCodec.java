// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table;

import java.util.List;

import dev.joust.format.commit.Operation.KeyFilter;
import dev.joust.format.internal.proto.transaction.Transaction.KeyExistenceFilter.BloomFilter;
import dev.joust.format.table.Bytes;

/// Makes key filters with the parameters that all writers use (spec: table format 6.4).
public final class KeyFilterCodec {
    private static final long ITEMS = 8192;
    private static final double PROBABILITY = 0.00057;

    private KeyFilterCodec() {}

    public static KeyFilter of(List<Integer> fieldIds, byte[] bitmap) {
        BloomFilter parameters = BloomFilter.newBuilder()
                .setNumBits(bitmap.length * Byte.SIZE)
                .setNumberOfItems(ITEMS)
                .setProbability(PROBABILITY)
                .build();
        return new KeyFilter(fieldIds, Bytes.of(bitmap), Bytes.of(parameters.toByteArray()), Bytes.EMPTY);
    }
}
