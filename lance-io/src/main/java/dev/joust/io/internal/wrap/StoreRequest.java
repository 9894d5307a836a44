// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.internal.wrap;

import dev.joust.io.ObjectPath;

/// One request to a {@link FaultyObjectStore}.
///
/// @param number       of all requests to the store, from 1
/// @param numberOfKind of those of its kind, from 1
public record StoreRequest(long number, long numberOfKind, Kind kind, ObjectPath path) {
    /// What is asked. {@link #READ} also stands for reads of tails and whole objects; {@link #FINISH} is the end of an
    /// object written piece by piece.
    public enum Kind {
        HEAD,
        READ,
        LIST,
        PUT,
        PUT_IF_ABSENT,
        CREATE,
        FINISH,
        DELETE
    }
}
