// SPDX-License-Identifier: Apache-2.0
package dev.joust.interop.parquet.internal.read;

/// A page contradicts itself. Decoders know neither file nor offset: {@link LeafReader} adds them.
final class BadPageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BadPageException(String message) {
        super(message);
    }
}
