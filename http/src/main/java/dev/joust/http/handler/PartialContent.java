// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.handler;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.joust.http.json.FailureBody;

/// A range of a body (RFC 9110, 14): one range of bytes. Whoever asks for several gets everything, as may be.
final class PartialContent {
    private static final Pattern RANGE = Pattern.compile("(?i:bytes)=(\\d{0,18})-(\\d{0,18})");

    private PartialContent() {}

    /// 206, 416 where the range lies behind the end, or empty where the header asks for nothing that is known here.
    static Optional<Answer> of(String header, String contentType, byte[] bytes) {
        Matcher range = RANGE.matcher(header.strip());
        if (!range.matches() || (range.group(1).isEmpty() && range.group(2).isEmpty())) {
            return Optional.empty();
        }
        boolean isSuffix = range.group(1).isEmpty();
        long last = range.group(2).isEmpty() || isSuffix ? bytes.length - 1L : Long.parseLong(range.group(2));
        long start = isSuffix ? Math.max(0, bytes.length - Long.parseLong(range.group(2))) : Long.parseLong(range.group(1));
        if (!isSuffix && !range.group(2).isEmpty() && last < start) {
            return Optional.empty();
        }
        if (start >= bytes.length) {
            return Optional.of(Answer.json(416, new FailureBody("the range lies behind the end"))
                    .with("Content-Range", "bytes */" + bytes.length));
        }
        int end = (int) Math.min(last + 1, bytes.length);
        return Optional.of(Answer.whole(206, contentType, Arrays.copyOfRange(bytes, (int) start, end))
                .with("Content-Range", "bytes " + start + "-" + (end - 1) + "/" + bytes.length));
    }
}
