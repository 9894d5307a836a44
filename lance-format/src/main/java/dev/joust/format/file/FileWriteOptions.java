// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.file;

/// How a data file is written.
///
/// @param version           2.2, 2.1 or 2.0
/// @param pageSizeBytes     a column's page is cut when so much of its data has been gathered
/// @param bufferedSizeBytes data gathered for all columns together at most, roughly; many columns get smaller pages
/// @param externalBlobs     whether blobs may be given by URIs that lead out of the table: whoever reads such a blob reads
///                          what its URI names, be it a file of the reader's machine
public record FileWriteOptions(FileVersion version, int pageSizeBytes, long bufferedSizeBytes, boolean externalBlobs) {
    /// Version 2.2, pages of 8 MiB, 256 MiB gathered at most.
    public static final FileWriteOptions DEFAULT = new FileWriteOptions(FileVersion.V2_2, 8 << 20, 256L << 20, false);

    /// Pages hold whole rows, so that these are about the largest arrays of the writer.
    private static final int MAX_PAGE_BYTES = 256 << 20;

    public FileWriteOptions {
        switch (version) {
            case V2_0, V2_1, V2_2 -> {}
            case V0_1, V2_3 ->
                throw new IllegalArgumentException("files of version " + version + " are not written, 2.0, 2.1 and 2.2 are");
        }
        if (pageSizeBytes < 1 || pageSizeBytes > MAX_PAGE_BYTES) {
            throw new IllegalArgumentException(
                    "pages of " + pageSizeBytes + " bytes; 1 to " + MAX_PAGE_BYTES + " can be had");
        }
        if (bufferedSizeBytes < 1) {
            throw new IllegalArgumentException("a buffer of " + bufferedSizeBytes + " bytes");
        }
    }

    public FileWriteOptions withVersion(FileVersion newVersion) {
        return new FileWriteOptions(newVersion, pageSizeBytes, bufferedSizeBytes, externalBlobs);
    }

    public FileWriteOptions withPageSizeBytes(int newPageSizeBytes) {
        return new FileWriteOptions(version, newPageSizeBytes, bufferedSizeBytes, externalBlobs);
    }

    public FileWriteOptions withBufferedSizeBytes(long newBufferedSizeBytes) {
        return new FileWriteOptions(version, pageSizeBytes, newBufferedSizeBytes, externalBlobs);
    }

    public FileWriteOptions withExternalBlobs(boolean newExternalBlobs) {
        return new FileWriteOptions(version, pageSizeBytes, bufferedSizeBytes, newExternalBlobs);
    }
}
