// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.s3;

import java.net.URI;
import java.net.URISyntaxException;

import dev.joust.io.ObjectPath;

/// What `s3://BUCKET/PREFIX` names.
///
/// @param prefix of all keys, without slashes around it; empty for the whole bucket
record S3Address(String bucket, String prefix) {
    static final String SCHEME = "s3";
    private static final String DIRECTORY_BUCKET_SUFFIX = "--x-s3";

    /// @throws IllegalArgumentException if there is no bucket, or the prefix is no path
    static S3Address of(URI uri) {
        String bucket = uri.getAuthority();
        if (bucket == null || bucket.isEmpty() || bucket.indexOf('@') >= 0 || bucket.indexOf(':') >= 0) {
            // never the text itself: what stands before an @ may be a secret
            throw new IllegalArgumentException("expected s3://BUCKET/PREFIX; the bucket is missing or no name");
        }
        if (uri.getQuery() != null || uri.getFragment() != null) {
            throw new IllegalArgumentException("expected s3://BUCKET/PREFIX, without a query or fragment");
        }
        String path = uri.getPath() == null ? "" : uri.getPath();
        int start = 0;
        int end = path.length();
        while (start < end && path.charAt(start) == '/') {
            start++;
        }
        while (end > start && path.charAt(end - 1) == '/') {
            end--;
        }
        return new S3Address(bucket, ObjectPath.of(path.substring(start, end)).value());
    }

    /// S3 Express: a listing comes in no order there.
    boolean isDirectoryBucket() {
        return isDirectoryBucket(bucket);
    }

    static boolean isDirectoryBucket(String bucket) {
        return bucket.endsWith(DIRECTORY_BUCKET_SUFFIX);
    }

    URI uri() {
        try {
            return new URI(SCHEME, bucket, prefix.isEmpty() ? "" : "/" + prefix, null, null);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("no URI for bucket '" + bucket + "'", e);
        }
    }

    String key(ObjectPath path) {
        return prefix.isEmpty() ? path.value() : path.value().isEmpty() ? prefix : prefix + "/" + path.value();
    }

    /// Start of the keys of all objects below a folder.
    String folderPrefix(ObjectPath folder) {
        String key = key(folder);
        return key.isEmpty() ? "" : key + "/";
    }

    /// Of an object that was listed below the prefix, its path.
    String relative(String key) {
        return prefix.isEmpty() ? key : key.substring(prefix.length() + 1);
    }

    /// An object, for messages.
    String describe(ObjectPath path) {
        return SCHEME + "://" + bucket + "/" + key(path);
    }
}
