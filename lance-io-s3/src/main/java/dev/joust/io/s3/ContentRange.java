// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.s3;

import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;


/// Which bytes of an object an answer holds.
///
/// @param isPart false where the service sent the whole object
record ContentRange(long start, long lengthBytes, long objectSizeBytes, boolean isPart) {
    private static final Pattern HEADER = Pattern.compile("bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18})");

    /// @throws IOException if the answer does not say
    static ContentRange of(String where, ReadRequests.Answer answer) throws IOException {
        Long contentLength = answer.contentLength();
        String header = answer.contentRange(); // bytes 10-19/20
        if (header == null) {
            if (contentLength == null || contentLength < 0) {
                throw new IOException(where + ": the answer does not say how long it is");
            }
            return new ContentRange(0, contentLength, contentLength, false);
        }
        Matcher matcher = HEADER.matcher(header);
        if (!matcher.matches()) {
            throw new IOException(where + ": the answer is of a range that can't be read");
        }
        long start = Long.parseLong(matcher.group(1));
        long end = Long.parseLong(matcher.group(2)) + 1;
        long objectSizeBytes = Long.parseLong(matcher.group(3));
        if (start >= end || end > objectSizeBytes || (contentLength != null && contentLength != end - start)) {
            throw new IOException(where + ": the answer says that it is bytes " + start + " to " + end + " of " + objectSizeBytes
                    + ", and " + contentLength + " long");
        }
        return new ContentRange(start, end - start, objectSizeBytes, true);
    }
}
