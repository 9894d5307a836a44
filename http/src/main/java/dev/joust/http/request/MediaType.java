// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.request;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

/// Content types, without what follows their `;`.
public final class MediaType {
    public static final String FORM = "multipart/form-data";
    public static final String ZIP = "application/zip";
    public static final String JSON = "application/json";

    private MediaType() {}

    /// In lower case; empty where nothing is declared.
    public static String of(@Nullable String contentType) {
        if (contentType == null) {
            return "";
        }
        int end = contentType.indexOf(';');
        return (end < 0 ? contentType : contentType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }
}
