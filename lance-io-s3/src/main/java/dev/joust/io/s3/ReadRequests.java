// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.s3;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.AbortableInputStream;

/// The two requests that reading consists of, and their answers. The SDK's classes for them make a hundred objects each when they
/// are loaded, for fields that nobody here asks for. Failures are the SDK's exceptions. Thread-safe.
interface ReadRequests {
    /// @param range   as the header has it; null for the whole object
    /// @param ifMatch the entity tag that the object must have; null for any
    Answer get(String bucket, String key, @Nullable String range, @Nullable String ifMatch);

    ListingPage list(ListRequest request);

    /// A page of a listing.
    ///
    /// @param maxKeys      of the page; null for as many as the service likes
    /// @param continuation where the page starts; null for the first
    record ListRequest(
            String bucket, String prefix, @Nullable String delimiter, @Nullable Integer maxKeys, @Nullable String continuation) {}

    /// An object's bytes, or some.
    ///
    /// @param contentRange the header; null where the answer is the whole object
    /// @param body         to be closed, or aborted
    record Answer(
            @Nullable Long contentLength,
            @Nullable String contentRange,
            @Nullable String eTag,
            AbortableInputStream body) {}
}
