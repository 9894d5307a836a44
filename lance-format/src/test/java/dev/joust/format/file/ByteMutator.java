// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.file;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// Damages bytes: single bits and bytes, words of extreme value, runs of zeros or ones, pieces that are missing, twice
/// there or at each other's place, and files cut short.
public final class ByteMutator {
    private final Random random;
    private final MessageMutator messages;
    /// Where structures start and end.
    private final List<Integer> borders;

    public ByteMutator(Random random, MessageMutator messages, List<Integer> borders) {
        this.random = random;
        this.messages = messages;
        this.borders = borders;
    }

    /// One to three damages, most of them in `[from, to)`, the others near a border.
    public byte[] changed(byte[] original, int from, int to) {
        byte[] bytes = original.clone();
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes && bytes.length > 0; i++) {
            int at = random.nextInt(4) == 0
                    ? borders.get(random.nextInt(borders.size())) + random.nextInt(12)
                    : from + random.nextInt(Math.max(1, to - from));
            bytes = changedAt(bytes, Math.clamp(at, 0, bytes.length - 1));
        }
        return bytes;
    }

    private byte[] changedAt(byte[] bytes, int at) {
        switch (random.nextInt(9)) {
            case 0, 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 2 -> bytes[at] = (byte) random.nextInt();
            case 3 -> {
                long value = messages.extreme();
                for (int b = 0; b < (1 << random.nextInt(4)) && at + b < bytes.length; b++) {
                    bytes[at + b] = (byte) (value >>> (8 * b));
                }
            }
            case 4 -> Arrays.fill(bytes, at, Math.min(bytes.length, at + random.nextInt(64)), (byte) (random.nextBoolean() ? 0 : -1));
            case 5 -> {
                // a piece is missing, and all after it moves up
                int length = Math.min(bytes.length - at, 1 + random.nextInt(40));
                System.arraycopy(bytes, at + length, bytes, at, bytes.length - at - length);
            }
            case 6 -> {
                // two pieces at each other's place
                int other = random.nextInt(bytes.length);
                int length = Math.min(bytes.length - Math.max(at, other), 1 << random.nextInt(8));
                byte[] first = Arrays.copyOfRange(bytes, at, at + length);
                System.arraycopy(bytes, other, bytes, at, length);
                System.arraycopy(first, 0, bytes, other, length);
            }
            case 7 -> {
                // a piece twice
                int length = Math.min(bytes.length - at, 1 + random.nextInt(40));
                byte[] longer = Arrays.copyOf(bytes, bytes.length + length);
                System.arraycopy(bytes, at, longer, at + length, bytes.length - at);
                return longer;
            }
            default -> {
                if (random.nextInt(4) == 0) {
                    return Arrays.copyOf(bytes, at);
                }
                bytes[at] = 0;
            }
        }
        return bytes;
    }
}
