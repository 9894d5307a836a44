// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.s3;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.SdkHttpResponse;

/// What one request for a listing answers.
///
/// @param prefixes         of keys that the listing does not go into: folders, with their slash
/// @param nextContinuation where the next page starts; null where the service does not say
/// @param head             of the answer
record ListingPage(
        List<Listed> objects, List<String> prefixes, boolean isTruncated, @Nullable String nextContinuation, SdkHttpResponse head) {
    ListingPage {
        objects = List.copyOf(objects);
        prefixes = List.copyOf(prefixes);
    }

    /// An object.
    record Listed(String key, long sizeBytes, Instant lastModified, @Nullable String eTag) {}
}
