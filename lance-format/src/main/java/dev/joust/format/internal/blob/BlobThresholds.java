// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.blob;

import dev.joust.format.schema.Field;

/// By size, where the blobs of a v2 column go.
///
/// @param inlineBytes    longer ones leave the data file
/// @param dedicatedBytes longer ones get a file of their own; asked first
/// @param packBytes      a file that several share grows no longer
record BlobThresholds(long inlineBytes, long dedicatedBytes, long packBytes) {
    private static final String KEY = "lance-encoding:blob-";

    /// @throws IllegalArgumentException naming the field and the key of its metadata that is not a number of bytes
    static BlobThresholds of(Field field) {
        return new BlobThresholds(
                bytes(field, KEY + "inline-size-threshold", 64L << 10, 0),
                bytes(field, KEY + "dedicated-size-threshold", 4L << 20, 1),
                bytes(field, KEY + "pack-file-size-threshold", 1L << 30, 1));
    }

    private static long bytes(Field field, String key, long unset, long least) {
        String value = field.metadata().get(key);
        if (value == null) {
            return unset;
        }
        try {
            long bytes = Long.parseLong(value);
            if (bytes >= least) {
                return bytes;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw new IllegalArgumentException("column '" + field.name() + "': " + key + " is '" + value
                + "', it must be a number of bytes, at least " + least);
    }
}
