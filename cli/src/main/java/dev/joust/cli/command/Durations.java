// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.util.Arrays;

/// Times of repeated work, in nanoseconds, in the order they were taken.
record Durations(long[] nanos) {
    double medianMillis() {
        return quantileMillis(0.5);
    }

    /// The smallest time that this share of all times does not exceed.
    ///
    /// @param share above 0, at most 1
    double quantileMillis(double share) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        if (share == 0.5 && sorted.length % 2 == 0) {
            return (sorted[sorted.length / 2 - 1] + sorted[sorted.length / 2]) / 2e6;
        }
        return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)] / 1e6;
    }

    double minMillis() {
        return Arrays.stream(nanos).min().orElse(0) / 1e6;
    }

    double totalSeconds() {
        return Arrays.stream(nanos).sum() / 1e9;
    }

    Durations first(int count) {
        return new Durations(Arrays.copyOf(nanos, Math.min(count, nanos.length)));
    }

    Durations last(int count) {
        return new Durations(Arrays.copyOfRange(nanos, Math.max(0, nanos.length - count), nanos.length));
    }
}
