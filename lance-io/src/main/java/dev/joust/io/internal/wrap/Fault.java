// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.internal.wrap;

import java.time.Duration;

/// What happens to one request of a {@link FaultyObjectStore}.
public sealed interface Fault {
    /// Nothing: the request is done as asked.
    record None() implements Fault {}

    /// The request is not done, and an {@link java.io.IOException} thrown.
    record Fail() implements Fault {}

    /// The request is done, and an {@link java.io.IOException} thrown as if its answer had got lost.
    record LoseAnswer() implements Fault {}

    /// The request is done after a while.
    record Delay(Duration duration) implements Fault {}

    /// A read sees an object of at most `sizeBytes` bytes; a write leaves at most so many bytes of the object behind,
    /// and throws. Other requests are done as asked.
    record Truncate(int sizeBytes) implements Fault {}

    /// The request is done twice; the caller gets the second answer.
    record Duplicate() implements Fault {}
}
